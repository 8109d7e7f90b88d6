"""The law changes while an objection is open: it stays on the old one, those filed since do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.cases import checking
from app.cases.queries import children_of
from tests.app.api.conftest import Program
from tests.app.cases.city import City
from tests.app.cases.telling import MONDAY, received
from tests.stories.desks import Desks
from tests.workflows.versions import HASTEN, first_objection, supersede
from workflows import WORKFLOWS

LONG_AFTER = MONDAY + timedelta(days=60)


@pytest.fixture
def old(city: City, monkeypatch: pytest.MonkeyPatch) -> str:
    """An objection handed in when the law had another definition of it, which is superseded now."""
    first = first_objection()
    with monkeypatch.context() as then:
        then.setitem(WORKFLOWS, "objection", first)
        number = submitted(city)
    supersede(monkeypatch, first)
    return number


def submitted(city: City) -> str:
    record = city.record()
    city.sanction(record)
    number = city.objection(record)
    city.take(number, "submit", "subject")
    return number


def test_its_page_shows_the_steps_of_its_own_version_and_no_other_page_does(
    city: City, desk: Desks, old: str
) -> None:
    new = submitted(city)
    for number in (old, new):
        city.take(number, "accept", "clerk")
    link = 'a[href$="/steps/hasten"]'
    page = desk("supervisor").case(old).page
    assert page.one(link)
    assert not desk("supervisor").case(new).page.all(link)
    taken = desk("supervisor").take(old, "hasten")
    assert HASTEN.title in taken.page.text
    desk("supervisor").client.get(f"/cases/{new}/steps/hasten", status=404)


def test_programs_are_offered_and_take_the_steps_of_its_version(
    city: City, program: Callable[[str], Program], old: str
) -> None:
    new = submitted(city)
    for number in (old, new):
        city.take(number, "accept", "clerk")
    supervisor = program("supervisor")
    assert "hasten" in offered(supervisor, old)
    assert "hasten" not in offered(supervisor, new)
    taken = supervisor.take(old, "hasten")
    assert taken["history"][-1]["step"] == "hasten"
    supervisor.take(new, "hasten", status=404)


def offered(program: Program, number: str) -> list[str]:
    return [one["name"] for one in program.get(f"/cases/{number}/steps")["items"]]


def test_the_clock_takes_each_where_its_own_version_leads(
    city: City, run: Callable[..., str], old: str
) -> None:
    new = submitted(city)
    for number in (old, new):
        city.take(number, "request_supplement", "clerk", gaps=["缺少营业执照"])
        received(city, number, "supplement")
    with clock.at(LONG_AFTER):
        assert "lapse 2" in run("cases", "tick")
    assert (city.state(old), city.state(new)) == ("not_accepted", "withdrawn")


def test_a_child_is_of_the_law_of_its_parent(city: City, old: str) -> None:
    new = submitted(city)
    for number, version in ((old, 1), (new, 2)):
        city.take(number, "accept", "clerk")
        family = [city.case(number), *children_of(city.case(number))]
        assert {case.law_version for case in family} == {version}
        assert len(family) == 3


def test_the_program_starts_and_proves_both(city: City, run: Callable[..., str], old: str) -> None:
    assert checking.everything() == []
    assert "（共2个版本）" in run("workflows", "check")


def test_what_happened_under_the_old_law_is_still_told(
    city: City, desk: Desks, run: Callable[..., str], old: str
) -> None:
    city.take(old, "accept", "clerk")
    city.take(old, "hasten", "supervisor")
    city.take(old, "withdraw", "subject")
    assert city.state(old) == "withdrawn"
    assert HASTEN.title in desk("clerk").case(old).page.text
    assert "objection.total" in run("deadlines", "explain", old)
