"""An application for repair as its page shows it: what it still needs, what was examined, decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from app.cases import repairing
from app.cases.facts import CaseFacts
from app.cases.models import Attachment
from app.cases.particulars import option_titles
from app.cases.possibilities import Possibility
from app.db import db
from app.notices.models import Notice
from app.records.models import Record
from app.records.publication import publication_of
from workflows.common import record_of
from workflows.conditions.repair import ALL_DUTIES, NATURAL, PUBLIC_SERVICE, unproven
from workflows.inputs.repair import CONDITIONS
from workflows.repair import DECIDED
from workflows.rules import duties_of

Told: TypeAlias = dict[str, Any]
Pairs: TypeAlias = list[tuple[str, str]]

CHECKS: Final = {
    "the_applicant_is_its_subject": "由该记录的信用主体申请",
    "it_is_still_disclosed_or_shared": "该记录仍在公示或者共享使用",
    "class_and_regime_are_known": "失信程度和适用的修复制度已经确定",
    "the_minimum_period_is_over": "最短公示期已满",
    "the_subject_is_not_barred": "不在禁止申请修复的期间内",
    "it_is_not_unrepairable": "没有规定该类信息不可修复",
    "no_other_repair_is_open": "没有另一件修复申请正在办理",
    "the_reasons_are_given": "已经写明申请理由",
    "each_duty_is_proven": "每项义务都上传了履行证明",
    "the_commitment_is_made": "已经作出信用承诺",
}
"""What each condition of handing in says when it is met."""
REFUSALS: Final = {"refuse": "reasons", "refuse_acceptance": "reason"}
"""The steps that turn an application down, and where they say why."""
AT_HOME: Final = frozenset({"draft", "supplementing"})
"""The states in which the applicant gathers what is needed."""
BECAME: Final = {"revoked": "已撤销", "restored": "已恢复"}
"""What a decision to repair became by each later one."""
OTHER: Final = ("other", "其他修复条件")


def of_repair(facts: CaseFacts, steps: Sequence[Possibility], shown: Mapping[str, Any]) -> Told:
    """What only a repair shows. `shown`: its notices, files, and whether the reader handles it."""
    details, state = facts.case().details, facts.row.state
    decided = state in {one.name for one in DECIDED}
    sees_proposal = bool(details["proposal"]) and (shown["handles"] or decided)
    return {
        "natural": record_of(facts).content["subject_kind"] == NATURAL,
        "agent": repairing.agent(facts),
        "conditions": repairing.conditions(facts, details["conditions"]),
        "hearing": repairing.hearing(facts, details),
        "publication": publication_of(db.session.get_one(Record, details["record"])),
        "checks": checks(steps) if state == "draft" else [],
        "duties": duties(facts, [one["row"] for one in shown["attachments"]]),
        "gathering": state in AT_HOME,
        "commitment": _commitment([one["row"] for one in shown["notices"]]),
        "sees_proposal": sees_proposal,
        "returned": _returned(facts),
        "refusal": _refusal(facts),
        "answer_by": facts.due("repair.hearing"),
        "condition_titles": dict(CONDITIONS),
        "effective": state in {"executing", "repaired", "revoking"},
    }


def became(notice: Notice, others: Iterable[Notice]) -> str:
    """What became of a decision on a repair by the later ones among these; empty where it stands."""
    later = [
        one.name
        for one in others
        if one.id > notice.id and one.case_number == notice.case_number and one.name in BECAME
    ]
    if notice.kind != "repair" or not later:
        return ""
    if notice.name in repairing.DECISIONS:
        return BECAME[later[-1]]
    return "已被撤销" if notice.name == "revoked" and "restored" in later else ""


def checks(steps: Iterable[Possibility]) -> list[Told]:
    """Each condition of handing in, and what stands in the way where it is not met."""
    submit = next((one for one in steps if one.step.name == "submit" and one.mine), None)
    if submit is None:
        return []
    missing = {reason.code: reason for reason in submit.reasons}
    return [
        {"title": CHECKS[guard.code], "reason": missing.get(guard.code)}
        for guard in submit.step.guards
    ]


def duties(facts: CaseFacts, files: Iterable[Attachment]) -> list[Told]:
    """Each duty of the penalty, whether it is proven, and the files that prove it."""
    known = list(files)
    missing = {one.code for one in unproven(facts, facts.rules)}
    return [
        {
            "code": duty.code,
            "title": duty.title,
            "proven": duty.code not in missing,
            "files": [one for one in known if one.proves in {duty.code, *repairing.PROVEN}],
        }
        for duty in duties_of(record_of(facts).content, facts.rules)
    ]


def proofs(facts: CaseFacts) -> Pairs:
    """What a file of a repair may prove."""
    content = record_of(facts).content
    served = content["subject_kind"] == NATURAL and (
        facts.rules.choice("repair.public_service") == "natural_persons"
    )
    named = [(one.code, one.title) for one in duties_of(content, facts.rules)]
    whole = [(ALL_DUTIES, repairing.PROVEN[ALL_DUTIES])] if len(named) > 1 else []
    service = [(PUBLIC_SERVICE, repairing.PROVEN[PUBLIC_SERVICE])] if served else []
    return [*whole, *named, *service, OTHER]


def proven_titles(facts: CaseFacts) -> dict[str, str]:
    """What the files of a repair prove, in words, by what was chosen."""
    duty = option_titles(facts.rules, "repair.duties")
    return dict(CONDITIONS) | dict([OTHER]) | duty | repairing.PROVEN


def _commitment(notices: Iterable[Notice]) -> Notice | None:
    """The commitment as it was published last."""
    found = [one for one in notices if (one.kind, one.name) == ("repair", "commitment")]
    return found[-1] if found else None


def _returned(facts: CaseFacts) -> bool:
    """Whether the proposal was sent back, so that another one is to be made."""
    return facts.row.state == "examining" and bool(facts.case().details["proposal"])


def _refusal(facts: CaseFacts) -> Told | None:
    """Why the application was turned down, where that stands."""
    if facts.row.state not in {"refused", "not_accepted"}:
        return None
    taken = [one for one in facts.history() if one.step in REFUSALS][-1]
    given = taken.data["input"]
    refusals = option_titles(facts.rules, "repair.refusals")
    return {
        "title": facts.workflow.step(taken.step).title,
        "on": taken.on,
        "ground": refusals.get(given.get("reason_code", ""), ""),
        "reasons": given[REFUSALS[taken.step]],
        "document": given.get("document", ""),
        "next": facts.case().details["next_application_on"],
    }
