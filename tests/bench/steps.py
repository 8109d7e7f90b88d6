"""Steps of cases against the same rows written by hand: simple ones, and whole objections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from flask import Flask

from app import clock
from app.cases import commands
from app.cases.inputs import parse
from app.db import db
from app.records.queries import rules_today
from tests.app.cases.city import City, build_city
from tests.app.cases.telling import MONDAY
from tests.bench.databases import Place, Writes
from tests.bench.measuring import Measured, Tell, in_turns, rate
from workflows import WORKFLOWS

HELD: Final = 10
"""How many sanctions rest on the record of each objection."""
STEPS_AIM: Final = 300
OBJECTIONS_AIM: Final = 50
TURNS: Final = 10


def steps(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """Simple steps: of suspensions, which issue a notice, and of verifications, which do not."""
    size = 4 if quick else 10
    found = []
    with clock.at(MONDAY), place.opened() as app:
        with app.app_context():
            city = build_city()
            tell("filing and accepting objections whose children take the steps")
            cases = [_accepted(city, number) for number in _drafts(city, size * TURNS)]
            children = {
                kind: _children(city, cases, kind) for kind in ("suspension", "verification")
            }
        for name, kind, take in (
            ("step with a notice (suspension.confirm)", "suspension", _confirm),
            ("step without a notice (verification.acknowledge)", "verification", _acknowledge),
        ):
            tell(name)
            chosen = children[kind][: size * TURNS]
            found.append(_compared(place, app, name, city, chosen, take, STEPS_AIM))
    return found


def objections(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """Objections filed, submitted and accepted, each holding ten sanctions."""
    size = 1 if quick else 3
    with clock.at(MONDAY), place.opened() as app:
        with app.app_context():
            city = build_city()
            tell("importing records with sanctions")
            records = [_sanctioned(city) for _ in range(size * TURNS + 2)]
            for record in records[:2]:
                _filed_and_accepted(city, record)
        name = f"objection filed and accepted, {HELD} sanctions held"
        tell(name)
        return [_compared(place, app, name, city, records[2:], _filed_and_accepted, OBJECTIONS_AIM)]


def _compared(
    place: Place,
    app: Flask,
    name: str,
    city: City,
    cases: Sequence[object],
    take: Callable[[City, object], object],
    aim: float,
) -> Measured:
    """Take the steps, and write what they wrote once more in a copy of the database."""
    size = len(cases) // TURNS
    parts = [cases[start : start + size] for start in range(0, len(cases), size)]
    with place.opened(like=app) as twin:
        writes, counted = Writes(app), []

        def ours(part: Sequence[object]) -> None:
            with app.app_context():
                for one in part:
                    take(city, one)
            counted.append(writes.statements)

        turns = in_turns(
            [partial(ours, part) for part in parts], [partial(writes.again, twin)] * len(parts)
        )
    return rate(name, size, turns, aim, statements=round(sum(counted) / len(cases), 1))


def _sanctioned(city: City) -> int:
    record = city.record()
    for count in range(HELD):
        city.sanction(record, department="executor2" if count % 2 else "executor")
    return record


def _drafts(city: City, count: int) -> list[str]:
    found = []
    for _ in range(count):
        record = city.record()
        city.sanction(record)
        found.append(city.objection(record))
    return found


def _accepted(city: City, number: str) -> str:
    commands.take_step(number, "submit", city.actor["subject"], _said("objection", "submit"))
    return commands.take_step(number, "accept", city.actor["clerk"], _said("objection", "accept"))


def _filed_and_accepted(city: City, record: object) -> None:
    _accepted(city, city.objection(int(str(record))))


def _children(city: City, numbers: Sequence[str], kind: str) -> list[str]:
    found = [child for number in numbers for child in city.children(number, kind)]
    db.session.remove()
    return found


def _confirm(city: City, number: object) -> None:
    given = _said("suspension", "confirm", executed_on=MONDAY.isoformat(), note="已暂停")
    commands.take_step(str(number), "confirm", city.actor["executor"], given)


def _acknowledge(city: City, number: object) -> None:
    given = _said("verification", "acknowledge")
    commands.take_step(str(number), "acknowledge", city.actor["provider"], given)


def _said(kind: str, step: str, **said: object) -> object:
    return parse(WORKFLOWS[kind].step(step).takes, said, rules_today())
