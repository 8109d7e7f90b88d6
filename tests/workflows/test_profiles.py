"""The profiles of cities: what each inherits, what it sets itself, and the days that come of it."""

from datetime import date
from pathlib import Path

import pytest

from app.deadlines.calendar import national
from workflows import rules as law
from workflows.rules import Length, RuleFault

TODAY = date(2026, 11, 20)
"""A Friday."""
CITIES = ("guangzhou", "henan", "huizhou", "shandong", "shanghai", "shenzhen", "zhejiang")
BASE = """\
title = "上级"
[[rule]]
name = "objection.accept"
value = 2
unit = "working_day"
source = "某条例第一条"
effective_from = 2025-01-01
verified = true

[[rule]]
name = "objection.total"
value = 7
unit = "working_day"
source = "某条例第二条"
effective_from = 2025-01-01
verified = true
"""
OWN = """\
title = "本市"
inherits = "base"
[[rule]]
name = "objection.accept"
value = 1
unit = "working_day"
source = "本市条例第一条"
effective_from = 2025-01-01
verified = true
"""


@pytest.fixture
def city(tmp_path: Path):
    """Reads a text as the profile of a city that inherits from another."""

    def read(text: str, base: str = BASE) -> law.Catalogue:
        (tmp_path / "base.toml").write_text(base, encoding="utf-8")
        (tmp_path / "city.toml").write_text(text, encoding="utf-8")
        return law.read(tmp_path / "city.toml")

    return read


def test_there_is_a_profile_for_each_city_and_one_for_the_state():
    assert law.profiles() == (*sorted((*CITIES, "national")),)


@pytest.mark.parametrize("name", CITIES)
def test_a_city_has_every_rule_of_the_state_and_says_only_what_differs(name):
    of_city, of_state = (law.catalogue(one) for one in (name, "national"))
    assert of_city.inherits == "national"
    assert {row.name for row in of_state.rows} <= {row.name for row in of_city.rows}
    inherited = [row for row in of_city.rows if row.name not in of_city.own]
    assert set(inherited) <= set(of_state.rows)
    assert not {row for row in of_city.rows if row.name in of_city.own} & set(of_state.rows)


# Lengths by law.md 3.1; the days counted by hand on the calendar of 2026.
DUE = [
    ("national", "objection.accept", 2, "2026-11-24"),
    ("national", "objection.total", 7, "2026-12-01"),
    ("national", "verification.report", 3, "2026-11-25"),
    ("national", "correction.annulled", 3, "2026-11-25"),
    ("shanghai", "objection.forward", 2, "2026-11-24"),
    ("shanghai", "verification.report", 5, "2026-11-27"),
    ("shanghai", "objection.total", 7, "2026-12-01"),
    ("zhejiang", "objection.total", 5, "2026-11-27"),
    ("zhejiang", "objection.longest", 20, "2026-12-18"),
    ("shenzhen", "objection.accept", 1, "2026-11-23"),
    ("shenzhen", "verification.report", 2, "2026-11-24"),
    ("shenzhen", "verification.extension", 3, "2026-11-25"),
    ("shandong", "objection.total", 7, "2026-12-01"),
    ("shandong", "correction.annulled", 3, "2026-11-25"),
    ("henan", "verification.report", 3, "2026-11-25"),
    ("henan", "objection.total", 7, "2026-12-01"),
    ("henan", "correction.annulled", 1, "2026-11-23"),
    ("guangzhou", "objection.accept", 2, "2026-11-24"),
    ("guangzhou", "verification.report", 10, "2026-12-04"),
    ("guangzhou", "objection.total", 14, "2026-12-10"),
    ("huizhou", "objection.total", 7, "2026-12-01"),
]


@pytest.mark.parametrize(("profile", "rule", "days", "due"), DUE)
def test_what_is_begun_on_a_friday_is_due_by_the_law_of_the_city(profile, rule, days, due):
    length = law.catalogue(profile).on(TODAY).length(rule)
    assert length == Length(days, "working_day")
    assert national().add(TODAY, length).due_on == date.fromisoformat(due)


@pytest.mark.parametrize("name", CITIES)
def test_in_each_city_the_parts_of_an_objection_fit_into_the_whole(name):
    rules = law.catalogue(name).on(TODAY)
    forward, report = (
        rules.length(one).value for one in ("objection.forward", "verification.report")
    )
    total, longest = (rules.length(one).value for one in ("objection.total", "objection.longest"))
    assert forward + report <= total <= longest
    assert report <= rules.length("verification.hard_stop").value


def test_a_city_cites_its_regulation_after_those_of_the_state():
    of_state = law.legal_basis("objection", "acceptance", law.catalogue("national").on(TODAY))
    of_city = law.legal_basis("objection", "acceptance", law.catalogue("shanghai").on(TODAY))
    assert of_city == (*of_state, "《上海市社会信用条例》第三十六条")


def test_a_regulation_whose_wording_was_not_seen_stays_marked():
    rules = law.catalogue("huizhou").on(TODAY)
    assert rules.row("basis.objection").standing is law.Standing.UNVERIFIED


def test_what_a_city_sets_replaces_what_it_inherits_and_the_rest_stays(city):
    found = city(OWN)
    assert found.inherits == "base"
    assert found.own == {"objection.accept"}
    rules = found.on(TODAY)
    assert rules.length("objection.accept").value == 1
    assert rules.length("objection.total").value == 7


def test_a_profile_that_stands_alone_inherits_nothing(city):
    assert city(BASE).inherits == ""


def test_a_city_leaves_no_day_without_a_rule_that_the_state_has(city):
    with pytest.raises(RuleFault) as caught:
        city(OWN.replace("2025-01-01", "2026-01-01\neffective_to = 2026-12-31"))
    assert caught.value.faults == (
        "city.toml:3: objection.accept 自 2026-01-01 起，而所继承的自 2025-01-01 起：其间没有规则",
        "city.toml:3: objection.accept 至 2026-12-31 止，此后没有规则",
    )


def test_what_is_inherited_must_be_there_and_not_lead_back(city):
    with pytest.raises(RuleFault, match=r"city\.toml:1: .*atlantis\.toml 不存在"):
        city(OWN.replace('"base"', '"atlantis"'))
    with pytest.raises(RuleFault, match="绕成了一圈"):
        city(OWN, BASE.replace('"上级"', '"上级"\ninherits = "city"'))
    with pytest.raises(RuleFault, match="inherits 应为另一规则集的文件名"):
        city(OWN.replace('"base"', "3"))


def test_a_fault_of_what_is_inherited_is_told_with_its_own_file(city):
    with pytest.raises(RuleFault, match=r"base\.toml:2: "):
        city(OWN, BASE.replace("value = 2", "value = -2"))


def test_a_profile_without_a_rule_that_the_program_asks_for_is_refused(tmp_path, monkeypatch):
    (tmp_path / "small.toml").write_text(BASE, encoding="utf-8")
    monkeypatch.setattr(law, "_HERE", tmp_path)
    law.catalogue.cache_clear()
    with pytest.raises(RuleFault) as caught:
        law.catalogue("small")
    assert "small.toml:1: 缺少规则 verification.report" in caught.value.faults
    law.catalogue.cache_clear()
