"""The outbox as a table of work: added to in a transaction, claimed, finished, given up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import add_rows, after_commit, ask, db
from app.delivery.models import OutboxRow, Task

LEASE: Final = timedelta(minutes=2)
TRIES: Final = 5
"""So often the work may fail."""
DEATHS: Final = 20
"""So often a worker may die with it in hand: a machine that is restarted again and again does not
make work fail, but what kills each worker must come to an end."""
DIED: Final = "the worker died"
BACK_OFF: Final = timedelta(seconds=15)
"""Doubled after every try: 30 s, 1, 2 and 4 minutes."""
WAKE: Final = "redress.wake"
"""Under this name of `app.extensions` stands what wakes a worker elsewhere, where there is one."""

_OPEN: Final = (OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None))
_HELD: Final = sa.case((OutboxRow.lease.is_not(None), 1), else_=0)
"""1 where somebody had it and neither finished it nor put it back."""
_KEYS: Final = sa.select(OutboxRow.id).where(
    OutboxRow.task == sa.bindparam("task"),
    OutboxRow.ref_id.in_(sa.bindparam("ref_ids", expanding=True)),
)


@dataclass(frozen=True)
class Claim:
    """A row that is ours until its lease ends; `lease` proves it, `attempt` counts from 1."""

    id: int
    task: Task
    ref_id: int
    attempt: int
    lease: str


def add(task: Task, ref_ids: list[int]) -> None:
    """Leave work for after the commit; inside a transaction."""
    due_at = clock.now()
    add_rows(OutboxRow, [{"task": task, "ref_id": ref, "due_at": due_at} for ref in ref_ids])
    if WAKE in current_app.extensions:
        keys = [row.id for row in ask(_KEYS, {"task": task, "ref_ids": ref_ids})]
        after_commit(lambda: _wake(keys))


def again(task: Task, ref_ids: list[int]) -> None:
    """Do once more what is done or was given up; inside a transaction."""
    ended = sa.or_(OutboxRow.done_at.is_not(None), OutboxRow.failed_at.is_not(None))
    _anew(OutboxRow.task == task, OutboxRow.ref_id.in_(ref_ids), ended)


def failed_again() -> int:
    """Do once more all that was given up, and say how much it is; inside a transaction."""
    return _anew(OutboxRow.failed_at.is_not(None))


def _anew(*which: sa.ColumnElement[bool]) -> int:
    anew = (
        sa.update(OutboxRow)
        .where(*which)
        .values(due_at=clock.now(), attempts=0, deaths=0, done_at=None, failed_at=None, error=None)
        .returning(OutboxRow.id)
    )
    keys = list(db.session.scalars(anew, execution_options={"synchronize_session": False}))
    after_commit(lambda: _wake(keys))
    return len(keys)


def claim(row_id: int | None = None) -> Claim | None:
    """Take one row that is due and nobody else's, the oldest or the one named; in a transaction.

    One conditional UPDATE, so two workers never take the same; on PostgreSQL they do not wait
    for each other either.
    """
    now = clock.now()
    lost = sa.and_(OutboxRow.lease_until < now, OutboxRow.deaths + 1 < DEATHS)
    free = sa.or_(OutboxRow.lease_until.is_(None), lost)
    due = sa.select(OutboxRow.id).where(*_OPEN, OutboxRow.due_at <= now, free)
    if row_id is not None:
        due = due.where(OutboxRow.id == row_id)
    # A scalar subquery is evaluated once; with IN the planner may lock more rows than it takes.
    one = due.order_by(OutboxRow.due_at, OutboxRow.id).limit(1).with_for_update(skip_locked=True)
    lease = secrets.token_hex(16)
    taken = (
        sa.update(OutboxRow)
        .where(OutboxRow.id == one.scalar_subquery())
        .values(lease=lease, lease_until=now + LEASE, deaths=OutboxRow.deaths + _HELD)
        .returning(OutboxRow.id, OutboxRow.task, OutboxRow.ref_id, OutboxRow.attempts)
    )
    row = db.session.execute(taken, execution_options={"synchronize_session": False}).first()
    return None if row is None else Claim(row.id, row.task, row.ref_id, row.attempts + 1, lease)


def finish(claim: Claim) -> bool:
    """Close the row, unless its lease has gone to somebody else; inside a transaction."""
    return _end(claim, done_at=clock.now(), error=None)


def put_back(claim: Claim, error: str) -> bool:
    """Try again later, or give up after the last try; inside a transaction."""
    if claim.attempt >= TRIES:
        ended = {"failed_at": clock.now()}
    else:
        ended = {"due_at": clock.now() + BACK_OFF * 2**claim.attempt}
    return _end(claim, attempts=claim.attempt, error=error, **ended)


def give_up_lost() -> int:
    """Close rows with which worker after worker died, and say how many; inside a transaction."""
    now = clock.now()
    lost = (
        sa.update(OutboxRow)
        .where(*_OPEN, OutboxRow.deaths + 1 >= DEATHS, OutboxRow.lease_until < now)
        .values(
            failed_at=now, deaths=OutboxRow.deaths + 1, lease=None, lease_until=None, error=DIED
        )
    )
    result = db.session.connection().execute(lost)
    return result.rowcount


def _end(claim: Claim, **values: object) -> bool:
    mine = (
        sa.update(OutboxRow)
        .where(OutboxRow.id == claim.id, OutboxRow.lease == claim.lease, *_OPEN)
        .values(lease=None, lease_until=None, **values)
    )
    return db.session.connection().execute(mine).rowcount == 1


def _wake(keys: list[int]) -> None:
    wake = current_app.extensions.get(WAKE)
    if wake is not None:
        wake(keys)
