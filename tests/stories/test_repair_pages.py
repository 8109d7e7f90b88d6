"""A repair through every hand, as everybody finds it in the browser, up to its revocation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.records.models import Measure, Sanction
from tests.app.cases.city import COMPANY, City
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.samples import pdf
from tests.pages import PageClient
from tests.stories.desks import Desks
from tests.stories.reading import CasePage, words

NUMBER = "XF-2026-000001"
REASONS = "已经停止超标排放，罚款已经缴清。"
LOST, TAKEN, SHARED = "限制招标投标", "限制取得供地", "限制申请财政性资金"
FROM = date(2026, 9, 1)
IN_USE = {
    "异议标注": "未标注",
    "向社会公示": "公示中",
    "部门共享使用": "共享中",
    "据以实施惩戒": "可据以惩戒",
}
REPAIRED = IN_USE | {
    "向社会公示": "不公示",
    "部门共享使用": "已停止",
    "据以实施惩戒": "已停止",
}
TICKED = {f"conditions-{place}-met": "y" for place in range(4)}
PROVEN = TICKED | {
    "conditions-1-proof": "罚没收入票据和整改验收意见",
    "conditions-3-proof": "没有其他条件",
}
STATES_OF_THE_PROPOSAL = ("认定单位的处理意见", "提出准予修复", "准予修复")


@dataclass
class Story:
    """Who is there, and what it is about."""

    city: City
    desk: Desks
    run: Callable[..., str]
    anybody: PageClient
    record: int = 0
    other: int = 0

    def case(self, who: str = "subject") -> CasePage:
        return self.desk(who).case(NUMBER)

    def stands(self) -> dict[str, str]:
        """How each measure stands on the page of the record."""
        return self.desk("subject").record(self.record).sanctions

    def switches(self) -> dict[str, str]:
        return self.desk("subject").record(self.record).switches

    def may_read(self, title: str, *readers: str) -> str:
        """The text of a notice, which these can read and nobody else."""
        found = [one for one in self.case("clerk").letters if one.title == title][-1]
        for who in ("stranger", "executor", "provider2"):
            assert self.desk(who).client.open(f"/notices/{found.key}.pdf").status_code == 404
        texts = {self.desk(who).read(found.key) for who in readers}
        assert len(texts) == 1
        return texts.pop()


@pytest.fixture
def story(city: City, desk: Desks, run: Callable[..., str], app: Flask, session: Session) -> Story:
    """A record of June with three sanctions, of which one rests on another record as well."""
    said = {"penalty_kind": "罚款", "decided_on": "2026-06-01"}
    story = Story(city, desk, run, PageClient(app, session), city.record(**said), city.record())
    named = {
        city.sanction(story.record, mandatory=True): LOST,
        city.sanction(story.record, department="executor2"): TAKEN,
        city.sanction(story.record, story.other): SHARED,
    }
    with transaction():
        for key, name in named.items():
            measure = db.session.get_one(Measure, db.session.get_one(Sanction, key).measure_id)
            measure.name = name
    return story


def test_a_repair_goes_through_every_hand_and_is_revoked(story: Story, session: Session) -> None:
    it_is_too_early(story)
    with clock.at(FROM):
        what_is_missing_is_said(story)
        it_is_handed_in(story)
    with clock.at(date(2026, 9, 2)):
        the_provider_asks_for_more(story)
        it_is_accepted(story)
    with clock.at(date(2026, 9, 3)):
        it_is_proposed_and_comes_back_twice(story)
        it_is_granted(story)
    with clock.at(date(2026, 9, 4)):
        departments_and_recipients_confirm(story)
    with clock.at(date(2026, 9, 10)):
        its_revocation_is_proposed(story)
        the_subject_answers(story)
        it_is_revoked(story)
        nothing_is_repaired_for_three_years(story)
        assert_invariants(session)


def it_is_too_early(story: Story) -> None:
    subject = story.desk("subject")
    page = subject.record(story.record).page
    assert not page.has("a[href^='/cases/new/repair']:not(.tabs a)")
    assert "最早可于2026年9月1日申请修复" in words(page.one("[aria-labelledby=repairing]"))
    assert subject.record(story.other).page.has("[aria-labelledby=repairing]")
    assert subject.apply_for_repair(story.record, REASONS) == NUMBER
    case = subject.case(NUMBER)
    assert case.state == "草稿"
    assert len(case.missing) == 3
    assert not case.page.has(f'a[href="/cases/{NUMBER}/steps/submit"]')
    form = subject.form(NUMBER, "amend")
    form.action = f"/cases/{NUMBER}/steps/submit"
    refused = subject.client.submit(form, status=409)
    for part in ("最早可于2026年9月1日申请修复", "还缺少履行义务的证明", "尚未作出信用承诺"):
        assert part in words(refused.one(".reasons"))
    assert subject.case(NUMBER).state == "草稿"
    assert story.switches() == IN_USE
    assert story.desk("provider").client.open(f"/cases/{NUMBER}").status_code == 404


def what_is_missing_is_said(story: Story) -> None:
    subject = story.desk("subject")
    case = subject.case(NUMBER)
    assert case.duties == {"失信行为已经纠正": "缺少证明", "罚款已经缴清": "缺少证明"}
    subject.take(NUMBER, "amend", {"commitment": "y"})
    case = subject.prove(NUMBER, "fine", pdf(), "缴款凭证.pdf")
    assert case.duties == {"失信行为已经纠正": "缺少证明", "罚款已经缴清": "已上传"}
    (missing,) = case.missing
    assert "失信行为已经纠正" in missing
    assert "罚款已经缴清" not in missing
    assert subject.prove(NUMBER, "corrected", pdf(), "验收意见.pdf").missing == []


def it_is_handed_in(story: Story) -> None:
    subject = story.desk("subject")
    page = subject.take(NUMBER, "submit")
    assert (page.state, page.standing["由谁办理"]) == ("待受理", "惠州市市场监督管理局")
    assert page.dues == {
        "决定是否受理修复申请": date(2026, 9, 4),
        "答复修复申请": date(2026, 9, 15),
    }
    titles = [one.title for one in page.letters]
    assert titles == ["信用修复申请书", "信用修复承诺书", "收件凭证"]
    text = story.may_read("信用修复申请书", "subject", "clerk", "provider")
    assert COMPANY[0] in text
    public = words(story.anybody.get("/commitments").one("main"))
    assert COMPANY[0] in public
    assert "2026年9月1日" in public
    assert story.desk("provider").inbox()[NUMBER] == "审查材料，决定受理、要求补正或者不予受理"


def the_provider_asks_for_more(story: Story) -> None:
    provider, subject = story.desk("provider"), story.desk("subject")
    page = provider.take(NUMBER, "request_supplement", {"gaps": "法定代表人身份证明书"})
    assert page.state == "待补正"
    assert "法定代表人身份证明书" in story.may_read("补正通知书", "subject", "provider")
    assert "法定代表人身份证明书" in subject.case(NUMBER).part("gaps")
    subject.attach(NUMBER, pdf(), "身份证明书.pdf")
    page = subject.take(NUMBER, "supplement", {"statement": "补交身份证明书。"})
    assert page.state == "待受理"
    assert "补交身份证明书。" in page.part("statement")


def it_is_accepted(story: Story) -> None:
    page = story.desk("provider").take(NUMBER, "accept")
    assert (page.state, page.dues["审查并提出处理意见"]) == ("审查中", date(2026, 9, 9))
    assert NUMBER in story.may_read("信用修复受理通知书", "subject", "provider", "clerk")


def it_is_proposed_and_comes_back_twice(story: Story) -> None:
    provider, approver = story.desk("provider"), story.desk("provider-approver")
    form = provider.form(NUMBER, "propose_grant")
    assert form.values["conditions-0-met"] == "y"
    assert "2026年9月1日" in form.values["conditions-0-proof"]
    assert "承诺书" in form.values["conditions-2-proof"]
    assert provider.take(NUMBER, "propose_grant", PROVEN).state == "待审核"
    story_is_kept_inside(story)
    page = approver.take(NUMBER, "send_back", {"reasons": "请写明票据号码"})
    assert (page.state, page.standing["办理事项"]) == ("审查中", "逐项审查修复条件，提出处理意见")
    form = provider.form(NUMBER, "propose_grant")
    assert form.values["conditions-1-proof"] == PROVEN["conditions-1-proof"]
    provider.take(NUMBER, "propose_grant", {"conditions-1-proof": "票据0012号"})
    assert approver.take(NUMBER, "endorse").state == "待决定"
    story_is_kept_inside(story)
    returned = story.desk("approver").take(NUMBER, "return_proposal", {"reasons": "请核对票据"})
    assert returned.state == "审查中"
    assert "已退回，须重新提出" in provider.case(NUMBER).part("what")
    provider.take(NUMBER, "propose_grant")
    assert approver.take(NUMBER, "endorse").state == "待决定"


def story_is_kept_inside(story: Story) -> None:
    """Who applied does not read what is proposed before it is decided."""
    page = story.case("subject")
    assert page.part("what") == ""
    assert "提出处理意见" in page.history
    assert "提出准予修复" not in page.history
    assert "票据" not in page.part("history")
    assert "认定单位的处理意见" in story.case("provider").part("what")


def it_is_granted(story: Story) -> None:
    approver = story.desk("approver")
    assert approver.inbox() == {NUMBER: "作出修复决定"}
    page = approver.client.get(f"/cases/{NUMBER}/steps/grant")
    told = words(page.one("[aria-labelledby=following]"))
    ends, goes_on = told.split("继续执行的措施")
    assert LOST in ends
    assert TAKEN in ends
    assert SHARED in goes_on
    for part in ("惠州市财政局", "惠州市自然资源局", "省信用平台"):
        assert part in told
    case = approver.take(NUMBER, "grant")
    assert (case.state, case.dues["执行处理结果"]) == ("执行修复决定", date(2026, 9, 17))
    assert sorted(case.children.values()) == ["待确认解除", "待确认解除"]
    text = story.may_read("准予信用修复决定书", "subject", "provider", "clerk")
    assert COMPANY[0] in text
    assert "认定单位的处理意见" in story.case("subject").part("what")
    assert story.switches() == REPAIRED
    assert story.stands()[LOST].startswith("已通知解除，待部门确认")
    assert story.stands()[SHARED].startswith("执行中")
    assert "2项已通知解除，等待部门确认" in story.case("subject").part("effects")


def departments_and_recipients_confirm(story: Story) -> None:
    for who in ("executor", "executor2"):
        desk = story.desk(who)
        (number,) = desk.inbox()
        assert desk.take(number, "confirm_lifted", {"places": "采购网"}).state == "已解除"
        home = desk.client.get("/")
        (form,) = home.all("form[action^='/messages/']")
        desk.client.submit(home.form(f"form[action='{form['action']}']"))
    story.run("cases", "tick")
    assert story.case().state == "执行修复决定"
    assert "1家使用单位尚未回执" in story.case().part("effects")
    assert "failed=0" in story.run("outbox", "run")
    story.run("cases", "tick")
    page = story.case()
    assert (page.state, page.dues) == ("已修复", {})
    assert "使用单位都已回执" in page.part("effects")
    assert {name: said.split(" ")[0] for name, said in story.stands().items()} == {
        LOST: "已解除",
        TAKEN: "已解除",
        SHARED: "执行中",
    }


def its_revocation_is_proposed(story: Story) -> None:
    said = {
        "ground": "false_materials",
        "reasons": "缴款凭证系伪造。",
        "evidence": "财政部门的查证函",
    }
    page = story.desk("provider").take(NUMBER, "propose_revocation", said)
    assert page.state == "撤销修复审查中"
    text = story.may_read("拟撤销信用修复告知书", "subject", "provider", "clerk")
    assert "缴款凭证系伪造" in text
    assert "可以在2026年9月17日前提出" in story.case("subject").part("hearing")
    page = story.case("approver2")
    assert not page.page.has(f'a[href="/cases/{NUMBER}/steps/revoke"]')
    assert "先听取信用主体的意见" in words(page.page.one(".blocked"))
    assert story.switches() == REPAIRED


def the_subject_answers(story: Story) -> None:
    said = {"statement": "票据由代办人提供，本公司不知情。"}
    page = story.desk("subject").take(NUMBER, "answer", said)
    assert "本公司不知情" in page.part("hearing")
    assert "本公司不知情" in story.case("approver2").part("hearing")


def it_is_revoked(story: Story) -> None:
    approver = story.desk("approver2")
    told = words(
        approver.client.get(f"/cases/{NUMBER}/steps/revoke").one("[aria-labelledby=following]")
    )
    assert "公示至2027年6月1日" in told
    assert "至2029年9月10日为止" in told
    page = approver.take(NUMBER, "revoke", {"reasons": "缴款凭证系伪造，事实清楚。"})
    assert page.state == "修复已撤销"
    text = story.may_read("撤销信用修复决定书", "subject", "provider", "clerk")
    for part in ("申请行政复议", "提起行政诉讼"):
        assert part in text
    assert story.switches() == IN_USE
    stands = {name: said.split(" ")[0] for name, said in story.stands().items()}
    assert stands == {LOST: "已解除", TAKEN: "已解除", SHARED: "执行中"}


def nothing_is_repaired_for_three_years(story: Story) -> None:
    subject = story.desk("subject")
    for record in (story.record, story.other):
        page = subject.record(record).page
        assert "2029年9月11日" in words(page.one("[aria-labelledby=repairing]"))
    number = subject.apply_for_repair(story.record, REASONS, commits=True)
    case = subject.prove(number, "duties", pdf(), "凭证.pdf")
    assert set(case.duties.values()) == {"已上传"}
    (missing,) = case.missing
    assert "最早可于2029年9月11日申请" in missing
    assert story.desk("subject").case(number).state == "草稿"
