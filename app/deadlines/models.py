"""Tables of due dates, which are a projection, and of the sets of rules that cases keep."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model

_RUNNING = text("ended_on IS NULL AND due_on IS NOT NULL")


class Deadline(Model):
    """How a clock of a case stands: derived from its history, and at any time derived anew."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index(
            "ix_deadlines_clock_due_on",
            "clock",
            "due_on",
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    case_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    clock: Mapped[str] = mapped_column(String(60), primary_key=True)
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    """The last day in time; None while the clock stands still."""
    provisional: Mapped[bool]
    """It may move once the holidays of a year are published."""
    ended_on: Mapped[date | None]


class RuleSet(Model):
    """The rules in force on some day, stored once under the digest of their canonical JSON."""

    __tablename__ = "rule_sets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    profile: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class CalendarYear(Model):
    """A year whose arrangement of holidays was imported after the program was made."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """Of year, source and days: who has computed with the year knows by it whether it changed."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`off`: days by name, `worked`: weekends that are worked; days in ISO."""
    imported_at: Mapped[datetime]
