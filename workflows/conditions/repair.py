"""When the steps of a repair may be taken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workflows.common import record_of
from workflows.grammar import _, guard
from workflows.inputs.repair import CONDITIONS
from workflows.rules import EARLIER, duties_of, governing_regime, repairable_from, unrepairable_by
from workflows.sources import (
    OWN_RULE,
    REPAIR_CONDITIONS,
    REPAIR_INTEGRITY,
    REPAIR_MATERIALS,
    REPAIR_ORDER_2,
    REPAIR_ORDER_3,
    REPAIR_PERIODS,
    WHO_DETERMINES_REPAIRS,
)

if TYPE_CHECKING:
    from datetime import date

    from workflows.grammar import Attempt
    from workflows.inputs.repair import Grant, RefusalOfAcceptance
    from workflows.office import Facts
    from workflows.rules import Option, Rules

GONE = frozenset({"revoke", "delete"})
NATURAL = "自然人"
PUBLIC_SERVICE = "public_service"
ALL_DUTIES = "duties"
"""What an attachment proves that shows every duty fulfilled at once."""
SEVERITIES = {"minor": "轻微", "ordinary": "一般", "serious": "严重"}


def office_owns(facts: Facts) -> bool:
    """Whether the case lies with the office, not with the determining unit."""
    return facts.case().state in {"approving", "executing", "revoking"}


def class_is_known(attempt: Attempt[Any]) -> bool:
    """Whether the rules say how grave the record is and which regime it falls under."""
    record = record_of(attempt.facts)
    return record.severity is not None and record.regime not in {None, EARLIER}


def applied_on(attempt: Attempt[Any]) -> date:
    """The day on which it was handed in, by whose law it is judged; that of the attempt till then."""
    handed_in = (one.on for one in attempt.facts.history() if one.step == "submit")
    return next(handed_in, attempt.on)


def earliest_by_period(attempt: Attempt[Any]) -> date | None:
    """The first day on which the minimum period allows a repair; None where nobody knows."""
    return _earliest_for(applied_on(attempt), attempt)


def _earliest_for(application: date, attempt: Attempt[Any]) -> date | None:
    record = record_of(attempt.facts)
    if not class_is_known(attempt) or record.severity is None or record.regime is None:
        return None
    regime = governing_regime(record.regime, application, attempt.rules)
    return repairable_from(record.decided_on, record.severity, regime, attempt.rules)


def earliest_after_bar(attempt: Attempt[Any]) -> date | None:
    """The day after the bar; None where there is none."""
    until = attempt.facts.barred_until()
    return until + timedelta(days=1) if until else None


def next_application_on(attempt: Attempt[Any]) -> date:
    """From when on the subject may apply again: today, or once period and bar are over."""
    days = (attempt.on, _earliest_for(attempt.on, attempt), earliest_after_bar(attempt))
    return max(day for day in days if day)


@guard(_("只有该记录的信用主体或者其代理人才能申请修复。"), basis=REPAIR_ORDER_2)
def the_applicant_is_its_subject(attempt: Attempt[Any]) -> bool:
    """Nobody repairs the record of another; after a correction it may be somebody else's."""
    return record_of(attempt.facts).subject == attempt.facts.case().subject


@guard(_("该记录已经停止公示，也已停止共享使用，无须申请修复。"), basis=REPAIR_ORDER_3)
def it_is_still_disclosed_or_shared(attempt: Attempt[Any]) -> bool:
    """There is something left to end."""
    record = record_of(attempt.facts)
    return record.ended_by is None and (record.disclosed or record.shared)


@guard(
    _("该记录的失信程度或者适用的修复制度不能按规则确定，请向认定单位咨询。"),
    basis=REPAIR_PERIODS,
)
def class_and_regime_are_known(attempt: Attempt[Any]) -> bool:
    """Without them no period can be told."""
    return class_is_known(attempt)


def _too_early(attempt: Attempt[Any]) -> str:
    record = record_of(attempt.facts)
    return (
        f"最短公示期未满：该记录属于{SEVERITIES.get(record.severity or '', '')}失信信息，"
        f"自认定文书之日（{record.decided_on}）起算，最早可于{earliest_by_period(attempt)}申请修复。"
    )


@guard(_too_early, basis=REPAIR_PERIODS, holds_from=earliest_by_period)
def the_minimum_period_is_over(attempt: Attempt[Any]) -> bool:
    """轻微 at once, 一般 and 严重 after the minimum period of their class and regime."""
    earliest = earliest_by_period(attempt)
    return earliest is None or earliest <= attempt.on


def unproven(facts: Facts, rules: Rules) -> tuple[Option, ...]:
    """The duties for which no file was handed in.

    For natural persons public service counts where the rules say so.
    """
    proven = {one.proves for one in facts.attachments()}
    content = record_of(facts).content
    served = content["subject_kind"] == NATURAL and (
        rules.choice("repair.public_service") == "natural_persons"
    )
    if ALL_DUTIES in proven or (served and PUBLIC_SERVICE in proven):
        return ()
    return tuple(one for one in duties_of(content, rules) if one.code not in proven)


def unproven_duties(attempt: Attempt[Any]) -> list[str]:
    """Their titles."""
    return [one.title for one in unproven(attempt.facts, attempt.rules)]


@guard(
    lambda attempt: (
        f"还缺少履行义务的证明：{'、'.join(unproven_duties(attempt))}。"
        "请上传证明材料，并选择它证明的事项；一份材料可以证明全部义务。"
    ),
    basis=REPAIR_MATERIALS,
)
def each_duty_is_proven(attempt: Attempt[Any]) -> bool:
    """The conduct is corrected and every duty fulfilled, each with proof."""
    return not unproven_duties(attempt)


@guard(_("尚未作出信用承诺：请阅读并勾选信用承诺。"), basis=REPAIR_CONDITIONS)
def the_commitment_is_made(attempt: Attempt[Any]) -> bool:
    """Signed with the application; submitting publishes it."""
    return bool(attempt.facts.case().details["commitment"])


@guard(_("请填写申请理由。"), basis=REPAIR_MATERIALS)
def the_reasons_are_given(attempt: Attempt[Any]) -> bool:
    """What was done to put the wrong right."""
    return bool(attempt.facts.case().details["statement"].strip())


def _barred(attempt: Attempt[Any]) -> str:
    return (
        f"因此前的修复被撤销，{attempt.facts.barred_until()}以前不得申请信用修复，"
        f"最早可于{earliest_after_bar(attempt)}申请。"
    )


@guard(_barred, basis=REPAIR_INTEGRITY, holds_from=earliest_after_bar)
def the_subject_is_not_barred(attempt: Attempt[Any]) -> bool:
    """No earlier repair was revoked for false materials or a broken commitment."""
    return attempt.facts.barred_until() is None


@guard(
    lambda attempt: (
        f"{unrepairable_by(record_of(attempt.facts).content, attempt.rules)}规定此类信息不可修复。"
    ),
    basis=REPAIR_ORDER_2,
)
def it_is_not_unrepairable(attempt: Attempt[Any]) -> bool:
    """Only a document of the rank that the law names can forbid it."""
    return not unrepairable_by(record_of(attempt.facts).content, attempt.rules)


@guard(_("同一记录的修复申请正在办理，请等待办理结果。"), basis=OWN_RULE)
def no_other_repair_is_open(attempt: Attempt[Any]) -> bool:
    """One open repair per record."""
    return not any(one.open for one in attempt.facts.rivals())


@guard(
    _("以“不可修复”为由不予受理的，要写明作出规定的法律、行政法规或者党中央、国务院政策文件。"),
    basis=REPAIR_ORDER_2,
    of_input=True,
)
def what_forbids_it_is_cited(attempt: Attempt[RefusalOfAcceptance]) -> bool:
    """Nobody is turned away as unrepairable without the document."""
    return attempt.input.reason_code != "unrepairable" or bool(attempt.input.document.strip())


@guard(
    lambda attempt: (
        "还有修复条件没有逐项审查：" + "、".join(_unnamed(attempt)) + "，每项只填一次。"
    ),
    basis=REPAIR_CONDITIONS,
    of_input=True,
)
def every_condition_is_examined(attempt: Attempt[Grant]) -> bool:
    """All of them, each once."""
    named = [one.name for one in attempt.input.conditions]
    return sorted(named) == sorted(name for name, _title in CONDITIONS)


def _unnamed(attempt: Attempt[Grant]) -> list[str]:
    named = {one.name for one in attempt.input.conditions}
    return [title for name, title in CONDITIONS if name not in named] or ["重复填写的条件"]


@guard(
    _("提出准予修复的，各项条件都要符合，并写明依据的证明；有条件不符合的，请提出不予修复。"),
    basis=REPAIR_CONDITIONS,
    of_input=True,
)
def every_condition_is_met_with_proof(attempt: Attempt[Grant]) -> bool:
    """Ticked, each with its proof."""
    return all(one.met and one.proof.strip() for one in attempt.input.conditions)


@guard(_("认定单位提出的是不予修复，不能准予；如不同意请退回。"), basis=WHO_DETERMINES_REPAIRS)
def a_grant_is_proposed(attempt: Attempt[Any]) -> bool:
    """The office never grants what the determining unit did not propose."""
    return bool(attempt.facts.case().details["proposal"] == "grant")


@guard(_("认定单位提出的是准予修复，不能不予修复；如不同意请退回。"), basis=WHO_DETERMINES_REPAIRS)
def a_refusal_is_proposed(attempt: Attempt[Any]) -> bool:
    """Nor refuses what it did not propose to refuse."""
    return bool(attempt.facts.case().details["proposal"] == "refuse")


@guard(
    _("按照现行规则，修复由认定单位决定，信用办只负责执行，不能退回。"),
    basis=WHO_DETERMINES_REPAIRS,
)
def the_office_may_return_it(attempt: Attempt[Any]) -> bool:
    """The rule `repair.decides`."""
    return attempt.rules.choice("repair.decides") == "unit_with_office_approval"


@guard(_("该记录在此期间已经撤销或者删除。"), basis=REPAIR_ORDER_3)
def the_record_is_not_revoked(attempt: Attempt[Any]) -> bool:
    """What is gone is neither repaired nor brought back."""
    return record_of(attempt.facts).ended_by not in GONE


@guard(_("该记录在此期间已经由另一件案件修复，本案无须继续办理。"), basis=REPAIR_ORDER_3)
def no_other_case_repaired_it(attempt: Attempt[Any]) -> bool:
    """After a reopening two may be under way: the first that is granted stands."""
    return record_of(attempt.facts).ended_by != "repair"


@guard(_("该记录没有被撤销、删除，没有由其他案件修复，也仍然属于申请人。"), basis=REPAIR_ORDER_3)
def nothing_is_left_to_repair(attempt: Attempt[Any]) -> bool:
    """Revoked, deleted or repaired meanwhile, or corrected to be somebody else's."""
    record = record_of(attempt.facts)
    return record.ended_by in GONE | {"repair"} or record.subject != attempt.facts.case().subject


@guard(_("还有实施部门没有确认解除惩戒措施。"), basis=REPAIR_ORDER_3, awaits=("suspension",))
def every_department_has_confirmed(attempt: Attempt[Any]) -> bool:
    """No suspension that this repair ordered lifted is open."""
    return not any(one.open for one in attempt.facts.children("suspension"))


def _to_be_heard(attempt: Attempt[Any]) -> str:
    due = attempt.facts.due("repair.hearing")
    until = f"，听取意见的期限至{due}" if due else "，听取意见的期限正在中止"
    return f"撤销修复应当先听取信用主体的意见：主体尚未答复{until}。"


@guard(_to_be_heard, basis=REPAIR_INTEGRITY, clocks=("repair.hearing",))
def the_subject_was_heard(attempt: Attempt[Any]) -> bool:
    """It answered the last proposal to revoke, or its time to answer is over."""
    history = attempt.facts.history()
    proposed = max((one.seq for one in history if one.step == "propose_revocation"), default=0)
    answered = any(one.step == "answer" and one.seq > proposed for one in history)
    return answered or attempt.facts.passed("repair.hearing")
