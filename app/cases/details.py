"""Which table holds what only one kind of case has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias, cast

from app.cases.correction.models import Correction
from app.cases.models import Case
from app.cases.objection.models import Objection
from app.cases.repair.models import Repair
from app.cases.suspension.models import Suspension
from app.cases.verification.models import Verification
from app.db import db

Details: TypeAlias = Objection | Verification | Suspension | Correction | Repair

TABLES: Mapping[str, type[Details]] = {
    "objection": Objection,
    "verification": Verification,
    "suspension": Suspension,
    "correction": Correction,
    "repair": Repair,
}


def details_of(case: Case) -> Details:
    """The row that only this kind of case has."""
    return cast("Details", db.session.get_one(TABLES[case.kind], case.id))


def plain(details: Details) -> dict[str, Any]:
    """Its columns by name; `record_id` and `sanction_id` also as `record` and `sanction`."""
    values = {
        column.key: getattr(details, column.key) for column in type(details).__table__.columns
    }
    for name in ("record", "sanction"):
        if f"{name}_id" in values:
            values[name] = values[f"{name}_id"]
    return values


def as_json(value: Any) -> Any:
    """A value as it stands in the history: days in ISO, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    if isinstance(value, Mapping):
        return {name: as_json(one) for name, one in value.items()}
    return value
