"""What recipients of records were sent, and their receipts."""

from __future__ import annotations

from typing import Any

from app.api import cursors
from app.db import transaction
from app.delivery import commands, queries
from app.delivery.models import Message
from app.errors import NotFound
from app.people.actor import Actor

PAGE = 50


def page(actor: Actor, cursor: str | None, *, only_open: bool) -> dict[str, Any]:
    """What the actor's unit was sent, the oldest first."""
    after = cursors.read(cursor, int)
    rows = queries.messages_for(
        actor.unit_id or 0, only_open=only_open, after=after[0] if after else 0, limit=PAGE + 1
    )
    following = cursors.written(rows[PAGE - 1].id) if len(rows) > PAGE else None
    return {"items": [_shown(row) for row in rows[:PAGE]], "next": following}


def receipt(actor: Actor, key: int) -> dict[str, Any]:
    """Confirm a message to the actor's unit; NotFound for any other."""
    with transaction():
        row = queries.message_for(key, actor.unit_id or 0)
        if row is None:
            message = "没有这条消息，或者它不是发给您单位的。"
            raise NotFound(message)
        commands.receipt(row, actor)
    return _shown(row)


def _shown(row: Message) -> dict[str, Any]:
    return {
        "id": row.id,
        "record_id": row.record_id,
        "version": row.version,
        "case": row.case_number,
        "subject": row.subject,
        "body": row.body,
        "sent_at": row.sent_at,
        "receipted_at": row.receipted_at,
        "cut_off_on": row.cut_off_on,
    }
