"""What the worker would do meanwhile."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.models import OutboxRow, Task


def deliver() -> int:
    """Deliver all messages, and count them; the recipients of a demonstration confirm at once."""
    rows = db.session.scalars(_open(Task.DELIVER_MESSAGE)).all()
    for row in rows:
        delivery.run_one(row)
    return len(rows)


def draw_when_asked() -> None:
    """Each notice issued so far is drawn when somebody first asks for it.

    Two hundred at once would keep a new user's worker busy for a minute.
    """
    rows = sa.delete(OutboxRow).where(OutboxRow.id.in_(_open(Task.DRAW_NOTICE)))
    with transaction():
        db.session.execute(rows, execution_options={"synchronize_session": False})


def _open(task: Task) -> sa.Select[int]:
    chosen = sa.select(OutboxRow.id).where(OutboxRow.task == task, OutboxRow.done_at.is_(None))
    return chosen.order_by(OutboxRow.id)
