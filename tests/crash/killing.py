"""Kills the program as often as asked while people work with it, and looks at what is left."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.cases.due import tick
from app.cases.models import Attachment, IdempotencyKey
from app.db import db, transaction
from app.delivery import outbox
from app.delivery.models import Message, OutboxRow, Task
from app.errors import Busy
from app.exchange import leases
from app.exchange.models import Import
from app.factory import create_app
from app.notices.models import Notice
from config import Config
from tests.crash.asking import ask, call
from tests.crash.ledger import Deed, End, Ledger
from tests.crash.people import Work, Worker, handed_in
from tests.crash.program import (
    APPLICATION,
    PATIENCE,
    Process,
    environment,
    is_there,
    wait_until_up,
)
from tests.crash.proof import Proof, brought, snapshot
from tests.crash.town import Town, build, database
from tests.serving import free_port

LONGEST_LEASE = max(outbox.LEASE, leases.LEASE)
LONGEST_PAUSE = 5.0
QUIET = 6.0
"""Seconds without anything to do after which the worker has caught up: its clock ticks every five."""
KILLS = ("web", "web alone", "web child", "worker", "worker alone", "both")
"""All of it at once, the first process alone, or one that serves requests."""
ALSO = ("backends",)
"""The processes of PostgreSQL that serve the program; it must do without them and find others."""
PASSING = ("app.errors.Busy", "sqlalchemy.exc.OperationalError")
Say = Callable[[str], object]


@dataclass(frozen=True)
class Plan:
    """How often to kill, and after how many deeds at most.

    `hurried` lets the leases of the dead run out at once.
    """

    times: int
    seed: int
    hurried: bool = False
    threads: int = 5
    records: int = 60
    imports: int = 6
    deeds: int = 8
    minutes: float = float("inf")


@dataclass
class Figures:
    """What happened."""

    kills: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    notices: int = 0
    taken_over: int = 0
    left_behind: int = 0
    given_up: int = 0
    seconds: float = 0.0

    def told(self) -> dict[str, object]:
        """As JSON."""
        return vars(self) | {"kills": dict(self.kills), "counts": dict(self.counts)}


@dataclass
class Office:
    """The program, and what the driver knows of it; called inside the application's context."""

    folder: Path
    plan: Plan
    web: Process
    worker: Process
    work: Work
    proof: Proof
    chance: random.Random
    kinds: Iterator[str]
    say: Say
    figures: Figures = field(default_factory=Figures)

    def open(self) -> None:
        """Start both and let people ask."""
        self.web.start()
        self.worker.start()
        wait_until_up(self.web)
        self.work.open.set()

    def kill_once(self) -> None:
        """Wait a moment, kill one or both, look at what is left, start again."""
        self._let_them_work()
        kind = next(self.kinds)
        self._kill(kind)
        self.figures.kills[kind] += 1
        begun = time.monotonic()
        self.proof.look()
        looked = time.monotonic() - begun
        up = wait_until_up(self.web)
        self.work.open.set()
        self._tell(kind, looked, up)

    def _let_them_work(self) -> None:
        """Until some more is done, however fast the machine is, or not at all for some seconds."""
        wanted = self.work.ledger.ended() + self.chance.randint(1, self.plan.deeds)
        end = time.monotonic() + LONGEST_PAUSE
        while self.work.ledger.ended() < wanted and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self.chance.uniform(0, 0.1))

    def _kill(self, kind: str) -> None:
        which, _, how = kind.partition(" ")
        if how == "child":
            self.web.kill_child(self.chance.randrange(2))
            return
        if which == "backends":
            with db.engine.connect() as connection:
                connection.execute(_TERMINATE)
            return
        killed = [
            one for one in (self.web, self.worker) if which in {"both", one.name} and one.running
        ]
        for one in killed:
            one.kill_alone() if how == "alone" else one.kill()
        if self.web in killed:
            self.work.open.clear()
            _wait_for_the_last(how == "alone" and self.web.groups[-1])
        if self.worker in killed and self.chance.random() < (1.0 if self.plan.hurried else 0.3):
            self.figures.taken_over += _let_leases_run_out()
        for one in killed:
            one.start()

    def _tell(self, kind: str, looked: float, up: float) -> None:
        counts = self.work.ledger.counts()
        done = sum(count for what, count in counts.items() if what.startswith("done "))
        self.say(
            f"kill {sum(self.figures.kills.values())}/{self.plan.times} {kind}: {done} done, "
            f"{counts['refused']} refused, {counts['unanswered']} unanswered "
            f"({counts['unanswered, yet done']} yet done, "
            f"{counts['unanswered and not done']} not), {_number_of(Notice)} notices; "
            f"looked {looked:.1f} s, up {up:.1f} s later"
        )

    def go_home(self, threads: list[Worker]) -> None:
        """Everybody gets the last answer; then the worker catches up, and both end cleanly."""
        self.work.over.set()
        for one in threads:
            one.join(PATIENCE * 2)
            assert not one.is_alive(), f"{one.name} still waits for an answer"
        if self.plan.hurried:
            self.worker.kill()
            self.figures.taken_over += _let_leases_run_out()
            self.worker.start()
        wait_until_caught_up(self.say)
        self.figures.given_up = self._draw_what_was_given_up()
        assert (self.web.stop(), self.worker.stop()) == (0, 0)
        assert not tick(), "the clock had something left to do"

    def _draw_what_was_given_up(self) -> int:
        """A notice with which worker after worker died is drawn when somebody opens it."""
        clerk = self.work.town.people["clerk"]
        chosen = sa.select(OutboxRow.ref_id).where(
            OutboxRow.task == Task.DRAW_NOTICE, OutboxRow.failed_at.is_not(None)
        )
        with db.engine.connect() as connection:
            keys = connection.scalars(chosen).all()
        for key in keys:
            answer = ask(self.work.port, call(clerk, "GET", f"/notices/{key}.pdf"))
            assert answer.status == 200, f"notice {key}: {answer.status}"
        return len(keys)

    def tidy(self) -> None:
        """What the dead have left half written goes away by itself, a day later."""
        left = list(drafts(self.folder))
        self.figures.left_behind = len(left)
        if not left:
            return
        _make_old(left)
        self.worker.start()
        end = time.monotonic() + PATIENCE
        while list(drafts(self.folder)):
            assert time.monotonic() < end, f"left forever: {list(drafts(self.folder))}"
            time.sleep(0.2)
        assert self.worker.stop() == 0

    def compare_imports(self, reference: int) -> None:
        """Every import came to the same as the one that nobody disturbed."""
        with snapshot() as session:
            clean = brought(session, reference)
            for key in session.scalars(sa.select(Import.id).where(Import.id != reference)):
                assert brought(session, key) == clean, f"import {key} came to something else"


def run(folder: Path, beside: str | None, plan: Plan, say: Say) -> Figures:
    """Kill as planned; gives the figures. Raises AssertionError with what is broken."""
    begun = time.monotonic()
    with database(folder, beside) as address:
        port = free_port()
        environ = environment(folder, address, port)
        app = create_app(Config.from_env(environ))
        with app.app_context():
            town = build(plan.records)
            try:
                figures = _run(app, folder, plan, town, environ, say)
            finally:
                db.session.remove()
                db.engine.dispose()
    figures.seconds = round(time.monotonic() - begun, 1)
    return figures


def _run(
    app: Flask, folder: Path, plan: Plan, town: Town, environ: dict[str, str], say: Say
) -> Figures:
    port = int(environ["PORT"])
    ledger = Ledger()
    work = Work(town, ledger, port, _looks_up(app), f"r{plan.seed}", plan.imports)
    web, worker = (
        Process(name, port, environ, folder / f"{name}.log") for name in ("web", "worker")
    )
    chance = random.Random(plan.seed)
    proof, kinds = Proof(ledger), _rounds(chance)
    office = Office(folder, plan, web, worker, work, proof, chance, kinds, say)
    threads = [Worker(work, plan.seed * 1000 + place) for place in range(plan.threads)]
    try:
        office.open()
        reference = _undisturbed_import(work)
        for one in threads:
            one.start()
        end = time.monotonic() + 60 * plan.minutes
        while sum(office.figures.kills.values()) < plan.times and time.monotonic() < end:
            office.kill_once()
        office.go_home(threads)
        _check(office, reference)
    finally:
        work.over.set()
        work.open.set()
        web.end()
        worker.end()
    return office.figures


def _rounds(chance: random.Random) -> Iterator[str]:
    """What is killed next: everything once in each round."""
    kinds = KILLS + (ALSO if db.engine.dialect.name == "postgresql" else ())
    while True:
        yield from chance.sample(kinds, len(kinds))


def _check(office: Office, reference: int) -> None:
    office.proof.everything()
    office.compare_imports(reference)
    office.tidy()
    assert not (errors := list(logged_errors(office.folder))), errors[:3]
    for one in (office.web, office.worker):
        assert not [group for group in one.groups if is_there(group)], "processes are left"
    office.figures.counts = office.work.ledger.counts()
    office.figures.notices = _number_of(Notice)


def _undisturbed_import(work: Work) -> int:
    deed = handed_in(work.town.people["provider"], f"{work.run}-undisturbed.csv")
    work.ledger.begin(deed)
    assert work.ledger.answered(deed, ask(work.port, deed.request)), "the program is busy"
    assert deed.end is End.DONE, work.ledger.faults
    _until(lambda: not _open(Import), "the import that nobody disturbs")
    return deed.ref


def wait_until_caught_up(say: Say) -> None:
    """Wait until nothing has been left to do for some seconds."""
    begun = since = time.monotonic()
    longest = LONGEST_LEASE.total_seconds() + 2 * PATIENCE
    while time.monotonic() - since < QUIET:
        assert time.monotonic() - begun < longest, f"still open: {_open(OutboxRow)}"
        if left := _open(OutboxRow) + _open(Import):
            since = time.monotonic()
            say(f"{left} tasks left")
        time.sleep(1.0)


def logged_errors(folder: Path) -> Iterator[str]:
    """What the program itself took for a fault.

    A database that was busy or went away is none: what was to be done is done a second later.
    """
    for path in folder.glob("*.log"):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            ours = '"level": "ERROR"' in line and not any(f'"{one}"' in line for one in PASSING)
            if ours or "Error handling request" in line:
                yield f"{path.name}: {line}"


def drafts(folder: Path) -> Iterator[Path]:
    """What was being written when somebody died."""
    for place in ("notices", "files", "imports"):
        yield from (folder / place).glob(".*")


def _make_old(paths: list[Path]) -> None:
    moment = time.time() - timedelta(days=2).total_seconds()
    for path in paths:
        os.utime(path, (moment, moment))


def _let_leases_run_out() -> int:
    """Two minutes pass for whoever died with work in hand; gives how much of it there was."""
    found = 0

    def passed() -> bool:
        nonlocal found
        try:
            found = _end_leases()
        except Busy:
            return False
        return True

    _until(passed, "the database stays locked")
    return found


def _end_leases() -> int:
    now = clock.now()
    with transaction() as session:
        return sum(
            session.connection()
            .execute(sa.update(table).where(table.lease_until > now).values(lease_until=now))
            .rowcount
            for table in (OutboxRow, Import)
        )


_OURS = "datname = current_database() AND application_name = :application"
_OF_THE_DEAD = sa.text(
    f"SELECT count(*) FROM pg_stat_activity WHERE {_OURS} AND state <> 'idle'"  # noqa: S608 -- our own text
).bindparams(application=APPLICATION)
_TERMINATE = sa.text(
    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {_OURS}"  # noqa: S608 -- our own text
).bindparams(application=APPLICATION)


def _wait_for_the_last(group: int | bool) -> None:
    """What the dead had sent to the database is done or undone there before anybody looks.

    `group`: processes whose first one died must end by themselves.
    """
    if group:
        _until(lambda: not is_there(group), "the children of a dead process still live")
    if db.engine.dialect.name != "postgresql":
        return

    def quiet() -> bool:
        with db.engine.connect() as connection:
            return not connection.scalar(_OF_THE_DEAD)

    _until(quiet, "the database still works for the dead")


def _until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def _open(table: type[OutboxRow | Import]) -> int:
    ended = (
        sa.and_(OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None))
        if table is OutboxRow
        else Import.ended_at.is_(None)
    )
    with db.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table).where(ended)) or 0


def _number_of(table: type[Notice]) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _looks_up(app: Flask) -> Callable[[Deed], bool]:
    """Whether a deed stands in the database; asked by the threads."""
    engine = db.engine

    def look_up(deed: Deed) -> bool:
        question = _QUESTIONS.get(deed.what, _key_taken)(deed)
        with engine.connect() as connection:
            return connection.scalar(question) is not None

    return look_up


def _key_taken(deed: Deed) -> sa.Select[Any]:
    return sa.select(IdempotencyKey.key).where(
        IdempotencyKey.person_id == deed.who.key, IdempotencyKey.key == deed.key
    )


_QUESTIONS: dict[str, Callable[[Deed], sa.Select[Any]]] = {
    "attach": lambda deed: sa.select(Attachment.id).where(Attachment.title == deed.key),
    "hand in": lambda deed: sa.select(Import.id).where(Import.filename == deed.key),
    "serve": lambda deed: sa.select(Notice.id).where(
        Notice.id == deed.ref, Notice.served_on.is_not(None)
    ),
    "receipt": lambda deed: sa.select(Message.id).where(
        Message.id == deed.ref, Message.receipted_at.is_not(None)
    ),
}
