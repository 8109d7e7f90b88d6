"""What is recorded of subjects: records, switches and sanctions, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.clock import today
from app.db import AnyRow, ask, db
from app.records.models import (
    Hold,
    OrderKind,
    Recipient,
    Record,
    RecordVersion,
    Sanction,
    SanctionBasis,
    SanctionOrder,
    Share,
    Switch,
    SwitchPeriod,
)
from app.records.period import Interval, contains, day_before, runs_until
from app.records.standing import RestsOn, Standing, standing_of
from config import current
from workflows.grammar import Role
from workflows.office import Actor
from workflows.rules import Rules, catalogue

OFFICE = frozenset({Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR})
PROVIDER = frozenset({Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER})
EXECUTOR = frozenset({Role.EXECUTOR_HANDLER, Role.EXECUTOR_APPROVER})


# Built once: each step of a case asks them several times, and building takes as long as asking.
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_VERSIONS: Final = sa.select(RecordVersion.record_id, RecordVersion.content).where(
    sa.tuple_(RecordVersion.record_id, RecordVersion.version).in_(
        sa.bindparam("versions", expanding=True)
    )
)
_PERIODS: Final = (
    sa.select(SwitchPeriod)
    .where(SwitchPeriod.record_id.in_(_IDS))
    .order_by(SwitchPeriod.since, SwitchPeriod.id)
)
_ANNOTATED: Final = (
    sa.select(SwitchPeriod.record_id, SwitchPeriod.case_number)
    .where(
        SwitchPeriod.record_id.in_(_IDS),
        SwitchPeriod.switch == Switch.ANNOTATION,
        SwitchPeriod.until.is_(None),
    )
    .order_by(SwitchPeriod.id)
)
_SANCTIONS_ON: Final = (
    sa.select(SanctionBasis.record_id, Sanction)
    .join(Sanction, Sanction.id == SanctionBasis.sanction_id)
    .where(SanctionBasis.record_id.in_(_IDS))
    .order_by(Sanction.id)
)
_BASES: Final = sa.select(SanctionBasis.sanction_id, SanctionBasis.record_id).where(
    SanctionBasis.sanction_id.in_(_IDS)
)
_RESTING: Final = (
    sa.select(
        SanctionBasis.sanction_id,
        SanctionBasis.record_id,
        (Record.subject_id == Sanction.subject_id).label("names_its_subject"),
        Record.ended_on,
        Record.disclosed_until,
    )
    .join(Sanction, Sanction.id == SanctionBasis.sanction_id)
    .join(Record, Record.id == SanctionBasis.record_id)
    .where(SanctionBasis.sanction_id.in_(_IDS))
)
_HELD: Final = sa.select(Hold.sanction_id, Hold.since, Hold.until).where(
    Hold.sanction_id.in_(_IDS), Hold.since.is_not(None)
)
_RESUMING: Final = sa.select(
    SanctionOrder.sanction_id, SanctionOrder.given_on, SanctionOrder.ended_on
).where(SanctionOrder.sanction_id.in_(_IDS), SanctionOrder.what == OrderKind.RESUME)
_STOPS: Final[sa.Executable] = _HELD.union_all(_RESUMING)


@dataclass(frozen=True, slots=True)
class SwitchNow:
    """How a switch stands on a day: since when, until when where that is known, and why.

    `cases`: who marked the record, where the switch is an annotation.
    """

    on: bool
    since: date | None = None
    until: date | None = None
    basis: str = ""
    cases: tuple[str, ...] = ()


def rules_today() -> Rules:
    """The rules in force today; a case keeps those of the day it was filed instead."""
    return catalogue(current().rules).on(today())


def visible_to(actor: Actor, only: Collection[int] | None = None) -> sa.Select[Record]:
    """The records that somebody may see at all, by its roles and the subjects it acts for.

    `only`: of the records with these keys, which costs nothing for those left out.
    """
    chosen = sa.select(Record)
    if only is not None:
        chosen = chosen.where(Record.id.in_(only))
    if actor.roles & OFFICE or Role.SYSTEM in actor.roles:
        return chosen
    allowed: list[sa.ColumnElement[bool]] = []
    if actor.roles & PROVIDER:
        allowed.append(Record.provider_id == actor.unit_id)
    if actor.roles & EXECUTOR:
        allowed.append(Record.id.in_(_sanctioned_by(actor.unit_id, only)))
    if actor.subjects:
        allowed.append(Record.subject_id.in_(actor.subjects))
    return chosen.where(sa.or_(sa.false(), *allowed))


def record_for(actor: Actor, record_id: int) -> Record | None:
    """A record by its key; None where there is none that the actor may see."""
    return db.session.scalar(visible_to(actor, [record_id]))


def sees_numbers_of(actor: Actor, record: Record) -> bool:
    """Whether the numbers of documents are shown whole: to the office and to the provider."""
    own = actor.roles & PROVIDER and record.provider_id == actor.unit_id
    return bool(actor.roles & OFFICE or own)


def content(record: Record) -> dict[str, str | None]:
    """What the record says now, by the names of `FIELDS`."""
    return contents([record])[record.id]


def contents(records: Iterable[Record | AnyRow]) -> dict[int, dict[str, str | None]]:
    """What each record says now, in one query."""
    wanted = {record.id: record.version for record in records}
    found = ask(_VERSIONS, {"versions": list(wanted.items())})
    return {version.record_id: version.content for version in found}


def versions(record: Record) -> list[RecordVersion]:
    """Every version of a record, oldest first."""
    chosen = sa.select(RecordVersion).where(RecordVersion.record_id == record.id)
    return list(db.session.scalars(chosen.order_by(RecordVersion.version)))


def switches(record_ids: Collection[int], on: date) -> dict[int, dict[Switch, SwitchNow]]:
    """How the four switches of each record stand on a day."""
    periods: dict[tuple[int, Switch], list[AnyRow]] = defaultdict(list)
    for period in ask(_PERIODS, {"ids": list(record_ids)}):
        periods[period.record_id, period.switch].append(period)
    return {
        record_id: {switch: _now(periods[record_id, switch], on) for switch in Switch}
        for record_id in record_ids
    }


def annotated(record_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The numbers of the cases that contest each record; records that none contests are left out."""
    found: dict[int, list[str]] = defaultdict(list)
    for record_id, number in ask(_ANNOTATED, {"ids": list(record_ids)}):
        found[record_id].append(number or "")
    return {record_id: tuple(numbers) for record_id, numbers in found.items()}


def sanctions_on(record_ids: Collection[int]) -> dict[int, list[Sanction]]:
    """The sanctions that rest on each record, oldest first."""
    found: dict[int, list[Sanction]] = {record_id: [] for record_id in record_ids}
    for record_id, sanction in db.session.execute(_SANCTIONS_ON, {"ids": list(record_ids)}):
        found[record_id].append(sanction)
    return found


def records_of(sanction_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The keys of the records on which each sanction rests."""
    found: dict[int, set[int]] = {sanction_id: set() for sanction_id in sanction_ids}
    for sanction_id, record_id in ask(_BASES, {"ids": list(sanction_ids)}):
        found[sanction_id].add(record_id)
    return {sanction_id: frozenset(records) for sanction_id, records in found.items()}


def resting_on(sanction_ids: Collection[int]) -> dict[int, list[RestsOn]]:
    """The records on which each sanction rests, with what decides whether they support it."""
    found: dict[int, list[RestsOn]] = {sanction_id: [] for sanction_id in sanction_ids}
    for sanction_id, *said in ask(_RESTING, {"ids": list(sanction_ids)}):
        found[sanction_id].append(RestsOn(*said))
    return found


def recipients_with(record_id: int) -> Sequence[Recipient]:
    """Those with whom a record is shared, who are told of every change."""
    chosen = (
        sa.select(Recipient)
        .join(Share, Share.recipient_id == Recipient.id)
        .where(Share.record_id == record_id, Share.stopped_on.is_(None))
        .order_by(Recipient.id)
    )
    return db.session.scalars(chosen).all()


def in_force(
    sanction_ids: Collection[int], on: date, past_maximum: str = "supports"
) -> dict[int, bool]:
    """Whether each sanction is in force on a day, as processes.md defines it under Suspension."""
    found = standings(sanction_ids, on, past_maximum)
    return {sanction_id: standing.in_force for sanction_id, standing in found.items()}


def standings(
    sanction_ids: Collection[int], on: date, past_maximum: str = "supports"
) -> dict[int, Standing]:
    """How each sanction stands on a day; in four queries."""
    supports = supported(sanction_ids, on, past_maximum)
    holders = holders_of(sanction_ids, on)
    orders = _orders(sanction_ids, on)
    chosen = sa.select(Sanction).where(Sanction.id.in_(sanction_ids))
    return {
        sanction.id: standing_of(
            sanction,
            on,
            held_by=holders.get(sanction.id, ()),
            order=orders.get(sanction.id),
            supported=supports[sanction.id],
        )
        for sanction in db.session.scalars(chosen)
    }


def supported(
    sanction_ids: Collection[int],
    on: date,
    past_maximum: str = "supports",
    *,
    without: int | None = None,
) -> dict[int, bool]:
    """Whether at least one record supports each sanction on a day; `without`: but for this one."""
    return {
        sanction_id: any(one.supports(on, past_maximum) for one in bases if one.record != without)
        for sanction_id, bases in resting_on(sanction_ids).items()
    }


def holders_of(sanction_ids: Collection[int], on: date) -> dict[int, tuple[str, ...]]:
    """The numbers of the cases that hold each sanction on a day; unheld ones are left out."""
    chosen = sa.select(Hold.sanction_id, Hold.case_number).where(
        Hold.sanction_id.in_(sanction_ids),
        Hold.since <= on,
        sa.or_(Hold.until.is_(None), Hold.until > on),
    )
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for sanction_id, number in db.session.execute(chosen.order_by(Hold.id)):
        found[sanction_id][number] = None
    return {sanction_id: tuple(numbers) for sanction_id, numbers in found.items()}


def run_until(sanction_ids: Collection[int], on: date, counts: str) -> dict[int, date | None]:
    """The last day of each sanction, as it looks on a day; None: it has no end.

    Time held counts as `counts` (rule `suspension.counts`) says, and so does the time from the
    order to resume until the department has resumed.
    """
    chosen = sa.select(Sanction).where(Sanction.id.in_(sanction_ids))
    return ends_of(db.session.scalars(chosen).all(), on, counts)


def ends_of(sanctions: Collection[Sanction], on: date, counts: str) -> dict[int, date | None]:
    """As `run_until`, of sanctions at hand, in one query."""
    if not sanctions:
        return {}
    ids = [sanction.id for sanction in sanctions]
    stops: dict[int, list[Interval]] = defaultdict(list)
    for sanction_id, since, until in db.session.execute(_STOPS, {"ids": ids}):
        stops[sanction_id].append((since, until))
    return {
        sanction.id: runs_until(sanction, stops[sanction.id], on, counts) for sanction in sanctions
    }


def _sanctioned_by(unit_id: int | None, only: Collection[int] | None) -> sa.Select[int]:
    chosen = (
        sa.select(SanctionBasis.record_id)
        .join(Sanction, Sanction.id == SanctionBasis.sanction_id)
        .where(Sanction.department_id == unit_id)
    )
    return chosen if only is None else chosen.where(SanctionBasis.record_id.in_(only))


def _now(periods: list[AnyRow], on: date) -> SwitchNow:
    """The state on a day of one switch, from its periods in the order they began."""
    running = [one for one in periods if contains((one.since, one.until), on)]
    if running:
        cases = dict.fromkeys(one.case_number for one in running if one.case_number)
        first, last = running[0], running[-1]
        return SwitchNow(True, first.since, day_before(last.until), last.basis, tuple(cases))
    ended = [one for one in periods if one.until is not None and one.until <= on]
    if not ended:
        return SwitchNow(False)
    last = max(ended, key=lambda one: one.until or date.min)
    return SwitchNow(False, last.until, None, last.ended_basis or "")


def _orders(sanction_ids: Collection[int], on: date) -> dict[int, OrderKind]:
    chosen = sa.select(SanctionOrder.sanction_id, SanctionOrder.what).where(
        SanctionOrder.sanction_id.in_(sanction_ids),
        SanctionOrder.given_on <= on,
        sa.or_(SanctionOrder.ended_on.is_(None), SanctionOrder.ended_on > on),
    )
    return {row.sanction_id: row.what for row in db.session.execute(chosen)}
