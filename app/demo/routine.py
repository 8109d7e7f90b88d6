"""What offices do day in, day out: pieces of which the stories are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.cases.facts import CaseFacts
from app.demo.choosing import Chosen
from app.demo.town import Town
from workflows.findings import Finding
from workflows.grammar import Role

Answers = Mapping[str, Mapping[str, object]]
"""What a provider finds, by the contested field."""

SUSPENDED: Final = (
    "已在业务系统中停止执行该项措施，并通知业务科室；系统截图存本单位信用工作档案备查。"
)
COUNTER_PAPERS: Final = "申请人身份证明材料.png"


def at_the_counter(
    town: Town, record: Chosen, *items: object, statement: str, submit: bool = True
) -> str:
    """The clerk files for a company that came to the counter; gives the number of its objection."""
    number = town.file("clerk", *items, statement=statement, on_behalf_of=record.code)
    town.attach(
        number,
        "clerk",
        COUNTER_PAPERS,
        f"名称：{record.name}",
        f"统一社会信用代码：{record.code}",
        "经核对，窗口提交的营业执照、经办人身份证与原件一致。",
    )
    if submit:
        town.take(number, "submit", "clerk")
    return number


def suspend(town: Town, number: str, *, but: str = "") -> None:
    """The departments confirm what they were ordered to suspend, all but one of them."""
    for one in town.children(number, "suspension", "ordered"):
        if town.case(one).unit_id != town.unit(but):
            town.take(one, "confirm", executed_on=town.day.isoformat(), note=SUSPENDED)


def resume(town: Town, number: str, *, but: str = "") -> None:
    """The departments execute again what they were ordered to resume, all but one of them."""
    for one in town.children(number, "suspension", "resuming"):
        if town.case(one).unit_id != town.unit(but):
            town.take(one, "confirm_resumed", executed_on=town.day.isoformat())


def lift(town: Town, number: str, *, but: str = "") -> None:
    """The departments lift for good what they were ordered to lift, all but one of them."""
    for one in town.children(number, "suspension", "lifting"):
        if town.case(one).unit_id != town.unit(but):
            places = ["本单位门户网站公示栏", "惠州市公共资源交易平台"]
            town.take(one, "confirm_lifted", executed_on=town.day.isoformat(), places=places)


def acknowledge(town: Town, number: str) -> None:
    """The providers that are asked sign for the letter."""
    for one in town.children(number, "verification", "issued"):
        town.take(one, "acknowledge")


def report(town: Town, number: str, answers: Answers) -> None:
    """The providers report what they found, with a paper from their files."""
    for one in town.children(number, "verification", "verifying"):
        handler = town.owner(one)
        evidence = town.attach(
            one,
            handler,
            "案卷核查记录.pdf",
            "经调阅行政处罚案卷并与公示系统逐项比对，核查情况见核实结论。",
        )
        findings = [
            {"item_id": item.id, "evidence": [evidence], **answers[item.field]}
            for item in town.items(one)
        ]
        town.take(one, "report", handler, findings=findings, officer=town.actor(handler).name)


def endorse(town: Town, number: str) -> None:
    """The providers' approvers send the findings off."""
    for one in town.children(number, "verification", "reported"):
        town.take(one, "endorse")


def answer(town: Town, number: str, answers: Answers) -> None:
    """Report and endorse on one day; the clock then sees that all findings are there."""
    report(town, number, answers)
    endorse(town, number)


def correct(town: Town, number: str, kind: str, basis: str) -> None:
    """Whoever must, proposes the correction that was decided."""
    for one in town.children(number, "correction", "ordered"):
        town.take(one, "correct", kind=kind, basis=basis)


def as_decided(town: Town, number: str, basis: str) -> None:
    """The same, in the way that the objection decided."""
    for one in town.children(number, "correction", "ordered"):
        details = CaseFacts(town.case(one), town.day).case().details
        town.take(one, "correct", kind=details["decided_kind"], basis=basis)


def finish_measures(town: Town, number: str) -> None:
    """The departments do what they were ordered, one way or the other."""
    resume(town, number)
    lift(town, number)


def approve(town: Town, number: str) -> None:
    """Whoever must, approves the corrections that are proposed."""
    for one in town.children(number, "correction", "corrected"):
        town.take(one, "approve")


def restore(town: Town, number: str, statement: str) -> None:
    """The clerk tells everybody who read the wrong record."""
    for one in town.children(number, "correction", "restoring"):
        places = ["信用惠州网站", "省公共信用信息平台", "原公示该记录的单位门户网站"]
        town.take(one, "restore", "clerk", statement=statement, places=places)


def decline(town: Town, number: str, provision: str) -> None:
    """A department may not suspend by law: the first mandatory measure stays in force."""
    ordered = town.children(number, "suspension", "ordered")
    mandatory = [one for one in ordered if town.is_mandatory(one)]
    for one in mandatory[:1]:
        approver = town.colleague(one, Role.EXECUTOR_APPROVER)
        town.take(one, "decline", approver, provision=provision)


def accurate(reasons: str) -> dict[str, object]:
    """The record is right."""
    return {"finding": Finding.ACCURATE.value, "reasons": reasons}


def wrong(value: str, reasons: str) -> dict[str, object]:
    """The record is wrong, and this is right."""
    return {"finding": Finding.WRONG_CORRECT.value, "value": value, "reasons": reasons}


def groundless(reasons: str) -> dict[str, object]:
    """The record must go."""
    return {"finding": Finding.WRONG_REVOKE.value, "reasons": reasons}
