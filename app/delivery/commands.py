"""Sending messages, taking their receipts, and doing what the outbox asks for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import config
from app import clock
from app.db import db, transaction
from app.delivery import outbox
from app.delivery.models import Message, Task
from app.delivery.outbox import Claim
from app.errors import Busy
from app.notices import commands as notices, drawing
from app.notices.drafts import Draft
from app.notices.models import Notice
from app.records.models import Recipient, Record

log = logging.getLogger(__name__)


class Person(Protocol):
    """Whoever confirms a message."""

    @property
    def person_id(self) -> int | None:
        """The person; None for the clock."""


def issue(drafts: Sequence[Draft]) -> list[int]:
    """Issue notices (`app.notices.commands.issue`) and have their files drawn after the commit."""
    keys = notices.issue(drafts)
    if keys:
        outbox.add(Task.DRAW_NOTICE, keys)
    return keys


def send(
    *, recipients: Sequence[Recipient], record: Record, case_number: str, subject: str, body: str
) -> list[Message]:
    """Tell recipients of a record about its present version; inside a transaction.

    They are delivered after the commit, and wait for receipts from then on.
    """
    messages = [
        Message(
            recipient_id=recipient.id,
            record_id=record.id,
            version=record.version,
            case_number=case_number,
            subject=subject,
            body=body,
        )
        for recipient in recipients
    ]
    db.session.add_all(messages)
    db.session.flush()  # the outbox names them by key
    if messages:
        outbox.add(Task.DELIVER_MESSAGE, [message.id for message in messages])
    return messages


def remind(messages: Sequence[Message]) -> None:
    """Deliver once more what is not settled; inside a transaction."""
    outbox.again(Task.DELIVER_MESSAGE, [one.id for one in messages if not one.settled])


def receipt(message: Message, actor: Person) -> None:
    """A recipient confirms a message; a second time changes nothing. Inside a transaction."""
    if message.receipted_at is not None:
        return
    now = clock.now()
    message.sent_at = message.sent_at or now
    message.receipted_at = now
    message.receipted_by = actor.person_id


def cut_off(message: Message, reason: str) -> None:
    """Wait for its receipt no longer; nothing where it is settled. Inside a transaction.

    The sharing itself is ended by `app.records.commands.stop_sharing`.
    """
    if not message.settled:
        message.cut_off_on = clock.today()
        message.cut_off_reason = reason


def drain(limit: int = 1000) -> Counter[str]:
    """Do what is due, at most `limit` rows, and count them as `done`, `again` and `failed`.

    Outside of any transaction. `again` will be tried later, `failed` never; `lost` are those
    that another worker took over meanwhile.
    """
    counts: Counter[str] = Counter()
    with transaction():
        counts["failed"] = outbox.give_up_lost()
    if counts["failed"]:
        log.error("%s rows of the outbox were given up: worker after worker died", counts["failed"])
    for _ in range(limit):
        fate = run_one()
        if fate is None:
            break
        counts[fate] += 1
    return counts


def run_one(row_id: int | None = None) -> str | None:
    """Do one row, and say what became of it; None where none is due, or not the one named."""
    with transaction():
        claim = outbox.claim(row_id)
    if claim is None:
        return None
    try:
        return _done(claim)
    except Exception as error:  # noqa: BLE001 -- one broken row must not stop the others
        return _not_done(claim, error)


def _done(claim: Claim) -> str:
    """Work outside the transaction; only what is written there is in it, with the end of the row."""
    write = _TASKS[claim.task](claim.ref_id)
    with transaction():
        if not outbox.finish(claim):
            return "lost"
        write()
    return "done"


def _not_done(claim: Claim, error: Exception) -> str:
    last = claim.attempt >= outbox.TRIES
    if last and not isinstance(error, Busy):
        log.error("outbox row %s failed for good", claim.id, exc_info=error)
    else:
        log.warning("outbox row %s will be tried again: %s", claim.id, type(error).__name__)
    with transaction():
        mine = outbox.put_back(claim, f"{type(error).__name__}: {error}"[:500])
    return ("failed" if last else "again") if mine else "lost"


def _draw_notice(notice_id: int) -> Callable[[], None]:
    notice = db.session.get_one(Notice, notice_id)
    if drawing.kept(notice) is not None:  # somebody has opened it meanwhile
        return lambda: None
    file = drawing.drawn(notice)
    return lambda: drawing.keep(notice_id, file)


def _deliver_message(message_id: int) -> Callable[[], None]:
    """Recipients read it in the program; those of a demonstration confirm at once."""
    confirm = config.current().demo

    def write() -> None:
        message = db.session.get_one(Message, message_id)
        now = clock.now()
        message.sent_at = now
        if confirm and not message.settled:
            message.receipted_at = now

    return write


_TASKS: Final[dict[Task, Callable[[int], Callable[[], None]]]] = {
    Task.DRAW_NOTICE: _draw_notice,
    Task.DELIVER_MESSAGE: _deliver_message,
}
