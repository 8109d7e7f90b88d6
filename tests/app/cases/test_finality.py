"""Until when a decision may be contested, and from when it is final."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from app.cases.service.finality import finality, last_day, remedies
from app.deadlines.calendar import national
from workflows.rules import Length, catalogue

RULES = catalogue("national").on(date(2026, 8, 3))
BOTH = [
    {"kind": "review", "title": "行政复议"},
    {"kind": "litigation", "title": "行政诉讼"},
]


@dataclass
class Issued:
    served_on: date | None
    title: str = "异议处理结果告知书"
    status: str = "valid"
    context: dict[str, Any] = field(default_factory=lambda: {"remedies": BOTH})


@dataclass
class Happened:
    step: str
    data: dict[str, Any]


def noted(path):
    return Happened("note_review", {"input": {"path": path}})


def ended(on):
    return Happened("note_review_ended", {"input": {"ended_on": on}})


def standing(notices, history=()):
    return finality(notices, history, RULES, national())


def test_both_periods_run_from_the_day_of_service():
    review, litigation = remedies(Issued(date(2026, 3, 2)), RULES, national())
    assert (review.kind, review.until) == ("review", date(2026, 5, 6))  # 1 May is in the holidays
    assert (litigation.kind, litigation.until) == ("litigation", date(2026, 9, 2))


def test_nothing_runs_before_service_nor_once_a_notice_is_not_in_force():
    assert remedies(Issued(None), RULES, national()) == []
    assert remedies(Issued(date(2026, 3, 2), status="revoked"), RULES, national()) == []


@pytest.mark.parametrize(
    ("start", "length", "end", "provisional"),
    [
        (
            date(2026, 7, 1),
            Length(60, "calendar_day"),
            date(2026, 8, 31),
            False,
        ),  # a Sunday moves on
        (
            date(2026, 7, 21),
            Length(60, "calendar_day"),
            date(2026, 9, 20),
            False,
        ),  # to a worked Sunday
        (date(2026, 8, 3), Length(6, "month"), date(2027, 2, 3), True),
        (date(2026, 8, 31), Length(6, "month"), date(2027, 3, 1), True),  # 28 February, a Sunday
    ],
)
def test_a_last_day_that_is_not_worked_moves_on(start, length, end, provisional):
    assert last_day(start, length, national()) == (end, provisional)


def test_a_decision_is_final_the_day_after_the_last_period():
    found = standing([Issued(date(2026, 3, 2))])
    assert (found.final_from, found.provisional) == (date(2026, 9, 3), False)


def test_what_ends_in_a_year_without_a_calendar_is_provisional():
    found = standing([Issued(date(2026, 8, 3))])
    assert (found.final_from, found.provisional) == (date(2027, 2, 4), True)


def test_the_last_of_several_addressees_decides():
    found = standing([Issued(date(2026, 3, 2)), Issued(date(2026, 3, 9))])
    assert found.final_from == date(2026, 9, 10)


def test_one_who_was_not_served_keeps_it_open_and_is_named():
    found = standing([Issued(date(2026, 3, 2)), Issued(None, title="不予暂停告知书")])
    assert found.final_from is None
    assert found.unserved == ("不予暂停告知书",)


def test_a_case_without_a_decision_to_contest_has_no_such_day():
    assert standing([Issued(date(2026, 3, 2), context={"remedies": []})]) is None
    assert standing([Issued(date(2026, 3, 2), status="replaced")]) is None


def test_nothing_is_final_while_a_review_is_noted():
    found = standing([Issued(date(2026, 3, 2))], [noted("review")])
    assert found.contested
    assert found.final_from is None


def test_after_a_review_one_may_still_go_to_court():
    history = [noted("review"), ended("2026-09-01")]
    assert standing([Issued(date(2026, 3, 2))], history).final_from == date(2026, 9, 17)


def test_after_a_lawsuit_nothing_is_left():
    history = [noted("litigation"), ended("2026-11-02")]
    assert standing([Issued(date(2026, 3, 2))], history).final_from == date(2026, 11, 3)


def test_the_second_of_two_keeps_it_open():
    history = [noted("review"), ended("2026-09-01"), noted("litigation")]
    assert standing([Issued(date(2026, 3, 2))], history).contested
