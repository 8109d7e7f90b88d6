"""Two threads with one case: both begin at once, or one is stopped in the middle for the other.

Where PostgreSQL lets both go on at the same time, a race that both begin together is decided by
chance, and nearly always in the same way. So in most rounds the first is stopped before one of its
statements, another in each round, until the second has ended or waits for a lock.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db
from app.errors import RedressError

Job = Callable[[], Any]
LOOK_EVERY = 0.002
GIVEN_UP_AFTER = 60


def _is_chinese(said: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in said)


@dataclass
class Came:
    """What came of a job: what it returned, or what it raised."""

    answer: Any = None
    error: BaseException | None = None

    @property
    def won(self) -> bool:
        """Whether it returned."""
        return self.error is None

    def checked(self) -> Came:
        """Refused with a Chinese sentence by an error that people are told, or raise it."""
        match self.error:
            case RedressError(status=403 | 404 | 409, detail=said) if _is_chinese(said):
                pass
            case BaseException() as error:
                raise error
        return self


@dataclass
class _Runner:
    """A thread on its way: how many statements it has sent, and before which one it stops."""

    stops_before: int = 0
    statements: int = 0
    backend: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)
    came: Came | None = None

    def sends(self, connection: sa.Connection) -> None:
        """Called before each statement."""
        self.statements += 1
        if not self.backend and connection.dialect.name == "postgresql":
            self.backend = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]  # psycopg
        if self.statements == self.stops_before:
            self.stopped.set()
            assert self.goes_on.wait(GIVEN_UP_AFTER), "nobody let it go on"


_here = threading.local()


@contextmanager
def watched() -> Iterator[None]:
    """Threads that are stopped need to be watched: for as long as races are run."""
    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", _before)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", _before)


def _before(connection: sa.Connection, *_: object) -> None:
    runner = getattr(_here, "runner", None)
    if runner is not None:
        runner.sends(connection)


def race(app: Flask, day: date, jobs: Sequence[Job], chance: random.Random) -> list[Came]:
    """Run two jobs against each other; what came of each, in the order given."""
    kind, first = db.engine.dialect.name, chance.randrange(2)
    stops = 0 if kind == "sqlite" or chance.random() < 0.2 else _early(chance)
    runners = [_Runner(stops if place == first else 0) for place in range(2)]
    gate = threading.Barrier(1 if stops else 2)
    begun = [
        threading.Thread(target=_run, args=(app, day, jobs[place], runners[place], gate))
        for place in (first, 1 - first)
    ]
    begun[0].start()
    if stops:
        _wait(lambda: runners[first].stopped.is_set() or runners[first].came is not None)
    begun[1].start()
    if stops:
        second = runners[1 - first]
        with db.engine.connect() as watching:
            _wait(lambda: second.came is not None or _waits_for_a_lock(watching, second))
        runners[first].goes_on.set()
    for thread in begun:
        thread.join(GIVEN_UP_AFTER)
        assert not thread.is_alive(), "they wait for each other"
    return [runner.came.checked() for runner in runners if runner.came is not None]


def _early(chance: random.Random) -> int:
    """Before which statement: what is read and locked first decides more than what comes late."""
    return 1 + min(int(chance.expovariate(1 / 15)), 80)


def _run(app: Flask, day: date, job: Job, runner: _Runner, gate: threading.Barrier) -> None:
    _here.runner = runner
    with app.app_context(), clock.at(day):
        gate.wait()
        try:
            runner.came = Came(answer=job())
        except BaseException as error:  # noqa: BLE001 -- what came of it is looked at by `checked`
            runner.came = Came(error=error)
        finally:
            db.session.remove()


def _waits_for_a_lock(watching: sa.Connection, runner: _Runner) -> bool:
    if not runner.backend:
        return False
    chosen = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
    waits = watching.exec_driver_sql(chosen, (runner.backend,)).scalar()
    watching.rollback()
    return bool(waits)


def _wait(until: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(GIVEN_UP_AFTER / LOOK_EVERY)):
        if until():
            return
        pause.wait(LOOK_EVERY)
    message = "nothing happens any more"
    raise AssertionError(message)
