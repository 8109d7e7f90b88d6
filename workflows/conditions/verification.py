"""When the steps of a verification may be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.findings import Finding
from workflows.grammar import _, guard
from workflows.sources import CREDIT_25, SHENZHEN_48, TRIGGERS

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.verification import Findings

BARE = frozenset(
    {
        "属实",
        "记录无误",
        "记录有误",
        "核实",
        "已核实",
        "核实无误",
        "无误",
        "准确",
        "正确",
        "有误",
        "错误",
        "同意",
        "无",
        "无异议",
    }
)


@guard(_("每一项异议都要有且只有一个核实结论。"), basis=TRIGGERS, of_input=True)
def every_item_has_a_finding(attempt: Attempt[Findings]) -> bool:
    """Exactly the items asked, each once."""
    named = [one.item_id for one in attempt.input.findings]
    return sorted(named) == sorted(item.id for item in attempt.facts.items())


@guard(
    _("每一项结论都要写明理由、证据或者可供查阅的地方，不能只答“无误”“有误”。"),
    basis=CREDIT_25,
    of_input=True,
)
def each_finding_has_reasons(attempt: Attempt[Findings]) -> bool:
    """A bare verdict is no verification."""
    said = [one.reasons.strip(" 。.，,；;！!\n\t") for one in attempt.input.findings]
    return all(text and text not in BARE for text in said)


@guard(_("结论为“记录有误，应当更正”的，要写明正确内容。"), basis=TRIGGERS, of_input=True)
def each_correction_has_a_value(attempt: Attempt[Findings]) -> bool:
    """What is to be corrected needs the right value; a whole record has none."""
    whole = _whole(attempt)
    return all(
        (one.value or "").strip()
        for one in attempt.input.findings
        if one.finding == Finding.WRONG_CORRECT and one.item_id not in whole
    )


@guard(_("更正后的内容与该事项的填写格式不符，请按提示的格式填写。"), basis=TRIGGERS, of_input=True)
def each_value_can_be_stored(attempt: Attempt[Findings]) -> bool:
    """The right value must fit its field of the record."""
    fields = {item.id: item.field for item in attempt.facts.items()}
    return not any(
        attempt.facts.unstorable({fields[one.item_id]: one.value})
        for one in attempt.input.findings
        if one.finding == Finding.WRONG_CORRECT and one.value and one.item_id in fields
    )


@guard(
    _("针对整条记录的异议没有可更正的单项内容，请选择“记录无误”或者“记录有误，应当撤销”。"),
    basis=TRIGGERS,
    of_input=True,
)
def a_whole_record_is_not_rewritten(attempt: Attempt[Findings]) -> bool:
    """Contested as a whole, a record is right, wrong or not ours; it has no single value."""
    whole = _whole(attempt)
    return not any(
        one.finding == Finding.WRONG_CORRECT and one.item_id in whole
        for one in attempt.input.findings
    )


def _whole(attempt: Attempt[Findings]) -> set[int]:
    return {item.id for item in attempt.facts.items() if item.field == "record"}


@guard(_("引用的证据附件不在本案之中。"), basis=TRIGGERS, of_input=True)
def the_evidence_is_here(attempt: Attempt[Findings]) -> bool:
    """Evidence is a file of this case."""
    here = {one.id for one in attempt.facts.attachments()}
    return all(set(one.evidence) <= here for one in attempt.input.findings)


@guard(_("经办人员还没有申请延期。"), basis=SHENZHEN_48)
def time_was_asked_for(attempt: Attempt[Any]) -> bool:
    """Granted is what was asked."""
    return any(one.step == "ask_for_time" for one in attempt.facts.history())


@guard(_("延期只能批准一次。"), basis=SHENZHEN_48)
def no_time_was_granted_before(attempt: Attempt[Any]) -> bool:
    """Once."""
    return not any(one.step == "grant_time" for one in attempt.facts.history())
