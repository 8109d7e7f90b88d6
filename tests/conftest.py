"""What every test may use: an application on a database of its own, and a client for its pages.

A test sees the schema of `upgrade head`, never that of `create_all`. What code under test commits
is undone when the test ends. Each worker of pytest-xdist has its own database: a SQLite file, or,
with TEST_DATABASE_URL, a PostgreSQL database made beside that one and dropped afterwards.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import argon2
import flask_migrate
import psycopg
import pytest
from flask import Flask
from hypothesis import settings
from psycopg import sql
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from app.db import db
from app.factory import create_app
from app.people import passwords
from config import Config
from tests.pages import PageClient

# What many tests do in passing shall not take a tenth of a second of two processors each time.
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
passwords._hasher = CHEAP  # type: ignore[misc]  # final for the program

# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

type_of_database = "postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite"
_numbers = itertools.count()
_undone = itertools.count(1)
_to_the_end = ExitStack()


WITHOUT_DATABASE = (
    *("workflows/", "architecture/", "notices/", "test_config.py"),
    *("app/cases/", "app/deadlines/", "app/exchange/", "app/people/", "app/records/"),
    *("app/test_clock.py", "app/test_tables.py"),
)
"""Where tests that ask for no application touch no database either."""
SAME_ON_BOTH = ("app/demo/test_days.py",)
"""What loads whole cities only to look at their days, which no database changes."""
TRACED_ON_POSTGRESQL = (
    *("app/audit/", "app/exchange/", "app/people/", "app/records/", "together/"),
    *("app/test_db.py", "app/cases/test_take_step.py"),
)
"""Where branches are taken that only PostgreSQL takes. The coverage of all others is measured on
SQLite: to trace them once more takes two thirds of their time again and finds nothing."""
VACUUM_EVERY = 20
"""Tests after which PostgreSQL forgets what they undid: dead rows are read with the others, and a
page took five times as long after four hundred tests."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what it cannot change: that was tried on SQLite already."""
    if type_of_database == "sqlite":
        return
    left_out = [item for item in items if not _may_differ(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    for item in items:
        if not _place(item).startswith(TRACED_ON_POSTGRESQL):
            item.add_marker("no_cover")


def _place(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).as_posix()


def _may_differ(item: pytest.Item) -> bool:
    asks = {"app", "make_app"} & set(getattr(item, "fixturenames", ()))
    return bool(asks) or not _place(item).startswith((*WITHOUT_DATABASE, *SAME_ON_BOTH))


@contextmanager
def own_database(template: str = "template1") -> Iterator[str | None]:
    """The address of a new PostgreSQL database, or None where tests run on SQLite."""
    beside = os.environ.get("TEST_DATABASE_URL")
    if not beside:
        yield None
        return
    url = make_url(beside).set(drivername="postgresql")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"{url.database}_{worker}_{os.getpid()}_{next(_numbers)}"
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@cache
def _migrated() -> str:
    """A database after `upgrade head`, to be copied: the file, or the name on PostgreSQL."""
    folder = Path(_to_the_end.enter_context(TemporaryDirectory()))
    address = _to_the_end.enter_context(own_database())
    with _opened(folder, address) as app, app.app_context():
        flask_migrate.upgrade()
        return str(db.engine.url.database)


def pytest_unconfigure() -> None:
    """Remove what was only there to be copied."""
    _to_the_end.close()


@contextmanager
def new_app(data_dir: Path, *, migrated: bool = True) -> Iterator[Flask]:
    """An application with a database of its own, which is gone afterwards."""
    template = _migrated() if migrated else "template1"
    with own_database(template) as address:
        if migrated and address is None:
            copyfile(template, data_dir / "test.db")
        with _opened(data_dir, address) as app:
            yield app


@contextmanager
def _opened(data_dir: Path, address: str | None) -> Iterator[Flask]:
    app = create_app(Config.for_tests(data_dir, address))
    app.testing = True
    with app.app_context():
        engine = db.engine
    try:
        yield app
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application that most tests share; what they commit in it is undone by `session`."""
    with new_app(tmp_path_factory.mktemp("data")) as app:
        yield app


@contextmanager
def undone(app: Flask) -> Iterator[Session]:
    """The session; whatever is committed meanwhile, by a test or the code under test, is undone.

    The sessions of the test and of its requests are savepoints of one outer transaction.
    """
    engines = db._app_engines[app]
    engine = engines[None]
    with engine.connect() as connection, app.app_context():
        connection.execution_options(write=True)
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]  # it needs only what both have
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            engines[None] = engine
            outer.rollback()
    if type_of_database == "postgresql" and next(_undone) % VACUUM_EVERY == 0:
        forget_what_is_dead(engine)


def forget_what_is_dead(engine: Engine) -> None:
    """What was undone or deleted takes no more time to pass over, on PostgreSQL."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session; whatever is committed ends with the test."""
    with undone(app) as session:
        yield session


@pytest.fixture
def client(app: Flask, session: Session) -> PageClient:
    """Somebody who is not signed in, with a browser that checks every page it loads."""
    return PageClient(app, session)


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes applications with databases of their own: for threads, processes and migrations."""
    with ExitStack() as stack:

        def make(**options: Any) -> Flask:
            data_dir = tmp_path / f"app-{next(_numbers)}"
            data_dir.mkdir()
            return stack.enter_context(new_app(data_dir, **options))

        yield make
