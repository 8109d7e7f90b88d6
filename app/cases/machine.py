"""The only module that knows `transitions`: a page of the law becomes one stateless machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, Protocol

from transitions import EventData, Machine, MachineError

from app.errors import Reason, StepRefused
from workflows import definition_of
from workflows.grammar import Attempt, Step, Workflow

NEW: Final = "new"
"""The state of a case before its opening step; no case is ever stored in it."""


class Moved(Protocol):
    """Whatever has a kind, a version of the law, and a state."""

    kind: str
    law_version: int
    state: str


def fire(case: Moved, attempt: Attempt[Any], moved: Callable[[], object]) -> None:
    """Check every guard, move the case, and have the effects carried out in the order written.

    `moved` is called before the effects: what they do may rest on the step being in the history.
    Raises StepRefused with all unmet conditions. What an effect raises leaves the new state in
    place: only the transaction that is rolled back undoes it.
    """
    try:
        _machine(definition_of(case)).events[attempt.step.name].trigger(
            case, attempt=attempt, moved=moved
        )
    except MachineError:
        raise StepRefused([wrong_state(case, attempt.step)]) from None


def unmet(attempt: Attempt[Any]) -> list[Reason]:
    """Every condition that is not met; those of the input are left out while there is none."""
    return [
        Reason(
            guard.code,
            guard.sentence(attempt),
            guard.basis.citation + ("" if guard.basis.verified else "〔待核〕"),
            guard.holds_from(attempt) if guard.holds_from else None,
        )
        for guard in attempt.step.guards
        if not (guard.of_input and attempt.input is None) and not guard.check(attempt)
    ]


def wrong_state(case: Moved, step: Step) -> Reason:
    """Why a step cannot be taken from where the case is."""
    workflow = definition_of(case)
    now = workflow.state(case.state).title
    allowed = "、".join(state.title for state in step.sources)
    text = f"案件现在处于“{now}”，“{step.title}”只能在“{allowed}”时办理。"
    return Reason("state", text, "")


@cache
def _machine(workflow: Workflow) -> Machine:
    """Built once per definition; it holds no case and nothing of a request."""
    machine = Machine(
        model=None,
        states=[NEW, *(state.name for state in workflow.states)],
        initial=NEW,
        auto_transitions=False,
        queued=False,
        send_event=True,
    )
    for step in workflow.steps:
        machine.add_transition(
            step.name,
            [state.name for state in step.sources] or NEW,
            step.to.name if step.to else "=",
            conditions=_all_guards,
            after=_effects_of(step),
        )
    return machine


def _all_guards(event: EventData) -> bool:
    if reasons := unmet(event.kwargs["attempt"]):
        raise StepRefused(reasons)
    return True


def _effects_of(step: Step) -> Callable[[EventData], None]:
    def carry_out(event: EventData) -> None:
        event.kwargs["moved"]()
        for effect in step.effects:
            effect(event.kwargs["attempt"])

    return carry_out
