"""What the history of an objection tells: when it was handed in, what was missing, what was added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.models import StepTaken
from app.db import db

Told: TypeAlias = dict[str, Any]


def submitted_on(facts: CaseFacts) -> date | None:
    """The day on which an objection was handed in; None for a draft and for other kinds."""
    return next((one.on for one in facts.history() if one.step == "submit"), None)


def gaps(facts: CaseFacts) -> list[str]:
    """What the office found missing last; empty where nothing waits for it."""
    if facts.row.state != "supplementing":
        return []
    asked = [one for one in facts.history() if one.step == "request_supplement"]
    return list(asked[-1].data["input"]["gaps"]) if asked else []


def supplements(facts: CaseFacts) -> Sequence[Told]:
    """What the filer added to the objection, oldest first: day and text.

    A verification tells those of the objection that opened it.
    """
    cases = {"objection": facts.row.id, "verification": facts.row.parent_id}
    chosen = (
        sa.select(StepTaken.on, StepTaken.data)
        .where(StepTaken.case_id == cases.get(facts.row.kind), StepTaken.step == "supplement")
        .order_by(StepTaken.seq)
    )
    return [
        {"on": row.on, "statement": row.data["input"]["statement"]}
        for row in db.session.execute(chosen)
    ]
