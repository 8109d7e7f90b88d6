"""One record as its page shows it: what it says, how it came about, what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

import sqlalchemy as sa

from app.clock import today
from app.db import db
from app.people.models import Subject, Unit
from app.records.classes import NO_END
from app.records.fields import AMOUNTS, DATES, FIELDS, PERSONAL
from app.records.identity import Content
from app.records.models import OrderKind, Record, RecordVersion, Switch, SwitchPeriod
from app.records.queries import SwitchNow, switches, versions
from app.records.standing import Standing
from app.records.words import ENDED, ENDINGS, ORIGINS, SWITCHES, kinds
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
    """A switch with its title, its state in words, and by whom and why it is so."""

    title: str
    state: str
    on: bool
    since: date | None
    until: date | None
    basis: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordShown:
    """All that the page of a record shows."""

    subject: str
    provider: str
    ended: str
    contested: bool
    disclosed: bool
    fields: Sequence[Field]
    versions: Sequence[Version]
    switches: Sequence[SwitchShown]

    @property
    def cases(self) -> frozenset[str]:
        """The numbers of all cases that are named."""
        switched = {number for switch in self.switches for number in switch.cases}
        return frozenset(switched | {one.case_number for one in self.versions if one.case_number})


def shown(record: Record, *, whole_numbers: bool) -> RecordShown:
    """Everything about a record, today; numbers of documents masked unless `whole_numbers`."""
    every = versions(record)
    now = switches([record.id], today())[record.id]
    return RecordShown(
        subject=db.session.get_one(Subject, record.subject_id).name,
        provider=db.session.get_one(Unit, record.provider_id).name,
        ended=ENDINGS[record.ended_by] if record.ended_by else "",
        contested=now[Switch.ANNOTATION].on,
        disclosed=now[Switch.DISCLOSURE].on,
        fields=_fields(every[-1].content, whole_numbers=whole_numbers),
        versions=_versions(record, every, whole_numbers=whole_numbers),
        switches=_switches(record, every, now),
    )


def written(name: str, value: str | None, *, whole_numbers: bool) -> str:
    """The value of a field in words: a day in Chinese, an amount in yuan, a number masked.

    A day that stands for "without end" is called so.
    """
    if not value:
        return ""
    if name in PERSONAL and not whole_numbers:
        return masked(value)
    if name in DATES:
        last = date.fromisoformat(value)
        return day(last) if last.year < NO_END else "长期"
    if name == "penalty_kind":
        return kinds(value)
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


def _versions(
    record: Record, every: Sequence[RecordVersion], *, whole_numbers: bool
) -> list[Version]:
    """The latest first; the first version changed nothing."""
    differences = [
        changes(one.content, other.content, whole_numbers=whole_numbers)
        for one, other in pairwise(every)
    ]
    titles = _endings(record)
    listed = [
        Version(
            number=version.version,
            origin=titles.get(version.basis, ORIGINS[version.origin]),
            made_at=version.made_at,
            basis=_without(version.case_number, version.basis),
            case_number=version.case_number,
            changes=made,
        )
        for version, made in zip(every, [[], *differences], strict=True)
    ]
    return listed[::-1]


def _endings(record: Record) -> dict[str, str]:
    """What ended the record, by the basis that version and switch have in common."""
    chosen = sa.select(SwitchPeriod.ended_basis).where(
        SwitchPeriod.record_id == record.id,
        SwitchPeriod.switch == Switch.SHARING,
        SwitchPeriod.ended_basis.is_not(None),
    )
    found = [basis for basis in db.session.scalars(chosen.order_by(SwitchPeriod.until)) if basis]
    titles = dict.fromkeys(found, "停止使用")
    if record.ended_by and found:
        titles[found[-1]] = ENDED[record.ended_by]
    return titles


def _without(number: str | None, basis: str) -> str:
    """A basis without the case number that is shown beside it, before or after its words."""
    return basis.removeprefix(number or "").removesuffix(number or "").strip()


def _switches(
    record: Record, every: Sequence[RecordVersion], now: Mapping[Switch, SwitchNow]
) -> list[SwitchShown]:
    numbers = {one.basis: one.case_number for one in every}
    ended = ENDINGS[record.ended_by] if record.ended_by else ""
    return [_switch(one, _told(record, one, now), numbers, ended) for one in Switch]


def _told(record: Record, switch: Switch, now: Mapping[Switch, SwitchNow]) -> SwitchNow:
    """The state of a switch; what was paused for a contest stopped when the record ended."""
    if switch is not Switch.SANCTIONS or now[switch].on:
        return now[switch]
    if record.ended_on is not None:
        return replace(now[switch], since=record.ended_on, basis=now[Switch.SHARING].basis)
    return replace(now[switch], cases=now[Switch.ANNOTATION].cases)


def _switch(
    switch: Switch, now: SwitchNow, numbers: Mapping[str, str | None], ended: str
) -> SwitchShown:
    title, on, off = SWITCHES[switch]
    number = numbers.get(now.basis)
    cases = now.cases or ((number,) if number else ())
    why = "" if switch is Switch.ANNOTATION else now.basis
    for one in cases:
        why = _without(one, why)
    if ended and switch is Switch.SANCTIONS:
        why = f"记录{ended}：{why}" if why else f"记录{ended}"
    paused = switch is Switch.SANCTIONS and not now.on and now.cases
    return SwitchShown(
        title=title,
        state=on if now.on else "暂停" if paused else off,
        on=now.on,
        since=None if switch is Switch.ANNOTATION and not now.on else now.since,
        until=now.until,
        basis=why,
        cases=cases,
    )


def why_not(standing: Standing) -> str:
    """The first reason why a sanction is not in force; empty where it is."""
    reasons = (
        (standing.lifted, "已解除"),
        (standing.order is OrderKind.LIFT, "已通知解除，待部门确认"),
        (not standing.supported, "没有有效信用记录支持"),
        (bool(standing.held_by), "已要求暂停执行"),
        (standing.order is OrderKind.RESUME, "已通知恢复，待部门确认"),
        (standing.over, "期限已满"),
        (not standing.begun, "尚未开始"),
    )
    return next((text for true, text in reasons if true), "")
