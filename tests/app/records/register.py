"""A register to try things on: units, a subject, records and sanctions, made by commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.db import db
from app.people.actor import Actor
from app.people.commands import create_unit
from app.people.models import Subject, Unit
from app.people.queries import subject_by_code, unit_by
from app.records.batches import NewRecord, add_records
from app.records.fields import FIELDS
from app.records.identity import Content, said
from app.records.models import Measure, Record, Sanction, SanctionBasis
from workflows.grammar import Role

PROVIDER = "11441300YG58BRK2XX"
DEPARTMENT = "11441300XUNEJMFDX0"
FIRM = "91441300ABH2RU8659"
OTHER_FIRM = "914413223EA9U35Y10"


def units() -> tuple[Unit, Unit]:
    """A provider and a department."""
    there = unit_by(PROVIDER), unit_by(DEPARTMENT)
    if there[0] and there[1]:
        return there[0], there[1]
    return (
        create_unit("惠州市市场监督管理局", PROVIDER, provides=True),
        create_unit("惠州市财政局", DEPARTMENT, executes=True),
    )


def content(number: int = 1, **fields: str | None) -> Content:
    """What the number-th record says; `fields` say otherwise."""
    usual = {
        "name": "惠州市永利石材有限公司",
        "subject_kind": "法人及非法人组织",
        "code": FIRM,
        "legal_person": "廖静兰",
        "legal_person_id": "441302198211212985",
        "decision_no": f"惠市监处罚〔2026〕{number}号",
        "penalty_kind": "罚款",
        "fine": "69700",
        "decided_on": "2026-06-21",
        "disclosed_until": "2027-06-21",
        "authority": "惠州市市场监督管理局",
        "authority_code": PROVIDER,
    }
    return {name: (usual | fields).get(name) for name in FIELDS}


def add_record(number: int = 1, **fields: str | None) -> Record:
    """A record as an import adds it."""
    provider, _ = units()
    (record_id,) = add_records([NewRecord(said(content(number, **fields)), provider.id)])
    return db.session.get_one(Record, record_id)


def add_sanction(
    records: Sequence[Record],
    starts_on: date = date(2026, 6, 21),
    ends_on: date | None = date(2027, 6, 21),
) -> Sanction:
    """A sanction of the department on the subject of the first record."""
    _, department = units()
    measure = Measure(
        code=f"M{db.session.query(Measure).count()}",
        name="限制参与政府采购活动",
        mandatory=False,
        basis="《惠州市失信联合惩戒措施清单》",
        department_id=department.id,
    )
    db.session.add(measure)
    db.session.flush()
    sanction = Sanction(
        subject_id=records[0].subject_id,
        measure_id=measure.id,
        department_id=department.id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(sanction)
    db.session.flush()
    db.session.add_all(
        SanctionBasis(sanction_id=sanction.id, record_id=record.id) for record in records
    )
    db.session.flush()
    return sanction


def firm() -> Subject:
    """The subject of the records."""
    found = subject_by_code(FIRM)
    assert found is not None
    return found


def actor(*roles: Role, unit: Unit | None = None, subjects: Sequence[int] = ()) -> Actor:
    """Somebody with these roles in a unit, or for these subjects."""
    return Actor(1, "某人", unit.id if unit else None, "", frozenset(roles), frozenset(subjects))
