"""Databases to measure in: fresh ones, and twins that hold the same rows."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import flask_migrate
import psycopg
import sqlalchemy as sa
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import Connection, make_url

from app.db import db
from app.factory import create_app
from config import Config

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """Where databases are made: files in a folder, or beside a PostgreSQL database.

    `folder` is for what is gone afterwards, `kept_in` for what is used again.
    """

    folder: Path
    kept_in: Path
    beside: sa.URL | None = None

    @property
    def backend(self) -> str:
        """Which database it is."""
        return "postgresql" if self.beside else "sqlite"

    @contextmanager
    def opened(self, like: Flask | None = None) -> Iterator[Flask]:
        """An application with a database of its own, gone afterwards: migrated, or a copy."""
        name = f"bench_{os.getpid()}_{next(_numbers)}"
        address = self._address(self.folder, name)
        self._create(address, address_of(like) if like else None)
        try:
            with _application(address, self.folder / name, migrated=like is None) as app:
                yield app
        finally:
            self._drop(address)

    @contextmanager
    def kept(self, name: str, fill: Callable[[], object]) -> Iterator[Flask]:
        """An application whose database is kept for the next time; filled where it is new."""
        address = self._address(self.kept_in, name)
        if not self._is_there(address):
            part = self._address(self.kept_in, f"{name}_part")
            self._drop(part)
            self._create(part)
            with _application(part, self.kept_in / name, migrated=True) as app, app.app_context():
                fill()
                address_of(app)
            self._rename(part, address)
        with _application(address, self.kept_in / name) as app:
            yield app

    def _address(self, folder: Path, name: str) -> sa.URL:
        if self.beside is None:
            return sa.URL.create("sqlite", database=str(folder / f"{name}.db"))
        return self.beside.set(database=name)

    def _create(self, address: sa.URL, like: sa.URL | None = None) -> None:
        if self.beside is None and like is not None:
            shutil.copyfile(str(like.database), str(address.database))
        elif self.beside is not None:
            template = like.database if like else "template1"
            self._say("CREATE DATABASE {} TEMPLATE {}", address.database, template)

    def _drop(self, address: sa.URL) -> None:
        if self.beside is not None:
            self._say("DROP DATABASE IF EXISTS {} WITH (FORCE)", address.database)
            return
        for ending in ("", "-wal", "-shm"):
            Path(f"{address.database}{ending}").unlink(missing_ok=True)

    def _rename(self, old: sa.URL, new: sa.URL) -> None:
        if self.beside is None:
            Path(str(old.database)).replace(str(new.database))
        else:
            self._say("ALTER DATABASE {} RENAME TO {}", old.database, new.database)

    def _is_there(self, address: sa.URL) -> bool:
        if self.beside is None:
            return Path(str(address.database)).exists()
        with _connected(self.beside) as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(asked, [address.database]).fetchone() is not None

    def _say(self, statement: LiteralString, *names: str | None) -> None:
        if self.beside is None:
            return
        with _connected(self.beside) as connection:
            named = [sql.Identifier(str(name)) for name in names]
            connection.execute(sql.SQL(statement).format(*named))


@contextmanager
def _application(address: sa.URL, data_dir: Path, *, migrated: bool = False) -> Iterator[Flask]:
    data_dir.mkdir(parents=True, exist_ok=True)
    text = address.render_as_string(hide_password=False)
    app = create_app(Config.for_tests(data_dir, text))
    with app.app_context():
        if migrated:
            flask_migrate.upgrade()
        engine = db.engine
    try:
        yield app
    finally:
        engine.dispose()


def address_of(app: Flask) -> sa.URL:
    """The address of an application's database, which is left alone so that it can be copied."""
    with app.app_context():
        db.session.remove()
        if db.engine.url.get_backend_name() == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
                connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
        return db.engine.url


def _connected(url: sa.URL) -> psycopg.Connection[tuple[Any, ...]]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


class Writes:
    """What an application writes, transaction by transaction, to be written again by hand."""

    def __init__(self, app: Flask) -> None:
        self.done: list[list[tuple[str, Any, bool]]] = []
        self.reads = 0
        self._open: list[tuple[str, Any, bool]] = []
        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", self._executed)
            sa.event.listen(db.engine, "commit", self._committed)

    def _executed(
        self,
        _connection: Connection,
        _cursor: Any,
        statement: str,
        given: Any,
        _context: Any,
        many: bool,
    ) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            # Of rows that return their keys SQLAlchemy makes one statement, with many still set.
            self._open.append((statement, given, many and isinstance(given, list)))
        else:
            self.reads += 1

    def _committed(self, _: Connection) -> None:
        if self._open:
            self.done.append(self._open)
        self._open = []

    @property
    def statements(self) -> int:
        """How many statements were sent, reading ones included."""
        return self.reads + sum(len(one) for one in self.done)

    def again(self, app: Flask) -> None:
        """Write the same in another database that held the same, and forget it."""
        with app.app_context():
            connection = db.engine.raw_connection()
        try:
            for transaction in self.done:
                _write(connection, transaction)
        finally:
            connection.close()
        self.done, self.reads = [], 0


def _write(connection: Any, statements: list[tuple[str, Any, bool]]) -> None:
    cursor = connection.cursor()
    if not isinstance(connection.driver_connection, psycopg.Connection):
        cursor.execute("BEGIN IMMEDIATE")
    for statement, given, many in statements:
        (cursor.executemany if many else cursor.execute)(statement, given)
        if "RETURNING" in statement and not many:
            cursor.fetchall()
    if isinstance(connection.driver_connection, psycopg.Connection):
        connection.commit()
    else:
        cursor.execute("COMMIT")
    cursor.close()


def place(folder: Path, kept_in: Path, url: str | None) -> Place:
    """Where to make databases: beside the one whose address somebody gave, else in the folders."""
    given = make_url(url) if url else None
    if given is None:
        return Place(folder, kept_in)
    if given.get_backend_name() == "sqlite":
        there = Path(str(given.database)).resolve().parent
        return Place(there, there)
    return Place(folder, kept_in, given)
