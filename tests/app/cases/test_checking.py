"""The program starts only with definitions that hold, and with all that they name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.cases import checking, presentation
from app.cases.cli import workflows
from app.cases.facts import CaseFacts
from app.factory import create_app
from app.notices.printing import prints
from config import Config
from tests.workflows.changing import (
    Kinds,
    with_another_step,
    with_clock,
    with_kind,
    with_notice,
    with_step,
)
from workflows import WORKFLOWS, suspension
from workflows.grammar import Notice, Party, Role, State, Step, entry
from workflows.rules import profiles


@dataclass(frozen=True)
class Strange:
    """An input of a type of which no form is made."""

    weight: float = entry("重量")


@dataclass(frozen=True)
class Silent:
    """An input without reasons."""

    note: str = entry("说明", default="")


@pytest.fixture
def law(monkeypatch):
    """Makes other kinds the law while a test runs."""

    def make(kinds: Kinds) -> None:
        for kind, workflow in kinds.items():
            monkeypatch.setitem(WORKFLOWS, kind, workflow)

    return make


def places(found) -> set[tuple[str, str, str]]:
    return {(one.code, one.kind, one.place) for one in found}


def test_everything_holds(app):
    with app.app_context():
        assert checking.everything() == []


def test_every_profile_is_asked_on_every_day_on_which_it_changes(app):
    sets = checking.rule_sets()
    assert {one.profile for one in sets} == set(profiles())
    assert len(sets) == len({id(one) for one in sets})


def test_the_command_says_that_all_is_well(app):
    done = app.test_cli_runner().invoke(workflows, ["check"])
    assert done.exit_code == 0
    assert done.output == "5类案件的流程定义无误。\n"


def test_the_command_lists_each_fault_in_a_line_and_fails(app, law):
    law(with_step("repair", "grant", notice=()))
    done = app.test_cli_runner().invoke(workflows, ["check"])
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "repair grant：是决定而没有文书，请补上 [decides_silently]",
        "Error: 流程定义有1处错误。",
    ]


def test_the_program_does_not_start_with_a_faulty_definition(tmp_path, law):
    law(with_step("repair", "grant", notice=()))
    with pytest.raises(checking.FaultyDefinitions) as refused:
        create_app(Config.for_tests(tmp_path, None))
    assert "程序不能启动" in str(refused.value)
    assert "repair grant：是决定而没有文书" in str(refused.value)


OFFERED = {
    "a notice without a template": (
        with_notice("repair", "granted", name="allowed"),
        {("no_template", "repair", "grant")},
    ),
    "a role without a title": (
        with_step("repair", "extend", by="judge"),
        {("no_label", "repair", "extend")},
    ),
    "a clock without a title": (
        with_clock("repair", "repair.total", name="repair.longest"),
        {("no_label", "repair", "repair.longest")},
    ),
    "an input of which no form can be made": (
        with_step("repair", "extend", takes=Strange),
        {("no_form", "repair", "extend")},
    ),
    "a step of the system that nobody takes": (
        with_another_step(
            "suspension", Step("forget", suspension.SUSPENDED, suspension.RESUMED, title="了结")
        ),
        {("nobody_takes", "suspension", "forget")},
    ),
    "words about a step that is gone": (
        with_kind(
            "repair",
            steps=tuple(one for one in WORKFLOWS["repair"].steps if one.name != "answer"),
        ),
        {("label_of_nothing", "*", "answer")},
    ),
}


@pytest.mark.parametrize("wrong", OFFERED)
def test_the_office_offers_all_that_the_law_names(wrong, law):
    kinds, expected = OFFERED[wrong]
    law(kinds)
    assert places(checking.offered()) == expected


def test_a_state_says_what_is_expected_in_it(law, monkeypatch):
    mute = State("mute", "待定", owner=Role.OFFICE_CLERK, deadline=("case.execute",))
    law(with_kind("repair", states=(*WORKFLOWS["repair"].states, mute)))
    assert places(checking.offered()) == {("no_label", "repair", "mute")}


def test_what_a_guard_may_ask_is_there(monkeypatch):
    monkeypatch.delattr(CaseFacts, "rivals")
    assert places(checking.offered()) == {("door_missing", "Facts", "rivals")}


def test_no_words_are_kept_about_a_state_that_is_gone(monkeypatch):
    monkeypatch.setitem(presentation.EXPECTED, ("repair", "gone"), "等待")
    assert places(checking.offered()) == {("label_of_nothing", "repair", "gone")}


def test_a_burden_is_told_with_reasons_and_remedies(law):
    bare = Notice("urging", "催办单", to=Party.SUBJECT, adverse=True)
    law(with_step("repair", "refuse", notice=bare))
    found = checking.told()
    assert places(found) == {("not_told", "repair", "refuse")}
    assert "（input.reasons）" in str(found[0])


def test_a_burden_asks_for_its_reasons(law):
    law(with_step("repair", "refuse", takes=Silent))
    assert places(checking.told()) == {("no_reasons", "repair", "refuse")}


def test_a_notice_without_a_template_is_told_once(law):
    law(with_notice("repair", "granted", name="allowed"))
    assert checking.told() == []


def test_what_stands_in_a_block_that_is_overridden_is_not_printed():
    whole, page = prints("objection", "dismissed"), prints("repair", "application")
    assert {"basis", "remedies", "input.reasons", "notice.issued_on"} <= whole
    assert "notice.issuer" in whole
    assert "input.reasons" not in page
