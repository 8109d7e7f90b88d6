"""Forty people and programs work on the same few records, each in a thread with its own session.

They object, accept, verify, confirm, correct, repair, serve, withdraw, hand in files and let clocks
run, each until it has tried so many things. Where two choose the same case, one is refused.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.cases.models import Attachment, Case, StepTaken
from app.db import db
from app.errors import Busy
from app.exchange.lines import Fate
from app.notices.models import Notice
from app.records.models import Origin, RecordVersion
from tests.together.crowd import at_once, nothing_logged
from tests.together.deeds import Diary, Somebody
from tests.together.people import forty
from tests.walks import truth
from tests.walks.ground import FIRST_DAY, Ground, ground

DAYS = (0, 4, 12)
"""When they work: later some deadlines have passed."""
EACH = int(os.environ.get("TOGETHER_EACH", "8"))
"""How many things each of them tries on each day."""
WAITED = {Busy, PoolTimeoutError, psycopg.errors.LockNotAvailable}
BY_CLOCKS_ALONE = (
    *("findings_complete", "close", "moot", "synchronised", "synchronised_harmless", "expire"),
    *("finish", "discontinue", "lapse"),
)


@dataclass
class Crowd:
    """What was there before, what everybody did, and how often PostgreSQL broke a circle."""

    place: Ground
    diaries: list[Diary]
    versions_before: int
    deadlocks: int

    def total(self, of: Callable[[Diary], Counter[Any]]) -> Counter[Any]:
        """What all diaries say together."""
        return sum((of(one) for one in self.diaries), Counter())


@contextmanager
def crowd(folder: Path) -> Iterator[Crowd]:
    """The city after forty have worked in it."""
    with ground(folder) as place:
        people = [
            Somebody(name, place.city.actor[name], random.Random(name), folder)
            for name in forty(place.city)
        ]
        assert len(people) == 40
        versions, deadlocks = _imported(), _deadlocks()
        with nothing_logged():
            for days in DAYS:
                work = [_working(one) for one in people]
                at_once(place.app, FIRST_DAY + timedelta(days), work)
        yield Crowd(place, [one.diary for one in people], versions, _deadlocks() - deadlocks)


def _working(who: Somebody) -> Callable[[], None]:
    def work() -> None:
        for _ in range(EACH):
            who.work()

    return work


def _imported() -> int:
    chosen = sa.select(sa.func.count()).where(RecordVersion.origin == Origin.IMPORT)
    found = db.session.scalar(chosen) or 0
    db.session.remove()
    return found


def _deadlocks() -> int:
    """How many circles of waiting PostgreSQL has broken in this database so far."""
    if db.engine.dialect.name == "sqlite":
        return 0
    db.engine.dispose()  # what a connection counts is known once it is closed
    with db.engine.connect() as connection:
        chosen = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        found: int = connection.exec_driver_sql(chosen).scalar_one()
    return found


def what_returned_is_in_the_history_once_and_what_was_refused_is_not(crowd: Crowd) -> None:
    """By case, step and person."""
    chosen = (
        sa.select(Case.number, StepTaken.step, StepTaken.actor_id)
        .join(Case, Case.id == StepTaken.case_id)
        .where(StepTaken.actor_id.is_not(None))
    )
    there = Counter(tuple(row) for row in db.session.execute(chosen))
    assert there == crowd.total(lambda diary: diary.taken)
    assert len({step for _, step, _ in there}) > 15, "too few different steps were taken"


def what_clocks_did_is_in_the_history_once_though_several_run(crowd: Crowd) -> None:
    """By step."""
    chosen = sa.select(StepTaken.step).where(StepTaken.actor_id.is_(None))
    there = Counter(db.session.scalars(chosen))
    told = crowd.total(lambda diary: diary.ticked)
    assert {name: there[name] for name in BY_CLOCKS_ALONE} == {
        name: told[name] for name in BY_CLOCKS_ALONE
    }
    assert told


def a_notice_is_proved_served_once(crowd: Crowd) -> None:
    """Whoever opens it second changes nothing."""
    served = {key for diary in crowd.diaries for key in diary.served}
    chosen = sa.select(Notice.id).where(Notice.served_on.is_not(None))
    steps = sa.select(StepTaken.data).where(StepTaken.step == "served")
    proofs = [data["input"]["notice_id"] for data in db.session.scalars(steps)]
    assert sorted(proofs) == sorted(db.session.scalars(chosen)) == sorted(served)


def files_are_there_and_each_line_that_was_taken_made_one_version(crowd: Crowd) -> None:
    """Nothing that was handed in is lost or there twice."""
    attached = [key for diary in crowd.diaries for key in diary.attached]
    assert sorted(attached) == sorted(db.session.scalars(sa.select(Attachment.id)))
    fates = crowd.total(lambda diary: diary.fates)
    assert _imported() - crowd.versions_before == fates[Fate.ACCEPT] + fates[Fate.UPDATE]
    assert fates[Fate.ACCEPT]


def nobody_is_told_what_only_a_machine_understands(crowd: Crowd) -> None:
    """Refused is refused with a Chinese sentence, and waiting in a circle is nobody's business.

    Whoever has waited too long may be asked to come again, on SQLite from the queue of writers, on
    PostgreSQL from a lock or from the pool of connections: that the machine is slow is true. But
    nobody finds the database locked, or has waited in a circle.
    """
    assert not [said for diary in crowd.diaries for said in diary.unexplained]
    sent_away = [cause for diary in crowd.diaries for cause in diary.busy]
    assert {type(one) for one in sent_away} <= WAITED, sent_away
    assert crowd.deadlocks == 0


def all_that_the_law_promises_is_true_afterwards(crowd: Crowd) -> None:
    """Invariants 1 to 7: numbers without gaps, chains that are whole, and the rest."""
    truth.everything(FIRST_DAY + timedelta(max(DAYS)))


def test_forty_at_once_lose_nothing_and_do_nothing_twice(tmp_path):
    """One test, for all of it is looked at after the same crowd."""
    with crowd(tmp_path) as made:
        what_returned_is_in_the_history_once_and_what_was_refused_is_not(made)
        what_clocks_did_is_in_the_history_once_though_several_run(made)
        a_notice_is_proved_served_once(made)
        files_are_there_and_each_line_that_was_taken_made_one_version(made)
        nobody_is_told_what_only_a_machine_understands(made)
        all_that_the_law_promises_is_true_afterwards(made)
