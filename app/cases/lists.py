"""Lists of cases as people read them: a fixed number of queries, however long the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.cases.models import Case
from app.cases.objection.models import Item
from app.cases.presentation import expected, role_title
from app.db import db
from app.deadlines.models import Deadline
from app.people.queries import subjects_by_id, units_by_id
from app.records.models import Record
from app.web.addresses import key
from workflows import definition_of
from workflows.grammar import Role


@dataclass(frozen=True)
class Line:
    """A case in a list. `about`: the subject; `owner`: who must act; `expected`: what to do.

    `later`: nothing is to be done but to see that others do it. `told`: `owner` as a letter says it. `clock`: the one that counts for
    the reader, where that is not the one of the owner.
    """

    case: Case
    title: str
    about: str
    owner: str
    expected: str
    clock: Deadline | None = None
    told: str = ""

    @property
    def later(self) -> bool:
        """Whether the owner waits for others."""
        return self.expected.startswith(("等待", "督促"))


@dataclass(frozen=True)
class Part:
    """A part of a list; `next`: the key with which to ask for the one after it, or None."""

    lines: Sequence[Line]
    next: str | None


def part(cases: Sequence[Case], size: int, *, by_due: bool = False) -> Part:
    """The first `size` of the cases; one more than that means that there is a next part."""
    shown = cases[:size]
    if len(cases) <= size:
        return Part(lines(shown), None)
    last = shown[-1]
    key = f"{last.due_on or date.max}_{last.id}" if by_due else str(last.id)
    return Part(lines(shown), key)


def due_key(text: str) -> tuple[date, int] | None:
    """The key of a part sorted by due date, as `part` wrote it; None for what is none."""
    day, _, number = text.partition("_")
    try:
        return date.fromisoformat(day), key(number)
    except ValueError:
        return None


def lines(cases: Sequence[Case]) -> list[Line]:
    """The cases in the order given."""
    subject_of = _subjects_of(cases)
    subjects = subjects_by_id(subject_of.values())
    units = units_by_id({case.owner_unit_id for case in cases if case.owner_unit_id})
    found = []
    for case in cases:
        subject = subjects.get(subject_of.get(case.id, 0))
        unit = units.get(case.owner_unit_id or 0)
        found.append(
            Line(
                case,
                definition_of(case).title,
                subject.name if subject else "",
                owner_words(case, unit.name if unit else ""),
                expected(case.kind, case.state) if case.owner_role else "",
                told=owner_told(case, unit.name if unit else ""),
            )
        )
    return found


def owner_words(case: Case, unit: str) -> str:
    """Who must act, with the unit where there is one; empty where nobody is waited for."""
    return " · ".join(part for part in (unit, role_title(case.owner_role)) if part)


def owner_told(case: Case, unit: str) -> str:
    """Who must act, for the subject: itself, or a unit by its name; nobody's role in it."""
    if case.owner_role == Role.FILER.value:
        return f"您（{'异议人' if case.kind == 'objection' else '申请人'}）"
    return unit or role_title(case.owner_role)


def _subjects_of(cases: Sequence[Case]) -> dict[int, int]:
    """The subject of each case; where the case names none, that of the records contested."""
    root_of = {case.id: case.parent_id or case.id for case in cases if case.subject_id is None}
    chosen = sa.select(Item.case_id, Record.subject_id).join(Record, Record.id == Item.record_id)
    rows = db.session.execute(chosen.where(Item.case_id.in_(set(root_of.values()))).distinct())
    contested = {case_id: subject_id for case_id, subject_id in rows}  # noqa: C416 -- a row is no pair to mypy
    own = {case.id: case.subject_id for case in cases if case.subject_id is not None}
    found = {case_id: contested[root] for case_id, root in root_of.items() if root in contested}
    return own | found
