"""One record as its page shows it: what it says, how it came about, what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import sqlalchemy as sa

from app.clock import today
from app.db import db
from app.people.models import Subject, Unit
from app.people.queries import units_by_id
from app.records.fields import AMOUNTS, DATES, FIELDS, PERSONAL
from app.records.identity import Content
from app.records.models import Measure, OrderKind, Record, RecordVersion, Switch
from app.records.queries import (
    SwitchNow,
    rules_today,
    run_until,
    sanctions_on,
    standings,
    switches,
    versions,
)
from app.records.standing import Standing
from app.records.words import ENDINGS, ORIGINS, SEVERITIES, SWITCHES
from app.web.filters import day, masked


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its title, as it is read."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed in a field."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version: where it came from, and what it changed."""

    number: int
    origin: str
    made_at: datetime
    basis: str
    case_number: str | None
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class SwitchShown:
    """A switch with its title, and its state in words."""

    title: str
    state: str
    now: SwitchNow


@dataclass(frozen=True, slots=True)
class SanctionShown:
    """A sanction that rests on the record, whether it is in force, and if not, why."""

    measure: str
    kind: str
    department: str
    starts_on: date
    ends_on: date | None
    in_force: bool
    why: str
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordShown:
    """All that the page of a record shows."""

    subject: str
    provider: str
    severity: str
    ended: str
    contested: bool
    disclosed: bool
    fields: Sequence[Field]
    versions: Sequence[Version]
    switches: Sequence[SwitchShown]
    sanctions: Sequence[SanctionShown]


def shown(record: Record, *, whole_numbers: bool) -> RecordShown:
    """Everything about a record, today; numbers of documents masked unless `whole_numbers`."""
    every = versions(record)
    now = switches([record.id], today())[record.id]
    return RecordShown(
        subject=db.session.get_one(Subject, record.subject_id).name,
        provider=db.session.get_one(Unit, record.provider_id).name,
        severity=SEVERITIES[record.severity] if record.severity else "未定",
        ended=ENDINGS[record.ended_by] if record.ended_by else "",
        contested=now[Switch.ANNOTATION].on,
        disclosed=now[Switch.DISCLOSURE].on,
        fields=_fields(every[-1].content, whole_numbers=whole_numbers),
        versions=_versions(every, whole_numbers=whole_numbers),
        switches=[_switch(switch, now[switch]) for switch in Switch],
        sanctions=_sanctions(record),
    )


def written(name: str, value: str | None, *, whole_numbers: bool) -> str:
    """The value of a field in words: a day in Chinese, an amount in yuan, a number masked."""
    if not value:
        return ""
    if name in PERSONAL and not whole_numbers:
        return masked(value)
    if name in DATES:
        return day(date.fromisoformat(value))
    if name in AMOUNTS:
        whole, dot, part = value.partition(".")
        return f"{int(whole):,}{dot}{part}"
    return value


def changes(before: Content, after: Content, *, whole_numbers: bool) -> list[Change]:
    """What differs between two contents, in the order of the fields."""
    return [
        Change(
            title,
            written(name, before.get(name), whole_numbers=whole_numbers),
            written(name, after.get(name), whole_numbers=whole_numbers),
        )
        for name, title in FIELDS.items()
        if before.get(name) != after.get(name)
    ]


def _fields(content: Content, *, whole_numbers: bool) -> list[Field]:
    """The fields that say something."""
    return [
        Field(title, written(name, content[name], whole_numbers=whole_numbers))
        for name, title in FIELDS.items()
        if content[name]
    ]


def _versions(every: Sequence[RecordVersion], *, whole_numbers: bool) -> list[Version]:
    """The latest first; the first version changed nothing."""
    differences = [
        changes(one.content, other.content, whole_numbers=whole_numbers)
        for one, other in pairwise(every)
    ]
    listed = [
        Version(
            number=version.version,
            origin=ORIGINS[version.origin],
            made_at=version.made_at,
            basis=version.basis,
            case_number=version.case_number,
            changes=made,
        )
        for version, made in zip(every, [[], *differences], strict=True)
    ]
    return listed[::-1]


def _switch(switch: Switch, now: SwitchNow) -> SwitchShown:
    title, on, off = SWITCHES[switch]
    return SwitchShown(title, on if now.on else off, now)


def _sanctions(record: Record) -> list[SanctionShown]:
    """In a fixed number of queries, however many there are."""
    sanctions = sanctions_on([record.id])[record.id]
    ids, rules = [sanction.id for sanction in sanctions], rules_today()
    stand = standings(ids, today(), rules.choice("record.past_maximum"))
    ends = run_until(ids, today(), rules.choice("suspension.counts"))
    departments = units_by_id(sanction.department_id for sanction in sanctions)
    chosen = sa.select(Measure).where(Measure.id.in_({one.measure_id for one in sanctions}))
    measures = {measure.id: measure for measure in db.session.scalars(chosen)}
    return [
        SanctionShown(
            measure=measures[one.measure_id].name,
            kind="强制性" if measures[one.measure_id].mandatory else "推荐性",
            department=departments[one.department_id].name,
            starts_on=one.starts_on,
            ends_on=ends[one.id],
            in_force=stand[one.id].in_force,
            why=why_not(stand[one.id]),
            held_by=stand[one.id].held_by,
        )
        for one in sanctions
    ]


def why_not(standing: Standing) -> str:
    """The first reason why a sanction is not in force; empty where it is."""
    reasons = (
        (standing.lifted, "已解除"),
        (standing.order is OrderKind.LIFT, "已通知解除，待部门办理"),
        (not standing.supported, "没有有效信用记录支持"),
        (bool(standing.held_by), "暂停执行"),
        (standing.order is OrderKind.RESUME, "已通知恢复，待部门办理"),
        (standing.over, "期限已满"),
        (not standing.begun, "尚未开始"),
    )
    return next((text for true, text in reasons if true), "")
