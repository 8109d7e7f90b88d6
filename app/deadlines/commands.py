"""Keeps due dates, the rules under which a case was filed, and years of the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import sqlalchemy as sa

from app.audit.commands import Action, record
from app.clock import now
from app.db import add_rows, db, insert_unless_there
from app.deadlines.arrangements import Arrangement
from app.deadlines.clocks import Due
from app.deadlines.models import CalendarYear, Deadline, RuleSet
from app.people.actor import Actor
from workflows.rules import Rules

_DEADLINES: Final = Deadline.metadata.tables[Deadline.__tablename__]
# Built once: building takes as long as writing.
_THE_CLOCK: Final = sa.and_(
    Deadline.case_number == sa.bindparam("of_case"), Deadline.clock == sa.bindparam("of_clock")
)
_CHANGE: Final = (
    sa.update(_DEADLINES)
    .where(_THE_CLOCK)
    .values({name.name: sa.bindparam(name.name) for name in fields(Due)})
)
_REMOVE: Final = sa.delete(_DEADLINES).where(_THE_CLOCK)


@dataclass(frozen=True)
class Clocks:
    """The clocks of a case: as they are stored, and as they are derived anew, by name."""

    case_number: str
    stored: Mapping[str, Due]
    derived: Mapping[str, Due]


def rebuild(several: Sequence[Clocks]) -> None:
    """Make the stored due dates of cases those derived; only what differs is written.

    Inside the transaction of the step; at most three statements, however many cases.
    """
    new, changed, gone = [], [], []
    for one in several:
        for name, due in one.derived.items():
            if name not in one.stored:
                new.append({"case_number": one.case_number, **vars(due)})
            elif due != one.stored[name]:
                changed.append(_named(one.case_number, name) | vars(due))
        gone += [_named(one.case_number, name) for name in one.stored if name not in one.derived]
    add_rows(Deadline, new)
    for statement, rows in ((_CHANGE, changed), (_REMOVE, gone)):
        if rows:
            db.session.connection().execute(statement, rows)


def _named(case_number: str, clock: str) -> dict[str, Any]:
    """The key of a row, under other names than its columns, which are written."""
    return {"of_case": case_number, "of_clock": clock}


def store(rules: Rules) -> str:
    """Keep a set of rules; its digest, under which ``queries.stored`` finds it again."""
    if db.session.get(RuleSet, rules.digest) is None:
        row = {"digest": rules.digest, "profile": rules.profile, "content": rules.as_json()}
        insert_unless_there(RuleSet, row)
    return rules.digest


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
