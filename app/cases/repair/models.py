"""The table of repairs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Repair(Model):
    """An application to repair a record, what was proposed and decided, and what came after.

    `commitment`: it is made; `committed_on`: since when it is public. `proposal`: grant or
    refuse, with the `conditions` examined ({name, met, proof}) or what is `unmet`. `repaired_on`:
    since when its effects stand, None while they do not. `accusation` ({ground, reasons,
    evidence}) and `answer`: the hearing before a revocation. `barred_until`: the last day on
    which the subject may apply for no repair.
    """

    __tablename__ = "repairs"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    statement: Mapped[str] = mapped_column(Text, default="")
    commitment: Mapped[bool] = mapped_column(default=False)
    committed_on: Mapped[date | None]
    proposal: Mapped[str | None] = mapped_column(String(10))
    conditions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    unmet: Mapped[str] = mapped_column(Text, default="")
    next_application_on: Mapped[date | None]
    repaired_on: Mapped[date | None]
    accusation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answer: Mapped[str] = mapped_column(Text, default="")
    barred_until: Mapped[date | None]
