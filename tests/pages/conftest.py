"""A city, and a browser for everybody in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.people.models import SignIn
from app.people.passwords import new_token, token_hash
from tests.app.cases.city import City, city_again
from tests.app.cases.invariants import assert_invariants
from tests.pages import PageClient

MONDAY = date(2026, 8, 3)


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def city(session: Session) -> Iterator[City]:
    """An office with providers, departments and a company; whatever is done, the law holds."""
    yield city_again()
    assert_invariants(session)


@pytest.fixture
def visit(app: Flask, session: Session, city: City) -> Callable[[str], PageClient]:
    """The browser of somebody of the city who has signed in: `visit("clerk")`."""

    def signed_in(name: str) -> PageClient:
        token = new_token()
        with transaction():
            person = city.actor[name].person_id
            db.session.add(SignIn(person_id=person, token_hash=token_hash(token)))
        client = PageClient(app, session)
        with client.browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return signed_in
