"""Who files an objection, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Invalid, NotAllowed
from app.people.actor import Actor
from app.people.queries import find_subjects, subject_by_code
from workflows.grammar import Role
from workflows.inputs.objection import Filing

UNIT_HANDLERS = frozenset({Role.PROVIDER_HANDLER, Role.EXECUTOR_HANDLER})


@dataclass(frozen=True)
class Filer:
    """For whom a case is filed: a subject we know, a unit, or somebody with a name only."""

    subject: int | None
    unit: int | None
    person: int | None
    name: str = ""


def filer_of(actor: Actor, given: Filing) -> Filer:
    """The filer that actor, source and `on_behalf_of` make out.

    Raises Invalid where it is not clear, NotAllowed for who may not file from that source.
    """
    if Role.OFFICE_CLERK in actor.roles:
        return _at_the_counter(actor, given)
    if actor.subjects and given.source in {"subject", "complaint"}:
        return Filer(_own_subject(actor, given.on_behalf_of), None, actor.person_id)
    if actor.roles & UNIT_HANDLERS and given.source == "own_finding":
        return Filer(None, actor.unit_id, actor.person_id, actor.unit_name)
    message = "您不能以这个来源提出异议。"
    raise NotAllowed(message)


def _at_the_counter(actor: Actor, given: Filing) -> Filer:
    wanted = given.on_behalf_of.strip()
    subject = subject_by_code(wanted) if wanted else None
    if subject is None and given.source == "subject":
        named = find_subjects(wanted, limit=2) if wanted else []
        if len(named) != 1 or named[0].name != wanted:
            raise Invalid(
                {"on_behalf_of": "请填写异议人的统一社会信用代码、身份证号，或者与记录一致的全称。"}
            )
        subject = named[0]
    name = subject.name if subject else wanted
    return Filer(subject.id if subject else None, actor.unit_id, actor.person_id, name)


def _own_subject(actor: Actor, on_behalf_of: str) -> int:
    wanted = on_behalf_of.strip()
    if not wanted and len(actor.subjects) == 1:
        return next(iter(actor.subjects))
    subject = subject_by_code(wanted) if wanted else None
    if subject is None or subject.id not in actor.subjects:
        raise Invalid({"on_behalf_of": "请填写您所代理的主体的统一社会信用代码或者身份证号。"})
    return subject.id
