"""Whether cases of different versions of the law can be told, found and ordered about together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.check.fault import Fault, listed
from workflows.check.ways import by_system
from workflows.grammar import State, Workflow


def faults_of_versions(laws: Mapping[int, Mapping[str, Workflow]]) -> Iterator[Fault]:
    """What must be alike in the versions of the law; ``laws``: the kinds under each of them."""
    for kind, newest in laws[max(laws)].items():
        older = dict.fromkeys(kinds[kind] for kinds in laws.values() if kind in kinds)
        yield from _unlike(newest, [one for one in older if one is not newest])


def _unlike(newest: Workflow, older: list[Workflow]) -> Iterator[Fault]:
    """Numbers of cases and lists of them do not ask for the version."""
    known = {one.name: one for one in newest.states}
    for one in older:
        if one.prefix != newest.prefix:
            text = f"第{one.version}版的案号字头与现行的 {newest.prefix} 不同，请改成一致"
            yield Fault("prefix_differs", one.kind, one.prefix, text)
        for state in one.states:
            if _end(known.setdefault(state.name, state)) != _end(state):
                text = f"第{one.version}版中是否办结、是否借用期限与别的版本不同，请另取一个名称"
                yield Fault("state_differs", one.kind, state.name, text)
        if newest.outlives and _orders(one) != _orders(newest):
            text = f"与第{one.version}版由系统办理的步骤不同（{listed(_orders(one) ^ _orders(newest))}）"
            more = "，而别的版本的案件也会要求办理：请在两版中都写上"
            yield Fault("orders_differ", one.kind, one.kind, text + more)


def _end(state: State) -> tuple[bool, bool, bool]:
    return state.final, state.rest, state.borrows


def _orders(workflow: Workflow) -> set[str]:
    """What cases that outlived their parent are ordered by others."""
    return {step.name for step in workflow.steps if by_system(step)}
