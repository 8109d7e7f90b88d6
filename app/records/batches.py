"""Many records at once, as an import brings them: a fixed number of statements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.clock import now
from app.db import db
from app.people import names
from app.people.models import Subject, SubjectKind
from app.records.bulk import insert_all, next_ids, table_of
from app.records.commands import USED, columns_of, move_ends_of_disclosure, share_all
from app.records.fields import SUBJECT_KINDS
from app.records.identity import Content, Said, subject_code_of
from app.records.models import Origin, Recipient, Record, RecordVersion, Switch, SwitchPeriod
from app.records.period import day_after
from app.records.queries import rules_today

BASIS: Final = "信息提供单位报送"
DECIDING: Final = ("penalty_kind", "decided_on", "disclosed_until", "authority")
"""The fields on which the columns of a record depend, beside the number of the decision."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be, and the unit that provides it."""

    said: Said
    provider_id: int


def add_records(new: Sequence[NewRecord]) -> list[int]:
    """Add records with their first version and gives their keys in the table, in the same order.

    They are shared and used from the day of the decision, disclosed too unless the rules keep
    them from it, and shared with everybody who gets everything. None of them may be there already.
    """
    contents = [one.said.content for one in new]
    codes = [subject_code_of(content) for content in contents]
    subjects = ensure_subjects(dict(zip(codes, contents, strict=True)))
    ids, derived = next_ids(Record, len(new)), _derived()
    columns = [derived(content) for content in contents]
    insert_all(
        table_of(Record),
        {
            "id": ids,
            "decision_no": [content["decision_no"] for content in contents],
            "authority_code": [content["authority_code"] for content in contents],
            "subject_code": codes,
            "subject_id": [subjects[code] for code in codes],
            "provider_id": [one.provider_id for one in new],
            "version": 1,
            "imported_at": now(),
        }
        | {name: [one[name] for one in columns] for name in columns[0]},
    )
    _add_versions(ids, [1] * len(new), [one.said for one in new])
    _switch_on(ids, columns)
    _share_with_everybody(ids)
    return ids


def renew_records(changes: Sequence[tuple[Record, Said]]) -> None:
    """Give records a new version each, or one after the other; their keys stay the same."""
    if not changes:
        return
    records = list({record.id: record for record, _ in changes}.values())
    before = {record.id: record.disclosed_until for record in records}
    derived, numbers = _derived(), []
    for record, said in changes:
        record.version += 1
        numbers.append(record.version)
        record.decision_no = said.content["decision_no"] or ""
        for name, value in derived(said.content).items():
            setattr(record, name, value)
    _add_versions([record.id for record, _ in changes], numbers, [said for _, said in changes])
    move_ends_of_disclosure(records, before, BASIS)
    db.session.flush()


def ensure_subjects(wanted: Mapping[str, Content]) -> dict[str, int]:
    """The subjects that records name, by their numbers; those that are new are added.

    `wanted`: a content that names each, by its number.
    """
    chosen = sa.select(Subject.code, Subject.id).where(Subject.code.in_(wanted))
    found = {row.code: row.id for row in db.session.execute(chosen)}
    missing = [code for code in wanted if code not in found]
    if not missing:
        return found
    ids = next_ids(Subject, len(missing))
    called = [wanted[code]["name"] or "" for code in missing]
    searched = [names.folded(name) for name in called]
    kinds = [SubjectKind(SUBJECT_KINDS[wanted[code]["subject_kind"] or ""]) for code in missing]
    columns = {"id": ids, "kind": kinds, "name": called, "code": missing, "search_name": searched}
    insert_all(table_of(Subject), columns)
    insert_all(names.INDEX, {"rowid": ids, "grams": [names.indexed(name) for name in searched]})
    return found | dict(zip(missing, ids, strict=True))


def _add_versions(record_ids: list[int], numbers: list[int], said: Sequence[Said]) -> None:
    insert_all(
        table_of(RecordVersion),
        {
            "record_id": record_ids,
            "version": numbers,
            "key": [one.key for one in said],
            "content": [one.text for one in said],
            "origin": Origin.IMPORT,
            "basis": BASIS,
            "made_at": now(),
        },
    )


def _derived() -> Callable[[Content], Mapping[str, Any]]:
    """What the columns of records say; what many have in common is derived once for all."""
    rules = rules_today()
    known: dict[tuple[str | None, ...], Mapping[str, Any]] = {}

    def derived(content: Content) -> Mapping[str, Any]:
        common = tuple([content[name] for name in DECIDING])
        if common not in known:
            columns = columns_of(content, rules)
            known[common] = {name: columns[name] for name in columns if name != "decision_no"}
        return known[common]

    return derived


def _switch_on(ids: Sequence[int], columns: Sequence[Mapping[str, Any]]) -> None:
    """Record by record, so that the periods of each stand together."""
    after = {one["disclosed_until"]: day_after(one["disclosed_until"]) for one in columns}
    periods: list[tuple[int, Switch, date, date | None]] = []
    for record_id, one in zip(ids, columns, strict=True):
        since, last = one["decided_on"], one["disclosed_until"]
        for switch in USED:
            if switch is not Switch.DISCLOSURE:
                periods.append((record_id, switch, since, None))
            elif last is not None:
                periods.append((record_id, switch, since, after[last]))
    named = ("record_id", "switch", "since", "until")
    values = map(list, zip(*periods, strict=True))
    insert_all(table_of(SwitchPeriod), {**dict(zip(named, values, strict=True)), "basis": BASIS})


def _share_with_everybody(ids: Sequence[int]) -> None:
    chosen = sa.select(Recipient.id).where(Recipient.gets_everything)
    recipients = list(db.session.scalars(chosen))
    if recipients:
        share_all([(record_id, recipient) for record_id in ids for recipient in recipients])
