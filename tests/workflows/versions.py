"""A law that was changed once: what is in force as its second version, and a made-up first one.

Under the first an objection knew a step `hasten`, and `lapse` led to another end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workflows import WORKFLOWS
from workflows.grammar import Role, Step, Workflow
from workflows.objection import NOT_ACCEPTED, VERIFYING
from workflows.superseded import SUPERSEDED

HASTEN = Step("hasten", VERIFYING, by=Role.OFFICE_SUPERVISOR, title="提醒提供单位")


def older(kind: str, **changes: Any) -> Workflow:
    """The definition of a kind as it had been at first, all else as it is."""
    return replace(WORKFLOWS[kind], version=1, **changes)


def first_objection() -> Workflow:
    """What an objection had been."""
    steps = [
        replace(step, to=NOT_ACCEPTED) if step.name == "lapse" else step
        for step in WORKFLOWS["objection"].steps
    ]
    return older("objection", steps=(*steps, HASTEN))


def supersede(monkeypatch: Any, old: Workflow, by: int = 2) -> None:
    """Have a definition replaced by the one in force, of a later version, while a test runs."""
    newest = replace(WORKFLOWS[old.kind], version=by)
    monkeypatch.setitem(SUPERSEDED, (old.kind, old.version), old)
    monkeypatch.setitem(WORKFLOWS, old.kind, newest)
