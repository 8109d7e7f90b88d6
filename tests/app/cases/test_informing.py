"""Who tells the provider of an objection: the office, or the department that found the error itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.deadlines.commands import store
from app.deadlines.queries import stored
from app.notices.models import Notice
from app.people.models import Unit
from tests.app.cases.city import City
from tests.app.cases.telling import under

BY_DEPARTMENT = {"verification__informs": "filing_department"}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(date(2026, 8, 3)):
        yield


def filed(city: City, who: str, source: str, provider: str = "provider") -> str:
    """An objection on a record that is shared with the department, handed in."""
    record = city.record(provider)
    city.sanction(record)
    number = city.objection(record, subject=who, source=source)
    city.take(number, "submit", who)
    return number


def letter(city: City, number: str) -> tuple[str, str]:
    """Who asks the provider in the letter, and who gets it."""
    city.take(number, "accept", "clerk")
    (asked,) = city.children(number, "verification")
    chosen = sa.select(Notice).where(Notice.case_number == asked)
    told = db.session.scalars(chosen).one().context["notice"]
    return told["issuer"]["name"], told["addressee"]["name"]


def name(city: City, unit: str) -> str:
    return db.session.get_one(Unit, city.unit[unit]).name


def test_the_office_does_unless_the_rules_say_otherwise(city: City) -> None:
    number = filed(city, "executor", "own_finding")
    assert letter(city, number) == (name(city, "office"), name(city, "provider"))


def test_the_department_that_found_the_error_may_do_it(city: City) -> None:
    number = filed(city, "executor", "own_finding")
    under(city, number, **BY_DEPARTMENT)
    assert letter(city, number) == (name(city, "executor"), name(city, "provider"))


def test_what_no_department_filed_the_office_tells(city: City) -> None:
    number = filed(city, "subject", "subject")
    under(city, number, **BY_DEPARTMENT)
    assert letter(city, number)[0] == name(city, "office")


def test_a_provider_that_found_the_error_itself_is_asked_by_the_office(city: City) -> None:
    number = filed(city, "provider2", "own_finding", "provider2")
    under(city, number, **BY_DEPARTMENT)
    assert letter(city, number)[0] == name(city, "office")


def test_a_case_that_is_older_than_the_rule_is_told_of_by_the_office(city: City) -> None:
    number = filed(city, "executor", "own_finding")
    with transaction():
        case = city.case(number)
        rules = stored(case.rules_digest)
        rows = tuple(one for one in rules if one.name != "verification.informs")
        case.rules_digest = store(replace(rules, rows=rows))
    assert letter(city, number)[0] == name(city, "office")
