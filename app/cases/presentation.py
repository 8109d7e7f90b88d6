"""How cases, steps and sanctions are put into words for people; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.cases.inputs import FieldSpec, choices_of, fields_of
from app.cases.letters import CLOCKS
from app.cases.roles import TITLES
from app.deadlines.clocks import Due
from app.records.display import written
from app.records.fields import FIELDS
from workflows.grammar import Role, Shape, Step, Workflow
from workflows.inputs.objection import Draft
from workflows.office import TakenFact
from workflows.repair import PROPOSING
from workflows.rules import Rules

EXPECTED: Final = {
    ("objection", "draft"): "补充内容和材料后提交",
    ("objection", "submitted"): "审查材料，决定受理、要求补正或者不予受理",
    ("objection", "supplementing"): "按照补正通知书补正材料",
    ("objection", "verifying"): "等待提供单位反馈核实结论",
    ("objection", "deciding"): "审查核实结论，作出处理决定",
    ("objection", "executing"): "督促更正和惩戒措施的恢复、解除",
    ("verification", "issued"): "签收核实函",
    ("verification", "verifying"): "逐项核实，填报结论",
    ("verification", "reported"): "审核结论并反馈",
    ("suspension", "ordered"): "暂停执行并反馈",
    ("suspension", "suspended"): "等待异议处理结果",
    ("suspension", "resuming"): "恢复执行并反馈",
    ("suspension", "lifting"): "解除措施并反馈",
    ("correction", "ordered"): "核对记录，填报更正内容",
    ("correction", "corrected"): "审批更正内容",
    ("correction", "synchronising"): "等待使用单位回执",
    ("correction", "restoring"): "发布澄清说明，消除影响",
    ("repair", "draft"): "上传履行义务的证明、作出承诺后提交",
    ("repair", "submitted"): "审查材料，决定受理、要求补正或者不予受理",
    ("repair", "supplementing"): "按照补正通知书补正材料",
    ("repair", "examining"): "逐项审查修复条件，提出处理意见",
    ("repair", "proposed"): "审核处理意见",
    ("repair", "approving"): "作出修复决定",
    ("repair", "executing"): "督促解除惩戒措施，收齐使用单位回执",
    ("repair", "revoking"): "听取信用主体意见，决定是否撤销修复",
}
"""What whoever owns a state is expected to do in it."""

OUTCOMES: Final = {"upheld": "成立", "dismissed": "不成立", "unverifiable": "无法核实，加注说明"}
WARNINGS: Final = {
    (
        "repair",
        "submit",
    ): "提交后，信用承诺书随即向社会公开。请核对申请理由和证明材料是否真实、齐全。",
    (
        "repair",
        "withdraw",
    ): "撤回后本案终止，该记录继续公示、共享和使用。符合条件的，可以再次申请。",
    (
        "repair",
        "propose_revocation",
    ): "信用主体将收到告知书，可以陈述和申辩；听取意见之后才作决定。",
}
CONFIRMED_HERE: Final = "在本系统确认收到"
"""How a notice is served on somebody who confirms it on the page of the case."""

ENDED: Final = {
    ("objection", "withdrawn"): "本案已经终止，不再办理。",
    ("objection", "not_accepted"): "本案不予受理，不再办理。",
    ("verification", "cancelled"): "本次核实已经终止，不再办理。",
    ("suspension", "declined"): "部门不予暂停，本案不再办理。",
    ("correction", "moot"): "本案无须办理，已经终止。",
    ("repair", "withdrawn"): "本案已经终止，不再办理。",
    (
        "repair",
        "discontinued",
    ): "该记录已经撤销、删除、修复，或者已不属于申请人，本案无须继续办理。",
    ("repair", "not_accepted"): "本案不予受理。符合条件后可以再次申请。",
    ("repair", "refused"): "本案不予修复。符合条件后可以再次申请。",
    (
        "repair",
        "repaired",
    ): "该记录已经修复，不再公示、共享和使用；以其为唯一依据的惩戒措施已经解除。",
    ("repair", "revoked"): "修复已经撤销。",
}
TITLED: Final = {("suspension", "open_to_lift"): "解除惩戒措施"}
"""What a case is called that was opened by another step than its kind is named after."""
_CLOCKS: Final = {**CLOCKS, "draft.keep": "草稿保留"}
_CLOCKS_OF: Final = {("repair", "correction.synchronise"): "使用单位停止使用并回执"}
_WITHOUT_NOTE: Final = ("file", "amend", "supplement")
INTERNAL: Final = {("repair", name): "提出处理意见" for name in PROPOSING}
"""What a step is called for the outside, which is not to know more before it is decided."""
_REVOKING: Final = {"correct": "填报撤销", "approve": "批准撤销"}


def title_of(workflow: Workflow, history: Sequence[TakenFact]) -> str:
    """What a case is called, by its kind and by how it was opened."""
    opening = history[0].step if history else ""
    return TITLED.get((workflow.kind, opening)) or workflow.title


def clock_title(kind: str, name: str) -> str:
    """What a clock is called in a kind of case."""
    return _CLOCKS_OF.get((kind, name)) or _CLOCKS.get(name, name)


def role_title(role: str | None) -> str:
    """What a role is called; empty for none."""
    return TITLES[Role(role)] if role else ""


def expected(kind: str, state: str) -> str:
    """What is expected of whoever owns a state; each that waits says so, which `checking` proves."""
    return EXPECTED.get((kind, state), "")


def stopped(deadlines: Mapping[str, Due]) -> bool:
    """Whether the clocks of a case stand still."""
    running = [row for row in deadlines.values() if row.ended_on is None]
    return any(row.due_on is None or row.clock == "clock.stopped" for row in running)


def ended(kind: str, state: str) -> str:
    """How a case has ended, in one sentence."""
    return ENDED.get((kind, state), "本案已经办结，不需要再办理。")


def served_how(how: str) -> str:
    """How somebody got a notice."""
    return "由受送达人确认收到" if how == CONFIRMED_HERE else how


def served_note(served_on: str, on: date) -> str:
    """The day that counts, where it is another than that on which the proof came in."""
    day = date.fromisoformat(served_on)
    return "" if day == on else f"送达日期：{day.year}年{day.month}月{day.day}日"


def button(step: Step, details: Mapping[str, Any]) -> str:
    """What a step is called in this case: a revocation is no correction."""
    kind = details.get("decided_kind") or details.get("kind")
    title = _REVOKING.get(step.name) if kind == "revoke" else None
    return title or step.title


def warning(kind: str, step: Step, told: Mapping[str, Any]) -> str:
    """What one should know before a step is taken; empty where that is nothing special."""
    if step.decides:
        return "这是正式处理，提交即生效，文书随即送达，不能自行更改。请再核对一遍。"
    if (kind, step.name) == ("correction", "approve"):
        return (
            "批准即生效：记录随即按上述内容处理，并通知已经取得该信息的单位，"
            "不能自行更改。请再核对一遍。"
        )
    if said := WARNINGS.get((kind, step.name)):
        return said
    if (kind, step.name) == ("objection", "withdraw"):
        held = any(told["case"].number in one["fact"].holders for one in told["sanctions"])
        more = "已经要求暂停的惩戒措施不再因本案暂停，将恢复执行。" if held else ""
        return f"撤回后本案终止，异议标注随之解除。{more}"
    return ""


def consequence(step: Step) -> str:
    """What taking a step does, in one sentence."""
    titles = "".join(f"《{notice.title}》" for notice in step.notices)
    issued = f"将出具{titles}" if titles else ""
    moved = f"案件转为“{step.to.title}”" if step.to else ""
    both = "，".join(part for part in (issued, moved) if part)
    return f"提交后{both or '记入办理经过，案件状态不变'}。"


def step_title(
    workflow: Workflow, name: str, data: Mapping[str, Any], *, outside: bool = False
) -> str:
    """What a step that was taken is called; one that happened in a child names it.

    `outside`: for whoever does not handle the case, and is not to know what is proposed.
    """
    internal = INTERNAL.get((workflow.kind, name)) if outside else None
    title = internal or workflow.step(name).title
    return f"{title}（{data['of']}）" if "of" in data else title


def step_note(step: Step, data: Mapping[str, Any], rules: Rules) -> str:
    """What was entered with a step, line by line; drafts and rows are shown elsewhere."""
    if step.name in _WITHOUT_NOTE:
        return ""
    specs = fields_of(step.takes)
    return "\n".join(_lines(specs, data.get("input") or {}, rules))


def recorded(content: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Title and value of each field that says something; numbers of documents are masked."""
    return [
        (title, written(name, content[name], whole_numbers=False))
        for name, title in FIELDS.items()
        if content.get(name)
    ]


def is_draft(takes: type) -> bool:
    """Whether a step takes statement and items of an objection."""
    return issubclass(takes, Draft)


def _lines(specs: tuple[FieldSpec, ...], given: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    for spec in specs:
        value = given.get(spec.name)
        shown = value if not isinstance(value, list) else "；".join(map(str, value))
        if spec.type in {"text", "date"} or spec.element == "text":
            titles = dict(choices_of(spec.entry, rules) or ())
            if spec.entry.shape is Shape.DOCUMENT and str(shown).isdecimal():
                shown = f"附件{shown}"
            if shown:
                yield f"{spec.entry.title}：{titles.get(str(shown), shown)}"
