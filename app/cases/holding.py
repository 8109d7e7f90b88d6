"""Annotating records and holding sanctions: counted per case, the suspension follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Protocol

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.models import Case, CaseLink
from app.cases.registry import sanction_facts
from app.cases.suspension.models import Suspension
from app.db import add_rows, db
from app.records import commands as records
from app.records.models import Hold, Record, Sanction, SanctionBasis, Switch
from app.records.queries import annotated, switches
from workflows.office import SanctionFact
from workflows.rules import Rules

CONTESTED = "异议核实期间不据以执行惩戒措施"
RELEASED = "异议核实结束"


class Opens(Protocol):
    """Opens and moves cases inside the running transaction."""

    on: date

    def open_children(
        self, above: CaseFacts, kind: str, step: str, wanted: Sequence[Mapping[str, Any]]
    ) -> Sequence[Case]:
        """Open children of a case by one of their opening steps, in this order."""

    def order(self, orders: Sequence[tuple[str, str]]) -> None:
        """Take SYSTEM steps of cases, each by the number of the case and the name of the step."""


def annotate(case: Case, ids: Collection[int], on: date) -> None:
    """Mark records as contested by the case; their sanctions may not be executed on them."""
    basis = f"异议{case.number}"
    for record in _records(ids):
        records.turn_on(record, Switch.ANNOTATION, on, None, basis, case.number)
        records.turn_off(record, Switch.SANCTIONS, on, CONTESTED)


def end_annotation(ids: Collection[int], of: str, on: date) -> None:
    """End the mark of one case; a valid record that nobody contests any more is used again."""
    rows = _records(ids)
    for record in rows:
        records.turn_off(record, Switch.ANNOTATION, on, RELEASED, of)
    marked, now = annotated(ids), switches(ids, on)
    for record in rows:
        used = now[record.id][Switch.SANCTIONS].on
        if record.id not in marked and record.ended_on is None and not used:
            records.turn_on(record, Switch.SANCTIONS, on, None, RELEASED)


def keep_unused(record: Record, on: date) -> None:
    """What comes back while somebody contests it is not executed on either."""
    if annotated([record.id]):
        records.turn_off(record, Switch.SANCTIONS, on, CONTESTED)


def hold(facts: CaseFacts, ids: Collection[int], work: Opens) -> int:
    """Hold every sanction on the records that is not lifted and whose period is not over.

    By whomever else it is held, and whether or not it has begun. Each gets a suspension where
    none is open; one that was to resume is suspended anew. Gives how many are held newly.
    """
    number, rules = facts.row.number, facts.rules
    declined = _declined_to(facts.row)
    wanted = [
        one
        for one in _locked(ids, work.on, rules)
        if number not in one.holders and one.id not in declined and _may_hold(one, rules)
    ]
    held = [
        {
            "sanction_id": one.id,
            "case_number": number,
            "since": None if _waits_for_confirmation(one, rules) else work.on,
        }
        for one in wanted
    ]
    add_rows(Hold, held)
    for suspended, several in groupby(wanted, key=lambda one: one.suspension is not None):
        if suspended:
            _hold_again(facts, list(several), work)
        else:
            _open(facts, "open", several, work)
    return len(wanted)


def _waits_for_confirmation(sanction: SanctionFact, rules: Rules) -> bool:
    """The rule `suspension.mandatory`: a hold may need the department's word to take effect.

    What the department has suspended already, and not yet resumed, is held at once.
    """
    if not sanction.mandatory or rules.choice("suspension.mandatory") == "held_until_declined":
        return False
    confirmed = sa.select(Suspension.case_id).where(
        Suspension.open_on == sanction.id, Suspension.confirmed_on.is_not(None)
    )
    return db.session.scalar(confirmed) is None


def _open(facts: CaseFacts, step: str, sanctions: Iterable[SanctionFact], work: Opens) -> None:
    wanted = [{"sanction": one.id, "unit": one.department} for one in sanctions]
    work.open_children(facts, "suspension", step, wanted)


def _hold_again(facts: CaseFacts, sanctions: Sequence[SanctionFact], work: Opens) -> None:
    link(facts.row.id, sanctions)
    resuming = [one for one in sanctions if one.suspension_state == "resuming"]
    work.order([(one.suspension or "", "hold_again") for one in resuming])


def release(ids: Iterable[int], of: str, rules: Rules, work: Opens) -> None:
    """End the holds of one case; what nobody holds any more is resumed or lifted.

    The sanctions are locked by key: two cases that let go at once must not both see the other.
    """
    wanted = list(ids)
    locked = sa.select(Sanction.id).where(Sanction.id.in_(wanted)).order_by(Sanction.id)
    db.session.execute(locked.with_for_update(key_share=True)).all()
    chosen = sa.select(Hold).where(
        Hold.sanction_id.in_(wanted), Hold.case_number == of, Hold.until.is_(None)
    )
    held = list(db.session.scalars(chosen))
    for one in held:
        one.until = work.on
        if one.since is None:
            one.since = work.on
    db.session.flush()
    _follow(sanction_facts({one.sanction_id for one in held}, work.on, rules), work)


def _follow(sanctions: Sequence[SanctionFact], work: Opens) -> None:
    orders = []
    for sanction in sanctions:
        if sanction.suspension is None or sanction.suspension_state == "lifting":
            continue
        if not sanction.supported or sanction.over:
            orders.append((sanction.suspension, "order_lift"))
        elif not sanction.holders and sanction.suspension_state != "resuming":
            orders.append((sanction.suspension, "order_resume"))
    work.order(orders)


def settle(facts: CaseFacts, ids: Collection[int], work: Opens) -> None:
    """Order lifted what no valid record supports any more."""
    lost = [one for one in _locked(ids, work.on, facts.rules) if not one.supported]
    for suspended, several in groupby(lost, key=lambda one: one.suspension is not None):
        if suspended:
            _lift(facts, list(several), work)
        else:
            _open(facts, "open_to_lift", several, work)


def _lift(facts: CaseFacts, sanctions: Sequence[SanctionFact], work: Opens) -> None:
    link(facts.row.id, sanctions)
    stopped = [one for one in sanctions if one.suspension_state != "lifting"]
    work.order([(one.suspension or "", "order_lift") for one in stopped])


def link(parent: int, sanctions: Sequence[SanctionFact]) -> None:
    """The suspensions of the sanctions are children of this case, too."""
    numbers = [one.suspension for one in sanctions]
    there = sa.select(CaseLink.child_id).where(CaseLink.parent_id == parent)
    chosen = sa.select(Case.id).where(Case.number.in_(numbers), Case.id.not_in(there))
    new = db.session.scalars(chosen.order_by(Case.id))
    add_rows(CaseLink, [{"parent_id": parent, "child_id": child} for child in new])


def _locked(ids: Collection[int], on: date, rules: Rules) -> list[SanctionFact]:
    """The running sanctions on the records, their rows locked by key: two cases may want them."""
    resting = sa.select(SanctionBasis.sanction_id).where(SanctionBasis.record_id.in_(ids))
    chosen = sa.select(Sanction.id).where(Sanction.id.in_(resting), Sanction.lifted_on.is_(None))
    found = list(db.session.scalars(chosen.order_by(Sanction.id).with_for_update(key_share=True)))
    return [one for one in sanction_facts(found, on, rules) if not (one.lifted or one.over)]


def _may_hold(sanction: SanctionFact, rules: Rules) -> bool:
    """The rule `suspension.shared`: what also rests on an uncontested record that is valid."""
    if rules.choice("suspension.shared") == "hold":
        return True
    valid = sa.select(Record.id).where(
        Record.id.in_(sanction.records),
        Record.subject_id == sanction.subject,
        Record.ended_on.is_(None),
    )
    return set(db.session.scalars(valid)) <= set(annotated(sanction.records))


def _declined_to(case: Case) -> set[int]:
    """Sanctions whose suspension a department declined to this case: statute forbids it."""
    chosen = (
        sa.select(Suspension.sanction_id)
        .join(CaseLink, CaseLink.child_id == Suspension.case_id)
        .join(Case, Case.id == Suspension.case_id)
        .where(CaseLink.parent_id == case.id, Case.state == "declined")
    )
    return set(db.session.scalars(chosen))


def _records(ids: Collection[int]) -> list[Record]:
    chosen = sa.select(Record).where(Record.id.in_(ids)).order_by(Record.id)
    return list(db.session.scalars(chosen.with_for_update(key_share=True)))
