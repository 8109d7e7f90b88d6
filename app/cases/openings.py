"""How each kind of case is opened by hand: its words, its form, and the command it leads to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.cases.choices import RECORD, Choices, Pairs
from app.cases.commands import Once, file_objection, file_repair, open_correction
from app.cases.filing import UNIT_HANDLERS
from app.cases.forms import OpeningForm, StepForm, new_key, step_form
from app.cases.inputs import parse
from app.cases.repairable import notes_on
from app.db import db
from app.people.actor import Actor
from app.people.models import Subject
from app.people.queries import subjects_by_id
from app.records.models import EndedBy, Record
from app.records.queries import rules_today
from workflows.grammar import Role
from workflows.inputs.correction import Opening as Correcting
from workflows.inputs.objection import Draft as Objecting, Filing
from workflows.inputs.repair import Draft as Repairing, Filing as RepairFiling

SPARE_BLOCKS: Final = 2


@dataclass(frozen=True)
class Unfit:
    """Records with which nothing can be opened, and what to say of their numbers."""

    endings: Collection[EndedBy] = ()
    sentence: str = ""


@dataclass(frozen=True)
class Opening:
    """What the pages say and do that open a case of one kind.

    `ask`: what to choose, of `several` records or of one; `before`: what sending will do;
    `send`: the words on its button; `draft`: what amends the draft that was opened, where it is
    one; `notes`: what to say of the records that may be chosen.
    """

    title: str
    ask: str
    before: str
    send: str
    form: Callable[[Actor, Sequence[Record], bool], StepForm]
    open: Callable[[Actor, StepForm, Once | None], str]
    draft: type | None = None
    several: bool = False
    unfit: Unfit = Unfit()
    notes: Callable[[Sequence[Record]], Mapping[int, str]] | None = None


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


def _object(actor: Actor, form: StepForm, once: Once | None) -> str:
    typed, sources = form.typed(), sources_for(actor)
    typed.setdefault("source", sources[0] if len(sources) == 1 else "subject")
    return file_objection(actor, parse(Filing, typed, rules_today()), once=once)


def _correction_form(_: Actor, records: Sequence[Record], sent: bool) -> StepForm:
    built = step_form(Correcting, Choices(rules_today(), records=records), base=OpeningForm)
    return _filled(built, {RECORD: str(records[0].id)}, sent)


def _correct(actor: Actor, form: StepForm, once: Once | None) -> str:
    given = parse(Correcting, form.typed(), rules_today())
    return open_correction(actor, given, annulled=bool(form["annulled"].data), once=once)


def _repair_form(_: Actor, records: Sequence[Record], sent: bool) -> StepForm:
    """The record was chosen already: nobody is asked for it once more."""
    built = step_form(RepairFiling, Choices(rules_today(), records=records), hidden={RECORD})
    form = _filled(built, {}, sent)
    form[RECORD].data = str(records[0].id)
    return form


def _repair(actor: Actor, form: StepForm, once: Once | None) -> str:
    return file_repair(actor, parse(RepairFiling, form.typed(), rules_today()), once=once)


def _filled(built: type[Any], values: Mapping[str, Any], sent: bool) -> StepForm:
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


OPENINGS: Final[Mapping[str, Opening]] = {
    "objection": Opening(
        title="新建异议",
        ask="勾选有异议的记录，可以选多条",
        before="保存为草稿。下一步可以上传证据材料，核对后再提交；提交前随时可以修改。",
        send="保存草稿，下一步",
        form=_objection_form,
        open=_object,
        draft=Objecting,
        several=True,
        unfit=Unfit(
            {EndedBy.REVOKE, EndedBy.DELETE},
            "{}的记录已经撤销或者删除，不能再提出异议，请另行选择。",
        ),
    ),
    "correction": Opening(
        title="发起更正",
        ask="选择要更正的记录",
        before="提交后将出具《信息更正（撤销）通知书》，案件转为“待更正”。",
        send="发起更正",
        form=_correction_form,
        open=_correct,
    ),
    "repair": Opening(
        title="申请信用修复",
        ask="选择要修复的记录，每次申请修复一条",
        before="保存为草稿，承诺暂不公开。下一步上传履行义务的证明，核对后再提交；提交前随时可以修改。",
        send="保存草稿，下一步",
        form=_repair_form,
        open=_repair,
        draft=Repairing,
        unfit=Unfit(
            frozenset(EndedBy),
            "{}的记录已经停止公示、共享和使用，无须申请修复，请另行选择。",
        ),
        notes=notes_on,
    ),
}
