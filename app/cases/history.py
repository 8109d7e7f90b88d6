"""The history of a case: each step a sealed row in the chain of its case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from app.audit.chain import Link, canonical, seal, source
from app.cases.facts import CaseFacts
from app.cases.models import Case, StepTaken
from app.clock import now, today
from app.db import add_rows, db
from app.people.actor import Actor

_WRITTEN: Final = tuple(column.key for column in StepTaken.__table__.columns if column.key != "id")


def note(
    facts: CaseFacts, step: str, came_from: str | None, actor: Actor, data: Mapping[str, Any]
) -> StepTaken:
    """Add a step to the history of a case and count it; in the transaction that locked the case.

    It is sealed now, but nobody can read it in the database before `write()`.
    """
    case = facts.row
    seq = facts.history()[-1].seq if facts.history() else 0
    if seq != case.version:
        message = f"case {case.number} is at {case.version}, its history at {seq}"
        raise RuntimeError(message)
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
    row.mac = seal(bytes.fromhex(facts.last_seal), _sealed(case.number, row)).hex()
    facts.noted(row)
    return row


def write(rows: Sequence[StepTaken]) -> None:
    """Write steps that were noted, in one statement."""
    add_rows(StepTaken, [{name: getattr(row, name) for name in _WRITTEN} for row in rows])


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
