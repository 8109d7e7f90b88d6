"""The real program as it is run in an office: web processes, workers, and a Redis of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from config import ROOT, Config

HOST: Final = "127.0.0.1"
PATIENCE: Final = 120
"""Seconds in which a process must have begun, and must have ended when it is told to."""
THREADS: Final = 8
NOT_INHERITED: Final = ("TRUSTED_HOSTS", "RULES", "FLASK_RUN_FROM_CLI")


@dataclass(frozen=True)
class Installation:
    """What processes of one installation share; its keys are made in `data_dir`."""

    data_dir: Path
    database_url: str
    redis_url: str | None = None
    public_base_url: str = ""

    def environment(self) -> dict[str, str]:
        """The settings of the program, and what else the system gives to every process."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        return kept | {
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url or "",
            "PUBLIC_BASE_URL": self.public_base_url,
            "DEMO": "1",
        }

    def config(self) -> Config:
        """The same settings, for a look at the data from here."""
        return Config.from_env(self.environment())


@dataclass(frozen=True)
class Running:
    """A process that was started, with all those that it starts itself."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    port: int | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def stop(self) -> int:
        """Ask it to end; gives its status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it and all that it started, at once."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def database(folder: Path, beside: str | None, name: str) -> Iterator[str]:
    """The address of an empty database, which is dropped afterwards.

    A file in the folder, or one of that name beside the PostgreSQL database at the address.
    """
    if beside is None:
        yield f"sqlite:///{folder / name}.db"
        return
    url = make_url(beside).set(drivername="postgresql")
    named = sql.Identifier(name)
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(named))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


@contextmanager
def web(there: Installation, name: str = "web", port: int | None = None) -> Iterator[Running]:
    """A web process that serves, as `script/server` starts it; it is gone afterwards."""
    port = port or free_port()
    words = f"-m gunicorn wsgi:app --bind {HOST}:{port} --worker-class gthread --workers 1"
    more = f"--threads {THREADS} --preload --no-control-socket --log-level warning"
    command = [sys.executable, *words.split(), *more.split()]
    with _started(there, name, command, port) as running:
        until_healthy(running)
        yield running


@contextmanager
def worker(there: Installation, name: str = "worker") -> Iterator[Running]:
    """A worker; it is gone afterwards."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with _started(there, name, command) as running:
        yield running


def has_redis() -> bool:
    """Whether this machine can run a Redis."""
    return shutil.which("redis-server") is not None


@contextmanager
def redis(folder: Path, port: int) -> Iterator[Running]:
    """A Redis that keeps nothing on disk and listens on the port; it is gone afterwards."""
    words = f"--bind {HOST} --port {port} --appendonly no --dir {folder}"
    command = ["redis-server", *words.split(), "--save", ""]
    with _begun("redis", command, dict(os.environ), folder / "redis.log", port) as running:
        _until(lambda: _accepts(port), running)
        yield running


def until_healthy(running: Running) -> None:
    """Wait until a web process answers that it can serve; fails where it ends before."""
    _until(lambda: _is_healthy(running.address), running)


def _started(
    there: Installation, name: str, command: Sequence[str], port: int | None = None
) -> AbstractContextManager[Running]:
    return _begun(name, command, there.environment(), there.data_dir / f"{name}.log", port)


@contextmanager
def _begun(
    name: str, command: Sequence[str], environment: dict[str, str], log: Path, port: int | None
) -> Iterator[Running]:
    with log.open("ab") as told:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(name, process, log, port)
    try:
        yield running
    finally:
        running.kill()


def _until(so: Callable[[], bool], running: Running) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        said = running.log.read_text(encoding="utf-8", errors="replace")
        assert running.process.poll() is None, said
        assert time.monotonic() < end, said
        time.sleep(0.05)


def _is_healthy(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/healthz", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0
