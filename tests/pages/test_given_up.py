"""Work of the program that failed for good is told to whoever can see to it."""

import pytest
import sqlalchemy as sa

from app.clock import now
from app.db import transaction
from app.delivery.models import OutboxRow

HEADING = "系统未能完成的工作"


@pytest.fixture
def failed(city, session):
    """The case of a notice that nobody could draw."""
    number = city.objection(city.record())
    city.take(number, "submit", "subject")
    with transaction():
        session.execute(sa.update(OutboxRow).values(failed_at=now()))
    return number


def test_the_supervisor_is_told_what_was_given_up_and_in_which_case(visit, failed):
    page = visit("supervisor").open("/")
    assert HEADING in page.text
    assert f"/cases/{failed}" in page.text


def test_whoever_runs_the_system_is_told_but_opens_no_case(city, visit, failed):
    city.hire("admin-system", "office", "admin.system")
    page = visit("admin-system").open("/")
    assert HEADING in page.text
    assert failed in page.text
    assert f"/cases/{failed}" not in page.text


@pytest.mark.parametrize("who", ["subject", "clerk", "provider", "executor"])
def test_nobody_else_is_told(visit, failed, who):
    assert HEADING not in visit(who).open("/").text


def test_while_nothing_was_given_up_nothing_is_told(city, visit):
    assert HEADING not in visit("supervisor").open("/").text
