"""A small city in a fresh database, and the people who will work in it, with what lets them in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import flask_migrate
import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import make_url

from app.db import db, not_waiting_for_the_disk, transaction
from app.people.commands import issue_token
from app.people.models import Person
from app.people.passwords import hash_password
from tests.app.cases.city import City, build_city

PASSWORD = "Redress-2026!"
SENT = sa.table("crash_sent", sa.column("message_id", sa.Integer))
"""Filled by a trigger of ours: each time that a message went out."""
_NOTED = "INSERT INTO crash_sent (message_id) VALUES (NEW.id);"
_WHEN = """
    AFTER UPDATE OF sent_at ON messages FOR EACH ROW
    WHEN (OLD.sent_at IS DISTINCT FROM NEW.sent_at)
"""
_WATCHING = {
    "sqlite": (f"CREATE TRIGGER crash_sent {_WHEN} BEGIN {_NOTED} END",),
    "postgresql": (
        f"CREATE FUNCTION crash_sent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_NOTED} RETURN NULL; END $$",
        f"CREATE TRIGGER crash_sent {_WHEN} EXECUTE FUNCTION crash_sent()",
    ),
}


@dataclass(frozen=True)
class Somebody:
    """A person, and the token of its program."""

    name: str
    key: int
    token: str


@dataclass(frozen=True)
class Town:
    """Who is there, and the records that are contested or repaired."""

    people: dict[str, Somebody]
    records: tuple[int, ...]
    others: tuple[int, ...]


@contextmanager
def database(folder: Path, beside: str | None) -> Iterator[str]:
    """The address of an empty database: a file, or one beside a PostgreSQL database.

    The latter is dropped afterwards, unless an exception passes: then it is left to be looked at.
    """
    if beside is None:
        yield f"sqlite:///{folder / 'redress.db'}"
        return
    url = make_url(beside).set(drivername="postgresql")
    name = f"{url.database}_crash_{os.getpid()}"
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url.set(database=name).render_as_string(hide_password=False)
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


def build(records: int) -> Town:
    """Migrate and fill the database of the application; `records` of the company are sanctioned."""
    flask_migrate.upgrade()
    with not_waiting_for_the_disk():
        city = build_city()
        contested = [_record(city, number) for number in range(records)]
        others = [city.record("provider2", "other") for _ in range(8)]
        people = _let_in(city)
        watch_messages()
    return Town(people, tuple(contested), tuple(others))


def _record(city: City, number: int) -> int:
    """Two of three are sanctioned, some twice; the minimum period of all is over."""
    record = city.repairable(("provider", "provider2")[number % 2])
    if number % 3:
        city.sanction(record, mandatory=number % 2 == 0)
    if number % 5 == 0:
        city.sanction(record, department="executor2", ends_on=date(2030, 1, 1))
    return record


def _let_in(city: City) -> dict[str, Somebody]:
    with transaction():
        db.session.execute(sa.update(Person).values(password_hash=hash_password(PASSWORD)))
        return {
            name: Somebody(name, key, issue_token(db.session.get_one(Person, key)))
            for name, key in ((name, actor.person_id) for name, actor in city.actor.items())
            if key is not None
        }


def watch_messages() -> None:
    """Write down each sending, so that a message that goes out twice is seen."""
    with transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE crash_sent (message_id INTEGER NOT NULL)")
        for statement in _WATCHING[connection.dialect.name]:
            connection.exec_driver_sql(statement)
