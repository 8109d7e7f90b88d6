"""Records and sanctions as the law sees them: whole batches in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.cases.models import Case
from app.cases.suspension.models import Suspension
from app.db import db
from app.people.queries import units_by_id
from app.records import queries as records
from app.records.models import Hold, Measure, Record, Sanction, SanctionOrder, Switch
from app.records.period import day_after
from workflows.office import RecordFact, SanctionFact
from workflows.rules import Rules

Stop: TypeAlias = "tuple[date, date]"
"""From the first day to the day before the second."""


# Built once: each step of a case asks them several times, and building takes as long as asking.
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_RECORDS: Final = sa.select(Record).where(Record.id.in_(_IDS))
_SANCTIONS: Final = (
    sa.select(Sanction, Measure)
    .join(Measure, Measure.id == Sanction.measure_id)
    .where(Sanction.id.in_(_IDS))
    .order_by(Sanction.id)
)
_HOLDS: Final = sa.select(Hold.sanction_id, Hold.case_number, Hold.until).where(
    Hold.sanction_id.in_(_IDS)
)
_OPEN_SUSPENSIONS: Final = (
    sa.select(Suspension.open_on, Case.number, Case.state)
    .join(Case, Case.id == Suspension.case_id)
    .where(Suspension.open_on.in_(_IDS))
)
_ORDERED: Final = sa.select(
    SanctionOrder.sanction_id, SanctionOrder.given_on, SanctionOrder.ended_on
).where(SanctionOrder.sanction_id.in_(_IDS))
_STOPPED: Final[sa.Executable] = (
    sa.select(Hold.sanction_id, Hold.since, Hold.until)
    .where(Hold.since.is_not(None), Hold.sanction_id.in_(_IDS))
    .union_all(_ORDERED)
)


def record_facts(ids: Collection[int], on: date) -> Sequence[RecordFact]:
    """The records with these keys, in that order."""
    if not ids:
        return []
    rows = {row.id: row for row in db.session.scalars(_RECORDS, {"ids": list(ids)})}
    contents = records.contents(rows.values())
    switches = records.switches(ids, on)
    return [
        RecordFact(
            id=row.id,
            label=row.decision_no,
            version=row.version,
            provider=row.provider_id,
            subject=row.subject_id,
            content=contents[row.id],
            decided_on=row.decided_on,
            severity=row.severity.value if row.severity else None,
            regime=row.regime,
            ended_on=row.ended_on,
            ended_by=row.ended_by.value if row.ended_by else None,
            annotated_by=frozenset(switches[row.id][Switch.ANNOTATION].cases),
            disclosed=switches[row.id][Switch.DISCLOSURE].on,
            shared=switches[row.id][Switch.SHARING].on,
        )
        for row in (rows[one] for one in ids)
    ]


def executed(ids: Collection[int], on: date) -> set[int]:
    """Records on whose strength a sanction was executed on at least one day so far."""
    resting = records.sanctions_on(ids)
    stops = _stops({sanction.id for rows in resting.values() for sanction in rows})
    return {
        record
        for record, rows in resting.items()
        if any(_was_in_force(sanction, stops[sanction.id], on) for sanction in rows)
    }


def _stops(ids: Collection[int]) -> Mapping[int, list[Stop]]:
    """From when until when each sanction was held, or an order about it was under way, in order."""
    found: dict[int, list[Stop]] = defaultdict(list)
    for sanction, since, until in db.session.execute(_STOPPED, {"ids": list(ids)}) if ids else ():
        found[sanction].append((since, until or date.max))
    return defaultdict(list, {sanction: sorted(stops) for sanction, stops in found.items()})


def _was_in_force(sanction: Sanction, stops: Sequence[Stop], on: date) -> bool:
    """Whether at least one day of its period up to `on` lies in none of the stops."""
    ends = (on + timedelta(days=1), day_after(sanction.ends_on), sanction.lifted_on)
    end = min(one for one in ends if one)
    day = sanction.starts_on
    for since, until in stops:
        if since > day:
            break
        day = max(day, until)
    return day < end


def sanction_facts(ids: Collection[int], on: date, rules: Rules) -> Sequence[SanctionFact]:
    """The sanctions with these keys, by key, under the rules of the case that asks."""
    if not ids:
        return []
    found = db.session.execute(_SANCTIONS, {"ids": list(ids)})
    rows = [(sanction, measure) for sanction, measure in found]
    supported = records.supported(ids, on, rules.choice("record.past_maximum"))
    counts = rules.choice("suspension.counts")
    ends = records.ends_of([sanction for sanction, _ in rows], on, counts)
    resting = records.records_of(ids)
    departments = units_by_id({sanction.department_id for sanction, _ in rows})
    holders, ever = _holders(ids)
    suspensions = _open_suspensions(ids)
    return [
        SanctionFact(
            id=sanction.id,
            label=f"{measure.name}（{departments[sanction.department_id].name}）",
            mandatory=measure.mandatory,
            department=sanction.department_id,
            subject=sanction.subject_id,
            starts_on=sanction.starts_on,
            ends_on=sanction.ends_on,
            over=_is_over(ends.get(sanction.id), on),
            lifted=sanction.lifted_on is not None,
            supported=supported[sanction.id],
            records=resting[sanction.id],
            holders=frozenset(holders[sanction.id]),
            held_by=frozenset(ever[sanction.id]),
            suspension=suspensions.get(sanction.id, (None, None))[0],
            suspension_state=suspensions.get(sanction.id, (None, None))[1],
        )
        for sanction, measure in rows
    ]


def _is_over(end: date | None, on: date) -> bool:
    return end is not None and end < on


def _holders(ids: Collection[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Who holds each sanction now, whether or not it has taken effect, and who ever did."""
    now: dict[int, set[str]] = defaultdict(set)
    ever: dict[int, set[str]] = defaultdict(set)
    for sanction, number, until in db.session.execute(_HOLDS, {"ids": list(ids)}):
        ever[sanction].add(number)
        if until is None:
            now[sanction].add(number)
    return now, ever


def _open_suspensions(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    found = db.session.execute(_OPEN_SUSPENSIONS, {"ids": list(ids)})
    return {row.open_on: (row.number, row.state) for row in found if row.open_on is not None}
