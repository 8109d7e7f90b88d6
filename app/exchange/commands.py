"""Handing a file of records in, for a trial or in earnest; the worker does the rest."""

from __future__ import annotations

from typing import IO, Final

import sqlalchemy as sa

from app.audit.commands import Action, record
from app.db import db, transaction
from app.errors import Conflict, NotAllowed
from app.exchange import keeping
from app.exchange.keeping import Kept
from app.exchange.models import Import, State
from app.exchange.queries import import_for
from app.people.actor import Actor
from app.records.queries import PROVIDER

MOST_WAITING: Final = 5
"""Imports of one unit that have not ended."""


def hand_in(actor: Actor, name: str, stream: IO[bytes], *, dry_run: bool) -> int:
    """Keep a file for the actor's unit and leave it to the worker; gives the key of the import.

    Outside of any transaction. Raises NotAllowed for whoever is no provider, what `keeping.keep`
    raises, Conflict where the unit has `MOST_WAITING` imports that have not ended.
    """
    unit_id, _ = _who(actor)
    _refuse_too_many(unit_id)
    kept = keeping.keep(name, stream)
    with transaction():
        return _add(actor, kept, dry_run=dry_run)


def take_in_earnest(actor: Actor, import_id: int) -> int:
    """After a trial: the same file once more, now to write its records; gives the new key.

    Asked for twice it is done once, while the first has not ended. Raises NotFound for an import
    that the actor does not see, NotAllowed for one of another unit, Conflict where it was no trial
    or has not ended.
    """
    with transaction():
        trial = import_for(actor, import_id)
        unit_id, _ = _who(actor)
        if trial.unit_id != unit_id:
            raise NotAllowed
        if not trial.dry_run or trial.state is not State.DONE:
            message = "只有试运行完成的文件才能在这里正式导入。"
            raise Conflict(message)
        under_way = _under_way(trial)
        if under_way is not None:
            return under_way
        return _add(actor, Kept(trial.filename, trial.sha256, trial.size), dry_run=False)


def _add(actor: Actor, kept: Kept, *, dry_run: bool) -> int:
    unit_id, person_id = _who(actor)
    _refuse_too_many(unit_id)
    row = Import(
        unit_id=unit_id,
        by_id=person_id,
        filename=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        dry_run=dry_run,
    )
    db.session.add(row)
    db.session.flush()
    record(Action.HANDED_IN, actor, f"import:{row.id}", sha256=kept.sha256, trial=dry_run)
    return row.id


def _who(actor: Actor) -> tuple[int, int]:
    """Keys of unit and person of somebody who may hand in."""
    if actor.unit_id is None or actor.person_id is None or not actor.roles & PROVIDER:
        message = "只有信息提供单位的经办人和审核人可以报送数据。"
        raise NotAllowed(message)
    return actor.unit_id, actor.person_id


def _refuse_too_many(unit_id: int) -> None:
    waiting = sa.select(sa.func.count()).select_from(Import)
    waiting = waiting.where(Import.unit_id == unit_id, Import.ended_at.is_(None))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        message = f"本单位已有{MOST_WAITING}份文件在等待处理，请等其中一份完成后再报送。"
        raise Conflict(message)


def _under_way(trial: Import) -> int | None:
    """The import of the same file for the same unit, in earnest, that has not ended."""
    return db.session.scalar(
        sa.select(Import.id).where(
            Import.unit_id == trial.unit_id,
            Import.sha256 == trial.sha256,
            Import.dry_run.is_(False),
            Import.ended_at.is_(None),
        )
    )
