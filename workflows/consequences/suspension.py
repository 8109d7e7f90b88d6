"""What the steps of a suspension do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.grammar import effect

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.suspension import Confirmation, Declining, Lifted, Resumed


@effect()
def keep_the_answer(attempt: Attempt[Confirmation]) -> None:
    """What was done; a hold that waited for it takes effect."""
    attempt.office.keep(
        confirmed_on=attempt.on, executed_on=attempt.input.executed_on, note=attempt.input.note
    )
    attempt.office.hold_as_confirmed()


@effect()
def end_every_hold(attempt: Attempt[Declining]) -> None:
    """The register says what is: the sanction is in force."""
    attempt.office.keep(provision=attempt.input.provision)
    attempt.office.end_holds()


@effect()
def order_to_resume(attempt: Attempt[Any]) -> None:
    """Not in force until the department confirms."""
    attempt.office.order_sanction("resume")


@effect()
def order_to_lift(attempt: Attempt[Any]) -> None:
    """Out of force at once, for good."""
    attempt.office.order_sanction("lift")


@effect()
def withdraw_the_order(attempt: Attempt[Any]) -> None:
    """The hold keeps it out of force again."""
    attempt.office.order_sanction(None)


@effect()
def resume_it(attempt: Attempt[Resumed]) -> None:
    """In force from the day the department tells."""
    attempt.office.resume_sanction(attempt.input.executed_on)


@effect()
def end_it(attempt: Attempt[Lifted]) -> None:
    """The same measure later is a new sanction."""
    attempt.office.end_sanction(attempt.input.executed_on, attempt.input.places)
