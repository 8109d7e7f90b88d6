"""What the steps of a repair do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workflows.common import record_of
from workflows.conditions.repair import next_application_on
from workflows.grammar import effect
from workflows.rules import MONTHS_A_YEAR, months_after

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.repair import Accusation, Answer, Draft, Grant, Refusal


@effect()
def keep_the_application(attempt: Attempt[Draft]) -> None:
    """Reasons and commitment, saved as one goes."""
    attempt.office.keep(statement=attempt.input.reasons, commitment=attempt.input.commitment)


@effect()
def publish_the_commitment(attempt: Attempt[Any]) -> None:
    """From the day of the application on everybody can read it."""
    attempt.office.keep(committed_on=attempt.on)


@effect()
def keep_the_grant(attempt: Attempt[Grant]) -> None:
    """What was examined, condition by condition."""
    conditions = [asdict(one) for one in attempt.input.conditions]
    attempt.office.keep(proposal="grant", conditions=conditions, unmet="", next_application_on=None)


@effect()
def keep_the_refusal(attempt: Attempt[Refusal]) -> None:
    """Which conditions are not met."""
    attempt.office.keep(
        proposal="refuse", conditions=[], unmet=attempt.input.reasons, next_application_on=None
    )


@effect()
def repair_the_record(attempt: Attempt[Any]) -> None:
    """Disclosure ends, sharing and use end, what nothing else supports is lifted (36号令 第三条)."""
    record = record_of(attempt.facts).id
    attempt.office.keep(repaired_on=attempt.on, barred_until=None)
    attempt.office.repair_record(record)
    attempt.office.settle([record])
    attempt.office.inform_recipients([record])


@effect()
def keep_the_next_date(attempt: Attempt[Any]) -> None:
    """From when on the subject may apply again."""
    attempt.office.keep(next_application_on=next_application_on(attempt))


@effect()
def keep_the_accusation(attempt: Attempt[Accusation]) -> None:
    """What the subject is heard about."""
    attempt.office.keep(accusation=asdict(attempt.input), answer="")


@effect()
def keep_the_answer(attempt: Attempt[Answer]) -> None:
    """Its own words."""
    attempt.office.keep(answer=attempt.input.statement)


@effect()
def revoke_the_repair(attempt: Attempt[Any]) -> None:
    """Disclosed for the rest of its period, everybody is told, and the subject is barred.

    Lifted sanctions stay lifted: to impose them again is the departments' own act.
    """
    record = record_of(attempt.facts).id
    bar = attempt.rules.length("repair.bar_years").value * MONTHS_A_YEAR
    attempt.office.keep(repaired_on=None, barred_until=months_after(attempt.on, bar))
    attempt.office.undo_repair(record)
    attempt.office.inform_recipients([record])
