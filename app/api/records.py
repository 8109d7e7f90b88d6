"""Records as programs see them: whole pages of them in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.api import cursors
from app.audit.commands import Action, record as note
from app.clock import today
from app.db import db, transaction
from app.errors import NotFound
from app.people.actor import Actor
from app.people.queries import subject_by_code, units_by_id
from app.records import queries
from app.records.fields import PERSONAL
from app.records.models import Measure, Record, RecordVersion, Sanction
from app.records.publication import earliest_repair
from app.web.filters import masked

PAGE: Final = 50
Shown = dict[str, Any]


def page(actor: Actor, subject: str | None, decision_no: str | None, cursor: str | None) -> Shown:
    """The records that the actor may see, the latest decision first; numbers masked."""
    chosen = queries.visible_to(actor)
    if subject is not None:
        known = subject_by_code(subject)
        chosen = chosen.where(Record.subject_id == (known.id if known else None))
    if decision_no is not None:
        chosen = chosen.where(Record.decision_no == decision_no)
    after = cursors.read(cursor, date, int)
    if after is not None:
        chosen = chosen.where(sa.tuple_(Record.decided_on, Record.id) < after)
    order = (Record.decided_on.desc(), Record.id.desc())
    rows = db.session.scalars(chosen.order_by(*order).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return {
        "items": _shown(rows[:PAGE], frozenset()),
        "next": cursors.written(last.decided_on, last.id) if last else None,
    }


def one(actor: Actor, record_id: int) -> Shown:
    """A record; numbers of documents whole for whoever needs them, which is audited."""
    row = queries.record_for(actor, record_id)
    if row is None:
        message = "没有这条记录，或者您不能查看。"
        raise NotFound(message)
    whole = {row.id} if queries.sees_numbers_of(actor, row) else set()
    shown = _shown([row], whole)[0]
    if whole and any(shown[name] for name in PERSONAL):
        with transaction():
            note(Action.RECORD_UNMASKED, actor, f"record:{record_id}")
    return shown


def _shown(rows: Sequence[Record], whole: Collection[int]) -> list[Shown]:
    ids = [row.id for row in rows]
    versions = _versions(ids)
    switches = queries.switches(ids, today())
    sanctions, rules = _sanctions(ids), queries.rules_today()
    return [
        {
            **_masked(versions[row.id][-1].content, whole=row.id in whole),
            "id": row.id,
            "version": row.version,
            "severity": row.severity,
            "regime": row.regime,
            "repairable_from": earliest_repair(row, rules),
            "ended_on": row.ended_on,
            "ended_by": row.ended_by,
            "repaired_on": row.repaired_on,
            "switches": switches[row.id],
            "sanctions": sanctions[row.id],
            "versions": [_version(one, whole=row.id in whole) for one in versions[row.id]],
        }
        for row in rows
    ]


def _masked(content: Mapping[str, str | None], *, whole: bool) -> dict[str, str | None]:
    """The fields; a number of a person is also the unified code of nobody."""
    return {
        name: masked(value, 3) if value and name in PERSONAL and not whole else value
        for name, value in content.items()
    }


def _versions(ids: Sequence[int]) -> dict[int, list[RecordVersion]]:
    chosen = sa.select(RecordVersion).where(RecordVersion.record_id.in_(ids))
    found: dict[int, list[RecordVersion]] = defaultdict(list)
    for version in db.session.scalars(chosen.order_by(RecordVersion.version)):
        found[version.record_id].append(version)
    return found


def _version(row: RecordVersion, *, whole: bool) -> Shown:
    return {
        "version": row.version,
        "origin": row.origin,
        "case": row.case_number,
        "basis": row.basis,
        "made_at": row.made_at,
        "fields_": _masked(row.content, whole=whole),
    }


def _sanctions(ids: Sequence[int]) -> dict[int, list[Shown]]:
    """The sanctions that rest on each record, and how they stand today."""
    on, rules = today(), queries.rules_today()
    resting = queries.sanctions_on(ids)
    sanctions = {one.id: one for several in resting.values() for one in several}
    measures = _measures({one.measure_id for one in sanctions.values()})
    units = units_by_id(one.department_id for one in sanctions.values())
    in_force = queries.in_force(sanctions, on, rules.choice("record.past_maximum"))
    holds = queries.holders_of(sanctions, on)
    ends = queries.run_until(sanctions, on, rules.choice("suspension.counts"))
    told = {
        one.id: _sanction(one, measures[one.measure_id])
        | {
            "department": units[one.department_id].name,
            "in_force": in_force[one.id],
            "holds": holds.get(one.id, ()),
            "runs_until": ends[one.id],
        }
        for one in sanctions.values()
    }
    return {record: [told[one.id] for one in resting.get(record, ())] for record in ids}


def _sanction(row: Sanction, measure: Measure) -> Shown:
    return {
        "id": row.id,
        "measure": measure.name,
        "kind": "mandatory" if measure.mandatory else "recommended",
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "lifted_on": row.lifted_on,
    }


def _measures(ids: Collection[int]) -> dict[int, Measure]:
    chosen = sa.select(Measure).where(Measure.id.in_(ids))
    return {measure.id: measure for measure in db.session.scalars(chosen)}
