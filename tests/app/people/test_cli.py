"""Accounts and tokens from the command line."""

import pytest

from app.db import transaction
from app.people import commands, queries
from tests.accounts import OFFICE, account, office
from workflows.grammar import Role


def actor(username):
    person = queries.person_by_username(username)
    assert person is not None
    return queries.actor_of(person.id)


@pytest.fixture
def run(app, session):
    def run(*words):
        session.rollback()
        return app.test_cli_runner().invoke(args=words)

    return run


def test_a_user_can_sign_in_with_the_secret_that_is_printed_last(run):
    result = run("user", "create", "neu")
    assert result.exit_code == 0
    assert queries.person_with("neu", result.output.split()[-1])


def test_a_user_gets_roles_and_subjects(run, session):
    with transaction():
        office()
        subject = commands.ensure_subject("organisation", "甲公司", "91441300MA00000001")
    words = ["--unit", OFFICE[1], "--role", "office.clerk", "--role", "office.approver"]
    assert run("user", "create", "neu", "--name", "张三", *words).exit_code == 0
    assert actor("neu").roles == {Role.OFFICE_CLERK, Role.OFFICE_APPROVER}
    assert actor("neu").name == "张三"
    assert run("user", "create", "firma", "--subject", subject.code).exit_code == 0
    assert actor("firma").subjects == {subject.id}


@pytest.mark.parametrize(
    "words",
    [
        ("clerk",),
        ("neu", "--unit", "nowhere", "--role", "office.clerk"),
        ("neu", "--subject", "nobody"),
        ("neu", "--unit", OFFICE[1], "--role", "admin.system", "--role", "office.clerk"),
    ],
)
def test_what_cannot_be_made_whole_is_not_made(run, words):
    account("clerk", "office.clerk")
    assert run("user", "create", *words).exit_code == 1
    assert queries.person_by_username("neu") is None


def test_the_token_printed_last_stands_for_the_user(run):
    person = account("clerk", "office.clerk")
    result = run("api-token", "create", "clerk")
    assert result.exit_code == 0
    found = queries.actor_of_token(result.output.split()[-1])
    assert found is not None
    assert found.person_id == person.id


def test_there_is_no_token_for_an_unknown_or_disabled_user(run):
    person = account("gone")
    with transaction():
        commands.disable(person)
    assert run("api-token", "create", "nobody").exit_code == 1
    assert run("api-token", "create", "gone").exit_code == 1
