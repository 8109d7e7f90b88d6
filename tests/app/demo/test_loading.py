"""When the city is loaded, and when the database is left alone."""

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.demo.commands import _empty, _note, load
from app.demo.queries import Standing, standing
from app.factory import create_app
from app.people.commands import create_person, create_unit
from app.people.models import Unit
from config import Config
from tests.pages import PageClient


def counted():
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in db.metadata.sorted_tables
    }


def test_loading_it_again_changes_nothing(city):
    before = counted()
    result = city.test_cli_runner().invoke(args=["demo", "load"])
    assert (result.exit_code, "已经装载" in result.output) == (0, True)
    assert counted() == before


def test_it_is_ready_once_it_is_loaded(city):
    assert PageClient(city, db.session()).open("/healthz").status_code == 200


def test_whoever_works_in_it_waits_for_the_disk_again(city):
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        asked = "PRAGMA synchronous" if sqlite else "SHOW synchronous_commit"
        assert connection.exec_driver_sql(asked).scalar() in ({2, 3} if sqlite else {"on"})


def test_it_is_not_ready_before(empty):
    assert standing() is Standing.EMPTY
    assert PageClient(empty, db.session()).open("/healthz").status_code == 503


def add_a_unit():
    create_unit("惠州市信用中心", "12441300GFJFMT0T6N", is_office=True)


def add_a_person():
    create_person("somebody", "某人", "A-good-password-1")


@pytest.mark.parametrize("add", [add_a_unit, add_a_person])
def test_a_database_that_is_in_use_is_left_alone(empty, add):
    with transaction():
        add()
    before = counted()
    result = empty.test_cli_runner().invoke(args=["demo", "load"])
    assert (result.exit_code, "不装载" in result.output) == (0, True)
    assert counted() == before
    assert PageClient(empty, db.session()).open("/healthz").status_code == 200


def test_only_a_demonstration_is_loaded(data_dir):
    settings = Config.for_tests(data_dir)
    config = Config(
        **{name: getattr(settings, name) for name in settings.__slots__ if name != "demo"},
        demo=False,
    )
    app = create_app(config)
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "DEMO=1" in result.output


def test_it_says_what_comes_first(make_app):
    result = make_app(migrated=False).test_cli_runner().invoke(args=["demo", "load"])
    assert (result.exit_code, "db upgrade" in result.output) == (1, True)


def test_half_a_city_is_not_ready_and_is_cleared_away(empty):
    _note(Standing.BEGUN)
    with transaction():
        add_a_unit()
    assert standing() is Standing.BEGUN
    assert PageClient(empty, db.session()).open("/healthz").status_code == 503
    _empty()
    assert standing() is Standing.EMPTY
    assert not db.session.scalars(sa.select(Unit)).all()


def test_what_is_said_while_it_is_loaded_is_nothing_for_one_that_is_there(city):
    said: list[str] = []
    assert load(said.append) is Standing.LOADED
    assert said == []
