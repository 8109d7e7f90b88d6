"""What the steps of a correction do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.common import record_of
from workflows.conditions.correction import decision, to_apply
from workflows.grammar import Whose, effect

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.correction import Change, PublicWithdrawal, Restoration


@effect()
def keep_the_proposal(attempt: Attempt[Change]) -> None:
    """What is proposed, bound to the version of the record that was seen."""
    said = {one.field: one.value for one in attempt.input.fields}
    attempt.office.keep(
        kind=attempt.input.kind,
        fields=said or decision(attempt.facts)[1],
        basis=attempt.input.basis or attempt.facts.case().details["basis"],
        seen_version=record_of(attempt.facts).version,
    )


@effect(releases=Whose.PARENTS)
def put_the_record_right(attempt: Attempt[Any]) -> None:
    """A new version; disclosure and sharing, sanctions and recipients follow; holds end."""
    kind, values = to_apply(attempt.facts)
    record = record_of(attempt.facts)
    details = attempt.facts.case().details
    attempt.office.keep(kind=kind, fields=values, seen_version=record.version)
    attempt.office.change_record(record.id, kind or "correct", values, details["basis"] or "")
    attempt.office.settle([record.id])
    end_annotation_and_holds(attempt)
    attempt.office.inform_recipients([record.id])


@effect(releases=Whose.PARENTS)
def withdraw_the_publication(attempt: Attempt[PublicWithdrawal]) -> None:
    """The act itself is gone: the record is revoked, the reasons are published."""
    attempt.office.keep(kind="revoke", fields={}, basis=attempt.input.document)
    put_the_record_right(attempt)


@effect(releases=Whose.PARENTS)
def end_annotation_and_holds(attempt: Attempt[Any]) -> None:
    """What its own objection marked and held for this record alone."""
    parent = attempt.facts.parent()
    if parent is None:
        return
    record = record_of(attempt.facts)
    waiting = {
        one.details["record"]
        for one in attempt.facts.siblings("correction")
        if one.state in {"ordered", "corrected"} and one.number != attempt.facts.case().number
    }
    attempt.office.end_annotation({record.id} - waiting, of=parent.number)
    held = [one for one in attempt.facts.sanctions() if parent.number in one.holders]
    attempt.office.release([one.id for one in held if not one.records & waiting], of=parent.number)


@effect()
def keep_the_restoration(attempt: Attempt[Restoration]) -> None:
    """What was said, and where."""
    attempt.office.keep(statement=attempt.input.statement, places=list(attempt.input.places))
