"""The commitments that applicants for repair have published, for everybody to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from app.cases.models import Case
from app.cases.repair.models import Repair
from app.db import db
from app.people.models import Subject, SubjectKind, Unit
from app.records.models import EndedBy, Record
from app.web.filters import masked_name

GIVEN_UP: Final = ("draft", "withdrawn", "discontinued", "revoked")
"""The states in which nothing is promised, or nothing any more, or the promise was broken."""
GONE: Final = (EndedBy.REVOKE, EndedBy.DELETE)


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who promised it, about which decision of which authority, and since when it is public.

    No number of the subject, and of a natural person no whole name.
    """

    subject: str
    decision_no: str
    authority: str
    committed_on: date


@dataclass(frozen=True, slots=True)
class Published:
    """Some commitments, and with which key to ask for those before them; None after the last."""

    commitments: Sequence[Commitment]
    next: int | None


def published(before: int | None, limit: int) -> Published:
    """The commitments of the newest applications; of a record that is gone none is shown.

    In one query along the key of repairs: only drafts and what was given up or revoked are passed over.
    """
    chosen = (
        sa.select(Repair.case_id, Repair.committed_on, Record.decision_no, Subject, Unit.name)
        .join(Case, Case.id == Repair.case_id)
        .join(Record, Record.id == Repair.record_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(
            Repair.committed_on.is_not(None),
            Case.state.not_in(GIVEN_UP),
            sa.or_(Record.ended_by.is_(None), Record.ended_by.not_in(GONE)),
        )
        .order_by(Repair.case_id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        chosen = chosen.where(Repair.case_id < before)
    rows = db.session.execute(chosen).all()
    shown = [
        Commitment(_named(row.Subject), row.decision_no, row.name, row.committed_on)
        for row in rows[:limit]
    ]
    return Published(shown, rows[limit - 1].case_id if len(rows) > limit else None)


def _named(subject: Subject) -> str:
    return masked_name(subject.name) if subject.kind is SubjectKind.PERSON else subject.name
