"""The verbs that change units, persons, roles, sessions and tokens; called inside transaction()."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app.audit.commands import Action, record
from app.clock import now
from app.db import db
from app.errors import Conflict, Invalid, NotFound
from app.people import passwords
from app.people.actor import SYSTEM, Actor
from app.people.models import (
    ApiToken,
    Membership,
    Person,
    Representation,
    Scope,
    SignIn,
    Subject,
    SubjectKind,
    Unit,
)
from app.people.queries import person_by_username, subject_by_code, unit_by
from workflows.grammar import Role


def create_unit(  # noqa: PLR0913 -- each names one property of a unit, by keyword
    name: str,
    code: str,
    *,
    provides: bool = False,
    executes: bool = False,
    is_office: bool = False,
    address: str | None = None,
    phone: str | None = None,
    review_body: str | None = None,
    court: str | None = None,
    by: Actor = SYSTEM,
) -> Unit:
    """A new unit; raises Conflict where its name or code is taken."""
    if unit_by(name) or unit_by(code):
        message = f"单位已存在：{name}（{code}）"
        raise Conflict(message)
    unit = Unit(
        name=name,
        code=code,
        provides=provides,
        executes=executes,
        is_office=is_office,
        address=address,
        phone=phone,
        review_body=review_body,
        court=court,
    )
    db.session.add(unit)
    db.session.flush()
    record(Action.UNIT_CREATED, by, f"unit:{unit.id}")
    return unit


def ensure_subject(kind: SubjectKind | str, name: str, code: str) -> Subject:
    """The subject with this code, made if it is new; one that is there keeps kind and name."""
    subject = subject_by_code(code)
    if subject is None:
        subject = Subject(kind=SubjectKind(kind), name=name, code=code.strip())
        db.session.add(subject)
        db.session.flush()
    return subject


def create_person(username: str, name: str, password: str, *, by: Actor = SYSTEM) -> Person:
    """A new account; raises Conflict for a name that is taken, Invalid for a weak password."""
    if not username or username != username.strip():
        raise Invalid({"username": "用户名不能为空，前后不能有空格。"})
    if person_by_username(username):
        message = "用户名已被使用。"
        raise Conflict(message)
    person = Person(username=username, name=name, password_hash=passwords.hash_password(password))
    db.session.add(person)
    db.session.flush()
    record(Action.PERSON_CREATED, by, f"person:{person.id}")
    return person


def set_password(person: Person, password: str, *, by: Actor = SYSTEM) -> None:
    """Another password; every session of the person ends. Raises Invalid for a weak one."""
    person.password_hash = passwords.hash_password(password)
    _end_sign_ins(person)
    record(Action.PASSWORD_SET, by, f"person:{person.id}")


def disable(person: Person, *, by: Actor = SYSTEM) -> None:
    """From now on the person can do nothing: sessions end, tokens count for nothing."""
    person.disabled_at = now()
    _end_sign_ins(person)
    record(Action.PERSON_DISABLED, by, f"person:{person.id}")


def enable(person: Person, *, by: Actor = SYSTEM) -> None:
    """The person may sign in again."""
    person.disabled_at = None
    record(Action.PERSON_ENABLED, by, f"person:{person.id}")


def add_membership(
    person: Person, unit: Unit, role: Role | str, *, by: Actor = SYSTEM
) -> Membership:
    """Give a person a role in its unit; one that it holds already is given back.

    Raises Invalid for a role that is not held in such a unit, for a second unit, and for an
    administrator with another role (三员分立, GB/T 22239 8.1.5).
    """
    role = Role(role)
    held = _roles_held(person)
    for membership in held:
        if membership.role == role and membership.unit_id == unit.id:
            return membership
    _check_role(person, unit, role, held)
    membership = Membership(person_id=person.id, unit_id=unit.id, role=role)
    db.session.add(membership)
    db.session.flush()
    record(Action.ROLE_GIVEN, by, f"person:{person.id}", role=role.value, unit=unit.id)
    return membership


def remove_membership(person: Person, role: Role | str, *, by: Actor = SYSTEM) -> None:
    """Take a role from a person; raises NotFound where it does not hold it."""
    found = [one for one in _roles_held(person) if one.role == Role(role)]
    if not found:
        raise NotFound
    db.session.delete(found[0])
    db.session.flush()
    record(Action.ROLE_TAKEN, by, f"person:{person.id}", role=Role(role).value)


def represent(
    person: Person,
    subject: Subject,
    scope: Scope | str,
    document: str = "",
    until: date | None = None,
    *,
    by: Actor = SYSTEM,
) -> Representation:
    """Let a person act for a subject, through the day `until` or for good; renews what is there.

    Raises Invalid for an administrator.
    """
    if any(_administers(membership.role) for membership in _roles_held(person)):
        raise Invalid({"person": "管理员账号不得代理信用主体。"})
    found = db.session.scalar(
        sa.select(Representation).where(
            Representation.person_id == person.id, Representation.subject_id == subject.id
        )
    )
    representation = found or Representation(person_id=person.id, subject_id=subject.id)
    representation.scope = Scope(scope)
    representation.document = document
    representation.until = until
    db.session.add(representation)
    db.session.flush()
    ref = f"person:{person.id}"
    record(Action.REPRESENTATION_MADE, by, ref, subject=subject.id, until=until)
    return representation


def issue_token(person: Person, *, by: Actor = SYSTEM) -> str:
    """A new token for the API; nobody can read it again."""
    token = passwords.new_token()
    db.session.add(ApiToken(person_id=person.id, token_hash=passwords.token_hash(token)))
    record(Action.TOKEN_ISSUED, by, f"person:{person.id}")
    return token


def withdraw_token(token: str, *, by: Actor = SYSTEM) -> None:
    """The token counts for nothing from now on; raises NotFound for an unknown one."""
    digest = passwords.token_hash(token)
    found = db.session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == digest))
    if found is None:
        raise NotFound
    found.withdrawn_at = found.withdrawn_at or now()
    record(Action.TOKEN_WITHDRAWN, by, f"person:{found.person_id}")


def sign_in(person: Person, password: str) -> str:
    """Open a session for a person whose password is right (`queries.person_with`).

    Gives the token of the browser. A hash made with other parameters is made anew.
    """
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.rehash(password)
    token = passwords.new_token()
    db.session.add(SignIn(person_id=person.id, token_hash=passwords.token_hash(token)))
    record(Action.SIGNED_IN, Actor(person.id, person.name), f"person:{person.id}")
    return token


def refuse_sign_in(username: str) -> None:
    """Record a sign-in that failed; a name that is no account's is not kept."""
    person = person_by_username(username)
    record(Action.SIGN_IN_REFUSED, SYSTEM, f"person:{person.id}" if person else "person:unknown")


def sign_out(token: str) -> None:
    """End the session of a browser; does nothing where it has ended."""
    sign_in_row = db.session.scalar(
        sa.select(SignIn).where(
            SignIn.token_hash == passwords.token_hash(token), SignIn.ended_at.is_(None)
        )
    )
    if sign_in_row is None:
        return
    sign_in_row.ended_at = now()
    actor = Actor(sign_in_row.person_id, "")
    record(Action.SIGNED_OUT, actor, f"person:{sign_in_row.person_id}")


def see(token: str) -> None:
    """Note that the browser was here just now, unless its session has ended meanwhile."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.token_hash == passwords.token_hash(token), SignIn.ended_at.is_(None))
        .values(last_seen_at=now())
    )


def _roles_held(person: Person) -> list[Membership]:
    """The person's row is locked: who else gives it a role waits and then sees this one."""
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
    return list(db.session.scalars(sa.select(Membership).where(Membership.person_id == person.id)))


def _check_role(person: Person, unit: Unit, role: Role, held: list[Membership]) -> None:
    if not _fits(role, unit):
        raise Invalid({"role": f"{unit.name}不能设置角色{role.value}。"})
    if any(membership.unit_id != unit.id for membership in held):
        raise Invalid({"unit": "一人只能在一个单位任职。"})
    if any(_administers(role) or _administers(membership.role) for membership in held):
        raise Invalid({"role": "系统、安全、审计管理员三员分立，且不得兼任其他角色。"})
    if _administers(role) and _represents(person):
        raise Invalid({"role": "代理信用主体的账号不得任管理员。"})


def _fits(role: Role, unit: Unit) -> bool:
    fits = {"provider": unit.provides, "executor": unit.executes, "office": unit.is_office}
    return fits.get(role.value.partition(".")[0], _administers(role))


def _administers(role: Role) -> bool:
    return role.value.startswith("admin.")


def _represents(person: Person) -> bool:
    chosen = sa.select(Representation.id).where(Representation.person_id == person.id).limit(1)
    return db.session.scalar(chosen) is not None


def _end_sign_ins(person: Person) -> None:
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        .values(ended_at=now())
    )
