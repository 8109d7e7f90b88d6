"""`flask user …` and `flask api-token …`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.db import transaction
from app.errors import NotFound, RedressError
from app.people import commands, queries
from app.people.models import HELD_IN_A_UNIT, Person, Scope
from app.people.passwords import new_secret

user = AppGroup("user", help="Accounts of persons.")
api_token = AppGroup("api-token", help="Tokens with which programs act for a person.")


@user.command("create")
@click.argument("username", metavar="NAME")
@click.option("--name", "display_name", help="What people call them; NAME where it is missing.")
@click.option("--unit", help="Code or name of the unit in which the roles are held.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([role.value for role in HELD_IN_A_UNIT])
)
@click.option("--subject", "subjects", multiple=True, help="Code of a subject it acts for.")
@click.option("--agent", is_flag=True, help="It acts for the subjects as an agent.")
def create(
    username: str,
    display_name: str | None,
    unit: str | None,
    roles: tuple[str, ...],
    subjects: tuple[str, ...],
    agent: bool,
) -> None:
    """Make an account; the last word printed is the password for its first sign-in."""
    if roles and unit is None:
        message = "--role needs --unit"
        raise click.UsageError(message)
    secret = new_secret()
    try:
        with transaction():
            person = commands.create_person(username, display_name or username, secret)
            _give_roles(person, unit, roles)
            _let_represent(person, subjects, Scope.AGENT if agent else Scope.SELF)
    except RedressError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"user {username} created, one-time secret: {secret}")


@api_token.command("create")
@click.argument("username", metavar="USER")
def create_token(username: str) -> None:
    """Make a token; it is the last word printed and cannot be shown again."""
    try:
        with transaction():
            token = commands.issue_token(_account(username))
    except RedressError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"token for {username}: {token}")


def _account(username: str) -> Person:
    person = queries.person_by_username(username)
    if person is None or person.disabled_at is not None:
        message = f"没有这个账号或者账号已停用：{username}"
        raise NotFound(message)
    return person


def _give_roles(person: Person, reference: str | None, roles: tuple[str, ...]) -> None:
    if reference is None:
        return
    unit = queries.unit_by(reference)
    if unit is None:
        message = f"没有这个单位：{reference}"
        raise NotFound(message)
    for role in roles:
        commands.add_membership(person, unit, role)


def _let_represent(person: Person, codes: tuple[str, ...], scope: Scope) -> None:
    for code in codes:
        subject = queries.subject_by_code(code)
        if subject is None:
            message = f"没有这个信用主体：{code}"
            raise NotFound(message)
        commands.represent(person, subject, scope)
