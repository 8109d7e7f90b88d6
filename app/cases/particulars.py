"""What a notice tells of the records, items, measures, files and changes of a case: plain JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.cases import documents
from app.cases.facts import CaseFacts
from app.cases.models import Attachment
from app.cases.objection.models import Item
from app.db import db
from app.notices.render import chinese_date, yuan
from app.people.queries import units_by_id
from app.records.classes import NO_END
from app.records.fields import AMOUNTS, DATES, FIELDS, PERSONAL
from app.records.models import RecordVersion
from app.records.words import kinds
from app.web.filters import masked
from workflows.office import AnswerFact, RecordFact, SanctionFact
from workflows.rules import Rules

Told = dict[str, Any]
WHOLE: Final = "整条记录"
EMPTY: Final = "（空）"


def option_titles(rules: Rules, name: str) -> dict[str, str]:
    """The titles of the options of a rule by code."""
    return {option.code: option.title for option in rules.options(name)}


def value_shown(field: str, value: str | None, *, whole: bool) -> str:
    """A value of a field as people read it; numbers of documents masked unless `whole`."""
    if not value:
        return EMPTY
    if field in PERSONAL and not whole:
        return masked(value, 3)
    if field == "penalty_kind":
        return kinds(value)
    if field in DATES:
        return chinese_date(value) if date.fromisoformat(value).year < NO_END else "长期"
    return yuan(value) if field in AMOUNTS else value


def records(facts: CaseFacts) -> list[Told]:
    """The records that the case is about, as they read now."""
    return [record(one) for one in facts.records()]


def record(one: RecordFact) -> Told:
    """A record as it reads now."""
    content = one.content
    return {
        "decision_no": one.label,
        "authority": content["authority"] or content["source"] or "",
        "decided_on": content["decided_on"],
        "penalty_kind": kinds(content["penalty_kind"] or ""),
        "penalty": content["penalty"] or "",
        "version": one.version,
        "disclosed_until": content["disclosed_until"],
        "subject_name": content["name"],
    }


def items(facts: CaseFacts, *, whole: bool) -> list[Told]:
    """The items of the case; of a verification with what it answers on them."""
    rows = _items({one.id for one in facts.items()})
    answers = {one.item: one for one in facts.answers()}
    units = units_by_id(_units_of(rows, answers.values()))
    files = _titles_of(_evidence(rows, answers.values()))
    about = {one.id: one for one in facts.records()}
    grounds = option_titles(facts.rules, "objection.grounds")
    findings = option_titles(facts.rules, "verification.findings")
    told = []
    for row in rows:
        found = _found(row, answers.get(row.id), whole=whole)
        if row.own_error:  # what is entered there is the document that shows it
            found["reasons"] = documents.as_read(facts, found["reasons"])
        evidence = [files[key] for key in found.pop("evidence_ids") if key in files]
        rightful = units.get(found.pop("rightful_id"))
        told.append(
            _claimed(row, about[row.record_id], whole=whole)
            | found
            | {
                "ground_title": grounds.get(row.ground, row.ground),
                "finding_title": findings.get(found["finding"], ""),
                "evidence": evidence,
                "unit_name": units[row.unit_id].name,
                "rightful_unit": rightful.name if rightful else "",
            }
        )
    return told


def sanctions(facts: CaseFacts) -> list[Told]:
    """The sanctions of the case that it holds or held, or, of a child, those it concerns."""
    own = facts.row.number
    known = [
        one for one in facts.sanctions() if facts.row.kind != "objection" or own in one.held_by
    ]
    return measures(known, facts.rules)


def measures(known: Iterable[SanctionFact], rules: Rules) -> list[Told]:
    """Sanctions under the rules of the case.

    `runs_until`: the last day, with all that suspensions have added so far; `added_days`: how many.
    """
    at_once = rules.choice("suspension.mandatory") == "held_until_declined"
    return [
        {
            "measure": one.measure,
            "mandatory": one.mandatory,
            "kind_title": "强制性" if one.mandatory else "推荐性",
            "basis": one.basis,
            "department": one.by,
            "starts_on": one.starts_on.isoformat(),
            "ends_on": _iso(one.ends_on),
            "runs_until": _iso(one.runs_until),
            "added_days": _days_between(one.ends_on, one.runs_until),
            "held": at_once or not one.mandatory,
        }
        for one in known
    ]


def attachments(facts: CaseFacts) -> list[Told]:
    """The files of a case, oldest first."""
    return [
        {
            "title": one.title,
            "filename": one.filename,
            "sha256": one.sha256,
            "proves": one.proves,
        }
        for one in facts.attachments()
    ]


def changes(facts: CaseFacts, *, whole: bool) -> list[Told]:
    """Field by field what a correction makes of its record: as decided, else as proposed."""
    details = facts.case().details
    values: Mapping[str, str] = details["decided_fields"] or details["fields"] or {}
    before = _content(facts.records()[0], details["seen_version"])
    return [
        {
            "field_title": FIELDS.get(field, WHOLE),
            "before": value_shown(field, before.get(field), whole=whole),
            "after": value_shown(field, value, whole=whole),
        }
        for field, value in values.items()
    ]


def _claimed(row: Item, about: RecordFact, *, whole: bool) -> Told:
    now = about.content.get(row.field) if row.before is None else row.before
    said = record(about)
    return {
        "position": row.position,
        "decision_no": said["decision_no"],
        "authority": said["authority"],
        "decided_on": said["decided_on"],
        "field": row.field,
        "field_title": FIELDS.get(row.field, WHOLE),
        "claim": row.claim,
        "before": value_shown(row.field, now, whole=whole) if row.field in FIELDS else WHOLE,
    }


def _found(row: Item, answer: AnswerFact | None, *, whole: bool) -> Told:
    """What was found: what this verification answers, else what the objection holds."""
    said: Item | AnswerFact = answer or row
    return {
        "finding": said.finding or "",
        "value": value_shown(row.field, said.value, whole=whole) if said.value else "",
        "reasons": said.reasons,
        "unreviewed": row.unreviewed,
        "outcome": row.outcome or "",
        "evidence_ids": list(said.evidence),
        "rightful_id": answer.unit if answer else None,
    }


def _items(keys: Collection[int]) -> Sequence[Item]:
    if not keys:
        return []
    chosen = sa.select(Item).where(Item.id.in_(keys)).order_by(Item.position)
    return db.session.scalars(chosen).all()


def _units_of(rows: Iterable[Item], answers: Iterable[AnswerFact]) -> set[int]:
    return {row.unit_id for row in rows} | {one.unit for one in answers if one.unit}


def _evidence(rows: Iterable[Item], answers: Iterable[AnswerFact]) -> set[int]:
    held = {key for row in rows for key in row.evidence}
    return held | {key for one in answers for key in one.evidence}


def _titles_of(keys: Collection[int]) -> dict[int, str]:
    if not keys:
        return {}
    chosen = sa.select(Attachment.id, Attachment.title).where(Attachment.id.in_(keys))
    return {row.id: row.title for row in db.session.execute(chosen)}


def _content(about: RecordFact, version: int | None) -> Mapping[str, Any]:
    """What the record said in a version, else what it says now."""
    if version in {None, about.version}:
        return about.content
    chosen = sa.select(RecordVersion.content).where(
        RecordVersion.record_id == about.id, RecordVersion.version == version
    )
    content: Mapping[str, Any] = db.session.scalars(chosen).one()
    return content


def _days_between(first: date | None, last: date | None) -> int:
    return (last - first).days if first and last else 0


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
