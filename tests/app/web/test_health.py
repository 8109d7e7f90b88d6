"""Whether the program says that it can serve."""

import pytest

from app.web.health import ready_checks


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
