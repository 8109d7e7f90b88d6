"""The table of suspensions."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Suspension(Model):
    """The order about one sanction. `open_on`: the sanction again while it is open, then null."""

    __tablename__ = "suspensions"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanctions.id"), index=True)
    open_on: Mapped[int | None] = mapped_column(ForeignKey("sanctions.id"), unique=True)
    confirmed_on: Mapped[date | None]
    executed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    provision: Mapped[str] = mapped_column(Text, default="")
    places: Mapped[list[Any]] = mapped_column(JSON, default=list)
