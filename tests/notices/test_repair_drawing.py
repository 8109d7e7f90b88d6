"""Simple notices of a repair fit two pages, its decisions four, whatever the case is like."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notices.repair_samples import LIFTED, OWN
from tests.notices.samples import A_PERSON, PERSON, RECORD, sample
from tests.notices.test_drawing import drawn_from, normal, pages_of, text_of

SIMPLE = (
    "application",
    "commitment",
    "receipt",
    "supplement",
    "acceptance",
    "extension",
    "termination",
    "dropped",
    "urging",
    "clock_stopped",
)
DECISIONS = ("granted", "refused", "revoked", "restored", "not_accepted", "hearing")
LONG = "新疆维吾尔自治区䶮㛃𬭼𠅤阿勒泰地区乌伦古湖生态农业科技开发股份有限公司喀纳斯分公司"
FOUR_KINDS: dict[str, Any] = {
    "penalty_kind": "罚款、没收违法所得、暂扣许可证件、责令停产停业",
    "penalty": "罚款人民币200000元；没收违法所得3500.50元；暂扣排污许可证三个月；"
    "责令停产停业整顿三十日",
}


def of_a_human(context: dict[str, Any]) -> dict[str, Any]:
    context["repair"] |= {"natural": True, "agent": {"name": "", "document": ""}}
    context["case"]["subject"] = A_PERSON
    if context["notice"]["addressee"]["kind"] == "subject":
        context["notice"]["addressee"] = A_PERSON
    return context


def of_twelve_measures(context: dict[str, Any]) -> dict[str, Any]:
    context["records"] = [RECORD | FOUR_KINDS]
    context["repair"] |= {"lifted": LIFTED * 4, "standing": LIFTED * 2}
    return context


@pytest.mark.parametrize("measures", [1, 3, 12])
@pytest.mark.parametrize("words", [3, 4, 5])
def test_what_announces_a_table_stands_on_the_page_of_the_table(measures: int, words: int):
    context = sample("repair.granted")
    context["records"] = [RECORD | {"penalty": "责令限期改正并处罚款" * words + "警告"}]
    context["repair"] |= {"lifted": (LIFTED * 6)[:measures], "standing": []}
    for page in pages_of(drawn_from(context)):
        *_said, last, _number = page.split("\n")
        assert not last.endswith(("手续:", "解除:"))


@pytest.mark.parametrize("name", SIMPLE)
def test_a_simple_one_takes_two_pages_at_most(name: str):
    assert len(pages_of(drawn_from(sample(f"repair.{name}")))) <= 2


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_takes_four_at_most_with_twelve_measures(name: str):
    data = drawn_from(of_twelve_measures(sample(f"repair.{name}")))
    assert len(pages_of(data)) <= 4
    if name in {"granted", "restored"}:
        assert text_of(data).count(normal(LIFTED[0]["measure"])) == 6


@pytest.mark.parametrize("name", ["application", "commitment", "granted", "revoked"])
def test_long_names_and_rare_characters_are_printed_whole(name: str):
    context = sample(f"repair.{name}")
    context["case"]["subject"] = context["case"]["subject"] | {"name": LONG}
    context["notice"]["addressee"] |= {"name": LONG} if name != "application" else {}
    assert normal(LONG) in text_of(drawn_from(context))


@pytest.mark.parametrize("notice", sorted(OWN))
def test_the_applicant_signs_under_its_own_text(notice: str):
    page = pages_of(drawn_from(sample(notice)))[-1]
    before = page.split("(盖章)")[0].splitlines()
    assert len([line for line in before if line.strip()]) >= 2


@pytest.mark.parametrize("notice", sorted(OWN))
def test_a_human_signs_by_name_alone(notice: str):
    told = text_of(drawn_from(of_a_human(sample(notice))))
    assert normal(f"（签名）：{PERSON}") in told
    assert "盖章" not in told
    assert "法定代表人" not in told
