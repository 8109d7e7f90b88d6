"""Whether a paper or a file is a notice of ours, as it was issued, and still in force.

What is told here, anybody may know: nothing of the person whom the notice is about.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import pikepdf
import sqlalchemy as sa

from app.db import db
from app.notices import codes
from app.notices.models import Notice
from app.people.models import Unit

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file that is looked at; ours are far smaller."""


class Finding(StrEnum):
    """What is said of a paper or a file."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found, and what may be told of the notice that is meant; `until`: in force no more."""

    finding: Finding
    title: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    sha256: str = ""
    status: str = ""
    until: date | None = None
    replaced_by: str = ""


def of_code(text: str) -> Verdict:
    """The notice that the code on a paper leads to; whether the paper says the same, one reads."""
    notice = _with_code(text)
    return Verdict(finding=Finding.UNKNOWN) if notice is None else _told(notice)


def of_file(data: bytes) -> Verdict:
    """The notice that a file is, or was before somebody changed it."""
    sha256 = hashlib.sha256(data).hexdigest()
    same = db.session.scalars(sa.select(Notice).where(Notice.sha256 == sha256)).one_or_none()
    if same is not None:
        return _told(same)
    meant = _with_code(_code_in(data))
    return Verdict(finding=Finding.UNKNOWN) if meant is None else _told(meant, changed=True)


def _told(notice: Notice, *, changed: bool = False) -> Verdict:
    in_force = Finding.IN_FORCE if notice.status == "valid" else Finding.ENDED
    other = sa.select(Notice.number).where(Notice.replaces_id == notice.id)
    return Verdict(
        finding=Finding.CHANGED if changed else in_force,
        title=notice.title,
        number=notice.number,
        issuer=db.session.get_one(Unit, notice.issuer_id).name,
        issued_on=notice.issued_on,
        sha256=notice.sha256 or "",
        status=notice.status,
        until=notice.status_on,
        replaced_by=db.session.scalar(other) or "",
    )


def _with_code(text: str) -> Notice | None:
    code = codes.read(text)
    if code is None:
        return None
    return db.session.scalars(sa.select(Notice).where(Notice.code == code)).one_or_none()


def _code_in(data: bytes) -> str:
    """The code that a file carries along; nothing where it is no PDF of ours."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            carried = json.loads(pdf.attachments["notice.json"].get_file().read_bytes())
            return str(carried["notice"]["code"])
    except (pikepdf.PdfError, KeyError, TypeError, ValueError):
        return ""
