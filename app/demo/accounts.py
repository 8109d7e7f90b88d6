"""The accounts of the demonstration: one for each role in each unit, some for subjects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from app.audit.commands import Action, record
from app.db import db
from app.people import passwords
from app.people.actor import SYSTEM
from app.people.commands import add_membership, represent
from app.people.models import Person, Scope, Subject, Unit
from workflows.grammar import Role

PASSWORD: Final = "Redress-2026!"  # noqa: S105 -- public on purpose: the contract names it
FIRST_PROVIDER: Final = "惠州市市场监督管理局"
FIRST_EXECUTOR: Final = "惠州市财政局"
AUTHORISATION: Final = "授权委托书（示例授字第1号）"

OFFICE: Final = (
    ("clerk", "陈晓岚", Role.OFFICE_CLERK),
    ("clerk-2", "邱嘉树", Role.OFFICE_CLERK),
    ("clerk-3", "温若宁", Role.OFFICE_CLERK),
    ("approver", "黄志远", Role.OFFICE_APPROVER),
    ("approver-2", "罗文静", Role.OFFICE_APPROVER),
    ("supervisor", "吴启明", Role.OFFICE_SUPERVISOR),
    ("sysadmin", "沈致平", Role.ADMIN_SYSTEM),
    ("secadmin", "郑安琪", Role.ADMIN_SECURITY),
    ("auditor", "潘守信", Role.ADMIN_AUDIT),
)
AGENCIES: Final = (("agent-2", "姚静怡"), ("agent-3", "莫书航"))
"""They act for one company after the other."""
PAIRS: Final = (
    ("周敏", "林国栋"),
    ("杨帆", "谢丽华"),
    ("许佳宁", "赵永康"),
    ("何俊", "朱明辉"),
    ("梁雅文", "马艳红"),
    ("邓伟强", "袁振华"),
    ("曾小琴", "唐海燕"),
    ("彭浩然", "侯志刚"),
    ("方婷", "苏秀英"),
    ("蔡文杰", "叶建军"),
    ("卢思敏", "丁玉兰"),
    ("蒋海峰", "魏东升"),
    ("韩雪", "薛晓梅"),
    ("董建波", "余正德"),
    ("程慧", "夏春生"),
)
"""Who handles and who approves, unit by unit; none of them is real."""


@dataclass(frozen=True)
class Desk:
    """The two people of a unit who provide, or who execute."""

    prefix: str
    unit: Unit
    handler: Role
    approver: Role


def hashed_once() -> str:
    """The password of all accounts, under the same policy as any other; it takes 0.1 s."""
    return passwords.hash_password(PASSWORD)


def add_staff(secret: str) -> dict[tuple[Role, int], str]:
    """Accounts for office, providers and departments: who holds a role in a unit, by username.

    Inside a transaction, like all that is here. `secret`: the hashed password.
    """
    units = list(db.session.scalars(sa.select(Unit).order_by(Unit.id)))
    office = next(unit for unit in units if unit.is_office)
    staff: dict[tuple[Role, int], str] = {}
    for username, name, role in OFFICE:
        add_membership(add_person(username, name, secret), office, role)
        staff.setdefault((role, office.id), username)
    for desk, (handler, approver) in zip(_desks(units), PAIRS, strict=True):
        for username, name, role in (
            (desk.prefix, handler, desk.handler),
            (f"{desk.prefix}-approver", approver, desk.approver),
        ):
            add_membership(add_person(username, name, secret), desk.unit, role)
            staff[role, desk.unit.id] = username
    return staff


def add_subject(username: str, name: str, secret: str, subject: Subject) -> None:
    """An account of a subject itself, or of the person who stands for it."""
    represent(add_person(username, name, secret), subject, Scope.SELF)


def add_agencies(secret: str) -> None:
    """Accounts for those who make a business of acting for others; they have no client yet."""
    for username, name in AGENCIES:
        add_person(username, name, secret)


def add_agent(username: str, name: str, secret: str, subject: Subject, until: date) -> None:
    """An account of somebody who acts for a subject by a document, through a day."""
    person = add_person(username, name, secret)
    represent(person, subject, Scope.AGENT, AUTHORISATION, until)


def add_person(username: str, name: str, secret: str) -> Person:
    """An account whose password has been hashed already."""
    person = Person(username=username, name=name, password_hash=secret)
    db.session.add(person)
    db.session.flush()
    record(Action.PERSON_CREATED, SYSTEM, f"person:{person.id}")
    return person


def _desks(units: Sequence[Unit]) -> Iterator[Desk]:
    """Providers, then departments, each numbered from 2 after the first one named above."""
    providers = [unit for unit in units if unit.provides]
    departments = [unit for unit in units if unit.executes]
    for prefix, unit in _numbered("provider", providers, FIRST_PROVIDER):
        yield Desk(prefix, unit, Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER)
    for prefix, unit in _numbered("executor", departments, FIRST_EXECUTOR):
        yield Desk(prefix, unit, Role.EXECUTOR_HANDLER, Role.EXECUTOR_APPROVER)


def _numbered(prefix: str, units: Sequence[Unit], first: str) -> Iterator[tuple[str, Unit]]:
    ordered = sorted(units, key=lambda unit: unit.name != first)
    for number, unit in enumerate(ordered, 1):
        yield (prefix if number == 1 else f"{prefix}-{number}"), unit
