"""What stands in the form of a step before anybody types: what the case knows already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.cases.choices import ITEM
from app.cases.facts import CaseFacts
from workflows.conditions.correction import decision
from workflows.findings import Finding
from workflows.inputs.correction import Change
from workflows.inputs.objection import Draft, OwnError
from workflows.inputs.suspension import Confirmation, Lifted, Resumed
from workflows.inputs.verification import Findings
from workflows.office import AnswerFact

Values = dict[str, Any]

SPARE: Final = {Draft: {"items": 2}, Change: {"fields": 3}}
"""How many empty blocks stand below those that are filled."""


def prefilled(takes: type, facts: CaseFacts) -> Values:
    """The values of the fields, rows as lists; nothing where the case knows nothing."""
    known = KNOWN.get(takes)
    return known(facts) if known else {}


def blocks(takes: type, values: Mapping[str, Any]) -> dict[str, int]:
    """How many blocks each list of rows shows: those filled, and some to spare."""
    spare = SPARE.get(takes, {})
    filled = {name: len(rows) for name, rows in values.items() if isinstance(rows, list)}
    return {name: filled.get(name, 0) + spare.get(name, 0) for name in {*filled, *spare}}


def _draft(facts: CaseFacts) -> Values:
    items = [
        {"record_id": str(one.record), "field": one.field, "ground": one.ground, "claim": one.claim}
        for one in facts.items()
    ]
    return {"statement": facts.case().details["statement"], "items": items}


def _findings(facts: CaseFacts) -> Values:
    """A row for each item asked; with what was reported, where it was sent back."""
    answers = {one.item: one for one in facts.answers()}
    rows = [_finding(item.id, answers.get(item.id), facts) for item in facts.items()]
    return {"findings": rows, "officer": facts.case().details["officer"]}


def _finding(item: int, answer: AnswerFact | None, facts: CaseFacts) -> Values:
    if answer is None:
        return {ITEM: str(item)}
    rightful = facts.unit(answer.unit) if answer.unit else None
    return {
        ITEM: str(item),
        "finding": answer.finding,
        "value": answer.value,
        "unit": rightful.name if rightful else "",
        "reasons": answer.reasons,
        "evidence": [str(one) for one in answer.evidence],
    }


def _own_error(facts: CaseFacts) -> Values:
    """A row for each item about which no provider has found anything yet."""
    open_items = [one for one in facts.items() if one.finding in {None, Finding.NOT_OURS}]
    return {"items": [{ITEM: str(one.id)} for one in open_items]}


def _change(facts: CaseFacts) -> Values:
    """As decided; else as proposed before it was sent back."""
    details = facts.case().details
    kind, values = decision(facts)
    chosen = values if kind else dict(details["fields"] or {})
    return {
        "kind": kind or details["kind"] or "",
        "fields": [{"field": field, "value": value} for field, value in chosen.items()],
        "basis": details["basis"],
    }


def _done_today(facts: CaseFacts) -> Values:
    return {"executed_on": facts.on.isoformat()}


KNOWN: Final[Mapping[type, Callable[[CaseFacts], Values]]] = {
    Draft: _draft,
    Findings: _findings,
    OwnError: _own_error,
    Change: _change,
    Confirmation: _done_today,
    Resumed: _done_today,
    Lifted: _done_today,
}
