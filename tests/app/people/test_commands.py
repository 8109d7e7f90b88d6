"""Who may hold which role, for whom somebody acts, and that the database holds it too."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app import clock
from app.db import transaction
from app.errors import Conflict, Invalid
from app.people import commands
from app.people.queries import actor_of, actor_of_token
from tests.accounts import account
from workflows.grammar import Role


@pytest.fixture
def person(session):
    return account("clerk")


@pytest.fixture
def units(session):
    with transaction():
        provider = commands.create_unit("惠州市市场监督管理局", "11441300YG58BRK2XX", provides=True)
        office = commands.create_unit("惠州市信用中心", "12441300GFJFMT0T6N", is_office=True)
    return provider, office


def give(person, unit, role):
    with transaction():
        commands.add_membership(person, unit, role)


def give_directly(session, person, unit, role):
    """Past our own checks."""
    with transaction():
        session.execute(
            sa.text("INSERT INTO memberships (person_id, unit_id, role) VALUES (:p, :u, :r)"),
            {"p": person.id, "u": unit.id, "r": role},
        )


def test_a_person_has_its_roles_in_one_unit(session, person, units):
    provider, office = units
    give(person, office, "office.clerk")
    with pytest.raises(Invalid, match="一个单位"):
        give(person, provider, "provider.handler")
    with pytest.raises(DatabaseError):
        give_directly(session, person, provider, "provider.handler")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("admin.system", "admin.audit"),
        ("admin.security", "office.clerk"),
        ("office.clerk", "admin.system"),
    ],
)
def test_an_administrator_has_no_other_role(session, person, units, first, second):
    office = units[1]
    give(person, office, first)
    with pytest.raises(Invalid, match="三员分立"):
        give(person, office, second)
    with pytest.raises(DatabaseError):
        give_directly(session, person, office, second)


def test_a_role_cannot_be_changed_into_one_that_does_not_agree(session, person, units):
    office = units[1]
    give(person, office, "office.clerk")
    give(person, office, "office.approver")
    with pytest.raises(DatabaseError), transaction():
        session.execute(
            sa.text("UPDATE memberships SET role = 'admin.audit' WHERE role = 'office.clerk'")
        )


@pytest.mark.parametrize("role", ["subject", "filer", "SYSTEM"])
def test_roles_that_no_unit_gives_are_refused(session, person, units, role):
    with pytest.raises(Invalid):
        give(person, units[1], role)
    with pytest.raises(DatabaseError):
        give_directly(session, person, units[1], role)


def test_a_role_must_suit_the_unit(person, units):
    provider, office = units
    for unit, role in ((provider, "office.clerk"), (office, "provider.handler")):
        with pytest.raises(Invalid, match="不能设置"):
            give(person, unit, role)


def test_the_actor_has_roles_unit_and_subjects(session, person, units):
    give(person, units[1], "office.clerk")
    give(person, units[1], "office.approver")
    actor = actor_of(person.id)
    assert actor.roles == {Role.OFFICE_CLERK, Role.OFFICE_APPROVER}
    assert (actor.unit_id, actor.unit_name) == (units[1].id, "惠州市信用中心")
    assert actor.subjects == frozenset()


def test_an_agent_acts_through_the_last_day_of_its_document(session, person):
    with transaction():
        subject = commands.ensure_subject("organisation", "甲公司", "91441300MA00000001")
        commands.represent(person, subject, "agent", "授权委托书", date(2026, 11, 30))
    with clock.at(date(2026, 11, 30)):
        assert actor_of(person.id).subjects == {subject.id}
        assert actor_of(person.id).roles == {Role.SUBJECT}
    with clock.at(date(2026, 12, 1)):
        assert actor_of(person.id).subjects == frozenset()
        assert actor_of(person.id).roles == frozenset()


def test_an_administrator_does_not_act_for_subjects(session, person, units):
    with transaction():
        subject = commands.ensure_subject("organisation", "甲公司", "91441300MA00000001")
    give(person, units[1], "admin.audit")
    with pytest.raises(Invalid, match="管理员"), transaction():
        commands.represent(person, subject, "self")


def test_a_disabled_person_can_do_nothing(session, person, units):
    give(person, units[1], "office.clerk")
    with transaction():
        token = commands.issue_token(person)
    assert actor_of_token(token) is not None
    with transaction():
        commands.disable(person)
    assert actor_of(person.id).roles == frozenset()
    assert actor_of_token(token) is None


def test_a_withdrawn_token_stands_for_nobody(session, person):
    with transaction():
        token = commands.issue_token(person)
        other = commands.issue_token(person)
    with transaction():
        commands.withdraw_token(token)
    assert actor_of_token(token) is None
    assert actor_of_token(other) is not None
    assert actor_of_token("") is None


def test_a_name_is_given_once(session, person, units):
    with pytest.raises(Conflict), transaction():
        commands.create_person("clerk", "李四", "Redress-2026!")
    with pytest.raises(Conflict), transaction():
        commands.create_unit("惠州市信用中心", "another")


def test_a_subject_is_made_once(session):
    with transaction():
        first = commands.ensure_subject("organisation", "甲公司", "91441300MA00000001")
        again = commands.ensure_subject("organisation", "甲公司", " 91441300MA00000001 ")
    assert first.id == again.id
