"""Tables of cases, their history, their files, and the keys that make a repeat harmless."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.db import Model


class Case(Model):
    """A case of any kind. `version` is the number of steps taken.

    `unit_id`: the unit that handles it; `subject_id`, `filer_unit_id`, `filer_person_id`: for whom
    and by whom it was filed; `law_version`: under which version of the law its family was opened,
    on the definitions of which it stays. The columns from `owner_role` to `moved_at` are
    projections of its history, written by `take_step` alone.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("version >= 0", name="version"),
        Index(
            "ix_cases_inbox",
            "owner_unit_id",
            "owner_role",
            "due_on",
            "id",
            sqlite_where=text("owner_role IS NOT NULL"),
            postgresql_where=text("owner_role IS NOT NULL"),
        ),
        Index("ix_cases_kind_state_id", "kind", "state", "id"),
        Index("ix_cases_subject_id_id", "subject_id", "id"),
        Index("ix_cases_filer_unit_id_id", "filer_unit_id", "id"),
        Index("ix_cases_filer_person_id_id", "filer_person_id", "id"),
        Index("ix_cases_unit_id_id", "unit_id", "id"),
        Index("ix_cases_urge_on", "urge_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    filer_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    filer_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    filed_on: Mapped[date]
    rules_digest: Mapped[str] = mapped_column(ForeignKey("rule_sets.digest"))
    owner_role: Mapped[str | None] = mapped_column(String(30))
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    due_on: Mapped[date | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    urge_on: Mapped[date | None]
    moved_at: Mapped[datetime] = mapped_column(default=now)
    law_version: Mapped[int] = mapped_column(server_default="1")


class CaseLink(Model):
    """A child of a case. A suspension has as many parents as cases held its sanction."""

    __tablename__ = "case_links"

    parent_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)


class StepTaken(Model):
    """A step that was taken: the history, the timeline, the source of statistics. Never changed.

    `data["input"]` is what was entered; `mac` seals the row but for `data`, of which it covers
    the digest, so that a chain can be walked without reading what people wrote.
    """

    __tablename__ = "steps_taken"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(20))
    to: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    on: Mapped[date]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    data_digest: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class Attachment(Model):
    """A file of a case; `proves`: an item, a condition, or nothing in particular."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    title: Mapped[str] = mapped_column(String(200))
    proves: Mapped[str] = mapped_column(String(60), default="")
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    after_seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)


class IdempotencyKey(Model):
    """What an actor asked for under a key, and which case answered it."""

    __tablename__ = "idempotency_keys"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    case_number: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=now)
