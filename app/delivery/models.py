"""Tables of the outbox and of the messages to recipients of records."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Task(StrEnum):
    """What is done after the commit; `ref_id` names the notice or the message."""

    DRAW_NOTICE = "draw_notice"
    DELIVER_MESSAGE = "deliver_message"


class OutboxRow(Model):
    """Work that a committed transaction left behind; the row is the truth, a queue only wakes.

    Open until `done_at` or `failed_at`. While `lease_until` lies ahead it is being worked by
    whoever knows `lease`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("task", "ref_id"),
        sa.CheckConstraint("done_at IS NULL OR failed_at IS NULL", name="one_end"),
        sa.CheckConstraint("(lease IS NULL) = (lease_until IS NULL)", name="lease_ends"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.Index(
            "ix_outbox_open",
            "due_at",
            "id",
            sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[Task]
    ref_id: Mapped[int]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(sa.String(32))
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)


class Message(Model):
    """What one recipient of a record is told, and whether it confirmed.

    Settled once receipted, or once cut off: sharing with a recipient that stays silent is
    stopped, which stands for its receipt.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint("(cut_off_on IS NULL) = (cut_off_reason IS NULL)", name="cut_off"),
        sa.CheckConstraint("receipted_at IS NULL OR sent_at IS NOT NULL", name="sent_first"),
        sa.Index(None, "recipient_id", "id"),
        sa.Index(
            "ix_messages_open",
            "recipient_id",
            "id",
            sqlite_where=sa.text("receipted_at IS NULL AND cut_off_on IS NULL"),
            postgresql_where=sa.text("receipted_at IS NULL AND cut_off_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("recipients.id"))
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("records.id"), index=True)
    version: Mapped[int]
    case_number: Mapped[str] = mapped_column(sa.String(20), index=True)
    subject: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime | None]
    receipted_at: Mapped[datetime | None]
    receipted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("persons.id"))
    cut_off_on: Mapped[date | None]
    cut_off_reason: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def settled(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.receipted_at is not None or self.cut_off_on is not None
