"""Reading messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import ask, db
from app.delivery.models import Message, OutboxRow, Task
from app.delivery.outbox import DEATHS
from app.notices.models import Notice
from app.records.models import Recipient


def messages_of(case_numbers: Collection[str]) -> Sequence[Message]:
    """The messages that these cases sent, oldest first."""
    select = sa.select(Message).where(Message.case_number.in_(case_numbers))
    return db.session.scalars(select.order_by(Message.id)).all()


def unsettled_cases(case_numbers: Collection[str]) -> set[str]:
    """Those of the cases that still wait for a receipt."""
    waiting = sa.select(Message.case_number).where(
        Message.case_number.in_(case_numbers),
        Message.receipted_at.is_(None),
        Message.cut_off_on.is_(None),
    )
    return set(db.session.scalars(waiting.distinct()))


def messages_for(
    unit_id: int, *, only_open: bool = False, after: int = 0, limit: int = 50
) -> Sequence[Message]:
    """What a unit was sent as a recipient of records: at most `limit`, with keys above `after`.

    Ask again with the last key for the next ones.
    """
    select = (
        sa.select(Message)
        .join(Recipient, Recipient.id == Message.recipient_id)
        .where(Recipient.unit_id == unit_id, Message.id > after)
    )
    if only_open:
        select = select.where(Message.receipted_at.is_(None), Message.cut_off_on.is_(None))
    return db.session.scalars(select.order_by(Message.id).limit(limit)).all()


def open_for(unit_id: int, *, after: int = 0, limit: int = 50) -> Sequence[Message]:
    """Of these, the ones that still wait for a receipt."""
    return messages_for(unit_id, only_open=True, after=after, limit=limit)


def message_for(message_id: int, unit_id: int) -> Message | None:
    """A message by its key, where it was sent to this unit."""
    select = (
        sa.select(Message)
        .join(Recipient, Recipient.id == Message.recipient_id)
        .where(Message.id == message_id, Recipient.unit_id == unit_id)
    )
    return db.session.scalars(select).one_or_none()


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Work that was given up: the key of a notice that has no file, or of a message not sent."""

    task: Task
    ref_id: int
    title: str
    case_number: str
    failed_at: datetime
    died: bool


def given_up(limit: int = 20) -> list[GivenUp]:
    """The newest work that was given up and that nobody has done since; in one query.

    A notice may have been drawn since for somebody who opened it, a message read and confirmed.
    """
    drawn = sa.and_(OutboxRow.task == Task.DRAW_NOTICE, Notice.id == OutboxRow.ref_id)
    sent = sa.and_(OutboxRow.task == Task.DELIVER_MESSAGE, Message.id == OutboxRow.ref_id)
    chosen = (
        sa.select(
            OutboxRow.task,
            OutboxRow.ref_id,
            sa.func.coalesce(Notice.title, Message.subject, "").label("title"),
            sa.func.coalesce(Notice.case_number, Message.case_number, "").label("case_number"),
            OutboxRow.failed_at,
            (OutboxRow.deaths >= DEATHS).label("died"),
        )
        .outerjoin(Notice, drawn)
        .outerjoin(Message, sent)
        .where(
            OutboxRow.failed_at.is_not(None),
            Notice.sha256.is_(None),
            Message.sent_at.is_(None),
        )
        .order_by(OutboxRow.failed_at.desc(), OutboxRow.id.desc())
        .limit(limit)
    )
    return [GivenUp(*row) for row in ask(chosen)]
