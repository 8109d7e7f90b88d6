"""The city is loaded once, into a database of its own; the tests only look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.clock import at
from app.db import db
from app.demo.commands import load
from app.demo.plan import SHORT
from app.demo.queries import Standing
from tests.accounts import sign_in
from tests.conftest import new_app
from tests.pages import PageClient


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application of the demonstration, with all that happened in half a year."""
    with new_app(tmp_path_factory.mktemp("demo")) as app:
        with app.app_context():
            assert load(lambda _: None) is Standing.EMPTY
        yield app


@contextmanager
def city_on(day: date, data_dir: Path) -> Iterator[Flask]:
    """A city that was loaded on a day, with no more than every state needs; the day it still is."""
    with at(day), new_app(data_dir) as app, app.app_context():
        assert load(lambda _: None, SHORT) is Standing.EMPTY
        yield app


@pytest.fixture
def city(loaded: Flask) -> Iterator[Flask]:
    """The application, in its context."""
    with loaded.app_context():
        yield loaded


@pytest.fixture
def visit(city: Flask) -> Callable[[str], PageClient]:
    """Signs somebody in; gives the browser."""

    def signed_in(username: str) -> PageClient:
        browser = PageClient(city, db.session())
        sign_in(browser, username)
        return browser

    return signed_in


@pytest.fixture
def empty(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An application that nobody has used."""
    with (app := make_app()).app_context():
        yield app


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """For an application that is configured in its own way."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data"
