"""The verbs that change records, switches, shares and sanctions; called inside transaction()."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.clock import now, today
from app.db import db
from app.errors import Conflict, Invalid
from app.people.commands import ensure_subject
from app.people.models import Subject, Unit
from app.people.queries import unit_by
from app.records.classes import classify, disclosed_until
from app.records.fields import FIELDS, SUBJECT_KINDS
from app.records.identity import Content, key_digest, key_of, subject_code_of
from app.records.models import (
    EndedBy,
    OrderKind,
    Origin,
    Recipient,
    RecipientKind,
    Record,
    RecordVersion,
    Sanction,
    SanctionOrder,
    Share,
    Switch,
    SwitchPeriod,
)
from app.records.period import day_after
from app.records.queries import rules_today
from workflows.rules import Rules

USED = (Switch.DISCLOSURE, Switch.SHARING, Switch.SANCTIONS)
"""What is on from the day of the decision, and ends with the record."""


def new_version(
    record: Record,
    content: Content,
    origin: Origin | str,
    basis: str,
    case_number: str | None = None,
    *,
    made_by: int | None = None,
) -> RecordVersion:
    """The record says something else from now on; the old version is kept.

    `content` has all names of `FIELDS`. Subject, severity, regime and the end of disclosure
    follow. Raises Invalid for an unknown unit, another set of fields or a day that is none,
    Conflict where another record has the same decision, authority and subject.
    """
    before = {record.id: record.disclosed_until}
    columns = columns_of(content, rules_today())
    _check_key(record, key_of(content))
    for name, value in columns.items():
        setattr(record, name, value)
    if subject_code_of(content) != record.subject_code:
        _name_subject(record, content)
    elif origin != Origin.IMPORT:
        _rename_subject(record, content["name"] or "")
    if content["authority_code"] != record.authority_code:
        _name_provider(record, content)
    move_ends_of_disclosure([record], before, basis)
    record.version += 1
    row = version_of(
        record.id, record.version, content, Origin(origin), basis, case_number, made_by
    )
    version = RecordVersion(**row)
    db.session.add(version)
    db.session.flush()
    return version


def columns_of(content: Content, rules: Rules) -> dict[str, Any]:
    """What the columns of a record say of its content, but for authority and subject.

    Raises Invalid for another set of fields.
    """
    if content.keys() != FIELDS.keys():
        raise Invalid({"": "信用记录的字段不完整。"})
    severity, regime = classify(content, rules)
    return {
        "decision_no": content["decision_no"],
        "decided_on": date.fromisoformat(content["decided_on"] or ""),
        "disclosed_until": disclosed_until(content, rules, today()),
        "penalty_kind": content["penalty_kind"],
        "severity": severity,
        "regime": regime,
    }


def version_of(
    record_id: int,
    number: int,
    content: Content,
    origin: Origin,
    basis: str,
    case_number: str | None = None,
    made_by: int | None = None,
) -> dict[str, Any]:
    """The row of a version."""
    return {
        "record_id": record_id,
        "version": number,
        "key": key_digest(key_of(content)),
        "content": {name: content[name] for name in FIELDS},
        "origin": origin,
        "case_number": case_number,
        "basis": basis,
        "made_at": now(),
        "made_by": made_by,
    }


def move_ends_of_disclosure(
    records: Sequence[Record], before: Mapping[int, date | None], basis: str
) -> None:
    """What is disclosed until the day a record said before is disclosed until the day it says now.

    `before`: that day, by the key of the record; without a day it is not disclosed, and what
    gets one is disclosed from today on, by this basis. What has ended is disclosed on no day.
    """
    moved = {
        one.id: one
        for one in records
        if one.disclosed_until != before[one.id] and one.ended_on is None
    }
    if not moved:
        return
    chosen = sa.select(SwitchPeriod).where(
        SwitchPeriod.record_id.in_(moved),
        SwitchPeriod.switch == Switch.DISCLOSURE,
        SwitchPeriod.ended_basis.is_(None),
    )
    with db.session.no_autoflush:
        for period in db.session.scalars(chosen):
            if period.until and period.until == day_after(before[period.record_id]):
                until = day_after(moved[period.record_id].disclosed_until)
                period.until = max(until or min(today(), period.until), period.since)
    begun = (one for one in moved.values() if before[one.id] is None)
    db.session.add_all(_disclosure(one, basis) for one in begun)


def turn_on(
    record: Record,
    switch: Switch | str,
    since: date,
    until: date | None,
    basis: str,
    case_number: str | None = None,
) -> SwitchPeriod:
    """The switch is on from `since` to the day before `until`, or until it is turned off.

    An annotation is of one case, which has one at a time: a second is given back.
    """
    switch = Switch(switch)
    if switch is Switch.ANNOTATION and (open_ones := _running(record, switch, since, case_number)):
        return open_ones[0]
    period = SwitchPeriod(
        record_id=record.id,
        switch=switch,
        since=since,
        until=until,
        basis=basis,
        case_number=case_number,
    )
    db.session.add(period)
    db.session.flush()
    return period


def turn_off(
    record: Record, switch: Switch | str, on: date, basis: str, case_number: str | None = None
) -> None:
    """The switch is off from `on`; an annotation ends for `case_number` alone.

    Does nothing where it is off. What was to begin later never begins.
    """
    for period in _running(record, Switch(switch), on, case_number):
        period.until = max(on, period.since)
        period.ended_basis = basis
    db.session.flush()


def end_record(record: Record, by: EndedBy | str, on: date, basis: str) -> None:
    """The record is no longer valid from `on`: disclosure, sharing and use end.

    It supports no sanction any more. A record that has ended keeps how it ended first, but what
    was repaired only can still be found wrong.
    """
    by = EndedBy(by)
    if by is EndedBy.REPAIR:
        record.repaired_on = on
    if record.ended_by not in {None, EndedBy.REPAIR} or record.ended_by is by:
        return
    record.ended_on, record.ended_by = on, by
    for switch in USED:
        turn_off(record, switch, on, basis)


def restore_record(record: Record, on: date, basis: str, case_number: str | None = None) -> None:
    """The record is valid again: used from `on`, disclosed for the rest of its period.

    While a repair of it stands, it is repaired and nothing else.
    """
    if record.repaired_on is not None:
        record.ended_on, record.ended_by = record.repaired_on, EndedBy.REPAIR
        return
    record.ended_on = record.ended_by = None
    until = day_after(record.disclosed_until)
    turn_on(record, Switch.SHARING, on, None, basis, case_number)
    turn_on(record, Switch.SANCTIONS, on, None, basis, case_number)
    if until is not None and until > on:
        turn_on(record, Switch.DISCLOSURE, on, until, basis, case_number)


def undo_repair(record: Record, on: date, basis: str, case_number: str) -> None:
    """The repair does not stand any more; what nothing else has ended is valid again."""
    record.repaired_on = None
    if record.ended_by is EndedBy.REPAIR:
        restore_record(record, on, basis, case_number)


def recipients_of(units: Iterable[Unit]) -> dict[int, Recipient]:
    """Units as recipients of records, by the key of the unit; made where they are new."""
    wanted = {unit.id: unit for unit in units}
    chosen = sa.select(Recipient).where(Recipient.unit_id.in_(wanted))
    found = {one.unit_id: one for one in db.session.scalars(chosen) if one.unit_id is not None}
    for unit_id in wanted.keys() - found.keys():
        name = wanted[unit_id].name
        found[unit_id] = Recipient(name=name, kind=RecipientKind.UNIT, unit_id=unit_id)
        db.session.add(found[unit_id])
    db.session.flush()
    return found


def share_all(pairs: Sequence[tuple[int, int]]) -> None:
    """Share records with recipients, by their keys, in two statements; what is shared stays so."""
    shared = sa.select(Share.record_id, Share.recipient_id).where(
        Share.record_id.in_({record_id for record_id, _ in pairs}), Share.stopped_on.is_(None)
    )
    there = {(row.record_id, row.recipient_id) for row in db.session.execute(shared)}
    since = today()
    new = [
        {"record_id": record_id, "recipient_id": recipient_id, "since": since}
        for record_id, recipient_id in dict.fromkeys(pairs)
        if (record_id, recipient_id) not in there
    ]
    if new:
        db.session.execute(sa.insert(Share), new)


def stop_sharing(record: Record, recipient: Recipient, on: date, reason: str) -> None:
    """The recipient no longer gets the record; does nothing where it did not."""
    db.session.execute(
        sa.update(Share)
        .where(
            Share.record_id == record.id,
            Share.recipient_id == recipient.id,
            Share.stopped_on.is_(None),
        )
        .values(stopped_on=sa.case((Share.since > on, Share.since), else_=on), reason=reason)
    )


def give_order(sanction: Sanction, case_number: str, what: OrderKind | str, on: date) -> None:
    """Tell the department to resume or lift; an order that is open is replaced."""
    end_order(sanction, on)
    order = SanctionOrder(
        sanction_id=sanction.id, case_number=case_number, what=OrderKind(what), given_on=on
    )
    db.session.add(order)
    db.session.flush()


def end_order(sanction: Sanction, on: date) -> None:
    """The order is carried out, or called back; does nothing where none is open."""
    db.session.execute(
        sa.update(SanctionOrder)
        .where(SanctionOrder.sanction_id == sanction.id, SanctionOrder.ended_on.is_(None))
        .values(ended_on=on)
    )


def _disclosure(record: Record, basis: str) -> SwitchPeriod:
    """Of a record that was not disclosed, from today to the day it says now."""
    since, until = today(), day_after(record.disclosed_until)
    return SwitchPeriod(
        record_id=record.id,
        switch=Switch.DISCLOSURE,
        since=since,
        until=max(since, until or since),
        basis=basis,
    )


def _running(
    record: Record, switch: Switch, on: date, case_number: str | None
) -> list[SwitchPeriod]:
    """The periods of a switch that are not over on a day."""
    chosen = sa.select(SwitchPeriod).where(
        SwitchPeriod.record_id == record.id,
        SwitchPeriod.switch == switch,
        sa.or_(SwitchPeriod.until.is_(None), SwitchPeriod.until > on),
    )
    if switch is Switch.ANNOTATION:
        chosen = chosen.where(SwitchPeriod.case_number == case_number)
    return list(db.session.scalars(chosen))


def _name_subject(record: Record, content: Content) -> None:
    kind = SUBJECT_KINDS.get(content["subject_kind"] or "")
    if kind is None:
        raise Invalid({"subject_kind": f"主体类别应为：{'、'.join(SUBJECT_KINDS)}。"})
    code = subject_code_of(content)
    record.subject_id = ensure_subject(kind, content["name"] or "", code).id
    record.subject_code = code


def _rename_subject(record: Record, name: str) -> None:
    subject = db.session.get_one(Subject, record.subject_id)
    if subject.name != name:
        subject.name = name


def _name_provider(record: Record, content: Content) -> None:
    code = content["authority_code"] or ""
    unit = unit_by(code)
    if unit is None or not unit.provides:
        raise Invalid({"authority_code": f"没有代码为{code}的信息提供单位。"})
    record.authority_code, record.provider_id = code, unit.id


def _check_key(record: Record, key: tuple[str, str, str]) -> None:
    columns = sa.tuple_(Record.decision_no, Record.authority_code, Record.subject_code)
    taken = db.session.scalar(sa.select(Record.id).where(columns == key, Record.id != record.id))
    if taken is not None:
        message = f"已有同一决定书、同一机关、同一主体的信用记录（编号{taken}）。"
        raise Conflict(message)
