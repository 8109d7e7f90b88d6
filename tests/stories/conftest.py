"""A city whose people sign in with a password, and commands as an operator gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.people.models import Person
from tests.app.api.conftest import nobody, program, token
from tests.app.cases.city import City, city_again
from tests.app.cases.telling import MONDAY
from tests.pages import PageClient
from tests.stories.desks import PASSWORD_HASH, Desks

__all__ = ["nobody", "program", "token"]


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def city(session: Session) -> City:
    """An office with providers, departments and a company; everybody has the same password."""
    city = city_again()
    with transaction():
        db.session.execute(sa.update(Person).values(password_hash=PASSWORD_HASH))
    return city


@pytest.fixture
def desk(app: Flask, session: Session, city: City) -> Desks:
    """The desk of somebody who signed in today: `desk("clerk")`."""
    return Desks(lambda: PageClient(app, session))


@pytest.fixture
def run(app: Flask, session: Session) -> Callable[..., str]:
    """Runs a command of the program: `run("cases", "tick")`; gives what it prints."""

    def command(*words: str) -> str:
        session.rollback()
        result = app.test_cli_runner().invoke(args=words)
        assert result.exit_code == 0, result.output
        return str(result.output)

    return command
