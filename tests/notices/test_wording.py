"""Every notice says all that a notice must say, and prints what people wrote as text."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterator
from typing import Any

import jinja2
import pytest

from app.notices.render import TEMPLATES, Missing, render
from tests.notices import repair_samples
from tests.notices.repair_samples import OWN
from tests.notices.samples import (
    ADVERSE,
    ANOTHER_ITEM,
    COMPANY,
    DEPARTMENT,
    ITEM,
    NOTICES,
    PERSON,
    PROVIDER,
    RECORD,
    SANCTION,
    UYGHUR,
    sample,
)
from workflows import WORKFLOWS

DECIDED_ON = "2026年5月18日"
MEASURE = (SANCTION["measure"], SANCTION["basis"], "强制性", SANCTION["department"])
CLAIM = (ITEM["field_title"], ITEM["claim"], ITEM["ground_title"])
STOPPED = ("中止", "最迟自2026年12月22日")
URGED = ("逾期", "3日", "2026年11月18日", "2026年11月24日前")

# What each notice must contain beyond the elements that all have (law.md 6.2).
ELEMENTS: dict[str, tuple[str, ...]] = {
    # N04: the materials and their count, and when they came
    "objection.receipt": (
        *CLAIM,
        "YY-2026-000042",
        "共2件",
        "处罚决定书复印件",
        "9f" * 32,
        "2026年11月21日9时05分",
        "2026年11月11日",
        "2026年11月18日",
    ),
    # N05: all gaps at once, deadline, consequence
    "objection.supplement": (
        "法定代表人身份证明书未加盖公章",
        "授权委托书未载明委托期限",
        "罚款缴纳凭证缺少第二页",
        "2026年11月25日前",
        "逾期未补正的，本单位将终止办理本案",
    ),
    # N06: case number, deadline, the mark that was set, which measures are suspended
    "objection.acceptance": (
        *CLAIM,
        "YY-2026-000042",
        "2026年11月18日前办结",
        "异议标注",
        PROVIDER["name"],
        "2026年11月16日补正说明：现补充提交加盖公章的缴款书",
        SANCTION["measure"],
        "暂停执行",
    ),
    # N07: reason code, the right body to go to, remedies
    "objection.refusal": (
        "不予受理情形第5项：应当由其他单位处理",
        "应当向作出决定的执行法院提出",
        "请向惠州市惠城区人民法院提出",
    ),
    # N10: reason, who approved it, new date
    "objection.extension": ("案情复杂", UYGHUR, "由2026年11月18日延长至"),
    # N15: per ground the finding, values before and after or reasons, source of the information
    "objection.upheld": (
        "有误，应当更正",
        "处理前内容",
        "20,000元",
        "处理后内容",
        "2,000元",
        "信息来源",
        PROVIDER["name"],
        "1.关于第1项：异议成立",
        "2.关于第2项：异议不成立",
        ITEM["reasons"],
        "处罚决定书原件扫描件",
    ),
    "objection.dismissed": (
        "记录无误",
        ANOTHER_ITEM["reasons"],
        "信息来源",
        "异议不成立",
        "异议标注",
    ),
    "objection.termination": ("撤回异议", "终止", "异议标注"),
    # N27: what is overdue, by how many days, the new date
    "objection.urging": URGED,
    "objection.clock_stopped": (*STOPPED, "鉴定委托书惠市监鉴〔2026〕3号", "鉴定、专家评审"),
    # N08: record, disputed fields, evidence, question list, reply-by date, reply form
    "verification.request": (
        *CLAIM,
        "20,000元",
        "我公司已于2026年5月20日缴清罚款",
        "处罚决定书复印件",
        "2026年11月16日补正说明：现补充提交加盖公章的缴款书，载明的缴款金额为2000元。",
        "请予核实的问题",
        "各项信息的现记载内容是否准确",
        "“记录无误”“记录有误，应当更正”“记录有误，应当撤销”“无法核实”“非本单位信息”之一。",
        "不得仅答复“记录无误”",
        "□记录无误□记录有误，应当更正□记录有误，应当撤销□无法核实□非本单位信息",
        "于2026年11月16日前逐项核实",
        "核实结果反馈表",
        "HS-2026-000017",
    ),
    # N09: finding, corrected values, basis, evidence, approver
    "verification.feedback": (
        "有误，应当更正",
        "2,000元",
        ITEM["reasons"],
        "处罚决定书原件扫描件",
        f"核实人员：{UYGHUR}",
        f"审核人：{UYGHUR}",
        "某信核函〔2026〕7号",
    ),
    "verification.more_time": ("原件存放在异地档案库", UYGHUR, "2026年11月16日"),
    "verification.urging": (*URGED, "已电话催办两次"),
    "verification.clock_stopped": (*STOPPED, "（2026）粤1302行初15号"),
    # N12: subject, record, measures with basis and kind, start, 核实期间, feedback-by date
    "suspension.order": (
        *MEASURE,
        COMPANY,
        "自2026年11月21日起",
        "核实期间",
        "2026年11月13日前反馈",
        "不计入该措施的实施期间",
    ),
    # N14: per measure what was done, date, person
    "suspension.feedback": (SANCTION["measure"], "已暂停执行", "2026年11月12日", UYGHUR),
    "suspension.declined": (*MEASURE, "不予暂停执行", "《中华人民共和国政府采购法》第二十二条"),
    # N13: outcome, end or restart, how the period is handled
    "suspension.resume": (
        *MEASURE,
        "2026年11月20日前恢复执行",
        "历次暂停合计顺延14日，终止日期为2027年6月15日",
        "“惠市监处罚〔2026〕118号”失信信息已于2026年11月20日撤销，不再作为下列措施的依据",
        "“惠市监处罚〔2026〕97号”失信信息仍然有效，下列措施继续以其为依据",
        "YY-2026-000042、YY-2026-000051",
    ),
    "suspension.lift": (
        *MEASURE,
        "“惠市监处罚〔2026〕118号”失信信息已于2026年11月20日撤销。",
        "“惠市监处罚〔2026〕97号”失信信息已于2026年11月21日修复",
        "（信用修复案件编号：XF-2026-000003；修复决定书文号：某信修准〔2026〕3号）。",
        "不再有有效的信用信息作为依据",
        "自2026年11月21日起不再执行",
        "2026年11月20日前",
        "转送、公布",
    ),
    "suspension.urging": (*URGED, SANCTION["measure"]),
    "suspension.clock_stopped": (*STOPPED, "检测委托单2026-77"),
    # N16: record, old and new or removal, basis document, sync-by date
    "correction.order": (
        "罚款金额（元）",
        "20,000元",
        "2,000元",
        "更正",
        "异议案件YY-2026-000042的处理决定",
        "2026年11月20日前",
        "3个工作日内完成同步",
    ),
    "correction.supervision": ("逾期3日", "2026年11月18日", "2026年11月24日前", "20,000元"),
    # N17: which document, and the reasons
    "correction.withdrawal": (
        "惠府行复〔2026〕21号行政复议决定书",
        "主要事实不清、证据不足",
        "停止公示",
    ),
    # N18: the scope equals that of the wrong publication
    "correction.restoration": (
        COMPANY,
        "范围与原信息公布的范围相同",
        "惠州市政府采购网",
        "惠州市财政局公示栏",
    ),
    "correction.urging": (*URGED, "国家公共信用信息平台"),
    "correction.clock_stopped": (*STOPPED, "评审通知2026-5"),
    **repair_samples.ELEMENTS,
}


def text_of(context: dict[str, Any]) -> str:
    """What the notice says, without tags and line breaks."""
    notice = context["notice"]
    page = render(notice["kind"], notice["name"], context)
    body = page.split("<body", 1)[1].split(">", 1)[1]
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_each_notice_of_the_law_has_a_page_and_a_sample():
    of_the_law = {
        f"{kind}.{notice.name}"
        for kind, workflow in WORKFLOWS.items()
        for step in workflow.steps
        for notice in step.notices
    }
    assert of_the_law <= set(NOTICES)
    assert set(NOTICES) == set(ELEMENTS)
    pages = {
        f"{page.parent.name}.{page.stem}"
        for page in TEMPLATES.glob("*/*.html")
        if page.parent.name in WORKFLOWS and not page.stem.startswith("_")
    }
    assert pages == set(NOTICES)


def test_the_samples_are_adverse_where_the_law_says_so():
    adverse = {
        f"{kind}.{notice.name}"
        for kind, workflow in WORKFLOWS.items()
        for step in workflow.steps
        for notice in step.notices
        if notice.adverse
    }
    assert adverse <= ADVERSE


@pytest.mark.parametrize("notice", NOTICES)
def test_it_has_the_elements_of_every_decision(notice):
    context = sample(notice)
    told, head = text_of(context), context["notice"]
    for element in (
        head["issuer"]["name"],
        squeezed(head["title"]),
        head["number"],
        RECORD["decision_no"],
        RECORD["authority"],
        DECIDED_ON,
        "《中华人民共和国民法典》第一千零二十九条",
        "2026年11月21日",
    ):
        assert element in told
    assert (head["issuer"]["phone"] in told) is (notice not in OWN)
    sealed = 'id="seal"' in render(head["kind"], head["name"], context)
    assert sealed is (notice not in OWN)
    if head["addressee"]["kind"] != "public":
        assert head["addressee"]["name"] in told


@pytest.mark.parametrize("notice", NOTICES)
def test_it_says_what_the_law_asks_of_this_notice(notice):
    told = text_of(sample(notice))
    assert [one for one in ELEMENTS[notice] if squeezed(one) not in told] == []


@pytest.mark.parametrize("notice", sorted(ADVERSE))
def test_an_adverse_one_names_body_period_and_channel_of_the_remedies(notice):
    told = text_of(sample(notice))
    for element in (
        "救济途径",
        "惠州市人民政府申请行政复议",
        "60日",
        "全国行政复议服务平台",
        "惠州市惠城区人民法院提起行政诉讼",
        "6个月",
    ):
        assert element in told


@pytest.mark.parametrize("notice", sorted(set(NOTICES) - ADVERSE))
def test_others_name_none(notice):
    assert "救济途径" not in text_of(sample(notice)).replace("依据和救济途径", "")


@pytest.mark.parametrize("notice", NOTICES)
def test_its_paragraphs_are_numbered_without_gaps(notice):
    kind, name = notice.split(".")
    page = render(kind, name, sample(notice))
    numerals = re.findall(r"<h2>(.*?)、", page)
    assert numerals == list("一二三四五六七八九")[: len(numerals)]


@pytest.mark.parametrize("notice", NOTICES)
def test_no_value_it_prints_may_be_missing(notice):
    """Without any one of the things it is told it is not printed, or does not need that thing."""
    whole = text_of(sample(notice))
    refused = 0
    for path in list(paths(sample(notice))):
        context = sample(notice)
        remove(context, path)
        try:
            told = text_of(context)
        except (jinja2.UndefinedError, Missing, KeyError, TypeError):
            refused += 1
        else:
            assert told == whole, f"{notice} is printed otherwise without {path}"
    assert refused > 8


@pytest.mark.parametrize("notice", NOTICES)
def test_what_people_wrote_is_text(notice):
    context = poisoned(sample(notice))
    head = context["notice"]
    page = render(head["kind"], head["name"], context)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}" in page
    assert "\u202e" not in page
    assert "[U+202E]" in page


def test_a_null_is_not_printed():
    context = sample("objection.acceptance")
    context["case"]["number"] = None
    with pytest.raises(Missing):
        render("objection", "acceptance", context)


def test_a_provisional_day_is_marked():
    context = sample("objection.acceptance")
    context["deadlines"]["objection.total"] = {"due_on": "2027-01-05", "provisional": True}
    assert "2027年1月5日（暂定）" in text_of(context)


def test_suspended_time_that_counts_is_told():
    context = sample("suspension.resume")
    context["policy"]["suspension_counts"] = "yes"
    assert "计入该措施的实施期间，终止日期不变" in text_of(context)


def test_a_measure_without_end_and_a_case_without_files_can_be_told():
    context = sample("suspension.order")
    context["sanctions"][0] |= {"ends_on": None, "runs_until": None, "added_days": 0}
    assert "未载明终止日期" in text_of(context)
    context = sample("verification.request")
    context["attachments"] = []
    assert "未附材料" in text_of(context)


def test_nothing_that_supports_is_named_where_no_sanction_is_held():
    context = sample("objection.acceptance")
    context["sanctions"] = []
    assert "没有以上述信息为依据、需要暂停执行的惩戒措施" in text_of(context)


def test_a_natural_person_is_named_with_a_masked_number():
    told = text_of(sample("objection.refusal"))
    assert f"{PERSON}（证件号码：110***********002X）：" in told


def test_a_lapsed_case_is_not_called_withdrawn():
    context = sample("objection.termination")
    context["step"]["name"] = "lapse"
    told = text_of(context)
    assert "没有补正" in told
    assert "撤回" not in told


def test_a_correction_without_objection_tells_why():
    context = sample("correction.order")
    context["case"]["parent"] = None
    context["correction"]["annulled"] = True
    told = text_of(context)
    assert "作为依据的决定已不再有效" in told
    assert "2026年11月23日前" in told


def test_the_department_is_told_by_name():
    assert f"{DEPARTMENT['name']}：" in text_of(sample("suspension.order"))


@pytest.mark.parametrize("notice", NOTICES)
def test_it_addresses_an_organisation_and_a_human_each_in_its_own_way(notice):
    told = text_of(sample(notice))
    assert "你（单位）" not in told
    assert "你单位（你）" not in told
    if sample(notice)["notice"]["addressee"]["you"] == "你":
        assert "你单位" not in told


@pytest.mark.parametrize("notice", NOTICES)
def test_it_names_a_decision_without_doubling_its_last_word(notice):
    assert "号”号" not in text_of(sample(notice))


@pytest.mark.parametrize("notice", NOTICES)
def test_no_date_and_no_number_of_a_decision_can_be_broken(notice):
    kind, name = notice.split(".")
    body = render(kind, name, sample(notice)).split("<body", 1)[1]
    loose = re.sub(r'<span class="whole">[^<]*</span>', "", body)
    assert re.findall(r"〔\d{4}〕\d+号|\d{4}年\d+月\d+日|[A-Z]{2}-\d{4}-\d{6}", loose) == []


@pytest.mark.parametrize(
    "notice", [one for one in NOTICES if one.split(".")[0] == "suspension" or "ance" in one]
)
def test_a_sanction_ends_on_one_day_only(notice):
    """Not on the day first laid down, once suspended days were added."""
    assert "2027年6月1日" not in text_of(sample(notice))


def test_added_days_are_told_as_the_sum_of_all_suspensions():
    told = text_of(sample("suspension.order"))
    assert "至2027年6月15日（已含历次暂停合计顺延的14日）" in told
    context = sample("suspension.order")
    context["sanctions"][0] |= {"runs_until": "2027-06-01", "added_days": 0}
    assert "至2027年6月1日" in text_of(context)
    assert "顺延的" not in text_of(context)


def test_a_result_tells_what_the_provider_was_told_to_do_and_nothing_else():
    context = sample("objection.upheld")
    assert "已通知信息提供单位更正，" in text_of(context)
    context["items"][1] |= {"outcome": "upheld", "finding": "wrong_revoke"}
    assert "已通知信息提供单位更正、撤销，" in text_of(context)
    assert "终止公示" not in text_of(context)
    context["items"] = [context["items"][0] | {"finding": "unverifiable"}]
    assert "已通知信息提供单位终止公示，" in text_of(context)


def test_an_announcement_tells_which_of_the_things_was_done():
    context = sample("correction.restoration")
    assert "该信息已经更正（" in text_of(context)
    context["correction"] |= {"kind": "revoke", "kind_title": "撤销"}
    assert "该信息已经撤销（" in text_of(context)
    assert "更正" not in text_of(context)


def test_an_order_to_revoke_does_not_speak_of_correcting():
    context = sample("correction.order")
    context["correction"] |= {"kind": "revoke", "kind_title": "撤销"}
    told = text_of(context)
    assert "认定信息有误，应当撤销" in told
    assert "完成撤销，并提交" in told
    assert "应当更正" not in told


def test_the_questions_of_the_letter_end_with_a_full_stop():
    page = render("verification", "request", sample("verification.request"))
    asked = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<li>(.*?)</li>", page)]
    assert len(asked) == 5
    assert [one for one in asked if not one.endswith("。")] == []


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the leaves of a context are; of a list only its first entry."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from paths(value[0], (*path, 0))
    elif path and not isinstance(path[-1], int):
        yield path


def remove(context: dict[str, Any], path: tuple[Any, ...]) -> None:
    *way, last = path
    inner: Any = context
    for key in way:
        inner = inner[key]
    del inner[last]


WRITTEN = {"claim", "reasons", "reason", "statement", "provision", "note", "gaps", "document"}
WRITTEN |= {"unmet", "facts", "evidence", "answer", "proof", "title"}
POISON = "<script>alert(1)</script>{{7*7}}\u202etxt"


def poisoned(value: Any, key: str = "") -> Any:
    """The context with poison in all that somebody may have written, and in names."""
    if isinstance(value, dict):
        return {name: poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    if isinstance(value, str) and (key in WRITTEN or value == COMPANY):
        return value + POISON
    if isinstance(value, str) and key in {"name", "decision_no"} and value != "":
        return value + POISON if key == "decision_no" else value
    return copy.copy(value)
