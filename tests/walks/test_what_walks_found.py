"""What walks have found, each reduced to the few deeds that lead there."""

from datetime import date

from app.clock import at, today
from app.db import db
from app.records.models import Record, Switch
from app.records.queries import switches
from tests.app.cases.city import City, build_city
from tests.app.cases.states import change_record


def disclosed(record: int) -> bool:
    return switches([record], today())[record][Switch.DISCLOSURE].on


def test_a_record_that_has_ended_is_not_disclosed_again_by_a_later_end_of_its_period(session):
    """Its period was over before it ended, so that ending it had nothing to turn off."""
    with at(date(2026, 8, 3)):
        city: City = build_city()
        record = city.record(disclosed_until="2026-08-10")
        assert disclosed(record)
    with at(date(2026, 8, 12)):
        assert not disclosed(record)
        change_record(city, record, "end_disclosure")
        change_record(city, record, "correct", disclosed_until="2029-01-01")
        row = db.session.get_one(Record, record)
        assert row.disclosed_until == date(2029, 1, 1)
        assert row.ended_on == date(2026, 8, 12)
        assert not disclosed(record)
