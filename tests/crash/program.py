"""The program as the office runs it: the two processes of `script/server`, started and killed."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT

PATIENCE = 90.0
"""Seconds in which the program must be up, or gone."""
APPLICATION = "redress"
"""Its name among those who are connected to PostgreSQL."""
BEGINNINGS = {"web": ".venv/bin/gunicorn ", "worker": ".venv/bin/flask --app wsgi worker"}


def command(name: str, address: str) -> list[str]:
    """What `script/server` starts as "web" or "worker", word by word."""
    script = (ROOT / "script" / "server").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in script.splitlines()]
    (said,) = [line for line in lines if line.startswith(BEGINNINGS[name])]
    program, *words = shlex.split(said.removesuffix("&").replace("$address", address))
    return [sys.executable, str(Path(sys.executable).parent / Path(program).name), *words]


def environment(folder: Path, database_url: str, port: int) -> dict[str, str]:
    """An office that is no demonstration: its keys, its database, a folder for its files."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "DEMO": "0",
        "PGAPPNAME": APPLICATION,
        "PORT": str(port),
        "SECRET_KEY": "s" * 32,
        "FIELD_KEY": "f" * 32,
        "AUDIT_KEY": "a" * 32,
    }


@dataclass
class Process:
    """One of the two, with all that it starts: a process group of its own."""

    name: str
    port: int
    environ: dict[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    groups: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start it; whether it is up is another question."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                command(self.name, f"127.0.0.1:{self.port}"),
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.groups.append(self.running.pid)

    def kill(self) -> None:
        """SIGKILL for all of them at once, as when the machine fails."""
        assert self.running is not None
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def kill_alone(self) -> None:
        """SIGKILL for the first process, as when memory runs out; the others must notice."""
        assert self.running is not None
        self.running.kill()
        self.running.wait()

    def kill_child(self, place: int) -> None:
        """SIGKILL for one that it started, which it must replace."""
        children = self.children()
        if children:
            os.kill(children[place % len(children)], signal.SIGKILL)

    def children(self) -> list[int]:
        """What the first process has started and not lost."""
        assert self.running is not None
        tasks = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children")
        try:
            return [int(one) for one in tasks.read_text(encoding="ascii").split()]
        except (FileNotFoundError, ProcessLookupError):
            return []

    def stop(self) -> int:
        """End it as `script/server` does; gives its exit status."""
        assert self.running is not None
        self.running.terminate()
        return self.running.wait(PATIENCE)

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        if self.running is not None:
            self.running.wait()


def is_there(group: int) -> bool:
    """Whether a process of a group still lives; what has ended and was not reaped does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, found = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(found) == group and state not in {"Z", "X"}:
            return True
    return False


def wait_until_up(web: Process) -> float:
    """Wait until it answers that it can serve; gives the seconds that took."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        assert web.running is not None
        assert web.running.poll() is None, f"the web process ended by itself, see {web.log}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{web.port}/healthz", timeout=5):
                return time.monotonic() - begun
        except OSError:
            time.sleep(0.05)
    message = f"not up within {PATIENCE:.0f} s, see {web.log}"
    raise AssertionError(message)
