"""Which cases a text that somebody searches for means."""

from __future__ import annotations

import re
from typing import Any, Final

import sqlalchemy as sa

from app.cases.correction.models import Correction
from app.cases.models import Case, CaseLink
from app.cases.objection.models import Item
from app.cases.repair.models import Repair
from app.clock import today
from app.people.queries import find_subjects
from app.records.models import Record
from workflows import WORKFLOWS

FIRST_YEAR: Final = 2020
"""Before the first case of any city."""
DIGITS: Final = re.compile(r"[0-9]{1,6}")
BEGINNING: Final = re.compile(r"[A-Z]{2}-([0-9]{1,4}|[0-9]{4}-[0-9]{0,6})?")


def matching(text: str) -> sa.CompoundSelect[Any]:
    """Cases by number, by subject, or by the decision number of a record they are about."""
    subjects = [subject.id for subject in find_subjects(text, limit=100)]
    records = sa.select(Record.id).where(
        sa.or_(Record.decision_no == text, Record.subject_id.in_(subjects))
    )
    about = sa.select(Item.case_id).where(Item.record_id.in_(records))
    return sa.union(
        sa.select(Case.id).where(_numbered(text.upper())),
        sa.select(Case.id).where(Case.subject_id.in_(subjects)),
        about,
        sa.select(CaseLink.child_id).where(CaseLink.parent_id.in_(about)),
        sa.select(Correction.case_id).where(Correction.record_id.in_(records)),
        sa.select(Repair.case_id).where(Repair.record_id.in_(records)),
    )


def _numbered(text: str) -> sa.ColumnElement[bool]:
    """A whole case number, how it begins ("ZT-2026"), or its last digits ("27")."""
    if DIGITS.fullmatch(text):
        years = range(FIRST_YEAR, today().year + 1)
        prefixes = [workflow.prefix for workflow in WORKFLOWS.values()]
        numbers = [f"{prefix}-{year}-{int(text):06d}" for prefix in prefixes for year in years]
        return Case.number.in_(numbers)
    if BEGINNING.fullmatch(text):
        low, high = (text + rest[len(text) :] for rest in ("ZZ-0000-000000", "ZZ-9999-999999"))
        return Case.number.between(low, high)
    return Case.number == text
