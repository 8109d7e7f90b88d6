"""What a notice says, frozen as plain JSON while the step that issues it is being taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.cases import particulars, parties
from app.cases.facts import CaseFacts
from app.cases.models import Attachment, Case, StepTaken
from app.cases.parties import Addressee
from app.cases.projection import office_unit
from app.db import db
from app.deadlines.calendar import national
from app.deadlines.models import Deadline
from app.notices.drafts import Draft
from app.notices.queries import notices_of
from app.people.models import Unit
from app.people.queries import names_of
from workflows import WORKFLOWS
from workflows.grammar import Entry, Notice, Party, Shape, Step, entries

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
    "case.execute": "执行处理结果",
    "clock.stopped": "期限中止",
}
_TO_CORRECT: Final = ("correction.correct", "correction.annulled")


def draft(facts: CaseFacts, step: Step, notice: Notice, taken: StepTaken) -> Draft:
    """A notice that a step issues, whole but for its number.

    Call it when the step has been taken: effects, history and deadlines stand, `facts` were
    forgotten. Raises UnknownRule where the rules know no series word or legal basis for it.
    """
    kind, office = facts.row.kind, office_unit()
    issuer = parties.issuer_of(notice, facts.row, office)
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
        "case": _case(facts),
        "step": _step(step, taken),
        "records": particulars.records(facts),
        "items": particulars.items(facts, whole=whole),
        "sanctions": particulars.sanctions(facts),
        "deadlines": _deadlines(facts),
        "basis": list(rules.texts(f"basis.{facts.row.kind}.{notice.name}")),
        "remedies": parties.remedies(issuer, rules) if notice.adverse else [],
        "attachments": particulars.attachments(parties.root_of(facts).number),
        "policy": {"suspension_counts": rules.choice("suspension.counts")},
        "previous_due_on": _previous_due_on(facts, step),
        "urging": _urging(facts, step),
        **_entered(facts, step, taken),
        **_OF_KIND[facts.row.kind](facts, whole),
    }


def _case(facts: CaseFacts) -> Told:
    case, root = facts.case(), parties.root_of(facts)
    sources = particulars.option_titles(facts.rules, "objection.sources")
    details = root.details
    return {
        "number": case.number,
        "kind": case.kind,
        "kind_title": WORKFLOWS[case.kind].title,
        "filed_on": (_filed_on(facts) or case.filed_on).isoformat(),
        "source_title": sources.get(details.get("source", ""), ""),
        "statement": details.get("statement", ""),
        "parent": case.parent,
        "filer_name": parties.addressee_of(Party.FILER, facts, root.unit).name,
        "unit_name": parties.unit(case.unit).name,
        "subject": parties.concerned(facts).as_json(),
        "holders": sorted({one for sanction in facts.sanctions() for one in sanction.holders}),
        "former_holders": sorted(
            {one for sanction in facts.sanctions() for one in sanction.held_by}
        ),
    }


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
    return {name: _due(row) for name, row in facts.deadlines().items()}


def _due(row: Deadline) -> Told:
    return {"due_on": row.due_on and row.due_on.isoformat(), "provisional": row.provisional}


def _previous_due_on(facts: CaseFacts, step: Step) -> str | None:
    """What the clock that this step extends was due on before."""
    clocks = [
        clock
        for clock in WORKFLOWS[facts.row.kind].clocks
        if clock.extended_by and clock.extended_by[0] == step.name
    ]
    before = facts.dues_before_last()
    return next((before[one.name].isoformat() for one in clocks if one.name in before), None)


def _urging(facts: CaseFacts, step: Step) -> Told:
    """Which clocks of the state have passed, and until when it must be done now."""
    state = WORKFLOWS[facts.row.kind].state(facts.row.state)
    names = _TO_CORRECT if step.name == "carry_out" else state.deadline
    rows = [facts.deadlines()[name] for name in names if name in facts.deadlines()]
    clocks = [_late(row, facts.on) for row in rows if row.due_on]
    end = national().add(facts.on, facts.rules.length("urge.every"))
    return {
        "overdue": any(one["days_late"] for one in clocks),
        "state_title": state.title,
        "clocks": clocks,
        "finish_by": {"due_on": end.due_on.isoformat(), "provisional": end.provisional},
    }


def _late(row: Deadline, on: date) -> Told:
    late = (on - row.due_on).days if row.due_on else 0
    return {"title": CLOCKS[row.clock], "days_late": max(late, 0), **_due(row)}


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
            said[field.name] = _document(facts, said[field.name])
    return {"input": said, "titles": titles, "ordinals": ordinals}


def _options(facts: CaseFacts, entry: Entry) -> Mapping[Any, str]:
    if isinstance(entry.choices, str):
        return particulars.option_titles(facts.rules, entry.choices)
    return dict(entry.choices) if isinstance(entry.choices, tuple) else {}


def _document(facts: CaseFacts, named: str) -> str:
    """The title of an attachment of the case, where its key was entered."""
    if not (named.isdecimal() and len(named) < 10):
        return named
    file = db.session.get(Attachment, int(named))
    return file.title if file and file.case_id == facts.row.id else named


def _of_objection(facts: CaseFacts, whole: bool) -> Told:
    del facts, whole
    return {}


def _of_verification(facts: CaseFacts, whole: bool) -> Told:
    del whole
    asked = [one.data["input"]["reason"] for one in facts.history() if one.step == "ask_for_time"]
    details = facts.case().details
    return {
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
    return {
        "request": {"number": _numbered(facts, "order")},
        "lifting": {"period_over": any(one.over for one in facts.sanctions())},
    }


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
            "basis": case.details["basis"] or decided,
            "synchronise_within": parties.written(facts.rules.length("correction.synchronise")),
            "changes": particulars.changes(facts, whole=whole),
        },
    }


def _numbered(facts: CaseFacts, name: str) -> str:
    """The number of the last notice of that name in this case; "" before there is one."""
    found = [one.number for one in notices_of([facts.row.number]) if one.name == name]
    return found[-1] if found else ""


_OF_KIND: Final = {
    "objection": _of_objection,
    "verification": _of_verification,
    "suspension": _of_suspension,
    "correction": _of_correction,
}
