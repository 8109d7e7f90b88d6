"""The table of corrections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Correction(Model):
    """How a record is put right: what an objection decided, and what is proposed.

    `seen_version`: the version of the record that the proposal saw; `restores`: the version that
    a reinstatement brings back; `by_office`: the platform itself was wrong.
    """

    __tablename__ = "corrections"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    decided_kind: Mapped[str | None] = mapped_column(String(20))
    decided_fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_office: Mapped[bool] = mapped_column(default=False)
    restores: Mapped[int | None]
    kind: Mapped[str | None] = mapped_column(String(20))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    basis: Mapped[str] = mapped_column(Text, default="")
    seen_version: Mapped[int | None]
    statement: Mapped[str] = mapped_column(Text, default="")
    places: Mapped[list[Any]] = mapped_column(JSON, default=list)
