"""What the steps of a verification do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.findings import Finding
from workflows.grammar import effect
from workflows.office import AnswerFact

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.verification import Findings


@effect()
def keep_findings(attempt: Attempt[Findings]) -> None:
    """What the handler reports, until somebody endorses it."""
    attempt.office.keep(officer=attempt.input.officer)
    attempt.office.keep_answers(
        [
            AnswerFact(
                item=one.item_id,
                finding=one.finding,
                value=one.value,
                unit=_unit(attempt, one.unit),
                reasons=one.reasons,
                evidence=one.evidence,
            )
            for one in attempt.input.findings
        ]
    )


def _unit(attempt: Attempt[Findings], reference: str | None) -> int | None:
    unit = attempt.facts.unit(reference) if reference else None
    return unit.id if unit else None


def _hand_over(attempt: Attempt[Any], answer: AnswerFact, *, unreviewed: bool) -> None:
    attempt.office.keep_item(
        answer.item,
        finding=answer.finding,
        value=answer.value,
        reasons=answer.reasons,
        evidence=list(answer.evidence),
        officer=attempt.facts.case().details["officer"],
        own_error=False,
        unreviewed=unreviewed,
    )


@effect()
def hand_findings_to_the_objection(attempt: Attempt[Any]) -> None:
    """Endorsed findings are those of the unit."""
    for answer in attempt.facts.answers():
        _hand_over(attempt, answer, unreviewed=False)


@effect()
def hand_over_what_there_is(attempt: Attempt[Any]) -> None:
    """What is reported goes as it is; an item without keeps its finding, else unverifiable."""
    steps = [one.step for one in attempt.facts.history() if one.step in {"report", "send_back"}]
    reported = attempt.facts.answers() if steps[-1:] == ["report"] else ()
    answers = {one.item: one for one in reported}
    for item in attempt.facts.items():
        if item.id in answers:
            _hand_over(attempt, answers[item.id], unreviewed=True)
        elif item.finding is None:
            attempt.office.keep_item(
                item.id,
                finding=Finding.UNVERIFIABLE.value,
                reasons="提供单位逾期未答复",
                unreviewed=True,
            )
