"""Whether cases of different versions of the law can be told, found and ordered about together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from workflows.check.children import faults_of_orders
from workflows.check.fault import Fault
from workflows.grammar import State, Workflow

Kinds: TypeAlias = Mapping[str, Workflow]


def faults_of_versions(laws: Mapping[int, Kinds]) -> Iterator[Fault]:
    """What must be alike in the versions of the law; ``laws``: the kinds under each of them."""
    for kind, newest in laws[max(laws)].items():
        older = [kinds[kind] for kinds in laws.values() if kind in kinds]
        yield from _unlike(newest, [one for one in older if one is not newest])
    for version, kinds in laws.items():
        for others in (laws[one] for one in laws if one != version):
            yield from _across(kinds, others)


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


def _end(state: State) -> tuple[bool, bool, bool]:
    return state.final, state.rest, state.borrows


def _across(kinds: Kinds, others: Kinds) -> Iterator[Fault]:
    """What outlives the case that opened it is ordered about by cases of another version, too."""
    outliving = {kind: one for kind, one in others.items() if one.outlives}
    for workflow in kinds.values():
        yield from faults_of_orders(workflow, {**kinds, **outliving})
