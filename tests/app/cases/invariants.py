"""What is true of all cases at any time, whatever was done before (processes.md, Invariants)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.chain import verify_chain
from app.cases.facts import CaseFacts
from app.cases.history import _links
from app.cases.models import Case, CaseLink, StepTaken
from app.cases.projection import project
from app.cases.repair.models import Repair
from app.cases.suspension.models import Suspension
from app.clock import today
from app.deadlines.models import Deadline
from app.delivery.models import Message
from app.notices.models import Counter, Notice
from app.people.models import Unit
from app.records.models import (
    EndedBy,
    Hold,
    Record,
    Sanction,
    SanctionBasis,
    SanctionOrder,
    Switch,
    SwitchPeriod,
)
from app.records.queries import in_force
from workflows import definition_of
from workflows.grammar import Role

HANDLING = {
    "objection": {"file", "amend", "submit", "request_supplement", "supplement", "accept"}
    | {"correct_own_error", "redirect", "redirect_nowhere"},
    "verification": {"acknowledge", "ask_for_time", "report"},
    "suspension": {"confirm"},
    "correction": {"open", "open_annulled", "correct"},
    "repair": {"file", "amend", "submit", "request_supplement", "supplement", "accept"}
    | {"propose_grant", "propose_refusal", "propose_revocation"},
}
DECIDING = {
    "objection": {"refuse", "uphold", "dismiss"},
    "verification": {"grant_time", "endorse"},
    "suspension": {"decline"},
    "correction": {"approve", "carry_out", "withdraw_publication"},
    "repair": {"refuse_acceptance", "endorse", "grant", "refuse", "revoke", "drop_revocation"},
}
REPAIRED = {"executing", "repaired", "revoking"}
"""The states of a repair in which its effects stand."""


def assert_invariants(session: Session) -> None:
    """Raise AssertionError with what is broken on the day of the last step; changes nothing.

    Outside of transaction().
    """
    session.expire_all()
    last = session.scalar(sa.select(sa.func.max(StepTaken.on)))
    with clock.at(max(last or today(), today())):
        _assert_now(session)
    session.rollback()


def _assert_now(session: Session) -> None:
    cases = list(session.scalars(sa.select(Case).order_by(Case.id)))
    steps: dict[int, list[StepTaken]] = defaultdict(list)
    for row in session.scalars(sa.select(StepTaken).order_by(StepTaken.case_id, StepTaken.seq)):
        steps[row.case_id].append(row)
    everyone_waited_for_is_known(session, cases)
    sanctions_are_in_force_as_defined(session)
    orders_follow_from_suspensions(session, cases)
    every_decision_has_its_notice(session, cases, steps)
    numbers_have_no_gaps(session, cases)
    nobody_decides_what_he_handled(cases, steps)
    the_history_gives_the_same(session, cases, steps)
    what_has_ended_holds_nothing(session, cases)
    what_has_ended_is_out_of_use(session)
    records_are_repaired_as_their_repairs_say(session, cases)
    nothing_is_left_of_a_repair_that_is_finished(session, cases)


def is_open(case: Case) -> bool:
    """Whether somebody still has to act."""
    return definition_of(case).state(case.state).waiting


def everyone_waited_for_is_known(session: Session, cases: Iterable[Case]) -> None:
    """1: an owner role, in a unit that exists, and a due date, in each waiting state."""
    units = set(session.scalars(sa.select(Unit.id)))
    for case in cases:
        told = (case.number, case.state, case.owner_role, case.owner_unit_id, case.due_on)
        if not is_open(case):
            assert case.owner_role is None, told
            assert case.due_on is None, told
            continue
        assert case.owner_role in {role.value for role in Role}, told
        assert case.owner_unit_id in units or case.owner_role == Role.FILER.value, told
        assert case.due_on is not None, told


def sanctions_are_in_force_as_defined(session: Session) -> None:
    """2: period, not lifted, no hold, no order under way, a valid record of its subject."""
    on = today()
    rows = list(session.scalars(sa.select(Sanction)))
    held = _on_day(session, Hold.sanction_id, Hold.since, Hold.until, on)
    ordered = _on_day(
        session, SanctionOrder.sanction_id, SanctionOrder.given_on, SanctionOrder.ended_on, on
    )
    supported = set(
        session.scalars(
            sa.select(Sanction.id)
            .join(SanctionBasis, SanctionBasis.sanction_id == Sanction.id)
            .join(Record, Record.id == SanctionBasis.record_id)
            .where(Record.subject_id == Sanction.subject_id, Record.ended_on.is_(None))
        )
    )
    found = in_force([row.id for row in rows], on)
    for row in rows:
        end = row.runs_until or row.ends_on or date.max
        lifted = row.lifted_on is not None and row.lifted_on <= on
        stopped = lifted or row.id in held or row.id in ordered or row.id not in supported
        assert found[row.id] == (row.starts_on <= on <= end and not stopped), row.id


def _on_day(session: Session, key: object, since: object, until: object, on: date) -> set[int]:
    found = session.execute(sa.select(key, since, until))  # type: ignore[call-overload]  # columns
    return {one for one, a, b in found if a is not None and a <= on and (b is None or on < b)}


def orders_follow_from_suspensions(session: Session, cases: Sequence[Case]) -> None:
    """2: an order is open while its suspension is resuming or lifting; holds fit the state."""
    states = {case.number: case.state for case in cases}
    orders = sa.select(SanctionOrder.case_number, SanctionOrder.what)
    open_orders = session.execute(orders.where(SanctionOrder.ended_on.is_(None)))
    found = {number: what.value for number, what in open_orders}
    wanted = {"resuming": "resume", "lifting": "lift"}
    expected = {
        case.number: wanted[case.state]
        for case in cases
        if case.kind == "suspension" and case.state in wanted
    }
    assert found == expected
    held = set(session.scalars(sa.select(Hold.sanction_id).where(Hold.until.is_(None))))
    chosen = sa.select(Case.number, Suspension.sanction_id, Suspension.open_on).join(
        Case, Case.id == Suspension.case_id
    )
    for number, sanction, open_on in session.execute(chosen):
        state = states[number]
        ended = state in {"resumed", "lifted", "declined"}
        assert (open_on is None) == ended, (number, state)
        if state in {"ordered", "suspended"}:
            assert sanction in held, (number, state)
        if state == "resuming":
            assert sanction not in held, number


def every_decision_has_its_notice(
    session: Session, cases: Iterable[Case], steps: dict[int, list[StepTaken]]
) -> None:
    """3: what a step issues was issued once; an adverse notice names remedies."""
    issued: dict[tuple[str, int], list[Notice]] = defaultdict(list)
    issued_by_steps = sa.select(Notice).where(Notice.replaces_id.is_(None))
    for notice in session.scalars(issued_by_steps.order_by(Notice.id)):
        issued[notice.case_number, notice.seq].append(notice)
    for case in cases:
        workflow = definition_of(case)
        for row in steps[case.id]:
            own = () if row.data.get("of") else workflow.step(row.step).notices
            found = issued.pop((case.number, row.seq), [])
            assert [one.name for one in found] == [one.name for one in own], (case.number, row.step)
            for notice, said in zip(found, own, strict=True):
                assert bool(notice.context["remedies"]) == said.adverse, notice.number
                assert notice.number in notice.html
    assert not issued


def numbers_have_no_gaps(session: Session, cases: Iterable[Case]) -> None:
    """3: each series counts 1, 2, 3 … up to its counter."""
    series: dict[str, list[int]] = defaultdict(list)
    for name, ordinal in session.execute(sa.select(Notice.series, Notice.ordinal)):
        series[name].append(ordinal)
    for case in cases:
        prefix, _, last = case.number.rpartition("-")
        series[prefix].append(int(last))
    counters = {row.series: row.value for row in session.scalars(sa.select(Counter))}
    assert {name: sorted(found) for name, found in series.items()} == {
        name: list(range(1, value + 1)) for name, value in counters.items()
    }


def nobody_decides_what_he_handled(
    cases: Iterable[Case], steps: dict[int, list[StepTaken]]
) -> None:
    """4: four eyes."""
    for case in cases:
        handled: set[int] = set()
        for row in steps[case.id]:
            if row.actor_id is None:
                continue
            if row.step in DECIDING[case.kind]:
                assert row.actor_id not in handled, (case.number, row.step)
            if row.step in HANDLING[case.kind]:
                handled.add(row.actor_id)


def the_history_gives_the_same(
    session: Session, cases: Iterable[Case], steps: dict[int, list[StepTaken]]
) -> None:
    """5: one step after the other to the same state; clocks derived anew are those stored."""
    assert verify_chain(_links()) is None
    for case in cases:
        state: str | None = None
        for seq, row in enumerate(steps[case.id], start=1):
            step = definition_of(case).step(row.step)
            beside = row.step in {"stop_clock", "restart_clock"} and row.actor_id is None
            assert (row.seq, row.source) == (seq, state), (case.number, row.step)
            sources: set[str | None] = {one.name for one in step.sources}
            assert beside or state in (sources or {None})
            state = row.to
            assert state == (step.to.name if step.to and not beside else row.source)
        assert (case.state, case.version) == (state, len(steps[case.id])), case.number
        _clocks_are_those_stored(session, case)


def _clocks_are_those_stored(session: Session, case: Case) -> None:
    facts = dues_are_those_stored(session, case)
    before = (case.owner_role, case.owner_unit_id, case.due_on, case.urge_on)
    project([facts])
    session.refresh(case)
    assert before == (case.owner_role, case.owner_unit_id, case.due_on, case.urge_on), case.number


def dues_are_those_stored(session: Session, case: Case) -> CaseFacts:
    """5: its clocks derived anew are those stored; writes nothing, not even what is there."""
    facts = CaseFacts(case, today())
    dues = facts.dues()
    derived = {one.clock: (one.started_on, one.due_on, one.ended_on) for one in dues}
    chosen = sa.select(Deadline).where(Deadline.case_number == case.number)
    kept = {
        row.clock: (row.started_on, row.due_on, row.ended_on) for row in session.scalars(chosen)
    }
    assert derived == kept, case.number
    return facts


def what_has_ended_holds_nothing(session: Session, cases: Sequence[Case]) -> None:
    """7: no hold, no mark, no open verification or correction; suspensions have a reason."""
    open_ones = {case.number for case in cases if is_open(case)}
    holds = sa.select(Hold.case_number).where(Hold.until.is_(None))
    assert {number or "" for number in session.scalars(holds)} <= open_ones
    marks = sa.select(SwitchPeriod.case_number).where(
        SwitchPeriod.switch == Switch.ANNOTATION, SwitchPeriod.until.is_(None)
    )
    assert {number or "" for number in session.scalars(marks)} <= open_ones
    by_id = {case.id: case for case in cases}
    for parent_id, child_id in session.execute(sa.select(CaseLink.parent_id, CaseLink.child_id)):
        parent, child = by_id[parent_id], by_id[child_id]
        if is_open(parent) or not is_open(child):
            continue
        assert child.kind == "suspension", (parent.number, child.number)
        held = sa.select(Hold.id).join(Suspension, Suspension.sanction_id == Hold.sanction_id)
        other = held.where(Suspension.case_id == child.id, Hold.until.is_(None))
        assert child.state in {"resuming", "lifting"} or session.scalar(other) is not None


def what_has_ended_is_out_of_use(session: Session) -> None:
    """2: of a record that is revoked, removed or repaired no switch but its annotation is on."""
    running = sa.select(SwitchPeriod.record_id).where(
        SwitchPeriod.switch != Switch.ANNOTATION,
        sa.or_(SwitchPeriod.until.is_(None), SwitchPeriod.until > today()),
    )
    ended = sa.select(Record.id).where(Record.ended_on.is_not(None))
    assert not set(session.scalars(running)) & set(session.scalars(ended))


def records_are_repaired_as_their_repairs_say(session: Session, cases: Sequence[Case]) -> None:
    """A record is repaired while a repair of it stands, and never valid meanwhile."""
    states = {case.id: case.state for case in cases}
    standing: dict[int, list[date]] = defaultdict(list)
    for row in session.scalars(sa.select(Repair)):
        told = (states[row.case_id], row.repaired_on, row.barred_until)
        assert (row.repaired_on is not None) == (states[row.case_id] in REPAIRED), told
        assert (row.barred_until is not None) == (states[row.case_id] == "revoked"), told
        if row.repaired_on is not None:
            standing[row.record_id].append(row.repaired_on)
    for record in session.scalars(sa.select(Record)):
        since = standing[record.id]
        said = (record.id, record.repaired_on, record.ended_by, since)
        assert (record.repaired_on is not None) == bool(since), said
        assert record.repaired_on is None or record.ended_on is not None, said
        assert record.repaired_on is None or record.repaired_on in since, said
        if record.ended_by is EndedBy.REPAIR:
            assert record.ended_on == record.repaired_on, said


def nothing_is_left_of_a_repair_that_is_finished(session: Session, cases: Sequence[Case]) -> None:
    """Repaired is what every department has confirmed and every recipient receipted."""
    by_id = {case.id: case for case in cases}
    finished = {one.id for one in cases if one.kind == "repair" and one.state == "repaired"}
    for parent_id, child_id in session.execute(sa.select(CaseLink.parent_id, CaseLink.child_id)):
        assert parent_id not in finished or not is_open(by_id[child_id]), by_id[child_id].number
    numbers = {by_id[one].number for one in finished}
    sent = session.scalars(sa.select(Message).where(Message.case_number.in_(numbers)))
    assert all(one.settled for one in sent)
