"""What processes cost, as Linux counts it: time of a processor, and memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

PROC: Final = Path("/proc")
TICKS: Final = os.sysconf("SC_CLK_TCK")
KIB: Final = 1024.0
EVERY: Final = 0.5
DRAWS: Final = "multiprocessing.forkserver"
"""By this in its command one knows the renderer of notices, and what is forked from it."""

_SESSION: Final = 3
_OWN: Final = slice(11, 13)
_WITH_CHILDREN: Final = slice(11, 15)
"""Places in /proc/PID/stat from the state on: its session; its time of user and system, and that of
its children that have ended."""


@dataclass(frozen=True)
class Cost:
    """Seconds of a processor since the beginning; MiB then, and the most at once."""

    seconds: float
    memory_before: float
    memory: float


class Group(Protocol):
    """Processes that are counted together."""

    def seconds(self) -> float:
        """Of a processor, used by now."""

    def memory(self) -> float:
        """MiB; what is shared with others is shared out."""


@dataclass(frozen=True)
class Session:
    """A process that began a session, and all that it started there: to draw, or else."""

    leader: int
    drawing: bool = False

    def seconds(self) -> float:
        """Those of who has ended are counted by who started it."""
        return sum(_seconds(said, _WITH_CHILDREN) for _, said in self._members())

    def memory(self) -> float:
        """Of all that are there now."""
        return sum(_memory(pid) for pid, _ in self._members())

    def _members(self) -> list[tuple[int, list[str]]]:
        said = ((pid, _stat(pid)) for pid in _all())
        found = [(pid, one) for pid, one in said if one and int(one[_SESSION]) == self.leader]
        return [one for one in found if (DRAWS in _command(one[0])) == self.drawing]


@dataclass
class Backends:
    """The processes in which a PostgreSQL of this machine serves connections to a database."""

    database: str
    _known: dict[int, float] = field(default_factory=dict)

    def seconds(self) -> float:
        """With those of connections that were seen and have ended."""
        self._known |= {pid: _seconds(_stat(pid), _OWN) for pid in self._members()}
        return sum(self._known.values())

    def memory(self) -> float:
        """Of all that are there now."""
        return sum(map(_memory, self._members()))

    def _members(self) -> list[int]:
        said = ((pid, _command(pid)) for pid in _all())
        names = f" {self.database} "
        return [pid for pid, one in said if one.startswith("postgres:") and names in one]


@dataclass
class Watch:
    """Looks at groups again and again, so that it sees what ends before anybody asks."""

    groups: Mapping[str, Group]
    _before: dict[str, float] = field(default_factory=dict)
    _memory_before: dict[str, float] = field(default_factory=dict)
    _memory: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def begin(self) -> None:
        """From now on what is used counts."""
        self._before = self._look()
        self._memory_before = dict(self._memory)
        self._thread.start()

    def end(self) -> dict[str, Cost]:
        """What each group has cost since."""
        self._over.set()
        self._thread.join()
        return {
            name: Cost(used - self._before[name], self._memory_before[name], self._memory[name])
            for name, used in self._look().items()
        }

    def _go_on(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> dict[str, float]:
        for name, group in self.groups.items():
            self._memory[name] = max(group.memory(), self._memory.get(name, 0.0))
        return {name: group.seconds() for name, group in self.groups.items()}


def _all() -> Iterator[int]:
    return (int(path.name) for path in PROC.iterdir() if path.name.isdecimal())


def _stat(pid: int) -> list[str]:
    """The fields from the state on; nothing where it has ended."""
    try:
        said = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return said.rpartition(")")[2].split()


def _seconds(said: list[str], what: slice) -> float:
    return sum(map(int, said[what])) / TICKS


def _memory(pid: int) -> float:
    try:
        said = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = [line.split()[1] for line in said.splitlines() if line.startswith("Pss:")]
    return int(found[0]) / KIB if found else 0.0


def _command(pid: int) -> str:
    """How it was started, or what it calls itself."""
    try:
        said = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ""
    return said.replace(b"\0", b" ").decode("utf-8", "replace")
