"""Many threads at once, each with an app context and a session of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier
from typing import TypeVar

from flask import Flask

from app import clock
from app.db import db

Answer = TypeVar("Answer")


def at_once(app: Flask, day: date, work: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Let all of them begin at the same moment; what each came to, or the first that it raised."""
    ready = Barrier(len(work))

    def one(job: Callable[[], Answer]) -> Answer:
        with app.app_context(), clock.at(day):
            ready.wait()
            try:
                return job()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(one, work))


@contextmanager
def nothing_logged() -> Iterator[None]:
    """What the program can only log, in whichever thread, is a failure."""
    kept = _Kept(logging.ERROR)
    logger = logging.getLogger("app")
    logger.addHandler(kept)
    try:
        yield
    finally:
        logger.removeHandler(kept)
    assert not kept.said, kept.said


class _Kept(logging.Handler):
    """Keeps what was logged as an error."""

    said: list[str]

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))
