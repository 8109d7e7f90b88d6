"""Tables of the outbox, of the messages to recipients of records, and of the service of notices."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from workflows.service import CHANNELS, ServiceState


class Task(StrEnum):
    """What is done after the commit; `ref_id` names the notice or the message."""

    DRAW_NOTICE = "draw_notice"
    DELIVER_MESSAGE = "deliver_message"


class OutboxRow(Model):
    """Work that a committed transaction left behind; the row is the truth, a queue only wakes.

    Open until `done_at` or `failed_at`. While `lease_until` lies ahead it is being worked by
    whoever knows `lease`. `attempts`: how often the work failed; `deaths`: how often a worker died
    with it in hand, of which the work itself may be innocent.
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
        sa.Index(
            "ix_outbox_failed",
            "failed_at",
            "id",
            sqlite_where=sa.text("failed_at IS NOT NULL"),
            postgresql_where=sa.text("failed_at IS NOT NULL"),
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
    deaths: Mapped[int] = mapped_column(default=0, server_default="0")


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


class Consent(Model):
    """A subject or a person agreed to be served in this system, from a day on until it withdrew.

    `document`: by what it said so. There is one open consent of each at a time.
    """

    __tablename__ = "consents"
    __table_args__ = (
        sa.CheckConstraint("(subject_id IS NULL) <> (person_id IS NULL)", name="whose"),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_by_id IS NULL)"
            " AND (withdrawn_on IS NULL OR withdrawn_on >= given_on)",
            name="withdrawn",
        ),
        *(
            sa.Index(
                f"uq_consents_{whose}_open",
                f"{whose}_id",
                unique=True,
                sqlite_where=sa.text("withdrawn_on IS NULL"),
                postgresql_where=sa.text("withdrawn_on IS NULL"),
            )
            for whose in ("subject", "person")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subjects.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("persons.id"), index=True)
    given_on: Mapped[date]
    document: Mapped[str] = mapped_column(sa.String(200))
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("persons.id"))
    withdrawn_on: Mapped[date | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("persons.id"))


class ServiceAttempt(Model):
    """One attempt to serve a notice, and what became of it; a notice has as many as it takes.

    `unit_id`: the unit that must serve. `served_on` is the day that was proved; a notice has one
    attempt that proves it, the first. `deemed_on`: the last day of a public notice. `settled_at`:
    since when nobody has to deal any more with what came back.
    """

    __tablename__ = "service_attempts"
    __table_args__ = (
        sa.CheckConstraint(sa.column("channel").in_(tuple(CHANNELS)), name="channel"),
        sa.CheckConstraint(
            sa.column("state").in_(tuple(one.value for one in ServiceState)), name="state"
        ),
        sa.CheckConstraint(
            "(served_on IS NOT NULL) = (state IN ('delivered', 'read'))", name="served"
        ),
        sa.CheckConstraint(
            "(came_back_on IS NOT NULL) = (state IN ('refused', 'returned', 'failed'))"
            " AND (came_back_on IS NULL OR reasons IS NOT NULL)",
            name="came_back",
        ),
        sa.CheckConstraint(
            "served_on IS NULL OR channel = 'portal' OR proof_sha256 IS NOT NULL", name="proven"
        ),
        sa.CheckConstraint(
            "(proof_sha256 IS NULL) = (proof_name IS NULL)"
            " AND (proof_sha256 IS NULL) = (proof_type IS NULL)",
            name="proof",
        ),
        sa.CheckConstraint(
            "channel <> 'portal' OR consent_id IS NOT NULL OR read_at IS NOT NULL", name="portal"
        ),
        sa.CheckConstraint(
            "channel <> 'post' OR (sent_on IS NOT NULL AND tracking_no IS NOT NULL)", name="post"
        ),
        sa.CheckConstraint(
            "channel <> 'leaving' OR served_on IS NULL OR filmed OR witnesses IS NOT NULL",
            name="leaving",
        ),
        sa.CheckConstraint(
            "channel <> 'announcement' OR (ground IS NOT NULL AND reasons IS NOT NULL"
            " AND deemed_on IS NOT NULL AND proof_sha256 IS NOT NULL)",
            name="announcement",
        ),
        sa.Index(
            "uq_service_attempts_proven",
            "notice_id",
            unique=True,
            sqlite_where=sa.text("served_on IS NOT NULL"),
            postgresql_where=sa.text("served_on IS NOT NULL"),
        ),
        sa.Index(
            "ix_service_attempts_came_back",
            "unit_id",
            "id",
            sqlite_where=sa.text("came_back_on IS NOT NULL AND settled_at IS NULL"),
            postgresql_where=sa.text("came_back_on IS NOT NULL AND settled_at IS NULL"),
        ),
        sa.Index(
            "ix_service_attempts_deemed",
            "deemed_on",
            sqlite_where=sa.text("state = 'sent' AND deemed_on IS NOT NULL"),
            postgresql_where=sa.text("state = 'sent' AND deemed_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notices.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    channel: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(20))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(sa.String(300))
    sent_on: Mapped[date | None]
    tracking_no: Mapped[str | None] = mapped_column(sa.String(60))
    ground: Mapped[str | None] = mapped_column(sa.String(20))
    deemed_on: Mapped[date | None]
    served_on: Mapped[date | None]
    read_at: Mapped[datetime | None]
    receiver: Mapped[str | None] = mapped_column(sa.String(100))
    witnesses: Mapped[str | None] = mapped_column(sa.String(200))
    filmed: Mapped[bool] = mapped_column(default=False)
    came_back_on: Mapped[date | None]
    reasons: Mapped[str | None] = mapped_column(sa.Text)
    settled_at: Mapped[datetime | None]
    consent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consents.id"))
    proof_name: Mapped[str | None] = mapped_column(sa.String(200))
    proof_type: Mapped[str | None] = mapped_column(sa.String(40))
    proof_sha256: Mapped[str | None] = mapped_column(sa.String(64))
