"""What the notices of a repair say of real cases, issued by real steps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases import commands, due
from app.cases.attaching import attach
from app.cases.models import Attachment
from app.clock import at
from app.db import db, transaction
from app.notices.models import Notice
from app.people.commands import represent
from app.people.models import Person, Subject, SubjectKind, Unit
from app.people.queries import actor_of
from tests.app.cases.city import City
from tests.app.cases.conftest import city
from tests.app.cases.telling import received
from tests.notices.samples import NOTICES
from tests.notices.test_letters import accepted, last, receipt_everything, said
from workflows.inputs.correction import Opening
from workflows.inputs.repair import CONDITIONS, Filing

__all__ = ["city"]

MONDAY = date(2026, 8, 3)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
COMPANY = "惠州市䶮测印染有限公司"
CODE = "91441300MA4W0CHM2Z"
CITIZEN = "11010519491231002X"
JUDGEMENT = "（2026）粤1302行初9号行政判决书"


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with at(MONDAY):
        yield


def drafted(city: City, record: int, proves: str = "duties") -> str:
    number = commands.file_repair(city.actor["subject"], Filing(record, "罚款已经缴清。", True))
    attach(city.actor["subject"], number, ("缴款书.pdf", PDF), "非税收入缴款书", proves)
    return number


def submitted(city: City, record: int) -> str:
    number = drafted(city, record)
    city.take(number, "submit", "subject")
    return number


def examined(city: City, record: int) -> str:
    number = submitted(city, record)
    city.take(number, "accept", "provider")
    return number


def file_of(city: City, number: str) -> str:
    """The number of the one file that was handed in."""
    chosen = sa.select(Attachment.id).where(Attachment.case_id == city.case(number).id)
    return str(db.session.scalars(chosen).one())


def granted(city: City, record: int, proof: str = "缴款书原件") -> str:
    """`proof` may name `{file}`, the number of the file that was handed in."""
    number = examined(city, record)
    said = proof.format(file=file_of(city, number))
    conditions = [{"name": name, "met": True, "proof": said} for name, _ in CONDITIONS]
    city.take(number, "propose_grant", "provider", conditions=conditions)
    city.take(number, "endorse", "provider-approver")
    city.take(number, "grant", "approver")
    return number


def refused(city: City, record: int) -> str:
    number = examined(city, record)
    city.take(number, "propose_refusal", "provider", reasons="罚款只缴了一半")
    city.take(number, "endorse", "provider-approver")
    city.take(number, "refuse", "approver", reasons="缴款书载明的金额不足")
    return number


def repaired(city: City, record: int, executor: str = "executor") -> str:
    number = granted(city, record)
    for lift in city.children(number, "suspension"):
        city.take(lift, "confirm_lifted", executor, executed_on="2026-08-03")
    receipt_everything(number)
    due.tick()
    return number


def accused(city: City, record: int, evidence: str = "财政局复函") -> str:
    number = repaired(city, record)
    shown = evidence.format(file=file_of(city, number))
    told = {"reasons": "缴款书系伪造", "evidence": shown}
    city.take(number, "propose_revocation", "provider", ground="false_materials", **told)
    return number


def revoked(city: City, record: int) -> str:
    number = accused(city, record)
    city.take(number, "answer", "subject", statement="本公司不知情")
    city.take(number, "revoke", "approver", reasons="申辩没有证据")
    return number


def make_a_person(city: City) -> None:
    with transaction():
        row = db.session.get_one(Subject, city.subject["company"])
        row.kind, row.code = SubjectKind.PERSON, CITIZEN


def test_what_the_applicant_hands_in_is_its_own_and_goes_to_the_unit(city: City):
    number = submitted(city, city.record(penalty_kind="罚款"))
    notice, promise = last(number, "application"), last(number, "commitment")
    assert notice.addressee_unit_id == city.unit["provider"]
    told = said(notice)
    assert "惠州市市场监督管理局：根据" in told
    assert f"名称{COMPANY}统一社会信用代码{CODE}" in told
    assert "1失信行为已经纠正非税收入缴款书2罚款已经缴清非税收入缴款书" in told
    assert "罚款已经缴清。" in told
    assert f"信用修复承诺书（{promise.number}）自提交之日起向社会公开" in told
    assert "委托代理人" not in told
    for one in (notice, promise):
        assert f"（盖章）：{COMPANY}" in said(one)
        assert 'id="seal"' not in one.html
        assert 'class="mark"' not in one.html


def test_an_agent_is_named_with_the_document_that_engaged_it(city: City):
    with transaction():
        person = db.session.get_one(Person, city.actor["stranger"].person_id)
        subject = db.session.get_one(Subject, city.subject["company"])
        represent(person, subject, "agent", document="2026年7月1日授权委托书")
        agent = person.id
    city.actor["subject"] = actor_of(agent)
    number = submitted(city, city.record(penalty_kind="罚款"))
    assert "委托代理人stranger甲（2026年7月1日授权委托书）" in said(last(number, "application"))
    assert "stranger甲" not in last(number, "commitment").html


def test_a_commitment_is_for_everybody_and_names_one_decision(city: City):
    number = submitted(city, city.record(penalty_kind="罚款"))
    notice = last(number, "commitment")
    assert notice.addressee_kind == "public"
    assert f"{COMPANY}（统一社会信用代码：{CODE}）就惠州市市场监督管理局" in said(notice)
    assert said(notice).count("失信信息") == 2  # the one, and that it is the only one


def test_a_human_signs_as_one_and_the_public_gets_no_number(city: City):
    record = city.record(penalty_kind="罚款")
    make_a_person(city)
    number = submitted(city, record)
    application, promise = last(number, "application"), last(number, "commitment")
    assert "本人就下列失信信息申请信用修复" in said(application)
    assert "证件号码110***********002X" in said(application)
    assert f"（签名）：{COMPANY}" in said(promise)
    for notice in (application, promise, last(number, "receipt")):
        assert CITIZEN not in notice.html
        assert "法定代表人" not in said(notice)
        assert "你单位" not in said(notice)
    assert "110*" not in promise.html


def test_the_receipt_tells_what_came_what_it_proves_and_when_an_answer_comes(city: City):
    told = said(last(submitted(city, city.record(penalty_kind="罚款")), "receipt"))
    assert "证明材料共1件" in told
    assert "1非税收入缴款书全部义务已经履行缴款书.pdf" in told
    assert "2026年8月6日前决定是否受理" in told
    assert "2026年8月17日前书面告知" in told


def test_each_single_duty_names_its_own_proof(city: City):
    number = drafted(city, city.record(penalty_kind="罚款"), "fine")
    attach(city.actor["subject"], number, ("整改.pdf", PDF), "整改验收意见", "corrected")
    city.take(number, "submit", "subject")
    told = said(last(number, "application"))
    assert "1失信行为已经纠正整改验收意见2罚款已经缴清非税收入缴款书" in told
    assert "2整改验收意见失信行为已经纠正整改.pdf" in said(last(number, "receipt"))


def test_gaps_and_what_follows_when_nothing_comes(city: City):
    number = submitted(city, city.record(penalty_kind="罚款"))
    city.take(number, "request_supplement", "provider", gaps=["公章", "委托期限"])
    notice = last(number, "supplement")
    assert notice.issuer_id == city.unit["provider"]
    assert "1.公章2.委托期限" in said(notice)
    assert "2026年8月10日前" in said(notice)
    received(city, number, "supplement")
    with at(date(2026, 8, 12)):
        due.tick()
    told = said(last(number, "termination"))
    assert "在补正期限内没有补正" in told
    assert "再次申请信用修复" in told


def test_an_acceptance_says_that_disclosure_goes_on(city: City):
    told = said(last(examined(city, city.record(penalty_kind="罚款")), "acceptance"))
    assert "2026年8月17日前作出决定" in told
    assert "不停止上述信息的公示、共享和使用" in told


def test_who_is_not_accepted_learns_why_and_turns_to_the_body_above_the_unit(city: City):
    with transaction():
        unit = db.session.get_one(Unit, city.unit["provider"])
        unit.review_body, unit.court = "惠州市人民政府", "惠州市惠城区人民法院"
    number = submitted(city, city.record(penalty_kind="罚款"))
    why: dict[str, Any] = {"reason_code": "not_ours", "reason": "由生态环境局认定"}
    city.take(
        number, "refuse_acceptance", "provider-approver", **why, right_body="惠州市生态环境局"
    )
    notice = last(number, "not_accepted")
    told = said(notice)
    assert notice.issuer_id == city.unit["provider"]
    assert "第2项：该记录不是本单位认定的。由生态环境局认定。" in told
    assert "请向惠州市生态环境局提出。" in told
    assert "再次申请信用修复" not in told
    assert "60日内，向惠州市人民政府申请行政复议" in told


def test_an_extension_moves_the_day_of_the_answer(city: City):
    number = examined(city, city.record(penalty_kind="罚款"))
    city.take(number, "extend", "provider-approver", reason="需要实地核查")
    told = said(last(number, "extension"))
    assert "批准人：provider-approver甲，惠州市市场监督管理局" in told
    assert "由2026年8月17日延长至2026年8月26日" in told


def test_a_grant_tells_what_is_lifted_and_what_rests_on_another_record(city: City):
    record, another = city.record(penalty_kind="罚款"), city.record()
    city.sanction(record)
    city.sanction(record, another, department="executor2", mandatory=True)
    city.sanction(record, subject="other")
    number = granted(city, record)
    notice = last(number, "granted")
    told = said(notice)
    assert notice.issuer_id == city.unit["provider"]
    assert "1最短公示期已满符合缴款书原件2失信行为已纠正，义务已全部履行符合缴款书原件" in told
    assert "已通知接收该信息的3个单位停止公示、共享和使用" in told
    lifted, standing = told.split("不因本决定解除")
    assert "1限制申请财政性资金项目推荐性惠州市财政局" in lifted
    assert "2限制申请财政性资金项目（对有关责任人员实施）推荐性" in lifted
    assert "自然资源局" not in lifted
    assert "1限制申请财政性资金项目强制性惠州市自然资源局" in standing
    assert "惠测罚〔2026〕2号" not in told
    assert notice.context["remedies"] == []


def test_a_proof_that_is_a_file_is_named_by_its_title(city: City):
    number = granted(city, city.record(penalty_kind="罚款"), proof="{file}")
    assert "最短公示期已满符合非税收入缴款书2" in said(last(number, "granted"))


def test_the_order_to_lift_names_the_repair_and_the_number_of_its_decision(city: City):
    record = city.record(penalty_kind="罚款")
    city.sanction(record)
    number = granted(city, record)
    (lift,) = city.children(number, "suspension")
    told = said(last(lift, "lift"))
    decision = last(number, "granted").number
    assert f"已于2026年8月3日修复（信用修复案件编号：{number}；修复决定书文号：{decision}）" in told
    assert "异议" not in told
    assert "消除影响" not in told
    with at(date(2026, 8, 14)):
        due.tick()
    assert "关于解除惩戒措施案件办理期限的催办单" in said(last(lift, "urging"))


def test_a_suspension_under_way_is_ended_by_a_repair_with_the_same_words(city: City):
    record = city.record(penalty_kind="罚款")
    city.sanction(record)
    objection = accepted(city, record)
    (order,) = city.children(objection, "suspension")
    city.take(order, "confirm", "executor", executed_on="2026-08-03", note="已撤下")
    number = granted(city, record)
    assert last(number, "granted").number in said(last(order, "lift"))


def test_a_refusal_tells_what_is_unmet_and_when_again(city: City):
    notice = last(refused(city, city.record(penalty_kind="罚款")), "refused")
    told = said(notice)
    assert "罚款只缴了一半。缴款书载明的金额不足。" in told
    assert "可以再次申请信用修复，没有须等待的期间" in told
    assert "救济途径" in told


@pytest.mark.parametrize("why", ["withdraw", "discontinue"])
def test_an_end_without_decision_tells_why(city: City, why: str):
    record = city.record(penalty_kind="罚款")
    number = examined(city, record)
    if why == "withdraw":
        city.take(number, "withdraw", "subject", reason="材料未齐")
        expected = ("撤回理由：材料未齐。", "再次申请信用修复")
    else:
        revoke(city, record)
        expected = ("上述信息已撤销，无须继续办理修复", "自2026年8月3日起终止")
    told = said(last(number, "termination"))
    assert [one for one in expected if one not in told] == []


def revoke(city: City, record: int) -> None:
    """The provider withdraws the record, for its act was annulled."""
    opening = Opening(record, JUDGEMENT)
    fix = commands.open_correction(city.actor["provider"], opening, annulled=True)
    said_so = {"document": JUDGEMENT, "reasons": "主要事实不清"}
    city.take(fix, "withdraw_publication", "provider-approver", **said_so)
    due.tick()


def test_before_a_revocation_the_subject_learns_all_that_it_must(city: City):
    number = accused(city, city.record(penalty_kind="罚款"), evidence="{file}")
    told = said(last(number, "hearing"))
    decision = last(number, "granted").number
    assert f"《准予信用修复决定书》（{decision}）" in told
    assert "撤销事由：提供虚假材料。缴款书系伪造。证据：非税收入缴款书。" in told
    assert "恢复公示上述信息，至" in told
    assert "3年内不得申请信用修复" in told
    assert "2026年8月10日前" in told


def test_a_revocation_tells_answer_disclosure_bar_and_remedies(city: City):
    record = city.record(penalty_kind="罚款")
    city.sanction(record)
    notice = last(revoked(city, record), "revoked")
    told = said(notice)
    assert "你单位于2026年8月3日提出：本公司不知情。" in told
    assert "申辩没有证据。" in told
    assert "恢复公示上述信息，至2027年3月19日止" in told
    assert "至2029年8月3日（含当日），你单位不得申请信用修复" in told
    assert "是否重新实施，由有关部门依法另行决定" in told
    assert "救济途径" in told


def test_silence_is_told_as_such_and_a_period_that_is_over_is_not_restored(city: City):
    number = accused(city, city.record(penalty_kind="罚款"))
    with at(date(2027, 4, 1)):
        city.take(number, "revoke", "approver", reasons="证据充分")
    told = said(last(number, "revoked"))
    assert "在告知的期限内没有提出陈述和申辩" in told
    assert "公示期已经届满，不再恢复公示" in told


def test_a_repair_that_stands_is_said_to_stand(city: City):
    number = accused(city, city.record(penalty_kind="罚款"))
    city.take(number, "drop_revocation", "approver", reasons="票据系统录入有误")
    told = said(last(number, "dropped"))
    assert "票据系统录入有误。" in told
    assert f"（{last(number, 'granted').number}）继续有效" in told


def test_a_restored_repair_names_both_documents_and_that_the_bar_falls(city: City):
    number = revoked(city, city.record(penalty_kind="罚款"))
    city.take(number, "restore_repair", "approver2", document=JUDGEMENT)
    told = said(last(number, "restored"))
    assert f"《撤销信用修复决定书》（{last(number, 'revoked').number}）已被撤销" in told
    assert JUDGEMENT in told
    assert "1.终止公示。自2026年8月3日起" in told
    assert "没有以上述信息为依据的失信惩戒措施" in told
    assert "自2026年8月3日起不再适用" in told


def test_whoever_is_late_and_whose_clock_stands_is_told(city: City):
    number = submitted(city, city.record(penalty_kind="罚款"))
    with at(date(2026, 8, 10)):
        due.tick()
    told = said(last(number, "urging"))
    assert "待受理决定是否受理修复申请2026年8月6日4日" in told
    assert "一次告知需要补正的全部内容" in told
    why = {"ground": "inspection", "document": "检测委托单", "reasons": "待检测"}
    city.take(number, "stop_clock", "provider-approver", **why)
    told = said(last(number, "clock_stopped"))
    assert "不改变上述信息现有的公示、共享和使用状态" in told
    assert "异议标注" not in told


def test_what_is_frozen_is_plain_json(city: City):
    record = city.record(penalty_kind="罚款")
    city.sanction(record)
    revoked(city, record)
    notices = db.session.scalars(sa.select(Notice)).all()
    assert {one.kind for one in notices} == {"repair", "suspension"}
    for one in notices:
        assert f"{one.kind}.{one.name}" in NOTICES
        assert json.loads(json.dumps(one.context)) == one.context
