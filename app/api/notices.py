"""Notices as programs see them."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api import cases
from app.api.attachments import to_keep
from app.audit.commands import Action, record as note
from app.cases.queries import notice_for
from app.cases.service.commands import note_reading
from app.db import transaction
from app.notices.drawing import draw
from app.people.actor import Actor
from app.people.queries import units_by_id


def one(actor: Actor, key: int) -> dict[str, Any]:
    """A notice that the actor may read."""
    row = notice_for(actor, key)
    return {
        **cases.notices([row])[0],
        "kind": row.kind,
        "case": row.case_number,
        "issuer": units_by_id([row.issuer_id])[row.issuer_id].name,
    }


def pdf(actor: Actor, key: int) -> Response:
    """Its file; that somebody read it is audited."""
    row = notice_for(actor, key)
    name = f"{row.number}.pdf"
    data = draw(row)
    with transaction():
        note(Action.NOTICE_READ, actor, f"notice:{key}")
        note_reading(actor, row)
    return to_keep(data, "application/pdf", name)
