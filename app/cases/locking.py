"""Locks what a step may touch before anything is read: in one order, so that nobody waits in a circle.

Cases first (objection, repair, verification, correction, suspension, each by key), then records,
then sanctions; the counters of numbers come last, when something is numbered. The locks are those
of a row that keeps its key: a foreign key may be pointed at it meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.models import Case, CaseLink
from app.cases.suspension.models import Suspension
from app.clock import today
from app.db import KEEPING_ITS_KEY, db
from app.records.models import Hold, Record, Sanction, SanctionBasis
from workflows.grammar import Step

ORDER: Final = ("objection", "repair", "verification", "correction", "suspension")
_RANK: Final = sa.case({kind: place for place, kind in enumerate(ORDER)}, value=Case.kind)


def lock(case: Case, step: Step | None) -> None:
    """The case as it stands now, and all that the step may move or change; `None`: any step.

    On SQLite a transaction that writes is alone anyway.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return
    if case.state == "draft":  # whose records may still be exchanged for others
        db.session.refresh(case, with_for_update=KEEPING_ITS_KEY)
    wide = step is None or bool(step.effects) or case.state == "draft"
    wide = wide or case.kind in {"correction", "repair"}
    records = CaseFacts(case, today()).record_ids() if wide and _is_about_records(case) else []
    sanctions = _sanctions(case, records)
    _lock_cases(case, sanctions)
    if records:
        of_records = sa.select(Record.id).where(Record.id.in_(records)).order_by(Record.id)
        db.session.execute(of_records.with_for_update(**KEEPING_ITS_KEY)).all()
    if wide:
        of_sanctions = sa.select(Sanction.id).where(Sanction.id.in_(sanctions))
        in_order = of_sanctions.order_by(Sanction.id).with_for_update(**KEEPING_ITS_KEY)
        db.session.execute(in_order).all()


def _is_about_records(case: Case) -> bool:
    return case.kind in {"objection", "correction", "repair"}


def _sanctions(case: Case, records: Sequence[int]) -> sa.Select[tuple[int]]:
    """The sanctions on its records, those that it holds, or the one that it suspends."""
    if case.kind == "suspension":
        return sa.select(Suspension.sanction_id).where(Suspension.case_id == case.id)
    resting = sa.select(SanctionBasis.sanction_id).where(SanctionBasis.record_id.in_(records))
    held = sa.select(Hold.sanction_id).where(Hold.case_number == case.number)
    both = sa.union(resting, held).subquery()
    return sa.select(both.c.sanction_id)


def _lock_cases(case: Case, sanctions: sa.Select[tuple[int]]) -> None:
    """It, its parent, what waits under either, and what is suspended on the sanctions."""
    own = [one for one in (case.id, case.parent_id) if one is not None]
    family = sa.select(CaseLink.child_id).where(CaseLink.parent_id.in_(own))
    stopped = sa.select(Suspension.case_id).where(Suspension.open_on.in_(sanctions))
    waiting = sa.and_(Case.id.in_(family), Case.owner_role.is_not(None))
    chosen = sa.select(Case).where(sa.or_(Case.id.in_(own), waiting, Case.id.in_(stopped)))
    in_order = chosen.order_by(_RANK, Case.id).with_for_update(**KEEPING_ITS_KEY)
    db.session.scalars(in_order, execution_options={"populate_existing": True}).all()
