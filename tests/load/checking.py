"""What must be true afterwards: of the cases, of their notices, and of what the processes said."""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.clock import today
from app.db import db
from app.delivery.models import OutboxRow, Task
from app.notices import files
from app.notices.models import Notice
from tests.walks.truth import Truth, everything

PATIENCE: Final = 300.0
AGAIN: Final = "will be tried again"
"""What a worker says of a row that failed."""
_DRAWN: Final = OutboxRow.task == Task.DRAW_NOTICE


def until_nothing_is_left(tell: Callable[[str], object]) -> None:
    """Wait until the workers have emptied the outbox; raises AssertionError where they do not."""
    end = time.monotonic() + PATIENCE
    left = sa.select(sa.func.count()).where(
        OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None)
    )
    while count := db.session.scalars(left).one():
        db.session.rollback()
        assert time.monotonic() < end, f"{count} rows of the outbox were left"
        tell(f"{count} rows of the outbox are left")
        time.sleep(0.5)
    db.session.rollback()


def cases_are_sound() -> None:
    """All invariants, all chains, and numbers without a gap; raises AssertionError."""
    Truth().whole(today())
    everything(today())


def notices_were_drawn_once(logs: Iterable[Path]) -> None:
    """Each was claimed once, or again after a worker said that it failed; raises AssertionError.

    And each has the file that its row names: a machine that is busy may be too slow to draw one.
    """
    rows = {row.ref_id: row for row in db.session.scalars(sa.select(OutboxRow).where(_DRAWN))}
    assert not sum(row.deaths for row in rows.values()), "a worker died over a notice"
    again = sum(row.attempts for row in rows.values())
    assert again == sum(log.read_text(encoding="utf-8").count(AGAIN) for log in logs)
    for notice in db.session.scalars(sa.select(Notice)):
        assert rows.pop(notice.id).done_at, notice.number
        data = files.path(notice.id).read_bytes()
        assert hashlib.sha256(data).hexdigest() == notice.sha256, notice.number
    assert not rows, "something was drawn for which there is no notice"
    db.session.rollback()


def nothing_was_logged_as_an_error(logs: Iterable[Path]) -> None:
    """Raises AssertionError with the first line of each log that tells of an error."""
    for log in logs:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        assert not (found := [line for line in lines if _is_error(line)]), (log.name, found[0])


def drawing_took() -> dict[str, float]:
    """Seconds from the commit that issued a notice to its file: the median, and the worst."""
    chosen = sa.select(OutboxRow.due_at, OutboxRow.done_at).where(_DRAWN)
    found = [(done - due).total_seconds() for due, done in db.session.execute(chosen) if done]
    db.session.rollback()
    if not found:
        return {}
    return {"count": len(found), "p50": statistics.median(found), "max": max(found)}


def _is_error(line: str) -> bool:
    """Ours are JSON; a trace of anybody else's is an error, too."""
    try:
        said = json.loads(line)
    except ValueError:
        return line.startswith("Traceback")
    return isinstance(said, dict) and said.get("level") in {"ERROR", "CRITICAL"}
