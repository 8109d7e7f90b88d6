"""What may be done in a case right now, by whom, and if not, why: nothing is changed by asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.cases.facts import CaseFacts
from app.cases.machine import unmet
from app.cases.models import Case
from app.cases.office import CaseOffice
from app.cases.proceedings import Proceedings
from app.cases.roles import may_take, not_yours
from app.errors import Reason
from app.people.actor import Actor
from workflows import definition_of
from workflows.grammar import Attempt, Step

DETOURS: Final = frozenset(
    {
        "request_supplement",
        "refuse",
        "refuse_acceptance",
        "correct_own_error",
        "return_for_verification",
        "propose_refusal",
        "return_proposal",
        "propose_revocation",
        "drop_revocation",
        "discard",
        "withdraw",
        "send_back",
        "decline",
        "withdraw_publication",
        "reopen",
        "reopen_acceptance",
        "restore_repair",
    }
)
TO_BE_HEARD: Final = frozenset({"answer"})
"""Steps that move nothing, but are what is hoped for."""


@dataclass(frozen=True)
class Possibility:
    """A step from the state in which a case is, seen by one actor.

    `mine`: the actor is one of those who take it; `reasons`: all that stands in its way now,
    whatever its input will be; where it is not mine, only whose step it is: the rest might tell
    what is not decided yet.
    """

    step: Step
    mine: bool
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        """Whether the actor may take it now, whatever stands in its input."""
        return self.mine and not self.reasons

    @property
    def onward(self) -> bool:
        """Whether it leads on; otherwise it leads back or out, or changes no state."""
        moves = self.step.to is not None and self.step.name not in DETOURS
        return moves or self.step.name in TO_BE_HEARD

    @property
    def beside(self) -> bool:
        """Whether it notes a fact beside the states, as every kind has them."""
        return self.step.beside


def possible_steps(case: Case, actor: Actor, facts: CaseFacts | None = None) -> list[Possibility]:
    """Every step from the state of the case, in the order of the law.

    `facts`: those of the case where they are at hand already; asked once for all steps.
    """
    work = Proceedings()
    known = facts or CaseFacts(case, work.on)
    office = CaseOffice(case, known, actor, work)
    return [
        _possibility(Attempt(step, work.on, actor, None, known, office, known.rules), actor)
        for step in definition_of(case).steps
        if case.state in {state.name for state in step.sources}
    ]


def _possibility(attempt: Attempt[None], actor: Actor) -> Possibility:
    if not may_take(attempt.step, attempt.facts, actor):
        return Possibility(attempt.step, False, (not_yours(attempt.step, attempt.facts),))
    return Possibility(attempt.step, True, tuple(unmet(attempt)))
