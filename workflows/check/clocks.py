"""Whether a clock runs wherever somebody is waited for, and a way leads on when it passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TypeAlias

from workflows.check.fault import Fault, listed
from workflows.check.ways import Facts, by_system, explored
from workflows.grammar import Clock, Party, State, Step, Workflow

Running: TypeAlias = dict[str, set[Facts]]


def faults_of_clocks(workflow: Workflow) -> Iterator[Fault]:
    """Clocks of nothing, states without clocks, clocks whose passing nobody answers."""
    wrong = [fault for clock in workflow.clocks for fault in _written(clock, workflow)]
    yield from wrong
    if wrong:
        return
    running = _runs(workflow)
    clocks = {clock.name: clock for clock in workflow.clocks}
    for state in (one for one in workflow.states if running[one.name]):
        yield from _of_state(state, clocks, running, workflow)
    for clock in workflow.clocks:
        yield from _answered(clock, running, workflow)
    for step in workflow.steps:
        yield from _asked(step, clocks, running, workflow.kind)


def _runs(workflow: Workflow) -> Running:
    """By state, which clocks may run or stand still together when a case is there."""

    def after(step: Step, to: State, before: Facts) -> Facts:
        return frozenset(
            clock.name
            for clock in workflow.clocks
            if (step.name in clock.starts and to in clock.runs_in)
            or (clock.name in before and step.name not in clock.ends and _goes_on(clock, to))
        )

    return explored(workflow, frozenset(), after)


def _goes_on(clock: Clock, state: State) -> bool:
    return state in clock.runs_in or state in clock.stops_in


def _written(clock: Clock, workflow: Workflow) -> Iterator[Fault]:
    steps = {step.name: step for step in workflow.steps}
    extending = (clock.extended_by or ())[:1]
    for name in (*clock.starts, *clock.ends, *extending):
        if name not in steps:
            text = f"所写的步骤 {name} 不存在，请改正"
            yield Fault("clock_step_unknown", workflow.kind, clock.name, text)
    for state in (*clock.runs_in, *clock.stops_in):
        if state not in workflow.states:
            text = f"所写的状态 {state.name} 不存在，请改正"
            yield Fault("clock_state_unknown", workflow.kind, clock.name, text)
    earlier = [one.name for one in workflow.clocks[: workflow.clocks.index(clock)]]
    if clock.follows is not None and clock.follows not in earlier:
        text = f"接续的期限 {clock.follows} 没有写在它前面，请改正"
        yield Fault("follows_nothing", workflow.kind, clock.name, text)
    for name in (one for one in clock.starts if one in steps):
        arrives = {steps[name].to} if steps[name].to else set(steps[name].sources)
        if not arrives & set(clock.runs_in):
            text = f"由 {name} 起算，而该步骤到达的状态不计算这个期限：请改正 starts 或者 runs_in"
            yield Fault("starts_outside", workflow.kind, clock.name, text)
    yield from _extended(clock, steps, workflow.kind)


def _extended(clock: Clock, steps: dict[str, Step], kind: str) -> Iterator[Fault]:
    if clock.extended_by is None or clock.extended_by[0] not in steps:
        return
    step, by = steps[clock.extended_by[0]], clock.extended_by[1]
    entered = by.removeprefix("input:")
    if entered != by and entered not in {field.name for field in fields(step.takes)}:
        text = f"延长到 {step.name} 填报的 {entered}，而该步骤没有这一项：请改正"
        yield Fault("extended_by_nothing", kind, clock.name, text)
    if not set(step.sources) & set(clock.runs_in):
        text = f"计算这个期限的状态都不能办理 {step.name}，无法延长：请改正"
        yield Fault("never_extended", kind, clock.name, text)


def _of_state(
    state: State, clocks: dict[str, Clock], running: Running, workflow: Workflow
) -> Iterator[Fault]:
    kind, name = workflow.kind, state.name
    if not state.waiting:
        if state.deadline or state.borrows:
            yield Fault("clock_of_end", kind, name, "已经办结，不应再有期限，请删去")
        return
    if bool(state.deadline) == state.borrows:
        text = "没有期限：请写 deadline；期限随要求暂停的案件的，写 borrows，二者取一"
        yield Fault("no_clock", kind, name, text)
    for unknown in sorted(set(state.deadline) - clocks.keys()):
        yield Fault("clock_unknown", kind, name, f"期限 {unknown} 没有定义，请补上")
    if not set(state.deadline) <= clocks.keys():
        return
    here = {one for one in state.deadline if state in clocks[one].runs_in}
    for one in state.deadline:
        if one not in here or not any(one in some for some in running[name]):
            text = f"期限 {one} 在这里从不计算：请改正它的 starts、runs_in，或者从 deadline 中删去"
            yield Fault("clock_never_runs", kind, name, text)
        if not _way_on(state, one, workflow):
            text = f"期限 {one} 届满后没有出路：请加上由系统办理的催办或者终结步骤"
            yield Fault("no_way_on", kind, name, text)
    if state.deadline and any(not some & here for some in running[name]):
        text = "有的途径到达这里时没有期限在计算：请在期限的 starts 中补上缺少的步骤"
        yield Fault("clock_not_started", kind, name, text)


def _way_on(state: State, clock: str, workflow: Workflow) -> bool:
    """Whether the system urges, or moves the case because this clock has passed."""
    return any(
        by_system(step)
        and (
            any(one.to is Party.OWNER for one in step.notices)
            or (step.to is not None and clock in _asks(step))
        )
        for step in workflow.steps
        if state in step.sources
    )


def _asks(step: Step) -> set[str]:
    return {clock for guard in step.guards for clock in guard.clocks}


def _answered(clock: Clock, running: Running, workflow: Workflow) -> Iterator[Fault]:
    """A step of the system that waits for a clock is possible wherever the clock may pass."""
    answers = [one for one in workflow.steps if by_system(one) and clock.name in _asks(one)]
    states = {state.name for step in answers for state in step.sources}
    may_run = {
        state.name for state in clock.runs_in if any(clock.name in r for r in running[state.name])
    }
    if answers and not may_run <= states:
        text = f"在 {listed(may_run - states)} 中届满时，{answers[0].name} 不能办理：请把它们列入来源状态"
        yield Fault("clock_unanswered", workflow.kind, clock.name, text)


def _asked(step: Step, clocks: dict[str, Clock], running: Running, kind: str) -> Iterator[Fault]:
    """A condition that waits for a clock can be met in every state in which it is asked."""
    for guard in (one for one in step.guards if one.clocks):
        for name in sorted(set(guard.clocks) - clocks.keys()):
            text = f"条件 {guard.code} 所问的期限 {name} 没有定义，请补上"
            yield Fault("asks_unknown_clock", kind, step.name, text)
        known = [clocks[name] for name in guard.clocks if name in clocks]
        for state in step.sources:
            ran = {name for some in running[state.name] for name in some}
            if running[state.name] and not any(
                one.name in ran and state in one.runs_in for one in known
            ):
                text = f"条件 {guard.code} 所问的期限在 {state.name} 中从不计算，不能办理：请改正"
                yield Fault("asks_in_vain", kind, step.name, text)
