"""What walks have found, each reduced to the few deeds that lead there."""

from datetime import date

from app.cases.due import tick
from app.clock import at, today
from app.db import db, transaction
from app.records.models import Record, SanctionBasis, Switch
from app.records.queries import switches
from tests.app.cases.city import City, build_city
from tests.app.cases.states import change_record
from tests.app.cases.telling import accepted, confirmed, holders


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


def test_a_suspension_that_is_held_late_for_another_case_is_due_when_the_first_of_them_is(session):
    """The clock holds for a case what was imposed on its record since: it was suspended already."""
    with at(date(2026, 8, 3)):
        city: City = build_city()
        contested, other = city.record(), city.record()
        early = accepted(city, contested)
    with at(date(2026, 8, 6)):
        sanction = city.sanction(other)
        late = accepted(city, other)
        confirmed(city, late)
        with transaction():
            db.session.add(SanctionBasis(sanction_id=sanction, record_id=contested))
        tick()
        assert holders(sanction) == {early, late}
        (suspension,) = city.children(late, "suspension")
        first, second = city.case(early).due_on, city.case(late).due_on
        assert first != second
        assert city.case(suspension).due_on == first
