"""The city in which people work: units and staff, and a firm with a record for each case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from app.db import db, not_waiting_for_the_disk, transaction
from app.factory import create_app
from app.people.commands import represent
from app.people.models import Person, Subject
from app.people.passwords import hash_password
from tests.accounts import PASSWORD
from tests.app.cases.city import City, build_city
from tests.serving import Installation

SIDES = ("", "2")
"""Of providers and departments there are two each: what is told apart by this ending."""
SANCTIONS = 2


@dataclass(frozen=True)
class Contested:
    """A record that its firm will contest; `side` tells whose it is and who sanctions for it."""

    record: int
    firm: str
    side: str


@contextmanager
def opened(there: Installation) -> Iterator[Flask]:
    """The application of an installation, here in this process and without its worker."""
    app = create_app(there.config())
    with app.app_context():
        engine = db.engine
        try:
            yield app
        finally:
            db.session.remove()
            engine.dispose()


def build(cases: int, sides: Sequence[str] = SIDES) -> list[Contested]:
    """Migrate and fill the database of the application, with a record for each case.

    Everybody signs in with PASSWORD.
    """
    flask_migrate.upgrade()
    with not_waiting_for_the_disk():
        city = build_city()
        found = [_contested(city, number, sides[number % len(sides)]) for number in range(cases)]
        with transaction():
            db.session.execute(sa.update(Person).values(password_hash=hash_password(PASSWORD)))
    return found


def _contested(city: City, number: int, side: str) -> Contested:
    firm = f"firm-{number}"
    with transaction():
        subject = Subject(
            kind="organisation", name=f"惠州市第{number}印染厂", code=f"C{number:017}"
        )
        person = Person(username=firm, name="法定代表人", password_hash="!")
        db.session.add_all([subject, person])
        db.session.flush()
        represent(person, subject, "self")
        city.subject[firm] = subject.id
    record = city.record(f"provider{side}", firm)
    for _ in range(SANCTIONS):
        city.sanction(record, department=f"executor{side}", subject=firm)
    return Contested(record, firm, side)
