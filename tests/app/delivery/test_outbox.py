"""Work left by a transaction is done once, tried again, given up, and never done twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.clock import at, now
from app.db import db, transaction
from app.delivery import commands, outbox
from app.delivery.models import OutboxRow, Task
from app.delivery.queries import given_up
from app.notices import files
from app.notices.drawing import draw
from app.notices.models import Notice

LATER = timedelta(hours=1)


@pytest.fixture
def notices(drafts) -> list[Notice]:
    with transaction():
        keys = commands.issue(drafts("objection.receipt", "objection.acceptance"))
    return [db.session.get_one(Notice, key) for key in keys]


def row_of(notice: Notice) -> OutboxRow:
    return db.session.scalars(
        sa.select(OutboxRow)
        .where(OutboxRow.ref_id == notice.id)
        .execution_options(populate_existing=True)
    ).one()


def test_notices_are_drawn_after_the_commit(session, notices):
    assert [one.sha256 for one in notices] == [None, None]
    assert commands.drain()["done"] == 2
    assert all(one.sha256 and files.path(one.id).exists() for one in notices)
    assert commands.drain() == Counter({"failed": 0})


def test_what_somebody_had_drawn_by_opening_it_is_not_drawn_again(session, notices):
    draw(notices[0])
    file = files.path(notices[0].id)
    before = file.stat().st_ino
    assert commands.drain()["done"] == 2
    assert file.stat().st_ino == before


def test_it_does_not_do_more_than_asked(session, notices):
    assert commands.drain(limit=1)["done"] == 1
    assert [one.sha256 is None for one in notices] == [False, True]


def test_one_row_is_done_by_its_key(session, notices):
    second = row_of(notices[1])
    assert commands.run_one(second.id) == "done"
    assert commands.run_one(second.id) is None
    assert [one.sha256 is None for one in notices] == [True, False]


def test_what_is_rolled_back_leaves_no_work(session, drafts):
    with pytest.raises(ZeroDivisionError), transaction():
        commands.issue(drafts("objection.receipt"))
        raise ZeroDivisionError
    assert commands.drain() == Counter({"failed": 0})


def test_a_row_is_claimed_once_while_its_lease_runs(session, notices):
    with transaction():
        first, second, third = outbox.claim(), outbox.claim(), outbox.claim()
    assert first
    assert second
    assert third is None
    assert {first.ref_id, second.ref_id} == {one.id for one in notices}


def test_whose_lease_is_over_cannot_finish(session, notices):
    with transaction():
        slow = outbox.claim(row_of(notices[0]).id)
        assert slow
    with at(now() + LATER):
        with transaction():
            quick = outbox.claim(slow.id)
            assert quick
        with transaction():
            assert not outbox.finish(slow)
            assert not outbox.put_back(slow, "too late")
            assert outbox.finish(quick)
            assert not outbox.finish(quick)
    assert row_of(notices[0]).deaths == 1


def test_what_fails_is_tried_five_times_further_and_further_apart(session, notices):
    broken = notices[0]
    with transaction():
        db.session.execute(
            sa.update(Notice).where(Notice.id == broken.id).values(sha256="0" * 64, drawn_at=now())
        )
    moment, waits, row = now(), [], row_of(broken)
    for _ in range(5):
        with at(moment):
            commands.drain()
            row = row_of(broken)
            waits.append((row.due_at - moment).total_seconds())
            moment = max(row.due_at, moment) + timedelta(seconds=1)
    assert [round(wait) for wait in waits[:4]] == [30, 60, 120, 240]
    assert row.failed_at is not None
    assert "DrawnDifferently" in (row.error or "")
    assert notices[1].sha256, "one broken row must not stop the others"
    with at(moment + LATER):
        assert commands.drain() == Counter({"failed": 0})


def die_with(key: int, times: int) -> datetime:
    """So many workers take a row and are never heard of again; gives the moment of the next."""
    moment = now()
    for _ in range(times):
        moment += LATER
        with at(moment), transaction():
            assert outbox.claim(key)
    return moment + LATER


def test_a_row_whose_worker_dies_each_time_is_given_up(session, notices, caplog):
    with at(die_with(row_of(notices[0]).id, outbox.DEATHS)):
        counts = commands.drain()
    row = row_of(notices[0])
    assert (counts["failed"], counts["done"]) == (1, 1)
    assert (row.error, row.deaths, row.attempts) == (outbox.DIED, outbox.DEATHS, 0)
    assert "given up" in caplog.text


def test_a_row_is_done_though_many_workers_died_before(session, notices):
    with at(die_with(row_of(notices[0]).id, outbox.DEATHS - 1)):
        assert commands.drain()["done"] == 2
    assert row_of(notices[0]).failed_at is None


def test_a_worker_that_dies_does_not_make_the_work_fail(session, notices):
    key = row_of(notices[0]).id
    with at(die_with(key, outbox.TRIES)), transaction():
        claim = outbox.claim(key)
        assert claim
        assert claim.attempt == 1
        assert outbox.put_back(claim, "no room on the disk")
    row = row_of(notices[0])
    assert (row.attempts, row.deaths, row.failed_at) == (1, outbox.TRIES, None)


def test_what_was_given_up_is_told_until_it_is_done(session, notices):
    assert given_up() == []
    with at(die_with(row_of(notices[0]).id, outbox.DEATHS)), transaction():
        assert outbox.give_up_lost() == 1
    (told,) = given_up()
    assert (told.ref_id, told.title) == (notices[0].id, notices[0].title)
    assert (told.case_number, told.died) == (notices[0].case_number, True)
    draw(notices[0])
    assert given_up() == []


def test_a_message_that_was_given_up_is_told_too(session, messages):
    with transaction():
        commands.remind(messages)
        session.execute(sa.update(OutboxRow).values(failed_at=now()))
    assert [one.ref_id for one in given_up()] == [one.id for one in reversed(messages)]
    assert {one.case_number for one in given_up()} == {"GZ-2026-000005"}
    assert len(given_up(limit=1)) == 1


def test_what_was_given_up_is_done_again_by_a_command(app, session, notices):
    with at(die_with(row_of(notices[0]).id, outbox.DEATHS)), transaction():
        assert outbox.give_up_lost() == 1
    said = app.test_cli_runner().invoke(args=["outbox", "retry"])
    assert (said.exit_code, said.output) == (0, "again=1\n")
    assert commands.drain()["done"] == 2


def test_threads_do_each_row_once(make_app):
    app = make_app()
    with app.app_context(), transaction():
        outbox.add(Task.DELIVER_MESSAGE, list(range(1, 41)))
    claimed: list[int] = []

    def work() -> None:
        with app.app_context():
            while True:
                with transaction():
                    claim = outbox.claim()
                if claim is None:
                    return
                claimed.append(claim.ref_id)
                with transaction():
                    assert outbox.finish(claim)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == list(range(1, 41))


def test_who_waits_elsewhere_is_woken_after_the_commit_alone(app, session, drafts):
    woken: list[list[int]] = []
    app.extensions[outbox.WAKE] = woken.append
    try:
        with pytest.raises(ZeroDivisionError), transaction():
            commands.issue(drafts("objection.receipt"))
            raise ZeroDivisionError
        assert woken == []
        with transaction():
            (key,) = commands.issue(drafts("objection.receipt"))
            assert woken == []
    finally:
        del app.extensions[outbox.WAKE]
    assert woken == [[row_of(db.session.get_one(Notice, key)).id]]


def test_the_command_says_what_it_did(app, session, notices):
    result = app.test_cli_runner().invoke(args=["outbox", "run"])
    assert result.exit_code == 0
    assert result.output == "done=2 again=0 failed=0 lost=0\n"


def test_moments_are_kept_in_utc(session, notices):
    assert row_of(notices[0]).due_at.tzinfo is UTC
    assert row_of(notices[0]).due_at <= datetime.now(UTC)
