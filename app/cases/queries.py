"""Finding cases: who may see which, what waits for whom, lists and searches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.correction.models import Correction
from app.cases.models import Attachment, Case, CaseLink, StepTaken
from app.cases.objection.models import Item
from app.cases.repair.models import Repair
from app.cases.roles import HANDLERS, OFFICE
from app.cases.searching import matching
from app.db import db
from app.errors import NotFound
from app.notices.models import Notice
from app.people.actor import Actor
from workflows import editions
from workflows.grammar import Party, Role

PAGE: Final = 50


def open_states(kind: str) -> list[str]:
    """The states in which a case of a kind has not ended, under whatever version of the law."""
    states = (state for one in editions() if one.kind == kind for state in one.states)
    return sorted({state.name for state in states if state.waiting})


def visible_to(actor: Actor) -> sa.Select[Any]:
    """The cases that somebody may see at all; every list and every look-up starts here.

    Office and units see what was filed with them, and their own drafts; a person what concerns a
    subject for which it acts, and nothing more once it no longer does.
    """
    chosen = sa.select(Case)
    if Role.SYSTEM in actor.roles:
        return chosen
    allowed: list[sa.ColumnElement[bool]] = []
    if actor.roles & OFFICE:
        allowed += [Case.state != "draft", Case.filer_unit_id == actor.unit_id]
    elif actor.unit_id is not None and not _is_administrator(actor):
        handled = sa.and_(Case.unit_id == actor.unit_id, Case.state != "draft")
        allowed += [handled, Case.filer_unit_id == actor.unit_id]
    if actor.subjects:
        allowed.append(Case.subject_id.in_(actor.subjects))
    return chosen.where(sa.or_(sa.false(), *allowed))


def _is_administrator(actor: Actor) -> bool:
    return any(role.value.startswith("admin.") for role in actor.roles)


def _unit_of(actor: Actor) -> int | None:
    """The unit for which somebody handles cases: an administrator handles none."""
    return None if _is_administrator(actor) else actor.unit_id


def case_for(actor: Actor, number: str) -> Case:
    """A case by its number; NotFound where there is none that the actor may see."""
    chosen = visible_to(actor).where(Case.number == number)
    case: Case | None = db.session.scalars(chosen).one_or_none()
    if case is None:
        message = f"没有案件{number}，或者您不能查看。"
        raise NotFound(message)
    return case


@dataclass(frozen=True)
class Search:
    """What a list of cases is narrowed to; empty fields narrow nothing.

    `text`: a case number, a subject's name or code, or the number of a decision.
    """

    kind: str = ""
    state: str = ""
    text: str = ""
    overdue_on: date | None = None


def listed(
    actor: Actor, search: Search, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Case]:
    """The newest cases first, with keys below `before`: ask again with the last key."""
    chosen = visible_to(actor).where(*_narrowing(search))
    if before is not None:
        chosen = chosen.where(Case.id < before)
    return db.session.scalars(chosen.order_by(Case.id.desc()).limit(limit)).all()


def _narrowing(search: Search) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if search.kind:
        found.append(Case.kind == search.kind)
    if search.state:
        found.append(Case.state == search.state)
    if search.overdue_on:
        found += [Case.due_on < search.overdue_on, Case.owner_role.is_not(None)]
    text = search.text.strip()
    if text:
        found.append(Case.id.in_(matching(text)))
    return found


def inbox(
    actor: Actor,
    search: Search | None = None,
    *,
    after: tuple[date, int] | None = None,
    limit: int = PAGE,
) -> Sequence[Case]:
    """What waits for the actor or its unit, the most pressing first; ``after``: the last one seen.

    A case without a due date comes last.
    """
    narrowing = _narrowing(search) if search else []
    # The first of each part come from its index in this order; all together would be sorted whole.
    parts = [
        sa.select(
            sa.select(Case.id)
            .where(waiting, *narrowing, *first)
            .limit(limit)
            .order_by(*order)
            .subquery()
        )
        for waiting in _waits_for(actor)
        for first, order in _by_due(after)
    ]
    due = sa.func.coalesce(Case.due_on, date.max)
    chosen = sa.select(Case).where(Case.id.in_(sa.union_all(*parts)))
    return db.session.scalars(chosen.order_by(due, Case.id).limit(limit)).all()


def _waits_for(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """What waits for the actor, in parts that overlap nowhere and that an index finds."""
    unit = Case.owner_unit_id == actor.unit_id
    parts = [sa.and_(unit, Case.owner_role == role.value) for role in sorted(actor.roles)]
    filer: list[sa.ColumnElement[bool]] = [sa.false()]
    if actor.subjects:
        filer.append(Case.subject_id.in_(actor.subjects))
    if actor.roles & HANDLERS:
        filer.append(Case.filer_unit_id == actor.unit_id)
    return [*parts, sa.and_(Case.owner_role == Role.FILER.value, sa.or_(*filer))]


def _by_due(
    after: tuple[date, int] | None,
) -> Iterator[tuple[list[sa.ColumnElement[bool]], list[InstrumentedAttribute[Any]]]]:
    """What has a due date, in that order, and what has none: conditions and order of both."""
    day, key = after or (date.min, 0)
    dated = [Case.due_on.is_not(None), sa.tuple_(Case.due_on, Case.id) > (day, key)]
    yield dated, [Case.due_on, Case.id]
    yield [Case.due_on.is_(None), Case.id > (key if day == date.max else 0)], [Case.id]


def handled_beside(actor: Actor, *, limit: int) -> Sequence[Case]:
    """What colleagues of the actor's unit handle now, the most pressing first."""
    held = [role.value for role in actor.roles]
    due = sa.func.coalesce(Case.due_on, date.max)
    chosen = visible_to(actor).where(
        Case.owner_unit_id == actor.unit_id,
        Case.owner_role.is_not(None),
        Case.owner_role.not_in(held),
    )
    return db.session.scalars(chosen.order_by(due, Case.id).limit(limit)).all()


def overdue(actor: Actor, on: date, *, limit: int) -> Sequence[Case]:
    """The cases that the actor may see in which somebody is late, the latest first."""
    chosen = visible_to(actor).where(Case.owner_role.is_not(None), Case.due_on < on)
    return db.session.scalars(chosen.order_by(Case.due_on, Case.id).limit(limit)).all()


def children_of(case: Case) -> Sequence[Case]:
    """Its children of every kind, oldest first."""
    chosen = sa.select(Case).join(CaseLink, CaseLink.child_id == Case.id)
    return db.session.scalars(chosen.where(CaseLink.parent_id == case.id).order_by(Case.id)).all()


def parents_of(case: Case) -> Sequence[Case]:
    """The cases whose child it is: of a suspension, all that held its sanction; oldest first."""
    chosen = sa.select(Case).join(CaseLink, CaseLink.parent_id == Case.id)
    return db.session.scalars(chosen.where(CaseLink.child_id == case.id).order_by(Case.id)).all()


def steps_taken(case: Case, since: int = 0) -> Sequence[StepTaken]:
    """Its history after step `since`, oldest first."""
    chosen = sa.select(StepTaken).where(StepTaken.case_id == case.id, StepTaken.seq > since)
    return db.session.scalars(chosen.order_by(StepTaken.seq)).all()


def readable_notices(actor: Actor, case: Case) -> Sequence[Notice]:
    """The notices of a case that the actor may read: all for office and handling unit.

    Others read what is addressed to them or to the public, or was issued by their unit.
    """
    chosen = sa.select(Notice).where(Notice.case_number == case.number)
    if not (actor.roles & OFFICE or (actor.unit_id == case.unit_id is not None)):
        chosen = chosen.where(_addressed_to(actor))
    return db.session.scalars(chosen.order_by(Notice.id)).all()


def addressed_notices(actor: Actor, numbers: Collection[str]) -> Sequence[Notice]:
    """What these cases told the actor: a child may write to whoever does not see the child."""
    chosen = sa.select(Notice).where(Notice.case_number.in_(numbers), _addressed_to(actor))
    return db.session.scalars(chosen.order_by(Notice.id)).all()


def is_addressee(actor: Actor, notice: Notice) -> bool:
    """Whether a notice is addressed to the actor itself: not a copy, and not to the public."""
    return (
        notice.addressee_subject_id in actor.subjects
        or notice.addressee_unit_id == _unit_of(actor) is not None
        or notice.addressee_person_id == actor.person_id is not None
    )


def notice_for(actor: Actor, notice_id: int) -> Notice:
    """A notice by its key; NotFound where there is none that the actor may read."""
    notice = db.session.get(Notice, notice_id)
    if notice is not None and notice.id in _readable(actor, notice):
        return notice
    message = "没有这份文书，或者您不能查看。"
    raise NotFound(message)


def _readable(actor: Actor, notice: Notice) -> set[int]:
    handled = sa.select(Case.number).where(Case.unit_id == actor.unit_id)
    allowed = _addressed_to(actor)
    if actor.unit_id is not None and not _is_administrator(actor):
        allowed = sa.or_(allowed, Notice.case_number.in_(handled))
    if actor.roles & (OFFICE | {Role.SYSTEM}):
        allowed = sa.true()
    return set(db.session.scalars(sa.select(Notice.id).where(Notice.id == notice.id, allowed)))


def _addressed_to(actor: Actor) -> sa.ColumnElement[bool]:
    copied = sa.select(Case.number).where(Case.subject_id.in_(actor.subjects))
    to_subject = sa.or_(
        Notice.addressee_subject_id.in_(actor.subjects),
        sa.and_(
            Notice.case_number.in_(copied),
            sa.or_(Notice.addressee_kind == "public", _copied_to_subject()),
        ),
    )
    to_unit = sa.and_(
        Notice.addressee_unit_id == _unit_of(actor), Notice.addressee_unit_id.is_not(None)
    )
    to_person = Notice.addressee_person_id == actor.person_id
    return sa.or_(to_subject, to_unit, to_person)


def _copied_to_subject() -> sa.ColumnElement[bool]:
    """Notices whose definition sends the subject a copy, or which it issued itself."""
    pairs = {
        (workflow.kind, notice.name)
        for workflow in editions()
        for step in workflow.steps
        for notice in step.notices
        if Party.SUBJECT in {*notice.copies, notice.issuer}
    }
    return sa.tuple_(Notice.kind, Notice.name).in_(pairs)


def attachments_of(case: Case) -> Sequence[Attachment]:
    """The files of a case; a verification shows those of its objection first."""
    ids = [case.id] if case.kind != "verification" else [case.parent_id, case.id]
    chosen = sa.select(Attachment).where(Attachment.case_id.in_(ids))
    return db.session.scalars(chosen.order_by(Attachment.id)).all()


def attachment_for(actor: Actor, attachment_id: int) -> Attachment:
    """A file by its key; NotFound where there is none that the actor may see.

    Whoever sees a case sees its files; a provider that is asked sees those of the objection.
    """
    seen = visible_to(actor).with_only_columns(Case.id)
    asked = visible_to(actor).with_only_columns(Case.parent_id).where(Case.kind == "verification")
    chosen = sa.select(Attachment).where(
        Attachment.id == attachment_id,
        sa.or_(Attachment.case_id.in_(seen), Attachment.case_id.in_(asked)),
    )
    found = db.session.scalars(chosen).one_or_none()
    if found is None:
        message = "没有这个附件，或者您不能查看。"
        raise NotFound(message)
    return found


def cases_on(record_ids: Collection[int]) -> dict[int, str]:
    """Which records a case is about that has not ended: record → the number of one such case."""
    corrections = sa.select(Correction.record_id, Case.number).join(
        Case, Case.id == Correction.case_id
    )
    repairs = sa.select(Repair.record_id, Case.number).join(Case, Case.id == Repair.case_id)
    objections = sa.select(Item.record_id, Case.number).join(Case, Case.id == Item.case_id)
    found: dict[int, str] = {}
    for chosen, column, kind in (
        (objections, Item.record_id, "objection"),
        (corrections, Correction.record_id, "correction"),
        (repairs, Repair.record_id, "repair"),
    ):
        states = [state for state in open_states(kind) if state != "draft"]
        rows = chosen.where(column.in_(record_ids), Case.state.in_(states))
        found.update((record, number) for record, number in db.session.execute(rows))
    return found
