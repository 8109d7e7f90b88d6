"""The receipt of service (送达回证, 民事诉讼法 87–89): printed to be signed, or as it was signed."""

from __future__ import annotations

from typing import Any, Final

from app.cases.parties import unit, unit_as_json
from app.cases.queries import is_addressee, notice_for
from app.cases.roles import OFFICE
from app.cases.service import commands
from app.delivery import serving
from app.delivery.models import ServiceAttempt
from app.errors import NotFound
from app.notices import drawing
from app.notices.models import Notice
from app.notices.render import render
from app.people.actor import Actor
from app.people.queries import names_of
from workflows.service import CHANNELS, RECEIPT, TITLES, ServiceState

TITLE: Final = "送达回证"


def attempt_for(actor: Actor, key: int) -> tuple[ServiceAttempt, Notice]:
    """An attempt and its notice, for whoever serves it, the office, and, once served, its addressee.

    Raises NotFound for everybody else.
    """
    row = serving.attempt(key)
    notice = notice_for(actor, row.notice_id)
    whole = commands.may_serve(actor, notice) or bool(actor.roles & OFFICE)
    own = actor.unit_id == notice.issuer_id is not None
    if whole or own or (row.served_on is not None and is_addressee(actor, notice)):
        return row, notice
    message = "没有这次送达，或者您不能查看。"
    raise NotFound(message)


def drawn(actor: Actor, key: int) -> tuple[bytes, str]:
    """The receipt of an attempt as PDF, and the name of the file. Raises NotFound, Undrawable."""
    row, notice = attempt_for(actor, key)
    html = render("service", "receipt", context(row, notice))
    identifier = f"{TITLE} {row.id} {row.state}"
    return drawing.paper(html, identifier, row.created_at.date()), f"{TITLE}{notice.number}.pdf"


def context(row: ServiceAttempt, notice: Notice) -> dict[str, Any]:
    """All that the template prints: plain JSON; what is not known yet is empty, to be filled in."""
    earlier = [
        one
        for one in serving.attempts_of([notice.id])[notice.id]
        if one.id < row.id and one.state == ServiceState.REFUSED
    ]
    said = notice.context["notice"]
    return {
        "notice": {
            "title": TITLE,
            "kind": "service",
            "name": "receipt",
            "number": notice.number,
            "issued_on": row.created_at.date().isoformat(),
            "issuer": unit_as_json(unit(notice.issuer_id)),
            "addressee": said["addressee"],
            "copies": [],
            "draft": False,
        },
        "served": {
            "title": notice.title,
            "number": notice.number,
            "case": notice.case_number,
            "issued_on": notice.issued_on.isoformat(),
        },
        "service": _service(row),
        "refused": [
            {
                "on": one.came_back_on.isoformat() if one.came_back_on else "",
                "reasons": one.reasons or "",
                "witnesses": one.witnesses or "",
            }
            for one in earlier
        ],
        "basis": [RECEIPT.citation],
        "remedies": [],
    }


def _service(row: ServiceAttempt) -> dict[str, Any]:
    days = {"sent_on": row.sent_on, "served_on": row.served_on, "came_back_on": row.came_back_on}
    channel = CHANNELS[row.channel]
    return {
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "mode": channel.title,
        "state": row.state,
        "outcome": TITLES[ServiceState(row.state)],
        "address": row.address or ("受送达人在本系统的账户" if row.channel == "portal" else ""),
        "tracking_no": row.tracking_no or "",
        "receiver": row.receiver or "",
        "witnesses": row.witnesses or "",
        "filmed": row.filmed,
        "reasons": row.reasons or "",
        "server": names_of([row.by_id])[row.by_id] if row.consent_id or row.address else "",
    }
