"""The worker does what is left to do, with and without Redis, and ends with 0 when it is told to."""

from __future__ import annotations

import dataclasses
import itertools
import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from redis import Redis

from app import worker as worker_module
from app.db import db, transaction
from app.delivery import outbox
from app.delivery.models import OutboxRow, Task
from app.worker import BELL, Every
from config import Config
from tests import serving
from tests.serving import HOST, Installation, Running

PATIENCE = 30
nobodys = itertools.count(4711)
"""Keys of messages that are not there: whoever tries to deliver one is seen to have tried."""


def test_a_periodic_task_is_due_at_once_and_then_after_its_time():
    every = Every(3600)
    assert every(None)
    assert not every(None)
    at_each_look = Every(0)
    assert at_each_look(None)
    assert at_each_look(None)


@pytest.fixture
def office(make_app) -> Iterator[Flask]:
    app: Flask = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def worker(office) -> Iterator[Running]:
    """A worker that has begun to work on what was left."""
    row = work_is_left()
    with serving.worker(installation_of(office)) as running:
        until_tried(row)
        yield running


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(worker, told):
    worker.process.send_signal(told)
    assert worker.process.wait(PATIENCE) == 0


@pytest.fixture
def port(office) -> int:
    """Where the Redis of the office listens when it is there."""
    return redis_at(office, serving.free_port())


@pytest.mark.skipif(not serving.has_redis(), reason="no redis-server on this machine")
def test_redis_may_go_and_come_back_while_people_work(office, port, tmp_path):
    with serving.worker(installation_of(office)) as running:
        until_tried(work_is_left())
        for _ in range(2):
            redis_at(office, port)  # whoever commits has not just met with silence
            with serving.redis(tmp_path, port):
                until_tried(work_is_left())
                until(lambda: heard(port))
            until_tried(work_is_left())
        assert running.stop() == 0


def test_a_commit_asks_a_redis_that_does_not_answer_only_once(office):
    with socket.create_server((HOST, 0)) as silent:
        redis_at(office, silent.getsockname()[1])
        rows = [work_is_left(), work_is_left()]
        silent.settimeout(PATIENCE)
        silent.accept()[0].close()
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert not any(tried(row) for row in rows)


def redis_at(app: Flask, port: int) -> int:
    """From now on the application looks for its Redis on this port; gives the port."""
    settings: Config = app.config["REDRESS"]
    url = f"redis://{HOST}:{port}/0"
    app.config["REDRESS"] = dataclasses.replace(settings, redis_url=url)
    if BELL in app.extensions:
        app.extensions[BELL].storage.pool.disconnect()
    worker_module.init_app(app)
    return port


def installation_of(app: Flask) -> Installation:
    settings: Config = app.config["REDRESS"]
    return Installation(settings.data_dir, settings.database_url, settings.redis_url)


def work_is_left() -> int:
    """Commit work for a worker; gives the key of its row."""
    with transaction():
        outbox.add(Task.DELIVER_MESSAGE, [next(nobodys)])
        return db.session.scalars(sa.select(sa.func.max(OutboxRow.id))).one()


def tried(row: int) -> bool:
    """Whether a worker has begun to work on it."""
    db.session.rollback()
    return db.session.scalars(sa.select(OutboxRow.attempts).filter_by(id=row)).one() > 0


def heard(port: int) -> bool:
    """Whether a commit has rung the bell, and a worker has heard all that was rung."""
    with Redis(HOST, port) as redis:
        counts = redis.info("commandstats")
        rung = any(f"cmdstat_{name}" in counts for name in ("lpush", "rpush"))
        return rung and redis.llen("huey.redis.redress") == 0


def until_tried(row: int) -> None:
    until(lambda: tried(row))


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, "the worker did not do it"
        time.sleep(0.2)
