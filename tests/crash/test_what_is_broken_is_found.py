"""Whatever a kill could leave lost, half done or doubled is found by those who look."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases import files as attached
from app.cases.commands import Once, file_objection, take_step
from app.cases.models import Attachment, Case, IdempotencyKey
from app.clock import now, today
from app.db import transaction
from app.deadlines.models import Deadline
from app.delivery import commands as delivery
from app.delivery.models import Message, OutboxRow, Task
from app.exchange.commands import hand_in
from app.exchange.handing_in import run_all
from app.exchange.models import Import, ImportLine
from app.notices import drawing, files as drawn
from app.notices.models import Counter, Notice
from app.records.models import Recipient, Record
from tests.app.cases.city import City, city_again
from tests.crash import town
from tests.crash.asking import Request
from tests.crash.ledger import Deed, End, Ledger
from tests.crash.papers import export
from tests.crash.proof import Proof, nothing_waits
from tests.crash.town import SENT, Somebody
from workflows.inputs.objection import Filing, ItemInput

PDF = b"%PDF-1.7 of a notice"
FILE = drawing.File(
    data=PDF, drawn_size=len(PDF), style="", fonts="", renderer="", certificate=None
)
NOWHERE = Request("POST", "/")


@dataclass
class Scene:
    """An objection handed in, its receipt drawn, a message sent, a file taken in; and the books."""

    session: Session
    city: City
    ledger: Ledger
    number: str = ""
    notice: int = 0

    def check(self) -> None:
        """Look as after a kill."""
        self.session.expire_all()
        Proof(self.ledger).check(self.session, self.ledger.copy())

    def files(self) -> list[Path]:
        """Those of its notice and of its attachment."""
        digests = self.session.scalars(sa.select(Attachment.sha256))
        return [drawn.path(self.notice), *map(attached.path, digests)]

    def did(self, what: str, key: str, **named: object) -> Deed:
        """Write a deed of the company into the books, acknowledged."""
        who = Somebody("subject", self.city.actor["subject"].person_id or 0, "")
        deed = Deed(who, what, NOWHERE, key, **named)  # type: ignore[arg-type]  # its own fields
        deed.end = End.DONE
        self.ledger.begin(deed)
        return deed

    def change(self, statement: sa.Executable) -> None:
        """Break something."""
        self.session.connection().execute(statement)


@pytest.fixture
def scene(session: Session) -> Iterator[Scene]:
    """All of it is as it should be."""
    made = Scene(session, city_again(), Ledger())
    town.watch_messages()
    hand_in_an_objection(made)
    draw_its_receipt(made)
    send_a_message(made)
    hand_a_file_in(made)
    made.check()
    yield made
    drawn.path(made.notice).unlink(missing_ok=True)


def hand_in_an_objection(scene: Scene) -> None:
    subject = scene.city.actor["subject"]
    record = scene.city.record()
    scene.city.sanction(record)
    items = (ItemInput(record, "violation", "O1", "没有此行为"),)
    filing = Filing(statement="没有此行为。", items=items)
    scene.number = file_objection(subject, filing, Once("key-1", {}))
    scene.did("file", "key-1", number=scene.number, step="file")
    scene.city.attach(scene.number, "subject")
    take_step(scene.number, "submit", subject, once=Once("key-2", {}))
    scene.did("step", "key-2", number=scene.number, step="submit")


def draw_its_receipt(scene: Scene) -> None:
    scene.notice = scene.session.scalars(sa.select(Notice.id)).one()
    drawn.publish(scene.notice, PDF)
    with transaction():
        drawing.keep(scene.notice, FILE)
        done = sa.update(OutboxRow).where(OutboxRow.task == Task.DRAW_NOTICE)
        scene.change(done.values(done_at=now()))


def send_a_message(scene: Scene) -> None:
    with transaction():
        delivery.send(
            recipients=list(scene.session.scalars(sa.select(Recipient))),
            record=scene.session.scalars(sa.select(Record)).first() or Record(),
            case_number=scene.number,
            subject="更正",
            body="记录已经更正。",
        )
    assert set(delivery.drain()) <= {"done", "failed"}


def hand_a_file_in(scene: Scene) -> None:
    lines = export("run-1.csv").splitlines(keepends=True)[:4]
    file = io.BytesIO(b"".join(lines))
    hand_in(scene.city.actor["provider"], "run-1.csv", file, dry_run=False)
    assert run_all() == {"done": 1}


def overwritten(scene: Scene) -> None:
    drawn.path(scene.notice).write_bytes(PDF[:-3])


def another_in_its_place(scene: Scene) -> None:
    digest = scene.session.scalars(sa.select(Attachment.sha256)).one()
    attached.path(digest).write_bytes(b"%PDF-1.7 of somebody else")


def sent_twice(scene: Scene) -> None:
    key = scene.session.scalars(sa.select(SENT.c.message_id)).first()
    scene.change(sa.insert(SENT).values(message_id=key))


BREAKING: dict[str, Callable[[Scene], object]] = {
    "a step is lost": lambda it: it.did("step", "key-3", number=it.number, step="withdraw"),
    "its key is lost": lambda it: it.change(sa.delete(IdempotencyKey).filter_by(key="key-2")),
    "a key has no case": lambda it: it.change(sa.update(IdempotencyKey).values(case_number="")),
    "a step was taken that nobody asked for": lambda it: it.ledger.deeds.pop(),
    "what was refused was done": lambda it: setattr(it.ledger.deeds[-1], "end", End.REFUSED),
    "a file is lost": lambda it: it.did("attach", "run-7"),
    "a file of records is lost": lambda it: it.did("hand in", "run-8.csv"),
    "a receipt is lost": lambda it: it.did("receipt", "run-9", ref=0),
    "a proof of service is lost": lambda it: it.did("serve", "run-10", ref=it.notice),
    "served, but not in the history": lambda it: it.change(
        sa.update(Notice).values(served_on=today(), served_how="here")
    ),
    "the state is not that of the history": lambda it: it.change(
        sa.update(Case).values(state="verifying")
    ),
    "a clock is lost": lambda it: it.change(sa.delete(Deadline)),
    "nobody is waited for": lambda it: it.change(sa.update(Case).values(owner_role=None)),
    "a number is missing": lambda it: it.change(sa.update(Counter).values(value=Counter.value + 1)),
    "a notice waits for nobody": lambda it: it.change(
        sa.delete(OutboxRow).where(OutboxRow.task == Task.DRAW_NOTICE)
    ),
    "a message waits for nobody": lambda it: it.change(
        sa.delete(OutboxRow).where(OutboxRow.task == Task.DELIVER_MESSAGE)
    ),
    "sent in the outbox alone": lambda it: it.change(
        sa.update(Message).values(sent_at=None, receipted_at=None)
    ),
    "sent twice": sent_twice,
    "the file of a notice is missing": lambda it: drawn.path(it.notice).unlink(),
    "the file of a notice is half there": overwritten,
    "an attachment is another": another_in_its_place,
    "a line has no fate": lambda it: it.change(sa.delete(ImportLine).where(ImportLine.line == 2)),
    "a line is counted twice": lambda it: it.change(
        sa.update(Import).values(accepted=Import.accepted + 1)
    ),
    "an import goes on behind its last line": lambda it: it.change(
        sa.update(Import).values(last_line=2)
    ),
    "an import ended early": lambda it: it.change(sa.update(Import).values(total=99)),
}


def is_found(scene: Scene, breaking: Callable[[Scene], object]) -> bool:
    """Whether those who look see what was broken; it is mended afterwards."""
    deeds = [replace(one) for one in scene.ledger.deeds]
    kept = {path: path.read_bytes() for path in scene.files()}
    savepoint = scene.session.begin_nested()
    try:
        breaking(scene)
        scene.check()
    except (AssertionError, attached.Lost):
        return True
    else:
        return False
    finally:
        savepoint.rollback()
        scene.ledger.deeds = deeds
        for path, data in kept.items():
            path.write_bytes(data)


def test_what_is_broken_is_found(scene: Scene):
    assert not [how for how, breaking in BREAKING.items() if not is_found(scene, breaking)]
    scene.check()


def test_work_that_nobody_finished_is_found(scene: Scene):
    nothing_waits(scene.session)
    for left in ({"done_at": None}, {"lease": "of the dead", "lease_until": now()}):
        with scene.session.begin_nested() as savepoint:
            scene.change(sa.update(OutboxRow).values(**left))
            scene.session.expire_all()
            with pytest.raises(AssertionError):
                nothing_waits(scene.session)
            savepoint.rollback()
