"""What the pages of service show: a notice with its attempts, a form, the consents of a subject."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.queries import is_addressee, notice_for, visible_to
from app.cases.service import commands, telling
from app.cases.service.ending import may_end
from app.cases.service.finality import remedies
from app.cases.service.forms import ServiceForm
from app.db import db
from app.deadlines.queries import calendar, stored
from app.delivery import serving
from app.delivery.models import Consent, ServiceAttempt
from app.errors import Conflict, NotFound
from app.notices.models import Notice
from app.notices.register import STATUSES
from app.people.actor import Actor
from app.people.models import Subject
from app.people.queries import names_of, units_by_id
from app.records.queries import rules_today
from workflows.grammar import Role
from workflows.service import CHANNELS, Channel, ServiceState

Told = dict[str, Any]
RECORDS: Final = {
    ServiceState.DELIVERED: "登记已送达",
    ServiceState.REFUSED: "登记拒绝签收",
    ServiceState.RETURNED: "登记被退回",
    ServiceState.FAILED: "登记没有送达",
}
"""What the button says with which one tells what became of an attempt."""


def notice_page(actor: Actor, key: int) -> Told:
    """A notice with the attempts to serve it, and what may be done about it; NotFound."""
    row = notice_for(actor, key)
    attempts = serving.attempts_of([key])[key]
    whole = commands.may_serve(actor, row) or _handles(actor, row)
    shown = attempts if whole else [one for one in attempts if one.served_on is not None]
    names = names_of({one.by_id for one in shown if whole})
    serves = commands.may_serve(actor, row)
    return {
        "notice": row,
        "to": row.context["notice"]["addressee"]["name"],
        "issuer": units_by_id([row.issuer_id])[row.issuer_id].name,
        "openable": _openable(actor, row.case_number),
        "attempts": [telling.attempt_told(one, names) for one in shown],
        "words": telling.words(row, attempts),
        "status": STATUSES[row.status],
        "remedies": remedies(row, _rules_of(row), calendar()),
        "serves": serves,
        "whole": whole,
        "ways": _ways(row, attempts) if serves and telling.to_be_served(row) else [],
        "consent": serving.consent_to(row) if serves else None,
        "mine": is_addressee(actor, row) and row.served_on is None and row.status == "valid",
        "replaces": db.session.get(Notice, row.replaces_id) if row.replaces_id else None,
        "replaced_by": _replaced_by(row),
        "ended_by": names_of([row.status_by_id])[row.status_by_id] if row.status_by_id else "",
        "records": RECORDS,
        "approves": may_end(actor, row) and row.status == "valid",
    }


def _handles(actor: Actor, row: Notice) -> bool:
    office = {Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR}
    return bool(actor.roles & office) or actor.unit_id == row.issuer_id is not None


def _openable(actor: Actor, number: str) -> bool:
    seen = visible_to(actor).with_only_columns(Case.id).where(Case.number == number)
    return db.session.scalar(seen) is not None


def _rules_of(row: Notice) -> Any:
    digest = db.session.scalar(sa.select(Case.rules_digest).where(Case.number == row.case_number))
    return stored(digest) if digest else rules_today()


def _replaced_by(row: Notice) -> Notice | None:
    return db.session.scalars(sa.select(Notice).where(Notice.replaces_id == row.id)).one_or_none()


def _ways(row: Notice, attempts: list[ServiceAttempt]) -> list[Told]:
    """Each channel, and what stands in its way; why a notice is announced is asked in its form."""
    consent = serving.consent_to(row)
    found = []
    for channel in CHANNELS.values():
        ground = "unknown" if channel.announces else ""
        occasion = serving.occasion_of(row, attempts, consent, ground)
        found.append({"channel": channel, "reasons": serving.reasons_of(channel, occasion)})
    return found


def channel_page(actor: Actor, key: int, channel: Channel) -> Told:
    """What stands above the form with which one sets out; NotFound, NotAllowed."""
    row = notice_for(actor, key)
    commands.check_server(actor, row)
    way = next(
        one for one in _ways(row, serving.attempts_of([key])[key]) if one["channel"] is channel
    )
    return {
        "notice": row,
        "to": row.context["notice"]["addressee"]["name"],
        "title": channel.title,
        "does": channel.does,
        "reasons": way["reasons"],
        "wants_proof": channel.announces,
        "said": "电子送达后，文书即为送达，期限自今天起算。" if channel.name == "portal" else "",
        "send": f"{channel.title}",
    }


def attempt_page(actor: Actor, key: int, state: str) -> tuple[Told, type, ServiceState]:
    """What stands above the form with which one says what became of an attempt, and what it takes."""
    row = serving.attempt(key)
    notice = notice_for(actor, row.notice_id)
    commands.check_server(actor, notice)
    channel = CHANNELS[row.channel]
    ends = {
        one.value: (takes, one)
        for known in channel.becomes.values()
        for one, takes in known.items()
    }
    if state not in ends:
        message = "没有这种送达结果。"
        raise NotFound(message)
    takes, wanted = ends[state]
    said = (
        "登记后文书即为送达，复议、诉讼等期限自送达之日起算，不能更改。"
        if wanted == "delivered"
        else ""
    )
    return (
        {
            "notice": notice,
            "to": notice.context["notice"]["addressee"]["name"],
            "title": f"{channel.title}：{RECORDS[wanted].removeprefix('登记')}",
            "does": "",
            "reasons": _over(row, wanted),
            "wants_proof": wanted == ServiceState.DELIVERED,
            "said": said,
            "send": RECORDS[wanted],
        },
        takes,
        wanted,
    )


def _over(row: ServiceAttempt, wanted: ServiceState) -> list[Told]:
    if wanted in CHANNELS[row.channel].becomes.get(ServiceState(row.state), {}):
        return []
    return [{"text": "这次送达的结果已经登记，不能更改。", "basis": ""}]


def given(form: ServiceForm, takes: type) -> Any:
    """What was typed as the input that a channel takes; raises Invalid."""
    return parse(takes, form.typed(), rules_today())


def consents_page(actor: Actor) -> Told:
    """The subjects for which the actor acts, each with its consent and those before."""
    subjects = sa.select(Subject).where(Subject.id.in_(actor.subjects)).order_by(Subject.id)
    rows = db.session.scalars(
        sa.select(Consent).where(Consent.subject_id.in_(actor.subjects)).order_by(Consent.id)
    ).all()
    return {
        "subjects": [
            {
                "row": one,
                "open": next(
                    (c for c in rows if c.subject_id == one.id and c.withdrawn_on is None), None
                ),
                "ended": [c for c in rows if c.subject_id == one.id and c.withdrawn_on],
            }
            for one in db.session.scalars(subjects)
        ]
    }


def addressed_subject(actor: Actor, key: int) -> int:
    """The subject that a notice is addressed to, whose consent a clerk records; Conflict, NotFound."""
    row = notice_for(actor, key)
    if row.addressee_subject_id is None:
        message = "这份文书的受送达人不是信用主体，不需要登记同意。"
        raise Conflict(message)
    return row.addressee_subject_id
