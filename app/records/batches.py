"""Many records at once, as an import brings them: a fixed number of statements for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.clock import now
from app.db import Model, db
from app.people.models import Subject, SubjectGram, SubjectKind, folded, grams
from app.records.commands import (
    USED,
    columns_of,
    move_ends_of_disclosure,
    share_all,
    version_of,
)
from app.records.fields import SUBJECT_KINDS
from app.records.identity import Content, Key, key_of, subject_code_of
from app.records.models import Origin, Recipient, Record, RecordVersion, Switch, SwitchPeriod
from app.records.period import day_after
from app.records.queries import rules_today

BASIS: Final = "信息提供单位报送"


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be, and the unit that provides it."""

    content: Content
    provider_id: int


def add_records(new: Sequence[NewRecord]) -> dict[Key, int]:
    """Add records with their first version and gives their keys in the table.

    They are disclosed, shared and used from the day of the decision, and shared with everybody
    who gets everything. None of them may be there already.
    """
    subjects = ensure_subjects([one.content for one in new])
    rules, moment = rules_today(), now()
    rows = [
        columns_of(one.content, rules)
        | {
            "authority_code": one.content["authority_code"],
            "subject_code": subject_code_of(one.content),
            "subject_id": subjects[subject_code_of(one.content)],
            "provider_id": one.provider_id,
            "version": 1,
            "imported_at": moment,
        }
        for one in new
    ]
    returning = sa.insert(Record).returning(Record.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(returning, rows))
    versions = [
        version_of(record_id, 1, one.content, Origin.IMPORT, BASIS)
        for record_id, one in zip(ids, new, strict=True)
    ]
    insert_all(RecordVersion, versions)
    _switch_on(ids, rows)
    _share_with_everybody(ids)
    return {key_of(one.content): record_id for record_id, one in zip(ids, new, strict=True)}


def renew_records(changes: Sequence[tuple[Record, Content]]) -> None:
    """Give records a new version each, or one after the other; their keys stay the same."""
    if not changes:
        return
    records = list({record.id: record for record, _ in changes}.values())
    before = {record.id: record.disclosed_until for record in records}
    rules, versions = rules_today(), []
    for record, content in changes:
        record.version += 1
        versions.append(version_of(record.id, record.version, content, Origin.IMPORT, BASIS))
        for name, value in columns_of(content, rules).items():
            setattr(record, name, value)
    insert_all(RecordVersion, versions)
    move_ends_of_disclosure(records, before)
    db.session.flush()


def ensure_subjects(contents: Sequence[Content]) -> dict[str, int]:
    """The subjects that records name, by their numbers; those that are new are added."""
    wanted = {subject_code_of(content): content for content in contents}
    chosen = sa.select(Subject.code, Subject.id).where(Subject.code.in_(wanted))
    found = {row.code: row.id for row in db.session.execute(chosen)}
    missing = [_subject(code, content) for code, content in wanted.items() if code not in found]
    if not missing:
        return found
    returning = sa.insert(Subject).returning(Subject.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(returning, missing))
    for subject_id, subject in zip(ids, missing, strict=True):
        found[subject["code"]] = subject_id
    _insert_grams(
        sorted(
            (gram, subject_id)
            for subject_id, subject in zip(ids, missing, strict=True)
            for gram in grams(subject["search_name"])
        )
    )
    return found


def insert_all(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the same columns; the ORM would sort them by which values are null."""
    table = cast("sa.Table", model.__table__)
    db.session.execute(sa.insert(table), rows)


def _insert_grams(pairs: Sequence[tuple[str, int]]) -> None:
    """Some thirty rows a subject: on PostgreSQL as two arrays, five times as fast as row by row."""
    if db.session.get_bind().dialect.name != "postgresql":
        rows = [{"gram": gram, "subject_id": subject_id} for gram, subject_id in pairs]
        insert_all(SubjectGram, rows)
        return
    columns = (
        sa.func.unnest(
            sa.cast([gram for gram, _ in pairs], ARRAY(sa.String)),
            sa.cast([subject_id for _, subject_id in pairs], ARRAY(sa.Integer)),
        )
        .table_valued("gram", "subject_id")
        .render_derived()
    )
    chosen = sa.select(columns.c.gram, columns.c.subject_id)
    insert = sa.insert(SubjectGram).from_select(["gram", "subject_id"], chosen)
    db.session.execute(insert)


def _subject(code: str, content: Content) -> dict[str, Any]:
    name = content["name"] or ""
    kind = SubjectKind(SUBJECT_KINDS[content["subject_kind"] or ""])
    return {"kind": kind, "name": name, "code": code, "search_name": folded(name)}


def _switch_on(ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    periods = [
        {
            "record_id": record_id,
            "switch": switch,
            "since": row["decided_on"],
            "until": day_after(row["disclosed_until"]) if switch is Switch.DISCLOSURE else None,
            "basis": BASIS,
        }
        for record_id, row in zip(ids, rows, strict=True)
        for switch in USED
    ]
    insert_all(SwitchPeriod, periods)


def _share_with_everybody(ids: Sequence[int]) -> None:
    chosen = sa.select(Recipient.id).where(Recipient.gets_everything)
    recipients = list(db.session.scalars(chosen))
    if recipients:
        share_all([(record_id, recipient) for record_id in ids for recipient in recipients])
