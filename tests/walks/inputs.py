"""What may be entered in each step, and what may not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.cases.facts import CaseFacts
from app.cases.inputs import fields_of
from app.clock import today
from tests.app.cases.city import OTHER, UNITS
from workflows.grammar import Step
from workflows.inputs.repair import CONDITIONS

TEXT = "如附件所述，见案卷第3页。"
FINDINGS = ("accurate", "wrong_correct", "wrong_revoke", "unverifiable", "not_ours")
KINDS = ("correct", "supplement", "delete", "revoke", "end_disclosure", "remove_from_list")
VALUES: dict[str, tuple[str, ...]] = {
    "violation": ("未按规定公示", "超标排放"),
    "penalty": ("警告", "通报批评"),
    "penalty_kind": ("警告", "罚款", "吊销许可证件"),
    "fine": ("100.00", "0"),
    "decided_on": ("2026-07-20", "2025-12-01"),
    "disclosed_until": ("2026-09-15", "2029-01-01"),
    "code": (OTHER[1],),
    "authority_code": (UNITS["provider2"][1],),
}
"""Fields that are contested and corrected, each with values that it may have."""
Given = dict[str, Any]


def valid(step: Step, facts: CaseFacts, chance: random.Random) -> Given:
    """Something that may be entered in this step now, as far as that can be told beforehand."""
    own = _OF_KIND.get((facts.row.kind, step.name)) or _COMMON.get(step.name)
    return own(facts, chance) if own else {}


def invalid(step: Step, facts: CaseFacts, chance: random.Random) -> Given:
    """Something that may not be entered: a required field left out, a wrong type, a strange one."""
    given = valid(step, facts, chance)
    specs = {spec.name: spec for spec in fields_of(step.takes)}
    wrong: list[Given] = [given | {"no_such_field": "1"}]
    for name, spec in specs.items():
        wrong.append(given | {name: {"is": "no value"}})
        if spec.required:
            wrong += [{key: value for key, value in given.items() if key != name}]
            wrong += [given | {name: ""}, given | {name: []}]
        if spec.type == "date":
            wrong += [given | {name: "2026-02-30"}, given | {name: "1890-01-01"}]
            wrong += [given | {name: (today() + timedelta(days=4000)).isoformat()}] * 2
        if spec.type == "integer":
            wrong += [given | {name: 0}, given | {name: 10**6}, given | {name: "drei"}]
        if spec.type == "text":
            wrong += [given | {name: "\x07"}, given | {name: "长" * 20001}]
        if spec.type == "rows":
            wrong += [given | {name: [{}]}, given | {name: "一行"}]
    return chance.choice(wrong)


def item(record: int, chance: random.Random) -> Given:
    """A contested point."""
    field = chance.choice(["record", *VALUES])
    ground = chance.choice(["O1", "O2", "O3", "O4"])
    return {"record_id": record, "field": field, "ground": ground, "claim": TEXT}


def _one_of(items: list[int], chance: random.Random) -> int:
    return chance.choice(items) if items else 1


def _items(facts: CaseFacts) -> list[int]:
    return [one.id for one in facts.items()]


def _not_ours(facts: CaseFacts) -> list[int]:
    return [one.id for one in facts.items() if one.finding == "not_ours"] or _items(facts)


def _unit(chance: random.Random) -> str:
    return chance.choice(["provider", "provider2"])


def _own_error(facts: CaseFacts, chance: random.Random) -> Given:
    items = facts.items()
    missing = [one for one in items if one.finding in {None, "not_ours"} or one.unreviewed]
    return {
        "items": [
            {"item_id": one.id, "value": _value(one.field, chance), "proof": TEXT}
            for one in missing or items
        ]
    }


def _value(field: str, chance: random.Random) -> str:
    return chance.choice(VALUES.get(field, ("警告",)))


def _redirect(facts: CaseFacts, chance: random.Random) -> Given:
    code = UNITS[_unit(chance)][1]
    return {"item_id": _one_of(_not_ours(facts), chance), "unit": code, "proof": TEXT}


def _later(facts: CaseFacts, chance: random.Random) -> Given:
    due = max(facts.due("objection.total") or today(), today())
    return {"due_on": (due + timedelta(days=chance.randint(1, 12))).isoformat(), "reason": TEXT}


def _again(facts: CaseFacts, chance: random.Random) -> Given:
    items = _items(facts)
    return {"items": chance.sample(items, chance.randint(1, len(items) or 1)), "reasons": TEXT}


def _findings(facts: CaseFacts, chance: random.Random) -> Given:
    return {"officer": "某人", "findings": [_found(one, chance) for one in facts.items()]}


def _found(one: Any, chance: random.Random) -> Given:
    finding = chance.choice(FINDINGS[:1] + FINDINGS)
    if finding == "wrong_correct" and one.field == "record":
        finding = "wrong_revoke"
    value = {"value": _value(one.field, chance)} if finding == "wrong_correct" else {}
    return {"item_id": one.id, "finding": finding, "reasons": TEXT} | value


def _change(facts: CaseFacts, chance: random.Random) -> Given:
    decided = facts.case().details["decided_kind"]
    kind = decided or chance.choice(("correct", "correct", *KINDS))
    fields = chance.sample(sorted(VALUES), chance.randint(1, 2))
    values = [{"field": one, "value": _value(one, chance)} for one in fields]
    said = values if not decided and kind in {"correct", "supplement"} else []
    return {"kind": kind, "fields": said, "basis": TEXT}


def _cut_off(facts: CaseFacts, chance: random.Random) -> Given:
    waiting = [one.id for one in facts.messages() if not one.settled]
    return {"message_id": _one_of(waiting, chance), "reasons": TEXT}


def _executed(facts: CaseFacts, chance: random.Random) -> Given:
    last = max(one.on for one in facts.history())
    day = chance.choice([today(), today(), max(last, today() - timedelta(days=1))])
    return {"executed_on": day.isoformat()}


def _grant(facts: CaseFacts, chance: random.Random) -> Given:
    met = chance.random() < 0.95
    return {"conditions": [{"name": n, "met": met, "proof": TEXT} for n, _title in CONDITIONS]}


def _draft(facts: CaseFacts, chance: random.Random) -> Given:
    records = [one.record for one in facts.items()] or [1]
    items = [item(chance.choice(records), chance) for _ in range(chance.randint(1, 2))]
    return {"statement": TEXT, "items": items}


def _says(**given: Any) -> Callable[[CaseFacts, random.Random], Given]:
    return lambda _facts, _chance: dict(given)


def _dated(**given: str) -> Callable[[CaseFacts, random.Random], Given]:
    def say(_facts: CaseFacts, _chance: random.Random) -> Given:
        return {name: value or today().isoformat() for name, value in given.items()}

    return say


_BECAUSE = _says(reasons=TEXT)
_DOCUMENT = _says(document=TEXT)
_COMMON: dict[str, Callable[[CaseFacts, random.Random], Given]] = {
    **dict.fromkeys(("send_back", "uphold", "dismiss", "carry_out", "return_proposal"), _BECAUSE),
    **dict.fromkeys(("propose_refusal", "revoke", "drop_revocation"), _BECAUSE),
    **dict.fromkeys(("reopen", "reopen_acceptance", "restore_repair"), _DOCUMENT),
    "request_supplement": _says(gaps=[TEXT]),
    "supplement": _says(statement=TEXT),
    "withdraw": _says(reason=TEXT),
    "urge": _says(note=TEXT),
    "refuse": _says(reason_code="other_body", reason=TEXT),
    "refuse_acceptance": _says(reason_code="incomplete", reason=TEXT),
    "correct_own_error": _own_error,
    "redirect": _redirect,
    "redirect_nowhere": lambda facts, chance: {
        "item_id": _one_of(_not_ours(facts), chance),
        "reasons": TEXT,
    },
    "extend": _later,
    "return_for_verification": _again,
    "ask_for_time": _says(reason=TEXT),
    "report": _findings,
    "confirm": lambda facts, chance: _executed(facts, chance) | {"note": TEXT},
    "decline": _says(provision=TEXT),
    "confirm_resumed": _executed,
    "confirm_lifted": _executed,
    "correct": _change,
    "restore": _says(statement=TEXT, places=["网站"]),
    "withdraw_publication": _says(document=TEXT, reasons=TEXT),
    "cut_off": _cut_off,
    "note_review": _dated(path="review", begun_on="", document=TEXT),
    "note_review_ended": _dated(ended_on="", document=TEXT, outcome=TEXT),
    "stop_clock": _says(ground="court", document=TEXT, reasons=TEXT),
    "amend": _draft,
    "propose_grant": _grant,
    "propose_revocation": _says(ground="false_materials", reasons=TEXT, evidence=TEXT),
    "answer": _says(statement=TEXT),
}
_OF_KIND: dict[tuple[str, str], Callable[[CaseFacts, random.Random], Given]] = {
    ("repair", "amend"): _says(reasons=TEXT, commitment=True),
    ("repair", "refuse"): _BECAUSE,
    ("repair", "extend"): _says(reason=TEXT),
}
