"""What the notices of a repair say where cases differ."""

from __future__ import annotations

import pytest

from app.notices.render import unnumbered
from tests.notices.repair_samples import LIFTED, NUMBER, OWN
from tests.notices.samples import A_PERSON, COMPANY, PERSON, sample
from tests.notices.test_wording import text_of

NOTHING_LIFTED = "没有仅以上述信息为依据、需要解除的失信惩戒措施"
NOTHING_AT_ALL = "目前没有以上述信息为依据的失信惩戒措施"


@pytest.mark.parametrize(
    ("lifted", "standing", "told"),
    [([], LIFTED, NOTHING_LIFTED), ([], [], NOTHING_AT_ALL)],
)
@pytest.mark.parametrize("name", ["granted", "restored"])
def test_effects_tell_honestly_that_nothing_is_lifted(name, lifted, standing, told):
    context = sample(f"repair.{name}")
    context["repair"] |= {"lifted": lifted, "standing": standing}
    assert told in text_of(context)
    assert ("不因本决定解除" in text_of(context)) is bool(standing)
    assert "已通知实施部门" not in text_of(context)


def test_a_record_that_nobody_received_was_not_notified_to_anybody():
    for name in ("granted", "revoked"):
        context = sample(f"repair.{name}")
        context["repair"]["recipients"] = 0
        assert "已通知接收该信息" not in text_of(context)


def test_a_condition_that_is_not_met_would_be_called_so():
    context = sample("repair.granted")
    context["repair"]["conditions"][0]["met"] = False
    assert "最短公示期已满不符合" in text_of(context)


@pytest.mark.parametrize("code", ["not_subject", "too_early", "barred", "incomplete"])
def test_who_may_apply_again_is_told_from_when(code):
    context = sample("repair.not_accepted")
    context["input"] |= {"reason_code": code, "document": "", "right_body": ""}
    told = text_of(context)
    assert "最早可于2027年1月15日再次申请" in told
    assert "所依据的文件" not in told
    assert "本案没有需要告知的其他受理机关" in told


@pytest.mark.parametrize("code", ["unrepairable", "not_ours"])
def test_no_day_is_told_where_waiting_does_not_help(code):
    context = sample("repair.not_accepted")
    context["input"]["reason_code"] = code
    assert "再次申请信用修复" not in text_of(context)


def test_who_need_not_wait_is_told_so():
    context = sample("repair.refused")
    context["repair"]["next_application_on"] = context["notice"]["issued_on"]
    assert "没有须等待的期间" in text_of(context)
    assert "最早可于" not in text_of(context)


@pytest.mark.parametrize(
    ("step", "told", "again"),
    [
        ("withdraw", "申请人撤回申请。", True),
        ("lapse", "在补正期限内没有补正", True),
        ("discontinue", "上述信息已撤销，无须继续办理修复", False),
    ],
)
def test_an_end_without_decision_tells_why_and_whether_one_may_apply_again(step, told, again):
    context = sample("repair.termination")
    context["step"]["name"] = step
    assert told in text_of(context)
    assert ("再次申请信用修复" in text_of(context)) is again


def test_disclosure_that_is_over_is_not_announced():
    for name in ("hearing", "revoked"):
        context = sample(f"repair.{name}")
        context["repair"]["disclosed_until"] = None
        assert "公示期已经届满，不再恢复公示" in text_of(context)


def test_silence_in_the_hearing_is_told_as_silence():
    context = sample("repair.revoked")
    context["repair"]["hearing"] |= {"answer": "", "answered_on": None}
    assert "没有提出陈述和申辩" in text_of(context)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("submitted", "作出是否受理的处理"),
        ("proposed", "逐项审查"),
        ("approving", "依照程序作出决定"),
        ("executing", "尚未确认收到修复结果的接收单位：国家公共信用信息平台、某征信有限公司"),
        ("revoking", "决定是否撤销修复"),
    ],
)
def test_each_is_urged_to_do_what_it_has_to_do(state, told):
    context = sample("repair.urging")
    context["urging"]["state"] = state
    assert told in text_of(context)


def test_nobody_is_named_where_everybody_has_confirmed():
    context = sample("repair.urging")
    context["urging"]["state"], context["repair"]["unsettled"] = "executing", []
    assert "尚未确认收到" not in text_of(context)


@pytest.mark.parametrize("notice", sorted(OWN))
def test_a_human_speaks_of_itself_and_no_number_is_published(notice):
    context = sample(notice)
    context["repair"]["natural"] = True
    context["case"]["subject"] = A_PERSON
    told = text_of(context)
    assert f"（签名）：{PERSON}" in told
    assert "本单位" not in told
    assert (A_PERSON["code"] in told) is (notice == "repair.application")


def test_nobody_acts_for_who_acts_itself():
    context = sample("repair.application")
    context["repair"]["agent"] = {"name": "", "document": ""}
    assert "委托代理人" not in text_of(context)


def test_a_measure_on_somebody_else_does_not_name_him():
    told = text_of(sample("repair.granted"))
    assert "（对有关责任人员实施）" in told
    assert told.count("对有关责任人员") == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("lifting", "关于解除惩戒措施案件"),
        ("resuming", "关于恢复执行惩戒措施案件"),
        ("ordered", "关于暂停执行惩戒措施案件"),
    ],
)
def test_a_department_is_urged_by_what_it_was_ordered(state, told):
    context = sample("suspension.urging")
    context["urging"]["state"] = state
    assert told in text_of(context)


def test_a_measure_lifted_after_repairs_alone_did_no_harm_that_must_be_undone():
    context = sample("suspension.lift")
    assert "以便消除影响" in text_of(context)
    for one in context["bases"]:
        one["repair"] = NUMBER
    told = text_of(context)
    assert "以便一并停止执行" in told
    assert "消除影响" not in told


def test_clocks_that_stop_while_a_measure_is_being_lifted_do_not_revive_it():
    context = sample("suspension.clock_stopped")
    context["urging"]["state"] = "lifting"
    told = text_of(context)
    assert "解除惩戒措施事项" in told
    assert "应当解除的惩戒措施仍不执行" in told
    assert COMPANY in told


@pytest.mark.parametrize(
    "typed", ["1.", "1. ", "2、", "3．", "（1）", "(12)", "①", "一、", "（二）", " 4) "]
)
def test_a_number_that_was_typed_before_a_line_is_not_numbered_again(typed):
    assert unnumbered(f"{typed}罚款缴纳凭证未盖章") == "罚款缴纳凭证未盖章"


@pytest.mark.parametrize(
    "line",
    [
        "1.5万元罚款未缴",
        "2026年3月的凭证",
        "一、二号楼的照片",
        "十五日内的凭证",
        "1、2月的流水",
        "1.",
    ],
)
def test_what_is_no_number_of_a_line_stays(line):
    assert unnumbered(line) == line


@pytest.mark.parametrize("notice", ["repair.supplement", "objection.supplement"])
def test_each_gap_is_numbered_once(notice):
    context = sample(notice)
    context["input"]["gaps"] = ["1. 罚款缴纳凭证", "2、整改报告"]
    told = text_of(context)
    assert "1.罚款缴纳凭证" in told
    assert "2.整改报告" in told
    assert "1.1." not in told


def test_what_a_file_proves_is_not_said_beside_a_title_that_says_it():
    context = sample("repair.receipt")
    first, second = context["repair"]["materials"]
    first["title"] = f"证明材料：{first['proves']}"
    told = text_of(context)
    assert told.count(first["proves"]) == 1
    assert "证明的事项" not in told
    second["proves"] = "罚款已经缴清"
    told = text_of(context)
    assert "证明的事项" in told
    assert "见材料名称" in told


def test_a_receipt_promises_no_page_that_is_not_there():
    told = text_of(sample("repair.receipt"))
    assert "凭编号查询" not in told
    assert "进度请登录系统或者向经办单位查询" in told


@pytest.mark.parametrize("notice", ["suspension.lift", "suspension.resume"])
def test_the_number_of_a_case_is_not_called_that_of_a_measure(notice):
    context = sample(notice)
    told = text_of(context)
    assert f"（案件编号：{context['case']['number']}）" in told
    assert "措施（编号" not in told
