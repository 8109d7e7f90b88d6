"""What the worker would do meanwhile, and what is left to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.models import OutboxRow, Task

EVERY: Final = timedelta(seconds=3)
"""A notice takes 0.2 s to draw: the worker keeps time for what people do meanwhile."""


def deliver() -> None:
    """Deliver all messages; the recipients of a demonstration confirm at once."""
    for row in _open(Task.DELIVER_MESSAGE):
        delivery.run_one(row)


def leave_the_drawing() -> None:
    """The worker draws what was issued one after the other, the newest first.

    Two hundred notices would keep a new user waiting for half a minute; each is drawn at once
    when somebody asks for it.
    """
    now = clock.now()
    with transaction():
        rows = list(reversed(_open(Task.DRAW_NOTICE)))
        for place, row in enumerate(rows):
            due = sa.update(OutboxRow).where(OutboxRow.id == row)
            db.session.execute(due.values(due_at=now + place * EVERY))


def _open(task: Task) -> Sequence[int]:
    chosen = sa.select(OutboxRow.id).where(OutboxRow.task == task, OutboxRow.done_at.is_(None))
    return db.session.scalars(chosen.order_by(OutboxRow.id)).all()
