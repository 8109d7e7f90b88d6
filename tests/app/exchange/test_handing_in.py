"""Whatever becomes of a worker, each line of a file is taken once, and the report says so."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clock import at, now
from app.db import db, transaction
from app.errors import Busy, NotAllowed
from app.exchange import handing_in, keeping, leases, queries
from app.exchange.commands import hand_in
from app.exchange.leases import TRIES
from app.exchange.lines import BATCH, Fate
from app.exchange.models import Import, ImportLine, State
from app.people.actor import Actor
from app.people.commands import create_person, create_unit
from app.records.models import Record
from config import ROOT, Config
from tests.app.exchange.exports import OFFICIAL, penalty, write
from workflows.grammar import Role

LATER = timedelta(minutes=3)
PATIENCE = 60
KILLED = 6 * BATCH
LINES = 2 * BATCH + 7


class Died(BaseException):
    """What ends a worker at once, whatever it was doing."""


@pytest.fixture
def provider(session) -> Actor:
    """Somebody who hands in for the unit whose lines the exports have."""
    return a_provider()


def a_provider() -> Actor:
    with transaction():
        unit = create_unit(OFFICIAL["name"], OFFICIAL["code"], provides=True)
        person = create_person("provider", "张三", "Redress-2026!")
        roles = frozenset({Role.PROVIDER_HANDLER})
        return Actor(person.id, person.name, unit.id, unit.name, roles)


@pytest.fixture
def give(provider, tmp_path):
    """`give(lines)` hands a file in, and gives the key of the import."""

    def give(lines, *, dry_run=False, **options):
        path = write(tmp_path / "one.csv", lines, **options)
        with path.open("rb") as file:
            return hand_in(provider, "一.csv", file, dry_run=dry_run)

    return give


def many(count=LINES):
    return [penalty(number) for number in range(1, count + 1)]


def row(key) -> Import:
    db.session.rollback()
    return db.session.get_one(Import, key, populate_existing=True)


def report(key):
    return list(queries.report(row(key)))


def lines_of(key):
    return [line for line, _, _ in report(key)]


def after(batches, what=None):
    """Answers like a worker that goes on for so many batches, and then does what is said."""
    left = [batches]

    def may_go_on():
        left[0] -= 1
        if left[0] >= 0:
            return True
        if what is None:
            return False
        raise what

    return may_go_on


def die(batches=1):
    with pytest.raises(Died):
        handing_in.run_next(after(batches, Died()))


def record_count():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(Record.id)))


def test_a_worker_that_died_is_followed_by_one_that_goes_on_after_its_last_line(give):
    key = give(many())
    die(batches=2)
    assert row(key).last_line == lines_of(key)[-1] == 2 * BATCH + 1
    assert record_count() == 2 * BATCH
    with at(now() + LATER):
        assert handing_in.run_next() == "done"
    assert lines_of(key) == list(range(2, LINES + 2))
    assert {(fate, why) for _, fate, why in report(key)} == {("accept", "新增")}
    assert row(key).counts == {Fate.ACCEPT: LINES, Fate.UPDATE: 0, Fate.SKIP: 0, Fate.REJECT: 0}
    assert record_count() == LINES


def test_nobody_takes_what_somebody_is_at(give):
    give(many(3))
    die(batches=0)
    assert handing_in.run_next() is None
    with at(now() + LATER):
        assert handing_in.run_next() == "done"
        assert handing_in.run_next() is None


def test_whoever_was_overtaken_writes_nothing(give):
    key = give(many())
    said = []

    def overtaken():
        """In the transaction of the second batch the lease is found to be another's."""
        said.append(1)
        if len(said) == 2:
            other = sa.update(Import).values(lease="other", lease_until=now())
            db.session.execute(other)
        return True

    assert handing_in.run_next(overtaken) == "lost"
    assert row(key).last_line == BATCH + 1
    assert record_count() == len(report(key)) == BATCH


def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_the_next_at_once(give):
    key = give(many())
    for _ in range(TRIES + 1):
        assert handing_in.run_next(after(0)) == "again"
    assert handing_in.run_next(after(1)) == "again"
    assert row(key).state is State.RUNNING
    assert handing_in.run_next() == "done"
    assert lines_of(key) == list(range(2, LINES + 2))
    assert {fate for _, fate, _ in report(key)} == {"accept"}


def test_a_trial_that_was_interrupted_begins_anew_and_says_the_same(give):
    key = give([*many(BATCH), penalty(1), penalty(2, fine="1")], dry_run=True)
    die(batches=1)
    assert len(report(key)) == BATCH
    with at(now() + LATER):
        assert handing_in.run_next() == "done"
    assert lines_of(key) == list(range(2, BATCH + 4))
    assert [fate for _, fate, _ in report(key)][-3:] == ["accept", "skip", "update"]
    assert row(key).taken == BATCH + 2
    assert record_count() == 0


def test_a_bug_ends_one_import_under_a_reference_and_stops_no_other(give, caplog):
    key, other = give(many()), give(many(2))
    assert handing_in.run_next(after(1, ZeroDivisionError())) == "failed"
    found = row(key)
    assert found.state is State.FAILED
    assert found.fault == handing_in.BROKEN
    assert found.reference
    assert found.reference in caplog.text
    assert found.taken == BATCH
    assert handing_in.run_all() == {"done": 1}
    assert row(other).state is State.DONE
    assert handing_in.run_next() is None


def test_a_locked_database_only_delays_it(give):
    key = give(many())
    assert handing_in.run_next(after(1, Busy())) == "again"
    assert handing_in.run_next() is None
    with at(now() + leases.BACK_OFF * 2):
        assert handing_in.run_next() == "done"
    assert lines_of(key) == list(range(2, LINES + 2))


def test_what_kills_every_worker_is_given_up_under_a_reference(give, caplog):
    key = give(many(3))
    moment = now()
    for _ in range(TRIES):
        with at(moment):
            die(batches=0)
        moment += LATER
    with at(moment):
        assert handing_in.run_next() is None
    found = row(key)
    assert (found.state, found.fault) == (State.FAILED, handing_in.INTERRUPTED)
    assert found.reference
    assert found.reference in caplog.text


def test_an_import_that_comes_forward_may_be_interrupted_as_often_as_it_likes(give):
    key = give(many(BATCH + 1))
    with transaction():
        db.session.get_one(Import, key).attempts = TRIES - 1
    die(batches=1)
    assert row(key).attempts == 0


def test_a_file_that_is_gone_ends_with_a_sentence(give):
    key = give(many(1))
    keeping.path(row(key).sha256).unlink()
    assert handing_in.run_next() == "failed"
    assert "文件无法打开" in (row(key).fault or "")


def test_a_file_that_says_one_thing_and_later_another_is_quiet_the_second_time(give):
    lines = [penalty(1), *(penalty(number) for number in range(2, BATCH + 2)), penalty(1, fine="1")]
    first, second = give(lines), give(lines)
    assert handing_in.run_all() == {"done": 2}
    assert row(first).updated == 1
    assert row(second).counts[Fate.SKIP] == len(lines)


def test_what_no_database_takes_does_not_stop_the_report(give):
    key = give([penalty(1, decided_on="2026\0年\x07"), penalty(2)])
    assert handing_in.run_next() == "done"
    assert [fate for _, fate, _ in report(key)] == ["reject", "accept"]


def test_lines_know_the_record_they_are_about_in_either_format_of_its_authority(give):
    key = give([penalty(1), penalty(1), penalty(2, fine="x")])
    handing_in.run_all()
    found = db.session.scalars(
        sa.select(ImportLine.record_id).where(ImportLine.import_id == key).order_by(ImportLine.line)
    ).all()
    record = db.session.scalars(sa.select(Record.id)).one()
    assert found == [record, record, None]


def test_only_somebody_of_a_provider_hands_in(provider, tmp_path):
    stranger = Actor(provider.person_id, "李四", provider.unit_id, "", frozenset())
    file = write(tmp_path / "one.csv", [penalty(1, note="谁也没有报送过")])
    with file.open("rb") as stream, pytest.raises(NotAllowed):
        hand_in(stranger, "一.csv", stream, dry_run=False)
    assert not keeping.path(hashlib.sha256(file.read_bytes()).hexdigest()).exists()


@pytest.fixture
def elsewhere(make_app, tmp_path):
    """An application of its own in which a file waits, and how its commands are started."""
    app = make_app()
    settings: Config = app.config["REDRESS"]
    environment = os.environ | {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "DEMO": "1",
    }

    def start(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)

    with app.app_context(), write(tmp_path / "many.csv", many(KILLED)).open("rb") as file:
        key = hand_in(a_provider(), "多.csv", file, dry_run=False)
        yield key, start
        db.session.remove()


def test_a_worker_that_is_killed_loses_no_line_and_doubles_none(elsewhere):
    key, start = elsewhere
    with start("worker") as worker:
        until(lambda: row(key).last_line)
        worker.send_signal(signal.SIGKILL)
    assert row(key).state is State.RUNNING
    assert record_count() == len(report(key)) == row(key).taken
    with transaction():
        db.session.get_one(Import, key).lease_until = now() - LATER
    with start("outbox", "run") as drain:
        assert b"done=1" in drain.communicate(timeout=PATIENCE)[0]
    assert lines_of(key) == list(range(2, KILLED + 2))
    assert {fate for _, fate, _ in report(key)} == {"accept"}
    assert row(key).accepted == record_count() == KILLED


def test_a_worker_that_is_told_to_end_ends_between_two_batches(elsewhere):
    key, start = elsewhere
    with start("worker") as worker:
        until(lambda: row(key).last_line)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    left = row(key)
    assert left.state is State.RUNNING
    assert left.lease is None
    assert record_count() == left.taken


def until(there) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
