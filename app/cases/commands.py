"""The verbs that change cases: file one, take a step, prove a notice served."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError

from app.audit.chain import canonical
from app.cases import holding
from app.cases.batches import add_details, new_cases
from app.cases.details import as_json
from app.cases.facts import CaseFacts
from app.cases.filing import Filer, filer_of
from app.cases.locking import lock
from app.cases.models import Case, IdempotencyKey
from app.cases.proceedings import Proceedings
from app.cases.projection import office_unit, project
from app.cases.queries import case_for, is_addressee, notice_for
from app.clock import today
from app.db import db, insert_unless_there, transaction
from app.deadlines.commands import store
from app.delivery import serving
from app.errors import Busy, Conflict, Invalid, NotAllowed, NotFound
from app.notices.models import Notice
from app.people.actor import SYSTEM, Actor
from app.records.models import Record
from app.records.queries import record_for, rules_today
from workflows import WORKFLOWS, Opened, definition_of, versions
from workflows.common import Service, Urging
from workflows.grammar import Role, Step
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing
from workflows.inputs.repair import Filing as RepairFiling

TRIES: Final = 3
Prove = Callable[[date, str], None]
"""Says on which day a notice was proved served, and how."""
Done = TypeVar("Done")


@dataclass(frozen=True)
class Once:
    """A key under which a repeat does nothing again, and what was asked under it."""

    key: str
    body: Any


def file_objection(actor: Actor, given: Filing, once: Once | None = None) -> str:
    """Open an objection as a draft; gives its number.

    Raises Invalid where it is not clear who files for whom, NotAllowed for who may not file.
    """

    def work(proceedings: Proceedings) -> str:
        filer = filer_of(actor, given)
        case = _filed("objection", actor, filer, office_unit())
        details = {"source": given.source, "statement": "", "filer_name": filer.name}
        add_details([case], [details])
        proceedings.advance(case, WORKFLOWS["objection"].step("file"), actor, given)
        return case.number

    return _within(actor, once, work)


def file_repair(actor: Actor, given: RepairFiling, once: Once | None = None) -> str:
    """Open a repair as a draft, for the subject of the record; gives its number.

    Raises Invalid for a record that the actor may not see, NotAllowed for who may not file.
    """

    def work(proceedings: Proceedings) -> str:
        record = _chosen_record(actor, given.record_id)
        at_the_counter = actor.unit_id if Role.OFFICE_CLERK in actor.roles else None
        filer = Filer(subject=record.subject_id, unit=at_the_counter, person=actor.person_id)
        case = _filed("repair", actor, filer, record.provider_id)
        add_details([case], [{"record": record.id}])
        proceedings.advance(case, WORKFLOWS["repair"].step("file"), actor, given)
        return case.number

    return _within(actor, once, work)


def open_correction(
    actor: Actor, given: Opening, *, annulled: bool = False, once: Once | None = None
) -> str:
    """Open a correction without an objection: an own error, or an act annulled; its number."""

    def work(proceedings: Proceedings) -> str:
        record = _chosen_record(actor, given.record_id)
        filer = Filer(subject=record.subject_id, unit=actor.unit_id, person=actor.person_id)
        case = _filed("correction", actor, filer, record.provider_id)
        add_details([case], [{"record": record.id, "basis": given.basis}])
        step = "open_annulled" if annulled else "open"
        proceedings.advance(case, WORKFLOWS["correction"].step(step), actor, given)
        return case.number

    return _within(actor, once, work)


def take_step(
    number: str,
    name: str,
    actor: Actor,
    given: Any = None,
    *,
    version: int | None = None,
    once: Once | None = None,
) -> str:
    """Take one step of a case, with all that follows from it, or nothing; gives its number.

    Raises NotFound for a case or step that is not there for this actor, NotAllowed for somebody
    else's step, Conflict when the case is no longer at `version`, StepRefused with every unmet
    condition.
    """

    def work(proceedings: Proceedings) -> str:
        case = locked(number, name, actor)
        if version is not None and version != case.version:
            raise Stale(version)
        proceedings.advance(case, step_of(case, name), actor, given)
        return number

    return _within(actor, once, work)


def serve(notice_id: int, actor: Actor, how: str) -> None:
    """The addressee has a notice: prove it served today, once.

    Raises NotFound for a notice that the actor may not read, NotAllowed for one to somebody else.
    """

    def confirmed(notice: Notice, prove: Prove) -> None:
        if not is_addressee(actor, notice):
            message = "只有受送达人才能确认收到文书。"
            raise NotAllowed(message)
        if notice.status != "valid":
            message = "这份文书已经失效，不需要确认收到。"
            raise Conflict(message)
        if notice.served_on is None:
            serving.confirm(notice, actor.person_id or 0)
            prove(today(), how)

    about_notice(notice_id, actor, confirmed)


def about_notice(notice_id: int, actor: Actor, work: Callable[[Notice, Prove], None]) -> str:
    """Do something about a notice that the actor may read, its case locked; gives its case.

    `work` gets it as it is by then, and with what it is proved served on a day: the periods that
    run from service begin, in the same transaction. Raises NotFound.
    """

    def within(proceedings: Proceedings) -> str:
        notice = notice_for(actor, notice_id)
        case = locked(notice.case_number, "served", SYSTEM)
        db.session.refresh(notice)

        def prove(on: date, how: str) -> None:
            notice.served_on, notice.served_how = on, how
            proof = Service(notice.id, notice.seq, on, how)
            proceedings.advance(case, step_of(case, "served"), SYSTEM, proof)

        work(notice, prove)
        return case.number

    return _within(actor, None, within)


def hold_late(number: str) -> bool:
    """Hold what was imposed on the contested records since; gives whether there was anything."""

    def work(proceedings: Proceedings) -> str:
        case = locked(number, None, SYSTEM)
        facts = CaseFacts(case, proceedings.on)
        marked = [one.id for one in facts.records() if number in one.annotated_by]
        held = holding.hold(facts, marked, proceedings)
        if held:  # what was suspended for others by then waits for this case, too
            project([CaseFacts(case, proceedings.on)])
        return number if held else ""

    return bool(_within(SYSTEM, None, work))


def urge_late(number: str) -> bool:
    """Remind whoever lets a deadline pass; gives whether that was still to be done today."""

    def work(proceedings: Proceedings) -> str:
        case = locked(number, None, SYSTEM)
        if case.urge_on is None or case.urge_on > proceedings.on:
            return ""
        proceedings.advance(case, step_of(case, "urge"), SYSTEM, Urging())
        return number

    return bool(_within(SYSTEM, None, work))


class Stale(Conflict):
    """The case has moved since the page was opened; `version` is what the page had seen."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__("案件在您填写期间已有新的进展，您填写的内容没有提交。")


def step_of(case: Opened, name: str) -> Step:
    """A step of a case; NotFound where its definition has none of that name, or it opens one."""
    try:
        step = definition_of(case).step(name)
    except KeyError:
        message = "没有这个办理步骤。"
        raise NotFound(message) from None
    if not step.sources:
        message = "这一步只能在立案时办理。"
        raise NotFound(message)
    return step


def _within(actor: Actor, once: Once | None, work: Callable[[Proceedings], str]) -> str:
    """One transaction; tried again where the database chose this one to break a deadlock."""
    for _ in range(TRIES - 1):
        try:
            with transaction():
                return _at_most_once(actor, once, work)
        except Busy as busy:
            if not _deadlocked(busy):
                raise
    with transaction():
        return _at_most_once(actor, once, work)


def _at_most_once(actor: Actor, once: Once | None, work: Callable[[Proceedings], str]) -> str:
    if once is None or actor.person_id is None:
        return _whole(work)
    digest = hashlib.sha256(canonical(as_json(once.body))).hexdigest()
    known = _known(actor.person_id, once.key, digest)
    if known is not None:
        if known.body_hash != digest:
            message = "同一个幂等键已经用于另一项请求，请换一个键。"
            raise Conflict(message)
        return known.case_number
    number = _whole(work)
    _name(actor.person_id, once.key, number)
    return number


def _whole(work: Callable[[Proceedings], str]) -> str:
    proceedings = Proceedings()
    number = work(proceedings)
    proceedings.close()
    return number


def _known(person: int, key: str, digest: str) -> IdempotencyKey | None:
    """What was asked under a key before; otherwise the key is taken, and another waits for us."""
    row = {"person_id": person, "key": key, "body_hash": digest, "case_number": ""}
    if insert_unless_there(IdempotencyKey, row):
        return None
    return db.session.get_one(IdempotencyKey, (person, key))


def _name(person: int, key: str, number: str) -> None:
    db.session.get_one(IdempotencyKey, (person, key)).case_number = number
    db.session.flush()


def _deadlocked(busy: Busy) -> bool:
    cause = busy.__cause__
    return isinstance(cause, DBAPIError) and isinstance(
        cause.orig, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure
    )


def _filed(kind: str, actor: Actor, filer: Filer, unit: int) -> Case:
    columns = {
        "law_version": versions()[-1],
        "unit_id": unit,
        "rules_digest": store(rules_today()),
        "subject_id": filer.subject,
        "filer_unit_id": filer.unit,
        "filer_person_id": actor.person_id,
    }
    return new_cases(kind, [columns])[0]


def _chosen_record(actor: Actor, record_id: int) -> Record:
    record = record_for(actor, record_id)
    if record is None:
        raise Invalid({"record_id": "没有这条记录，请从记录页面选择。"})
    return record


def locked(number: str, name: str | None, actor: Actor) -> Case:
    """The case, and whatever the step may touch besides, as they stand once they are locked."""
    case = case_for(actor, number)
    lock(case, None if name is None else step_of(case, name))
    return case
