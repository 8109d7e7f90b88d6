"""The sanctions of a case as its page shows them: how they stand, and what departments answered."""

from __future__ import annotations

from typing import Any, TypeAlias

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.db import db
from app.people.actor import Actor
from app.records.models import Sanction
from app.records.resting import as_shown
from workflows.office import SanctionFact

Told: TypeAlias = dict[str, Any]


def sanctions(facts: CaseFacts, actor: Actor) -> list[Told]:
    """Each sanction of an objection, a repair or a suspension; in a fixed number of queries."""
    if facts.row.kind not in {"objection", "repair", "suspension"}:
        return []
    known = {one.id: one for one in facts.sanctions()}
    chosen = sa.select(Sanction).where(Sanction.id.in_(known)).order_by(Sanction.id)
    rows = list(db.session.scalars(chosen))
    beside = facts.record_ids()
    answers = _declined(facts)
    return [
        {
            "fact": known[row.id],
            "shown": shown,
            "held": _held(known[row.id], facts),
            "declined": answers.get(row.id),
        }
        for row, shown in zip(rows, as_shown(rows, actor, beside), strict=True)
    ]


def to_be_held(told: list[Told], number: str) -> list[Told]:
    """Those that accepting an objection makes departments suspend."""
    return [
        one
        for one in told
        if not (one["fact"].over or one["fact"].lifted or number in one["fact"].holders)
    ]


def _held(sanction: SanctionFact, facts: CaseFacts) -> str:
    if facts.row.number in sanction.holders:
        return "本案要求暂停"
    if facts.row.number in sanction.held_by and sanction.id not in _declined(facts):
        return "本案曾要求暂停"
    return ""


def _declined(facts: CaseFacts) -> dict[int, Told]:
    """Why the department does not suspend, by sanction: number of the suspension, provision."""
    if facts.row.kind != "objection":
        return {}
    return {
        one.details["sanction"]: {"number": one.number, "provision": one.details["provision"]}
        for one in facts.children("suspension")
        if one.state == "declined"
    }
