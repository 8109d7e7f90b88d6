"""Which steps are raced against each other, derived from the definitions, and what must come of it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, islice
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, db as database
from app.audit.chain import verify_chain
from app.cases import commands
from app.cases.facts import CaseFacts
from app.cases.history import _links
from app.cases.inputs import parse
from app.cases.possibilities import possible_steps
from app.cases.queries import case_for
from app.clock import today
from app.db import db
from app.errors import NotFound, RedressError
from app.people.actor import SYSTEM, Actor
from tests.app.cases.city import City, build_city
from tests.app.cases.invariants import assert_invariants
from tests.conftest import new_app
from tests.together.putting_back import Back, Said, keep, says
from tests.together.racing import GIVEN_UP_AFTER, Came, race, watched
from tests.together.ways import MONDAY, Way, ways
from tests.walks import inputs
from workflows import WORKFLOWS
from workflows.grammar import Step

ROUNDS: Final = int(os.environ.get("TOGETHER_ROUNDS", "2"))
"""How often each pair is raced."""
TRIES: Final = 4
"""Inputs that are tried until one is accepted."""


@dataclass
class Track:
    """An application with a database of its own in which races are run."""

    app: Flask
    city: City
    begin: Back


@contextmanager
def track(folder: Path) -> Iterator[Track]:
    """The small city, with people enough for two of each kind; gone afterwards."""
    with _nobody_waits_too_long(), new_app(folder) as app, app.app_context(), clock.at(MONDAY):
        _break_deadlocks_soon()
        do_not_wait_for_the_disk()
        city = build_city()
        for unit in ("provider", "provider2", "executor"):
            city.hire(f"{unit}-second", unit, f"{unit.rstrip('2')}.handler")
            city.hire(f"{unit}-approver-second", unit, f"{unit.rstrip('2')}.approver")
        city.actor["system"] = SYSTEM
        db.session.rollback()
        with watched():
            yield Track(app, city, keep("begin"))
        db.session.remove()


@contextmanager
def _nobody_waits_too_long() -> Iterator[None]:
    """Whoever is stopped holds its locks for as long as a slow machine takes to go on."""
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("lock_timeout", "statement_timeout"):
            patch.setitem(database.POSTGRESQL_TIMEOUTS, limit, f"{GIVEN_UP_AFTER}s")
        yield


def _break_deadlocks_soon() -> None:
    """PostgreSQL waits a second before it looks for a circle: too long for thousands of races."""
    if db.engine.dialect.name == "postgresql":
        name = db.engine.url.database
        with db.engine.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE \"{name}\" SET deadlock_timeout = '40ms'")
            connection.commit()
        db.engine.dispose()


def do_not_wait_for_the_disk() -> None:
    """A commit may be lost with the power: races are won and lost before it takes its 10 ms.

    The program has checked the connection before, and would refuse one that was set so.
    """

    def hurry(connection: Any, _: object) -> None:
        connection.execute("SET synchronous_commit = off")
        connection.commit()

    if db.engine.dialect.name == "postgresql":
        sa.event.listen(db.engine, "connect", hurry)


@dataclass
class Entry:
    """A step as somebody takes it: of this case, or one of another that has it as an effect."""

    step: Step
    who: str
    take: Callable[[int | None], Any]
    caused: bool = False


def moving(kind: str, state: str) -> list[Step]:
    """The steps that lead from a state elsewhere."""
    here = WORKFLOWS[kind].state(state)
    return [
        step
        for step in WORKFLOWS[kind].steps
        if here in step.sources and step.to is not None and step.to != here
    ]


def places() -> list[tuple[str, str]]:
    """Every state of every kind from which a step leads elsewhere."""
    return [
        (kind, state.name)
        for kind, workflow in WORKFLOWS.items()
        for state in workflow.states
        if moving(kind, state.name)
    ]


def pairs(kind: str, state: str) -> list[tuple[Step, Step]]:
    """All pairs of them, each with itself, too: two people do the same."""
    return list(combinations_with_replacement(moving(kind, state), 2))


def exclude_each_other(one: Step, other: Step) -> bool:
    """Whether by the definition whoever comes second finds nothing to do any more."""
    return one.to not in other.sources and other.to not in one.sources


@dataclass
class Ground:
    """A case in a state, the steps that can be taken from there, and what each leads to."""

    track: Track
    way: Way
    back: Back
    entries: dict[str, list[Entry]]
    able: list[tuple[str, str]] = field(default_factory=list)
    known: dict[tuple[tuple[str, str], ...], tuple[tuple[bool, ...], Said]] = field(
        default_factory=dict
    )

    def one_after_the_other(self, *entries: Entry) -> tuple[tuple[bool, ...], Said]:
        """Who succeeds where they take turns, and what all tables say then; once for each order."""
        key = tuple((entry.step.name, entry.who) for entry in entries)
        if key not in self.known:
            won = tuple(_succeeds(entry, self.way) for entry in entries)
            with clock.at(self.way.day):
                assert_invariants(db.session())
            self.known[key] = won, says()
            self.back()
        return self.known[key]

    def takers(self) -> list[tuple[str, str]]:
        """Who may take which step now, whatever is entered."""
        if not self.able:
            with clock.at(self.way.day):
                facts = CaseFacts(self.track.city.case(self.way.number), today())
                for who, actor in self.track.city.actor.items():
                    if _sees(actor, self.way.number):
                        offered = possible_steps(facts.row, actor, facts)
                        self.able += [(who, one.step.name) for one in offered if one.allowed]
            db.session.remove()
        return self.able

    def against(self, one: Step, other: Step) -> tuple[Entry, Entry] | None:
        """Two people who take these steps, not the same one where there is another."""
        found = [(a, b) for a in self.entries[one.name] for b in self.entries[other.name]]
        apart = [(a, b) for a, b in found if a.who != b.who]
        return next(iter(apart or found), None)

    def version(self) -> int:
        """What the page has seen."""
        return self.track.city.case(self.way.number).version

    def run(self, one: Entry, other: Entry, chance: random.Random) -> list[Came]:
        """One round; leaves everything as it was."""
        seen = self.version() if chance.random() < 0.5 else None
        db.session.remove()
        jobs = [lambda: one.take(seen), lambda: other.take(seen)]
        came = race(self.track.app, self.way.day, jobs, chance)
        self.judge(one, other, came, stale=seen is not None)
        return came

    def judge(self, one: Entry, other: Entry, came: list[Came], *, stale: bool) -> None:
        """What came is what comes of taking turns, in one order or the other; puts all back."""
        told = one.step.name, other.step.name, [repr(each.error or each.answer) for each in came]
        won = [each.won for each in came]
        caused = one.caused or other.caused
        if not caused and (stale or exclude_each_other(one.step, other.step)):
            assert won.count(True) == 1, told
        assert any(won), told
        assert verify_chain(_links()) is None, told
        after = says()
        self.back()
        possible = list(self._possible(one, other, won, stale=stale))
        assert after in possible, (told, [sorted(after ^ each) for each in possible])

    def _possible(
        self, one: Entry, other: Entry, won: list[bool], *, stale: bool
    ) -> Iterator[Said]:
        winners = [entry for entry, did in zip((one, other), won, strict=True) if did]
        if len(winners) == 2:
            for order in ((one, other), (other, one)):
                did, after = self.one_after_the_other(*order)
                if all(did):
                    yield after
            return
        (winner,) = winners
        (loser,) = [other] if winner is one else [one]
        if not (stale or exclude_each_other(one.step, other.step)):
            assert self._may_lose(winner, loser), (winner.step.name, loser.step.name)
        yield self.one_after_the_other(winner)[1]

    def _may_lose(self, winner: Entry, loser: Entry) -> bool:
        after = self.one_after_the_other(winner, loser)[0] == (True, False)
        return after or self.one_after_the_other(loser, winner)[0] == (False, True)


def _sees(actor: Actor, number: str) -> bool:
    try:
        case_for(actor, number)
    except NotFound:
        return False
    return True


def _succeeds(entry: Entry, way: Way) -> bool:
    with clock.at(way.day):
        try:
            entry.take(None)
        except RedressError:
            return False
        finally:
            db.session.remove()
    return True


def grounds(here: Track, kind: str, state: str) -> Iterator[Ground]:
    """Cases in that state, until every step that leads elsewhere can be taken in one of them.

    One at a time: with the next, the one before is no longer there.
    """
    missing = {step.name for step in moving(kind, state)}
    for make in ways(kind, state):
        if not missing:
            return
        here.begin()
        way = make(here.city, kind, state)
        assert here.city.state(way.number) == state
        made = Ground(here, way, keep("here"), {})
        for step in moving(kind, state):
            made.entries[step.name] = list(_entries(made, step))
        able = {name for name, entries in made.entries.items() if entries}
        if able & missing:
            missing -= able
            yield made
    assert not missing, f"tests.together.ways has no case in which one can {missing}"


def _entries(ground: Ground, step: Step) -> Iterator[Entry]:
    """At most two people who take it, both in a way that succeeds where they are alone."""
    for caused, told in ground.way.causes:
        if caused == step.name:
            yield Entry(step, told[2], _causing(ground, *told), caused=True)
            return
    seeds: list[int] = []
    for who in [who for who, name in ground.takers() if name == step.name][:2]:
        if not seeds:
            accepted = (seed for seed in range(TRIES) if _is_accepted(ground, step, who, seed))
            seeds = list(islice(accepted, 1))
        if seeds:
            yield Entry(step, who, _taking(ground, step, who, seeds[0]))


def _is_accepted(ground: Ground, step: Step, who: str, seed: int) -> bool:
    won = _succeeds(Entry(step, who, _taking(ground, step, who, seed)), ground.way)
    ground.back()
    return won


def _causing(
    ground: Ground, number: str, name: str, who: str, given: dict[str, Any]
) -> Callable[[int | None], Any]:
    return lambda _: ground.track.city.take(number, name, who, **given)


def _taking(ground: Ground, step: Step, who: str, seed: int) -> Callable[[int | None], Any]:
    number, actor = ground.way.number, ground.track.city.actor[who]
    with clock.at(ground.way.day):
        facts = CaseFacts(ground.track.city.case(number), today())
        raw = inputs.valid(step, facts, random.Random(f"{step.name} {seed}"))
        given = parse(step.takes, raw, facts.rules)
    db.session.remove()
    return lambda version: commands.take_step(number, step.name, actor, given, version=version)
