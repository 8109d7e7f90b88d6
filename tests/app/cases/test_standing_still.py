"""Clocks that stand still: those of a case, of its parent, and of no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import clock
from app.cases import commands
from app.cases.explaining import explained
from tests.app.cases.states import case_in
from tests.app.cases.telling import MONDAY, day, due, taken
from workflows.inputs.correction import Opening

COURT = {"ground": "court", "document": "中止裁定书", "reasons": "法院已受理相关诉讼。"}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def test_a_repair_stands_still_and_goes_on_with_the_days_it_had_left(city):
    number = case_in(city, "repair", "examining")
    before = due(city, number, "repair.total")
    city.take(number, "stop_clock", "provider-approver", **COURT)
    assert due(city, number, "repair.total") is None
    assert any("期限中止，到期日待定" in line for line in explained(number))
    with clock.at(day(10)):
        city.take(number, "restart_clock", "provider")
        after = due(city, number, "repair.total")
    assert before is not None
    assert after is not None
    assert after > before
    assert not any("期限中止，到期日待定" in line for line in explained(number))


def test_a_correction_that_no_objection_asked_for_stands_still_alone(city):
    record = city.record()
    contested = city.objection(record)
    city.take(contested, "submit", "subject")
    own = commands.open_correction(city.actor["provider"], Opening(record, "录入有误"))
    city.take(own, "stop_clock", "provider-approver", **COURT)
    city.take(own, "restart_clock", "provider")
    assert taken(city, own)[-2:] == ["stop_clock", "restart_clock"]
    assert "stop_clock" not in taken(city, contested)
