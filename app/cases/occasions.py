"""What only some notices tell: of urging, and of one kind of case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.cases import documents, particulars, repairing
from app.cases.facts import CaseFacts
from app.cases.models import Case, StepTaken
from app.db import db
from app.deadlines.clocks import Due
from app.deadlines.queries import calendar
from app.notices.render import chinese_date
from app.records.models import EndedBy
from app.records.words import ENDINGS
from workflows.grammar import Notice, Step
from workflows.office import RecordFact

Told = dict[str, Any]
CLOCKS: Final = {
    "objection.accept": "决定是否受理",
    "objection.forward": "转送信息提供单位",
    "objection.total": "办结异议",
    "objection.longest": "最长办理期限",
    "objection.supplement": "补正材料",
    "verification.acknowledge": "签收核实函",
    "verification.report": "反馈核实结果",
    "verification.hard_stop": "终结核实",
    "suspension.confirm": "反馈暂停执行情况",
    "suspension.resume": "恢复执行",
    "suspension.lift": "解除措施",
    "correction.correct": "更正或者撤销信息",
    "correction.annulled": "撤回公示",
    "correction.synchronise": "同步更正信息",
    "correction.restore": "消除影响",
    "repair.accept": "决定是否受理修复申请",
    "repair.decide": "审查并提出处理意见",
    "repair.total": "答复修复申请",
    "repair.supplement": "补正材料",
    "repair.hearing": "听取信用主体意见",
    "repair.revoke": "决定是否撤销修复",
    "case.execute": "执行处理结果",
    "clock.stopped": "期限中止",
}
_TO_CORRECT: Final = ("correction.correct", "correction.annulled")


def urging(facts: CaseFacts, step: Step) -> Told:
    """Which clocks of the state have passed, and until when it must be done now."""
    state = facts.workflow.state(facts.row.state)
    names = _TO_CORRECT if step.name == "carry_out" else state.deadline
    rows = [facts.deadlines()[name] for name in names if name in facts.deadlines()]
    clocks = [_late(row, facts.on) for row in rows if row.due_on]
    end = calendar().add(facts.on, facts.rules.length("urge.every"))
    return {
        "overdue": any(one["days_late"] for one in clocks),
        "state": state.name,
        "state_title": state.title,
        "clocks": clocks,
        "finish_by": {"due_on": end.due_on.isoformat(), "provisional": end.provisional},
    }


def _late(row: Due, on: date) -> Told:
    late = (on - row.due_on).days if row.due_on else 0
    return {"title": CLOCKS[row.clock], "days_late": max(late, 0), **due(row)}


def due(row: Due) -> Told:
    """A clock as templates print it."""
    return {"due_on": row.due_on and row.due_on.isoformat(), "provisional": row.provisional}


def cited(facts: CaseFacts, notice: Notice) -> dict[str, tuple[str, ...]]:
    """The notices that this one names by number: by case, the names of which the last is meant.

    They may be issued in the same step, so that only issuing tells their numbers.
    """
    if facts.row.kind == "suspension":
        return dict.fromkeys(_repairs_of(facts).values(), repairing.DECISIONS)
    if (facts.row.kind, notice.name) == ("repair", "application"):
        return {facts.row.number: ("commitment",)}
    return {}


def _of_objection(facts: CaseFacts, whole: bool) -> Told:
    del facts, whole
    return {}


def _of_verification(facts: CaseFacts, whole: bool) -> Told:
    del whole
    asked = [one.data["input"]["reason"] for one in facts.history() if one.step == "ask_for_time"]
    details = facts.case().details
    findings = particulars.option_titles(facts.rules, "verification.findings")
    return {
        "findings": findings | {"titles": list(findings.values())},
        "request": {
            "round": details["round"],
            "reasons": _why_again(facts) if details["round"] > 1 else "",
            "number": _numbered(facts, "request"),
        },
        "feedback": {"officer": details["officer"]},
        "extension": {"reason": asked[-1] if asked else ""},
    }


def _why_again(facts: CaseFacts) -> str:
    """Why the findings of the round before did not convince."""
    returned = (
        sa.select(StepTaken.data)
        .join(Case, Case.id == StepTaken.case_id)
        .where(Case.id == facts.row.parent_id, StepTaken.step == "return_for_verification")
        .order_by(StepTaken.seq.desc())
    )
    data = db.session.scalars(returned).first()
    return str(data["input"]["reasons"]) if data else ""


def _of_suspension(facts: CaseFacts, whole: bool) -> Told:
    del whole
    repaired = _repairs_of(facts)
    return {
        "request": {"number": _numbered(facts, "order")},
        "lifting": {"period_over": any(one.over for one in facts.sanctions())},
        "bases": [
            particulars.record(one)
            | {"fate": _fate(one, facts), "repair": repaired.get(one.id, "")}
            for one in facts.records()
        ],
    }


def _repairs_of(facts: CaseFacts) -> dict[int, str]:
    """The repair that ended each record which a repair ended."""
    return repairing.repairs_of([one.id for one in facts.records() if one.ended_by == "repair"])


def _fate(record: RecordFact, facts: CaseFacts) -> str:
    """Why a record does not support the sanction any more; "" while it does."""
    if record.ended_by and record.ended_on and record.ended_on <= facts.on:
        day, what = chinese_date(record.ended_on.isoformat()), ENDINGS[EndedBy(record.ended_by)]
        return f"已于{day}{what.removeprefix('已')}"
    if record.subject != facts.case().subject:
        return "已不再属于该信用主体"
    over, until = facts.rules.choice("record.past_maximum"), record.disclosed_until
    if over == "ends" and until and until < facts.on:
        return f"最长公示期已于{chinese_date(until.isoformat())}届满"
    return ""


def _of_correction(facts: CaseFacts, whole: bool) -> Told:
    case = facts.case()
    kind = case.details["decided_kind"] or case.details["kind"]
    titles = particulars.option_titles(facts.rules, "correction.kinds")
    decided = f"异议案件{case.parent}的处理决定" if case.parent else ""
    return {
        "unsettled": [one.recipient for one in facts.messages() if not one.settled],
        "correction": {
            "kind": kind or "",
            "kind_title": titles.get(kind or "", ""),
            "annulled": "correction.annulled" in facts.deadlines(),
            "basis": documents.as_read(facts, case.details["basis"]) or decided,
            "synchronise_within": facts.rules.length("correction.synchronise").in_words,
            "changes": particulars.changes(facts, whole=whole),
        },
    }


def _numbered(facts: CaseFacts, name: str) -> str:
    """The number of the last notice of that name in this case; "" before there is one."""
    found = [one.number for one in facts.issued() if one.name == name]
    return found[-1] if found else ""


def _of_repair(facts: CaseFacts, whole: bool) -> Told:
    del whole
    return {"repair": repairing.told(facts)}


OF_KIND: Final = {
    "objection": _of_objection,
    "verification": _of_verification,
    "suspension": _of_suspension,
    "correction": _of_correction,
    "repair": _of_repair,
}
