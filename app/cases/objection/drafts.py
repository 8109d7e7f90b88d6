"""The items of an objection while it is a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.cases.models import Case
from app.cases.objection.models import Item
from app.db import db
from app.errors import Invalid
from app.people.actor import Actor
from app.records.models import Record
from app.records.queries import visible_to
from workflows.inputs.objection import ItemInput


def replace_items(case: Case, items: Sequence[ItemInput], actor: Actor) -> None:
    """Make the items of a draft those given, in their order; an item keeps its key.

    Raises Invalid where an item names a record that the actor may not see.
    """
    records = _visible(items, actor)
    chosen = sa.select(Item).where(Item.case_id == case.id).order_by(Item.position)
    there = list(db.session.scalars(chosen))
    for position, said in enumerate(items, start=1):
        row = there[position - 1] if position <= len(there) else _new(case, position)
        row.record_id = said.record_id
        row.unit_id = records[said.record_id].provider_id
        row.field, row.ground, row.claim = said.field, said.ground, said.claim
        db.session.add(row)
    for surplus in there[len(items) :]:
        db.session.delete(surplus)
    db.session.flush()


def _new(case: Case, position: int) -> Item:
    return Item(case_id=case.id, position=position)


def _visible(items: Sequence[ItemInput], actor: Actor) -> Mapping[int, Record]:
    wanted = {item.record_id for item in items}
    chosen = visible_to(actor, wanted)
    found = {record.id: record for record in db.session.scalars(chosen)}
    faults = {
        f"items.{index}.record_id": "没有这条记录，请从记录页面选择。"
        for index, item in enumerate(items)
        if item.record_id not in found
    }
    if faults:
        raise Invalid(faults)
    return found
