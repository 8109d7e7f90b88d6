"""Persons for tests, and how they sign in."""

from __future__ import annotations

from app.db import transaction
from app.people import commands
from app.people.models import Person, Unit
from app.people.queries import unit_by
from tests.pages import Page, PageClient

PASSWORD = "Redress-2026!"
OFFICE = ("惠州市信用中心", "12441300GFJFMT0T6N")


def office() -> Unit:
    """The credit office, made where it is missing; called inside transaction()."""
    name, code = OFFICE
    return unit_by(code) or commands.create_unit(
        name, code, is_office=True, provides=True, executes=True
    )


def account(username: str = "clerk", *roles: str) -> Person:
    """A person with these roles in the credit office, whose password is PASSWORD."""
    with transaction():
        person = commands.create_person(username, "张三", PASSWORD)
        for role in roles:
            commands.add_membership(person, office(), role)
    return person


def sign_in(client: PageClient, username: str = "clerk", *, status: int = 200) -> Page:
    """Sign in as a person would; gives the page that follows, of which `status` is expected."""
    form = client.get("/login").form()
    return client.submit(form, username=username, password=PASSWORD, status=status)
