"""The law in several versions: which definition a case stays on, and what must be alike in all."""

from dataclasses import dataclass, replace

import pytest

from tests.workflows.said import NATIONAL
from tests.workflows.versions import first_objection, older, supersede
from workflows import WORKFLOWS, definition_of, law_of, state_of, versions
from workflows.check import faults_of_laws
from workflows.check.versions import faults_of_versions
from workflows.grammar import State
from workflows.objection import WITHDRAWN


@dataclass(frozen=True)
class Opened:
    kind: str
    law_version: int


def told() -> set[tuple[str, str, str]]:
    laws = {version: law_of(version) for version in versions()}
    return {(one.code, one.kind, one.place) for one in faults_of_laws(laws, [NATIONAL])}


def test_each_case_stays_on_the_definition_under_which_it_was_opened(monkeypatch):
    old = first_objection()
    supersede(monkeypatch, old)
    assert versions() == [1, 2]
    assert definition_of(Opened("objection", 1)) is old
    assert definition_of(Opened("objection", 2)) is WORKFLOWS["objection"]


def test_a_kind_that_did_not_change_is_the_same_under_both(monkeypatch):
    supersede(monkeypatch, first_objection())
    assert law_of(1)["repair"] is law_of(2)["repair"] is WORKFLOWS["repair"]
    assert definition_of(Opened("repair", 2)) is WORKFLOWS["repair"]


def test_a_definition_of_long_ago_holds_until_the_kind_changed_again(monkeypatch):
    old = first_objection()
    supersede(monkeypatch, old, by=3)
    supersede(monkeypatch, older("repair"))
    assert versions() == [1, 2, 3]
    assert definition_of(Opened("objection", 2)) is old
    assert definition_of(Opened("repair", 1)).version == 1
    assert definition_of(Opened("repair", 3)) is WORKFLOWS["repair"]
    assert definition_of(Opened("objection", 3)) is WORKFLOWS["objection"]


def test_a_state_is_known_by_name_whichever_version_has_it(monkeypatch):
    gone = State("heard", "已听证", rest=True)
    supersede(monkeypatch, older("objection", states=(*WORKFLOWS["objection"].states, gone)))
    assert state_of("objection", "heard") is gone
    assert state_of("objection", "withdrawn") is WITHDRAWN
    with pytest.raises(KeyError):
        state_of("repair", "heard")


def test_both_versions_are_proved(monkeypatch):
    supersede(monkeypatch, first_objection())
    assert told() == set()


def test_what_is_wrong_with_a_superseded_definition_is_told(monkeypatch):
    broken = tuple(
        replace(one, notice=()) if one.name == "grant" else one for one in WORKFLOWS["repair"].steps
    )
    supersede(monkeypatch, older("repair", steps=broken))
    assert told() == {("decides_silently", "repair", "grant")}


def test_a_case_is_numbered_alike_in_all_versions(monkeypatch):
    supersede(monkeypatch, older("repair", prefix="XX"))
    assert told() == {("prefix_differs", "repair", "XX")}


def test_a_state_ends_a_case_in_all_versions_or_in_none(monkeypatch):
    ended = {"withdrawn": State("withdrawn", "已终止"), "closed": State("closed", "已办结")}
    older_law = {"repair": older("repair", states=tuple(ended.values()))}
    assert {one.place for one in faults_of_versions({1: older_law, 2: WORKFLOWS})} == {"withdrawn"}


def test_what_cases_of_any_version_order_is_known_in_all():
    steps = tuple(one for one in WORKFLOWS["suspension"].steps if one.name != "hold_again")
    older_law = {"suspension": older("suspension", steps=steps)}
    (fault,) = faults_of_versions({1: older_law, 2: WORKFLOWS})
    assert (fault.code, fault.kind) == ("orders_differ", "suspension")
    assert "hold_again" in fault.text
