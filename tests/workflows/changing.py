"""Definitions with one thing changed: each function gives all kinds, one of them changed in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from workflows import WORKFLOWS
from workflows.grammar import Clock, Effect, Guard, Notice, State, Step, Workflow

Kinds: TypeAlias = Mapping[str, Workflow]


def with_kind(kind: str, /, **changes: Any) -> Kinds:
    """The kind with other values in its fields."""
    return {**WORKFLOWS, kind: replace(WORKFLOWS[kind], **changes)}


def with_step(kind: str, name: str, /, **changes: Any) -> Kinds:
    """One step with other values."""
    return each_step(kind, name, lambda one: replace(one, **changes))


def with_another_step(kind: str, step: Step) -> Kinds:
    """One step more."""
    return with_kind(kind, steps=(*WORKFLOWS[kind].steps, step))


def without_step(kind: str, name: str) -> Kinds:
    """The step is gone, and no clock names it."""
    flow = WORKFLOWS[kind]
    clocks = tuple(_without(clock, name) for clock in flow.clocks)
    steps = tuple(one for one in flow.steps if one.name != name)
    return with_kind(kind, steps=steps, clocks=clocks)


def _without(clock: Clock, step: str) -> Clock:
    return replace(
        clock,
        starts=tuple(one for one in clock.starts if one != step),
        ends=tuple(one for one in clock.ends if one != step),
        extended_by=None if (clock.extended_by or ("",))[0] == step else clock.extended_by,
    )


def each_step(kind: str, name: str, change: Callable[[Step], Step]) -> Kinds:
    """One step changed."""
    flow = WORKFLOWS[kind]
    assert name in {one.name for one in flow.steps}, name
    return with_kind(kind, steps=tuple(change(s) if s.name == name else s for s in flow.steps))


def without_source(kind: str, name: str, state: str) -> Kinds:
    """The step cannot be taken from that state any more."""
    left = tuple(one for one in WORKFLOWS[kind].step(name).sources if one.name != state)
    return with_step(kind, name, source=left)


def with_guard(kind: str, step: str, code: str, /, **changes: Any) -> Kinds:
    """A condition with other values; every one of that name in the step."""

    def change(one: Guard) -> Guard:
        return replace(one, **changes) if one.code == code else one

    return each_step(kind, step, lambda s: replace(s, guards=tuple(map(change, s.guards))))


def without_guard(kind: str, step: str, guard: Guard) -> Kinds:
    """A condition less."""
    left = tuple(one for one in WORKFLOWS[kind].step(step).guards if one is not guard)
    return with_step(kind, step, guards=left)


def guard_named(kind: str, step: str, code: str) -> Guard:
    """The first condition of that name."""
    return next(one for one in WORKFLOWS[kind].step(step).guards if one.code == code)


def with_effect(kind: str, step: str, name: str, /, **changes: Any) -> Kinds:
    """A consequence that says something else of itself."""

    def change(one: Effect) -> Effect:
        return replace(one, **changes) if one.carry_out.__name__ == name else one

    return each_step(kind, step, lambda s: replace(s, effects=tuple(map(change, s.effects))))


def without_effect(kind: str, step: str, name: str) -> Kinds:
    """A consequence less."""
    kept = [one for one in WORKFLOWS[kind].step(step).effects if one.carry_out.__name__ != name]
    return with_step(kind, step, effects=tuple(kept))


def with_notice(kind: str, name: str, /, **changes: Any) -> Kinds:
    """A notice with other values, wherever it is issued."""

    def change(one: Notice) -> Notice:
        return replace(one, **changes) if one.name == name else one

    flow = WORKFLOWS[kind]
    steps = tuple(replace(s, notice=tuple(map(change, s.notices))) for s in flow.steps)
    return with_kind(kind, steps=steps)


def with_state(kind: str, name: str, /, **changes: Any) -> Kinds:
    """A state with other values, wherever it is named."""
    flow = WORKFLOWS[kind]

    def change(one: State) -> State:
        return replace(one, **changes) if one.name == name else one

    steps = tuple(
        replace(
            s,
            source=None if s.source is None else tuple(map(change, s.sources)),
            to=change(s.to) if s.to else None,
        )
        for s in flow.steps
    )
    clocks = tuple(
        replace(c, runs_in=tuple(map(change, c.runs_in)), stops_in=tuple(map(change, c.stops_in)))
        for c in flow.clocks
    )
    return with_kind(kind, states=tuple(map(change, flow.states)), steps=steps, clocks=clocks)


def with_clock(kind: str, name: str, /, **changes: Any) -> Kinds:
    """A clock with other values."""
    flow = WORKFLOWS[kind]
    clocks = tuple(replace(c, **changes) if c.name == name else c for c in flow.clocks)
    return with_kind(kind, clocks=clocks)


def without_clock(kind: str, name: str) -> Kinds:
    """A clock less."""
    flow = WORKFLOWS[kind]
    return with_kind(kind, clocks=tuple(c for c in flow.clocks if c.name != name))
