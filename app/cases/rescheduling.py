"""Due dates under another calendar or other rules: which would move, and writing them anew.

Thousands of cases at once: read in slices, derived without a query for each, written in bulk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.models import Case, StepTaken
from app.cases.projection import borrow_due_dates, nearest_of, project, urge_on
from app.cases.suspension.models import Suspension
from app.clock import today
from app.db import db, transaction
from app.deadlines.calendar import Calendar
from app.deadlines.clocks import Due, Event, derive
from app.deadlines.models import Deadline
from app.deadlines.queries import calendar, deadlines_of, stored
from app.records.models import Hold
from workflows import definition_of, editions
from workflows.rules import Rules

SLICE: Final = 500
"""Cases read, and written, at a time: nobody else waits longer than for these."""
# Of the tables, not of the classes: nothing of theirs is loaded that would have to be kept true.
_CLOCKS: Final = Deadline.metadata.tables[Deadline.__tablename__]
_CASES: Final = Case.metadata.tables[Case.__tablename__]
_MOVE_CLOCKS: Final = (
    sa.update(_CLOCKS)
    .where(
        _CLOCKS.c.case_number.in_(sa.bindparam("keys", expanding=True)),
        _CLOCKS.c.clock == sa.bindparam("name"),
    )
    .values(due_on=sa.bindparam("due_on"), provisional=sa.bindparam("provisional"))
)
_MOVE_CASES: Final = (
    sa.update(_CASES)
    .where(_CASES.c.id.in_(sa.bindparam("keys", expanding=True)))
    .values({name: sa.bindparam(name) for name in ("due_on", "provisional", "urge_on")})
)


@dataclass(frozen=True)
class Moved:
    """A clock whose due date is another, or no longer provisional; `before` is what is stored.

    `ended`: it does not run any more, and only says until when one would have had time.
    """

    number: str
    clock: str
    before: date
    after: date
    provisional: bool
    ended: bool


@dataclass(frozen=True)
class _Rederived:
    """A case with its clocks as they should be, and those that are stored otherwise.

    `case`: some of its columns.
    """

    case: Any
    events: Sequence[Event]
    dues: Mapping[str, Due]
    moved: Sequence[Moved]


def moved_under(then: Calendar, year: int) -> Iterator[list[Moved]]:
    """The clocks due in a year or later that another calendar would move, by slices.

    A slice for every SLICE cases that were looked at, empty where nothing moves.
    """
    for numbers in _slices(_due_since(year)):
        yield [one for case in _rederived(numbers, then) for one in case.moved]


def moved_by(rules: Rules) -> Iterator[list[Moved]]:
    """The running clocks of open cases that other rules would move, by slices.

    Raises UnknownRule where the rules lack one that is asked for.
    """
    for part in _slices(sa.select(Case.number).where(Case.owner_role.is_not(None))):
        cases = _rederived(part, calendar(), rules)
        yield [one for case in cases for one in case.moved if not one.ended]


def reschedule(then: Calendar, year: int) -> Iterator[list[Moved]]:
    """Write what `moved_under` finds, and give it by slices, each when it is written.

    Each slice is a transaction of its own: begun again, it goes on where it was interrupted.
    """
    for numbers in _slices(_due_since(year)):
        with transaction():
            moved = _write(numbers, then)
        yield moved


def _due_since(year: int) -> sa.Select[str]:
    chosen = sa.select(Deadline.case_number).where(Deadline.due_on >= date(year, 1, 1))
    return chosen.distinct()


def _slices(chosen: sa.Select[str]) -> Iterator[list[str]]:
    numbers = sorted(db.session.scalars(chosen))
    db.session.rollback()
    for start in range(0, len(numbers), SLICE):
        yield numbers[start : start + SLICE]


def _rederived(
    numbers: Sequence[str],
    then: Calendar,
    other: Rules | None = None,
    *,
    lock: bool = False,
) -> list[_Rederived]:
    chosen = sa.select(
        *(Case.id, Case.number, Case.kind, Case.law_version),
        *(Case.state, Case.owner_role, Case.rules_digest),
    ).where(Case.number.in_(numbers))
    if lock:
        chosen = chosen.order_by(Case.id).with_for_update()
    cases = db.session.execute(chosen).all()
    events, known = _events([case.id for case in cases]), deadlines_of(numbers)
    found = []
    for case in cases:
        clocks, rules = definition_of(case).clocks, other or stored(case.rules_digest)
        dues = {one.clock: one for one in derive(clocks, events[case.id], rules, then)}
        kept = known[case.number].values()
        moved = [move for one in kept if (move := _moved(case.number, one, dues.get(one.clock)))]
        found.append(_Rederived(case, events[case.id], dues, moved))
    return found


def _moved(number: str, kept: Due, due: Due | None) -> Moved | None:
    if kept.due_on is None or due is None or due.due_on is None:
        return None
    if (kept.due_on, kept.provisional) == (due.due_on, due.provisional):
        return None
    return Moved(
        *(number, kept.clock, kept.due_on, due.due_on, due.provisional),
        ended=due.ended_on is not None,
    )


def _events(ids: Sequence[int]) -> dict[int, list[Event]]:
    """The histories of several cases as far as clocks care, by the key of the case."""
    columns = (
        StepTaken.case_id,
        StepTaken.seq,
        StepTaken.step,
        StepTaken.source,
        StepTaken.to,
        StepTaken.on,
        StepTaken.data,
    )
    chosen = sa.select(*columns).where(StepTaken.case_id.in_(ids))
    found: dict[int, list[Event]] = defaultdict(list)
    for case_id, *rest in db.session.execute(chosen.order_by(StepTaken.case_id, StepTaken.seq)):
        found[case_id].append(Event(*rest))
    return found


def _write(numbers: Sequence[str], then: Calendar) -> list[Moved]:
    cases = [one for one in _rederived(numbers, then, lock=True) if one.moved]
    moved = [one for case in cases for one in case.moved]
    _write_alike(
        _MOVE_CLOCKS,
        ("name", "due_on", "provisional"),
        [(one.number, (one.clock, one.after, one.provisional)) for one in moved],
    )
    if cases:
        _write_cases(cases)
    return moved


def _write_alike(
    update: sa.Update, names: Sequence[str], rows: Iterable[tuple[Any, tuple[Any, ...]]]
) -> None:
    """Write keys with values, all that get the same in one statement: a year moves few days."""
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for key, values in rows:
        alike[values].append(key)
    for values, keys in alike.items():
        said = dict(zip(names, values, strict=True))
        db.session.connection().execute(update, {"keys": keys, **said})


def _write_cases(cases: Sequence[_Rederived]) -> None:
    """The columns of the cases that their clocks decide, and what is borrowed from them."""
    rows = {one.case.id: row for one in cases if (row := _row(one))}
    _write_alike(_MOVE_CASES, ("due_on", "provisional", "urge_on"), rows.items())
    others = [db.session.get_one(Case, one.case.id) for one in cases if one.case.id not in rows]
    project([CaseFacts(case, today()) for case in others])
    borrow_due_dates(_waiting_for([one.case.number for one in cases]))


def _waiting_for(numbers: Sequence[str]) -> list[int]:
    """The suspensions that are due with a case, for it holds their sanction."""
    borrowing = {state.name for one in editions() for state in one.states if state.borrows}
    chosen = (
        sa.select(Case.id)
        .join(Suspension, Suspension.case_id == Case.id)
        .join(Hold, Hold.sanction_id == Suspension.sanction_id)
        .where(Hold.case_number.in_(numbers), Hold.until.is_(None), Case.state.in_(borrowing))
    )
    return list(db.session.scalars(chosen.distinct()))


def _row(one: _Rederived) -> tuple[date | None, bool, date | None] | None:
    """When it is due, whether that is provisional, and when somebody is to be urged.

    None where the case waits for another, which only it can tell.
    """
    case = one.case
    state = definition_of(case).state(case.state)
    running = {name: due for name, due in one.dues.items() if due.ended_on is None}
    nearest = nearest_of(state, running)
    if nearest is None:
        return None
    rules = stored(case.rules_digest)
    urged = urge_on(case.owner_role, state, running, one.events, rules)
    return nearest.due_on, nearest.provisional, urged
