"""Whether a definition is written in the words of the grammar, each of them once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from workflows.check.fault import Fault
from workflows.grammar import Effect, Guard, Notice, Step, Workflow, bys, entries


def faults_of_all_words(workflows: Mapping[str, Workflow]) -> Iterator[Fault]:
    """What kinds must not share."""
    for kind, workflow in workflows.items():
        if workflow.kind != kind:
            yield Fault("kind_differs", kind, workflow.kind, "类别名与登记的名称不同，请改成一致")
    for one, other in combinations(workflows.values(), 2):
        if one.prefix == other.prefix:
            text = f"案号字头 {one.prefix} 与 {one.kind} 相同，请另取一个"
            yield Fault("prefix_twice", other.kind, other.prefix, text)


def faults_of_words(workflow: Workflow) -> Iterator[Fault]:
    """Names used twice, things that are not there, things without a Chinese title."""
    kind = workflow.kind
    named = (("状态", workflow.states), ("步骤", workflow.steps), ("期限", workflow.clocks))
    for what, things in named:
        for name in _twice(one.name for one in things):
            yield Fault("name_twice", kind, name, f"有两个同名的{what}，请改名或者删去一个")
    strange = [fault for step in workflow.steps for fault in _parts_of(step, kind)]
    yield from strange
    if strange:
        return
    for step in workflow.steps:
        yield from _states_of(step, workflow)
        yield from _refusals(step, kind)
    yield from _notices(workflow)
    yield from _titles(workflow)


def _twice(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def _states_of(step: Step, workflow: Workflow) -> Iterator[Fault]:
    named = (*step.sources, *((step.to,) if step.to else ()))
    for state in named:
        if state not in workflow.states:
            text = f"用到的状态 {state.name} 不在本类的状态表中，请补上或者改正"
            yield Fault("state_unknown", workflow.kind, step.name, text)
    if not named:
        text = "既没有来源状态，也没有去向状态，请写明"
        yield Fault("goes_nowhere", workflow.kind, step.name, text)
    elif step.source == ():
        text = "来源是空的，任何时候都不能办理；新建案件的步骤来源写 None"
        yield Fault("never_taken", workflow.kind, step.name, text)


def _parts_of(step: Step, kind: str) -> Iterator[Fault]:
    parts: tuple[tuple[Iterable[object], type, str], ...] = (
        (step.guards, Guard, "条件"),
        (step.effects, Effect, "后果"),
        (step.notices, Notice, "文书"),
    )
    for things, wanted, what in parts:
        for one in things:
            if not isinstance(one, wanted):
                text = f"{one!r} 不是{what}，请用 grammar 的写法"
                yield Fault("no_such_part", kind, step.name, text)


def _refusals(step: Step, kind: str) -> Iterator[Fault]:
    for guard in step.guards:
        if not (guard.refusal and guard.basis.citation):
            text = f"条件 {guard.code} 没有写明不能办理的理由或者依据，请补上"
            yield Fault("refused_silently", kind, step.name, text)


def _notices(workflow: Workflow) -> Iterator[Fault]:
    known: dict[str, Notice] = {}
    for step in workflow.steps:
        for one in step.notices:
            if known.setdefault(one.name, one) != one:
                text = f"文书 {one.name} 在别的步骤中写法不同，请统一或者改名"
                yield Fault("notice_differs", workflow.kind, step.name, text)


def _titles(workflow: Workflow) -> Iterator[Fault]:
    said = [(workflow.kind, workflow.title)]
    said += [(state.name, state.title) for state in workflow.states]
    for step in workflow.steps:
        said += [(step.name, step.title), *((step.name, one.title) for one in step.notices)]
        said += [(step.name, entry.title) for _, entry in entries(step.takes)]
    for place, title in said:
        if not any("一" <= sign <= "鿿" for sign in title):
            yield Fault("no_title", workflow.kind, place, "没有中文名称，请补上")
    for one, other in combinations(workflow.steps, 2):
        if (
            one.title == other.title
            and set(one.sources) & set(other.sources)
            and _rivals(one, other)
        ):
            text = f"与 {one.name} 在同一状态由同一角色办理而名称相同，请改名"
            yield Fault("title_twice", workflow.kind, other.name, text)


def _rivals(one: Step, other: Step) -> bool:
    roles = {by.role for by in bys(one.by)} & {by.role for by in bys(other.by)}
    return bool(roles) and one.name != other.name
