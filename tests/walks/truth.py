"""What is true after each deed: of what it touched at once, of everything at the end of a walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.chain import Link, canonical, sources, verify_chain
from app.cases.correction.models import Correction
from app.cases.history import _sealed
from app.cases.models import Case, CaseLink, StepTaken
from app.cases.objection.models import Item
from app.cases.suspension.models import Suspension
from app.clock import today
from app.db import db
from app.notices.models import Counter, Notice
from app.records.models import (
    Hold,
    Record,
    Sanction,
    SanctionBasis,
    SanctionOrder,
    Switch,
    SwitchPeriod,
)
from app.records.queries import in_force
from tests.app.cases import invariants
from workflows import WORKFLOWS

CONTESTING = {"verifying", "deciding"}
TO_BE_CORRECTED = {"ordered", "corrected"}


@dataclass
class Truth:
    """What was looked at so far: only what is newer, or was touched since, is looked at again."""

    step: int = 0
    notice: int = 0
    series: dict[str, int] = field(default_factory=dict)
    numbered: int = 0
    seen: tuple[int, date] = (-1, date.min)

    def look(self, commits: int, day: date) -> None:
        """Raise AssertionError with what is broken; changes nothing.

        `commits`: how often something was written so far; without a new one only days may count.
        """
        if self.seen == (commits, day):
            return
        session = db.session()
        session.expire_all()
        with clock.at(day):
            if self.seen[0] == commits:
                cases = list(session.scalars(sa.select(Case)))
                sanctions_are_in_force_as_the_law_says(session, cases)
                invariants.what_has_ended_is_out_of_use(session)
            else:
                self._look(session)
        session.rollback()
        self.seen = commits, day

    def _look(self, session: Session) -> None:
        cases = list(session.scalars(sa.select(Case).order_by(Case.id)))
        steps = self._touched_steps(session)
        touched = [case for case in cases if case.id in steps]
        invariants.everyone_waited_for_is_known(session, touched)
        invariants.nobody_decides_what_he_handled(touched, steps)
        invariants.orders_follow_from_suspensions(session, cases)
        invariants.what_has_ended_holds_nothing(session, cases)
        invariants.what_has_ended_is_out_of_use(session)
        invariants.records_are_repaired_as_their_repairs_say(session, cases)
        invariants.nothing_is_left_of_a_repair_that_is_finished(session, cases)
        self._notices(session, touched, steps)
        self._numbers(session, cases)
        histories_lead_where_cases_are(session, touched, steps)
        sanctions_are_in_force_as_the_law_says(session, cases)
        holds_and_marks_are_those_of_the_states(session, cases)
        self.step = max([self.step, *(row.id for rows in steps.values() for row in rows)])

    def _touched_steps(self, session: Session) -> dict[int, list[StepTaken]]:
        """The whole history of each case that has moved, and of what waits for it."""
        moved = set(session.scalars(sa.select(StepTaken.case_id).where(StepTaken.id > self.step)))
        waiting = (
            sa.select(CaseLink.child_id)
            .join(Case, Case.id == CaseLink.child_id)
            .where(CaseLink.parent_id.in_(moved), Case.state == "suspended")
        )
        near = moved | set(session.scalars(waiting)) if moved else set()
        chosen = sa.select(StepTaken).where(StepTaken.case_id.in_(near))
        found: dict[int, list[StepTaken]] = {key: [] for key in sorted(near)}
        for row in session.scalars(chosen.order_by(StepTaken.case_id, StepTaken.seq)):
            found[row.case_id].append(row)
        return found

    def _notices(
        self, session: Session, touched: Iterable[Case], steps: dict[int, list[StepTaken]]
    ) -> None:
        """3: each new step issued what its definition says, once; adverse ones name remedies."""
        issued: dict[tuple[str, int], list[Notice]] = defaultdict(list)
        chosen = sa.select(Notice).where(Notice.id > self.notice).order_by(Notice.id)
        for notice in session.scalars(chosen):
            issued[notice.case_number, notice.seq].append(notice)
            self.notice = notice.id
        numbers = [(one.series, one.ordinal) for found in issued.values() for one in found]
        for case in touched:
            for row in steps[case.id]:
                if row.id <= self.step:
                    continue
                own = () if row.data.get("of") else WORKFLOWS[case.kind].step(row.step).notices
                found = issued.pop((case.number, row.seq), [])
                assert [one.name for one in found] == [one.name for one in own], (
                    case.number,
                    row.step,
                )
                for notice, said in zip(found, own, strict=True):
                    assert bool(notice.context["remedies"]) == said.adverse, notice.number
                    assert notice.number in notice.html
        assert not issued, "a notice that no step issued"
        for series, ordinal in sorted(numbers):
            self._next(series, ordinal)

    def _numbers(self, session: Session, cases: Sequence[Case]) -> None:
        """3: each series counts on by one, and its counter says how far."""
        for case in cases[self.numbered :]:
            prefix, _, last = case.number.rpartition("-")
            self._next(prefix, int(last))
        self.numbered = len(cases)
        kept = {row.series: row.value for row in session.scalars(sa.select(Counter))}
        assert kept == self.series

    def _next(self, series: str, ordinal: int) -> None:
        assert ordinal == self.series.get(series, 0) + 1, (series, ordinal)
        self.series[series] = ordinal


def everything(day: date) -> None:
    """All invariants of all cases, and every chain, at the end of a walk."""
    session = db.session()
    with clock.at(day):
        invariants.assert_invariants(session)
        for name, links in sources():
            assert verify_chain(links) is None, name
    session.rollback()


def histories_lead_where_cases_are(
    session: Session, touched: Iterable[Case], steps: dict[int, list[StepTaken]]
) -> None:
    """5: from the first step on, one after the other, to the same state, clocks and seals."""
    for case in touched:
        rows = steps[case.id]
        state: str | None = None
        workflow = WORKFLOWS[case.kind]
        for seq, row in enumerate(rows, start=1):
            step = workflow.step(row.step)
            beside = row.step in {"stop_clock", "restart_clock"} and row.actor_id is None
            assert (row.seq, row.source) == (seq, state), (case.number, row.step)
            sources: set[str | None] = {one.name for one in step.sources}
            assert beside or state in (sources or {None})
            state = row.to
            assert state == (step.to.name if step.to and not beside else row.source)
        assert (case.state, case.version) == (state, len(rows)), case.number
        assert verify_chain(_links(case, rows)) is None, case.number
        invariants._clocks_are_those_stored(session, case)


def _links(case: Case, rows: Iterable[StepTaken]) -> Iterable[Link]:
    for row in rows:
        assert canonical(row.data)
        yield Link(case.number, row.seq, _sealed(case.number, row), row.mac)


# --- sanctions


def sanctions_are_in_force_as_the_law_says(session: Session, cases: Iterable[Case]) -> None:
    """2: computed day by day from the sentence under Suspension, from nothing that is derived.

    The day lies in its period, it is not lifted, no open hold, no suspension resuming or lifting,
    and at least one record that names its subject and is valid supports it.
    """
    on, states = today(), {case.id: case.state for case in cases}
    held, waiting = _stops(session)
    stopped: dict[int, set[str]] = defaultdict(set)
    for key, sanction in session.execute(sa.select(Suspension.case_id, Suspension.sanction_id)):
        stopped[sanction].add(states[key])
    supported = set(
        session.scalars(
            sa.select(SanctionBasis.sanction_id)
            .join(Record, Record.id == SanctionBasis.record_id)
            .join(Sanction, Sanction.id == SanctionBasis.sanction_id)
            .where(Record.subject_id == Sanction.subject_id, Record.ended_on.is_(None))
        )
    )
    rows = list(session.scalars(sa.select(Sanction).order_by(Sanction.id)))
    found = in_force([row.id for row in rows], on)
    for row in rows:
        stops = [*held[row.id], *waiting[row.id]]
        open_hold = any(
            since <= on and (until is None or on < until) for since, until in held[row.id]
        )
        ordered = stopped[row.id] & {"resuming", "lifting"}
        lifted = row.lifted_on is not None and row.lifted_on <= on
        runs = row.starts_on <= on <= last_day(row, stops, on)
        said = runs and not (lifted or open_hold or ordered) and row.id in supported
        told = (row.id, row.starts_on, row.ends_on, row.runs_until, stops, sorted(stopped[row.id]))
        assert found[row.id] == said, told


Stops = dict[int, list[tuple[date, date | None]]]


def _stops(session: Session) -> tuple[Stops, Stops]:
    """From when until when each sanction was held, and waited to be resumed."""
    held: Stops = defaultdict(list)
    for key, since, until in session.execute(sa.select(Hold.sanction_id, Hold.since, Hold.until)):
        if since is not None:
            held[key].append((since, until))
    waiting: Stops = defaultdict(list)
    chosen = sa.select(SanctionOrder.sanction_id, SanctionOrder.given_on, SanctionOrder.ended_on)
    for key, given, ended in session.execute(chosen.where(SanctionOrder.what == "resume")):
        waiting[key].append((given, ended))
    return held, waiting


def last_day(row: Sanction, stops: Sequence[tuple[date, date | None]], on: date) -> date:
    """The day on which its period is used up: a day on which it was stopped is not used."""
    if row.ends_on is None:
        return date.max
    left, day = (row.ends_on - row.starts_on).days + 1, row.starts_on
    stood = {
        since + timedelta(days=number)
        for since, until in stops
        for number in range(((until or on) - since).days)
    }
    while left and day <= max(stood, default=date.min):
        left -= day not in stood
        day += timedelta(days=1)
    return day + timedelta(days=left - 1)


# --- holds and annotations


def holds_and_marks_are_those_of_the_states(session: Session, cases: Iterable[Case]) -> None:
    """What an objection contests now is marked, and no case holds anything for another reason."""
    objections = {case.id: case for case in cases if case.kind == "objection"}
    contested: dict[str, set[int]] = defaultdict(set)
    for key, record in session.execute(sa.select(Item.case_id, Item.record_id)):
        if objections[key].state in CONTESTING:
            contested[objections[key].number].add(record)
    fixes = sa.select(Case.parent_id, Correction.record_id, Case.state).join(
        Correction, Correction.case_id == Case.id
    )
    for above, record, state in session.execute(fixes.where(Case.parent_id.is_not(None))):
        parent = objections.get(above or 0)
        if parent is not None and parent.state == "executing" and state in TO_BE_CORRECTED:
            contested[parent.number].add(record)
    marks: dict[str, set[int]] = defaultdict(set)
    chosen = sa.select(SwitchPeriod.case_number, SwitchPeriod.record_id).where(
        SwitchPeriod.switch == Switch.ANNOTATION, SwitchPeriod.until.is_(None)
    )
    for number, record in session.execute(chosen):
        marks[number or ""].add(record)
    _as_marked(session, dict(contested), dict(marks))


def _as_marked(
    session: Session, contested: dict[str, set[int]], marks: dict[str, set[int]]
) -> None:
    reinstating = {
        number for number, found in contested.items() if found - marks.get(number, set())
    }
    for number in reinstating:
        # A dismissal lets go at once; a correction that reinstates afterwards contests nothing.
        kinds = sa.select(Correction.decided_kind).join(Case, Case.id == Correction.case_id)
        parent = sa.select(Case.id).where(Case.number == number).scalar_subquery()
        chosen = kinds.where(Case.parent_id == parent, Case.state.in_(TO_BE_CORRECTED))
        assert set(session.scalars(chosen)) == {"reinstate"}, (number, contested[number], marks)
    for number, found in marks.items():
        assert found <= contested.get(number, set()), (number, found, contested.get(number))
    bases = defaultdict(set)
    for sanction, record in session.execute(
        sa.select(SanctionBasis.sanction_id, SanctionBasis.record_id)
    ):
        bases[sanction].add(record)
    held = sa.select(Hold.sanction_id, Hold.case_number).where(Hold.until.is_(None))
    for sanction, number in session.execute(held):
        assert bases[sanction] & contested.get(number, set()), (sanction, number)
