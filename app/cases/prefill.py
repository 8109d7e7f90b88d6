"""What stands in the form of a step before anybody types: what the case knows already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from app.cases.choices import ITEM
from app.cases.facts import CaseFacts
from app.notices.queries import notices_of
from app.web.filters import day
from workflows.common import record_of
from workflows.conditions.correction import decision
from workflows.findings import Finding
from workflows.grammar import Step
from workflows.inputs.correction import Change
from workflows.inputs.objection import Draft, OwnError
from workflows.inputs.repair import CONDITIONS, Draft as Application, Grant, Refusal
from workflows.inputs.suspension import Confirmation, Lifted, Resumed
from workflows.inputs.verification import Findings
from workflows.office import AnswerFact
from workflows.rules import EARLIER, repairable_from

Values = dict[str, Any]

SPARE: Final = {Draft: {"items": 2}, Change: {"fields": 3}}
"""How many empty blocks stand below those that are filled."""


HIDDEN: Final[Mapping[type, Collection[str]]] = {Grant: {"name"}}
"""Fields of rows that the case fills in, because it knows what each row is about."""


def prefilled(step: Step, facts: CaseFacts) -> Values:
    """The values of the fields, rows as lists; nothing where the case knows nothing."""
    known = KNOWN_OF_STEPS.get((facts.row.kind, step.name)) or KNOWN.get(step.takes)
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


def _application(facts: CaseFacts) -> Values:
    details = facts.case().details
    return {"reasons": details["statement"], "commitment": details["commitment"]}


def _conditions(facts: CaseFacts) -> Values:
    """A row for each condition: as proposed before it was sent back, else what is known of it."""
    said = {one["name"]: one for one in facts.case().details["conditions"]}
    known = said or {"period": _period(facts), "commitment": _committed(facts)}
    return {"conditions": [{"name": name, **known.get(name, {})} for name, _ in CONDITIONS]}


def _period(facts: CaseFacts) -> Values:
    """Whether the minimum period is over, and how that is counted."""
    record = record_of(facts)
    if record.severity is None or record.regime in {None, EARLIER}:
        return {}
    earliest = repairable_from(record.decided_on, record.severity, str(record.regime), facts.rules)
    proof = f"自{day(record.decided_on)}认定起算，自{day(earliest)}起可以申请修复"
    return {"met": earliest <= facts.on, "proof": proof}


def _committed(facts: CaseFacts) -> Values:
    """The commitment that was published; whether it satisfies is for the examiner to say."""
    named = [one for one in notices_of([facts.row.number]) if one.name == "commitment"]
    return {"proof": f"《{named[-1].title}》（{named[-1].number}）"} if named else {}


def _unmet(facts: CaseFacts) -> Values:
    return {"reasons": facts.case().details["unmet"]}


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
    Application: _application,
    Grant: _conditions,
    Refusal: _unmet,
}
KNOWN_OF_STEPS: Final[Mapping[tuple[str, str], Callable[[CaseFacts], Values]]] = {
    ("repair", "refuse"): _unmet,
}
"""What only this step of a kind knows, where many steps take the same."""
