"""The clock goes through all cases, whatever is wrong with one of them."""

from __future__ import annotations

import logging
from datetime import date

import sqlalchemy as sa

from app import clock
from app.cases import due
from app.cases.objection.models import Objection
from app.db import db, transaction
from tests.app.cases.states import case_in
from tests.app.cases.telling import received

LONG_AFTER = date(2027, 6, 1)


def test_one_broken_case_does_not_keep_the_clock_from_the_others(city, caplog):
    with clock.at(date(2026, 8, 3)):
        broken, sound = (case_in(city, "objection", "supplementing") for _ in range(2))
        for number in (broken, sound):
            received(city, number, "supplement")
    with transaction() as session:
        gone = sa.delete(Objection).where(Objection.case_id == city.case(broken).id)
        kept = session.get_one(Objection, city.case(broken).id)
        said = {"source": kept.source, "statement": kept.statement, "filer_name": kept.filer_name}
        case_id = kept.case_id
        session.execute(gone)
    with clock.at(LONG_AFTER), caplog.at_level(logging.ERROR):
        due.tick()
    assert city.state(sound) == "withdrawn"
    assert city.state(broken) == "supplementing"
    assert broken in caplog.text
    with transaction() as session:
        session.add(Objection(case_id=case_id, **said))
    with clock.at(LONG_AFTER):
        due.tick()
    assert city.state(broken) == "withdrawn"
    db.session.rollback()
