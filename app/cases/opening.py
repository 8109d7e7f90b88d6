"""Opening a case by hand: which records it may be about, its form, and what is opened with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.cases.commands import Once, take_step
from app.cases.forms import StepForm, new_key
from app.cases.inputs import fields_of, parse
from app.cases.models import Case, IdempotencyKey
from app.cases.openings import OPENINGS
from app.cases.presentation import recorded
from app.db import db
from app.errors import Conflict, Invalid, NotFound, RedressError, StepRefused
from app.people.actor import Actor
from app.people.queries import find_subjects, subjects_by_id
from app.records.models import EndedBy, Record
from app.records.queries import (
    annotated,
    contents,
    rules_today,
    visible_to,
)
from workflows import WORKFLOWS
from workflows.grammar import bys

Told: TypeAlias = dict[str, Any]
GONE: Final = (EndedBy.REVOKE, EndedBy.DELETE)
OFFERED: Final = 50


def may_open(kind: str, actor: Actor) -> None:
    """Raises NotFound for a kind that the actor does not open by hand."""
    steps = WORKFLOWS[kind].steps if kind in OPENINGS else ()
    by = {by.role for step in steps if not step.sources for by in bys(step.by)}
    if not by & actor.roles:
        message = "没有这种业务，或者不由您提出。"
        raise NotFound(message)


def offered(kind: str, actor: Actor, text: str) -> Sequence[Record]:
    """Records to choose from, newest decisions first: of a subject, or with a decision number.

    Without a text the actor's own, where it sees only some.
    """
    unfit = {*GONE, *OPENINGS[kind].unfit.endings}
    chosen = visible_to(actor).where(
        sa.or_(Record.ended_by.is_(None), Record.ended_by.notin_(unfit))
    )
    if text.strip():
        subjects = [subject.id for subject in find_subjects(text, limit=OFFERED)]
        matching = sa.or_(Record.decision_no == text.strip(), Record.subject_id.in_(subjects))
        chosen = chosen.where(matching)
    elif _sees_all(actor):
        return ()
    order = (Record.decided_on.desc(), Record.id.desc())
    return db.session.scalars(chosen.order_by(*order).limit(OFFERED)).all()


def cards(kind: str, records: Sequence[Record]) -> list[Told]:
    """The records as people choose and read them; `note`: what this kind says of each."""
    said, marked = contents(records), annotated([record.id for record in records])
    subjects = subjects_by_id({record.subject_id for record in records})
    ask = OPENINGS[kind].notes
    notes = ask(records) if ask else {}
    return [
        {
            "record": one,
            "subject": subjects[one.subject_id].name,
            "content": said[one.id],
            "annotated": one.id in marked,
            "fields": recorded(said[one.id]),
            "note": notes.get(one.id, ""),
        }
        for one in records
    ]


def opening_form(kind: str, actor: Actor, records: Sequence[Record], *, sent: bool) -> StepForm:
    """The form that opens a case about these records, with what was sent, else prefilled."""
    return OPENINGS[kind].form(actor, records, sent)


def not_chosen(kind: str, records: Sequence[Record], *, asked: bool) -> list[str]:
    """What still is to be chosen; empty where the records can be what a new case is about.

    `asked`: somebody said that the choice was made. Without records there is always something.
    """
    if len(records) > 1 and not OPENINGS[kind].several:
        return ["每次只能选择一条记录。"]
    unfit = OPENINGS[kind].unfit
    numbers = "、".join(one.decision_no for one in records if one.ended_by in unfit.endings)
    if numbers:
        return [unfit.sentence.format(numbers)]
    if records:
        return []
    few = "请至少勾选一条记录。" if OPENINGS[kind].several else "请选择一条记录。"
    return [few if asked else ""]


def opened_with(actor: Actor, key: str) -> tuple[str, str] | None:
    """Number and state of the case that the actor opened with the form of this key."""
    if not key:
        return None
    chosen = sa.select(Case.number, Case.state).join(
        IdempotencyKey, IdempotencyKey.case_number == Case.number
    )
    mine = (IdempotencyKey.person_id == actor.person_id, IdempotencyKey.key == key)
    found = db.session.execute(chosen.where(*mine)).first()
    return (found.number, found.state) if found else None


def open_case(kind: str, actor: Actor, form: StepForm) -> str:
    """Open the case with what was typed, and give its number; raises as its command does.

    The same form once more, with other words, amends the draft that it has opened.
    """
    try:
        return _opened(kind, actor, form)
    except Conflict:
        number, state = opened_with(actor, form.once.data or "") or ("", "")
        draft = OPENINGS[kind].draft
        if state != "draft" or draft is None:
            raise
    names = {spec.name for spec in fields_of(draft)}
    typed = {name: said for name, said in form.typed().items() if name in names}
    return take_step(number, "amend", actor, parse(draft, typed, rules_today()))


def _opened(kind: str, actor: Actor, form: StepForm) -> str:
    typed = form.typed()
    once = Once(form.once.data, {"kind": kind, "input": typed}) if form.once.data else None
    return OPENINGS[kind].open(actor, form, once)


def refuse(form: StepForm, error: RedressError) -> None:
    """Show on the form why nothing was opened; it may be sent again."""
    if isinstance(error, Invalid):
        form.refuse(error.faults)
    elif not isinstance(error, StepRefused):
        form.form_errors.append(error.detail or error.title)
    form.once.data = new_key()


def _sees_all(actor: Actor) -> bool:
    return any(role.value.startswith("office.") for role in actor.roles)
