"""What the history of an application tells: when it was handed in, what was missing, what was added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.models import StepTaken
from app.db import db
from workflows.office import AttachmentFact

Told: TypeAlias = dict[str, Any]
SENT_BACK: Final = frozenset({"send_back", "return_proposal"})
"""The steps that give back to whoever examined what was reported or proposed."""


def submitted_on(facts: CaseFacts) -> date | None:
    """The day on which an objection or a repair was handed in; None for a draft and for other kinds."""
    return next((one.on for one in facts.history() if one.step == "submit"), None)


def gaps(facts: CaseFacts) -> list[str]:
    """What whoever accepts it found missing last; empty where nothing waits for it."""
    if facts.row.state != "supplementing":
        return []
    asked = [one for one in facts.history() if one.step == "request_supplement"]
    return list(asked[-1].data["input"]["gaps"]) if asked else []


def sent_back(facts: CaseFacts) -> Told | None:
    """Why what was reported or proposed last came back; None once somebody went on from there."""
    moves = [one for one in facts.history() if one.source != one.to]
    if not moves or moves[-1].step not in SENT_BACK:
        return None
    last = moves[-1]
    title = facts.workflow.step(last.step).title
    return {"title": title, "on": last.on, "reasons": last.data["input"]["reasons"]}


def added(facts: CaseFacts) -> Sequence[AttachmentFact]:
    """The files that came since something was found missing; none where nothing waits for it."""
    asked = [one.seq for one in facts.history() if one.step == "request_supplement"]
    if facts.row.state != "supplementing" or not asked:
        return []
    return [one for one in facts.attachments() if one.after_seq >= asked[-1]]


def supplements(facts: CaseFacts) -> Sequence[Told]:
    """What the filer added, oldest first: day and text.

    A verification tells those of the objection that opened it.
    """
    own, parent = facts.row.id, facts.row.parent_id
    cases = {"objection": own, "repair": own, "verification": parent}
    chosen = (
        sa.select(StepTaken.on, StepTaken.data)
        .where(StepTaken.case_id == cases.get(facts.row.kind), StepTaken.step == "supplement")
        .order_by(StepTaken.seq)
    )
    return [
        {"on": row.on, "statement": row.data["input"]["statement"]}
        for row in db.session.execute(chosen)
    ]
