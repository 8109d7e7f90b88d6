"""What a case's row says beside its state: derived from the history after every step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm.util import identity_key

from app.cases.facts import CaseFacts
from app.cases.models import Case, CaseLink
from app.cases.roles import OFFICE, owner_of
from app.cases.suspension.models import Suspension
from app.db import ask, db, once_a_transaction
from app.deadlines.clocks import Due, Event
from app.deadlines.commands import Clocks, rebuild
from app.deadlines.queries import calendar, deadlines_of
from app.people.models import Unit
from app.records.models import Hold
from workflows import definition_of
from workflows.grammar import Role, State
from workflows.rules import Rules

STANDSTILL = "clock.stopped"
# Built once: most steps ask and write them, and building takes longer than asking.
_SUSPENDED: Final = (
    sa.select(Case.id)
    .join(CaseLink, CaseLink.child_id == Case.id)
    .where(
        CaseLink.parent_id == sa.bindparam("parent"),
        Case.kind == "suspension",
        Case.state == "suspended",
    )
)
_HOLDER: Final = sa.orm.aliased(Case)
_EARLIEST: Final = (
    sa.select(sa.func.min(_HOLDER.due_on))
    .join(Hold, Hold.case_number == _HOLDER.number)
    .join(Suspension, Suspension.sanction_id == Hold.sanction_id)
    .where(Suspension.case_id == Case.id, Hold.until.is_(None))
    .correlate(Case)
    .scalar_subquery()
)
_BORROW: Final = (
    sa.update(Case)
    .where(Case.id.in_(sa.bindparam("suspensions", expanding=True)))
    .values(due_on=_EARLIEST)
)


@once_a_transaction
def office_unit() -> int:
    """The key of the credit office."""
    return (
        db.session.scalars(sa.select(Unit.id).where(Unit.is_office).order_by(Unit.id)).first() or 0
    )


def project(batch: Sequence[CaseFacts]) -> None:
    """Write owner, due date and the next urging of cases into their rows, and their clocks."""
    clocks = []
    for facts in batch:
        dues = sorted(facts.dues(), key=lambda due: (due.started_on, due.clock))
        derived = {due.clock: due for due in dues}
        clocks.append(Clocks(facts.row.number, facts.deadlines(), derived))
        facts.know(CaseFacts.deadlines, derived)
        _write_row(facts, {name: due for name, due in derived.items() if due.ended_on is None})
    rebuild(clocks)
    db.session.flush()
    borrow_due_dates([case_id for facts in batch for case_id in _borrowing(facts.row)])


def _write_row(facts: CaseFacts, running: Mapping[str, Due]) -> None:
    case = facts.row
    state = definition_of(case).state(case.state)
    owner = owner_of(facts) if state.waiting else None
    unit = _unit_of(owner.role, case) if owner else None
    nearest = nearest_of(state, running) or _of_stopped_child(state, facts)
    case.owner_role = owner.role.value if owner else None
    case.owner_unit_id = unit
    case.due_on = nearest.due_on if nearest else None
    case.provisional = bool(nearest and nearest.provisional)
    case.urge_on = urge_on(case.owner_role, state, running, facts.events(), facts.rules)


def _borrowing(case: Case) -> Sequence[int]:
    """The suspensions whose due dates follow from those of a case that has moved."""
    if definition_of(case).state(case.state).borrows:
        return [case.id]
    if case.kind == "objection":
        return _suspended_children(case.id)
    if case.kind == "correction" and case.parent_id is not None:
        return _suspended_children(case.parent_id)
    return []


def _unit_of(role: Role, case: Case) -> int | None:
    if role is Role.FILER:
        return case.filer_unit_id
    return office_unit() if role in OFFICE else case.unit_id


def nearest_of(state: State, running: Mapping[str, Due]) -> Due | None:
    """The earliest clock of the state; where all stand still, how long they may."""
    clocks = [running[name] for name in state.deadline if name in running]
    dated = [due for due in clocks if due.due_on]
    if dated:
        return min(dated, key=lambda due: due.due_on or date.max)
    return running.get(STANDSTILL)


def _of_stopped_child(state: State, facts: CaseFacts) -> Due | None:
    """Where a child keeps the clocks from running: until when it may."""
    stopping: list[str] = []
    for one in facts.history() if state.waiting else ():
        if one.step == "stop_clock" and "of" in one.data:
            stopping.append(one.data["of"])
        elif one.step == "restart_clock" and one.data.get("of") in stopping:
            stopping.remove(one.data["of"])
    clocks = [due for dues in deadlines_of(stopping).values() for due in dues.values()]
    lasting = [due for due in clocks if due.clock == STANDSTILL and due.due_on]
    return min(lasting, key=lambda due: due.due_on or date.max, default=None)


def urge_on(
    owner: str | None,
    state: State,
    running: Mapping[str, Due],
    history: Iterable[Event],
    rules: Rules,
) -> date | None:
    """When somebody is to be urged next, by the clocks of the state that run; the filer is not."""
    if not state.waiting or owner == Role.FILER.value:
        return None
    passing = [
        running[name].due_on for name in state.deadline if name in running and running[name].due_on
    ]
    return next_urging([one for one in passing if one], last_urging(history), rules)


def last_urging(history: Iterable[Event]) -> date | None:
    """When somebody was last urged in the case."""
    return max((one.on for one in history if one.step == "urge"), default=None)


def next_urging(dues: Sequence[date], last: date | None, rules: Rules) -> date | None:
    """The day after a clock passed, once for each; then again every ``urge.every``."""
    every = rules.length("urge.every")
    days = [
        due + timedelta(days=1)
        if last is None or last <= due
        else calendar().add(last, every).due_on
        for due in dues
    ]
    return min(days, default=None)


def _suspended_children(case_id: int) -> list[int]:
    return [row.id for row in ask(_SUSPENDED, {"parent": case_id})]


def borrow_due_dates(suspensions: Sequence[int]) -> None:
    """What is suspended waits for the cases that hold it: the earliest of their due dates."""
    if not suspensions:
        return
    ask(_BORROW, {"suspensions": list(suspensions)})
    for key in suspensions:  # what is loaded of them is read anew
        row = db.session.identity_map.get(identity_key(Case, key))
        if row is not None:
            db.session.expire(row, ["due_on"])
