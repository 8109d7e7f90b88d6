"""Forty people of the small city: who they are, and what each of them does all day."""

from __future__ import annotations

from app.db import db, transaction
from app.people.actor import SYSTEM
from app.people.commands import add_membership, represent
from app.people.models import Person, Subject, Unit
from app.people.queries import actor_of
from tests.app.cases.city import City
from workflows.grammar import Role

STAFF: dict[str, tuple[str, Role, int]] = {
    "clerk": ("office", Role.OFFICE_CLERK, 6),
    "approver": ("office", Role.OFFICE_APPROVER, 4),
    "supervisor": ("office", Role.OFFICE_SUPERVISOR, 1),
    "provider": ("provider", Role.PROVIDER_HANDLER, 3),
    "provider-approver": ("provider", Role.PROVIDER_APPROVER, 2),
    "provider2": ("provider2", Role.PROVIDER_HANDLER, 3),
    "provider2-approver": ("provider2", Role.PROVIDER_APPROVER, 2),
    "executor": ("executor", Role.EXECUTOR_HANDLER, 3),
    "executor-approver": ("executor", Role.EXECUTOR_APPROVER, 1),
    "executor2": ("executor2", Role.EXECUTOR_HANDLER, 2),
    "executor2-approver": ("executor2", Role.EXECUTOR_APPROVER, 1),
}
"""Who works where, and how many of them."""
FILERS = {"company": 4, "other": 1, "person": 1}
"""How many act for each subject."""
MACHINES = {"clock": 2, "importer": 2, "recipient": 2}
"""What programs do: each of them is a thread of its own, too."""


def forty(city: City) -> list[str]:
    """Hire them; their names, by which `city.actor` knows them."""
    keys: dict[str, int] = {}
    with transaction():
        for name, (unit, role, count) in STAFF.items():
            row = db.session.get_one(Unit, city.unit[unit])
            for person in _hired(name, count):
                add_membership(person, row, role)
                keys[person.username] = person.id
        for name, count in FILERS.items():
            subject = db.session.get_one(Subject, city.subject[name])
            for person in _hired(f"filer-{name}", count):
                represent(person, subject, "self")
                keys[person.username] = person.id
    city.actor |= {name: actor_of(key) for name, key in keys.items()}
    machines = [f"{name} {n}" for name, count in MACHINES.items() for n in range(count)]
    city.actor |= dict.fromkeys(machines, SYSTEM)
    db.session.rollback()
    return [*keys, *machines]


def _hired(name: str, count: int) -> list[Person]:
    people = [
        Person(username=f"{name} {n}", name=f"{name}丙{n}", password_hash="!") for n in range(count)
    ]
    db.session.add_all(people)
    db.session.flush()
    return people
