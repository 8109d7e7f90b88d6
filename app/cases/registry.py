"""Records and sanctions as the law sees them: whole batches in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app.cases.models import Case
from app.cases.suspension.models import Suspension
from app.db import AnyRow, ask
from app.people.models import Unit
from app.records import queries as records
from app.records.models import Hold, Measure, OrderKind, Record, Sanction, SanctionOrder, Switch
from app.records.period import Interval, day_after, runs_until
from app.records.standing import RestsOn
from workflows.office import RecordFact, SanctionFact
from workflows.rules import Rules

# Built once: each step of a case asks them several times, and building takes as long as asking.
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_RECORDS: Final = sa.select(Record).where(Record.id.in_(_IDS))
_SANCTIONS: Final = (
    sa.select(
        Sanction,
        Measure.name.label("measure"),
        Measure.mandatory,
        Measure.basis,
        Unit.name.label("by"),
    )
    .join(Measure, Measure.id == Sanction.measure_id)
    .join(Unit, Unit.id == Sanction.department_id)
    .where(Sanction.id.in_(_IDS))
    .order_by(Sanction.id)
)
_ORDERS: Final = sa.select(
    SanctionOrder.sanction_id,
    sa.null().label("holder"),
    SanctionOrder.what,
    SanctionOrder.given_on,
    SanctionOrder.ended_on,
).where(SanctionOrder.sanction_id.in_(_IDS))
_HOLDS: Final = sa.select(
    Hold.sanction_id, Hold.case_number, sa.null(), Hold.since, Hold.until
).where(Hold.sanction_id.in_(_IDS))
_HOLDS_AND_ORDERS: Final[sa.Executable] = _ORDERS.union_all(_HOLDS)
_OPEN_SUSPENSIONS: Final = (
    sa.select(Suspension.open_on, Case.number, Case.state)
    .join(Case, Case.id == Suspension.case_id)
    .where(Suspension.open_on.in_(_IDS))
)


def record_facts(ids: Collection[int], on: date) -> Sequence[RecordFact]:
    """The records with these keys, in that order."""
    if not ids:
        return []
    rows = {row.id: row for row in ask(_RECORDS, {"ids": list(ids)})}
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
            disclosed_until=row.disclosed_until,
            shared=switches[row.id][Switch.SHARING].on,
        )
        for row in (rows[one] for one in ids)
    ]


def executed(ids: Collection[int], on: date) -> set[int]:
    """Records on whose strength a sanction was executed on at least one day so far."""
    resting = records.sanctions_on(ids)
    kept = _kept_from_execution({sanction.id for rows in resting.values() for sanction in rows})
    return {
        record
        for record, rows in resting.items()
        if any(_was_in_force(sanction, kept[sanction.id].stops, on) for sanction in rows)
    }


@dataclass
class _Kept:
    """What has kept a sanction from being executed: who holds it, who ever did, and when.

    `stops`: the holds that took effect, and every order; `added`: of these, what may be added to
    its period. Each from the first day to the day before the second, None while it lasts.
    """

    holders: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    stops: list[Interval] = field(default_factory=list)
    added: list[Interval] = field(default_factory=list)


def _kept_from_execution(ids: Collection[int]) -> Mapping[int, _Kept]:
    found: dict[int, _Kept] = defaultdict(_Kept)
    rows = ask(_HOLDS_AND_ORDERS, {"ids": list(ids)}) if ids else ()
    for sanction, holder, order, since, until in rows:
        kept = found[sanction]
        if order is None:
            kept.ever.add(holder)
            if until is None:
                kept.holders.add(holder)
        if since is not None:
            kept.stops.append((since, until))
            if order in {None, OrderKind.RESUME}:
                kept.added.append((since, until))
    return found


def _was_in_force(sanction: Sanction, stops: Iterable[Interval], on: date) -> bool:
    """Whether at least one day of its period up to `on` lies in none of the stops."""
    ends = (on + timedelta(days=1), day_after(sanction.ends_on), sanction.lifted_on)
    end = min(one for one in ends if one)
    day = sanction.starts_on
    for since, until in sorted((since, until or date.max) for since, until in stops):
        if since > day:
            break
        day = max(day, until)
    return day < end


def sanction_facts(ids: Collection[int], on: date, rules: Rules) -> Sequence[SanctionFact]:
    """The sanctions with these keys, by key, under the rules of the case that asks."""
    if not ids:
        return []
    rows = ask(_SANCTIONS, {"ids": list(ids)}).all()
    resting = records.resting_on(ids)
    kept = _kept_from_execution(ids)
    suspensions = _open_suspensions(ids)
    return [
        _sanction_fact(
            row, resting[row.id], kept[row.id], suspensions.get(row.id, (None, None)), on, rules
        )
        for row in rows
    ]


def _sanction_fact(
    row: AnyRow,
    resting: Sequence[RestsOn],
    kept: _Kept,
    suspension: tuple[str | None, str | None],
    on: date,
    rules: Rules,
) -> SanctionFact:
    past_maximum = rules.choice("record.past_maximum")
    end = runs_until(row, kept.added, on, rules.choice("suspension.counts"))
    return SanctionFact(
        id=row.id,
        label=f"{row.measure}（{row.by}）",
        mandatory=row.mandatory,
        department=row.department_id,
        subject=row.subject_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        over=end is not None and end < on,
        lifted=row.lifted_on is not None,
        supported=any(one.supports(on, past_maximum) for one in resting),
        records=frozenset(one.record for one in resting),
        holders=frozenset(kept.holders),
        held_by=frozenset(kept.ever),
        suspension=suspension[0],
        suspension_state=suspension[1],
        measure=row.measure,
        basis=row.basis,
        by=row.by,
        runs_until=end,
    )


def _open_suspensions(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    found = ask(_OPEN_SUSPENSIONS, {"ids": list(ids)})
    return {row.open_on: (row.number, row.state) for row in found}
