"""Whether every state is reached, and every way ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from workflows.check.fault import Fault, listed
from workflows.grammar import Role, State, Step, Workflow, bys

Facts: TypeAlias = frozenset[str]


def by_system(step: Step) -> bool:
    """Whether the clock takes it, or another case orders it."""
    return any(by.role is Role.SYSTEM for by in bys(step.by))


def moves(workflow: Workflow) -> dict[str, set[str]]:
    """By state, the states to which steps lead from it."""
    found: dict[str, set[str]] = {state.name: set() for state in workflow.states}
    for step in workflow.steps:
        for state in step.sources:
            if step.to is not None:
                found[state.name].add(step.to.name)
    return found


def reached(ways: dict[str, set[str]], start: Iterable[str]) -> set[str]:
    """Every state to which a way leads from these, themselves included."""
    found, new = set[str](), set(start)
    while new:
        found |= new
        new = {to for name in new for to in ways[name]} - found
    return found


def explored(
    workflow: Workflow, at_first: Facts, after: Callable[[Step, State, Facts], Facts]
) -> dict[str, set[Facts]]:
    """By state, all that may be so together when a case is there, on every way that steps allow.

    ``after`` tells what is so when a step was taken that led to a state, from what was so before.
    """
    leaving: dict[str, list[Step]] = defaultdict(list)
    for step in workflow.steps:
        for state in step.sources:
            leaving[state.name].append(step)
    openings = [step for step in workflow.steps if not step.sources]
    new = [(one.to, after(one, one.to, at_first)) for one in openings if one.to is not None]
    found: dict[str, set[Facts]] = {state.name: set() for state in workflow.states}
    while new:
        here, facts = new.pop()
        if facts not in found[here.name]:
            found[here.name].add(facts)
            ways = [(step, step.to or here) for step in leaving[here.name]]
            new += [(to, after(step, to, facts)) for step, to in ways]
    return found


def faults_of_ways(workflow: Workflow) -> Iterator[Fault]:
    """States that nobody gets into or out of, ends that are none, facts beside the states."""
    ways = moves(workflow)
    openings = [step.to.name for step in workflow.steps if not step.sources and step.to]
    if not openings:
        yield Fault("no_opening", workflow.kind, workflow.kind, "没有新建案件的步骤，请补上")
        return
    for name in sorted(ways.keys() - reached(ways, openings)):
        text = "没有步骤能到达这个状态，请补上通往它的步骤或者删去它"
        yield Fault("unreachable", workflow.kind, name, text)
    ends = {state.name for state in workflow.states if not state.waiting}
    for state in workflow.states:
        if not reached(ways, [state.name]) & ends:
            text = "从这个状态到不了任何终结状态，请补上出路"
            yield Fault("no_way_out", workflow.kind, state.name, text)
        yield from _end(state, workflow)
    for step in workflow.steps:
        if step.beside:
            yield from _beside(step, workflow)


def _end(state: State, workflow: Workflow) -> Iterator[Fault]:
    leaving = [step for step in workflow.steps if step.to is not None and state in step.sources]
    if state.final and leaving:
        text = f"是终结状态，{leaving[0].name} 却从这里离开：请删去该步骤或者改为可重新办理（rest）"
        yield Fault("leaves_end", workflow.kind, state.name, text)
    if state.final and state.rest:
        text = "不能既是终结（final）又可重新办理（rest），请二者取一"
        yield Fault("end_and_rest", workflow.kind, state.name, text)
    if state.rest and not leaving:
        text = "可重新办理（rest），却没有步骤从这里离开：请补上或者改为终结（final）"
        yield Fault("nothing_reopens", workflow.kind, state.name, text)
    if state.rest and any(by_system(step) for step in leaving):
        text = "已经办结的案件不能由系统自动重新办理，请改由人员办理"
        yield Fault("reopens_itself", workflow.kind, state.name, text)


def _beside(step: Step, workflow: Workflow) -> Iterator[Fault]:
    if step.to is not None:
        text = "只登记事实（beside），不能改变状态，请删去去向"
        yield Fault("beside_moves", workflow.kind, step.name, text)
    missing = {one.name for one in workflow.states} - {one.name for one in step.sources}
    if missing and any(not state.waiting for state in step.sources):
        text = f"办结后也可登记，却不包括 {listed(missing)}：请改为全部状态"
        yield Fault("beside_some", workflow.kind, step.name, text)
