"""Two workers whose clocks strike at the same moment take each step that is due once."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import date

import sqlalchemy as sa

from app import clock
from app.cases.due import tick
from app.cases.models import StepTaken
from app.clock import today
from app.db import db
from tests.app.cases.city import build_city

FILED = date(2026, 8, 3)
LATE = date(2026, 9, 7)
CASES = 8


def test_what_is_due_is_done_by_one_of_them(make_app, caplog):
    app = make_app()
    with app.app_context(), clock.at(FILED):
        city = build_city()
        for _ in range(CASES):
            city.take(city.objection(city.record()), "submit", "subject")
    taken: Counter[str] = Counter()
    begin = threading.Barrier(2)

    def strike() -> None:
        with app.app_context(), clock.at(LATE):
            assert today() == LATE
            begin.wait()
            taken.update(tick())

    clocks = [threading.Thread(target=strike) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert taken == {"urge": CASES}
    with app.app_context():
        urged = sa.select(sa.func.count()).where(StepTaken.step == "urge")
        assert db.session.scalars(urged).one() == CASES
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
