"""What waits for somebody beside the cases it owns: hearings, notices to confirm or to serve again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from app.cases.lists import Line, lines
from app.cases.models import Case
from app.cases.queries import visible_to
from app.cases.roles import HANDLERS
from app.clock import today
from app.db import db
from app.deadlines.models import Deadline
from app.delivery import serving
from app.delivery.models import ServiceAttempt
from app.notices.models import Notice
from app.people.actor import Actor

HEARING: Final = "repair.hearing"
TO_ANSWER: Final = "对拟撤销修复提出陈述和申辩"
MOST: Final = 10


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A notice whose receipt its addressee has not confirmed; `openable`: so is its case."""

    notice: Notice
    openable: bool


def hearings(actor: Actor) -> list[Line]:
    """The cases in which a subject of the actor may still be heard, with the day until when.

    The office owns such a case, so that it stands in no inbox of the subject.
    """
    if not actor.subjects:
        return []
    running = sa.and_(
        Deadline.case_number == Case.number,
        Deadline.clock == HEARING,
        Deadline.ended_on.is_(None),
        sa.or_(Deadline.due_on.is_(None), Deadline.due_on >= today()),
    )
    chosen = (
        sa.select(Case, Deadline)
        .join(Deadline, running)
        .where(Case.subject_id.in_(actor.subjects), Case.state == "revoking")
        .order_by(Deadline.due_on, Case.id)
    )
    rows = db.session.execute(chosen).all()
    told = lines([row.Case for row in rows])
    return [
        replace(line, expected=TO_ANSWER, clock=row.Deadline)
        for line, row in zip(told, rows, strict=True)
    ]


def to_confirm(actor: Actor) -> Sequence[ToConfirm]:
    """The newest notices to the actor whose receipt nobody has confirmed, at most `MOST`."""
    found = _unconfirmed(actor)
    if not found:
        return []
    numbers = {one.case_number for one in found}
    seen = visible_to(actor).with_only_columns(Case.number).where(Case.number.in_(numbers))
    openable = set(db.session.scalars(seen))
    return [ToConfirm(one, one.case_number in openable) for one in found]


def came_back(actor: Actor) -> Sequence[tuple[ServiceAttempt, Notice]]:
    """What could not be served and whoever serves for the actor's unit has to serve otherwise."""
    if actor.unit_id is None or not actor.roles & HANDLERS:
        return []
    return serving.came_back(actor.unit_id, MOST)


def _unconfirmed(actor: Actor) -> Sequence[Notice]:
    """The newest of each part come from its index; all together would be sorted whole."""
    parts = [
        sa.select(
            sa.select(Notice.id)
            .where(mine, Notice.served_on.is_(None), Notice.status == "valid")
            .order_by(Notice.id.desc())
            .limit(MOST)
            .subquery()
        )
        for mine in _addressed(actor)
    ]
    chosen = sa.select(Notice).where(Notice.id.in_(sa.union(*parts)))
    return db.session.scalars(chosen.order_by(Notice.id.desc()).limit(MOST)).all()


def _addressed(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """To its subjects, to its unit where it handles cases, to itself."""
    found = [Notice.addressee_person_id == actor.person_id]
    if actor.subjects:
        found.append(Notice.addressee_subject_id.in_(actor.subjects))
    if actor.unit_id is not None and not any(one.value.startswith("admin.") for one in actor.roles):
        found.append(Notice.addressee_unit_id == actor.unit_id)
    return found
