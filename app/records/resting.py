"""The sanctions that rest on a record, as its page shows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clock import today
from app.db import db
from app.people.queries import units_by_id
from app.records.desk import Suspending, case_desk
from app.records.display import why_not
from app.records.models import (
    Hold,
    Measure,
    Record,
    Sanction,
    SanctionBasis,
    Switch,
    SwitchPeriod,
)
from app.records.queries import (
    records_of,
    rules_today,
    run_until,
    sanctions_on,
    standings,
    visible_to,
)
from app.records.standing import Standing
from app.records.words import ENDINGS
from app.web.filters import day
from workflows.office import Actor


@dataclass(frozen=True, slots=True)
class Basis:
    """Another record on which a sanction rests."""

    id: int
    decision_no: str
    ended: str


@dataclass(frozen=True, slots=True)
class SanctionShown:
    """A sanction that rests on the record, whether it is in force, and if not, why.

    `ends_on`: its last day with the time added by suspension, `extended` says whether some was.
    `lifted_on`: when it was lifted, if it was. `stand`: how it stands; `note`: what is under way beside. `cases`: who holds or suspends it.
    `declined_to`: contests for which the department does not suspend it. `others`: the other
    records on which it rests, `unseen` how many of them the reader may not see.
    """

    measure: str
    kind: str
    department: str
    starts_on: date
    ends_on: date | None
    extended: bool
    in_force: bool
    stand: str
    note: str
    cases: tuple[str, ...]
    declined_to: tuple[str, ...]
    others: Sequence[Basis]
    unseen: int
    lifted_on: date | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for all sanctions at once, by the key of the sanction."""

    measures: Mapping[int, Measure]
    departments: Mapping[int, str]
    standings: Mapping[int, Standing]
    ends: Mapping[int, date | None]
    suspending: Mapping[int, Suspending]
    declined: Mapping[int, tuple[str, ...]]
    records: Mapping[int, frozenset[int]]
    seen: Mapping[int, Basis]


def resting_on(record: Record, actor: Actor) -> list[SanctionShown]:
    """The sanctions on a record today; in a fixed number of queries, however many there are."""
    return as_shown(sanctions_on([record.id])[record.id], actor, {record.id})


def as_shown(
    sanctions: Sequence[Sanction], actor: Actor, beside: Collection[int]
) -> list[SanctionShown]:
    """The sanctions in the order given; `beside`: the records that the page shows anyway."""
    known = _known(sanctions, actor)
    return [_shown(one, beside, known) for one in sanctions]


def _known(sanctions: Sequence[Sanction], actor: Actor) -> _Known:
    ids, rules = [sanction.id for sanction in sanctions], rules_today()
    chosen = sa.select(Measure).where(Measure.id.in_({one.measure_id for one in sanctions}))
    departments = units_by_id(sanction.department_id for sanction in sanctions)
    records = records_of(ids)
    return _Known(
        measures={measure.id: measure for measure in db.session.scalars(chosen)},
        departments={key: unit.name for key, unit in departments.items()},
        standings=standings(ids, today(), rules.choice("record.past_maximum")),
        ends=run_until(ids, today(), rules.choice("suspension.counts")),
        suspending=case_desk().suspending(ids),
        declined=_declined(ids),
        records=records,
        seen=_bases(actor, {key for keys in records.values() for key in keys}),
    )


def _bases(actor: Actor, record_ids: Collection[int]) -> dict[int, Basis]:
    """Those of the records that the actor may see."""
    chosen = visible_to(actor, record_ids).order_by(Record.id)
    return {
        one.id: Basis(one.id, one.decision_no, ENDINGS[one.ended_by] if one.ended_by else "")
        for one in db.session.scalars(chosen)
    }


def _declined(sanction_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Contests that go on and whose hold of a sanction ended: the department declined."""
    again = aliased(Hold)
    goes_on = sa.select(again.id).where(
        again.sanction_id == Hold.sanction_id,
        again.case_number == Hold.case_number,
        again.until.is_(None),
    )
    chosen = (
        sa.select(Hold.sanction_id, Hold.case_number)
        .join(SanctionBasis, SanctionBasis.sanction_id == Hold.sanction_id)
        .join(SwitchPeriod, SwitchPeriod.record_id == SanctionBasis.record_id)
        .where(
            Hold.sanction_id.in_(sanction_ids),
            Hold.until.is_not(None),
            SwitchPeriod.switch == Switch.ANNOTATION,
            SwitchPeriod.case_number == Hold.case_number,
            SwitchPeriod.until.is_(None),
            ~goes_on.exists(),
        )
        .order_by(Hold.id)
    )
    found: dict[int, dict[str, None]] = {}
    for sanction_id, number in db.session.execute(chosen):
        found.setdefault(sanction_id, {})[number] = None
    return {sanction_id: tuple(numbers) for sanction_id, numbers in found.items()}


def _shown(sanction: Sanction, beside: Collection[int], known: _Known) -> SanctionShown:
    standing, case = known.standings[sanction.id], known.suspending.get(sanction.id)
    measure, end = known.measures[sanction.measure_id], known.ends[sanction.id]
    others = known.records[sanction.id] - set(beside)
    seen = [known.seen[key] for key in sorted(others) if key in known.seen]
    waits = standing.in_force and case is not None
    return SanctionShown(
        measure=measure.name,
        kind="强制性" if measure.mandatory else "推荐性",
        department=known.departments[sanction.department_id],
        starts_on=sanction.starts_on,
        ends_on=end,
        extended=end != sanction.ends_on,
        in_force=standing.in_force,
        stand="执行中" if standing.in_force else _why_not(standing, case),
        note="已要求暂停，待部门确认" if waits else "",
        cases=tuple(dict.fromkeys((*standing.held_by, *([case.number] if case else [])))),
        declined_to=known.declined.get(sanction.id, ()),
        others=seen,
        unseen=len(others) - len(seen),
        lifted_on=sanction.lifted_on,
    )


def _why_not(standing: Standing, case: Suspending | None) -> str:
    """Why it is not in force; a department's confirmation is told apart from our request."""
    if not standing.held_only or case is None:
        return why_not(standing)
    if case.confirmed_on is None:
        return "已要求暂停，待部门确认"
    return f"已暂停（部门于{day(case.confirmed_on)}确认）"
