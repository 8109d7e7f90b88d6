"""Finds due dates, clocks that have passed, and the rules that a case keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy import Select, bindparam, select

from app.clock import today
from app.db import ask, db, once_a_transaction
from app.deadlines.arrangements import year_from
from app.deadlines.calendar import Calendar, national
from app.deadlines.clocks import Due
from app.deadlines.models import CalendarYear, Deadline, RuleSet
from app.errors import NotFound
from config import current
from workflows.rules import Rules, catalogue, profiles
from workflows.rules.names import NAMES

_OF_CASES: Final = (
    select(
        Deadline.case_number,
        Deadline.clock,
        Deadline.started_on,
        Deadline.due_on,
        Deadline.provisional,
        Deadline.ended_on,
    )
    .where(Deadline.case_number.in_(bindparam("numbers", expanding=True)))
    .order_by(Deadline.case_number, Deadline.started_on, Deadline.clock)
)
"""Built once: each step of a case asks it several times."""
OF_NOTICES: Final = ("series.", "basis.")
_YEARS: Final = select(CalendarYear.year, CalendarYear.digest).order_by(CalendarYear.year)


def calendar() -> Calendar:
    """The calendar in force: that of the packages, with the years that were imported since."""
    return _with_years(_imported())


def imported_from(year: int) -> str:
    """The notice from which a year was imported; empty where it was not."""
    row = db.session.get(CalendarYear, year)
    return row.source if row else ""


@once_a_transaction
def _imported() -> tuple[tuple[int, str], ...]:
    """Which years were imported, by digest: another process may have imported one just now."""
    with db.session.no_autoflush:
        return tuple((year, digest) for year, digest in db.session.execute(_YEARS))


@lru_cache(maxsize=4)
def _with_years(imported: tuple[tuple[int, str], ...]) -> Calendar:
    if not imported:
        return national()
    with db.session.no_autoflush:
        rows = db.session.scalars(select(CalendarYear)).all()
    return national().with_years(year_from(row.year, row.content) for row in rows)


def deadlines_of(case_numbers: Iterable[str]) -> dict[str, dict[str, Due]]:
    """The clocks of several cases by case number and name, in one query; the earliest first."""
    found: dict[str, dict[str, Due]] = {number: {} for number in case_numbers}
    for number, *said in ask(_OF_CASES, {"numbers": list(found)}) if found else ():
        due = Due(*said)
        found[number][due.clock] = due
    return found


def near_until() -> date:
    """The last day that is near today: what is due by then is shown so (rule `clock.amber`)."""
    length = catalogue(current().rules).on(today()).length("clock.amber")
    return calendar().add(today(), length).due_on


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

    What a release asked for that knew less is completed by the rules of today. NotFound where
    there are none, ValueError where they have been changed.
    """
    row = db.session.get(RuleSet, digest)
    if row is None:
        raise NotFound(digest)
    rules = Rules.from_json(row.content)
    if rules.digest != digest:
        message = f"the rules kept under {digest} have been changed"
        raise ValueError(message)
    return _completed(rules)


def _completed(rules: Rules) -> Rules:
    """With those that every rule set has by now, and the words of notices there were not yet.

    Classes, regimes and periods are not among them: what was not in force then stays unknown.
    """
    if rules.profile not in profiles():
        return rules
    added = [
        row
        for row in catalogue(rules.profile).on(today())
        if row.name not in rules and (row.name in NAMES or row.name.startswith(OF_NOTICES))
    ]
    return Rules(rules.profile, (*rules.rows, *added)) if added else rules
