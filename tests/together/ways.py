"""How a case comes into a state from which each of its steps can be taken, by real steps.

The usual way is that of `tests.app.cases.states`. Where a step needs more than the state, there is
another way; where only effects take a step, somebody else's step makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.cases import commands
from app.cases.facts import CaseFacts
from app.clock import today
from app.db import transaction
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.people.actor import SYSTEM
from tests.app.cases.city import City
from tests.app.cases.states import case_in, report
from tests.app.cases.telling import received
from workflows.inputs.correction import Opening

MONDAY: Final = date(2026, 8, 3)
LATER: Final = timedelta(days=80)
Told = tuple[str, str, str, dict[str, Any]]
"""A step: the case, its name, who takes it, and with what."""


@dataclass(frozen=True)
class Way:
    """A case in a state: its number, the day of the race, and what others do to move it."""

    number: str
    day: date = MONDAY
    causes: tuple[tuple[str, Told], ...] = ()
    """Steps of the case that effects take: by name, the step of another case that has them."""


Make = Callable[[City, str, str], Way]


def usual(city: City, kind: str, state: str) -> Way:
    """As everybody gets there."""
    return Way(case_in(city, kind, state))


def much_later(city: City, kind: str, state: str) -> Way:
    """The same, but nobody has done anything since, the clock included."""
    return Way(case_in(city, kind, state), MONDAY + LATER)


def asked_and_silent(city: City, kind: str, state: str) -> Way:
    """What is missing was asked for and the letter served; nothing came, and the clock is late."""
    number = case_in(city, kind, state)
    received(city, number, "supplement")
    return Way(number, MONDAY + LATER)


def everything_is_receipted(city: City, kind: str, state: str) -> Way:
    """The same, and the clock has not seen yet that all recipients have confirmed."""
    number = case_in(city, kind, state)
    _confirm_all(city, number)
    return Way(number)


def nothing_was_executed(city: City, kind: str, state: str) -> Way:
    """A correction of what no sanction rests on."""
    number = commands.open_correction(
        city.actor["provider"], Opening(city.record(subject="other"), "录入有误")
    )
    fields = [{"field": "violation", "value": "未按规定公示"}]
    city.take(number, "correct", "provider", kind="correct", fields=fields, basis="原始案卷")
    city.take(number, "approve", "provider-approver")
    _confirm_all(city, number)
    return Way(number)


def the_record_is_revoked(city: City, kind: str, state: str) -> Way:
    """Meanwhile its record was revoked, and the clock has not seen it yet."""
    number = case_in(city, kind, state)
    record = CaseFacts(city.case(number), today()).record_ids()[0]
    _withdraw(city, _annulled(city, record))
    return Way(number)


def found_wrong(city: City, kind: str, state: str) -> Way:
    """An objection whose items are wrong."""
    return Way(_objected(city, "wrong_revoke"))


def found_and_not_seen(city: City, kind: str, state: str) -> Way:
    """Everything is found, and the clock has not seen it yet."""
    number = case_in(city, "objection", "verifying")
    _answer(city, number, "accurate")
    return Way(number)


def executed_and_not_seen(city: City, kind: str, state: str) -> Way:
    """Everything is executed, and the clock has not seen it yet."""
    number = case_in(city, "objection", "executing")
    for one in city.children(number, "suspension"):
        city.take(one, "confirm_resumed", "executor", executed_on=today().isoformat())
    return Way(number)


def refusal_is_proposed(city: City, kind: str, state: str) -> Way:
    """A repair that is proposed not to be granted."""
    number = case_in(city, "repair", "examining")
    city.take(number, "propose_refusal", "provider", reasons="罚款尚未缴清。")
    city.take(number, "endorse", "provider-approver")
    return Way(number)


def the_subject_has_answered(city: City, kind: str, state: str) -> Way:
    """A repair that may be revoked."""
    number = case_in(city, "repair", "revoking")
    city.take(number, "answer", "subject", statement="不知情。")
    return Way(number)


def lifted_everywhere(city: City, kind: str, state: str) -> Way:
    """A repair that is carried out, which the clock has not seen yet."""
    number = case_in(city, "repair", "executing")
    for one in city.children(number, "suspension"):
        city.take(one, "confirm_lifted", "executor", executed_on=today().isoformat())
    _confirm_all(city, number)
    return Way(number)


def others_decide(city: City, kind: str, state: str) -> Way:
    """A suspension that is resumed, suspended anew or lifted as soon as others do something."""
    record = city.record()
    city.sanction(record, mandatory=True)
    parent = city.objection(record)
    city.take(parent, "submit", "subject")
    city.take(parent, "accept", "clerk")
    (number,) = city.children(parent, "suspension")
    if state == "suspended":
        day = today().isoformat()
        city.take(number, "confirm", "executor", executed_on=day, note="已暂停")
    if state == "resuming":
        city.take(parent, "withdraw", "subject")
    rival = city.objection(record, ground="O4")
    city.take(rival, "submit", "subject")
    causes: list[tuple[str, Told]] = [
        (
            "order_lift",
            (_annulled(city, record), "withdraw_publication", "provider-approver", _GONE),
        )
    ]
    if state == "resuming":
        causes.append(("hold_again", (rival, "accept", "clerk", {})))
    else:
        causes.append(("order_resume", (parent, "withdraw", "subject", {})))
    return Way(number, causes=tuple(causes))


def the_filer_decides(city: City, kind: str, state: str) -> Way:
    """A verification that is cancelled as soon as its objection is withdrawn."""
    number = case_in(city, "verification", state)
    parent = CaseFacts(city.case(number), today()).case().parent
    return Way(number, causes=(("cancel", (parent or "", "withdraw", "subject", {})),))


BESIDES: Final[dict[str, tuple[Make, ...]]] = {
    "objection.supplementing": (asked_and_silent,),
    "objection.verifying": (found_and_not_seen,),
    "objection.deciding": (found_wrong,),
    "objection.executing": (executed_and_not_seen,),
    "correction.ordered": (the_record_is_revoked,),
    "correction.corrected": (the_record_is_revoked,),
    "correction.synchronising": (everything_is_receipted, nothing_was_executed),
    "repair.submitted": (the_record_is_revoked,),
    "repair.supplementing": (the_record_is_revoked, asked_and_silent),
    "repair.examining": (the_record_is_revoked,),
    "repair.proposed": (the_record_is_revoked,),
    "repair.approving": (refusal_is_proposed, the_record_is_revoked),
    "repair.executing": (lifted_everywhere,),
    "repair.revoking": (the_subject_has_answered,),
}
INSTEAD: Final[dict[str, tuple[Make, ...]]] = {
    "suspension.ordered": (others_decide,),
    "suspension.suspended": (others_decide,),
    "suspension.resuming": (others_decide,),
    "verification.issued": (the_filer_decides,),
    "verification.verifying": (the_filer_decides,),
    "verification.reported": (the_filer_decides,),
}


def ways(kind: str, state: str) -> tuple[Make, ...]:
    """The ways into a state, the usual one first."""
    place = f"{kind}.{state}"
    return (*INSTEAD.get(place, (usual,)), *BESIDES.get(place, ()), much_later)


def _confirm_all(city: City, number: str) -> None:
    city.case(number)
    with transaction():
        for message in messages_of([number]):
            delivery.receipt(message, SYSTEM)


def _objected(city: City, finding: str) -> str:
    number = case_in(city, "objection", "verifying")
    _answer(city, number, finding)
    commands.take_step(number, "findings_complete", SYSTEM)
    return number


def _answer(city: City, number: str, finding: str) -> None:
    (asked,) = city.children(number, "verification")
    city.take(asked, "acknowledge", "provider")
    report(city, asked, "provider", finding)
    city.take(asked, "endorse", "provider-approver")


_GONE: Final = {"document": "行政复议决定书", "reasons": "原处罚决定已被撤销。"}


def _annulled(city: City, record: int) -> str:
    given = Opening(record, "原处罚决定已被撤销")
    return commands.open_correction(city.actor["provider"], given, annulled=True)


def _withdraw(city: City, number: str) -> None:
    city.take(number, "withdraw_publication", "provider-approver", **_GONE)
