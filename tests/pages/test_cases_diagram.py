"""The page of a case shows the way it has gone through its kind, in a picture and in words."""

from tests.app.cases.states import case_in

WAY = "details.diagram svg text[fill='#0b5cad']"
PROPOSALS = {"提出准予修复 → 待审核", "提出不予修复 → 待审核"}


def gone(page) -> set[str]:
    """The labels of the steps that are drawn as taken."""
    return {one.get_text() for one in page.all(WAY)}


def test_the_way_gone_and_the_present_state_are_shown(city, visit):
    page = visit("clerk").get(f"/cases/{case_in(city, 'objection', 'verifying')}")
    assert gone(page) == {"新建异议 → 草稿", "提交异议 → 待受理", "受理 → 核实中"}
    assert page.one("details.diagram svg text[font-weight=bold]").get_text() == "核实中"
    words = "经过的状态：草稿、待受理；现在的状态：核实中。"
    assert page.one("details.diagram > p").get_text() == words
    assert page.one("details.diagram svg desc").get_text() == words


def test_what_a_unit_proposes_is_drawn_for_those_who_handle_it_alone(city, visit):
    number = case_in(city, "repair", "proposed")
    seen = {who: gone(visit(who).get(f"/cases/{number}")) for who in ("provider", "subject")}
    assert seen["provider"] & PROPOSALS == {"提出准予修复 → 待审核"}
    assert seen["subject"] & PROPOSALS == PROPOSALS


def test_what_is_only_noted_is_no_part_of_the_way(city, visit):
    number = case_in(city, "objection", "submitted")
    city.take(number, "urge", "supervisor")
    page = visit("clerk").get(f"/cases/{number}")
    assert gone(page) == {"新建异议 → 草稿", "提交异议 → 待受理"}
