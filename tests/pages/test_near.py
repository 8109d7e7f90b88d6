"""When a due date is shown as near follows from the rule `clock.amber`, as late from the date."""

from dataclasses import replace
from datetime import date

import pytest

from app import clock
from app.deadlines import queries
from tests.app.cases.states import case_in
from workflows.rules import Catalogue, catalogue

DUE = date(2026, 8, 5)
"""A Wednesday: two working days after the Monday on which an objection is handed in."""


@pytest.fixture
def number(city):
    return case_in(city, "objection", "submitted")


@pytest.fixture
def amber(monkeypatch):
    """Have the rule say another length: `amber(1, "working_day")`."""

    def set_to(value: int, unit: str) -> None:
        national = catalogue("national")
        rows = tuple(
            replace(one, value=value, unit=unit) if one.name == "clock.amber" else one
            for one in national.rows
        )
        changed = Catalogue(national.profile, national.title, rows, "", national.own)
        monkeypatch.setattr(queries, "catalogue", lambda _: changed)

    return set_to


def colour(visit, number: str, on: date) -> set[str]:
    """How the due date of a case is marked on a day."""
    with clock.at(on):
        due = visit("clerk").get(f"/cases/{number}").one(".standing .due")
    return set(due["class"]) - {"due"}


def on(day: int) -> date:
    return date(2026, 8, day)


def test_three_days_before_it_is_near_and_the_day_after_late(visit, number):
    assert colour(visit, number, DUE) == {"due-amber"}
    assert colour(visit, number, on(3)) == {"due-amber"}
    assert colour(visit, number, on(6)) == {"due-over"}


@pytest.mark.parametrize(
    ("value", "unit", "near", "far"),
    [(1, "calendar_day", on(4), on(3)), (1, "working_day", on(4), on(3))],
)
def test_the_office_may_set_how_long_before(visit, number, amber, value, unit, near, far):
    amber(value, unit)
    assert colour(visit, number, near) == {"due-amber"}
    assert colour(visit, number, far) == set()


def test_working_days_are_counted_as_such(city, amber):
    amber(2, "working_day")
    with clock.at(date(2026, 9, 30)):
        assert queries.near_until() == date(2026, 10, 9)


def test_without_any_notice_only_the_day_itself_is_near(visit, number, amber):
    amber(0, "calendar_day")
    assert colour(visit, number, on(4)) == set()
    assert colour(visit, number, DUE) == {"due-amber"}
