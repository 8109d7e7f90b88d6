"""Whether what a case opens and holds ends with it: children, and holds on sanctions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workflows.check.fault import Fault
from workflows.check.ways import Facts, by_system, explored
from workflows.grammar import Effect, OfKind, State, Step, Whose, Workflow

HOLD, PARENTS, LEFT = "hold", "parents' hold", "hold left to "
"""What may be open beside children of a kind; LEFT with the kind that releases it."""


def faults_of_children(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Iterator[Fault]:
    """Children and holds that may outlive the case, and orders that a child may refuse."""
    wrong = [fault for step in workflow.steps for fault in _orders(step, workflow.kind, workflows)]
    yield from wrong
    if wrong:
        return
    for state, some in _ends(workflow, frozenset()).items():
        for one in sorted(some):
            kind = workflows.get(one)
            if kind is None or not kind.outlives:
                yield Fault("outlives", workflow.kind, state, _left_open(one))
    for step in workflow.steps:
        for effect in step.effects:
            if effect.left_to is not None:
                yield from _released_by(workflows[effect.left_to])
        if any(effect.stops_parent for effect in step.effects) != step.touches_parent:
            text = "touches_parent 与后果不符：中止、恢复上级案件期限的步骤才先锁定上级案件，请改正"
            yield Fault("parent_not_locked", workflow.kind, step.name, text)


def _left_open(what: str) -> str:
    if what == HOLD:
        return "到达这里时可能还有暂停没有解除：请在途中的步骤加上解除暂停的后果"
    if what.startswith(LEFT):
        kind = what.removeprefix(LEFT)
        return f"到达这里时 {kind} 可能还没有解除留给它的暂停：请加上等待 {kind} 办结的条件"
    return f"到达这里时 {what} 可能还没有办结：请在途中加上取消它或者等待它办结的步骤"


def _ends(workflow: Workflow, at_first: Facts) -> dict[str, set[str]]:
    """By state in which nobody is waited for, what may still be open there."""
    found = explored(workflow, at_first, _after)
    ended = [state.name for state in workflow.states if not state.waiting]
    return {name: set().union(*found[name]) for name in ended}


def _after(step: Step, _: State, before: Facts) -> Facts:
    """What may be open when a step was taken."""
    awaited = {kind for guard in step.guards for kind in guard.awaits}
    found = set(before) - awaited - {LEFT + kind for kind in awaited}
    for effect in step.effects:
        _carry_out(effect, found)
    return frozenset(found)


def _carry_out(effect: Effect, found: set[str]) -> None:
    found -= {kind for kind, _ in effect.ends}
    if effect.releases is Whose.PARENTS:
        found.discard(PARENTS)
    if effect.releases is Whose.OWN:
        if effect.left_to is not None and HOLD in found:
            found.add(LEFT + effect.left_to)
        found.discard(HOLD)
    if effect.holds:
        found.add(HOLD)
    found |= {kind for kind, _ in effect.opens}


def _released_by(child: Workflow) -> Iterator[Fault]:
    """A child to which a hold is left releases it on every way to its end."""
    for state, some in _ends(child, frozenset({PARENTS})).items():
        if PARENTS in some:
            text = "有的途径到达这里而没有解除上级案件留给它的暂停：请在途中的步骤加上该后果"
            yield Fault("keeps_hold", child.kind, state, text)


def _orders(step: Step, kind: str, workflows: Mapping[str, Workflow]) -> Iterator[Fault]:
    awaited = {one for guard in step.guards for one in guard.awaits}
    left = {one.left_to for one in step.effects if one.left_to is not None}
    for name in sorted((awaited | left) - workflows.keys()):
        yield Fault("kind_unknown", kind, step.name, f"没有 {name} 这一类案件，请改正")
    for effect in step.effects:
        yield from _openings(effect.opens, step, kind, workflows)
        yield from _endings(effect.ends, step, kind, workflows)


def _openings(
    opens: Iterable[OfKind], step: Step, kind: str, workflows: Mapping[str, Workflow]
) -> Iterator[Fault]:
    for child, name in opens:
        found = _step(child, name, workflows)
        if found is None or found.sources or not by_system(found):
            text = f"后果要新建 {child}，而 {child}.{name} 不是由系统新建案件的步骤：请改正"
            yield Fault("opens_nothing", kind, step.name, text)


def _endings(
    ends: Iterable[OfKind], step: Step, kind: str, workflows: Mapping[str, Workflow]
) -> Iterator[Fault]:
    for child, name in ends:
        found = _step(child, name, workflows)
        waiting = {one.name for one in workflows[child].states if one.waiting} if found else set()
        if (
            found is None
            or found.to is None
            or found.to.waiting
            or not waiting <= {one.name for one in found.sources}
            or not by_system(found)
            or found.guards
        ):
            text = f"后果要终结 {child}，而 {child}.{name} 不能由系统在任何办理中的状态无条件终结它：请改正"
            yield Fault("order_refused", kind, step.name, text)


def _step(kind: str, name: str, workflows: Mapping[str, Workflow]) -> Step | None:
    steps = workflows[kind].steps if kind in workflows else ()
    return next((one for one in steps if one.name == name), None)
