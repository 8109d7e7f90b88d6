"""Locks what a step may touch before anything is read: in one order, so that nobody waits in a circle.

Cases first (objection, repair, verification, correction, suspension, each by key), then records,
then sanctions; the counters of numbers come last, when something is numbered. The locks are those
of a row that keeps its key: a foreign key may be pointed at it meanwhile.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.correction.models import Correction
from app.cases.models import Case, CaseLink
from app.cases.objection.models import Item
from app.cases.repair.models import Repair
from app.cases.suspension.models import Suspension
from app.db import db
from app.records.models import Hold, Record, Sanction, SanctionBasis
from workflows.grammar import Step

ORDER: Final = ("objection", "repair", "verification", "correction", "suspension")
_ABOUT: Final = {
    "objection": (Item.record_id, Item.case_id),
    "correction": (Correction.record_id, Correction.case_id),
    "repair": (Repair.record_id, Repair.case_id),
}
_RANK: Final = sa.case({kind: place for place, kind in enumerate(ORDER)}, value=Case.kind)


def lock(case: Case, step: Step | None) -> None:
    """The case as it stands now, and all that the step may move or change; `None`: any step.

    Nothing but cases is loaded: what was loaded before the lock would be what it was before.
    On SQLite a transaction that writes is alone anyway.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return
    draft = case.state == "draft"
    if draft:  # whose records may still be exchanged for others
        db.session.refresh(case, with_for_update={"key_share": True})
    records, sanctions = _records(case), _sanctions(case)
    _lock_cases(case, sanctions)
    if step is None or step.effects or draft or case.kind in {"correction", "repair"}:
        _lock_by_key(Record.id, records)
        _lock_by_key(Sanction.id, sanctions)


def _records(case: Case) -> sa.Select[Any]:
    """The records that it is about; none, where it changes none."""
    if case.kind not in _ABOUT:
        return sa.select(Record.id).where(sa.false())
    record, of = _ABOUT[case.kind]
    return sa.select(record).where(of == case.id)


def _sanctions(case: Case) -> sa.Select[Any]:
    """The sanctions on its records, those that it holds, or the one that it suspends."""
    if case.kind == "suspension":
        return sa.select(Suspension.sanction_id).where(Suspension.case_id == case.id)
    resting = SanctionBasis.record_id.in_(_records(case))
    held = sa.select(Hold.sanction_id).where(Hold.case_number == case.number)
    both = sa.union(sa.select(SanctionBasis.sanction_id).where(resting), held).subquery()
    return sa.select(both.c.sanction_id)


def _lock_by_key(key: InstrumentedAttribute[int], chosen: sa.Select[Any]) -> None:
    in_order = sa.select(key).where(key.in_(chosen)).order_by(key)
    db.session.execute(in_order.with_for_update(key_share=True)).all()


def _lock_cases(case: Case, sanctions: sa.Select[Any]) -> None:
    """It, its parent, what waits under either, and what is suspended on the sanctions."""
    own = [one for one in (case.id, case.parent_id) if one is not None]
    family = sa.select(CaseLink.child_id).where(CaseLink.parent_id.in_(own))
    stopped = sa.select(Suspension.case_id).where(Suspension.open_on.in_(sanctions))
    waiting = sa.and_(Case.id.in_(family), Case.owner_role.is_not(None))
    chosen = sa.select(Case).where(sa.or_(Case.id.in_(own), waiting, Case.id.in_(stopped)))
    in_order = chosen.order_by(_RANK, Case.id).with_for_update(key_share=True)
    db.session.scalars(in_order, execution_options={"populate_existing": True}).all()
