"""Cases that are opened or moved by one step: what each needs is read and written for all at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

import sqlalchemy as sa

from app.cases.details import TABLES, Details
from app.cases.facts import CaseFacts, histories_of
from app.cases.machine import NEW
from app.cases.models import Case, CaseLink
from app.cases.registry import record_facts, sanction_facts
from app.clock import today
from app.db import add_rows, ask, db
from app.deadlines.queries import deadlines_of
from app.notices.numbering import take
from app.records.models import Record, Sanction
from workflows import WORKFLOWS

CONCERNS: Final[Mapping[str, tuple[str, type[Record | Sanction]]]] = {
    "correction": ("record", Record),
    "suspension": ("sanction", Sanction),
}
"""What a child is about that concerns a subject."""
_NUMBERED: Final = (
    sa.select(Case)
    .where(Case.number.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(Case.id)
)


def new_cases(kind: str, wanted: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Cases with their numbers, before their opening step; `wanted`: the columns of each."""
    day, prefix = today(), WORKFLOWS[kind].prefix
    ordinals = take(f"{prefix}-{day.year}", len(wanted))
    numbers = [f"{prefix}-{day.year}-{ordinal:06d}" for ordinal in ordinals]
    shared = {"kind": kind, "state": NEW, "version": 0, "filed_on": day}
    add_rows(
        Case,
        [
            {"number": number, **shared, **columns}
            for number, columns in zip(numbers, wanted, strict=True)
        ],
    )
    return list(db.session.scalars(_NUMBERED, {"numbers": numbers}))


def add_details(cases: Sequence[Case], details: Sequence[Mapping[str, Any]]) -> None:
    """The rows that only their kind has; `record` and `sanction` are keys."""
    for case, said in zip(cases, details, strict=True):
        renamed = {
            f"{name}_id" if name in {"record", "sanction"} else name: value
            for name, value in said.items()
        }
        if case.kind == "suspension":
            renamed["open_on"] = renamed["sanction_id"]
        db.session.add(TABLES[case.kind](case_id=case.id, **renamed))
    db.session.flush()


def opened(
    above: CaseFacts, kind: str, units: Sequence[int], details: Sequence[Mapping[str, Any]]
) -> list[CaseFacts]:
    """Children of a case, under its law and rules, before their opening step: what is known of them."""
    parent = above.row
    subjects = _subjects_of(kind, details)
    shared = {
        "law_version": parent.law_version,
        "rules_digest": parent.rules_digest,
        "parent_id": parent.id,
    }
    children = new_cases(
        kind,
        [
            {"unit_id": unit, "subject_id": subject, **shared}
            for unit, subject in zip(units, subjects, strict=True)
        ],
    )
    parents = [above, above.above] if kind == "suspension" and above.above else [above]
    add_rows(
        CaseLink,
        [{"parent_id": one.row.id, "child_id": child.id} for child in children for one in parents],
    )
    add_details(children, details)
    objections = sorted(
        (one.row.id, one.row.number) for one in parents if one.row.kind == "objection"
    )
    batch = [CaseFacts(child, above.on, above=above) for child in children]
    for facts in batch:
        facts.know_it_is_new([number for _, number in objections])
    return batch


def locked(numbers: Collection[str]) -> dict[str, Case]:
    """Cases by number, locked by key."""
    chosen = sa.select(Case).where(Case.number.in_(numbers)).order_by(Case.id)
    rows = db.session.scalars(chosen.with_for_update(key_share=True)) if numbers else ()
    return {row.number: row for row in rows}


def facts_of(cases: Sequence[Case], on: date) -> list[CaseFacts]:
    """What is known of several cases; those that one case opened share what is known of it."""
    details = {
        row.case_id: row
        for kind in {case.kind for case in cases}
        for row in _details_of(kind, [case.id for case in cases if case.kind == kind])
    }
    above = {
        key: CaseFacts(db.session.get_one(Case, key), on)
        for key in {case.parent_id for case in cases}
        if key is not None
    }
    return [CaseFacts(case, on, details[case.id], above.get(case.parent_id or 0)) for case in cases]


def look_ahead(batch: Sequence[CaseFacts]) -> None:
    """Ask now what every step asks: asked after the first change, that would be written twice."""
    histories = histories_of([facts.row.id for facts in batch])
    deadlines = deadlines_of([facts.row.number for facts in batch])
    for facts in batch:
        facts.know_history(histories[facts.row.id])
        facts.know(CaseFacts.deadlines, deadlines[facts.row.number])


def ask_sanctions(batch: Sequence[CaseFacts]) -> None:
    """Ask for several suspensions at once how the sanction of each stands."""
    suspensions = _suspensions(batch)
    for digest in {facts.row.rules_digest for facts in suspensions}:
        own = {_sanction(one): one for one in suspensions if one.row.rules_digest == digest}
        rules = next(iter(own.values())).rules
        for sanction in sanction_facts(own.keys(), batch[0].on, rules):
            own[sanction.id].know(CaseFacts.sanctions, [sanction])


def ask_records(batch: Sequence[CaseFacts]) -> None:
    """Ask for several suspensions at once what the records say that support their sanctions."""
    suspensions = _suspensions(batch)
    wanted = {key for facts in suspensions for key in facts.record_ids()}
    known = {one.id: one for one in record_facts(wanted, batch[0].on)} if suspensions else {}
    for facts in suspensions:
        facts.know(CaseFacts.records, [known[key] for key in facts.record_ids()])


def _suspensions(batch: Sequence[CaseFacts]) -> list[CaseFacts]:
    """Those of a batch, where they are several: a single one asks when it needs to know."""
    found = [facts for facts in batch if facts.row.kind == "suspension"]
    return found if len(found) > 1 else []


def _sanction(facts: CaseFacts) -> int:
    key: int = facts.case().details["sanction"]
    return key


def _details_of(kind: str, case_ids: Sequence[int]) -> Sequence[Details]:
    table = TABLES[kind]
    chosen = sa.select(table).where(table.case_id.in_(case_ids))
    return cast("Sequence[Details]", db.session.scalars(chosen).all())


def _subjects_of(kind: str, details: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Whom each child concerns, and who may therefore see it; nobody sees a verification."""
    if kind not in CONCERNS:
        return [None] * len(details)
    name, table = CONCERNS[kind]
    keys = [said[name] for said in details]
    found = ask(sa.select(table.id, table.subject_id).where(table.id.in_(keys)))
    subjects = {row.id: row.subject_id for row in found}
    return [subjects[key] for key in keys]
