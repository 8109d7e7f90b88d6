"""Two workers whose clocks strike at the same moment take each step that is due once."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.cases.due import tick
from app.cases.models import Case, StepTaken
from app.clock import today
from app.db import db
from tests.app.cases.city import build_city
from tests.conftest import type_of_database

FILED = date(2026, 8, 3)
LATE = date(2026, 9, 7)
CASES = 8


@pytest.fixture
def office(make_app) -> Flask:
    """Objections that wait for the office, which will be late."""
    app: Flask = make_app()
    with app.app_context(), clock.at(FILED):
        city = build_city()
        for _ in range(CASES):
            city.take(city.objection(city.record()), "submit", "subject")
    return app


def test_what_is_due_is_done_by_one_of_them(office, caplog):
    taken: Counter[str] = Counter()
    begin = threading.Barrier(2)

    def strike() -> None:
        with office.app_context(), clock.at(LATE):
            assert today() == LATE
            begin.wait()
            taken.update(tick())

    clocks = [threading.Thread(target=strike) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert taken == {"urge": CASES}
    with office.app_context():
        urged = sa.select(sa.func.count()).where(StepTaken.step == "urge")
        assert db.session.scalars(urged).one() == CASES
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.skipif(type_of_database == "sqlite", reason="it locks everything, never one case")
def test_a_case_that_somebody_is_busy_with_is_left_to_the_next_tick(office, caplog):
    with office.app_context(), clock.at(LATE):
        with db.engine.connect().execution_options(write=True) as somebody, somebody.begin():
            last = sa.select(Case.id).order_by(Case.id.desc()).limit(1).with_for_update()
            somebody.execute(last)
            assert tick()["urge"] < CASES
        assert tick()["urge"] > 0
        urged = sa.select(sa.func.count()).where(StepTaken.step == "urge")
        assert db.session.scalars(urged).one() == CASES
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
