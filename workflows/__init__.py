"""The law: the kinds of case, and the rules with the numbers that law or city sets."""

from __future__ import annotations

from typing import Protocol

from workflows.correction import CORRECTION
from workflows.grammar import State, Workflow
from workflows.objection import OBJECTION
from workflows.repair import REPAIR
from workflows.superseded import SUPERSEDED
from workflows.suspension import SUSPENSION
from workflows.verification import VERIFICATION

WORKFLOWS: dict[str, Workflow] = {
    one.kind: one for one in (OBJECTION, VERIFICATION, SUSPENSION, CORRECTION, REPAIR)
}
"""The definitions in force."""


class Opened(Protocol):
    """A case: its kind, and the version of the law under which it was opened."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def law_version(self) -> int:
        """That of the law in force when it was opened; of a child, that of its parent."""


def editions() -> list[Workflow]:
    """Every definition of every kind, those in force first."""
    return [*WORKFLOWS.values(), *SUPERSEDED.values()]


def versions() -> list[int]:
    """Every version of the law, the last one is in force.

    All kinds count together: each definition says with which version it came.
    """
    return sorted({one.version for one in editions()})


def law_of(version: int) -> dict[str, Workflow]:
    """The kinds as they were under a version of the law: each as it had been changed last."""
    known = [one for one in editions() if one.version <= version]
    return {one.kind: one for one in sorted(known, key=lambda one: one.version)}


def definition_of(case: Opened) -> Workflow:
    """The definition that a case stays on; KeyError for a kind that did not exist then."""
    newest = WORKFLOWS[case.kind]
    if newest.version <= case.law_version:
        return newest
    return law_of(case.law_version)[case.kind]


def state_of(kind: str, name: str) -> State:
    """A state of a kind by its name, whichever version has it; KeyError where none has.

    Whether somebody has to act in it is the same in all versions, which `check` proves.
    """
    states = {
        state.name: state
        for one in reversed(editions())
        if one.kind == kind
        for state in one.states
    }
    return states[name]
