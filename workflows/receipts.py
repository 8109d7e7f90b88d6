"""What the recipients of a record are told must be receipted, or is cut off in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.grammar import From, Role, Shape, State, Step, _, effect, entry, guard
from workflows.sources import SHANGHAI_36, SUPERVISION

if TYPE_CHECKING:
    from workflows.grammar import Attempt

# --- input


@dataclass(frozen=True)
class CutOff:
    """Which message was not receipted, and why sharing stops."""

    message_id: int = entry(_("未回执的单位"), choices=From.MESSAGES)
    reasons: str = entry(_("理由"), shape=Shape.TEXT)


# --- conditions


@guard(_("还有使用单位没有回执。"), basis=SHANGHAI_36)
def all_receipts_are_in(attempt: Attempt[Any]) -> bool:
    """Receipted, or cut off."""
    return all(one.settled for one in attempt.facts.messages())


@guard(_("同步期限尚未届满，不能停止共享。"), basis=SUPERVISION, clocks=("correction.synchronise",))
def the_time_to_synchronise_has_passed(attempt: Attempt[Any]) -> bool:
    """Cut off is who let the time pass."""
    return attempt.facts.passed("correction.synchronise")


@guard(_("请选择本案中尚未回执的单位。"), basis=SUPERVISION, of_input=True)
def the_message_is_not_settled(attempt: Attempt[CutOff]) -> bool:
    """A message of this case without receipt."""
    return attempt.input.message_id in {
        one.id for one in attempt.facts.messages() if not one.settled
    }


# --- consequences


@effect()
def remind_recipients(attempt: Attempt[Any]) -> None:
    """Who has not receipted is told once more."""
    if attempt.facts.case().state in {"synchronising", "executing"}:
        attempt.office.remind_recipients()


@effect()
def stop_sharing(attempt: Attempt[CutOff]) -> None:
    """Stands for the receipt."""
    attempt.office.cut_off(attempt.input.message_id, attempt.input.reasons)


# --- steps


def cutting_off(source: State) -> Step:
    """Sharing with a recipient that lets its time pass is stopped; the state stays as it is."""
    return Step(
        "cut_off",
        source,
        by=Role.OFFICE_SUPERVISOR,
        title=_("停止向逾期不回执的单位共享"),
        takes=CutOff,
        guards=(the_time_to_synchronise_has_passed, the_message_is_not_settled),
        effects=(stop_sharing,),
    )
