"""Compares a definition with its table in the law; `*` a final state, `°` a state of rest."""

from __future__ import annotations

from workflows import WORKFLOWS
from workflows.grammar import By, Role, bys

SAME = "same"
Row = tuple[str, str, str]
"""From, to and by, as the table writes them, several separated by blanks."""


def states_of(kind: str) -> str:
    """The states in order, marked as the law marks them."""
    marks = [
        (one.name, "*" if one.final else "°" if one.rest else "") for one in WORKFLOWS[kind].states
    ]
    return " ".join(name + mark for name, mark in marks)


def row_of(kind: str, step: str) -> Row:
    """A step as the table of its kind would write it."""
    workflow = WORKFLOWS[kind]
    found = workflow.step(step)
    sources = {one.name for one in found.sources}
    everything = sources == {one.name for one in workflow.states}
    came = "any" if everything else " ".join(n.name for n in workflow.states if n.name in sources)
    return came, found.to.name if found.to else SAME, by_of(found.by)


def by_of(actors: object) -> str:
    """The roles in the order of the alphabet, `?` behind one that acts in some cases only."""
    every: tuple[By, ...] = bys(actors)  # type: ignore[arg-type]  # as Step.by
    return " ".join(
        sorted(one.role.value + ("?" if one.when or one.unless else "") for one in every)
    )


def assert_as_written(kind: str, states: str, rows: dict[str, Row], *, added: set[str]) -> None:
    """All states and steps, no others but those `added`, each from, to and by as written."""
    assert states_of(kind) == " ".join(states.split())
    names = {step.name for step in WORKFLOWS[kind].steps}
    assert names == set(rows) | added
    assert {name: row_of(kind, name) for name in rows} == rows


def owners(kind: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Owner and clocks of each waiting state."""
    return {
        state.name: (by_of(state.owner or ()), state.deadline)
        for state in WORKFLOWS[kind].states
        if state.waiting
    }


PARALLEL = {
    "note_review": ("any", SAME, Role.OFFICE_CLERK.value),
    "note_review_ended": ("any", SAME, Role.OFFICE_CLERK.value),
    "served": ("any", SAME, Role.SYSTEM.value),
}
