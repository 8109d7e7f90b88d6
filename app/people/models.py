"""The tables of units, subjects, persons, roles and of how a person is recognised."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Final

from sqlalchemy import DDL, CheckConstraint, Enum, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from sqlalchemy.orm.attributes import get_history

from app.clock import now
from app.db import Model
from app.people import names
from app.people.names import folded
from workflows.grammar import Role

HELD_IN_A_UNIT: Final = tuple(role for role in Role if "." in role.value)
"""The roles that a unit gives; all others follow from what somebody does."""


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


class SubjectKind(enum.StrEnum):
    """What a subject of credit records is."""

    ORGANISATION = "organisation"
    SOLE_TRADER = "sole_trader"
    PERSON = "person"


class Scope(enum.StrEnum):
    """Why a person acts for a subject: it is the subject, or stands in for it, or was engaged."""

    SELF = "self"
    AGENT = "agent"


class Unit(Model):
    """An authority: it provides records, executes sanctions, or is the credit office."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    code: Mapped[str] = mapped_column(String(18), unique=True)
    provides: Mapped[bool] = mapped_column(default=False)
    executes: Mapped[bool] = mapped_column(default=False)
    is_office: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(60))
    review_body: Mapped[str | None] = mapped_column(String(200))
    court: Mapped[str | None] = mapped_column(String(200))


class Subject(Model):
    """Whom credit records are about. Setting its name also sets what a search looks at."""

    __tablename__ = "subjects"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SubjectKind]
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    search_name: Mapped[str] = mapped_column(String(400))

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        self.search_name = folded(name)
        return name


class Person(Model):
    """Somebody with an account. A disabled one can do nothing, and is never deleted."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Membership(Model):
    """A role that a person holds in its unit.

    A trigger of the migration refuses a second unit, and an administrator with another role.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("person_id", "role"),
        CheckConstraint(f"role IN {tuple(role.value for role in HELD_IN_A_UNIT)}", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=40, values_callable=_values)
    )
    unit: Mapped[Unit] = relationship()


class Representation(Model):
    """A person acts for a subject, by the named document, up to and including a day or for good."""

    __tablename__ = "representations"
    __table_args__ = (UniqueConstraint("person_id", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), index=True)
    scope: Mapped[Scope]
    document: Mapped[str] = mapped_column(String(300), default="")
    until: Mapped[date | None]


class SignIn(Model):
    """A session in a browser; the browser has the token, the table only its hash."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class ApiToken(Model):
    """A token with which a program does what a person may do; the table has only its hash."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


for _backend, _definition in names.DEFINITIONS.items():
    _ddl = DDL(_definition)  # type: ignore[no-untyped-call]  # SQLAlchemy left it without types
    event.listen(Subject.__table__, "after_create", _ddl.execute_if(dialect=_backend))


@event.listens_for(Subject, "after_insert")
def _index(_: object, connection: Connection, subject: Subject) -> None:
    names.add(connection, subject.id, subject.search_name)


@event.listens_for(Subject, "after_update")
def _index_again(_: object, connection: Connection, subject: Subject) -> None:
    for old in get_history(subject, "search_name").deleted:
        names.remove(connection, subject.id, old)
        names.add(connection, subject.id, subject.search_name)


@event.listens_for(Subject, "after_delete")
def _forget(_: object, connection: Connection, subject: Subject) -> None:
    names.remove(connection, subject.id, subject.search_name)
