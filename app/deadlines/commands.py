"""Keeps due dates, the rules under which a case was filed, and years of the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.commands import Action, record
from app.clock import now
from app.db import db
from app.deadlines.arrangements import Arrangement
from app.deadlines.clocks import Due
from app.deadlines.models import CalendarYear, Deadline, RuleSet
from app.deadlines.queries import deadlines_of
from app.people.actor import Actor
from workflows.rules import Rules

_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def rebuild(
    case_number: str, dues: Iterable[Due], stored: Mapping[str, Deadline] | None = None
) -> tuple[Deadline, ...]:
    """Make the stored due dates of a case those given; only what differs is written.

    `stored`: what is stored by now, by clock, where that is known. Gives them as stored, in the
    order given. Inside the transaction of the step.
    """
    if stored is None:
        stored = {row.clock: row for row in deadlines_of([case_number])[case_number]}
    left = dict(stored)
    kept = tuple(_kept(case_number, due, left.pop(due.clock, None)) for due in dues)
    for row in left.values():
        db.session.delete(row)
    return kept


def store(rules: Rules) -> str:
    """Keep a set of rules; its digest, under which ``queries.stored`` finds it again."""
    if db.session.get(RuleSet, rules.digest) is None:
        db.session.execute(_keeping(rules))
    return rules.digest


def _keeping(rules: Rules) -> Insert:
    """Two first cases under new rules may come at once; both bring the same row."""
    insert = _INSERT[db.session.get_bind().dialect.name](RuleSet)
    row = {"digest": rules.digest, "profile": rules.profile, "content": rules.as_json()}
    statement: Insert = insert.values(row).on_conflict_do_nothing()
    return statement


def _kept(case_number: str, due: Due, row: Deadline | None) -> Deadline:
    values = asdict(due)
    if row is None:
        row = Deadline(case_number=case_number, **values)
        db.session.add(row)
        return row
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    return row


def keep_year(arrangement: Arrangement, actor: Actor) -> bool:
    """Keep a year's arrangement of holidays, in place of an earlier one; whether it is new.

    From the end of the transaction on, due dates are computed with it.
    """
    number, digest = arrangement.year.number, arrangement.digest
    row = db.session.get(CalendarYear, number)
    if row is not None and row.digest == digest:
        return False
    row = row or CalendarYear(year=number)
    row.source, row.digest = arrangement.source, digest
    row.content, row.imported_at = arrangement.as_json(), now()
    db.session.add(row)
    record(Action.CALENDAR_IMPORTED, actor, f"calendar:{number}", digest=digest)
    return True
