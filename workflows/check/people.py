"""Whether each state waits for one role, and each step has somebody who takes it."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.check.fault import Fault
from workflows.check.ways import by_system
from workflows.grammar import By, Party, Role, State, Workflow, bys

ADMINISTRATORS = frozenset({Role.ADMIN_SYSTEM, Role.ADMIN_SECURITY, Role.ADMIN_AUDIT})


def faults_of_people(workflow: Workflow) -> Iterator[Fault]:
    """Owners that are none or several, steps of nobody, states in which nobody is urged."""
    for state in workflow.states:
        yield from _owner(state, workflow.kind)
        if state.waiting and state.owner is not Role.FILER:
            yield from _attended(state, workflow)
    for step in workflow.steps:
        roles = {by.role for by in bys(step.by)}
        if not roles:
            yield Fault("nobody", workflow.kind, step.name, "没有写由谁办理，请补上")
        if roles & ADMINISTRATORS:
            text = "管理员不办理案件，请改由办案角色办理"
            yield Fault("administrator", workflow.kind, step.name, text)


def _owner(state: State, kind: str) -> Iterator[Fault]:
    owners = bys(state.owner or ())
    if state.waiting and not owners:
        yield Fault("no_owner", kind, state.name, "没有写由谁负责，请补上一个角色")
    elif owners and not state.waiting:
        yield Fault("owner_of_end", kind, state.name, "已经办结，不应再有负责的角色，请删去")
    elif owners and not _exactly_one(owners):
        text = "不能证明总是恰有一个角色负责：请只写一个，或者两个以同一条件 when、unless 相区别"
        yield Fault("several_owners", kind, state.name, text)
    elif any(by.role in {Role.OWNER, Role.SYSTEM, *ADMINISTRATORS} for by in owners):
        yield Fault("no_such_owner", kind, state.name, "负责的应当是办案角色，请改正")


def _exactly_one(owners: tuple[By, ...]) -> bool:
    """One without conditions, or two of which one acts when and the other unless the same holds."""
    if len(owners) == 1:
        return owners[0].when is owners[0].unless is None
    one, *others = owners
    return len(others) == 1 and _either(one, others[0])


def _either(one: By, other: By) -> bool:
    if one.when is None:
        one, other = other, one
    return one.when is not None and one.unless is other.when is None and one.when is other.unless


def _attended(state: State, workflow: Workflow) -> Iterator[Fault]:
    here = [step for step in workflow.steps if state in step.sources]
    urged = [
        step
        for step in here
        if by_system(step) and any(one.to is Party.OWNER for one in step.notices)
    ]
    if not urged:
        text = "逾期没有人催办：请把它列入 urge 的来源状态"
        yield Fault("not_urged", workflow.kind, state.name, text)
    stops = {name for clock in workflow.clocks if clock.never_stops for name in clock.starts}
    if not any(step.name in stops for step in here):
        text = "期限不能中止：请把它列入 stop_clock 的来源状态"
        yield Fault("cannot_stand_still", workflow.kind, state.name, text)
