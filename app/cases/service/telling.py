"""What pages and programs are told of the service of notices, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from app.cases.facts import CaseFacts
from app.cases.service.commands import may_serve
from app.cases.service.finality import Finality, finality, remedies
from app.deadlines.queries import calendar
from app.delivery import serving
from app.delivery.models import ServiceAttempt
from app.notices.models import Notice
from app.notices.register import STATUSES
from app.people.actor import Actor
from workflows.rules import Rules
from workflows.service import CHANNELS, TITLES, ServiceState

Told: TypeAlias = dict[str, Any]


def services(notices: Sequence[Notice], actor: Actor, rules: Rules) -> dict[int, Told]:
    """How the service of each notice stands, by its key; `can`: the actor may serve it."""
    known = serving.attempts_of([one.id for one in notices])
    days = calendar()
    return {
        one.id: {
            "state": state_of(one, known[one.id]),
            "words": words(one, known[one.id]),
            "remedies": remedies(one, rules, days),
            "status": "" if one.status == "valid" else STATUSES[one.status],
            "can": may_serve(actor, one) and to_be_served(one),
        }
        for one in notices
    }


def to_be_served(notice: Notice) -> bool:
    """Whether somebody still has to serve it."""
    return (
        notice.served_on is None and notice.status == "valid" and notice.addressee_kind != "public"
    )


def state_of(notice: Notice, attempts: Sequence[ServiceAttempt]) -> Told:
    """The service of a notice as programs are told of it; `state` None: nobody has begun."""
    proven = next((one for one in attempts if one.served_on is not None), None)
    last = proven or (attempts[-1] if attempts else None)
    state = last.state if last else ServiceState.DELIVERED.value if notice.served_on else None
    return {
        "state": state,
        "channel": last.channel if last else None,
        "served_on": notice.served_on,
        "read_at": last.read_at if last else None,
        "attempts": len(attempts),
    }


def words(notice: Notice, attempts: Sequence[ServiceAttempt]) -> str:
    """How the service of a notice stands, in one plain sentence without its day."""
    last = attempts[-1] if attempts else None
    if notice.addressee_kind == "public":
        return "向社会公布"
    if last is None or notice.served_on is not None:
        return "待送达"
    title = CHANNELS[last.channel].title
    if last.state == ServiceState.SENT and last.deemed_on is not None:
        return f"{title}中，公告至{_day(last.deemed_on)}"
    return f"{title}：{TITLES[ServiceState(last.state)]}"


def standing(facts: CaseFacts, notices: Sequence[Notice]) -> Finality | None:
    """When the decision of a case becomes final; None where there is none to contest."""
    own = [one for one in notices if one.case_number == facts.row.number]
    return finality(own, facts.history(), facts.rules, calendar())


def attempt_told(row: ServiceAttempt, names: Mapping[int, str]) -> Told:
    """An attempt as its page lists it."""
    channel = CHANNELS[row.channel]
    state = ServiceState(row.state)
    return {
        "row": row,
        "channel": channel,
        "title": TITLES[state],
        "by": names.get(row.by_id, ""),
        "ends": [(one, TITLES[one]) for one in channel.becomes.get(state, {})],
    }


def back_told(row: ServiceAttempt, notice: Notice) -> Told:
    """What came back, as the first page lists it."""
    return {
        "row": row,
        "notice": notice,
        "to": notice.context["notice"]["addressee"]["name"],
        "channel": CHANNELS[row.channel].title,
        "title": TITLES[ServiceState(row.state)],
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
