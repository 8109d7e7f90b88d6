"""Notices as programs see them, and files as they get them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response

from app.api import cases
from app.audit.commands import Action, record as note
from app.cases.queries import notice_for
from app.db import transaction
from app.notices.commands import draw
from app.people.actor import Actor
from app.people.queries import units_by_id


def one(actor: Actor, key: int) -> dict[str, Any]:
    """A notice that the actor may read."""
    row = notice_for(actor, key)
    return {
        **cases.notice(row),
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
    return file(data, "application/pdf", name)


def file(data: bytes, media_type: str, name: str) -> Response:
    """A file to be kept, never shown in the place of a page (RFC 6266)."""
    answer = Response(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return answer
