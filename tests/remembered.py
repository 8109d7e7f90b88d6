"""What many tests begin with is built once by real steps; from then on its rows are put back.

Only between the `session` fixtures of one database, whose tests all begin with the same rows:
keys then mean the same in each. Where a test has written before, it is built as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache, wraps
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

from app.clock import today
from app.db import Model, db, transaction
from app.people import names
from app.people.models import Subject

Built = TypeVar("Built")
Rows: TypeAlias = dict[sa.Table, list[dict[str, Any]]]
SUBJECTS = Model.metadata.tables[Subject.__tablename__]


def remembered(build: Callable[[], Built]) -> Callable[[], Built]:
    """Build it at the first call on a day in a database; afterwards put the same rows back."""
    kept: dict[tuple[str, object], tuple[Rows, Built]] = {}

    @wraps(build)
    def again() -> Built:
        if _written():
            return build()
        key = (str(db.engine.engine.url), today())
        if key in kept:
            _put(kept[key][0])
        else:
            built = build()
            kept[key] = (all_rows(), deepcopy(built))
        return deepcopy(kept[key][1])

    return again


def all_rows() -> Rows:
    """What stands in every table, in the order in which it can be put back."""
    found = {
        table: [dict(row._mapping) for row in db.session.execute(sa.select(table))]
        for table in Model.metadata.sorted_tables
    }
    db.session.rollback()
    return {table: rows for table, rows in found.items() if rows}


def _put(rows: Rows) -> None:
    with transaction() as session:
        for table, values in rows.items():
            session.connection().execute(_insert(table), values)
        for subject in rows.get(SUBJECTS, ()):  # the only index that is kept by hand
            names.add(session.connection(), subject["id"], subject["search_name"])


@cache
def _insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table).inline()


def _written() -> bool:
    found = db.session.scalar(_anything())
    db.session.rollback()
    return bool(found)


@cache
def _anything() -> sa.Select[tuple[bool]]:
    return sa.select(
        sa.or_(*(sa.exists().select_from(one) for one in Model.metadata.sorted_tables))
    )
