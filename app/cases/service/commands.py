"""The verbs of service: set out to serve a notice, say what became of it, agree to be served here."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app.audit.commands import Action, record as note
from app.cases import files
from app.cases.commands import Prove, about_notice
from app.cases.queries import notice_for
from app.cases.roles import HANDLERS
from app.db import db, transaction
from app.delivery import serving
from app.delivery.models import Consent
from app.delivery.serving import Proof
from app.errors import NotAllowed, NotFound
from app.notices.models import Notice
from app.people.actor import SYSTEM, Actor
from app.people.models import Subject
from workflows.grammar import Role
from workflows.service import CHANNELS, ServiceState

NOT_YOURS: Final = "文书由出具单位的经办人员送达。"
Upload = FileStorage | tuple[str, bytes]


def may_serve(actor: Actor, notice: Notice) -> bool:
    """Whether the actor serves this notice: a handler of the unit that issued it."""
    return bool(actor.roles & HANDLERS) and actor.unit_id == notice.issuer_id


def set_out(
    actor: Actor, notice_id: int, channel: str, given: Any, upload: Upload | None = None
) -> int:
    """Begin to serve a notice by a channel; gives the key of the attempt. Outside of a transaction.

    Raises NotFound, NotAllowed for whoever does not serve it, StepRefused with all that stands in
    the way, Invalid, files.TooLarge, files.UnknownKind.
    """
    chosen = serving.channel_named(channel)
    server = _server(actor, notice_for(actor, notice_id))
    proof = _kept(upload)
    begun: list[int] = []

    def work(notice: Notice, prove: Prove) -> None:
        row = serving.set_out(notice, chosen, server, given, proof)
        begun.append(row.id)
        note(Action.SERVICE_BEGUN, actor, f"notice:{notice.id}", channel=channel, attempt=row.id)
        if row.served_on is not None:
            prove(row.served_on, chosen.title)

    about_notice(notice_id, actor, work)
    return begun[-1]


def conclude(
    actor: Actor, attempt_id: int, state: ServiceState, given: Any, upload: Upload | None = None
) -> None:
    """Say what became of an attempt; where it is proved served, the periods run from that day.

    Raises as `set_out`; Conflict where the notice was served before, or the attempt has ended.
    """
    row = serving.attempt(attempt_id)
    notice_id = row.notice_id
    _server(actor, notice_for(actor, notice_id))
    proof = _kept(upload)

    def work(notice: Notice, prove: Prove) -> None:
        found = serving.attempt(attempt_id)
        db.session.refresh(found)
        day = serving.conclude(found, notice, state, given, proof)
        ref, said = f"notice:{notice.id}", {"attempt": attempt_id, "state": state.value}
        note(Action.SERVICE_ENDED, actor, ref, **said)
        if day is not None:
            prove(day, CHANNELS[found.channel].title)

    about_notice(notice_id, actor, work)


def deem_served(attempt_id: int) -> bool:
    """A public notice that has stood long enough serves; gives whether that was still to be done."""
    notice_id = serving.attempt(attempt_id).notice_id
    done: list[bool] = []

    def work(notice: Notice, prove: Prove) -> None:
        found = serving.attempt(attempt_id)
        db.session.refresh(found)
        day = serving.deem(found, notice)
        if day is not None:
            prove(day, CHANNELS[found.channel].title)
            done.append(True)

    about_notice(notice_id, SYSTEM, work)
    return bool(done)


def agree(actor: Actor, subject_id: int, document: str) -> int:
    """A subject agrees to be served here: it says so itself, or a clerk of the office records it.

    Raises NotAllowed, Invalid, Conflict where it has agreed already.
    """
    with transaction():
        _may_speak_for(actor, subject_id)
        row = serving.agree(_person(actor), document, subject_id=subject_id)
        note(Action.CONSENT_GIVEN, actor, f"subject:{subject_id}", consent=row.id)
        return row.id


def withdraw(actor: Actor, consent_id: int) -> None:
    """The consent ends today; what was served under it stays served. Raises NotFound, NotAllowed."""
    with transaction():
        row = db.session.get(Consent, consent_id)
        if row is None or row.subject_id is None:
            message = "没有这份同意。"
            raise NotFound(message)
        _may_speak_for(actor, row.subject_id)
        serving.withdraw(row, _person(actor))
        note(Action.CONSENT_WITHDRAWN, actor, f"subject:{row.subject_id}", consent=row.id)


def note_reading(actor: Actor, notice: Notice) -> None:
    """The addressee opens a notice that reached it here; inside a transaction."""
    if notice.addressee_subject_id in actor.subjects or (
        notice.addressee_person_id == actor.person_id is not None
    ):
        serving.note_reading(notice)


def _may_speak_for(actor: Actor, subject_id: int) -> None:
    """The subject is locked, so that nobody agrees twice at once."""
    if subject_id not in actor.subjects and Role.OFFICE_CLERK not in actor.roles:
        message = "电子送达由信用主体本人同意，或者由信用办经办人员代为登记。"
        raise NotAllowed(message)
    chosen = sa.select(Subject.id).where(Subject.id == subject_id)
    if db.session.scalar(chosen.with_for_update(key_share=True)) is None:
        message = "没有这个信用主体。"
        raise NotFound(message)


def check_server(actor: Actor, notice: Notice) -> None:
    """Raises NotAllowed for whoever does not serve a notice."""
    if not may_serve(actor, notice):
        raise NotAllowed(NOT_YOURS)


def _server(actor: Actor, notice: Notice) -> int:
    check_server(actor, notice)
    return _person(actor)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed(NOT_YOURS)
    return actor.person_id


def _kept(upload: Upload | None) -> Proof | None:
    """The file of a proof, looked through and kept; None where none was chosen."""
    if upload is None:
        return None
    name, data = (
        upload
        if isinstance(upload, tuple)
        else (upload.filename or "", upload.stream.read(files.LARGEST + 1))
    )
    file = files.looked_through(name, data)
    files.store(file)
    return Proof(file.name, file.media_type, file.sha256)
