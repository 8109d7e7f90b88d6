"""The ground on which walks begin: a small city in a database that is made anew for each walk."""

from __future__ import annotations

import copy
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import flask_migrate
import psycopg
import sqlalchemy as sa
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import make_url

from app import clock
from app.db import db, not_waiting_for_the_disk, transaction
from app.errors import RedressError
from app.factory import create_app
from app.people.actor import SYSTEM, Actor
from app.people.commands import add_membership, represent
from app.people.models import Person, Subject, Unit
from app.people.queries import actor_of
from app.records import queries as registry
from config import Config
from tests.app.cases.city import City, build_city
from tests.walks.register import Register
from workflows.grammar import Role
from workflows.rules import Catalogue, catalogue

FIRST_DAY = date(2026, 8, 3)
PERSON = ("程某某", "441302199001011234")
AGENT_UNTIL = date(2026, 10, 30)
OTHERS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "both": ("office", (Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR)),
    "provider-both": ("provider", (Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER)),
    "provider-second": ("provider", (Role.PROVIDER_APPROVER,)),
    "executor-both": ("executor", (Role.EXECUTOR_HANDLER, Role.EXECUTOR_APPROVER)),
    "admin-system": ("office", (Role.ADMIN_SYSTEM,)),
    "admin-security": ("office", (Role.ADMIN_SECURITY,)),
    "admin-audit": ("office", (Role.ADMIN_AUDIT,)),
}
"""Who is there besides the people of the small city."""
Done = TypeVar("Done")


@dataclass
class Ground:
    """An application and the city in it; `renew` makes its database what it was at first."""

    app: Flask
    city: City
    renew: Callable[[], None]
    commits: int = 0
    written: set[str] = field(default_factory=set)

    def begun(self) -> World:
        """The city as it was built, for a new walk."""
        self.renew()
        return World(self, copy.deepcopy(self.city))

    def news(self) -> set[str]:
        """The tables written to since this was asked last."""
        found, self.written = self.written, set()
        return found


@dataclass
class World:
    """The city on the way of one walk: what day it is, which law it has, what was refused.

    `policy`: the switches of its law; `temper`: how much more often than elsewhere a step of a
    kind is taken, 1 where none is given; `register`: what the tables said after the last deed.
    """

    ground: Ground
    city: City
    day: date = FIRST_DAY
    records: list[int] = field(default_factory=list)
    policy: dict[str, str] = field(default_factory=dict)
    temper: dict[tuple[str, str], float] = field(default_factory=dict)
    register: Register = field(default_factory=Register)
    refusals: int = 0

    def __post_init__(self) -> None:
        self.records = list(db.session.scalars(sa.text("SELECT id FROM records ORDER BY id")))
        db.session.rollback()

    @property
    def people(self) -> list[str]:
        """Everybody by name, in a fixed order."""
        return sorted(self.city.actor)

    def actor(self, name: str) -> Actor:
        """Somebody as it stands today: an agent no longer acts once its time is over."""
        known = self.city.actor[name]
        if name != "agent" or known.person_id is None:
            return known
        found = actor_of(known.person_id)
        db.session.rollback()
        return found

    def do(self, command: Callable[[], Done], *, twice: bool = False) -> Done:
        """Let a command happen; one that is refused leaves every table as it was.

        Nothing is written but by a commit: they are counted, and now and then all is compared.
        """
        before = self.ground.commits
        whole = digest() if twice else ""
        try:
            return command()
        except RedressError:
            db.session.rollback()
            self.refusals += 1
            assert self.ground.commits == before, "refused, and yet something was committed"
            assert not whole or digest() == whole, "refused, and yet a table has changed"
            raise


def digest() -> str:
    """A digest of all rows of all tables; outside of any transaction."""
    whole = hashlib.sha256()
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table).order_by(*table.primary_key.columns))
        for row in rows:
            whole.update(repr((table.name, *row)).encode())
    db.session.rollback()
    return whole.hexdigest()


@contextmanager
def ground(data_dir: Path) -> Iterator[Ground]:
    """A ground of its own on the database that the tests run on; gone afterwards."""
    beside = os.environ.get("TEST_DATABASE_URL")
    with _on_postgresql(beside) if beside else _on_sqlite(data_dir) as (address, keep, renew):
        app = create_app(Config.for_tests(data_dir, address))
        app.testing = True
        with app.app_context():
            flask_migrate.upgrade()
            with clock.at(FIRST_DAY):
                city = _built()
            _leave()
            keep()
            made = Ground(app, city, _renewing(renew))
            sa.event.listen(db.engine, "commit", lambda _: _count(made))
            sa.event.listen(db.engine, "before_cursor_execute", _noting(made))
            try:
                with not_waiting_for_the_disk():
                    yield made
            finally:
                _leave()


def _count(made: Ground) -> None:
    made.commits += 1


def _noting(made: Ground) -> Callable[..., None]:
    written = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if found := written.match(statement):
            made.written.add(found[1])

    return note


@contextmanager
def ruled_by(policy: dict[str, str]) -> Iterator[None]:
    """A city of its own law: what it chooses where the nation leaves it the choice."""
    chosen = tuple(sorted(policy.items()))
    registry.__dict__["catalogue"] = lambda profile: _of_the_city(profile, chosen)
    try:
        yield
    finally:
        registry.__dict__["catalogue"] = catalogue


@cache
def _of_the_city(profile: str, policy: tuple[tuple[str, str], ...]) -> Catalogue:
    national, chosen = catalogue(profile), dict(policy)
    rows = tuple(replace(row, value=chosen.get(row.name, row.value)) for row in national.rows)
    return replace(national, rows=rows)


def _leave() -> None:
    db.session.remove()
    db.engine.dispose()


def _renewing(renew: Callable[[], None]) -> Callable[[], None]:
    def anew() -> None:
        _leave()
        renew()
        _hurry()

    return anew


def _hurry() -> None:
    """What is lost with the power is walked again."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            connection.exec_driver_sql("BEGIN")
    else:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SET synchronous_commit = off")
            connection.commit()


Place = tuple[str, Callable[[], None], Callable[[], None]]
"""An address, what keeps the database that is there now, and what brings it back."""


@contextmanager
def _on_sqlite(data_dir: Path) -> Iterator[Place]:
    file, kept = data_dir / "walk.db", data_dir / "begin.db"

    def renew() -> None:
        for beside in data_dir.glob("walk.db*"):
            beside.unlink()
        shutil.copyfile(kept, file)

    yield f"sqlite:///{file}", lambda: (shutil.copyfile(file, kept), None)[1], renew


@contextmanager
def _on_postgresql(beside: str) -> Iterator[Place]:
    url = make_url(beside).set(drivername="postgresql")
    name = f"{url.database}_walk_{os.getpid()}"
    begin = f"{name}_begin"
    administers = url.render_as_string(hide_password=False)
    with psycopg.connect(administers, autocommit=True) as connection:

        def make(new: str, like: str) -> None:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(new)))
            copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(copied.format(sql.Identifier(new), sql.Identifier(like)))

        make(name, "template1")
        address = url.set(database=name).render_as_string(hide_password=False)
        try:
            yield address, lambda: make(begin, name), lambda: make(name, begin)
        finally:
            for one in (name, begin):
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(one)))


def _built() -> City:
    """The small city, more people in it, records of three subjects and sanctions on them."""
    city = build_city()
    with transaction():
        person = Subject(kind="person", name=PERSON[0], code=PERSON[1])
        db.session.add(person)
        db.session.flush()
        city.subject["person"] = person.id
        represent(_hired("person"), person, "self")
        company = db.session.get_one(Subject, city.subject["company"])
        represent(_hired("agent"), company, "agent", "授权委托书", AGENT_UNTIL)
        for name, (unit, roles) in OTHERS.items():
            hired = _hired(name)
            for role in roles:
                add_membership(hired, db.session.get_one(Unit, city.unit[unit]), role)
        names = ("person", "agent", "nobody", *OTHERS)
        _hired("nobody")
        keys = {
            one.username: one.id
            for one in db.session.scalars(sa.select(Person).where(Person.username.in_(names)))
        }
    city.actor |= {name: actor_of(key) for name, key in keys.items()}
    city.actor["system"] = SYSTEM
    db.session.rollback()
    _record(city)
    return city


def _hired(name: str) -> Person:
    person = Person(username=name, name=f"{name}乙", password_hash="!")
    db.session.add(person)
    db.session.flush()
    return person


def _record(city: City) -> None:
    natural = {"subject_kind": "自然人", "code": "", "id_kind": "身份证", "id_no": PERSON[1]}
    old = {"decided_on": "2026-04-01", "penalty_kind": "罚款"}
    first = city.record()
    second, third = city.repairable(), city.repairable("provider2")
    minor = city.repairable("provider2", penalty_kind="警告")
    other = city.repairable(subject="other")
    city.repairable("provider2")
    city.record()
    natural_one = city.record(subject="person", **(old | natural))
    city.sanction(first, second, ends_on=None)
    city.sanction(first, third, department="executor2", mandatory=True)
    city.sanction(second, third, minor, ends_on=date(2026, 10, 9))
    city.sanction(third, department="executor2", starts_on=date(2026, 9, 1))
    city.sanction(second, mandatory=True)
    city.sanction(other, subject="other")
    city.sanction(natural_one, department="executor2", subject="person")
    db.session.rollback()
