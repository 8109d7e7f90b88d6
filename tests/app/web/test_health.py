"""Whether the program says that it can serve."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.web.health import Migrated, ready_checks
from tests.pages import PageClient


@pytest.fixture
def checks(app):
    checks = ready_checks(app)
    kept = list(checks)
    checks.clear()
    yield checks
    checks[:] = kept


def test_it_is_well_when_the_database_answers(client, checks):
    assert client.open("/healthz").status_code == 200


def test_it_is_not_ready_before_all_parts_are(client, checks):
    ready: list[str] = []
    checks.append(lambda: bool(ready))
    assert client.open("/healthz").status_code == 503
    ready.append("city")
    assert client.open("/healthz").status_code == 200


@pytest.fixture
def cityless(make_app):
    """Makes applications that wait for no demonstration."""

    def make(**options):
        app = make_app(**options)
        ready_checks(app)[:] = [one for one in ready_checks(app) if isinstance(one, Migrated)]
        return app

    return make


def test_it_is_not_ready_before_all_migrations_have_run(cityless):
    app = cityless(migrated=False)
    with app.app_context():
        anybody = PageClient(app, db.session())
        assert anybody.open("/healthz").status_code == 503
        flask_migrate.upgrade(revision="0001_people")
        assert anybody.open("/healthz").status_code == 503
        flask_migrate.upgrade()
        assert anybody.open("/healthz").status_code == 200


def test_a_database_that_a_later_program_migrated_will_do(cityless):
    app = cityless()
    with app.app_context():
        with transaction() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = '9999_later'"))
        assert PageClient(app, db.session()).open("/healthz").status_code == 200
