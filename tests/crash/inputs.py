"""What people enter in a step, by what the API tells of its case."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from app.clock import today
from workflows.inputs.repair import CONDITIONS

TEXT = "如附件所述，见案卷第3页。"
Given = dict[str, Any]
Shown = dict[str, Any]
FIELDS = ("violation", "penalty", "record")
RARE = {
    **dict.fromkeys(("urge", "withdraw", "send_back", "return_proposal", "refuse"), 0.05),
    **dict.fromkeys(("request_supplement", "decline", "refuse_acceptance"), 0.1),
    **dict.fromkeys(("propose_refusal", "dismiss"), 0.4),
}
"""Steps that would end most cases early if they were as likely as the others."""


def item(record: int, chance: random.Random) -> Given:
    """A contested point."""
    ground = chance.choice(["O1", "O2", "O3", "O4"])
    return {"record_id": record, "field": chance.choice(FIELDS), "ground": ground, "claim": TEXT}


def _nothing(_case: Shown, _chance: random.Random) -> Given:
    return {}


def _says(**given: Any) -> Callable[[Shown, random.Random], Given]:
    return lambda _case, _chance: dict(given)


def _findings(case: Shown, chance: random.Random) -> Given:
    return {"officer": "某人", "findings": [_found(one, chance) for one in case["items"]]}


def _found(one: Shown, chance: random.Random) -> Given:
    finding = chance.choice(["accurate", "wrong_revoke", "wrong_correct"])
    if finding == "wrong_correct" and one["field"] == "record":
        finding = "wrong_revoke"
    value = {"value": "警告"} if finding == "wrong_correct" else {}
    return {"item_id": one["id"], "finding": finding, "reasons": TEXT} | value


def _change(case: Shown, _chance: random.Random) -> Given:
    kind = case["details"]["decided_kind"]
    fields = [] if kind else [{"field": "penalty", "value": "警告"}]
    return {"kind": kind or "correct", "fields": fields, "basis": TEXT}


def _executed(_case: Shown, _chance: random.Random) -> Given:
    return {"executed_on": today().isoformat()}


INPUTS: dict[str, Callable[[Shown, random.Random], Given]] = {
    **dict.fromkeys(("submit", "accept", "acknowledge", "endorse", "approve", "grant"), _nothing),
    **dict.fromkeys(("uphold", "dismiss", "send_back", "return_proposal"), _says(reasons=TEXT)),
    **dict.fromkeys(("propose_refusal",), _says(reasons=TEXT)),
    "request_supplement": _says(gaps=[TEXT]),
    "supplement": _says(statement=TEXT),
    "withdraw": _says(reason=TEXT),
    "urge": _says(note=TEXT),
    "refuse_acceptance": _says(reason_code="incomplete", reason=TEXT),
    "report": _findings,
    "confirm": lambda case, chance: _executed(case, chance) | {"note": TEXT},
    "decline": _says(provision=TEXT),
    "confirm_resumed": _executed,
    "confirm_lifted": _executed,
    "correct": _change,
    "restore": _says(statement=TEXT, places=["网站"]),
    "propose_grant": lambda _case, _chance: {
        "conditions": [{"name": name, "met": True, "proof": TEXT} for name, _ in CONDITIONS]
    },
}


def given(case: Shown, step: str, chance: random.Random) -> Given:
    """What is entered in this step of this case."""
    if step == "refuse":
        body = {"reason_code": "other_body", "reason": TEXT}
        return body if case["kind"] == "objection" else {"reasons": TEXT}
    return INPUTS[step](case, chance)


def depends(step: str) -> bool:
    """Whether what is entered depends on the case."""
    return step in {"report", "correct", "refuse"}


def known(step: str) -> bool:
    """Whether people here take this step at all."""
    return step in INPUTS or step == "refuse"
