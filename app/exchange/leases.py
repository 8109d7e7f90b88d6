"""Whose an import is while it is worked: claimed, kept, given back, ended; all in transactions.

The row is the truth. Whatever is written for an import is written in one transaction with a
change of its row that succeeds only while the lease is one's own: a worker that was overtaken
writes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from app import clock
from app.db import db
from app.exchange.models import COUNTED, Import, ImportLine
from app.people.models import Unit

LEASE: Final = timedelta(minutes=2)
"""Renewed with every batch; a worker that died is missed after this time."""
TRIES: Final = 5
"""Claims in a row that bring nothing forward; then it is given up."""
BACK_OFF: Final = timedelta(seconds=15)

_OPEN: Final = Import.ended_at.is_(None)
_FREE: Final = {"lease": None, "lease_until": None}
_FRESH: Final = dict.fromkeys((*COUNTED.values(), "notable", "last_line"), 0)


class Lost(Exception):  # noqa: N818 -- reads as what happened
    """The lease has gone to somebody else: what was about to be written is theirs to write."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An import that is ours while the lease lasts; lines up to `last_line` have their fate."""

    id: int
    lease: str
    unit_code: str
    sha256: str
    dry_run: bool
    total: int | None
    last_line: int


def open_ones() -> bool:
    """Whether anything is left to do at all; a reading that spares a transaction."""
    return db.session.scalar(sa.select(Import.id).where(_OPEN).limit(1)) is not None


def claim() -> Claim | None:
    """Take the oldest import that is nobody else's; None where there is none.

    A trial begins anew: it wrote nothing, and what its lines before would have done is forgotten.
    """
    now = clock.now()
    free = sa.or_(Import.lease_until.is_(None), Import.lease_until < now)
    chosen = sa.select(Import.id).where(_OPEN, Import.attempts < TRIES, free)
    one = chosen.order_by(Import.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    lease = secrets.token_hex(16)
    taken = (
        sa.update(Import)
        .where(Import.id == one)
        .values(
            lease=lease,
            lease_until=now + LEASE,
            attempts=Import.attempts + 1,
            started_at=sa.func.coalesce(Import.started_at, now),
        )
        .returning(Import.id)
    )
    key = db.session.scalar(taken, execution_options={"synchronize_session": False})
    if key is None:
        return None
    row = db.session.get_one(Import, key, populate_existing=True)
    if row.dry_run and row.last_line:
        db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id == row.id))
        change(row.id, lease, _FRESH)
        db.session.refresh(row)
    unit = db.session.get_one(Unit, row.unit_id)
    return Claim(row.id, lease, unit.code, row.sha256, row.dry_run, row.total, row.last_line)


def change(import_id: int, lease: str, values: Mapping[str, Any]) -> None:
    """Change the row; raises Lost where it is not ours any more."""
    mine = (
        sa.update(Import)
        .where(Import.id == import_id, Import.lease == lease, _OPEN)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if db.session.connection().execute(mine).rowcount != 1:
        raise Lost


def keep(claim: Claim, **values: Any) -> None:
    """Renew the lease and write down how far it has come; raises Lost."""
    change(claim.id, claim.lease, {"lease_until": clock.now() + LEASE, **values})


def give_back(claim: Claim) -> None:
    """Let somebody else go on at once, as if it had not been claimed; raises Lost."""
    fewer = sa.case((Import.attempts > 0, Import.attempts - 1), else_=0)
    change(claim.id, claim.lease, {**_FREE, "attempts": fewer})


def postpone(claim: Claim) -> None:
    """Let it rest for a while; raises Lost."""
    change(claim.id, claim.lease, {"lease_until": clock.now() + BACK_OFF})


def end(claim: Claim, fault: str | None = None, reference: str | None = None) -> Import:
    """Close the row, and give it as it is now; raises Lost."""
    ended = {"ended_at": clock.now(), "fault": fault, "reference": reference}
    change(claim.id, claim.lease, {**_FREE, **ended})
    return db.session.get_one(Import, claim.id, populate_existing=True)


def given_up() -> list[Claim]:
    """Imports whose worker died again and again, each claimed once more to be ended."""
    now = clock.now()
    dead = sa.select(Import).where(_OPEN, Import.attempts >= TRIES, Import.lease_until < now)
    found = []
    for row in db.session.scalars(dead.with_for_update(skip_locked=True)):
        row.lease, row.lease_until = secrets.token_hex(16), now + LEASE
        found.append(
            Claim(row.id, row.lease, "", row.sha256, row.dry_run, row.total, row.last_line)
        )
    db.session.flush()
    return found
