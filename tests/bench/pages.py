"""Pages and what they cost with a thousand cases, with a hundred thousand and with a million."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db, transaction
from app.people.commands import sign_in
from app.people.models import Person
from tests.app.cases.telling import MONDAY
from tests.bench.databases import Place
from tests.bench.measuring import Measured, Tell, percentile
from tests.bench.population import PASSWORD, SOURCES, fill

SIZES: Final = (1_000, 100_000, 1_000_000)
QUICK: Final = (1_000, 100_000)
P95: Final = 100
SLOWER: Final = 1.3
NUMBER: Final = 1_000_200
PAGES: Final = {
    "inbox of the office": ("clerk", "/"),
    "inbox of a department": ("executor", "/"),
    "page of an objection": ("clerk", f"/cases/YY-2026-{NUMBER}"),
    "page of a suspension": ("executor", f"/cases/ZT-2026-{NUMBER}"),
    "list of cases": ("clerk", "/cases"),
    "list of cases of a provider": ("provider", "/cases"),
    "list of records": ("clerk", "/records"),
    "list of records of a provider": ("provider", "/records"),
    "what is disclosed": (None, "/disclosed"),
}


@dataclass
class Town:
    """An application with so many cases, and who is signed in."""

    app: Flask
    cases: int
    clients: dict[str | None, FlaskClient] = field(default_factory=dict)
    statements: int = 0

    def load(self, who: str | None, path: str) -> float:
        """Load a page and give how long it took, in milliseconds; counts its statements."""
        self.statements = 0
        began = time.perf_counter()
        response = self.clients[who].get(path)
        response.get_data()
        took = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            message = f"{path}: {response.status}"
            raise RuntimeError(message)
        return took

    def count(self, *_: Any) -> None:
        """A statement was sent."""
        self.statements += 1


def pages(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """Each page in databases of every size, in turns."""
    loads = 30 if quick else 100
    with clock.at(MONDAY), ExitStack() as stack:
        towns = [
            stack.enter_context(_town(place, size, tell)) for size in (QUICK if quick else SIZES)
        ]
        found: list[Measured] = []
        for name, (who, path) in PAGES.items():
            tell(name)
            found += _compared(name, towns, who, path, loads)
    return found


def _compared(
    name: str, towns: Sequence[Town], who: str | None, path: str, loads: int
) -> list[Measured]:
    times: dict[int, list[float]] = {town.cases: [] for town in towns}
    for turn in range(loads + 3):
        for town in towns:
            took = town.load(who, path)
            if turn >= 3:  # the first ones fill caches
                times[town.cases].append(took)
    counts = {town.cases: town.statements for town in towns}
    small = towns[0].cases
    return [
        Measured(
            name=f"{name}, {town.cases:,} cases (p95)",
            unit="ms",
            ours=percentile(times[town.cases], 95),
            reference=percentile(times[small], 95),
            ratio=statistics.median(times[town.cases]) / statistics.median(times[small]),
            aim=P95,
            aim_of_ratio=SLOWER,
            more={
                "p50": statistics.median(times[town.cases]),
                "statements": counts[town.cases],
                "statements at first": counts[small],
            },
        )
        for town in towns[1:]
    ]


@contextmanager
def _town(place: Place, cases: int, tell: Tell) -> Iterator[Town]:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in SOURCES)).hexdigest()[:12]

    def make() -> None:
        tell(f"making {cases:,} cases")
        began = time.perf_counter()
        fill(cases)
        tell(f"made {cases:,} cases in {time.perf_counter() - began:.0f} s")

    with place.kept(f"bench_{cases}_{digest}", make) as app:
        town = Town(app, cases)
        for who in {who for who, _ in PAGES.values()}:
            town.clients[who] = _signed_in(app, who)
        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", town.count)
        yield town


def _signed_in(app: Flask, who: str | None) -> FlaskClient:
    client = app.test_client()
    if who is None:
        return client
    with app.app_context():
        with transaction():
            person = db.session.scalars(sa.select(Person).where(Person.username == who)).one()
            token = sign_in(person, PASSWORD)
        db.session.remove()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client
