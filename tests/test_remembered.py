"""What is put back is what was built."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app.clock import at
from app.db import db, transaction
from app.people.commands import create_unit
from app.people.models import Unit
from app.people.queries import find_subjects
from tests.app.cases.city import City, build_city
from tests.conftest import undone
from tests.remembered import remembered


def rows_as_stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row as the driver gives it: a JSON null and an SQL NULL, say, differ."""
    found = {}
    for name in db.metadata.tables:
        rows = db.session.execute(sa.select(sa.text("*")).select_from(sa.table(name)))
        found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def test_the_rows_put_back_are_those_that_were_built(app):
    city_again = remembered(build_city)
    with undone(app):
        first, built = city_again(), rows_as_stored()
    with undone(app):
        again, put_back = city_again(), rows_as_stored()
        assert [one.id for one in find_subjects("惠州")] == sorted(again.subject.values())
    assert put_back == built
    assert len(built["persons"]) == len(first.actor)
    assert again == first


def test_what_a_test_does_with_the_city_is_not_remembered(app):
    city_again = remembered(build_city)
    with undone(app):
        city_again()
    with undone(app):
        city: City = city_again()
        city.record()
        del city.actor["clerk"]
    with undone(app):
        city = city_again()
        assert city.serial == 0
        assert "clerk" in city.actor
        assert city.state(city.objection(city.record())) == "draft"


def test_where_a_test_has_written_before_the_city_is_built_beside_it(app):
    city_again = remembered(build_city)
    with undone(app):
        city_again()
    with undone(app):
        with transaction():
            first = create_unit("惠州市民政局", "11441300MB2C00003X", provides=True).id
        city = city_again()
        assert db.session.get_one(Unit, first).code == "11441300MB2C00003X"
        assert first not in city.unit.values()


def test_on_another_day_the_city_is_built_anew(app):
    city_again = remembered(build_city)
    days = []
    for on in (date(2026, 8, 3), date(2026, 8, 4)):
        with undone(app), at(on):
            city_again()
            moments = db.session.scalars(sa.text("SELECT DISTINCT date(at) FROM audit_entries"))
            days.append([str(one) for one in moments])
    assert days == [["2026-08-03"], ["2026-08-04"]]
