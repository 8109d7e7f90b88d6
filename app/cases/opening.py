"""Opening a case by hand: which records it may be about, its form, and what is opened with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.cases.choices import Choices, Pairs
from app.cases.commands import Once, file_objection, open_correction, take_step
from app.cases.filing import UNIT_HANDLERS
from app.cases.forms import OpeningForm, StepForm, new_key, step_form
from app.cases.inputs import parse
from app.cases.models import Case, IdempotencyKey
from app.cases.presentation import recorded
from app.db import db
from app.errors import Conflict, Invalid, NotFound, RedressError, StepRefused
from app.people.actor import Actor
from app.people.models import Subject
from app.people.queries import find_subjects, subjects_by_id
from app.records.models import EndedBy, Record
from app.records.queries import (
    annotated,
    contents,
    rules_today,
    visible_to,
)
from workflows import WORKFLOWS
from workflows.grammar import Role, bys
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Draft, Filing

Told: TypeAlias = dict[str, Any]
GONE: Final = (EndedBy.REVOKE, EndedBy.DELETE)
OFFERED: Final = 50
SPARE_BLOCKS: Final = 2


def may_open(kind: str, actor: Actor) -> None:
    """Raises NotFound for a kind that the actor does not open by hand."""
    steps = WORKFLOWS[kind].steps if kind in WORKFLOWS else ()
    by = {by.role for step in steps if not step.sources for by in bys(step.by)}
    if not by & actor.roles:
        message = "没有这种业务，或者不由您提出。"
        raise NotFound(message)


def offered(actor: Actor, text: str) -> Sequence[Record]:
    """Records to choose from, newest decisions first: of a subject, or with a decision number.

    Without a text the actor's own, where it sees only some.
    """
    chosen = visible_to(actor).where(
        sa.or_(Record.ended_by.is_(None), Record.ended_by.notin_(GONE))
    )
    if text.strip():
        subjects = [subject.id for subject in find_subjects(text, limit=OFFERED)]
        matching = sa.or_(Record.decision_no == text.strip(), Record.subject_id.in_(subjects))
        chosen = chosen.where(matching)
    elif _sees_all(actor):
        return ()
    order = (Record.decided_on.desc(), Record.id.desc())
    return db.session.scalars(chosen.order_by(*order).limit(OFFERED)).all()


def cards(records: Sequence[Record]) -> list[Told]:
    """The records as people choose and read them."""
    said, marked = contents(records), annotated([record.id for record in records])
    subjects = subjects_by_id({record.subject_id for record in records})
    return [
        {
            "record": one,
            "subject": subjects[one.subject_id].name,
            "content": said[one.id],
            "annotated": one.id in marked,
            "fields": recorded(said[one.id]),
        }
        for one in records
    ]


def opening_form(kind: str, actor: Actor, records: Sequence[Record], *, sent: bool) -> StepForm:
    """The form that opens a case about these records, with what was sent, else prefilled."""
    build = {"objection": _objection_form, "correction": _correction_form}[kind]
    return build(actor, records, sent)


def not_chosen(kind: str, records: Sequence[Record], *, asked: bool) -> list[str]:
    """What still is to be chosen; empty where the records can be what a new case is about.

    `asked`: somebody said that the choice was made. Without records there is always something.
    """
    gone = [one for one in records if kind == "objection" and one.ended_by in GONE]
    if gone:
        numbers = "、".join(one.decision_no for one in gone)
        return [f"{numbers}的记录已经撤销或者删除，不能再提出异议，请另行选择。"]
    if records:
        return []
    return ["请至少勾选一条记录。" if asked else ""]


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
        if state != "draft":
            raise
    typed = {name: said for name, said in form.typed().items() if name in {"statement", "items"}}
    return take_step(number, "amend", actor, parse(Draft, typed, rules_today()))


def _opened(kind: str, actor: Actor, form: StepForm) -> str:
    typed = form.typed()
    once = Once(form.once.data, {"kind": kind, "input": typed}) if form.once.data else None
    if kind == "correction":
        given = parse(Opening, typed, rules_today())
        return open_correction(actor, given, annulled=bool(form["annulled"].data), once=once)
    sources = sources_for(actor)
    typed.setdefault("source", sources[0] if len(sources) == 1 else "subject")
    return file_objection(actor, parse(Filing, typed, rules_today()), once=once)


def refuse(form: StepForm, error: RedressError) -> None:
    """Show on the form why nothing was opened; it may be sent again."""
    if isinstance(error, Invalid):
        form.refuse(error.faults)
    elif not isinstance(error, StepRefused):
        form.form_errors.append(error.detail or error.title)
    form.once.data = new_key()


def sources_for(actor: Actor) -> list[str]:
    """From which sources the actor may file an objection."""
    if Role.OFFICE_CLERK in actor.roles:
        return ["subject", "complaint", "own_finding", "referral"]
    own = ["subject", "complaint"] if actor.subjects else []
    return own + (["own_finding"] if actor.roles & UNIT_HANDLERS else [])


def _objection_form(actor: Actor, records: Sequence[Record], sent: bool) -> StepForm:
    rules, sources = rules_today(), sources_for(actor)
    titles = {option.code: option.title for option in rules.options("objection.sources")}
    fixed = {"source": [(code, titles[code]) for code in sources]}
    if len(actor.subjects) > 1:
        fixed["on_behalf_of"] = _subjects_of(actor)
    choices = Choices(rules, records=records, fixed=fixed)
    items = [{"record_id": str(record.id)} for record in records]
    rows = {} if sent else {"items": len(items) + SPARE_BLOCKS}
    values = {"items": items, "source": sources[0], "on_behalf_of": _whose(records)}
    form = _filled(step_form(Filing, choices, rows), values, sent)
    if len(sources) == 1:
        del form["source"]
    if len(actor.subjects) <= 1 and Role.OFFICE_CLERK not in actor.roles:
        del form["on_behalf_of"]
    return form


def _correction_form(_: Actor, records: Sequence[Record], sent: bool) -> StepForm:
    built = step_form(Opening, Choices(rules_today(), records=records), base=OpeningForm)
    return _filled(built, {"record_id": str(records[0].id)}, sent)


def _filled(built: type[Any], values: Told, sent: bool) -> StepForm:
    form: StepForm = built() if sent else built(formdata=None, data=values)
    if not sent:
        form.once.data = new_key()
    return form


def _whose(records: Sequence[Record]) -> str:
    """The code of the one subject that the records are about; a clerk files for it most often."""
    subjects = {record.subject_id for record in records}
    if len(subjects) != 1:
        return ""
    return db.session.get_one(Subject, subjects.pop()).code


def _subjects_of(actor: Actor) -> Pairs:
    found = subjects_by_id(actor.subjects)
    return [(one.code, one.name) for _, one in sorted(found.items())]


def _sees_all(actor: Actor) -> bool:
    return any(role.value.startswith("office.") for role in actor.roles)
