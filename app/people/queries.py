"""Who somebody is, what they may do, and which subject is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app.clock import now, today
from app.db import db
from app.errors import NotFound
from app.people import names, passwords
from app.people.actor import Actor
from app.people.models import (
    ApiToken,
    Membership,
    Person,
    Representation,
    SignIn,
    Subject,
    SubjectKind,
    Unit,
)
from workflows.grammar import Role

IDLE_LIMIT: Final = timedelta(minutes=30)
ABSOLUTE_LIMIT: Final = timedelta(hours=8)
_UNITS: Final = sa.select(Unit).where(Unit.id.in_(sa.bindparam("ids", expanding=True)))
"""Built once: each step of a case asks it several times."""


def actor_of(person_id: int) -> Actor:
    """The person with its roles and subjects as of today; one that is disabled has none.

    Raises NotFound for an unknown person.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    if person.disabled_at is not None:
        return Actor(person.id, person.name)
    memberships = _memberships(person.id)
    subjects = _subjects(person.id)
    roles = {membership.role for membership, _ in memberships} | (
        {Role.SUBJECT} if subjects else set()
    )
    unit = memberships[0][1] if memberships else None
    return Actor(
        person.id,
        person.name,
        unit.id if unit else None,
        unit.name if unit else "",
        frozenset(roles),
        subjects,
    )


def person_by_username(username: str) -> Person | None:
    """The account of that name, disabled or not."""
    return db.session.scalar(sa.select(Person).where(Person.username == username))


def person_with(username: str, password: str) -> Person | None:
    """The account that this password opens.

    It takes a tenth of a second whether the account exists or not: call it outside of
    `transaction()`.
    """
    person = person_by_username(username)
    right = passwords.matches(person.password_hash if person else None, password)
    return person if person and right and person.disabled_at is None else None


def sign_in_of(token: str) -> SignIn | None:
    """The session that a browser's token stands for, while it lives and its person may act."""
    moment = now()
    return db.session.scalar(
        sa.select(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == passwords.token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at > moment - IDLE_LIMIT,
            SignIn.created_at > moment - ABSOLUTE_LIMIT,
            Person.disabled_at.is_(None),
        )
    )


def actor_of_token(token: str) -> Actor | None:
    """Whom a token of the API stands for; None for one that is unknown or withdrawn."""
    person_id = db.session.scalar(
        sa.select(ApiToken.person_id)
        .join(Person, Person.id == ApiToken.person_id)
        .where(
            ApiToken.token_hash == passwords.token_hash(token),
            ApiToken.withdrawn_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return None if person_id is None else actor_of(person_id)


def unit_by(reference: str | int) -> Unit | None:
    """A unit by its key, its code or its name."""
    if isinstance(reference, int):
        return db.session.get(Unit, reference)
    return db.session.scalar(
        sa.select(Unit).where(sa.or_(Unit.code == reference, Unit.name == reference))
    )


def subject_by_code(code: str) -> Subject | None:
    """The subject with exactly this code; blanks around it do not matter."""
    return db.session.scalar(sa.select(Subject).where(Subject.code == code.strip()))


def find_subjects(
    text: str, limit: int = 20, kinds: Collection[SubjectKind] = tuple(SubjectKind)
) -> list[Subject]:
    """Subjects of some kinds whose name contains the text or whose code it is, oldest first.

    Width and case do not matter, every character stands for itself. An index of pairs of
    characters finds them, however many subjects there are.
    """
    wanted = names.folded(text)
    if not wanted:
        return []
    if subject := subject_by_code(text):
        return [subject] if subject.kind in kinds else []
    return list(db.session.scalars(finding(wanted, limit, kinds)))


def finding(
    wanted: str, limit: int = 20, kinds: Collection[SubjectKind] = tuple(SubjectKind)
) -> sa.Select[Subject]:
    """Subjects of some kinds whose folded name contains a folded text, oldest first."""
    return (
        sa.select(Subject)
        .join(names.INDEX, names.INDEX.c.rowid == Subject.id)
        .where(
            names.has(wanted, db.session.get_bind().dialect.name),
            Subject.kind.in_(kinds),
            Subject.search_name.contains(wanted, autoescape=True),
        )
        .order_by(names.INDEX.c.rowid)  # the order of the index: what is found is not sorted
        .limit(limit)
    )


def subjects_by_id(ids: Iterable[int]) -> dict[int, Subject]:
    """Subjects by key, in one query."""
    found = db.session.scalars(sa.select(Subject).where(Subject.id.in_(set(ids))))
    return {subject.id: subject for subject in found}


def units_by_id(ids: Iterable[int]) -> dict[int, Unit]:
    """Units by key, in one query; in none where there are no keys."""
    if not (wanted := list(set(ids))):
        return {}
    found = db.session.scalars(_UNITS, {"ids": wanted})
    return {unit.id: unit for unit in found}


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The names of persons by key, in one query."""
    chosen = sa.select(Person.id, Person.name).where(Person.id.in_(set(person_ids)))
    return {row.id: row.name for row in db.session.execute(chosen)}


def _memberships(person_id: int) -> list[tuple[Membership, Unit]]:
    chosen = sa.select(Membership, Unit).join(Unit).where(Membership.person_id == person_id)
    return [(membership, unit) for membership, unit in db.session.execute(chosen)]


def _subjects(person_id: int) -> frozenset[int]:
    chosen = sa.select(Representation.subject_id).where(
        Representation.person_id == person_id,
        sa.or_(Representation.until.is_(None), Representation.until >= today()),
    )
    return frozenset(db.session.scalars(chosen))
