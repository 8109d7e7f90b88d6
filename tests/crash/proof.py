"""What must be true after each kill, and all that must be true at the end; changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases import files as attached
from app.cases.models import Attachment, Case, IdempotencyKey, StepTaken
from app.clock import today
from app.db import db
from app.delivery.models import Message, OutboxRow, Task
from app.delivery.outbox import DEATHS, DIED
from app.exchange import keeping
from app.exchange.models import Import, ImportLine
from app.notices import files as drawn
from app.notices.models import Notice
from app.records.models import Record, RecordVersion, SwitchPeriod
from tests.app.cases import invariants
from tests.crash.ledger import Deed, End, Ledger, done
from tests.crash.town import SENT
from tests.walks import truth
from workflows import WORKFLOWS

OVERLAP = 100
"""Steps that are looked at once more: on PostgreSQL keys are not given in the order of commits."""


@contextmanager
def snapshot() -> Iterator[Session]:
    """All that is asked inside sees one state of the database, whoever writes meanwhile."""
    session = db.session()
    session.rollback()
    session.expire_all()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()


@dataclass
class Proof:
    """Looks at the books of the driver, at the database and at the disk."""

    ledger: Ledger
    step: int = 0
    files: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Raise AssertionError with what is broken; while the program works or is dead."""
        told = self.ledger.copy()
        assert not self.ledger.faults, self.ledger.faults[:5]
        with snapshot() as session:
            self.check(session, told)

    def check(self, session: Session, told: list[tuple[Deed, End]]) -> None:
        """Compare what the driver was told before the session began to look with what it sees."""
        acknowledged_stands(session, told)
        self._whole(session)
        leaves_work_for_all(session)
        imports_are_whole(session)
        self._on_disk(session)

    def _whole(self, session: Session) -> None:
        """Whatever moved since: history, state, clocks, seals and notices belong together."""
        cases = list(session.scalars(sa.select(Case).order_by(Case.id)))
        recent = sa.select(StepTaken.case_id).where(StepTaken.id > self.step - OVERLAP)
        near = set(session.scalars(recent))
        steps: dict[int, list[StepTaken]] = defaultdict(list)
        chosen = sa.select(StepTaken).where(StepTaken.case_id.in_(near))
        for row in session.scalars(chosen.order_by(StepTaken.case_id, StepTaken.seq)):
            steps[row.case_id].append(row)
        touched = [case for case in cases if case.id in near]
        invariants.numbers_have_no_gaps(session, cases)
        invariants.everyone_waited_for_is_known(session, touched)
        invariants.nobody_decides_what_he_handled(touched, steps)
        invariants.orders_follow_from_suspensions(session, cases)
        invariants.what_has_ended_holds_nothing(session, cases)
        clocks = invariants.dues_are_those_stored
        truth.histories_lead_where_cases_are(session, touched, steps, clocks)
        truth.holds_and_marks_are_those_of_the_states(session, cases)
        notices_are_those_of_the_steps(session, touched, steps)
        self.step = session.scalar(sa.select(sa.func.max(StepTaken.id))) or 0

    def _on_disk(self, session: Session) -> None:
        """A digest in the database has its file, and the file has that digest."""
        known = sa.select(Notice.id, Notice.sha256).where(Notice.sha256.is_not(None))
        for key, digest in session.execute(known):
            if digest and digest not in self.files:
                assert drawn.read(key, digest) is not None, f"the file of notice {key}"
                self.files.add(digest)
        for digest in set(session.scalars(sa.select(Attachment.sha256))) - self.files:
            attached.read(digest)
            self.files.add(digest)
        for digest in set(session.scalars(sa.select(Import.sha256))):
            assert keeping.path(digest).exists(), f"the file of an import, {digest}"

    def everything(self) -> None:
        """All that holds once everybody has gone home and the worker has caught up."""
        self.look()
        told = self.ledger.copy()
        assert not [deed for deed, end in told if end is End.UNKNOWN]
        truth.everything(today())
        with snapshot() as session:
            nothing_waits(session)
            every_notice_has_one_file(session)
            if db.engine.dialect.name == "sqlite":
                assert session.scalars(sa.text("PRAGMA integrity_check")).all() == ["ok"]
                assert not session.execute(sa.text("PRAGMA foreign_key_check")).all()


# --- the books


def acknowledged_stands(session: Session, told: list[tuple[Deed, End]]) -> None:
    """What was acknowledged is there, once; what was refused is not there at all."""
    _keys(session, told)
    _steps(session, told)
    _attachments(session, told)
    _imports(session, told)
    _served(session, told)
    receipted = set(session.scalars(sa.select(Message.id).where(Message.receipted_at.is_not(None))))
    for deed in done(told, "receipt"):
        assert deed.ref in receipted, f"the receipt of message {deed.ref} is lost"


def _keys(session: Session, told: list[tuple[Deed, End]]) -> None:
    rows = session.execute(sa.select(IdempotencyKey.person_id, IdempotencyKey.key, _NUMBER))
    answers = {(person, key): number for person, key, number in rows}
    assert all(answers.values()), "a key without its case"
    for deed in done(told, "step", "file"):
        found = answers.get((deed.who.key, deed.key))
        assert found == deed.number, f"{deed.step} of {deed.number}, {deed.key}: {found}"
    for deed, end in told:
        if end is End.REFUSED and deed.what in {"step", "file"}:
            assert (deed.who.key, deed.key) not in answers, f"refused, and done: {deed.key}"


_NUMBER = IdempotencyKey.case_number


def _steps(session: Session, told: list[tuple[Deed, End]]) -> None:
    """Whatever people did in the histories, they asked for, and each as often as they did."""
    chosen = (
        sa.select(Case.number, StepTaken.step, StepTaken.actor_id, sa.func.count())
        .join(Case, Case.id == StepTaken.case_id)
        .where(StepTaken.actor_id.is_not(None))
        .group_by(Case.number, StepTaken.step, StepTaken.actor_id)
    )
    taken = {
        (number, step, who or 0): count for number, step, who, count in session.execute(chosen)
    }
    asked = Counter((one.number, one.step, one.who.key) for one in done(told, "step", "file"))
    open_ones = [one for one, end in told if end is End.UNKNOWN and one.what in {"step", "file"}]
    maybe = Counter((one.number, one.step, one.who.key) for one in open_ones)
    filing = Counter((one.step, one.who.key) for one in open_ones if not one.number)
    for place, count in asked.items():
        assert taken.get(place, 0) >= count, f"acknowledged, and not in the history: {place}"
    for (number, step, who), count in taken.items():
        more = count - asked[number, step, who] - maybe[number, step, who]
        if more > 0:
            filing[step, who] -= more
            assert filing[step, who] >= 0, f"nobody asked for {step} of {number}, {count} times"


def _attachments(session: Session, told: list[tuple[Deed, End]]) -> None:
    titles = Counter(session.scalars(sa.select(Attachment.title)))
    assert max(titles.values(), default=1) == 1, "a file was added twice"
    for deed in done(told, "attach"):
        assert deed.key in titles, f"the file {deed.key} is lost"


def _imports(session: Session, told: list[tuple[Deed, End]]) -> None:
    names = Counter(session.scalars(sa.select(Import.filename)))
    assert max(names.values(), default=1) == 1, "a file was handed in twice"
    for deed in done(told, "hand in"):
        assert deed.key in names, f"the file {deed.key} is lost"


def _served(session: Session, told: list[tuple[Deed, End]]) -> None:
    """A notice is served where the history of its case says so, and once."""
    served = set(session.scalars(sa.select(Notice.id).where(Notice.served_on.is_not(None))))
    rows = session.scalars(sa.select(StepTaken.data).where(StepTaken.step == "served"))
    proved = Counter(data["input"]["notice_id"] for data in rows)
    assert proved == dict.fromkeys(served, 1)
    for deed in done(told, "serve"):
        assert deed.ref in served, f"notice {deed.ref} was confirmed, and is not served"


# --- what belongs together


def notices_are_those_of_the_steps(
    session: Session, touched: Iterable[Case], steps: dict[int, list[StepTaken]]
) -> None:
    """Each step issued what its definition says, once."""
    cases = list(touched)
    issued = defaultdict(list)
    chosen = sa.select(Notice.case_number, Notice.seq, Notice.name)
    numbers = [case.number for case in cases]
    for number, seq, name in session.execute(
        chosen.where(Notice.case_number.in_(numbers)).order_by(Notice.id)
    ):
        issued[number, seq].append(name)
    for case in cases:
        for row in steps[case.id]:
            own = () if row.data.get("of") else WORKFLOWS[case.kind].step(row.step).notices
            found = issued.pop((case.number, row.seq), [])
            assert found == [one.name for one in own], (case.number, row.step, found)
    assert not issued, f"notices that no step issued: {dict(issued)}"


def leaves_work_for_all(session: Session) -> None:
    """Each notice and each message has its row in the outbox, and no row is for nothing.

    A notice whose row is done has been drawn, a message whose row is done was sent, and none twice.
    """
    for task, table, proof in (
        (Task.DRAW_NOTICE, Notice, Notice.sha256),
        (Task.DELIVER_MESSAGE, Message, Message.sent_at),
    ):
        rows = sa.select(OutboxRow.ref_id, OutboxRow.done_at).where(OutboxRow.task == task)
        left = dict(session.execute(rows).all())
        there = dict(session.execute(sa.select(table.id, proof)).all())
        assert left.keys() == there.keys(), (task, left.keys() ^ there.keys())
        undone = [ref for ref, ended in left.items() if ended and not there[ref]]
        assert not undone, f"{task} is done in the outbox alone: {undone}"
    sent = Counter(session.scalars(sa.select(SENT.c.message_id)))
    assert max(sent.values(), default=1) == 1, f"sent twice: {sent.most_common(3)}"


def imports_are_whole(session: Session) -> None:
    """What an import says of its lines is what is written of them, and what they brought is there."""
    counted = sa.select(
        ImportLine.import_id, ImportLine.fate, sa.func.count(), sa.func.max(ImportLine.line)
    ).group_by(ImportLine.import_id, ImportLine.fate)
    fates: dict[int, Counter[str]] = defaultdict(Counter)
    last: Counter[int] = Counter()
    for key, fate, count, line in session.execute(counted):
        fates[key][fate] = count
        last[key] = max(last[key], line)
    for row in session.scalars(sa.select(Import)):
        assert Counter(row.counts) == fates[row.id], f"import {row.id}: {row.counts}"
        assert row.last_line == last[row.id], f"import {row.id}"
        assert row.fault is None, f"import {row.id}: {row.fault}"
        assert row.ended_at is None or row.taken == row.total, f"import {row.id} ended early"


# --- the end


def nothing_waits(session: Session) -> None:
    """The worker has caught up: nothing is under way, and nothing was given up before its time."""
    for row in session.scalars(sa.select(OutboxRow)):
        told = (row.id, row.task, row.ref_id, row.attempts, row.deaths, row.error)
        assert row.done_at is not None or was_given_up(row), told
        assert row.lease is None, told
    for one in session.scalars(sa.select(Import)):
        assert one.ended_at is not None, f"import {one.id}"
        assert one.lease is None, f"import {one.id}"


def was_given_up(row: OutboxRow) -> bool:
    """Whether so many workers died with it in hand that it might be what kills them."""
    return row.failed_at is not None and row.deaths >= DEATHS and row.error == DIED


def every_notice_has_one_file(session: Session) -> None:
    """The folder holds one file for each notice, with its digest, and nothing else."""
    digests = {f"{key}.pdf": digest for key, digest in session.execute(_DIGESTS)}
    for key, digest in session.execute(_DIGESTS):
        assert drawn.read(key, digest) is not None, f"the file of notice {key}"
    folder = drawn.path(0).parent
    assert {one.name for one in folder.iterdir() if not one.name.startswith(".")} == set(digests)
    assert len(set(digests.values())) == len(digests), "two notices with the same file"


_DIGESTS = sa.select(Notice.id, Notice.sha256)
Plain = tuple[str, ...]


def brought(session: Session, key: int) -> tuple[list[Plain], list[Plain]]:
    """What an import said of each line, and what it left behind, but for its own name and keys."""
    row = session.get_one(Import, key)
    tag = row.filename.removesuffix(".csv")

    def plain(*values: object) -> Plain:
        return tuple(str(value).replace(tag, "run") for value in values)

    lines = sa.select(ImportLine).where(ImportLine.import_id == key).order_by(ImportLine.line)
    said = [
        plain(one.line, one.fate, one.about, one.why, one.notable, one.record_id is not None)
        for one in session.scalars(lines)
    ]
    own = Record.decision_no.contains(f"{tag}-", autoescape=True)
    versions = sa.select(Record.decision_no, RecordVersion.version, RecordVersion.content)
    periods = sa.select(
        Record.decision_no, SwitchPeriod.switch, SwitchPeriod.since, SwitchPeriod.until
    )
    asked = (
        versions.join(Record, Record.id == RecordVersion.record_id).where(own),
        periods.join(Record, Record.id == SwitchPeriod.record_id).where(own),
    )
    left = sorted(plain(*found) for one in asked for found in session.execute(one))
    return said, left
