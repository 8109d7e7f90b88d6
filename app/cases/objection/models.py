"""Tables of objections and their items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Objection(Model):
    """How an objection came in. `filer_name`: who is meant, where that is no subject we know."""

    __tablename__ = "objections"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    statement: Mapped[str] = mapped_column(Text)
    filer_name: Mapped[str] = mapped_column(String(200), default="")


class Item(Model):
    """One contested point. `unit_id`: the provider asked last; `finding`: the last one endorsed.

    `before`: what the record said when the finding came; `unreviewed`: it came without approval.
    """

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("case_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int]
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    ground: Mapped[str] = mapped_column(String(10))
    claim: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    finding: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(Text)
    reasons: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[Any]] = mapped_column(JSON, default=list)
    officer: Mapped[str] = mapped_column(String(100), default="")
    own_error: Mapped[bool] = mapped_column(default=False)
    unreviewed: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(String(20))
