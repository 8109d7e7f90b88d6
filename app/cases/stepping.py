"""The page on which a step is taken: its form, what came of sending it, and what to show then."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from app.cases.choices import Choices, Pairs, records_with
from app.cases.commands import Once, step_of, take_step
from app.cases.facts import CaseFacts
from app.cases.following import following
from app.cases.forms import StepForm, new_key, step_form
from app.cases.inputs import parse
from app.cases.machine import wrong_state
from app.cases.measures import to_be_held
from app.cases.models import Case
from app.cases.overview import overview, taken_since
from app.cases.particulars import option_titles
from app.cases.possibilities import Possibility
from app.cases.prefill import HIDDEN, blocks, prefilled
from app.cases.presentation import button, consequence, is_draft, warning
from app.cases.previewing import preview
from app.cases.queries import case_for
from app.cases.uploading import FILED
from app.clock import today
from app.db import db
from app.errors import Conflict, Invalid, NotAllowed, Reason, RedressError, StepRefused
from app.people.actor import Actor
from app.records.models import Record
from app.records.queries import visible_to
from workflows.grammar import Step
from workflows.inputs.correction import Change

Told: TypeAlias = dict[str, Any]
MOST_RECORDS: Final = 100
READS_THE_STATEMENT: Final = frozenset(
    {
        "submit",
        "accept",
        "request_supplement",
        "refuse",
        "refuse_acceptance",
        "propose_grant",
        "propose_refusal",
        "endorse",
        "grant",
    }
)
"""Steps for which one reads first what the filer says."""


def step_page(actor: Actor, number: str, name: str) -> Told:
    """A form that is still to be filled in; NotFound and NotAllowed as `take_step` raises them."""
    case = case_for(actor, number)
    step = step_of(case, name)
    told = overview(case, actor)
    reasons = _in_the_way(case, step, told["steps"])
    form = _form(actor, told["facts"], step, filled=True)
    form.version.data = str(case.version)
    return _shown(told, step, form) | {"reasons": reasons}


def sent_form(actor: Actor, number: str, name: str) -> StepForm:
    """The form of a step with what the person sent."""
    case = case_for(actor, number)
    return _form(actor, CaseFacts(case, today()), step_of(case, name), filled=False)


def send(actor: Actor, number: str, name: str, form: StepForm) -> str:
    """Take the step with what was typed; gives what to tell the person. Raises as `take_step`."""
    step, typed, given = _typed(actor, number, name, form)
    body = {"number": number, "step": name, "input": typed}
    once = Once(form.once.data, body) if form.once.data else None
    take_step(number, name, actor, given, version=_version(form), once=once)
    return f"已办理“{step.title}”。"


def rehearse(actor: Actor, number: str, name: str, form: StepForm) -> bytes:
    """The notices that the step would issue with what was typed, as PDF. Raises as `take_step`."""
    _, _, given = _typed(actor, number, name, form)
    return preview(number, name, actor, given)


def _typed(actor: Actor, number: str, name: str, form: StepForm) -> tuple[Step, Told, Any]:
    """The step, what was typed in its form, and that as its input."""
    case = case_for(actor, number)
    step, typed = step_of(case, name), form.typed()
    return step, typed, parse(step.takes, typed, CaseFacts(case, today()).rules)


def refused_page(actor: Actor, number: str, name: str, form: StepForm, error: RedressError) -> Told:
    """The form with all that was typed, and what stood in the way."""
    case = case_for(actor, number)
    step = step_of(case, name)
    seen = _version(form)
    told = _shown(overview(case, actor), step, form)
    if isinstance(error, Invalid):
        form.refuse(error.faults)
    if isinstance(error, StepRefused):
        told["refused"] = error.reasons
    if isinstance(error, Conflict):
        told |= {"since": taken_since(case, seen or 0, actor), "stale": True}
        told["refused"] = _in_the_way(case, step, told["steps"], own=False)
        told["over"] = bool(told["refused"])
    form.version.data, form.once.data = str(case.version), new_key()
    return told


def _form(actor: Actor, facts: CaseFacts, step: Step, *, filled: bool) -> StepForm:
    records = _nameable(actor, facts) if is_draft(step.takes) else ()
    choices = Choices(facts.rules, facts, records, fixed=_decided(facts, step))
    values, hidden = prefilled(step, facts), HIDDEN.get(step.takes, ())
    rows = blocks(step.takes, values) if filled else {}
    built = step_form(step.takes, choices, rows, hidden=hidden)
    form: StepForm = built(formdata=None, data=values) if filled else built()
    if filled:
        form.once.data = new_key()
    return form


def _decided(facts: CaseFacts, step: Step) -> dict[str, Pairs]:
    """Where an objection decided how a record is put right, nothing else can be chosen."""
    kind = facts.case().details.get("decided_kind")
    if step.takes is not Change or not kind:
        return {}
    titles = option_titles(facts.rules, "correction.kinds")
    return {"kind": [(kind, titles.get(kind, kind))]}


def _nameable(actor: Actor, facts: CaseFacts) -> list[Record]:
    """The records that an item of a draft may be about: its own, and others of its subject."""
    visible = visible_to(actor)
    named = list(records_with(facts.record_ids(), visible))
    subject = facts.case().subject
    if subject is None:
        return named
    known = {record.id for record in named}
    others = visible.where(Record.subject_id == subject).order_by(Record.id.desc())
    found = db.session.scalars(others.limit(MOST_RECORDS))
    return named + [record for record in found if record.id not in known]


def _shown(told: Told, step: Step, form: StepForm) -> Told:
    accepts = step.name == "accept"
    return told | {
        "step": step,
        "form": form,
        "title": button(step, told["details"]),
        "consequence": consequence(step),
        "warning": warning(told["case"].kind, step, told),
        "weighty": not step.beside,
        "stated": told["case"].kind in FILED and step.name in READS_THE_STATEMENT,
        "asked": sorted({item["unit_name"] for item in told["items"]}) if accepts else (),
        "to_be_held": to_be_held(told["sanctions"], told["case"].number) if accepts else (),
        "items_by_id": {str(item["id"]): item for item in told["items"]},
        "following": following(told["facts"], step),
        "reasons": (),
        "refused": (),
        "since": (),
        "stale": False,
        "over": False,
    }


def _in_the_way(
    case: Case, step: Step, possible: list[Possibility], *, own: bool = True
) -> list[Reason]:
    """Why the step cannot be taken now; NotAllowed for somebody else's, where `own` is asked."""
    found = next((one for one in possible if one.step.name == step.name), None)
    if found is None:
        return [wrong_state(case, step)]
    if own and not found.mine:
        raise NotAllowed(found.reasons[0].text)
    return list(found.reasons)


def _version(form: StepForm) -> int | None:
    """The version that the page had seen; None where it did not say."""
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
