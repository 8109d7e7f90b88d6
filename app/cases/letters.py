"""What a notice says, frozen as plain JSON while the step that issues it is being taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from app.cases import documents, occasions, particulars, parties
from app.cases.facts import CaseFacts
from app.cases.models import StepTaken
from app.cases.occasions import CLOCKS
from app.cases.parties import Addressee
from app.cases.projection import office_unit
from app.notices.drafts import Draft
from app.people.models import Unit
from app.people.queries import names_of
from workflows.grammar import Entry, Notice, Party, Shape, Step, entries
from workflows.rules import legal_basis

__all__ = ["CLOCKS", "case_as_json", "context", "draft"]

Told = dict[str, Any]


def draft(facts: CaseFacts, step: Step, notice: Notice, taken: StepTaken) -> Draft:
    """A notice that a step issues, whole but for its number.

    Call it when the step has been taken: effects, history and deadlines stand, `facts` were
    forgotten. Raises UnknownRule where the rules know no series word or legal basis for it.
    """
    kind, office = facts.row.kind, office_unit()
    issuer = parties.issuer_of(notice, facts, office)
    addressee = parties.addressee_of(notice.to, facts, office)
    copies = [parties.addressee_of(one, facts, office) for one in notice.copies]
    head = {
        "issuer": parties.unit_as_json(issuer),
        "addressee": addressee.as_json(),
        "copies": [one.name for one in copies if one.name != addressee.name],
    }
    return Draft(
        case_number=facts.row.number,
        seq=taken.seq,
        kind=kind,
        name=notice.name,
        title=notice.title,
        series_word=facts.rules.text(f"series.{kind}.{notice.name}"),
        issuer_id=issuer.id,
        addressee_kind=addressee.kind,
        addressee_id=addressee.id,
        cites=occasions.cited(facts, notice),
        context={"notice": head} | context(facts, step, notice, taken, issuer, addressee),
    )


def context(
    facts: CaseFacts,
    step: Step,
    notice: Notice,
    taken: StepTaken,
    issuer: Unit,
    addressee: Addressee,
) -> Told:
    """All that a template may print beside `notice`; days are ISO, nothing is left to look up.

    Numbers of documents are masked unless a unit is addressed. `remedies` is empty unless the
    notice is adverse.
    """
    rules, whole = facts.rules, addressee.kind == "unit"
    return {
        "case": case_as_json(facts),
        "step": _step(step, taken),
        "records": particulars.records(facts),
        "items": particulars.items(facts, whole=whole),
        "sanctions": particulars.sanctions(facts),
        "deadlines": _deadlines(facts),
        "basis": list(legal_basis(facts.row.kind, notice.name, rules)),
        "remedies": parties.remedies(issuer, rules) if notice.adverse else [],
        "attachments": particulars.attachments(facts.root),
        "policy": {"suspension_counts": rules.choice("suspension.counts")},
        "previous_due_on": _previous_due_on(facts, step),
        "urging": occasions.urging(facts, step),
        **_entered(facts, step, taken),
        **occasions.OF_KIND[facts.row.kind](facts, whole),
    }


def case_as_json(facts: CaseFacts) -> Told:
    """The case and whom it is about, as notices and papers name them."""
    case, root = facts.case(), parties.root_of(facts)
    sources = particulars.option_titles(facts.rules, "objection.sources")
    details = root.details
    return {
        "number": case.number,
        "kind": case.kind,
        "kind_title": facts.workflow.title,
        "filed_on": (_filed_on(facts) or case.filed_on).isoformat(),
        "source_title": sources.get(details.get("source", ""), ""),
        "statement": details.get("statement", ""),
        "supplements": _supplements(facts.root),
        "parent": case.parent,
        "filer_name": parties.addressee_of(Party.FILER, facts, root.unit).name,
        "unit_name": parties.unit(case.unit).name,
        "subject": parties.concerned(facts).as_json(),
        "holders": sorted({one for sanction in facts.sanctions() for one in sanction.holders}),
        "former_holders": list(facts.objections_above()),
    }


def _supplements(facts: CaseFacts) -> list[Told]:
    """What the filer explained when he supplied what was missing, oldest first."""
    return [
        {"on": one.on.isoformat(), "statement": one.data["input"]["statement"]}
        for one in facts.history()
        if one.step == "supplement"
    ]


def _filed_on(facts: CaseFacts) -> date | None:
    """The day on which a draft was submitted; a case without drafts was filed when opened."""
    return next((one.on for one in facts.history() if one.step == "submit"), None)


def _step(step: Step, taken: StepTaken) -> Told:
    actor, unit = taken.actor_id, taken.unit_id
    return {
        "name": step.name,
        "title": step.title,
        "actor_name": names_of([actor])[actor] if actor else "系统",
        "unit_name": parties.unit(unit).name if unit else "",
    }


def _deadlines(facts: CaseFacts) -> Told:
    return {name: occasions.due(row) for name, row in facts.deadlines().items()}


def _previous_due_on(facts: CaseFacts, step: Step) -> str | None:
    """What the clock that this step extends was due on before."""
    clocks = [
        clock
        for clock in facts.workflow.clocks
        if clock.extended_by and clock.extended_by[0] == step.name
    ]
    before = facts.dues_before_last()
    return next((before[one.name].isoformat() for one in clocks if one.name in before), None)


def _entered(facts: CaseFacts, step: Step, taken: StepTaken) -> Told:
    """The step's input, with the titles of what was chosen and of the files that were named."""
    said: Told = dict.fromkeys((field.name for field in fields(step.takes)), "")
    said |= taken.data.get("input", {})
    titles: Told = {}
    ordinals: Told = {}
    for field, entry in entries(step.takes):
        options = _options(facts, entry)
        if options and said[field.name] in options:
            titles[field.name] = options[said[field.name]]
            ordinals[field.name] = list(options).index(said[field.name]) + 1
        if entry.shape is Shape.DOCUMENT:
            said[field.name] = documents.as_read(facts, said[field.name])
    return {"input": said, "titles": titles, "ordinals": ordinals}


def _options(facts: CaseFacts, entry: Entry) -> Mapping[Any, str]:
    if isinstance(entry.choices, str):
        return particulars.option_titles(facts.rules, entry.choices)
    return dict(entry.choices) if isinstance(entry.choices, tuple) else {}
