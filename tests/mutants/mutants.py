"""Every mutant by name: kind, place and what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from tests.workflows.changing import (
    Kinds,
    each_step,
    with_clock,
    with_state,
    with_step,
    without_clock,
    without_effect,
    without_guard,
    without_source,
    without_step,
)
from workflows import WORKFLOWS
from workflows.common import someone_else
from workflows.grammar import Clock, Guard, Role, State, Step, Workflow

Made: TypeAlias = Iterator[tuple[str, Callable[[], Kinds]]]
OTHER = {
    Role.OFFICE_CLERK: Role.OFFICE_APPROVER,
    Role.OFFICE_APPROVER: Role.OFFICE_CLERK,
    Role.PROVIDER_HANDLER: Role.PROVIDER_APPROVER,
    Role.PROVIDER_APPROVER: Role.PROVIDER_HANDLER,
    Role.EXECUTOR_HANDLER: Role.EXECUTOR_APPROVER,
    Role.EXECUTOR_APPROVER: Role.EXECUTOR_HANDLER,
    Role.FILER: Role.OFFICE_CLERK,
    Role.SUBJECT: Role.OFFICE_CLERK,
    Role.OFFICE_SUPERVISOR: Role.OFFICE_CLERK,
    Role.SYSTEM: Role.OFFICE_CLERK,
}


def mutants() -> dict[str, Callable[[], Kinds]]:
    """All of them, in the order of the definitions."""
    found: dict[str, Callable[[], Kinds]] = {}
    for workflow in WORKFLOWS.values():
        for step in workflow.steps:
            found |= _named(workflow.kind, step.name, _of_step(workflow, step))
        for state in workflow.states:
            found |= _named(workflow.kind, state.name, _of_state(workflow.kind, state))
        for clock in workflow.clocks:
            found |= _named(workflow.kind, clock.name, _of_clock(workflow.kind, clock))
    return found


def _named(kind: str, place: str, made: Made) -> dict[str, Callable[[], Kinds]]:
    return {f"{kind} {place}: {what}": make for what, make in made}


def _of_step(workflow: Workflow, step: Step) -> Made:
    kind, name = workflow.kind, step.name
    yield "no such step", lambda: without_step(kind, name)
    if step.to is not None:
        states = workflow.states
        other = states[(states.index(step.to) + 1) % len(states)]
        yield f"leads to {other.name}", lambda: with_step(kind, name, to=other)
    if len(step.sources) > 1:
        first, last = step.sources[0].name, step.sources[-1].name
        yield f"not from {first}", lambda: without_source(kind, name, first)
        yield f"not from {last}", lambda: without_source(kind, name, last)
    if isinstance(step.by, Role):
        role = OTHER.get(step.by, Role.OFFICE_CLERK)
        yield f"by {role.value}", lambda: with_step(kind, name, by=role)
    yield from _of_parts(kind, step)
    for flag in ("decides", "burdens", "endorses", "beside", "touches_parent"):
        if getattr(step, flag):
            yield f"not {flag}", lambda flag=flag: with_step(kind, name, **{flag: False})  # type: ignore[misc]  # bound now
    if step.annuls:
        yield "annuls nothing", lambda: with_step(kind, name, annuls=())


def _of_parts(kind: str, step: Step) -> Made:
    name = step.name
    for guard in step.guards:
        yield f"without {guard.code}", lambda guard=guard: without_guard(kind, name, guard)  # type: ignore[misc]  # bound now
        if guard.code == "another_person_handled_it":
            for one in guard.excludes:
                yield (
                    f"by whoever took {one}",
                    lambda guard=guard, one=one: _excluding_less(kind, name, guard, one),  # type: ignore[misc]  # bound now
                )
    for effect in step.effects:
        done = effect.carry_out.__name__
        yield f"without {done}", lambda done=done: without_effect(kind, name, done)  # type: ignore[misc]  # bound now
    if step.notices:
        yield "without notice", lambda: with_step(kind, name, notice=())


def _excluding_less(kind: str, step: str, guard: Guard, one: str) -> Kinds:
    """Four eyes that overlook one of the steps before."""
    fewer = someone_else(*(each for each in guard.excludes if each != one))
    return each_step(
        kind,
        step,
        lambda s: replace(s, guards=tuple(fewer if g is guard else g for g in s.guards)),
    )


def _of_state(kind: str, state: State) -> Made:
    name = state.name
    if state.owner is not None:
        yield "nobody's", lambda: with_state(kind, name, owner=None)
    if isinstance(state.owner, Role):
        role = OTHER[state.owner]
        yield f"of {role.value}", lambda: with_state(kind, name, owner=role)
    if state.deadline:
        yield "without clock", lambda: with_state(kind, name, deadline=())
    if state.final:
        yield "at rest", lambda: with_state(kind, name, final=False, rest=True)
    if state.rest:
        yield "final", lambda: with_state(kind, name, final=True, rest=False)
    if state.borrows:
        yield "borrows nothing", lambda: with_state(kind, name, borrows=False)


def _of_clock(kind: str, clock: Clock) -> Made:
    name = clock.name
    yield "no such clock", lambda: without_clock(kind, name)
    for field in ("starts", "ends"):
        for one in getattr(clock, field):
            left = tuple(each for each in getattr(clock, field) if each != one)
            yield (
                f"not in {field}: {one}",
                lambda field=field, left=left: with_clock(kind, name, **{field: left}),  # type: ignore[misc]  # bound now
            )
    for field in ("runs_in", "stops_in"):
        for one in getattr(clock, field):
            left = tuple(each for each in getattr(clock, field) if each != one)
            yield (
                f"not in {field}: {one.name}",
                lambda field=field, left=left: with_clock(kind, name, **{field: left}),  # type: ignore[misc]  # bound now
            )
    for field in ("extended_by", "follows", "start_from", "not_after"):
        if getattr(clock, field) is not None:
            yield f"no {field}", lambda field=field: with_clock(kind, name, **{field: None})  # type: ignore[misc]  # bound now
    if clock.never_stops:
        yield "stops", lambda: with_clock(kind, name, never_stops=False)
