"""A server of its own with a small city, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from app.db import db, transaction
from app.factory import create_app
from app.people.models import Person
from config import ROOT, Config
from tests.app.cases.city import City, build_city
from tests.conftest import own_database
from tests.stories.desks import PASSWORD_HASH

CHROMIUM = shutil.which("chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
everywhere = pytest.mark.parametrize(
    ("place", "options"),
    [
        pytest.param(0, {}, id="desk"),
        pytest.param(1, {"java_script_enabled": False}, id="without-javascript"),
        pytest.param(2, PHONE, id="phone"),
    ],
)
"""Each record of the site is taken once, by another sort of window."""


@dataclass
class Site:
    """Where the server is, the records that nobody has contested yet, and those to be repaired."""

    address: str
    records: list[int] = field(default_factory=list)
    repairable: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that is no demonstration, whose people have the password of all tests."""
    folder = tmp_path_factory.mktemp("site")
    with own_database() as database_url:
        environ = _environ(folder, database_url)
        records, repairable = _seed(environ)
        with _served(environ, folder / "server.log"):
            yield Site(environ["PUBLIC_BASE_URL"], records, repairable)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as Debian has it."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens windows of somebody new; what goes wrong in one of them fails the test."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(base_url=site.address, locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        _listen(context, faults)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _listen(context: BrowserContext, faults: list[str]) -> None:
    """Note what scripts complain of, and what is asked for in vain."""

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(message.text)

    context.on("console", said)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("requestfailed", lambda asked: faults.extend(_failed(asked)))
    context.on("response", lambda answer: faults.extend(_refused(answer)))


def _failed(request: Request) -> list[str]:
    # A browser breaks off itself what it keeps as a file, and an icon when one leaves the page.
    ours = request.failure == "net::ERR_ABORTED"
    return [] if ours else [f"{request.url}: {request.failure}"]


def _refused(response: Response) -> list[str]:
    return [f"{response.url}: {response.status}"] if response.status >= 400 else []


def _environ(folder: Path, database_url: str | None) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "DATABASE_URL": database_url or f"sqlite:///{folder}/redress.db",
        "DATA_DIR": str(folder),
        "DEMO": "0",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "s" * 32,
        "FIELD_KEY": "f" * 32,
        "AUDIT_KEY": "a" * 32,
    }


def _seed(environ: dict[str, str]) -> tuple[list[int], list[int]]:
    """The city with three records, each with a sanction, and three to be repaired; their keys."""
    app = create_app(Config.from_env(environ))
    with app.app_context():
        flask_migrate.upgrade()
        city: City = build_city()
        with transaction():
            db.session.execute(sa.update(Person).values(password_hash=PASSWORD_HASH))
        records = [city.record() for _ in range(3)]
        repairable = [city.repairable() for _ in range(3)]
        for record in (*records, *repairable):
            city.sanction(record)
        db.session.remove()
        db.engine.dispose()
    return records, repairable


@contextmanager
def _served(environ: dict[str, str], log: Path) -> Iterator[None]:
    address = environ["PUBLIC_BASE_URL"]
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", address.partition("//")[2]]
    command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environ, stdout=out, stderr=out
        )
        try:
            _wait_for(f"{address}/healthz", process, log)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            opener.open(address, timeout=5).close()
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server does not answer: {log.read_text(errors='replace')[-2000:]}")
