"""How far a database is from holding the demonstration city."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from app.audit.queries import entries_about
from app.cases.models import Case
from app.db import db
from app.people.models import Person, Unit

CITY: Final = "demo:city"
"""Under this name the audit log says that the loading began, and that it was finished."""


class Standing(StrEnum):
    """What a database holds: nothing, part of the city, the city, or something of its own."""

    EMPTY = "empty"
    BEGUN = "begun"
    LOADED = "loaded"
    OTHER = "other"


def standing() -> Standing:
    """What the database holds, in at most four look-ups."""
    if told := entries_about(CITY, limit=1):
        return Standing(told[0].data["standing"])
    tables = (Unit, Person, Case)
    if any(db.session.scalar(sa.select(table.id).limit(1)) for table in tables):
        return Standing.OTHER
    return Standing.EMPTY
