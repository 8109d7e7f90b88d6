"""What notices say of real cases: each of the four kinds, issued by real steps."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases import commands, due
from app.cases.facts import CaseFacts
from app.cases.models import Case
from app.cases.suspension.models import Suspension
from app.clock import at, today
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.notices.models import Notice
from app.notices.queries import notices_of
from app.people.actor import SYSTEM
from app.people.models import Subject, SubjectKind, Unit
from tests.app.cases.city import City
from tests.app.cases.conftest import city
from tests.notices.samples import NOTICES
from workflows.inputs.correction import Opening
from workflows.inputs.objection import ItemInput

__all__ = ["city"]

MONDAY = date(2026, 8, 3)
REASONS = "经查原始案卷，证据在案卷第3页"


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with at(MONDAY):
        yield


def said(notice: Notice) -> str:
    body = notice.html.split("<body", 1)[1].split(">", 1)[1]
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def last(number: str, name: str) -> Notice:
    """The last notice of that name in a case."""
    return [one for one in notices_of([number]) if one.name == name][-1]


def submitted(city: City, *records: int, field: str = "fine", **more: Any) -> str:
    items = tuple(ItemInput(one, field, "O1", "罚款金额应为2000元") for one in records)
    number = city.objection(*records, items=items, **more)
    city.take(number, "submit", "subject")
    return number


def accepted(city: City, *records: int, **more: Any) -> str:
    number = submitted(city, *records, **more)
    city.take(number, "accept", "clerk")
    return number


def reported(city: City, number: str, finding: str, **more: str) -> str:
    """A verification that is endorsed with the same finding on every item; gives its number."""
    (asked,) = city.children(number, "verification")
    city.take(asked, "acknowledge", "provider")
    items = CaseFacts(city.case(asked), today()).items()
    answer = {"finding": finding, "reasons": REASONS} | more
    findings = [{"item_id": item.id} | answer for item in items]
    city.take(asked, "report", "provider", officer="核实员乙", findings=findings)
    city.take(asked, "endorse", "provider-approver")
    due.tick()
    return asked


def upheld(city: City, *records: int) -> str:
    number = accepted(city, *records)
    reported(city, number, "wrong_correct", value="2000.00")
    city.take(number, "uphold", "approver", reasons="录入有误")
    return number


def receipt_everything(number: str) -> None:
    with transaction():
        for message in messages_of([number]):
            delivery.receipt(message, SYSTEM)


def test_the_receipt_names_the_claim_as_it_was_made(city: City):
    number = submitted(city, city.record())
    told = said(last(number, "receipt"))
    assert number in told
    assert "罚款金额（元）47,700元信息有错误：罚款金额应为2000元" in told
    assert "惠州市䶮测印染有限公司（统一社会信用代码：91441300MA4W0CHM2Z）" in told
    assert "2026年8月5日前决定是否受理" in told


def test_the_acceptance_names_the_sanctions_that_are_held_and_no_other(city: City):
    record, another = city.record(), city.record()
    city.sanction(record)
    city.sanction(another, department="executor2", mandatory=True)
    told = said(last(accepted(city, record), "acceptance"))
    assert "惠州市财政局暂停执行" in told
    assert "惠州市自然资源局" not in told
    assert "强制性" not in told
    assert "2026年8月12日前办结" in told
    assert "已向惠州市市场监督管理局发出核实函" in told


def test_gaps_are_told_at_once_with_their_deadline(city: City):
    number = submitted(city, city.record())
    city.take(number, "request_supplement", "clerk", gaps=["公章", "委托期限"])
    told = said(last(number, "supplement"))
    assert "1.公章2.委托期限" in told
    assert "2026年8月17日前" in told


def test_a_refusal_names_the_remedies_of_the_office(city: City):
    with transaction():
        office = db.session.get_one(Unit, city.unit["office"])
        office.review_body, office.court = "惠州市人民政府", "惠州市惠城区人民法院"
    number = submitted(city, city.record())
    city.take(
        number, "refuse", "approver", reason_code="other_body", reason="不属本市", right_body="省办"
    )
    told = said(last(number, "refusal"))
    assert "不予受理情形第5项：应当由其他单位处理" in told
    assert "请向省办提出" in told
    assert "60日内，向惠州市人民政府申请行政复议" in told
    assert "6个月内，向惠州市惠城区人民法院提起行政诉讼" in told
    assert "15日内提起" in told


def test_where_a_unit_names_no_review_body_the_rules_do(city: City):
    number = submitted(city, city.record())
    city.take(number, "refuse", "approver", reason_code="other_body", reason="不属本市")
    assert "作出决定单位的本级人民政府" in said(last(number, "refusal"))


def test_an_extension_names_both_days_and_who_approved_it(city: City):
    number = accepted(city, city.record())
    city.take(number, "extend", "approver", due_on="2026-08-20", reason="需要调阅案卷")
    told = said(last(number, "extension"))
    assert "批准人：approver甲，惠州市信用中心" in told
    assert "由2026年8月12日延长至2026年8月20日" in told


def test_the_letter_asks_and_the_feedback_answers(city: City):
    number = accepted(city, city.record())
    asked = reported(city, number, "wrong_correct", value="2000.00")
    letter, answer = last(asked, "request"), last(asked, "feedback")
    assert "本公司没有该违法行为" in said(letter)
    assert "2026年8月6日前逐项核实" in said(letter)
    assert (letter.addressee_unit_id, answer.addressee_unit_id) == (
        city.unit["provider"],
        city.unit["office"],
    )
    assert answer.issuer_id == city.unit["provider"]
    told = said(answer)
    assert f"文号：{letter.number}" in told
    assert "核实结论记录有误，应当更正正确内容2,000元" in told
    assert "核实人员：核实员乙。审核人：provider-approver甲" in told


def test_more_time_is_told_to_the_filer_with_its_reason(city: City):
    number = accepted(city, city.record())
    (asked,) = city.children(number, "verification")
    city.take(asked, "acknowledge", "provider")
    city.take(asked, "ask_for_time", "provider", reason="案卷在档案馆")
    city.take(asked, "grant_time", "provider-approver")
    notice = last(asked, "more_time")
    assert notice.addressee_subject_id == city.subject["company"]
    assert "案卷在档案馆" in said(notice)
    assert "由2026年8月6日延长至2026年8月11日" in said(notice)


def test_a_result_tells_before_and_after_of_each_item(city: City):
    told = said(last(upheld(city, city.record()), "upheld"))
    assert "处理前内容47,700元处理后内容2,000元" in told
    assert "异议成立，将“罚款金额（元）”由“47,700元”更正为“2,000元”" in told
    assert "信息来源惠州市市场监督管理局" in told
    assert "救济途径" in told
    assert "抄送" not in told


def test_a_dismissal_tells_why_and_where_to_turn(city: City):
    number = accepted(city, city.record())
    reported(city, number, "accurate")
    city.take(number, "dismiss", "approver", reasons="与决定书一致")
    told = said(last(number, "dismissed"))
    assert "异议不成立，维持原记载" in told
    assert f"理由和证据{REASONS}" in told
    assert "救济途径" in told


def test_a_withdrawn_case_is_ended_by_notice(city: City):
    number = accepted(city, city.record())
    city.take(number, "withdraw", "subject", reason="已核对清楚")
    assert "撤回理由：已核对清楚。" in said(last(number, "termination"))


def test_an_order_to_suspend_and_what_becomes_of_it(city: City):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    (order,) = city.children(number, "suspension")
    told = said(last(order, "order"))
    assert number in told
    assert "限制申请财政性资金项目推荐性《惠州市失信联合惩戒措施清单》惠州市财政局" in told
    assert "2026年8月5日前反馈" in told
    assert "强制性措施" not in told
    city.take(order, "confirm", "executor", executed_on="2026-08-03", note="已撤下限制")
    told = said(last(order, "feedback"))
    assert "暂停日期2026年8月3日执行情况和凭证已撤下限制经办人executor甲" in told
    reported(city, number, "accurate")
    city.take(number, "dismiss", "approver", reasons="与决定书一致")
    notice = last(order, "resume")
    told = said(notice)
    assert f"据以暂停执行的案件（案件编号：{number}）不再要求暂停执行" in told
    assert "2026年8月5日前恢复执行" in told
    assert "抄送：惠州市䶮测印染有限公司。" in told


def test_what_the_filer_explained_later_reaches_whoever_verifies(city: City):
    number = submitted(city, city.record())
    city.take(number, "request_supplement", "clerk", gaps=["公章"])
    city.take(number, "supplement", "subject", statement="现补充提交盖章的缴款书")
    city.take(number, "accept", "clerk")
    (asked,) = city.children(number, "verification")
    for notice in (last(asked, "request"), last(number, "acceptance")):
        assert "2026年8月3日补正说明：现补充提交盖章的缴款书。" in said(notice)


def test_resuming_tells_which_record_fell_and_which_one_stands(city: City):
    fallen, standing = city.record(), city.record()
    city.sanction(fallen, standing)
    number = accepted(city, fallen)
    (order,) = city.children(number, "suspension")
    city.take(order, "confirm", "executor", executed_on="2026-08-03", note="已撤下限制")
    with at(date(2026, 8, 6)):
        reported(city, number, "wrong_revoke")
        city.take(number, "uphold", "approver", reasons="不应认定")
        (fix,) = city.children(number, "correction")
        city.take(fix, "correct", "provider", kind="revoke", basis="撤销决定书")
        city.take(fix, "approve", "provider-approver")
        due.tick()
    notice = last(order, "resume")
    numbers = {one["decision_no"]: one["fate"] for one in notice.context["bases"]}
    assert sorted(numbers.values()) == ["", "已于2026年8月6日撤销"]
    told = said(notice)
    for decision_no, fate in numbers.items():
        after = f"{fate}，不再作为" if fate else "仍然有效"
        assert f"“{decision_no}”失信信息{after}下列措施" in told.replace("有效，", "有效")
    assert "历次暂停合计顺延3日，终止日期为2029年1月4日" in told
    assert "2029年1月1日" not in told
    assert "至2029年1月4日（已含历次暂停合计顺延的3日）" in told


def test_lifting_tells_what_became_of_the_record_and_no_alternatives(city: City):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    reported(city, number, "wrong_revoke")
    city.take(number, "uphold", "approver", reasons="不应认定")
    (fix,) = city.children(number, "correction")
    assert "认定信息有误，应当撤销" in said(last(fix, "order"))
    city.take(fix, "correct", "provider", kind="revoke", basis="撤销决定书")
    city.take(fix, "approve", "provider-approver")
    due.tick()
    (order,) = city.children(number, "suspension")
    told = said(last(order, "lift"))
    assert "失信信息已于2026年8月3日撤销。" in told
    assert "或者" not in told


def test_a_human_is_addressed_as_one(city: City):
    with transaction():
        person = db.session.get_one(Subject, city.subject["company"])
        person.kind, person.code = SubjectKind.PERSON, "11010519491231002X"
    assert "你提交的信用信息异议申请" in said(last(submitted(city, city.record()), "receipt"))


def test_a_department_that_declines_tells_the_subject_its_own_remedies(city: City):
    record = city.record()
    city.sanction(record, mandatory=True)
    number = accepted(city, record)
    with transaction():
        db.session.get_one(Unit, city.unit["executor"]).review_body = "惠州市人民政府"
    (order,) = city.children(number, "suspension")
    assert "强制性措施" in said(last(order, "order"))
    city.take(order, "decline", "executor-approver", provision="《政府采购法》第二十二条")
    notice = last(order, "declined")
    assert notice.addressee_subject_id == city.subject["company"]
    assert number in said(notice)
    assert "《政府采购法》第二十二条。" in said(notice)
    assert "向惠州市人民政府申请行政复议" in said(notice)


def test_a_correction_from_order_to_restoration(city: City):
    record = city.record()
    city.sanction(record)
    number = upheld(city, record)
    (fix,) = city.children(number, "correction")
    told = said(last(fix, "order"))
    assert "罚款金额（元）47,700元2,000元" in told
    assert f"异议案件{number}的处理决定" in told
    assert "2026年8月5日前" in told
    city.take(fix, "correct", "provider", kind="correct", basis="处罚决定书原件")
    city.take(fix, "approve", "provider-approver")
    receipt_everything(fix)
    due.tick()
    city.take(fix, "restore", "clerk", statement="金额系误录。", places=["信用惠州", "采购网"])
    notice = last(fix, "restoration")
    assert notice.addressee_kind == "public"
    assert "1.信用惠州2.采购网" in said(notice)
    assert "抄送：惠州市䶮测印染有限公司。" in said(notice)


def test_a_provider_that_lets_its_time_pass_gets_a_letter_of_supervision(city: City):
    number = upheld(city, city.record())
    (fix,) = city.children(number, "correction")
    with at(date(2026, 8, 7)):
        city.take(fix, "carry_out", "approver", reasons="逾期未更正")
    told = said(last(fix, "supervision"))
    assert "应当办结日期：2026年8月5日；至本函发出之日已逾期2日" in told
    assert "罚款金额（元）47,700元2,000元" in told


def test_a_revoked_act_is_withdrawn_from_the_public_with_reasons(city: City):
    record = city.record()
    lost = city.sanction(record)
    fix = commands.open_correction(
        city.actor["provider"], Opening(record, "惠府行复〔2026〕21号"), annulled=True
    )
    told = said(last(fix, "order"))
    assert "作为依据的决定已不再有效" in told
    assert "2026年8月6日前" in told
    city.take(
        fix,
        "withdraw_publication",
        "provider-approver",
        document="惠府行复〔2026〕21号",
        reasons="主要事实不清",
    )
    notice = last(fix, "withdrawal")
    assert notice.issuer_id == city.unit["provider"]
    assert "依据文书：惠府行复〔2026〕21号。主要事实不清。" in said(notice)
    (lift,) = _suspensions_of(lost)
    assert "2026年8月5日前办理解除手续" in said(last(lift, "lift"))


def test_whoever_is_late_is_urged_with_the_days(city: City):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    with at(date(2026, 8, 14)):
        due.tick()
        (asked,) = city.children(number, "verification")
        (order,) = city.children(number, "suspension")
        told = said(last(number, "urging"))
        assert "核实中办结异议2026年8月12日2日" in told
        assert "2026年8月18日前办理完毕" in told
        assert "反馈核实结果2026年8月6日8日" in said(last(asked, "urging"))
        assert "反馈暂停执行情况2026年8月5日9日" in said(last(order, "urging"))


def test_a_correction_is_urged_of_whoever_has_it(city: City):
    number = upheld(city, city.record())
    (fix,) = city.children(number, "correction")
    city.take(fix, "urge", "supervisor", note="请尽快")
    notice = last(fix, "urging")
    assert notice.addressee_unit_id == city.unit["provider"]
    assert "未逾期" in said(notice)
    assert "请尽快。" in said(notice)


@pytest.mark.parametrize("kind", ["objection", "verification", "suspension"])
def test_clocks_that_stand_still_are_told_to_the_filer(city: City, kind: str):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    stopped = number if kind == "objection" else city.children(number, kind)[0]
    who = {
        "objection": "approver",
        "verification": "provider-approver",
        "suspension": "executor-approver",
    }[kind]
    city.take(
        stopped, "stop_clock", who, ground="appraisal", document="鉴〔2026〕3号", reasons="待鉴定"
    )
    notice = last(stopped, "clock_stopped")
    assert notice.addressee_subject_id == city.subject["company"]
    assert "鉴定、专家评审。待鉴定。" in said(notice)
    assert "鉴〔2026〕3号" in said(notice)


def test_the_number_of_a_natural_person_is_masked_but_for_units(city: City):
    with transaction():
        person = db.session.get_one(Subject, city.subject["company"])
        person.kind, person.code = SubjectKind.PERSON, "11010519491231002X"
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    (order,) = city.children(number, "suspension")
    for notice in (last(number, "acceptance"), last(order, "order")):
        assert "证件号码：110***********002X" in said(notice)
        assert "11010519491231002X" not in notice.html


def test_a_department_that_found_the_error_itself_is_addressed_as_a_unit(city: City):
    record = city.record()
    number = city.objection(record, subject="provider", source="own_finding")
    city.take(number, "submit", "provider")
    notice = last(number, "receipt")
    assert notice.addressee_unit_id == city.unit["provider"]
    assert "来源部门主动发现" in said(notice)


def test_what_is_frozen_is_plain_json_and_names_no_number_twice(city: City):
    upheld(city, city.record())
    notices = db.session.scalars(sa.select(Notice)).all()
    assert {one.kind for one in notices} == {"objection", "verification", "correction"}
    assert {f"{one.kind}.{one.name}" for one in notices} <= set(NOTICES)
    for one in notices:
        assert json.loads(json.dumps(one.context)) == one.context
    assert len({one.number for one in notices}) == len(notices)


def _suspensions_of(sanction: int) -> list[str]:
    chosen = sa.select(Case.number).join(Suspension, Suspension.case_id == Case.id)
    return list(db.session.scalars(chosen.where(Suspension.sanction_id == sanction)))
