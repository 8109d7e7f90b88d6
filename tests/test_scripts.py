"""The scripts: the server serves, and ends cleanly when it is told to."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest

from config import ROOT
from tests.conftest import type_of_database

pytestmark = pytest.mark.skipif(type_of_database != "sqlite", reason="it brings its own database")

PATIENCE = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def server(tmp_path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own that is no demonstration, and its address."""
    port = free_port()
    environ = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/redress.db",
        "DATA_DIR": str(tmp_path),
        "DEMO": "0",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECRET_KEY": "s" * 32,
        "FIELD_KEY": "f" * 32,
        "AUDIT_KEY": "a" * 32,
    }
    for name in ("PUBLIC_BASE_URL", "TRUSTED_HOSTS", "REDIS_URL"):
        environ.pop(name, None)
    process = subprocess.Popen(
        [ROOT / "script" / "server"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until_healthy(process: subprocess.Popen[str], address: str) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[0]
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                status: int = answer.status
                return status
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} did not answer")


def wait_for_set_up(process: subprocess.Popen[str]) -> None:
    """The script has set its traps and works."""
    end = time.monotonic() + PATIENCE
    while not children_of(process, "script/setup"):
        assert time.monotonic() < end, "nothing was started"
        time.sleep(0.05)


def children_of(process: subprocess.Popen[str], named: str = "") -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", "-P", str(process.pid), named],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line) for line in found.stdout.split()]


def session_is_empty(process: subprocess.Popen[str]) -> bool:
    """Whether no process is left of those that it started."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_the_server_serves_and_ends_with_status_0(server, order):
    process, address = server
    assert wait_until_healthy(process, address) == 200
    process.send_signal(order)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    assert session_is_empty(process)
    assert "Traceback" not in output


def test_the_server_ends_with_status_0_while_it_is_still_starting(server):
    process, _ = server
    wait_for_set_up(process)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    assert session_is_empty(process)


def test_the_server_ends_with_a_fault_when_a_process_is_lost(server):
    process, address = server
    wait_until_healthy(process, address)
    os.kill(children_of(process)[0], signal.SIGKILL)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, output
    assert "ended by itself" in output
