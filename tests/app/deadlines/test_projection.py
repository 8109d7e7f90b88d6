"""The stored due dates and rules: a projection that is rebuilt, and sets kept once."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, func, select

from app.db import insert_unless_there
from app.deadlines import commands, queries
from app.deadlines.clocks import Due
from app.deadlines.commands import Clocks
from app.deadlines.models import Deadline, RuleSet
from app.errors import NotFound
from workflows.rules import catalogue

NUMBER = "YY-2026-000001"
ACCEPT = Due("objection.accept", date(2026, 3, 2), date(2026, 3, 4), False, None)
TOTAL = Due("objection.total", date(2026, 3, 2), date(2026, 3, 11), False, None)
RULES = catalogue("national").on(date(2026, 3, 2))


@pytest.fixture
def written(session):
    """The statements that write, as they are sent."""
    sent: list[str] = []

    def note(_, __, statement, *___):
        if not statement.lstrip().startswith("SELECT"):
            sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def no_rules_remembered():
    queries.stored.cache_clear()
    yield
    queries.stored.cache_clear()


def by_name(*dues: Due) -> dict[str, Due]:
    return {due.clock: due for due in dues}


def rebuild(number: str, dues: list[Due]) -> None:
    stored = queries.deadlines_of([number])[number]
    commands.rebuild([Clocks(number, stored, by_name(*dues))])


def stored_dues(session) -> dict[str, tuple[date | None, date | None]]:
    session.flush()
    return {
        row.clock: (row.due_on, row.ended_on)
        for row in session.scalars(select(Deadline).where(Deadline.case_number == NUMBER))
    }


def test_due_dates_become_those_derived_from_the_history(session):
    rebuild(NUMBER, [ACCEPT, TOTAL])
    ended = replace(ACCEPT, ended_on=date(2026, 3, 3))
    rebuild(NUMBER, [ended, replace(TOTAL, due_on=None)])
    assert stored_dues(session) == {
        "objection.accept": (date(2026, 3, 4), date(2026, 3, 3)),
        "objection.total": (None, None),
    }


def test_a_clock_that_is_no_longer_derived_is_gone(session):
    rebuild(NUMBER, [ACCEPT, TOTAL])
    session.flush()
    rebuild(NUMBER, [TOTAL])
    assert stored_dues(session).keys() == {"objection.total"}


def test_several_cases_are_written_with_three_statements_at_most(session, written):
    numbers = [f"YY-2026-{count:06d}" for count in range(1, 6)]
    commands.rebuild([Clocks(number, {}, by_name(ACCEPT, TOTAL)) for number in numbers])
    assert len(written) == 1
    written.clear()
    now = by_name(replace(ACCEPT, ended_on=date(2026, 3, 3)), replace(TOTAL, clock="case.execute"))
    before = queries.deadlines_of(numbers)
    commands.rebuild([Clocks(number, before[number], now) for number in numbers])
    assert len(written) == 3
    assert queries.deadlines_of(numbers) == dict.fromkeys(numbers, now)


def test_only_what_differs_is_written(session, written):
    rebuild(NUMBER, [ACCEPT, TOTAL])
    session.flush()
    written.clear()
    rebuild(NUMBER, [ACCEPT, TOTAL])
    session.flush()
    assert written == []
    rebuild(NUMBER, [replace(ACCEPT, ended_on=date(2026, 3, 3)), TOTAL])
    session.flush()
    assert len(written) == 1


def test_the_due_dates_of_several_cases_come_apart(session):
    rebuild(NUMBER, [ACCEPT, TOTAL])
    rebuild("YY-2026-000002", [TOTAL])
    found = queries.deadlines_of([NUMBER, "YY-2026-000002", "YY-2026-000003"])
    assert {number: len(rows) for number, rows in found.items()} == {
        NUMBER: 2,
        "YY-2026-000002": 1,
        "YY-2026-000003": 0,
    }


def test_a_clock_passes_on_the_day_after_it_is_due_unless_it_ended_or_stands_still(session):
    rebuild("YY-2026-000001", [TOTAL])
    rebuild("YY-2026-000002", [replace(TOTAL, ended_on=date(2026, 3, 9))])
    rebuild("YY-2026-000003", [replace(TOTAL, due_on=None)])
    due, after = date(2026, 3, 11), date(2026, 3, 12)
    assert session.scalars(queries.passed("objection.total", due)).all() == []
    assert session.scalars(queries.passed("objection.total", after)).all() == ["YY-2026-000001"]
    assert session.scalars(queries.passed("objection.accept", after)).all() == []


def test_rules_are_kept_once_and_found_again_by_their_digest(session):
    digest = commands.store(RULES)
    assert commands.store(RULES) == digest == RULES.digest
    assert session.scalar(select(func.count()).select_from(RuleSet)) == 1
    assert queries.stored(digest) == RULES


def test_two_who_keep_the_same_rules_at_once_do_not_disturb_each_other(session):
    commands.store(RULES)
    session.expunge_all()
    row = {"digest": RULES.digest, "profile": RULES.profile, "content": RULES.as_json()}
    assert not insert_unless_there(RuleSet, row)
    assert session.scalar(select(func.count()).select_from(RuleSet)) == 1


def test_rules_are_read_from_the_database_once(session):
    digest = commands.store(RULES)
    assert queries.stored(digest) is queries.stored(digest)


def test_rules_that_were_never_kept_are_not_found(session):
    with pytest.raises(NotFound):
        queries.stored("0" * 64)


def test_rules_that_somebody_changed_are_not_used(session):
    digest = commands.store(RULES)
    row = session.get(RuleSet, digest)
    row.content = {**row.content, "profile": "other"}
    session.flush()
    with pytest.raises(ValueError, match="changed"):
        queries.stored(digest)
