"""The page of rules and the calculator: what is in force, from where, and when something is due."""

from dataclasses import replace

import pytest

from app.deadlines.rulebook import STANDINGS
from config import current
from tests.pages.conftest import MONDAY
from workflows.rules import catalogue
from workflows.rules.names import NAMES
from workflows.rules.policy import SWITCHES
from workflows.rules.titles import TITLES, choice_title

THURSDAY = "/deadlines?start=2026-09-24&length=7&unit=working_day"


def row(page, name):
    """The cells of a rule: title, content, source, standing."""
    line = next(one for one in page.all("table.rules tbody tr") if one.code.get_text() == name)
    return [" ".join(cell.get_text(" ").split()) for cell in line.find_all("td")]


def test_every_rule_in_force_stands_there_once_with_its_source(city, visit):
    page = visit("clerk").get("/rules")
    names = [code.get_text() for code in page.all("table.rules td code")]
    assert sorted(names) == sorted(one.name for one in catalogue("national").on(MONDAY))
    title, content, source, standing = row(page, "objection.total")
    assert title.startswith("异议：作出处理决定")
    assert content == "7个工作日"
    assert "《山东省社会信用条例》第三十九条" in source
    assert standing == "依据已核实"


def test_what_was_not_verified_is_marked_and_can_be_read_alone(city, visit):
    browser = visit("approver")
    assert row(browser.get("/rules"), "repair.bar_years")[1:4:2] == ["3年", "条文待核"]
    page = browser.get("/rules?only=unverified")
    shown = {cell.get_text(strip=True) for cell in page.all("table.rules td:last-child")}
    assert shown == {"条文待核"}
    assert "objection.total" not in page.text


def test_a_switch_is_told_in_words_and_a_list_line_by_line(city, visit):
    page = visit("clerk").get("/rules")
    assert row(page, "suspension.shared")[1] == "也暂停"
    assert row(page, "verification.findings")[1].startswith("记录无误 记录有误，应当更正")
    assert row(page, "verification.rounds")[1] == "2次"
    assert row(page, "basis.objection.upheld")[0].startswith("异议处理")


def test_a_rule_that_changed_shows_what_it_was_before(city, visit):
    browser = visit("clerk")
    before = row(browser.get("/rules?on=2026-03-31"), "basis.repair.granted")
    after = row(browser.get("/rules?on=2026-04-01"), "basis.repair.granted")
    assert "第三条" not in before[1]
    assert "第三条" in after[1]
    assert "历次规定（2）" in after[2]
    assert "自2025年1月1日至2026年3月31日" in after[2]


def test_a_city_sees_which_rules_are_its_own(app, city, visit, monkeypatch):
    with app.app_context():
        monkeypatch.setitem(app.config, "REDRESS", replace(current(), rules="shanghai"))
    page = visit("clerk").get("/rules")
    assert "适用“上海”规则集（未另行规定的照“国家默认”）" in page.text
    assert "本地规定" in row(page, "verification.report")[0]
    assert row(page, "basis.objection")[:2] == [
        "异议各项通知另引 本地规定 basis.objection",
        "《上海市社会信用条例》第三十六条",
    ]
    assert "本地规定" not in row(page, "objection.total")[0]


@pytest.mark.parametrize(
    ("query", "field"), [("on=2024-12-31", "on"), ("on=gestern", "on"), ("only=all", "only")]
)
def test_a_day_without_rules_or_a_strange_choice_is_told_at_its_field(city, visit, query, field):
    page = visit("clerk").get(f"/rules?{query}", status=422)
    assert page.has(f"#summary a[href='#{field}']")
    assert not page.has("table.rules")


def test_every_rule_and_every_choice_has_a_chinese_name():
    assert NAMES.keys() - {"severity.其他"} == TITLES.keys()
    assert len(set(TITLES.values())) == len(TITLES)
    for name, values in SWITCHES.items():
        assert len({choice_title(name, value) for value in values}) == len(values)
    assert len(set(STANDINGS.values())) == 3


@pytest.mark.parametrize(
    ("who", "rules", "calculator"),
    [
        ("clerk", 200, 200),
        ("approver", 200, 200),
        ("provider", 403, 200),
        ("executor", 403, 200),
        ("subject", 403, 403),
    ],
)
def test_rules_are_for_the_office_and_the_calculator_for_all_staff(
    city, visit, who, rules, calculator
):
    visit(who).get("/rules", status=rules)
    visit(who).get("/deadlines", status=calculator)


def test_the_calculator_draws_the_days_on_the_way(city, visit):
    page = visit("clerk").get(THURSDAY)
    assert "最后一日： 2026年10月12日" in page.text
    assert [one.get_text(strip=True) for one in page.all(".month caption")] == [
        "2026年9月，期限怎样计算",
        "2026年10月，期限怎样计算",
    ]
    (due,) = page.all(".day-due")
    assert due.get_text(" ", strip=True).startswith("12 到期")
    assert [one.get_text() for one in page.all(".day-counts .day-number")] == [
        *("28", "29", "30"),
        *("8", "9", "10"),
    ]
    assert "2026年10月10日：计入，调休上班" in page.text


def test_a_period_of_months_is_told_by_its_ends(city, visit):
    page = visit("clerk").get("/deadlines?start=2026-08-31&length=6&unit=month")
    assert "最后一日： 2027年2月28日" in page.text
    assert "当月末日届满" in page.text
    assert not page.has(".month")


def test_a_day_in_a_year_without_a_notice_is_marked_provisional(city, visit):
    page = visit("clerk").get("/deadlines?start=2026-12-25&length=7&unit=working_day")
    assert "尚未公布放假安排" in page.text
    assert "尚未公布放假安排" not in visit("clerk").get(THURSDAY).text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start=x&length=7&unit=working_day", "start"),
        ("start=&length=7&unit=working_day", "start"),
        ("start=2026-09-24&length=-1&unit=working_day", "length"),
        ("start=2026-09-24&length=many&unit=working_day", "length"),
        ("start=2026-09-24&length=7&unit=week", "unit"),
        ("start=1900-01-01&length=7&unit=working_day", "start"),
        ("start=9999-12-31&length=7&unit=month", "start"),
    ],
)
def test_what_cannot_be_calculated_is_told_at_its_field(city, visit, query, field):
    page = visit("clerk").get(f"/deadlines?{query}", status=422)
    assert page.has(f"#summary a[href='#{field}']")
    assert not page.has("#result")
