"""Finds due dates, clocks that have passed, and the rules that a case keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy import Select, bindparam, select

from app.db import db
from app.deadlines.models import Deadline, RuleSet
from app.errors import NotFound
from workflows.rules import Rules

_OF_CASES: Final = (
    select(Deadline)
    .where(Deadline.case_number.in_(bindparam("numbers", expanding=True)))
    .order_by(Deadline.case_number, Deadline.started_on, Deadline.clock)
)
"""Built once: each step of a case asks it several times."""


def deadlines_of(case_numbers: Iterable[str]) -> dict[str, list[Deadline]]:
    """The clocks of several cases by case number, in one query; the earliest started first."""
    found: dict[str, list[Deadline]] = {number: [] for number in case_numbers}
    if not found:
        return found
    for row in db.session.scalars(_OF_CASES, {"numbers": list(found)}):
        found[row.case_number].append(row)
    return found


def passed(clock: str, on: date) -> Select[str]:
    """Selects the cases in which a clock is running past its due date on a day.

    Reads the index of running clocks: what has ended or stands still costs nothing.
    """
    return select(Deadline.case_number).where(
        Deadline.clock == clock,
        Deadline.ended_on.is_(None),
        Deadline.due_on.is_not(None),
        Deadline.due_on < on,
    )


@lru_cache(maxsize=64)
def stored(digest: str) -> Rules:
    """The rules kept under a digest; content and digest belong together, so they are cached.

    NotFound where there are none, ValueError where they have been changed.
    """
    row = db.session.get(RuleSet, digest)
    if row is None:
        raise NotFound(digest)
    rules = Rules.from_json(row.content)
    if rules.digest != digest:
        message = f"the rules kept under {digest} have been changed"
        raise ValueError(message)
    return rules
