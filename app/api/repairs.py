"""What only a repair tells a program."""

from __future__ import annotations

from typing import Any, Final

from app.cases.details import as_json
from app.cases.facts import CaseFacts
from app.cases.models import Case
from workflows.conditions.repair import unproven
from workflows.repair import DECIDED, PROPOSING
from workflows.rules import duties_of

Shown = dict[str, Any]

TOLD: Final = (
    "record_id",
    "commitment",
    "committed_on",
    "next_application_on",
    "repaired_on",
    "accusation",
    "answer",
    "barred_until",
)
NOTHING_PROPOSED: Final[Shown] = {"proposal": None, "conditions": [], "unmet": ""}
"""What others than office and unit are told of the proposal before it is decided."""
PROPOSED: Final = "propose"
"""What its step is called to them: not which of the two it was."""


def told(facts: CaseFacts, *, handles: bool) -> Shown:
    """The application, its duties and what became of it; `handles`: for office or unit."""
    known = facts.case().details
    proposed = {name: known[name] for name in NOTHING_PROPOSED}
    return {
        **as_json({name: known[name] for name in TOLD}),
        **(NOTHING_PROPOSED if withheld(facts.row, handles=handles) else as_json(proposed)),
        "duties": _duties(facts),
    }


def withheld(case: Case, *, handles: bool) -> bool:
    """Whether what is proposed in a case is not to be told, for it is not decided."""
    decided = {state.name for state in DECIDED}
    return case.kind == "repair" and not handles and case.state not in decided


def step_told(name: str) -> str:
    """What a step is called where what is proposed is withheld."""
    return PROPOSED if name in PROPOSING else name


def _duties(facts: CaseFacts) -> list[Shown]:
    """Each duty that the record names, and whether a file was handed in that proves it."""
    (record,) = facts.records()
    missing = {one.code for one in unproven(facts, facts.rules)}
    return [
        {"code": one.code, "title": one.title, "proven": one.code not in missing}
        for one in duties_of(record.content, facts.rules)
    ]
