"""A case of any kind in any state, brought there by real steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from app.cases import commands, due
from app.cases.facts import CaseFacts
from app.clock import today
from app.db import transaction
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.people.actor import SYSTEM
from tests.app.cases.city import City
from workflows.inputs.correction import Opening
from workflows.inputs.repair import CONDITIONS

Given: TypeAlias = dict[str, Any]
Steps: TypeAlias = tuple[tuple[str, str, Given], ...]

MET: Given = {
    "conditions": [
        {"name": name, "met": True, "proof": "罚没收入票据"} for name, _title in CONDITIONS
    ]
}
ACCUSED: Given = {
    "ground": "false_materials",
    "reasons": "缴款凭证系伪造。",
    "evidence": "财政专户对账单",
}
REASONS = "经查原始案卷，证据在案卷第3页。"


def case_in(city: City, kind: str, state: str, **said: str) -> str:
    """The number of a new case of that kind in that state; `said` goes into the objection."""
    return MAKERS[kind](city, state, said)


def report(city: City, number: str, who: str, finding: str, **more: str) -> None:
    """Report the same on every item of a verification that is acknowledged."""
    items = CaseFacts(city.case(number), today()).items()
    said = {"finding": finding, "reasons": REASONS} | more
    findings = [{"item_id": item.id} | said for item in items]
    city.take(number, "report", who, officer="核实员", findings=findings)


def receipt_everything(number: str) -> None:
    """Every recipient confirms what the case sent."""
    with transaction():
        for message in messages_of([number]):
            delivery.receipt(message, SYSTEM)
    due.tick()


def _objection(city: City, state: str, said: dict[str, str]) -> str:
    record = city.record()
    city.sanction(record)
    number = city.objection(record, **said)
    for step, who, given in OBJECTION[state]:
        _do(city, number, step, who, given)
    return number


def _do(city: City, number: str, step: str, who: str, given: Given) -> None:
    if step in {"accurate", "wrong_revoke"}:
        (asked,) = city.children(number, "verification")
        city.take(asked, "acknowledge", "provider")
        report(city, asked, "provider", step)
        city.take(asked, "endorse", "provider-approver")
        due.tick()
    elif step == "settle":
        for one in city.children(number, "suspension"):
            city.take(one, "confirm_resumed", "executor", executed_on=today().isoformat())
        due.tick()
    elif step == "revoke":
        (fix,) = city.children(number, "correction")
        city.take(fix, "correct", "provider", kind="revoke", basis="撤销决定书")
    else:
        city.take(number, step, who, **given)


def _verification(city: City, state: str, said: dict[str, str]) -> str:
    parent = _objection(city, "verifying", said)
    (number,) = city.children(parent, "verification")
    if state in {"verifying", "reported", "closed"}:
        city.take(number, "acknowledge", "provider")
    if state in {"reported", "closed"}:
        report(city, number, "provider", "accurate")
    if state == "closed":
        city.take(number, "endorse", "provider-approver")
    if state == "cancelled":
        city.take(parent, "withdraw", "subject")
    return number


def _suspension(city: City, state: str, said: dict[str, str]) -> str:
    mandatory = state == "declined"
    record = city.record()
    city.sanction(record, mandatory=mandatory)
    parent = city.objection(record, **said)
    city.take(parent, "submit", "subject")
    city.take(parent, "accept", "clerk")
    (number,) = city.children(parent, "suspension")
    day = today().isoformat()
    if state == "declined":
        city.take(number, "decline", "executor-approver", provision="《政府采购法》第二十二条")
    if state == "suspended":
        city.take(number, "confirm", "executor", executed_on=day, note="已暂停")
    if state in {"resuming", "resumed"}:
        city.take(parent, "withdraw", "subject")
    if state == "resumed":
        city.take(number, "confirm_resumed", "executor", executed_on=day)
    if state in {"lifting", "lifted"}:
        _do(city, parent, "wrong_revoke", "", {})
        city.take(parent, "uphold", "approver", reasons="记录有误。")
        _do(city, parent, "revoke", "", {})
        (fix,) = city.children(parent, "correction")
        city.take(fix, "approve", "provider-approver")
    if state == "lifted":
        city.take(number, "confirm_lifted", "executor", executed_on=day, places=["采购网"])
    return number


def _correction(city: City, state: str, said: dict[str, str]) -> str:
    parent = _objection(city, "verifying", said)
    _do(city, parent, "wrong_revoke", "", {})
    city.take(parent, "uphold", "approver", reasons="记录有误。")
    (number,) = city.children(parent, "correction")
    if state == "moot":
        return _moot(city, number)
    if state != "ordered":
        city.take(number, "correct", "provider", kind="revoke", basis="撤销决定书")
    if state in {"synchronising", "restoring", "done"}:
        city.take(number, "approve", "provider-approver")
    if state in {"restoring", "done"}:
        receipt_everything(number)
    if state == "done":
        city.take(number, "restore", "clerk", statement="已撤销。", places=["信用惠州网站"])
    return number


def _moot(city: City, number: str) -> str:
    """Another correction revokes the record first."""
    (record,) = CaseFacts(city.case(number), today()).record_ids()
    other = city.objection(record, ground="O4")
    city.take(other, "submit", "subject")
    city.take(other, "accept", "clerk")
    _do(city, other, "wrong_revoke", "", {})
    city.take(other, "uphold", "approver", reasons="记录有误。")
    _do(city, other, "revoke", "", {})
    (fix,) = city.children(other, "correction")
    city.take(fix, "approve", "provider-approver")
    due.tick()
    return number


def _repair(city: City, state: str, said: dict[str, str]) -> str:
    record = city.repairable()
    city.sanction(record)
    return repair_in(city, record, state, **said)


def repair_in(city: City, record: int, state: str, **said: Any) -> str:
    """The number of a new repair of this record in that state; `said` goes into the draft."""
    number = city.repair(record, **said)
    for step, who, given in REPAIR[state]:
        if step == "settle":
            settle_repair(city, number)
        elif step == "revoke_record":
            revoke_record(city, record)
        else:
            city.take(number, step, who, **given)
    return number


def settle_repair(city: City, number: str) -> None:
    """Every department confirms the lifting, every recipient what it was told."""
    for one in city.children(number, "suspension"):
        if city.state(one) == "lifting":
            unit = city.case(one).unit_id
            who = next(name for name, key in city.unit.items() if key == unit)
            city.take(one, "confirm_lifted", who, executed_on=today().isoformat())
    receipt_everything(number)


def revoke_record(city: City, record: int) -> str:
    """The act itself was annulled: its provider takes the record back; gives the correction."""
    given = Opening(record, "原处罚决定已被撤销")
    number = commands.open_correction(city.actor["provider"], given, annulled=True)
    said = {"document": "行政复议决定书", "reasons": "原处罚决定已被撤销。"}
    city.take(number, "withdraw_publication", "provider-approver", **said)
    due.tick()
    return number


def change_record(city: City, record: int, kind: str, **values: str) -> str:
    """Its provider finds its own error and puts it right; gives the correction."""
    given = Opening(record, "录入有误")
    number = commands.open_correction(city.actor["provider"], given)
    fields = [{"field": field, "value": value} for field, value in values.items()]
    city.take(number, "correct", "provider", kind=kind, fields=fields, basis="原始案卷")
    city.take(number, "approve", "provider-approver")
    receipt_everything(number)
    return number


_SUBMITTED: Steps = (("submit", "subject", {}),)
_VERIFYING: Steps = (*_SUBMITTED, ("accept", "clerk", {}))
_DECIDING: Steps = (*_VERIFYING, ("accurate", "", {}))
_EXECUTING: Steps = (*_DECIDING, ("dismiss", "approver", {"reasons": "记录无误。"}))
OBJECTION: dict[str, Steps] = {
    "draft": (),
    "submitted": _SUBMITTED,
    "supplementing": (*_SUBMITTED, ("request_supplement", "clerk", {"gaps": ["营业执照"]})),
    "verifying": _VERIFYING,
    "deciding": _DECIDING,
    "executing": _EXECUTING,
    "closed": (*_EXECUTING, ("settle", "", {})),
    "withdrawn": (*_SUBMITTED, ("withdraw", "subject", {})),
    "not_accepted": (
        *_SUBMITTED,
        ("refuse", "approver", {"reason_code": "other_body", "reason": "应向省级机关提出"}),
    ),
}
_EXAMINING: Steps = (*_SUBMITTED, ("accept", "provider", {}))
_APPROVING: Steps = (
    *_EXAMINING,
    ("propose_grant", "provider", MET),
    ("endorse", "provider-approver", {}),
)
_GRANTED: Steps = (*_APPROVING, ("grant", "approver", {}))
_REPAIRED: Steps = (*_GRANTED, ("settle", "", {}))
_REVOKING: Steps = (*_REPAIRED, ("propose_revocation", "provider", ACCUSED))
REPAIR: dict[str, Steps] = {
    "draft": (),
    "submitted": _SUBMITTED,
    "supplementing": (*_SUBMITTED, ("request_supplement", "provider", {"gaps": ["授权委托书"]})),
    "examining": _EXAMINING,
    "proposed": _APPROVING[:-1],
    "approving": _APPROVING,
    "executing": _GRANTED,
    "repaired": _REPAIRED,
    "revoking": _REVOKING,
    "revoked": (
        *_REVOKING,
        ("answer", "subject", {"statement": "票据由代办人提供，本公司不知情。"}),
        ("revoke", "approver", {"reasons": "缴款凭证系伪造，事实清楚。"}),
    ),
    "refused": (
        *_EXAMINING,
        ("propose_refusal", "provider", {"reasons": "罚款尚未缴清。"}),
        ("endorse", "provider-approver", {}),
        ("refuse", "approver", {"reasons": "罚款尚未缴清。"}),
    ),
    "not_accepted": (
        *_SUBMITTED,
        (
            "refuse_acceptance",
            "provider-approver",
            {"reason_code": "incomplete", "reason": "材料不全"},
        ),
    ),
    "withdrawn": (*_SUBMITTED, ("withdraw", "subject", {})),
    "discontinued": (*_SUBMITTED, ("revoke_record", "", {})),
}
MAKERS: dict[str, Callable[[City, str, dict[str, str]], str]] = {
    "objection": _objection,
    "verification": _verification,
    "suspension": _suspension,
    "correction": _correction,
    "repair": _repair,
}
