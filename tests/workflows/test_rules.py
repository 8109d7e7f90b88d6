"""The rules: every number of the law with its source, and a reader that refuses what is wrong."""

import json
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, strategies as st

from workflows import rules as law
from workflows.rules import Length, RuleFault, Rules, Standing, UnknownRule

FIRST_DAY = date(2025, 1, 1)
DAYS = st.dates(FIRST_DAY, date(2060, 12, 31))
SOUND = """\
    title = "试验"
    [[rule]]
    name = "objection.accept"
    value = 2
    unit = "working_day"
    source = "某条例第一条"
    effective_from = 2025-01-01
    verified = true
"""
NEXT = """
    [[rule]]
    name = "objection.accept"
    value = 3
    unit = "working_day"
    source = "某条例第一条"
    effective_from = 2026-04-01
    verified = true
"""


@pytest.fixture
def profile(tmp_path: Path):
    """Reads a text as a profile."""

    def read(text: str) -> law.Catalogue:
        path = tmp_path / "trial.toml"
        path.write_text(dedent(text), encoding="utf-8")
        return law.read(path)

    return read


@pytest.fixture
def refused(profile):
    """The faults for which a text is refused."""

    def faults(text: str) -> tuple[str, ...]:
        with pytest.raises(RuleFault) as caught:
            profile(text)
        return caught.value.faults

    return faults


@pytest.fixture(scope="module")
def today() -> Rules:
    return law.catalogue("national").on(date(2026, 11, 21))


NUMBERS = {
    "objection.accept": (2, "working_day"),
    "objection.forward": (2, "working_day"),
    "objection.total": (7, "working_day"),
    "objection.longest": (20, "working_day"),
    "objection.supplement": (10, "working_day"),
    "draft.keep": (30, "calendar_day"),
    "verification.acknowledge": (1, "working_day"),
    "verification.report": (3, "working_day"),
    "verification.extension": (3, "working_day"),
    "verification.hard_stop": (15, "working_day"),
    "suspension.confirm": (2, "working_day"),
    "suspension.resume": (2, "working_day"),
    "suspension.lift": (2, "working_day"),
    "correction.correct": (2, "working_day"),
    "correction.annulled": (3, "working_day"),
    "correction.synchronise": (3, "working_day"),
    "correction.restore": (5, "working_day"),
    "repair.accept": (3, "working_day"),
    "repair.decide": (5, "working_day"),
    "repair.total": (10, "working_day"),
    "repair.extension": (7, "working_day"),
    "repair.supplement": (5, "working_day"),
    "repair.hearing": (5, "working_day"),
    "repair.revoke": (10, "working_day"),
    "repair.bar_years": (3, "year"),
    "case.execute": (10, "working_day"),
    "clock.stopped": (30, "working_day"),
    "urge.every": (2, "working_day"),
    "clock.amber": (3, "calendar_day"),
    "complaint.reply": (30, "calendar_day"),
    "service.announcement": (30, "calendar_day"),
    "remedy.review.period": (60, "calendar_day"),
    "remedy.litigation.period": (6, "month"),
}


@pytest.mark.parametrize(("name", "length"), NUMBERS.items())
def test_the_national_profile_has_each_number_of_the_processes(today, name, length):
    assert today.length(name) == Length(*length)


def test_a_provider_is_asked_twice_at_most(today):
    assert today.number("verification.rounds") == 2


@pytest.mark.parametrize(("name", "values"), law.SWITCHES.items())
def test_the_national_profile_chooses_the_first_value_of_each_switch(today, name, values):
    assert today.choice(name) == values[0]


def test_the_grounds_are_o1_to_o9_and_the_sources_four(today):
    assert [one.code for one in today.options("objection.grounds")] == [
        f"O{n}" for n in range(1, 10)
    ]
    sources = {one.code for one in today.options("objection.sources")}
    assert sources == {"subject", "complaint", "own_finding", "referral"}


def test_what_the_law_says_unverified_and_what_the_office_sets_are_told_apart(today):
    assert today.row("objection.total").standing is Standing.LAW
    assert today.row("repair.bar_years").standing is Standing.UNVERIFIED
    assert today.row("draft.keep").standing is Standing.OWN


@given(DAYS)
def test_on_every_day_since_2025_the_national_rules_are_complete(day):
    catalogue = law.catalogue("national")
    assert {row.name for row in catalogue.on(day)} == {row.name for row in catalogue.rows}


def test_there_are_no_rules_before_the_first_day():
    with pytest.raises(UnknownRule, match="2024-12-31"):
        law.catalogue("national").on(FIRST_DAY - timedelta(days=1))


def test_the_measures_on_repair_are_cited_only_since_they_are_in_force():
    national = law.catalogue("national")
    before, after = (
        national.on(day).texts("basis.objection.acceptance")
        for day in (date(2026, 3, 31), date(2026, 4, 1))
    )
    assert not any("信用修复管理办法" in text for text in before)
    assert any("信用修复管理办法" in text for text in after)


def test_each_notice_has_a_series_word_of_its_own_and_a_legal_basis(today):
    words = [row.value for row in today if row.name.startswith("series.")]
    notices = [row.name.removeprefix("series.") for row in today if row.name.startswith("series.")]
    assert len(set(words)) == len(words) > 0
    assert all(today.texts(f"basis.{notice}") for notice in notices)


@given(DAYS)
def test_rules_survive_being_stored_as_json(day):
    rules = law.catalogue("national").on(day)
    again = Rules.from_json(json.loads(json.dumps(rules.as_json())))
    assert again == rules
    assert again.digest == rules.digest


def test_days_with_the_same_rules_share_them_and_others_have_another_digest():
    national = law.catalogue("national")
    first, last, after = (
        national.on(day) for day in (FIRST_DAY, date(2026, 3, 31), date(2026, 4, 1))
    )
    assert first is last
    assert first.digest != after.digest


def test_an_unknown_name_or_a_wrong_shape_is_no_answer(today):
    with pytest.raises(UnknownRule, match="acept"):
        today.length("objection.acept")
    for ask in (today.length, today.number, today.choice, today.day, today.text):
        with pytest.raises(UnknownRule):
            ask("objection.grounds")
    with pytest.raises(UnknownRule):
        today.options("objection.total")
    with pytest.raises(UnknownRule):
        today.choice("series.objection.receipt")


def test_an_unknown_profile_is_refused():
    with pytest.raises(UnknownRule, match="atlantis"):
        law.catalogue("atlantis")


@pytest.mark.parametrize(
    ("kinds", "severity"),
    [
        ("警告", "minor"),
        ("罚款", "ordinary"),
        ("警告;罚款", "ordinary"),
        ("罚款；吊销许可证件", "serious"),
        ("罚款;限制从业", "serious"),
        ("没收违法所得、没收非法财物", "ordinary"),
        ("暂扣许可证件", "serious"),
        ("责令赔礼", "ordinary"),
        ("", "ordinary"),
    ],
)
def test_the_gravest_kind_of_penalty_decides_how_serious_a_record_is(today, kinds, severity):
    assert law.severity_of(law.penalty_kinds(kinds), today) == severity


@pytest.mark.parametrize(
    ("decided_on", "market", "regime"),
    [
        (date(2018, 1, 1), False, "earlier"),
        (date(2022, 6, 1), False, "2019"),
        (date(2023, 5, 1), False, "58"),
        (date(2026, 3, 31), False, "58"),
        (date(2026, 4, 1), False, "36"),
        (date(2025, 12, 24), True, "SAMR21"),
        (date(2025, 12, 25), True, "SAMR107"),
    ],
)
def test_the_day_of_the_decision_tells_the_regime(today, decided_on, market, regime):
    assert law.regime_of(decided_on, today, market=market) == regime


def test_a_sound_profile_is_read(profile):
    rules = profile(SOUND).on(date(2026, 1, 1))
    assert rules.length("objection.accept") == Length(2, "working_day")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("verified = true", "verified = true\n    colour = 1", "不认识的项目 colour"),
        ('    source = "某条例第一条"\n', "", "缺少 source"),
        ('"某条例第一条"', '" "', "source 是空的"),
        ("2025-01-01", '"2025-01-01"', "effective_from 应为不加引号的日期"),
        ("verified = true", "verified = 1", "verified 应为 true 或者 false"),
        ('"working_day"', '"day"', "unit 应为 calendar_day、working_day 之一"),
        ('    unit = "working_day"\n', "", "unit 应为 calendar_day、working_day 之一"),
        ("value = 2", 'value = "two"', "value 应为整数，不小于 0"),
        ("value = 2", "value = -1", "value 应为整数，不小于 0"),
        ("value = 2", "value = true", "value 应为整数，不小于 0"),
        ('"working_day"', '"date"', "unit 应为 calendar_day、working_day 之一"),
        (
            "2025-01-01",
            "2025-01-01\n    effective_to = 2024-12-31",
            "effective_to 早于 effective_from",
        ),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_line(refused, old, new, fault):
    text = SOUND.replace(old, new)
    assert text != SOUND
    (found,) = refused(text)
    assert found.startswith("trial.toml:2: ")
    assert fault in found


def test_a_switch_takes_only_values_that_the_law_pages_know(refused):
    row = """\
        title = "试验"

        [[rule]]
        name = "suspension.shared"
        value = "sometimes"
        source = "某条例第一条"
        effective_from = 2025-01-01
        verified = true
        """
    (fault,) = refused(row)
    assert fault.startswith("trial.toml:3: suspension.shared 的 value 应为")
    assert "only_if_all_contested" in fault


def test_an_own_setting_cannot_be_unverified(refused):
    text = SOUND.replace("某条例第一条", law.OWN_SETTING).replace("= true", "= false")
    (fault,) = refused(text)
    assert "verified 应为 true" in fault


@pytest.mark.parametrize(
    ("until", "fault"),
    [
        ("", "在时间上重叠"),
        ("    effective_to = 2026-04-01\n", "在时间上重叠"),
        ("    effective_to = 2026-03-30\n", "在 2026-03-30 之后中断"),
    ],
)
def test_rows_of_one_name_follow_each_other_day_on_day(refused, until, fault):
    (found,) = refused(SOUND + until + NEXT)
    line = 2 + (SOUND + until + NEXT).splitlines()[2:].index("    [[rule]]") + 1
    assert found.startswith(f"trial.toml:{line}: objection.accept")
    assert fault in found


def test_a_row_may_take_over_from_another(profile):
    catalogue = profile(SOUND + "    effective_to = 2026-03-31\n" + NEXT)
    assert catalogue.on(date(2026, 3, 31)).length("objection.accept").value == 2
    assert catalogue.on(date(2026, 4, 1)).length("objection.accept").value == 3


def test_all_faults_are_told_at_once(refused):
    text = SOUND.replace("value = 2", "value = -1") + NEXT.replace('"working_day"', '"day"')
    assert len(refused(text.replace('title = "试验"', "colour = 1"))) == 4


LIST = """\
    title = "试验"
    [[rule]]
    name = "objection.grounds"
    value = [{ code = "O1", title = "信息有错误" }]
    source = "某条例第一条"
    effective_from = 2025-01-01
    verified = true
"""


@pytest.mark.parametrize(
    "value",
    [
        "[]",
        "2",
        '["a", "b"]',
        '["a", 1]',
        '[{ code = "a" }]',
        '[{ code = "a", title = "甲" }, { code = "a", title = "乙" }]',
    ],
)
def test_a_list_to_choose_from_has_codes_of_their_own(refused, value):
    (fault,) = refused(LIST.replace('[{ code = "O1", title = "信息有错误" }]', value))
    assert "代码不得重复" in fault


@pytest.mark.parametrize("value", ["[]", '["a", 1]', '["a", " "]', '[{ code = "a" }]', '"a"'])
def test_a_list_of_texts_holds_nothing_else(refused, value):
    text = LIST.replace("objection.grounds", "basis.objection.receipt")
    (fault,) = refused(text.replace('[{ code = "O1", title = "信息有错误" }]', value))
    assert "一组文字" in fault


def test_a_float_is_no_value(refused):
    (fault,) = refused(SOUND.replace("value = 2", "value = 2.5"))
    assert "整数，不小于 0" in fault


@pytest.mark.parametrize("name", ["objection.acept", "severity.", "colour", "publicity"])
def test_a_rule_that_nothing_asks_for_is_refused(refused, name):
    (fault,) = refused(SOUND.replace("objection.accept", name))
    assert fault.startswith("trial.toml:2: ")
    assert f"没有名为 {name} 的规则" in fault


@pytest.mark.parametrize("value", ["2026-04-01", '"1.4.2026"', '"20260401"', "4"])
def test_a_day_is_written_in_one_way(refused, value):
    text = SOUND.replace("objection.accept", "regime.36").replace("working_day", "date")
    found = refused(text.replace("value = 2", f"value = {value}"))
    assert "regime.36 的 value 应为加引号的日期" in found[0]


def test_what_is_no_toml_is_refused_with_its_file(refused):
    (fault,) = refused("title = ")
    assert fault.startswith("trial.toml")


def test_a_file_without_rules_is_refused(refused):
    assert any("没有规则" in fault for fault in refused('title = "试验"'))


def test_rules_written_in_another_way_are_refused_and_not_lost(refused):
    assert refused('title = "试验"\nrule = [{ name = "a" }]')
