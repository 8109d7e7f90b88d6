"""An objection through every hand, as everybody finds it in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.records.models import Measure, Sanction
from tests.app.cases.city import COMPANY, City
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.samples import pdf
from tests.app.cases.telling import day
from tests.stories.desks import Desks
from tests.stories.reading import CasePage, Letter, words

OTHER, NUMBER = "YY-2026-000001", "YY-2026-000002"
REASONS = "经查原始案卷，证据在案卷第3页。"
NO_SUCH = {"field": "violation", "ground": "O1", "claim": "没有此行为"}
NOT_LISTED = {"field": "record", "ground": "O4", "claim": "应当移出名单"}
LOST, KEPT, SHARED = "限制招标投标", "限制取得供地", "限制申请财政性资金"
ASKED = "已要求暂停，待部门确认"
FIRST, SECOND = (f"已暂停（部门于2026年8月{one}日确认）" for one in (3, 5))
CONTESTED = {
    "异议标注": "已标注",
    "向社会公示": "公示中",
    "部门共享使用": "共享中",
    "据以实施惩戒": "暂停",
}
QUIET = CONTESTED | {"异议标注": "未标注", "据以实施惩戒": "可据以惩戒"}
GONE = {
    "异议标注": "未标注",
    "向社会公示": "不公示",
    "部门共享使用": "已停止",
    "据以实施惩戒": "已停止",
}


@dataclass
class Story:
    """Who is there, and what it is about; `child` finds the number of a child by its sanction."""

    city: City
    desk: Desks
    run: Callable[..., str]
    wrong: int = 0
    right: int = 0
    third: int = 0

    def case(self, who: str = "clerk", number: str = NUMBER) -> CasePage:
        return self.desk(who).case(number)

    def suspension(self, measure: str) -> str:
        """The number of the suspension of a measure."""
        (said,) = [text for name, text in self.case().sanctions.items() if name.startswith(measure)]
        return said.split("办理：")[1].strip()

    def stands(self, who: str = "clerk") -> dict[str, str]:
        """How each measure stands according to the pages of the records, and for which contests."""
        found: dict[str, str] = {}
        for record in (self.wrong, self.right, self.third):
            for measure, said in self.desk(who).record(record).sanctions.items():
                state, *cases = said.split(" 案件 ")
                told = " ".join([state, *(one for one in cases if one.startswith("YY"))])
                assert found.setdefault(measure, told) == told
        return found


@pytest.fixture
def story(city: City, desk: Desks, run: Callable[..., str]) -> Story:
    """Two records of two providers, a third one, and three sanctions of two departments."""
    story = Story(
        city, desk, run, city.record(), city.record("provider2"), city.record("provider2")
    )
    named = {
        city.sanction(story.wrong, mandatory=True): LOST,
        city.sanction(story.right, department="executor2"): KEPT,
        city.sanction(story.wrong, story.third): SHARED,
    }
    with transaction():
        for key, name in named.items():
            measure = db.session.get_one(Measure, db.session.get_one(Sanction, key).measure_id)
            measure.name = name
    return story


def only(letters: list[Letter], title: str) -> Letter:
    """The one notice of this title."""
    (found,) = [one for one in letters if one.title == title]
    return found


def test_an_objection_goes_through_every_hand(story: Story, session: Session) -> None:
    another_objection_holds_the_shared_one(story)
    the_company_objects(story)
    with clock.at(day(4)):
        the_office_accepts(story)
        every_sanction_is_out_of_force(story)
    with clock.at(day(5)):
        the_departments_confirm(story)
        one_provider_finds_its_record_groundless(story)
        the_other_gets_more_time(story)
    with clock.at(day(10)):
        the_other_finds_its_record_accurate(story)
        it_is_upheld_in_part(story)
    with clock.at(day(11)):
        the_record_is_revoked(story)
        the_recipients_confirm(story)
    with clock.at(day(12)):
        the_departments_answer(story)
        the_harm_is_undone(story)
        it_is_closed(story)
        assert_invariants(session)


def another_objection_holds_the_shared_one(story: Story) -> None:
    assert set(story.stands().values()) == {"执行中"}
    subject = story.desk("subject")
    assert subject.object_to([story.third], [NO_SUCH]) == OTHER
    subject.take(OTHER, "submit")
    page = story.desk("clerk").take(OTHER, "accept")
    (suspension,) = [number for number in page.children if number.startswith("ZT")]
    said = {"executed_on": "2026-08-03", "note": "已在招标系统停用"}
    assert story.desk("executor").take(suspension, "confirm", said).state == "暂停中"
    assert story.stands() == {LOST: "执行中", KEPT: "执行中", SHARED: f"{FIRST} {OTHER}"}


def the_company_objects(story: Story) -> None:
    subject = story.desk("subject")
    number = subject.object_to([story.wrong, story.right], [NO_SUCH, NOT_LISTED])
    assert number == NUMBER
    assert subject.case(NUMBER).state == "草稿"
    subject.attach(NUMBER, pdf(), "监测报告.pdf")
    page = subject.take(NUMBER, "submit")
    assert page.state == "待受理"
    assert page.standing["由谁办理"] == "惠州市信用中心"
    assert page.dues == {
        "决定是否受理": day(5),
        "转送信息提供单位": day(5),
        "办结异议": day(12),
        "最长办理期限": day(31),
    }
    (receipt,) = page.letters
    assert (receipt.title, receipt.number) == ("收件凭证", "某信异收〔2026〕2号")
    assert (receipt.to, receipt.issued_on) == (COMPANY[0], "2026年8月3日")
    text = subject.read(receipt.key)
    for part in (NUMBER, "某信异收〔2026〕2号", COMPANY[0], "共1件", "监测报告", "2026年8月5日前"):
        assert part in text
    assert subject.confirm_receipts(NUMBER) == 1
    assert subject.case(NUMBER).letters[0].served == "2026年8月3日 在本系统确认收到"
    assert subject.record(story.wrong).switches == QUIET
    assert story.desk("clerk").inbox()[NUMBER] == "审查材料，决定受理、要求补正或者不予受理"


def the_office_accepts(story: Story) -> None:
    page = story.desk("clerk").take(NUMBER, "accept")
    assert page.state == "核实中"
    assert page.dues == {"办结异议": day(12), "最长办理期限": day(31)}
    assert sorted(page.children.items()) == [
        ("HS-2026-000002", "待签收"),
        ("HS-2026-000003", "待签收"),
        ("ZT-2026-000001", "暂停中"),
        ("ZT-2026-000002", "待确认暂停"),
        ("ZT-2026-000003", "待确认暂停"),
    ]
    letter = only(page.letters, "异议受理通知书")
    assert letter.number == "某信异受〔2026〕2号"
    text = story.desk("subject").read(letter.key)
    for part in (NUMBER, "2026年8月12日前办结", LOST, KEPT, SHARED, "惠州市生态环境局"):
        assert part in text
    assert text.count("暂停执行") >= 3
    assert "寻求救济" not in text


def every_sanction_is_out_of_force(story: Story) -> None:
    for who in ("clerk", "subject"):
        assert story.stands(who) == {
            LOST: f"{ASKED} {NUMBER}",
            KEPT: f"{ASKED} {NUMBER}",
            SHARED: f"{FIRST} {OTHER} {NUMBER}",
        }
        for record in (story.wrong, story.right, story.third):
            assert story.desk(who).record(record).switches == CONTESTED
    assert set(story.case().marks.values()) == {"公示中 异议处理中"}
    for said in story.case("subject").sanctions.values():
        assert "本案要求暂停" in said
        assert said.startswith((ASKED, "已暂停（部门于"))
    order = story.case("executor", story.suspension(LOST))
    assert order.dues == {"反馈暂停执行情况": day(6)}
    (letter,) = order.letters
    assert (letter.title, letter.to) == ("暂停执行失信惩戒措施通知书", "惠州市财政局")
    text = story.desk("executor").read(letter.key)
    for part in (NUMBER, COMPANY[0], LOST, "2026年8月6日前反馈", "强制性措施", letter.number):
        assert part in text
    assert SHARED not in text


def the_departments_confirm(story: Story) -> None:
    said = {"executed_on": "2026-08-05", "note": "已在系统内停用"}
    numbers = []
    for who, measure in (("executor", LOST), ("executor2", KEPT)):
        number = story.suspension(measure)
        assert story.desk(who).inbox() == {number: "暂停执行并反馈"}
        assert story.desk(who).confirm_receipts(number) == 1
        page = story.desk(who).take(number, "confirm", said)
        assert (page.state, page.dues) == ("暂停中", {})
        assert [one.served[:9] for one in page.letters][:1] == ["2026年8月5日"]
        numbers.append(only(page.letters, "暂停执行情况反馈单").number)
        assert story.desk(who).inbox() == {}
    assert numbers == ["某信惩馈〔2026〕2号", "某信惩馈〔2026〕3号"]


def one_provider_finds_its_record_groundless(story: Story) -> None:
    number = "HS-2026-000002"
    provider = story.desk("provider")
    page = provider.case(number)
    assert page.dues == {"签收核实函": day(5), "反馈核实结果": day(7), "终结核实": day(25)}
    statement = words(page.page.one("section[aria-labelledby=statement]"))
    assert "本公司没有该违法行为。 请予核实。" in statement
    assert "监测报告" in words(page.page.one("section[aria-labelledby=attachments]"))
    text = provider.read(only(page.letters, "核实函").key)
    for part in ("某信核函〔2026〕2号", "没有此行为", "2026年8月7日前逐项核实", "监测报告"):
        assert part in text
    provider.take(number, "acknowledge")
    finding = {"finding": "wrong_revoke", "reasons": "处罚决定已被本局自行撤销。"}
    said = {f"findings-0-{name}": value for name, value in finding.items()}
    assert provider.take(number, "report", said | {"officer": "核实员"}).state == "待审核"
    page = story.desk("provider-approver").take(number, "endorse")
    assert (page.state, page.dues) == ("已反馈", {})
    letter = only(page.letters, "核实结果反馈函")
    assert (letter.number, letter.to) == ("某信核复〔2026〕1号", "惠州市信用中心")
    found = story.case().items
    assert found[0]["核实理由"] == finding["reasons"]
    assert "核实结论" not in found[1]
    assert story.case().state == "核实中"


def the_other_gets_more_time(story: Story) -> None:
    number = "HS-2026-000003"
    provider = story.desk("provider2")
    provider.take(number, "acknowledge")
    page = provider.take(number, "ask_for_time", {"reason": "案卷已移交档案馆"})
    assert page.dues["反馈核实结果"] == day(7)
    page = story.desk("provider2-approver").take(number, "grant_time")
    assert page.dues == {"反馈核实结果": day(12), "终结核实": day(25)}
    told = only(story.case("subject").letters, "核实延期告知书")
    assert (told.number, told.to) == ("某信核延〔2026〕1号", COMPANY[0])
    text = story.desk("subject").read(told.key)
    assert "由2026年8月7日延长至2026年8月12日" in text
    assert "案卷已移交档案馆" in text
    assert not story.desk("provider2-approver").case(number).page.has("a[href$='/grant_time']")


def the_other_finds_its_record_accurate(story: Story) -> None:
    number = "HS-2026-000003"
    said = {"findings-0-finding": "accurate", "findings-0-reasons": REASONS, "officer": "核实员"}
    story.desk("provider2").take(number, "report", said)
    story.desk("provider2-approver").take(number, "endorse")
    assert story.case().state == "核实中"
    assert "findings_complete 1" in story.run("cases", "tick")
    page = story.case("approver")
    assert (page.state, page.standing["由谁办理"]) == ("待决定", "惠州市信用中心 · 信用办审批")
    assert "共办理0步" in story.run("cases", "tick")
    assert story.desk("approver").inbox() == {NUMBER: "审查核实结论，作出处理决定"}


def it_is_upheld_in_part(story: Story) -> None:
    reasons = "第一项所涉决定已被撤销；第二项所涉记录属实。"
    page = story.desk("approver").take(NUMBER, "uphold", {"reasons": reasons})
    assert (page.state, page.dues["执行处理结果"]) == ("执行处理结果", day(24))
    assert {"办结异议", "最长办理期限"} <= page.ended
    assert [one["heading"].split()[-1] for one in page.items] == ["成立", "不成立"]
    letter = only(page.letters, "异议处理结果告知书")
    assert (letter.number, letter.to) == ("某信异成〔2026〕1号", COMPANY[0])
    subject = story.desk("subject")
    text = subject.read(letter.key)
    for part in ("异议成立，撤销该条信息", "异议不成立，维持原记载", "第一项所涉决定已被撤销"):
        assert part in text
    for part in ("寻求救济", "60日内", "申请行政复议", "6个月内", "提起行政诉讼", "人民法院"):
        assert part in text
    assert subject.confirm_receipts(NUMBER) >= 2
    assert only(subject.case(NUMBER).letters, letter.title).served.startswith("2026年8月10日")
    story.run("cases", "tick")
    assert story.stands() == {
        LOST: f"{SECOND} {NUMBER}",
        KEPT: "已通知恢复，待部门确认",
        SHARED: f"{FIRST} {OTHER} {NUMBER}",
    }
    assert story.desk("clerk").record(story.right).switches == QUIET
    assert story.desk("clerk").record(story.wrong).switches == CONTESTED


def the_record_is_revoked(story: Story) -> None:
    (number,) = [one for one in story.case().children if one.startswith("GZ")]
    provider = story.desk("provider")
    page = provider.case(number)
    assert page.dues == {"更正或者撤销信息": day(12)}
    assert only(page.letters, "信息更正（撤销）通知书").number == "某信更〔2026〕1号"
    form = provider.form(number, "correct")
    assert form.values["kind"] == "revoke"
    provider.take(number, "correct", {"basis": "撤销行政处罚决定书"})
    assert not provider.case(number).page.has("a[href$='/approve']")
    page = story.desk("provider-approver").take(number, "approve")
    assert (page.state, page.dues) == ("同步中", {"同步更正信息": day(14)})
    record = story.desk("subject").record(story.wrong)
    assert record.switches == GONE
    assert record.versions[0] == "第2版 · 撤销"
    assert "已撤销" in words(record.page.one("main"))
    story.run("cases", "tick")
    assert story.stands() == {
        LOST: "已通知解除，待部门确认",
        KEPT: "已通知恢复，待部门确认",
        SHARED: f"{FIRST} {OTHER}",
    }


def the_recipients_confirm(story: Story) -> None:
    executor = story.desk("executor")
    home = executor.client.get("/")
    (form,) = home.all("form[action^='/messages/']")
    executor.client.submit(home.form(f"form[action='{form['action']}']"))
    assert not executor.client.get("/").has("form[action^='/messages/']")
    story.run("cases", "tick")
    assert story.case(number="GZ-2026-000001").state == "同步中"
    assert "failed=0" in story.run("outbox", "run")
    story.run("cases", "tick")


def the_departments_answer(story: Story) -> None:
    lost, kept = story.suspension(LOST), story.suspension(KEPT)
    page = story.case("executor", lost)
    assert (page.state, page.dues) == ("待确认解除", {"解除措施": day(13)})
    text = story.desk("executor").read(only(page.letters, "解除失信惩戒措施通知书").key)
    assert "某信惩解〔2026〕1号" in text
    page = story.case("executor2", kept)
    assert (page.state, page.dues) == ("待确认恢复", {"恢复执行": day(12)})
    letter = only(story.case("subject").letters, "恢复执行失信惩戒措施通知书")
    assert letter.number == "某信惩复〔2026〕1号"
    assert "2026年8月12日前恢复执行" in story.desk("subject").read(letter.key)
    story.desk("executor").take(lost, "confirm_lifted", {"places": "信用惠州网站"})
    story.desk("executor2").take(kept, "confirm_resumed")
    lifted = "已解除 2026年8月12日解除"
    assert story.stands() == {LOST: lifted, KEPT: "执行中", SHARED: f"{FIRST} {OTHER}"}
    # Out of force from the 4th up to the 12th: eight days that do not count.
    periods = story.desk("clerk").record(story.right).periods
    assert periods[KEPT] == "2026年1月1日起，2029年1月9日止（因暂停执行顺延）"


def the_harm_is_undone(story: Story) -> None:
    page = story.case(number="GZ-2026-000001")
    assert (page.state, page.dues) == ("消除影响中", {"消除影响": day(18)})
    said = {"statement": "该记录已撤销，特此澄清。", "places": "信用惠州网站\n《惠州日报》"}
    page = story.desk("clerk").take("GZ-2026-000001", "restore", said)
    assert page.state == "已完成"
    letter = only(page.letters, "消除影响公告")
    assert (letter.number, letter.served) == ("某信消〔2026〕1号", "向社会公布")
    text = story.desk("subject").read(letter.key)
    for part in ("该记录已撤销，特此澄清", "《惠州日报》", LOST):
        assert part in text


def it_is_closed(story: Story) -> None:
    story.run("cases", "tick")
    page = story.case("subject")
    assert page.state == "已办结"
    assert page.dues == {}
    assert story.case(number=OTHER).state == "核实中"
    assert story.desk("subject").record(story.third).switches == CONTESTED
    states = sorted(page.children.items())
    assert [state for number, state in states if not number.startswith("ZT-2026-000001")] == [
        "已完成", "已反馈", "已反馈", "已解除", "已恢复执行",
    ]  # fmt: skip
    assert page.children[story.suspension(SHARED)] == "暂停中"
    assert [one.title for one in page.letters] == [
        "收件凭证",
        "异议受理通知书",
        "异议处理结果告知书",
        "核实延期告知书",
        "恢复执行失信惩戒措施通知书",
        "解除失信惩戒措施通知书",
        "消除影响公告",
    ]
    assert page.history[-1] == "办结"
