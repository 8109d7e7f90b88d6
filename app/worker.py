"""The worker: drains the outbox and ticks the clock, over and over, until it is told to stop.

Each worker has a clock of its own and looks for work every second. With Redis a commit also wakes
one of them at once; while Redis is out of reach nothing is lost but that second.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import MemoryHuey, RedisHuey
from huey.api import Huey
from huey.consumer import Consumer, Scheduler
from redis import ConnectionPool
from redis.exceptions import RedisError

from app import drafts
from app.cases.due import tick
from app.delivery import commands as delivery
from app.delivery.cli import ALSO
from app.delivery.outbox import WAKE
from app.exchange import handing_in
from config import Config

log = logging.getLogger(__name__)

CLOCKWORK: Final = "redress.clockwork"
BELL: Final = "redress.bell"
"""Under these names of `app.extensions` stand the queue of what a worker does by its own clock, and
that of what a commit asks for, where there is Redis."""
STOPPING: Final = "redress.stopping"
"""Under this name of `app.extensions` stands what says whether the worker was told to stop."""
THREADS: Final = 3
"""One may be busy with a long import, which leaves the others to the sweep and the clock."""
LISTENING: Final = 2
"""More threads where there is Redis: few, for each may draw, which takes a processor and memory."""
AT_ONCE: Final = 10
"""Rows of one sweep: few, so that a worker that is told to stop has soon finished."""
SWEEP_EVERY: Final = 1.0
TICK_EVERY: Final = 5.0
CLEAR_EVERY: Final = 3600.0
TO_FINISH: Final = 25
REDIS_ANSWERS: Final = {"socket_connect_timeout": 1.0, "socket_timeout": 2.0}
"""Within so many seconds, or it is out of reach; a worker listens for one second at a time."""
REST: Final = 10.0
"""Seconds for which Redis is left alone after it was out of reach."""


class Every:
    """When a periodic task is due: at once, then every so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = time.monotonic()

    def __call__(self, _moment: object) -> bool:
        """Whether it is due now; asking counts."""
        moment = time.monotonic()
        if moment < self._next:
            return False
        self._next = moment + self._seconds
        return True


class EverySecond(Scheduler):
    """Looks for periodic tasks once a second, not once a minute."""

    periodic_task_seconds = 1


class Listener(Consumer):
    """Does what commits ask for; out of reach of Redis it tries again ever more rarely."""

    def __init__(self, huey: Huey) -> None:
        super().__init__(
            huey,
            workers=LISTENING,
            periodic=False,
            scheduler_interval=60,
            backoff=2,
            max_delay=REST,
            shutdown_timeout=TO_FINISH,
        )


class OfficeConsumer(Consumer):
    """Ends as cleanly on SIGINT as on SIGTERM: what is under way is finished, elsewhere too."""

    scheduler_class = EverySecond

    def __init__(self, huey: Huey, listener: Listener | None) -> None:
        super().__init__(huey, workers=THREADS, max_delay=0.5, shutdown_timeout=TO_FINISH)
        self._signal_actions = dict.fromkeys((signal.SIGTERM, signal.SIGINT), (False, True))
        self._listener = listener

    def start(self) -> None:
        """Begin both; the signals are ours, for whoever begins last takes them."""
        if self._listener:
            self._listener.start()
        super().start()

    def stop(self, graceful: bool = False) -> None:
        """End both, which begin to end at the same time."""
        if self._listener:
            self._listener.stop_flag.set()
        super().stop(graceful)
        if self._listener:
            self._listener.stop(graceful)


class Bell:
    """Wakes a worker, wherever it is; a commit hardly waits for a Redis that is out of reach."""

    def __init__(self, ring: Callable[[int], object]) -> None:
        self._ring = ring
        self._rests_until = 0.0

    def __call__(self, keys: Iterable[int]) -> None:
        """Ask for these rows of the outbox; never raises what Redis raises."""
        if time.monotonic() < self._rests_until:
            return
        try:
            for key in keys:
                self._ring(key)
        except RedisError as error:
            self._rests_until = time.monotonic() + REST
            log.warning(
                "Redis is out of reach, workers look by themselves: %s", type(error).__name__
            )


def init_app(app: Flask) -> None:
    """Give the application its queues; with Redis, each commit then wakes a worker at once."""
    settings: Config = app.config["REDRESS"]
    app.extensions[CLOCKWORK] = _clockwork(app)
    app.extensions[ALSO] = (handing_in.run_all,)
    if settings.redis_url:
        pool = ConnectionPool.from_url(settings.redis_url, **REDIS_ANSWERS)
        app.extensions[BELL] = RedisHuey("redress", connection_pool=pool, results=False)
        app.extensions[WAKE] = Bell(_on_the_bell(app, app.extensions[BELL]))


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Draw PDFs, deliver messages, take in files and the steps that are due, until stopped."""
    queues = current_app.extensions
    listener = Listener(queues[BELL]) if BELL in queues else None
    consumer = OfficeConsumer(queues[CLOCKWORK], listener)
    queues[STOPPING] = consumer.stop_flag.is_set
    consumer.run()


def _clockwork(app: Flask) -> Huey:
    """What a worker does over and over, in a queue that is its own."""
    huey = MemoryHuey(results=False)
    import_files = _one_at_a_time(app)
    settings: Config = app.config["REDRESS"]

    # A task that waited behind a long one is dropped: the next one does its work.
    @huey.periodic_task(Every(SWEEP_EVERY), expires=2)
    def sweep() -> None:
        with app.app_context():
            delivery.drain(AT_ONCE)

    @huey.periodic_task(Every(TICK_EVERY), expires=10)
    def tick_the_clock() -> None:
        with app.app_context():
            tick()

    @huey.periodic_task(Every(SWEEP_EVERY), expires=2)
    def take_files_in() -> None:
        import_files()

    @huey.periodic_task(Every(CLEAR_EVERY), expires=60)
    def clear_drafts() -> None:
        drafts.clear(settings.data_dir)

    return huey


def _on_the_bell(app: Flask, huey: Huey) -> Callable[[int], Any]:
    """The task that a commit asks for: to work on a row of the outbox."""

    @huey.task()
    def work_on(row_id: int) -> None:
        with app.app_context():
            delivery.run_one(row_id)

    task: Callable[[int], Any] = work_on
    return task


def _one_at_a_time(app: Flask) -> Callable[[], None]:
    """Works on the next file that was handed in, unless this process is at one already.

    A file takes minutes: two of them at once would leave few threads for all else.
    """
    busy = threading.Lock()

    def may_go_on() -> bool:
        return not app.extensions.get(STOPPING, lambda: False)()

    def import_files() -> None:
        if busy.acquire(blocking=False):
            try:
                with app.app_context():
                    handing_in.run_next(may_go_on)
            finally:
                busy.release()

    return import_files
