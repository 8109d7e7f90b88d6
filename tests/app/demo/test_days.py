"""The city is as fresh on any day: its exports move along with it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import Case
from app.clock import today
from app.db import db
from app.demo.exports import Exports
from app.records.models import Record
from app.records.queries import content
from tests.app.demo.conftest import city_on
from tests.app.demo.records import untouched
from workflows import WORKFLOWS

DAYS = [date(2026, 11, 22), date(2027, 2, 3), date(2029, 12, 31), date(2031, 6, 15)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def city(request, tmp_path_factory):
    """The city as of a day, and that day still."""
    with city_on(request.param, tmp_path_factory.mktemp("day")) as app:
        yield app


def test_the_subject_has_a_record_with_two_sanctions_that_nobody_has_contested(city):
    assert any(len(sanctions) >= 2 and all(sanctions) for sanctions in untouched("subject"))


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_there_are_cases_in_every_state(city, kind):
    found = set(db.session.scalars(sa.select(Case.state).where(Case.kind == kind)))
    assert found == {state.name for state in WORKFLOWS[kind].states}


def test_the_newest_decision_lies_just_before(city):
    newest = db.session.scalars(sa.select(sa.func.max(Record.decided_on))).one()
    assert timedelta(0) <= today() - newest < timedelta(days=32)


def test_the_number_of_a_decision_has_its_year(city):
    for record in db.session.scalars(sa.select(Record)):
        assert f"〔{record.decided_on.year}〕" in record.decision_no


def test_the_facts_lie_in_the_month_of_the_decision(city):
    for record in db.session.scalars(sa.select(Record).where(Record.version == 1).limit(50)):
        month = f"{record.decided_on.year}年{record.decided_on.month}月"
        assert (content(record)["facts"] or "").startswith(month)


def test_today_the_exports_are_taken_as_they_are():
    assert Exports(date(2026, 11, 22)).shift.months == 0


@pytest.mark.parametrize(
    ("day", "months"), [(date(2026, 12, 7), 0), (date(2026, 12, 8), 1), (date(2031, 6, 15), 55)]
)
def test_they_move_by_whole_months(day, months):
    assert Exports(day).shift.months == months
