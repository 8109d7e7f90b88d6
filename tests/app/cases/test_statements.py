"""What a step asks of the database does not grow with what it has to say it for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app import clock
from app.db import db
from tests.app.cases.city import City
from tests.app.cases.telling import MONDAY, open_children, submitted


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def sanctioned(city: City, sanctions: int) -> str:
    """An objection, submitted, against a record on which so many sanctions rest."""
    record = city.record()
    for count in range(sanctions):
        city.sanction(record, department="executor2" if count % 2 else "executor")
    return submitted(city, record)


def test_ten_suspensions_are_opened_with_as_many_statements_as_two(city):
    sent = []
    for sanctions in (2, 2, 10):  # the first fills what a process keeps
        number = sanctioned(city, sanctions)
        with counted() as statements:
            city.take(number, "accept", "clerk")
        assert len(open_children(city, number, "suspension")) == sanctions
        sent.append(len(statements))
    assert 40 < sent[1] == sent[2] < 110


def test_a_suspension_more_that_is_to_resume_takes_a_few_statements_more(city):
    sent = []
    for sanctions in (2, 2, 10):
        number = sanctioned(city, sanctions)
        city.take(number, "accept", "clerk")
        with counted() as statements:
            city.take(number, "withdraw", "subject")
        assert {city.state(one) for one in open_children(city, number, "suspension")} == {
            "resuming"
        }
        sent.append(len(statements))
    assert sent[2] - sent[1] <= 8 * 7


def test_a_step_with_a_notice_and_one_without_take_few_statements(city):
    number = sanctioned(city, 1)
    city.take(number, "accept", "clerk")
    (order,) = open_children(city, number, "suspension")
    (asked,) = open_children(city, number, "verification")
    with counted() as statements:
        city.take(order, "confirm", "executor", executed_on=MONDAY.isoformat(), note="已暂停")
    assert 20 < len(statements) < 42
    with counted() as statements:
        city.take(asked, "acknowledge", "provider")
    assert 8 < len(statements) < 16
