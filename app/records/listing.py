"""Lists of records: what somebody may see, searched, the latest decision first, page by page."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa

from app.clock import today
from app.db import db
from app.people.models import Subject, Unit
from app.people.queries import find_subjects
from app.records.models import Record, Switch
from app.records.queries import switches, visible_to
from app.records.words import ENDINGS, kinds
from workflows.office import Actor

Shown = TypeVar("Shown")

PAGE: Final = 50
MOST_SUBJECTS: Final = 500
"""Subjects a part of a name may find; who finds more must write more of the name."""
_CURSOR: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)
_BRACKETS: Final = str.maketrans("[]［］【】()（）", "〔〕〔〕〔〕〔〕〔〕")


@dataclass(frozen=True, slots=True)
class Listed:
    """A record as a list shows it."""

    id: int
    subject: str
    decision_no: str
    authority: str
    penalty_kind: str
    decided_on: date
    disclosed_until: date | None
    disclosed: bool
    contested: bool
    ended: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Shown]):
    """Part of a list, and the cursor of the next part; empty at the end."""

    items: Sequence[Shown]
    next: str


def listed(actor: Actor, text: str = "", cursor: str = "", limit: int = PAGE) -> Page[Listed]:
    """The records that the actor may see; in four queries.

    `text`: part of a subject's name, its code, or a decision number. A cursor that is none
    begins anew.
    """
    chosen = with_names(visible_to(actor))
    if text.strip():
        chosen = chosen.where(matching(text.strip()))
    if place := place_after(cursor):
        chosen = chosen.where(sa.tuple_(Record.decided_on, Record.id) < place)
    order = Record.decided_on.desc(), Record.id.desc()
    rows = db.session.execute(chosen.order_by(*order).limit(limit + 1)).all()
    return Page(_shown(rows[:limit]), cursor_of(rows[limit - 1][0]) if len(rows) > limit else "")


def with_names(chosen: sa.Select[Record]) -> sa.Select[Record, str, str]:
    """Each record with the names of its subject and its provider."""
    return (
        chosen.join(Subject, Subject.id == Record.subject_id)
        .join(Unit, Unit.id == Record.provider_id)
        .add_columns(Subject.name, Unit.name)
    )


def matching(text: str) -> sa.ColumnElement[bool]:
    """Records of the subjects that a text finds, or of the decision whose number it is."""
    return numbered([subject.id for subject in find_subjects(text, limit=MOST_SUBJECTS)], text)


def numbered(subjects: Collection[int], text: str) -> sa.ColumnElement[bool]:
    """Records of the subjects, or of the decision whose number a text is, whatever its brackets."""
    numbers = {text, text.translate(_BRACKETS)}
    return sa.or_(Record.subject_id.in_(subjects), Record.decision_no.in_(numbers))


def cursor_of(record: Record) -> str:
    """Where a list goes on after a record."""
    return written_place(record.decided_on, record.id)


def written_place(day: date, number: int) -> str:
    """A place in a list by day and key, as a cursor."""
    return f"{day.isoformat()}.{number}"


def place_after(cursor: str) -> tuple[date, int] | None:
    """The place that a cursor names; None for one that is none."""
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None


def _shown(rows: Sequence[Any]) -> list[Listed]:
    state = switches([record.id for record, _, _ in rows], today())
    return [
        Listed(
            id=record.id,
            subject=subject,
            decision_no=record.decision_no,
            authority=authority,
            penalty_kind=kinds(record.penalty_kind),
            decided_on=record.decided_on,
            disclosed_until=record.disclosed_until,
            disclosed=state[record.id][Switch.DISCLOSURE].on,
            contested=state[record.id][Switch.ANNOTATION].on,
            ended=ENDINGS[record.ended_by] if record.ended_by else "",
        )
        for record, subject, authority in rows
    ]
