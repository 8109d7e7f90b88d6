"""Opening cases and taking steps with what a program sent."""

from __future__ import annotations

from typing import Any

from app.api.inputs import FILED, missing_in
from app.api.reading import expected_version, once
from app.cases import commands
from app.cases.facts import CaseFacts
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.queries import case_for
from app.cases.roles import may_take, not_yours
from app.clock import today
from app.errors import Invalid, NotAllowed
from app.people.actor import Actor
from app.records.queries import rules_today
from workflows.grammar import Step
from workflows.inputs.correction import Opening


def file(actor: Actor, body: Any) -> str:
    """Open the case that the body asks for; gives its number."""
    kind, given = _parsed(body)
    key = once({"filing": body})
    if kind == "objection":
        return commands.file_objection(actor, given, key)
    if kind == "repair":
        return commands.file_repair(actor, given, key)
    opening = Opening(record_id=given.record_id, basis=given.basis)
    return commands.open_correction(actor, opening, annulled=given.annulled, once=key)


def take(actor: Actor, number: str, name: str, body: Any) -> str:
    """Take the step of the case with the body as its input."""
    case = case_for(actor, number)
    step = commands.step_of(case, name)
    given = _given(case, step, actor, body)
    key = once({"case": number, "step": name, "input": body})
    version = expected_version()
    return commands.take_step(number, name, actor, given, version=version, once=key)


def _parsed(body: Any) -> tuple[str, Any]:
    if not isinstance(body, dict):
        raise Invalid({"": "应为由字段组成的对象。"})
    kind = body.get("kind")
    if not isinstance(kind, str) or kind not in FILED:
        raise Invalid({"kind": f"只能是：{'、'.join(FILED)}。"})
    said = {name: value for name, value in body.items() if name != "kind"}
    missing = missing_in(kind, said)
    try:
        given = parse(FILED[kind], said, rules_today())
    except Invalid as invalid:
        raise Invalid(missing | invalid.faults) from None
    if missing:
        raise Invalid(missing)
    return kind, given


def _given(case: Case, step: Step, actor: Actor, body: Any) -> Any:
    """The input; whose step it is not is told that, not what is wrong with the input."""
    facts = CaseFacts(case, today())
    try:
        return parse(step.takes, body, facts.rules)
    except Invalid:
        if not may_take(step, facts, actor):
            raise NotAllowed(not_yours(step, facts).text) from None
        raise
