"""Sanctions that were imposed late, held late or never confirmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import clock
from app.errors import Invalid, StepRefused
from tests.app.cases.states import case_in
from tests.app.cases.telling import MONDAY, day, facts, holders, items, running, submitted, under


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def test_what_was_imposed_before_a_revocation_took_effect_is_lifted_with_the_rest(city):
    fixing = case_in(city, "correction", "corrected")
    (record,) = facts(city, fixing).record_ids()
    late = city.sanction(record)
    city.take(fixing, "approve", "provider-approver")
    (child,) = city.children(fixing, "suspension")[-1:]
    assert city.state(child) == "lifting"
    assert not running(late)
    (objection,) = {one.number for one in [facts(city, fixing).parent()] if one}
    assert child in city.children(objection, "suspension")


def test_a_hold_that_nobody_confirmed_ends_with_the_objection_and_never_was(city):
    record = city.record()
    sanction = city.sanction(record, mandatory=True)
    number = submitted(city, record)
    under(city, number, suspension__mandatory="held_when_confirmed")
    city.take(number, "accept", "clerk")
    assert (holders(sanction), running(sanction)) == ({number}, True)
    with clock.at(day(5)):
        city.take(number, "withdraw", "subject")
        assert (holders(sanction), running(sanction)) == (set(), False)
        (child,) = city.children(number, "suspension")
        city.take(child, "confirm_resumed", "executor", executed_on="2026-08-05")
        assert running(sanction)


def test_an_item_is_passed_on_to_no_unit_that_does_not_exist(city):
    number = case_in(city, "objection", "verifying")
    (asked,) = city.children(number, "verification")
    city.take(asked, "acknowledge", "provider")
    with pytest.raises((Invalid, StepRefused)):
        city.take(number, "redirect", "clerk", item_id=items(city, number)[0], unit="无此单位")
    assert city.children(number, "verification") == [asked]


def test_reasons_that_are_left_empty_are_asked_for(city):
    number = case_in(city, "objection", "deciding")
    with pytest.raises(Invalid) as refused:
        city.take(number, "dismiss", "approver", reasons="  ")
    assert refused.value.faults["reasons"].startswith("请填写")
    assert city.state(number) == "deciding"
