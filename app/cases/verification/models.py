"""Tables of verifications and what they report."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Verification(Model):
    """Which items of the objection one provider is asked about. Days are ISO dates.

    `hard_stop_from`: from when the hard stop counts, which a redirect does not start anew;
    `not_after`: the latest day it may reach.
    """

    __tablename__ = "verifications"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    round: Mapped[int]
    items: Mapped[list[Any]] = mapped_column(JSON)
    hard_stop_from: Mapped[str] = mapped_column(String(10))
    not_after: Mapped[str | None] = mapped_column(String(10))
    officer: Mapped[str] = mapped_column(String(100), default="")


class Answer(Model):
    """What the provider reports on one item, until and after it is endorsed."""

    __tablename__ = "answers"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    finding: Mapped[str] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    reasons: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[Any]] = mapped_column(JSON)
