"""Runs the real program in a shape, lets people work, and says what that took."""

from __future__ import annotations

import itertools
import os
import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from tests import serving
from tests.bench.measuring import percentile
from tests.load import checking, disk
from tests.load.browsing import Asked, Door
from tests.load.clients import Work, at_work
from tests.load.town import SIDES, Contested, build, opened
from tests.load.watching import Backends, Group, Session, Watch
from tests.serving import HOST, Installation, Running

Tell = Callable[[str], object]
TELL_EVERY: Final = 2.0
PARTS: Final = (50, 95, 99)
FAULT: Final = 1000
"""Characters of a fault that are kept."""
_runs = itertools.count(1)


@dataclass(frozen=True)
class Shape:
    """How many processes there are, and on what they rest."""

    web: int
    workers: int
    beside: str | None
    """The address of a PostgreSQL database beside which one is made; None for SQLite."""
    redis: bool

    def __str__(self) -> str:
        on = "PostgreSQL" if self.beside else "SQLite"
        return f"{self.web} web + {self.workers} worker, {on}{' + Redis' if self.redis else ''}"


@dataclass(frozen=True)
class Crowd:
    """How many people work at a time, on how many cases, and within how many seconds.

    `pause`: seconds that pass at least between the parts of a case; `parts`: how many of the four,
    filing, answering, deciding and resuming, are done.
    """

    clients: int
    cases: int
    seconds: float
    pause: float = 0.0
    parts: int = 4


@dataclass
class Report:
    """What a run took: seconds of the clock and of processors, MiB and bytes, and its faults."""

    shape: str
    clients: int
    load: float
    cases: int = 0
    requests: int = 0
    seconds: float = 0.0
    kinds: dict[str, dict[str, float]] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    memory_before: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    drawing: dict[str, float] = field(default_factory=dict)
    grown: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """The program while it runs."""

    there: Installation
    webs: Sequence[Running]
    workers: Sequence[Running]
    redis: Sequence[Running]

    def groups(self) -> dict[str, Group]:
        """What is counted together."""
        found: dict[str, Group] = {
            one.name: Session(one.process.pid) for one in (*self.webs, *self.workers, *self.redis)
        }
        for one in (*self.webs, *self.workers):
            found[f"drawing in {one.name}"] = Session(one.process.pid, drawing=True)
        url = make_url(self.there.database_url)
        if url.get_backend_name() == "postgresql":
            found["postgresql"] = Backends(str(url.database))
        return found


def run(shape: Shape, crowd: Crowd, folder: Path, tell: Tell) -> Report:
    """Start the program on a new database, let people work, check what is left, and end it.

    Faults are written down in the report; AssertionError where the program does not even begin.
    """
    report = Report(str(shape), crowd.clients, os.getloadavg()[0])
    name = f"load_{os.getpid()}_{next(_runs)}"
    with ExitStack() as stack:
        address = stack.enter_context(serving.database(folder, shape.beside, name))
        there = _installation(folder / name, address, redis=shape.redis)
        stack.enter_context(opened(there))
        tell("building the city")
        cases = build(crowd.cases, SIDES[: crowd.clients])
        before = disk.sizes()
        with _started(there, shape) as site:
            _work(site, cases, crowd, report, tell)
            _check(site, report, tell)
        report.grown = disk.grown(before, disk.sizes())
    return report


def _installation(data_dir: Path, address: str, *, redis: bool) -> Installation:
    data_dir.mkdir(mode=0o700)
    url = f"redis://{HOST}:{serving.free_port()}/0" if redis else None
    return Installation(data_dir, address, url)


@contextmanager
def _started(there: Installation, shape: Shape) -> Iterator[Site]:
    with ExitStack() as stack:
        port = make_url(there.redis_url).port if there.redis_url else None
        redis = [stack.enter_context(serving.redis(there.data_dir, port))] if port else []
        webs = [
            stack.enter_context(serving.web(there, f"web {number}"))
            for number in range(1, shape.web + 1)
        ]
        workers = [
            stack.enter_context(serving.worker(there, f"worker {number}"))
            for number in range(1, shape.workers + 1)
        ]
        yield Site(there, webs, workers, redis)


def _work(site: Site, cases: Sequence[Contested], crowd: Crowd, report: Report, tell: Tell) -> None:
    """Everybody signs in; from then on it counts, until the last story is told."""
    left: dict[str, deque[Contested]] = defaultdict(deque)
    for one in cases:
        left[one.side].append(one)
    door = Door([one.port for one in site.webs if one.port is not None])
    until = time.monotonic() + crowd.seconds
    work = Work(door, left, until, crowd.pause, crowd.parts)
    tell("everybody signs in")
    clients = at_work(work, SIDES, crowd.clients)
    watch = Watch(site.groups())
    watch.begin()
    begun = time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        while client.is_alive():
            tell(f"{len(work.over)} of {len(cases)} cases, {len(door.asked)} requests")
            client.join(TELL_EVERY)
    report.seconds = time.monotonic() - begun
    for name, cost in watch.end().items():
        report.processor[name] = cost.seconds
        report.memory_before[name], report.memory[name] = cost.memory_before, cost.memory
    report.cases = len(work.over)
    report.requests = sum(one.at >= begun for one in door.asked)
    report.kinds = times(door.asked)
    report.faults += work.faults


def times(asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """By kind and for all together: how many there were, and milliseconds."""
    found: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        found[one.kind].append(one.seconds * 1000)
        found["all"].append(one.seconds * 1000)
    return {
        kind: {"count": len(values)} | {f"p{part}": percentile(values, part) for part in PARTS}
        for kind, values in sorted(found.items())
    }


def _asserted(fault: AssertionError) -> str:
    """The line that did not hold, of an assertion that says nothing itself."""
    return traceback.extract_tb(fault.__traceback__)[-1].line or "?"


def _check(site: Site, report: Report, tell: Tell) -> None:
    """What must be true when the workers have done what was left to them."""
    logs = [one.log for one in (*site.webs, *site.workers)]
    checks: Sequence[Callable[[], object]] = (
        lambda: checking.until_nothing_is_left(tell),
        checking.cases_are_sound,
        lambda: checking.notices_were_drawn_once(logs),
        lambda: checking.nothing_was_logged_as_an_error(logs),
    )
    tell("what is left is checked")
    for check in checks:
        try:
            check()
        except AssertionError as fault:
            report.faults.append((str(fault) or _asserted(fault))[:FAULT])
    report.drawing = checking.drawing_took()
