"""Rows as the law sees them."""

from __future__ import annotations

from app.cases.details import Details, plain
from app.cases.machine import NEW
from app.cases.models import Case, StepTaken
from app.cases.objection.models import Item
from app.db import AnyRow
from app.deadlines.clocks import Event
from workflows import definition_of
from workflows.office import CaseFact, ItemFact, TakenFact


def case_fact(case: Case, details: Details, parent: str | None) -> CaseFact:
    """A case as the law sees it."""
    return CaseFact(
        number=case.number,
        kind=case.kind,
        law_version=case.law_version,
        state=case.state,
        open=case.state == NEW or definition_of(case).state(case.state).waiting,
        unit=case.unit_id,
        parent=parent,
        subject=case.subject_id,
        filer_person=case.filer_person_id,
        filer_unit=case.filer_unit_id,
        filed_on=case.filed_on,
        details=plain(details),
    )


def item_fact(item: Item) -> ItemFact:
    """An item as the law sees it."""
    return ItemFact(
        id=item.id,
        position=item.position,
        record=item.record_id,
        field=item.field,
        ground=item.ground,
        claim=item.claim,
        unit=item.unit_id,
        finding=item.finding,
        value=item.value,
        reasons=item.reasons,
        own_error=item.own_error,
        unreviewed=item.unreviewed,
        outcome=item.outcome,
    )


def taken_fact(row: StepTaken | AnyRow) -> TakenFact:
    """A step of the history as the law sees it."""
    return TakenFact(row.seq, row.step, row.source, row.to, row.actor_id, row.on, row.data)


def event(taken: TakenFact) -> Event:
    """A step of the history as far as clocks care."""
    return Event(taken.seq, taken.step, taken.source, taken.to, taken.on, taken.data)
