"""Tables of the notices and of the counters that number them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model

ADDRESSEE_KINDS = ("subject", "unit", "person", "public")
STATUSES = ("valid", "withdrawn", "replaced", "revoked", "void")
"""In force; taken back; another notice stands in its place; its decision was annulled or revoked;
its number was used up and says nothing (作废)."""


class Counter(Model):
    """The last number that a series has given out."""

    __tablename__ = "counters"
    __table_args__ = (sa.CheckConstraint("value >= 0", name="not_negative"),)

    series: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[int]


class Notice(Model):
    """A notice as it was issued: `html` is the notice, the PDF is drawn from it.

    What was issued never changes (triggers see to it); `drawn_at`, `sha256`, `served_on`,
    `served_how` and `status` with its day, reason and who said so are what became of it. `seq` is
    the step that issued it; `replaces_id` the notice in whose place it stands.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("series", "ordinal"),
        sa.CheckConstraint(sa.column("addressee_kind").in_(ADDRESSEE_KINDS), name="addressee_kind"),
        sa.CheckConstraint(sa.column("status").in_(STATUSES), name="status"),
        sa.CheckConstraint(
            "(addressee_subject_id IS NOT NULL) = (addressee_kind = 'subject')"
            " AND (addressee_unit_id IS NOT NULL) = (addressee_kind = 'unit')"
            " AND (addressee_person_id IS NULL OR addressee_kind = 'person')",
            name="one_addressee",
        ),
        sa.CheckConstraint("(drawn_at IS NULL) = (sha256 IS NULL)", name="drawn"),
        sa.CheckConstraint("(served_on IS NULL) = (served_how IS NULL)", name="served"),
        sa.CheckConstraint(
            "(status_on IS NULL) = (status = 'valid')"
            " AND (status_reason IS NULL) = (status = 'valid')"
            " AND (status <> 'void' OR status_by_id IS NOT NULL)",
            name="ended",
        ),
        sa.Index(None, "case_number", "seq"),
        sa.Index("uq_notices_code", "code", unique=True),
        sa.Index("ix_notices_sha256", "sha256"),
        sa.Index(
            "ix_notices_ended",
            "series",
            "ordinal",
            sqlite_where=sa.text("status <> 'valid'"),
            postgresql_where=sa.text("status <> 'valid'"),
        ),
        sa.Index(
            "ix_notices_unserved",
            "addressee_unit_id",
            "id",
            sqlite_where=sa.text("served_on IS NULL"),
            postgresql_where=sa.text("served_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(sa.String(20))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(100))
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    series: Mapped[str] = mapped_column(sa.String(60))
    year: Mapped[int]
    ordinal: Mapped[int]
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    addressee_kind: Mapped[str] = mapped_column(sa.String(10))
    addressee_subject_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("subjects.id"), index=True
    )
    addressee_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    addressee_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("persons.id"), index=True)
    issued_on: Mapped[date]
    context: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    html: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[str] = mapped_column(sa.String(10), default="valid")
    drawn_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    served_on: Mapped[date | None]
    served_how: Mapped[str | None] = mapped_column(sa.String(20))
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("notices.id"), unique=True)
    status_on: Mapped[date | None]
    status_reason: Mapped[str | None] = mapped_column(sa.Text)
    status_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("persons.id"))
    code: Mapped[str | None] = mapped_column(sa.String(19))
    """Leads to the page that tells whether a paper is genuine; it tells nothing by itself."""


class StyleSheet(Model):
    """A style sheet that notices were drawn with, so that they can be drawn again."""

    __tablename__ = "style_sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    text: Mapped[str] = mapped_column(sa.Text)


class NoticeFile(Model):
    """What the file of a notice was made with: from the same comes the same file, byte by byte.

    `drawn_sha256` is that of its first `drawn_size` bytes; what follows is the seal, and
    `certificate` the SHA-256 of the one that it can be checked by.
    """

    __tablename__ = "notice_files"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notices.id"), primary_key=True)
    style_sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("style_sheets.id"))
    fonts: Mapped[str] = mapped_column(sa.String(64))
    renderer: Mapped[str] = mapped_column(sa.String(200))
    drawn_sha256: Mapped[str] = mapped_column(sa.String(64))
    drawn_size: Mapped[int]
    certificate: Mapped[str | None] = mapped_column(sa.String(64))
