"""The worker does what is left to do, and ends with status 0 when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.delivery import outbox
from app.delivery.models import OutboxRow, Task
from app.worker import Every
from config import ROOT, Config

PATIENCE = 30


def test_a_periodic_task_is_due_at_once_and_then_after_its_time():
    every = Every(3600)
    assert every(None)
    assert not every(None)
    at_each_look = Every(0)
    assert at_each_look(None)
    assert at_each_look(None)


@pytest.fixture
def worker(make_app, tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on a database in which one row waits for a message that is not there."""
    app = make_app()
    settings: Config = app.config["REDRESS"]
    with app.app_context(), transaction():
        outbox.add(Task.DELIVER_MESSAGE, [4711])
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": settings.database_url,
        "DEMO": "1",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        with app.app_context():
            _until_tried()
        yield process
        process.kill()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(worker, told):
    worker.send_signal(told)
    assert worker.wait(PATIENCE) == 0


def _until_tried() -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        db.session.rollback()
        if db.session.scalar(sa.select(OutboxRow.attempts)):
            return
        time.sleep(0.2)
    pytest.fail("the worker did not begin")
