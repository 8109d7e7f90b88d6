"""What is true after each deed (processes.md, Invariants): of what it touched, and of everything.

Everything is told from plain rows and the tables written here, as far as possible in another way
than the program tells it. The wider circles: `look` after each deed, of what was written; `whole`
every so often, of all that there is; `everything` at the end, by the program's own reckoning too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.chain import START, Link, canonical, seal, sources, verify_chain
from app.cases.history import _sealed
from app.cases.models import Case, StepTaken
from app.db import db
from app.people.actor import Actor
from app.people.models import Unit
from tests.app.cases import invariants
from tests.walks import registered, waiting
from tests.walks.inputs import TEXT
from tests.walks.register import Register, Row
from tests.walks.registered import Sanctions
from tests.walks.waiting import is_open
from workflows import WORKFLOWS
from workflows.grammar import Role, bys

ADVERSE = {
    ("objection", "refusal"),
    ("objection", "upheld"),
    ("objection", "dismissed"),
    ("suspension", "declined"),
    ("repair", "not_accepted"),
    ("repair", "refused"),
    ("repair", "revoked"),
}
"""Notices that burden somebody, and so name the remedies."""
ISSUING = {
    "objection": {"submit", "request_supplement", "lapse", "accept", "refuse", "extend", "uphold"}
    | {"dismiss", "withdraw", "urge", "stop_clock"},
    "verification": {"open", "grant_time", "endorse", "urge", "stop_clock"},
    "suspension": {"open", "open_to_lift", "confirm", "decline", "order_resume", "order_lift"}
    | {"hold_again", "urge", "stop_clock"},
    "correction": {"open", "open_annulled", "carry_out", "withdraw_publication", "restore", "urge"}
    | {"stop_clock"},
    "repair": {"submit", "request_supplement", "lapse", "accept", "refuse_acceptance", "extend"}
    | {"grant", "refuse", "withdraw", "discontinue", "urge", "propose_revocation", "revoke"}
    | {"drop_revocation", "restore_repair", "stop_clock"},
}
"""Steps that tell somebody by a notice: one, but for the application that comes with its receipt."""
INFORMING = {
    "correction": {"approve", "carry_out", "withdraw_publication"},
    "repair": {"grant", "revoke", "restore_repair"},
}
"""Steps after which every recipient of the record is told."""
AGAIN = {
    ("objection", "reopen"): {"uphold", "dismiss"},
    ("objection", "reopen_acceptance"): {"refuse"},
    ("repair", "reopen"): {"grant", "refuse"},
    ("repair", "reopen_acceptance"): {"refuse_acceptance"},
    ("repair", "restore_repair"): {"revoke"},
}
"""Steps by which an annulled decision is taken anew: not by whoever took it."""


@dataclass
class Line:
    """How far the history of a case has been followed."""

    state: str | None = None
    mac: bytes = START
    handled: set[int] = field(default_factory=set)
    decided: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    barred: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Truth:
    """What was looked at so far: only what was written since is looked at again."""

    policy: Mapping[str, str] = field(default_factory=dict)
    register: Register = field(default_factory=Register)
    lines: dict[int, Line] = field(default_factory=lambda: defaultdict(Line))
    series: dict[str, int] = field(default_factory=dict)
    numbered: int = 0
    day: date = date.min
    ground: waiting.Ground | None = None
    told: dict[int, tuple[object, ...]] = field(default_factory=dict)
    supported: set[int] = field(default_factory=set)
    messages: int = 0
    actors: Mapping[int, Actor] = field(default_factory=dict)

    def look(self, written: set[str] | None, day: date, *, ticked: bool = False) -> None:
        """Raise AssertionError with what is broken; changes nothing.

        `written`: the tables written to since the last look, None: any. `ticked`: the clock has
        just done all that was due.
        """
        if not written and written is not None and day == self.day and not ticked:
            return
        session = db.session()
        with clock.at(day):
            self.register.read(session, written)
            self._look(session, day, everything=written is None)
            if ticked:
                self._nothing_left(day)
        session.rollback()
        self.day = day

    def whole(self, day: date) -> None:
        """Everything, read anew, whoever wrote it."""
        self.told.clear()
        self.look(None, day)

    def _look(self, session: Session, day: date, *, everything: bool) -> None:
        register = self.register
        if self.ground is None:
            units = session.execute(sa.select(Unit.id, Unit.is_office)).all()
            (office,) = (row.id for row in units if row.is_office)
            self.ground = waiting.Ground(office, frozenset(row.id for row in units))
        fresh = [register.cases[key] for key in register.fresh]
        touched = list(register.cases.values()) if everything else fresh
        for case in fresh:
            self._follow(case, register.fresh[case.id])
        for case in touched:
            now = (case.state, case.version)
            assert now == (self.lines[case.id].state, len(register.steps[case.id])), case.number
        self._notices(fresh)
        self._numbers()
        self._told(fresh)
        waiting.clocks_are_as_the_history_says(register, touched)
        waiting.everybody_waited_for_is_known(register, self.ground)
        what_was_opened_covers_the_case(register, fresh)
        known = Sanctions(register, day, self.policy)
        registered.all_of(known)
        registered.what_lost_its_last_record_is_lifted(known, self.supported)
        registered.sanctions_are_in_force_as_the_law_says(known, self.told)

    def _nothing_left(self, day: date) -> None:
        known = Sanctions(self.register, day, self.policy)
        waiting.nothing_due_is_left(self.register, day)
        registered.what_rests_on_contested_records_is_held(known, self.policy)
        registered.what_is_suspended_can_be_resumed(known)

    # --- 4, 5: the history, step by step

    def _follow(self, case: Row, rows: Iterable[Row]) -> None:
        workflow, line = WORKFLOWS[case.kind], self.lines[case.id]
        number = len(self.register.steps[case.id]) - len(self.register.fresh[case.id])
        for row in rows:
            number += 1
            told = (case.number, row.step, row.seq)
            step = workflow.step(row.step)
            beside = row.step in {"stop_clock", "restart_clock"} and row.actor_id is None
            assert (row.seq, row.source) == (number, line.state), told
            sources: set[str | None] = {one.name for one in step.sources}
            assert beside or line.state in (sources or {None}), told
            line.state = row.to
            assert line.state == (step.to.name if step.to and not beside else row.source), told
            assert sha256(canonical(row.data)).hexdigest() == row.data_digest, told
            sealed = seal(line.mac, _sealed(case.number, row))
            assert sealed.hex() == row.mac, told
            line.mac = sealed
            self._four_eyes(case, row, line)
            if row.actor_id in self.actors and not row.data.get("of"):
                actor = self.actors[row.actor_id]
                assert any(stands(by.role, case, row, actor) for by in bys(step.by)), told

    def _four_eyes(self, case: Row, row: Row, line: Line) -> None:
        for reopening, decisions in AGAIN.items():
            if reopening == (case.kind, row.step):
                for one in decisions:
                    line.barred[one] |= {who for name in decisions for who in line.decided[name]}
        if row.actor_id is None:
            return
        told = (case.number, row.step, row.actor_id)
        if row.step in invariants.DECIDING[case.kind]:
            assert row.actor_id not in line.handled, told
            assert row.actor_id not in line.barred[row.step], told
            line.decided[row.step].add(row.actor_id)
        if row.step in invariants.HANDLING[case.kind]:
            line.handled.add(row.actor_id)

    # --- 3: notices and numbers

    def _notices(self, fresh: Iterable[Row]) -> None:
        """Each new step issued what its definition says, once, that day."""
        issued: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for notice in self.register.notices:
            issued[notice.case_number, notice.seq].append(notice)
        numbers = [(one.series, one.ordinal) for one in self.register.notices]
        for case in fresh:
            for row in self.register.fresh[case.id]:
                own = () if row.data.get("of") else WORKFLOWS[case.kind].step(row.step).notices
                found = issued.pop((case.number, row.seq), [])
                told = (case.number, row.step)
                assert [one.name for one in found] == [one.name for one in own], told
                if not row.data.get("of"):
                    assert bool(found) == (row.step in ISSUING[case.kind]), told
                    assert len(found) <= 1 or told[1] == "submit", told
                for notice in found:
                    assert notice.issued_on == row.on, told
                    notice_is_whole(case, notice, row)
        assert not issued, "a notice that no step issued"
        for series, ordinal in sorted(numbers):
            self._next(series, ordinal)

    def _numbers(self) -> None:
        """Each series counts on by one, and its counter says how far."""
        for case in list(self.register.cases.values())[self.numbered :]:
            prefix, _, last = case.number.rpartition("-")
            self._next(prefix, int(last))
        self.numbered = len(self.register.cases)
        kept = {row.series: row.value for row in self.register["counters"]}
        assert kept == self.series

    def _next(self, series: str, ordinal: int) -> None:
        assert ordinal == self.series.get(series, 0) + 1, (series, ordinal)
        self.series[series] = ordinal

    # --- messages

    def _told(self, fresh: Iterable[Row]) -> None:
        """Each recipient of a record gets one message for each step that changed it, nobody else."""
        new: dict[str, list[Row]] = defaultdict(list)
        for one in self.register["messages"]:
            if one.id > self.messages:
                new[one.case_number].append(one)
                self.messages = one.id
        about = records_of(self.register)
        for case in fresh:
            steps = [row.step for row in self.register.fresh[case.id]]
            times = sum(step in INFORMING.get(case.kind, ()) for step in steps)
            sent = new.pop(case.number, [])
            if times:
                record = about[case.id]
                wanted = sorted(registered.recipients_of(self.register, record.id) * times)
                assert sorted(one.recipient_id for one in sent) == wanted, case.number
                assert {one.version for one in sent} <= {record.version}, case.number
            assert times or not sent, case.number
            if case.state in {"restoring", "done", "repaired"} and case.kind in INFORMING:
                assert waiting.settled(self.register, case.number), case.number
        assert not new, "a message that no step sent"


def stands(role: Role, case: Row, row: Row, actor: Actor) -> bool:
    """Whether somebody was in a role when the step was taken: of its own unit, or concerned."""
    concerned = case.subject_id is not None and case.subject_id in actor.subjects
    if role is Role.OWNER:
        owner = waiting.WAITING[case.kind, row.source][0]
        either = {owner, waiting.BY_THE_OFFICE.get(row.source, owner)}
        return any(stands(Role(one), case, row, actor) for one in either)
    if role is Role.SUBJECT:
        return concerned
    if role is Role.FILER:
        return concerned or case.filer_unit_id == actor.unit_id is not None
    if role.startswith("office."):
        return role in actor.roles
    return role in actor.roles and actor.unit_id in {case.unit_id, case.filer_unit_id}


def records_of(register: Register) -> dict[int, Row]:
    """The one record that each correction and repair is about, by the key of the case."""
    records = {row.id: row for row in register["records"]}
    rows = (*register["corrections"], *register["repairs"])
    return {row.case_id: records[row.record_id] for row in rows}


def notice_is_whole(case: Row, notice: Row, row: Row) -> None:
    """3: number, legal basis, what was given as reason; who is burdened reads the remedies."""
    told = (notice.number, notice.name)
    assert notice.number in notice.html, told
    assert notice.context["basis"], told
    for law in notice.context["basis"]:
        assert law.split("》")[0] in notice.html, told
    remedies = notice.context["remedies"]
    assert bool(remedies) == ((case.kind, notice.name) in ADVERSE), told
    for one in remedies:
        for name in ("body", "verb", "period", "channel"):
            assert one[name] in notice.html, (*told, name)
        assert one["body"], told
        assert one["period"], told
    said = row.data.get("input") or {}
    if (case.kind, notice.name) in ADVERSE and said.get("reasons") == TEXT:
        assert TEXT in notice.html, told


def what_was_opened_covers_the_case(register: Register, fresh: Iterable[Row]) -> None:
    """A verification for each provider asked, a correction for each record with a wrong item."""
    items: dict[int, list[Row]] = defaultdict(list)
    for one in register["items"]:
        items[one.case_id].append(one)
    asked = {row.case_id: row.items for row in register["verifications"]}
    to_correct = {row.case_id: row.record_id for row in register["corrections"]}
    for case in fresh:
        children = [register.cases[key] for key in register.children.get(case.id, ())]
        steps = {row.step for row in register.fresh[case.id]}
        if (case.kind, case.state) == ("objection", "verifying"):
            open_ones = {key for one in children if is_open(one) for key in asked.get(one.id, ())}
            missing = {one.id for one in items[case.id] if one.finding is None} - open_ones
            assert not missing, (case.number, "nobody is asked", missing)
        if case.kind == "objection" and "accept" in steps:
            units = [one.unit_id for one in children if one.kind == "verification"]
            assert len(units) == len(set(units)), case.number
        if "uphold" in steps:
            wrong = {one.record_id for one in items[case.id] if one.outcome == "upheld"}
            opened = {to_correct[one.id] for one in children if one.kind == "correction"}
            assert wrong, case.number
            assert wrong <= opened, (case.number, wrong, opened)


def everything(day: date) -> None:
    """All invariants of all cases as the program's own functions tell them, and every chain."""
    session = db.session()
    with clock.at(day):
        invariants.assert_invariants(session)
        for name, links in sources():
            assert verify_chain(links) is None, name
    session.rollback()


def histories_lead_where_cases_are(
    session: Session,
    touched: Iterable[Case],
    steps: dict[int, list[StepTaken]],
    clocks: Callable[[Session, Case], object],
) -> None:
    """5: from the first step on to the same state and seals; `clocks` looks at those of a case."""
    for case in touched:
        state: str | None = None
        for seq, row in enumerate(steps[case.id], start=1):
            assert (row.seq, row.source) == (seq, state), (case.number, row.step)
            state = row.to
        assert (case.state, case.version) == (state, len(steps[case.id])), case.number
        links = [Link(case.number, r.seq, _sealed(case.number, r), r.mac) for r in steps[case.id]]
        assert verify_chain(links) is None, case.number
        clocks(session, case)


def holds_and_marks_are_those_of_the_states(session: Session, _cases: object = ()) -> None:
    """What objections contest now is marked, and nothing is held for another reason."""
    register = Register()
    register.read(session, None)
    registered.contested_records_are_marked(Sanctions(register, clock.today(), {}))
