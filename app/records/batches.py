"""Many records at once, as an import brings them: a fixed number of statements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.clock import now
from app.db import Model, db
from app.people import names
from app.people.models import Subject, SubjectKind
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
KEY: Final = (Record.decision_no, Record.authority_code, Record.subject_code)
DECIDING: Final = ("penalty_kind", "decided_on", "disclosed_until", "authority")
"""The fields on which the columns of a record depend, beside the number of the decision."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be, and the unit that provides it."""

    content: Content
    provider_id: int


def add_records(new: Sequence[NewRecord]) -> dict[Key, int]:
    """Add records with their first version and gives their keys in the table.

    They are shared and used from the day of the decision, disclosed too unless the rules keep
    them from it, and shared with everybody who gets everything. None of them may be there already.
    """
    subjects = ensure_subjects([one.content for one in new])
    derived, moment = _derived(), now()
    rows = [
        derived(one.content)
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
    added = _insert(Record, rows, *KEY, Record.id)
    ids = [added[tuple(row[column.key] for column in KEY)] for row in rows]
    insert_all(
        RecordVersion,
        [
            version_of(record_id, 1, one.content, Origin.IMPORT, BASIS)
            for record_id, one in zip(ids, new, strict=True)
        ],
    )
    _switch_on(ids, rows)
    _share_with_everybody(ids)
    return {key_of(one.content): record_id for record_id, one in zip(ids, new, strict=True)}


def renew_records(changes: Sequence[tuple[Record, Content]]) -> None:
    """Give records a new version each, or one after the other; their keys stay the same."""
    if not changes:
        return
    records = list({record.id: record for record, _ in changes}.values())
    before = {record.id: record.disclosed_until for record in records}
    derived, versions = _derived(), []
    for record, content in changes:
        record.version += 1
        versions.append(version_of(record.id, record.version, content, Origin.IMPORT, BASIS))
        for name, value in derived(content).items():
            setattr(record, name, value)
    insert_all(RecordVersion, versions)
    move_ends_of_disclosure(records, before, BASIS)
    db.session.flush()


def ensure_subjects(contents: Sequence[Content]) -> dict[str, int]:
    """The subjects that records name, by their numbers; those that are new are added."""
    wanted = {subject_code_of(content): content for content in contents}
    chosen = sa.select(Subject.code, Subject.id).where(Subject.code.in_(wanted))
    found = {row.code: row.id for row in db.session.execute(chosen)}
    missing = [_subject(code, content) for code, content in wanted.items() if code not in found]
    if not missing:
        return found
    added = _insert(Subject, missing, Subject.code, Subject.id)
    found |= {subject["code"]: added[(subject["code"],)] for subject in missing}
    db.session.execute(
        sa.insert(names.INDEX),
        [
            {"rowid": found[one["code"]], "grams": names.indexed(one["search_name"])}
            for one in missing
        ],
    )
    return found


def insert_all(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the same columns; the ORM would sort them by which values are null."""
    if not rows:
        return
    insert, parameters = _insertion(model, rows)
    if parameters is None or not _plain(insert.table):
        db.session.execute(insert, parameters)
        return
    connection = db.session.connection()
    names = list(rows[0])
    text = str(insert.compile(dialect=connection.dialect, column_keys=names))
    connection.exec_driver_sql(text, [tuple(row[name] for name in names) for row in rows])


def _plain(table: sa.TableClause) -> bool:
    """Whether the database takes the values as they are: texts and numbers, nothing by default.

    Then nothing has to be looked up for each value, which takes longer than storing it.
    """
    return all(
        isinstance(column.type, sa.String | sa.Integer)
        and not isinstance(column.type, sa.Enum)
        and column.default is None
        for column in table.c
    )


def _insert(
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    *returned: sa.orm.InstrumentedAttribute[Any],
) -> dict[tuple[Any, ...], int]:
    """Insert rows; the last of the columns to return, by those before it."""
    insert, parameters = _insertion(model, rows)
    columns = [_table(model).c[column.key] for column in returned]
    found = db.session.execute(insert.returning(*columns), parameters)
    return {tuple(row[:-1]): row[-1] for row in found}


def _insertion(
    model: type[Model], rows: Sequence[Mapping[str, Any]]
) -> tuple[sa.Insert, Sequence[Mapping[str, Any]] | None]:
    """A statement and its parameters.

    On PostgreSQL an array a column, several times as fast as row by row; but not for JSON, whose
    quotation marks would all have to be escaped.
    """
    table = _table(model)
    json = any(isinstance(column.type, sa.JSON) for column in table.c)
    if json or db.session.get_bind().dialect.name != "postgresql":
        return sa.insert(table), rows
    names = list(rows[0])
    arrays = [sa.cast([row[name] for row in rows], ARRAY(table.c[name].type)) for name in names]
    unnested = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    chosen = sa.select(*(unnested.c[name] for name in names))
    return sa.insert(table).from_select(names, chosen), None


def _table(model: type[Model]) -> sa.Table:
    return cast("sa.Table", model.__table__)


def _derived() -> Callable[[Content], dict[str, Any]]:
    """What the columns of records say; what many have in common is derived once for all."""
    rules = rules_today()
    known: dict[tuple[str | None, ...], dict[str, Any]] = {}

    def derived(content: Content) -> dict[str, Any]:
        common = tuple(content[name] for name in DECIDING)
        if common not in known:
            known[common] = columns_of(content, rules)
        return known[common] | {"decision_no": content["decision_no"]}

    return derived


def _subject(code: str, content: Content) -> dict[str, Any]:
    name = content["name"] or ""
    kind = SubjectKind(SUBJECT_KINDS[content["subject_kind"] or ""])
    return {"kind": kind, "name": name, "code": code, "search_name": names.folded(name)}


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
        if switch is not Switch.DISCLOSURE or row["disclosed_until"] is not None
    ]
    insert_all(SwitchPeriod, periods)


def _share_with_everybody(ids: Sequence[int]) -> None:
    chosen = sa.select(Recipient.id).where(Recipient.gets_everything)
    recipients = list(db.session.scalars(chosen))
    if recipients:
        share_all([(record_id, recipient) for record_id in ids for recipient in recipients])
