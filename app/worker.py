"""The worker: drains the outbox and ticks the clock, over and over, until it is told to stop."""

from __future__ import annotations

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

from app.cases.due import tick
from app.delivery import commands as delivery
from app.delivery.cli import ALSO
from app.delivery.outbox import WAKE
from app.exchange import handing_in
from config import Config

HUEY: Final = "redress.huey"
STOPPING: Final = "redress.stopping"
"""Under this name of `app.extensions` stands what says whether the worker was told to stop."""
THREADS: Final = 3
"""One may be busy with a long import, which leaves the others to the sweep and the clock."""
AT_ONCE: Final = 10
"""Rows of one sweep: few, so that a worker that is told to stop has soon finished."""
SWEEP_EVERY: Final = 1.0
TICK_EVERY: Final = 5.0
TO_FINISH: Final = 25


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


class OfficeConsumer(Consumer):
    """Ends as cleanly on SIGINT as on SIGTERM: what is under way is finished."""

    scheduler_class = EverySecond

    def __init__(self, huey: Huey) -> None:
        super().__init__(huey, workers=THREADS, max_delay=0.5, shutdown_timeout=TO_FINISH)
        self._signal_actions = dict.fromkeys((signal.SIGTERM, signal.SIGINT), (False, True))


def init_app(app: Flask) -> None:
    """Give the application its queue; with Redis, each commit then wakes a worker at once."""
    settings: Config = app.config["REDRESS"]
    url = settings.redis_url
    huey = RedisHuey("redress", url=url, results=False) if url else MemoryHuey(results=False)
    work_on = _register(app, huey)
    app.extensions[HUEY] = huey
    app.extensions[ALSO] = (handing_in.run_all,)
    if url:
        app.extensions[WAKE] = lambda keys: _enqueue(work_on, keys)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Draw PDFs, deliver messages, take in files and the steps that are due, until stopped."""
    consumer = OfficeConsumer(current_app.extensions[HUEY])
    current_app.extensions[STOPPING] = consumer.stop_flag.is_set
    consumer.run()


def _register(app: Flask, huey: Huey) -> Callable[[int], Any]:
    """Tell the queue its tasks; gives the one that a commit asks for."""
    import_files = _one_at_a_time(app)

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


def _enqueue(work_on: Callable[[int], Any], keys: Iterable[int]) -> None:
    for key in keys:
        work_on(key)
