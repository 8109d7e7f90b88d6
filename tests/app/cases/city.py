"""A small city for tests: an office, two providers, two departments, a company that is sanctioned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.cases import commands
from app.cases.attaching import attach
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.queries import children_of
from app.db import db, transaction
from app.people.actor import Actor
from app.people.commands import add_membership, create_unit, represent
from app.people.models import Person, Subject, Unit
from app.people.queries import actor_of
from app.records import identity
from app.records.batches import NewRecord, add_records
from app.records.commands import recipients_of, share_all
from app.records.fields import FIELDS
from app.records.models import Measure, Recipient, RecipientKind, Sanction, SanctionBasis
from app.records.queries import rules_today
from tests.app.cases.samples import pdf
from tests.remembered import remembered
from workflows import definition_of
from workflows.grammar import Role
from workflows.inputs.objection import Filing, ItemInput
from workflows.inputs.repair import Filing as RepairFiling

COMPANY = ("惠州市䶮测印染有限公司", "91441300MA4W0CHM2Z")
OTHER = ("惠州𠅤记商行有限公司", "914413007023PDL2XU")


@dataclass
class City:
    """Keys and actors by short names: `city.actor["clerk"]`, `city.unit["provider"]`."""

    unit: dict[str, int] = field(default_factory=dict)
    actor: dict[str, Actor] = field(default_factory=dict)
    subject: dict[str, int] = field(default_factory=dict)
    serial: int = 0

    def record(self, provider: str = "provider", subject: str = "company", **said: str) -> int:
        """A disclosed record; gives its key."""
        self.serial += 1
        with transaction():
            unit = db.session.get_one(Unit, self.unit[provider])
            owner = db.session.get_one(Subject, self.subject[subject])
            content = _content(unit, owner, self.serial) | said
            return add_records([NewRecord(identity.said(content), unit.id)])[0]

    def repairable(self, provider: str = "provider", subject: str = "company", **said: str) -> int:
        """A disclosed record whose minimum period is over since July 2026; gives its key."""
        usual = {"penalty_kind": "罚款", "decided_on": "2026-04-01"}
        return self.record(provider, subject, **(usual | said))

    def sanction(
        self,
        *records: int,
        department: str = "executor",
        mandatory: bool = False,
        starts_on: date = date(2026, 1, 1),
        ends_on: date | None = date(2029, 1, 1),
        subject: str = "company",
    ) -> int:
        """A sanction that rests on the records, which are shared with its department."""
        self.serial += 1
        with transaction():
            unit = db.session.get_one(Unit, self.unit[department])
            measure = Measure(
                code=f"M{self.serial}",
                name="限制申请财政性资金项目",
                mandatory=mandatory,
                basis="《惠州市失信联合惩戒措施清单》",
                department_id=unit.id,
            )
            db.session.add(measure)
            db.session.flush()
            sanction = Sanction(
                subject_id=self.subject[subject],
                measure_id=measure.id,
                department_id=unit.id,
                starts_on=starts_on,
                ends_on=ends_on,
            )
            db.session.add(sanction)
            db.session.flush()
            db.session.add_all(
                SanctionBasis(sanction_id=sanction.id, record_id=one) for one in records
            )
            recipient = recipients_of([unit])[unit.id]
            share_all([(one, recipient.id) for one in records])
            return sanction.id

    def objection(
        self, *records: int, ground: str = "O1", subject: str = "subject", **said: Any
    ) -> str:
        """The company objects: a draft with an item per record; gives its number."""
        items = tuple(ItemInput(one, "violation", ground, "没有此行为") for one in records)
        filing = Filing(**({"statement": "本公司没有该违法行为。", "items": items} | said))
        return commands.file_objection(self.actor[subject], filing)

    def repair(
        self,
        record: int,
        who: str = "subject",
        *,
        proves: tuple[str, ...] = ("duties",),
        **said: Any,
    ) -> str:
        """The company applies for a repair: a draft with proof of its duties; gives its number."""
        usual: dict[str, Any] = {"reasons": "违法行为已经整改，罚款已经缴清。", "commitment": True}
        given = RepairFiling(record, **(usual | said))
        number = commands.file_repair(self.actor[who], given)
        for one in proves:
            self.attach(number, who, one)
        return number

    def attach(self, number: str, who: str, proves: str = "") -> int:
        """Somebody adds a file to a case; gives its key."""
        return attach(self.actor[who], number, ("凭证.pdf", pdf()), "罚没收入票据", proves)

    def take(self, number: str, step: str, who: str, **given: Any) -> str:
        """Take a step as somebody, with what the form or the API would bring."""
        case = self.case(number)
        takes = definition_of(case).step(step).takes
        entered = parse(takes, given, rules_today())
        return commands.take_step(number, step, self.actor[who], entered)

    def hire(self, who: str, unit: str, role: str) -> None:
        """A new person with a role in a unit."""
        with transaction():
            person = _person(who)
            add_membership(person, db.session.get_one(Unit, self.unit[unit]), Role(role))
        self.actor[who] = actor_of(person.id)

    def promote(self, who: str, role: str) -> None:
        """Give somebody one more role in its unit."""
        actor = self.actor[who]
        with transaction():
            person = db.session.get_one(Person, actor.person_id)
            add_membership(person, db.session.get_one(Unit, actor.unit_id), Role(role))
        self.actor[who] = actor_of(person.id)

    def case(self, number: str) -> Case:
        """A case as it stands now."""
        db.session.expire_all()
        return db.session.scalars(sa.select(Case).where(Case.number == number)).one()

    def state(self, number: str) -> str:
        """Where a case is now."""
        return self.case(number).state

    def children(self, number: str, kind: str) -> list[str]:
        """The numbers of its children of a kind."""
        return [one.number for one in children_of(self.case(number)) if one.kind == kind]


def _content(unit: Unit, subject: Subject, serial: int) -> dict[str, str | None]:
    said: Mapping[str, str] = {
        "name": subject.name,
        "subject_kind": "法人及非法人组织",
        "code": subject.code,
        "legal_person": "买买提·㛃",
        "decision_no": f"惠测罚〔2026〕{serial}号",
        "violation": "超标排放水污染物",
        "facts": "2026年3月，当事人存在超标排放水污染物行为，经查证属实。",
        "basis": "《中华人民共和国水污染防治法》第八十三条",
        "penalty_kind": "罚款;吊销许可证件",
        "penalty": "处罚款人民币47700元",
        "fine": "47700.00",
        "decided_on": "2026-03-19",
        "disclosed_until": "2029-03-19",
        "authority": unit.name,
        "authority_code": unit.code,
        "source": unit.name,
        "source_code": unit.code,
    }
    return {name: said.get(name) for name in FIELDS}


UNITS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "office": ("惠州市信用中心", "12441300GFJFMT0T6N", {"is_office": True}),
    "provider": ("惠州市市场监督管理局", "11441300YG58BRK2XX", {"provides": True}),
    "provider2": ("惠州市生态环境局", "11441300A20Y55BB21", {"provides": True}),
    "executor": ("惠州市财政局", "11441300XUNEJMFDX0", {"executes": True}),
    "executor2": ("惠州市自然资源局", "114413004PG99RQR7C", {"executes": True}),
}
STAFF = {
    "clerk": ("office", Role.OFFICE_CLERK),
    "clerk2": ("office", Role.OFFICE_CLERK),
    "approver": ("office", Role.OFFICE_APPROVER),
    "approver2": ("office", Role.OFFICE_APPROVER),
    "supervisor": ("office", Role.OFFICE_SUPERVISOR),
    "provider": ("provider", Role.PROVIDER_HANDLER),
    "provider-approver": ("provider", Role.PROVIDER_APPROVER),
    "provider2": ("provider2", Role.PROVIDER_HANDLER),
    "provider2-approver": ("provider2", Role.PROVIDER_APPROVER),
    "executor": ("executor", Role.EXECUTOR_HANDLER),
    "executor-approver": ("executor", Role.EXECUTOR_APPROVER),
    "executor2": ("executor2", Role.EXECUTOR_HANDLER),
    "executor2-approver": ("executor2", Role.EXECUTOR_APPROVER),
}


def build_city() -> City:
    """The city, in one transaction."""
    city = City()
    with transaction():
        for name, (title, code, flags) in UNITS.items():
            city.unit[name] = create_unit(name=title, code=code, **flags).id
        for name, (title, code) in {"company": COMPANY, "other": OTHER}.items():
            subject = Subject(kind="organisation", name=title, code=code)
            db.session.add(subject)
            db.session.flush()
            city.subject[name] = subject.id
        people = {name: _person(name) for name in [*STAFF, "subject", "stranger"]}
        for name, (unit, role) in STAFF.items():
            add_membership(people[name], db.session.get_one(Unit, city.unit[unit]), role)
        for name, represented in {"subject": "company", "stranger": "other"}.items():
            row = db.session.get_one(Subject, city.subject[represented])
            represent(people[name], row, "self")
        db.session.add(
            Recipient(name="省信用平台", kind=RecipientKind.PLATFORM, gets_everything=True)
        )
        ids = {name: person.id for name, person in people.items()}
    city.actor = {name: actor_of(person) for name, person in ids.items()}
    db.session.rollback()
    return city


city_again = remembered(build_city)
"""The same city, for tests that begin with empty tables."""


def _person(name: str) -> Person:
    # No password: nobody signs in, and hashing one takes a tenth of a second.
    person = Person(username=name, name=f"{name}甲", password_hash="!")
    db.session.add(person)
    db.session.flush()
    return person
