"""Files that were handed in on the page, and what became of each of their lines."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.db import Model
from app.exchange.lines import Fate


class State(enum.StrEnum):
    """Where an import stands."""

    WAITING = "waiting"
    READING = "reading"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Import(Model):
    """A file of records that somebody handed in for a unit; the worker does what it asks for.

    Open until `ended_at`; `fault` says in Chinese why it ended early, `reference` under which name
    the log tells more. While `lease_until` lies ahead it is being worked by whoever knows `lease`.
    `total` is how many lines the file has, None until it was read once; `last_line` is the last
    line that has its fate. A trial (`dry_run`) writes no record.
    """

    __tablename__ = "imports"
    __table_args__ = (
        sa.CheckConstraint("(lease IS NULL) = (lease_until IS NULL)", name="lease_ends"),
        sa.CheckConstraint("ended_at IS NULL OR lease IS NULL", name="ended"),
        sa.CheckConstraint("fault IS NULL OR ended_at IS NOT NULL", name="fault"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.Index(None, "unit_id", "id"),
        sa.Index(None, "unit_id", "sha256"),
        sa.Index(
            "ix_imports_open",
            "id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("persons.id"))
    filename: Mapped[str] = mapped_column(sa.String(120))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    dry_run: Mapped[bool]
    handed_in_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(sa.Text)
    reference: Mapped[str | None] = mapped_column(sa.String(8))
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(sa.String(32))
    lease_until: Mapped[datetime | None]
    total: Mapped[int | None]
    last_line: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    notable: Mapped[int] = mapped_column(default=0)

    @property
    def state(self) -> State:
        """Where it stands, by what is known of it."""
        if self.ended_at is not None:
            return State.FAILED if self.fault else State.DONE
        if self.started_at is None:
            return State.WAITING
        return State.READING if self.total is None else State.RUNNING

    @property
    def counts(self) -> dict[Fate, int]:
        """How many lines had which fate."""
        return {fate: getattr(self, COUNTED[fate]) for fate in Fate}

    @property
    def taken(self) -> int:
        """How many lines have their fate."""
        return sum(self.counts.values())


class ImportLine(Model):
    """What became of a line of a file and why, written together with what it brought about.

    `about`: decision and subject in words, the name of a person masked; `notable`: somebody
    should read why; `record_id`: the record that the line is about.
    """

    __tablename__ = "import_lines"
    __table_args__ = (
        sa.Index(None, "import_id", "fate", "line"),
        sa.Index(
            "ix_import_lines_notable",
            "import_id",
            "line",
            sqlite_where=sa.text("notable"),
            postgresql_where=sa.text("notable"),
        ),
    )

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fate: Mapped[Fate]
    about: Mapped[str] = mapped_column(sa.String(250), default="", server_default="")
    why: Mapped[str] = mapped_column(sa.Text)
    record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("records.id"))
    notable: Mapped[bool]


COUNTED = {
    Fate.ACCEPT: "accepted",
    Fate.UPDATE: "updated",
    Fate.SKIP: "skipped",
    Fate.REJECT: "rejected",
}
"""In which column of an import the lines of each fate are counted."""
