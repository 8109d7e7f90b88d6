"""The history of a case: each step a sealed row in the chain of its case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.audit.chain import START, Link, canonical, seal, source
from app.cases.models import Case, StepTaken
from app.clock import now, today
from app.db import db
from app.people.actor import Actor


def note(
    case: Case, step: str, came_from: str | None, actor: Actor, data: Mapping[str, Any]
) -> StepTaken:
    """Add a step to the history and count it; inside the transaction, the case being locked.

    Whatever is asked next, or the end of the transaction, writes the row.
    """
    previous = _last_mac(case)
    case.version += 1
    case.moved_at = now()
    plain = json.loads(canonical(data))
    row = StepTaken(
        case_id=case.id,
        seq=case.version,
        step=step,
        source=came_from,
        to=case.state,
        actor_id=actor.person_id,
        unit_id=actor.unit_id,
        on=today(),
        at=case.moved_at,
        data=plain,
        data_digest=hashlib.sha256(canonical(plain)).hexdigest(),
    )
    row.mac = seal(previous, _sealed(case.number, row)).hex()
    db.session.add(row)
    return row


def _last_mac(case: Case) -> bytes:
    for row in db.session.new:
        if isinstance(row, StepTaken) and (row.case_id, row.seq) == (case.id, case.version):
            return bytes.fromhex(row.mac)
    if case.version == 0:
        return START
    chosen = sa.select(StepTaken.mac).where(
        StepTaken.case_id == case.id, StepTaken.seq == case.version
    )
    with db.session.no_autoflush:  # the row of the case is written once, with the step
        mac = db.session.scalar(chosen)
    return bytes.fromhex(mac) if mac else START


def _sealed(number: str, row: StepTaken) -> dict[str, Any]:
    return {
        "chain": number,
        "seq": row.seq,
        "step": row.step,
        "source": row.source,
        "to": row.to,
        "actor_id": row.actor_id,
        "unit_id": row.unit_id,
        "on": row.on,
        "at": row.at,
        "data": row.data_digest,
    }


@source("steps")
def _links() -> Iterable[Link]:
    """Every step of every case, for `audit verify`; a changed input breaks its chain, too."""
    chosen = (
        sa.select(StepTaken, Case.number)
        .join(Case, Case.id == StepTaken.case_id)
        .order_by(StepTaken.case_id, StepTaken.seq)
        .execution_options(yield_per=1000)
    )
    for row, number in db.session.execute(chosen):
        whole = hashlib.sha256(canonical(row.data)).hexdigest() == row.data_digest
        yield Link(number, row.seq, _sealed(number, row), row.mac if whole else "")
