"""What a decision on a repair will do, told before it is taken."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

from app.cases.facts import CaseFacts
from app.cases.particulars import measures
from app.db import db
from app.records.models import Record
from app.records.queries import recipients_with, supported
from workflows.grammar import Step
from workflows.rules import MONTHS_A_YEAR, months_after

Told: TypeAlias = dict[str, Any]


def following(facts: CaseFacts, step: Step) -> Told | None:
    """What granting, revoking or restoring a repair will do; None for every other step."""
    if facts.row.kind != "repair":
        return None
    if step.name in {"grant", "restore_repair"}:
        return _repaired(facts)
    return _revoked(facts) if step.name == "revoke" else None


def _repaired(facts: CaseFacts) -> Told:
    """Which measures lose their last record, which another one supports, and who is told."""
    record = facts.case().details["record"]
    running = [one for one in facts.sanctions() if not (one.over or one.lifted)]
    past = facts.rules.choice("record.past_maximum")
    goes_on = supported([one.id for one in running], facts.on, past, without=record)
    return {
        "lifted": measures([one for one in running if not goes_on[one.id]], facts.rules),
        "standing": measures([one for one in running if goes_on[one.id]], facts.rules),
        "recipients": [one.name for one in recipients_with(record)],
    }


def _revoked(facts: CaseFacts) -> Told:
    """Until when it is disclosed again, None where nothing is left, and until when barred."""
    record = db.session.get_one(Record, facts.case().details["record"])
    years = facts.rules.length("repair.bar_years").value
    return {
        "disclosed_until": _rest(record.disclosed_until, facts.on),
        "barred_until": months_after(facts.on, years * MONTHS_A_YEAR),
        "recipients": [one.name for one in recipients_with(record.id)],
    }


def _rest(until: date | None, on: date) -> date | None:
    return until if until and until >= on else None
