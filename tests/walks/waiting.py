"""Whom each state waits for and until when: the table Waiting of processes.md, and what follows (1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.deadlines.calendar import national
from app.deadlines.queries import stored
from tests.walks.reckoning import reckoned
from tests.walks.register import Register, Row
from workflows import WORKFLOWS

CLERK, APPROVER = "office.clerk", "office.approver"
PROVIDER, ENDORSER, DEPARTMENT = "provider.handler", "provider.approver", "executor.handler"
TO_CORRECT = ("correction.correct", "correction.annulled")
STANDSTILL = "clock.stopped"
Waits = tuple[str, tuple[str, ...]]
WAITING: Mapping[tuple[str, str], Waits] = {
    ("objection", "draft"): ("filer", ("draft.keep",)),
    ("objection", "submitted"): (CLERK, ("objection.accept",)),
    ("objection", "supplementing"): ("filer", ("objection.supplement",)),
    ("objection", "verifying"): (CLERK, ("objection.total",)),
    ("objection", "deciding"): (APPROVER, ("objection.total",)),
    ("objection", "executing"): (CLERK, ("case.execute",)),
    ("verification", "issued"): (PROVIDER, ("verification.acknowledge", "verification.report")),
    ("verification", "verifying"): (PROVIDER, ("verification.report",)),
    ("verification", "reported"): (ENDORSER, ("verification.report",)),
    ("suspension", "ordered"): (DEPARTMENT, ("suspension.confirm",)),
    ("suspension", "suspended"): (CLERK, ()),
    ("suspension", "resuming"): (DEPARTMENT, ("suspension.resume",)),
    ("suspension", "lifting"): (DEPARTMENT, ("suspension.lift",)),
    ("correction", "ordered"): (PROVIDER, TO_CORRECT),
    ("correction", "corrected"): (ENDORSER, TO_CORRECT),
    ("correction", "synchronising"): (CLERK, ("correction.synchronise",)),
    ("correction", "restoring"): (CLERK, ("correction.restore",)),
    ("repair", "draft"): ("filer", ("draft.keep",)),
    ("repair", "submitted"): (PROVIDER, ("repair.accept",)),
    ("repair", "supplementing"): ("filer", ("repair.supplement",)),
    ("repair", "examining"): (PROVIDER, ("repair.decide",)),
    ("repair", "proposed"): (ENDORSER, ("repair.decide",)),
    ("repair", "approving"): (APPROVER, ("repair.total",)),
    ("repair", "executing"): (CLERK, ("case.execute",)),
    ("repair", "revoking"): (APPROVER, ("repair.revoke",)),
}
BY_THE_OFFICE = {"ordered": CLERK, "corrected": APPROVER}


@dataclass(frozen=True)
class Ground:
    """What the office is, and which units there are."""

    office: int
    units: frozenset[int]


def is_open(case: Row) -> bool:
    """Whether somebody still has to act."""
    return (case.kind, case.state) in WAITING


def clocks_are_as_the_history_says(register: Register, touched: Iterable[Row]) -> None:
    """5: each clock counted anew, day by day, from the first step on."""
    for case in touched:
        workflow = WORKFLOWS[case.kind]
        rules = stored(case.rules_digest)
        derived = reckoned(workflow.clocks, register.steps[case.id], rules)
        kept = {
            name: (row.started_on, row.due_on, row.ended_on)
            for name, row in register.deadlines[case.number].items()
        }
        assert kept == derived, (case.number, case.state, kept, derived)


def everybody_waited_for_is_known(register: Register, ground: Ground) -> None:
    """1: in each waiting state the owner, its unit and the due date that the table gives."""
    by_office = {row.case_id for row in register["corrections"] if row.by_office}
    held = _due_dates_of_holders(register)
    for case in register.cases.values():
        told = (case.number, case.state, case.owner_role, case.owner_unit_id, case.due_on)
        waits = WAITING.get((case.kind, case.state))
        if waits is None:
            assert (case.owner_role, case.due_on, case.urge_on) == (None, None, None), told
            continue
        role, clocks = waits
        if case.id in by_office:
            role = BY_THE_OFFICE.get(case.state, role)
        assert case.owner_role == role, told
        assert case.owner_unit_id == _unit_of(role, case, ground), told
        assert case.owner_unit_id in ground.units or role == "filer", told
        running = _running(register, case, clocks)
        if case.state == "suspended":
            due: date | None = min(held[case.id]) if held.get(case.id) else None
        else:
            due = min(running) if running else _standing_still(register, case)
        assert case.due_on is not None, told
        assert case.due_on == due, (*told, due)
        assert case.urge_on == _urged_next(register, case, role, running), told


def _unit_of(role: str, case: Row, ground: Ground) -> int | None:
    if role == "filer":
        return case.filer_unit_id  # type: ignore[no-any-return]  # a row is not typed
    return ground.office if role.startswith("office.") else case.unit_id


def _running(register: Register, case: Row, clocks: Sequence[str]) -> list[date]:
    rows = register.deadlines[case.number]
    found = (rows[name] for name in clocks if name in rows and rows[name].ended_on is None)
    return [row.due_on for row in found if row.due_on is not None]


def _standing_still(register: Register, case: Row) -> date | None:
    """Until when clocks may stand still, by its own stop, or by those of its children."""
    own = register.deadlines[case.number].get(STANDSTILL)
    if own is not None and own.ended_on is None:
        return own.due_on  # type: ignore[no-any-return]  # a row is not typed
    stopping: list[str] = []
    for row in register.steps[case.id]:
        of = row.data.get("of")
        if of and row.step == "stop_clock":
            stopping.append(of)
        elif of in stopping and row.step == "restart_clock":
            stopping.remove(of)
    lasting = [register.deadlines[number].get(STANDSTILL) for number in stopping]
    return min((row.due_on for row in lasting if row and row.due_on), default=None)


def _due_dates_of_holders(register: Register) -> dict[int, list[date]]:
    """By suspension: until when the cases that hold its sanction are due."""
    open_on = {row.open_on: row.case_id for row in register["suspensions"] if row.open_on}
    found: dict[int, list[date]] = {}
    for hold in register["holds"]:
        if hold.until is None and hold.sanction_id in open_on:
            due = register.by_number[hold.case_number].due_on
            found.setdefault(open_on[hold.sanction_id], []).extend([due] if due else [])
    return found


def _urged_next(register: Register, case: Row, role: str, running: Sequence[date]) -> date | None:
    """Once the day after a clock passed, and again every `urge.every`; a filer is not urged."""
    if role == "filer" or not running:
        return None
    urged = [row.on for row in register.steps[case.id] if row.step == "urge"]
    every = stored(case.rules_digest).length("urge.every")
    return min(
        national().add(urged[-1], every).due_on
        if urged and urged[-1] > due
        else due + timedelta(days=1)
        for due in running
    )


def nothing_due_is_left(register: Register, day: date) -> None:
    """Once the clock has run: no deadline has passed that it answers, no step is left to it."""
    answered = {"draft.keep", "objection.supplement", "repair.supplement"}
    answered |= {"verification.hard_stop", STANDSTILL}
    children = _children(register)
    for case in register.cases.values():
        if not is_open(case):
            continue
        told = (case.number, case.state)
        assert case.urge_on is None or case.urge_on > day, (*told, case.urge_on)
        for name, row in register.deadlines[case.number].items():
            late = row.ended_on is None and row.due_on is not None and row.due_on < day
            told_of = not name.endswith(".supplement") or _was_told(register, case)
            assert not (late and told_of and name in answered), (*told, name, row.due_on)
        left = _LEFT.get((case.kind, case.state))
        assert left is None or not left(register, case, children[case.id]), told


def _was_told(register: Register, case: Row) -> bool:
    """Whether the filer was served with what it has to supplement."""
    steps = register.steps[case.id]
    asked = [row.seq for row in steps if row.step == "request_supplement"]
    proofs = [row.data["input"]["issued_by"] for row in steps if row.step == "served"]
    return bool(asked) and asked[-1] in proofs


def _children(register: Register) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {key: [] for key in register.cases}
    for link in register["case_links"]:
        found[link.parent_id].append(register.cases[link.child_id])
    return found


def _all_found(register: Register, case: Row, children: Sequence[Row]) -> bool:
    items = [one for one in register["items"] if one.case_id == case.id]
    asked = any(one.kind == "verification" and is_open(one) for one in children)
    return not asked and all(one.finding not in {None, "not_ours"} for one in items)


def _all_carried_out(register: Register, case: Row, children: Sequence[Row]) -> bool:
    """Every correction has ended, and each sanction it held is held by another or settled."""
    if any(one.kind == "correction" and is_open(one) for one in children):
        return False
    ever = {one.sanction_id for one in register["holds"] if one.case_number == case.number}
    now: dict[int, set[str]] = {}
    for one in register["holds"]:
        if one.until is None:
            now.setdefault(one.sanction_id, set()).add(one.case_number)
    waited = {one.open_on for one in register["suspensions"] if one.open_on}
    return all(now.get(one, set()) - {case.number} or one not in waited for one in ever)


def _all_receipted(register: Register, case: Row, children: Sequence[Row]) -> bool:
    open_ones = any(one.kind == "suspension" and is_open(one) for one in children)
    return settled(register, case.number) and (case.kind != "repair" or not open_ones)


def settled(register: Register, number: str) -> bool:
    """Whether all that a case sent was receipted or cut off."""
    sent = (one for one in register["messages"] if one.case_number == number)
    return all(one.receipted_at or one.cut_off_on for one in sent)


def _pointless(register: Register, case: Row, _children: Sequence[Row]) -> bool:
    (key,) = (one.record_id for one in register["repairs"] if one.case_id == case.id)
    (record,) = (one for one in register["records"] if one.id == key)
    gone = record.ended_by is not None and record.ended_by.value in {"revoke", "delete", "repair"}
    return gone or record.subject_id != case.subject_id


_LEFT: Mapping[tuple[str, str], Any] = {
    ("objection", "verifying"): _all_found,
    ("objection", "executing"): _all_carried_out,
    ("correction", "synchronising"): _all_receipted,
    ("repair", "executing"): _all_receipted,
    **{
        ("repair", state): _pointless
        for state in ("submitted", "supplementing", "examining", "proposed", "approving")
    },
}
"""When the clock leads a case on that is in this state."""
