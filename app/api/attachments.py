"""The files of cases, as programs hand them in and get them back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response

from app.api import cases
from app.audit.commands import Action, record as note
from app.cases.attaching import Upload, attach, open_file
from app.cases.queries import attachment_for
from app.db import transaction
from app.people.actor import Actor


def add(actor: Actor, number: str, upload: Upload, title: str, proves: str) -> dict[str, Any]:
    """Add a file to a case; raises what `attach` does."""
    key = attach(actor, number, upload, title, proves)
    return cases.attachment(attachment_for(actor, key))


def content(actor: Actor, key: int) -> Response:
    """A file that the actor may see; that somebody read it is audited."""
    row = attachment_for(actor, key)
    answer = to_keep(open_file(row), row.media_type, row.filename)
    with transaction():
        note(Action.ATTACHMENT_READ, actor, f"attachment:{key}")
    return answer


def to_keep(data: bytes, media_type: str, name: str) -> Response:
    """A file to be kept, never shown in the place of a page (RFC 6266)."""
    answer = Response(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return answer
