"""What stories about cases have in common: the usual ways from one hand to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases.commands import serve
from app.cases.facts import CaseFacts
from app.cases.models import Case, StepTaken
from app.clock import today
from app.db import db, transaction
from app.deadlines.commands import store
from app.deadlines.queries import stored
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.errors import Reason, StepRefused
from app.notices.models import Notice
from app.people.actor import SYSTEM
from app.records.models import Hold, Switch
from app.records.queries import annotated, in_force, switches
from tests.app.cases.city import City
from workflows.rules import Rules

MONDAY = date(2026, 8, 3)
REASONS = "经查原始案卷，证据在案卷第3页。"


def day(number: int) -> date:
    """A day of August 2026; the third is a Monday."""
    return date(2026, 8, number)


def submitted(city: City, *records: int, who: str = "subject", **said: Any) -> str:
    """An objection that waits for acceptance."""
    number = city.objection(*records, subject=who, **said)
    city.take(number, "submit", who)
    return number


def accepted(city: City, *records: int, **said: Any) -> str:
    """An objection whose records are annotated, verified and held."""
    number = submitted(city, *records, **said)
    city.take(number, "accept", "clerk")
    return number


def handler(city: City, number: str) -> str:
    """The account of the handler in the unit of a child."""
    unit = city.case(number).unit_id
    names = {key: name for name, key in city.unit.items()}
    return names[unit].replace("office", "clerk")


def facts(city: City, number: str) -> CaseFacts:
    """The facts of a case today."""
    return CaseFacts(city.case(number), today())


def items(city: City, number: str) -> list[int]:
    """The keys of its items."""
    return [one.id for one in facts(city, number).items()]


def reported(city: City, verification: str, finding: str, **more: Any) -> None:
    """Report the same on every item, acknowledging first where that is still to be done."""
    who = handler(city, verification)
    if city.state(verification) == "issued":
        city.take(verification, "acknowledge", who)
    said = {"finding": finding, "reasons": REASONS} | more
    findings = [{"item_id": item} | said for item in items(city, verification)]
    city.take(verification, "report", who, officer="核实员", findings=findings)


def answered(city: City, verification: str, finding: str, **more: Any) -> None:
    """Report and endorse."""
    reported(city, verification, finding, **more)
    city.take(verification, "endorse", f"{handler(city, verification)}-approver")


def open_children(city: City, number: str, kind: str) -> list[str]:
    """The children that have not ended."""
    return [one.number for one in facts(city, number).children(kind) if one.open]


def confirmed(city: City, number: str) -> None:
    """Every department confirms what it was ordered to do for this case, today."""
    steps = {"ordered": "confirm", "resuming": "confirm_resumed", "lifting": "confirm_lifted"}
    for one in open_children(city, number, "suspension"):
        step = steps.get(city.state(one))
        note = {"note": "已办"} if step == "confirm" else {}
        if step:
            city.take(one, step, handler(city, one), executed_on=today().isoformat(), **note)


def receipted(number: str) -> None:
    """Every recipient confirms what the case sent."""
    with transaction():
        for message in messages_of([number]):
            delivery.receipt(message, SYSTEM)


def due(city: City, number: str, clock: str) -> date | None:
    """When a clock of a case is due."""
    return facts(city, number).due(clock)


def running(sanction: int) -> bool:
    """Whether a sanction is in force today."""
    return in_force([sanction], today())[sanction]


def on(record: int) -> set[str]:
    """Which switches of a record are on today."""
    return {switch.value for switch, now in switches([record], today())[record].items() if now.on}


def marked(record: int) -> tuple[str, ...]:
    """The cases that annotate a record."""
    return annotated([record]).get(record, ())


def holders(sanction: int) -> set[str]:
    """The cases whose hold on a sanction is open."""
    chosen = sa.select(Hold.case_number).where(Hold.sanction_id == sanction, Hold.until.is_(None))
    return set(db.session.scalars(chosen))


def titles(number: str) -> list[str]:
    """The titles of the notices of a case, in the order issued."""
    chosen = sa.select(Notice.title).where(Notice.case_number == number).order_by(Notice.id)
    return list(db.session.scalars(chosen))


def refusal(city: City, number: str, step: str, who: str, **given: Any) -> dict[str, Reason]:
    """Why a step is refused, by code; it changes nothing."""
    before = city.case(number).version
    with pytest.raises(StepRefused) as refused:
        city.take(number, step, who, **given)
    assert city.case(number).version == before
    return {reason.code: reason for reason in refused.value.reasons}


def last_notice(number: str) -> Notice:
    """The notice that a case issued last."""
    chosen = sa.select(Notice).where(Notice.case_number == number).order_by(Notice.id.desc())
    return db.session.scalars(chosen.limit(1)).one()


def taken(city: City, number: str) -> list[str]:
    """The steps of a case by name."""
    chosen = sa.select(StepTaken.step).where(StepTaken.case_id == city.case(number).id)
    return list(db.session.scalars(chosen.order_by(StepTaken.seq)))


def owner(city: City, number: str) -> tuple[str | None, str | None, date | None]:
    """Who must act next: role, unit and until when."""
    case = city.case(number)
    names = {key: name for name, key in city.unit.items()}
    return case.owner_role, names.get(case.owner_unit_id or 0), case.due_on


def under(city: City, number: str, **choices: str) -> None:
    """Let a case be handled under other rules; `suspension__counts="yes"` names the rule."""
    case = city.case(number)
    digest = case.rules_digest
    with transaction():
        wanted = {name.replace("__", "."): value for name, value in choices.items()}
        row = db.session.get_one(Case, case.id)
        row.rules_digest = store(varied(stored(digest), wanted))


def varied(rules: Rules, choices: dict[str, str]) -> Rules:
    """The rules with other values."""
    rows = [replace(row, value=choices.get(row.name, row.value)) for row in rules]
    return Rules(rules.profile, tuple(rows))


USED = {Switch.DISCLOSURE.value, Switch.SHARING.value, Switch.SANCTIONS.value}
CONTESTED = {Switch.DISCLOSURE.value, Switch.SHARING.value, Switch.ANNOTATION.value}


def received(city: City, number: str, name: str, who: str = "subject") -> None:
    """The addressee confirms the last notice of a name: it is served today."""
    chosen = sa.select(Notice.id).where(Notice.case_number == number, Notice.name == name)
    key = db.session.scalars(chosen.order_by(Notice.id.desc())).first()
    serve(key or 0, city.actor[who], "在本系统确认收到")
