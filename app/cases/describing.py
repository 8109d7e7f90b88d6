"""A page of documentation for each kind of case, written from its definition."""

from __future__ import annotations

from collections.abc import Iterator

from workflows import WORKFLOWS
from workflows.grammar import Actors, Step, Workflow, bys


def described(kind: str) -> str:
    """The Markdown page of a kind: states, steps, clocks, and a diagram of what moves it."""
    return "\n".join(_lines(WORKFLOWS[kind])) + "\n"


def _lines(workflow: Workflow) -> Iterator[str]:
    yield f"# {workflow.title} (`{workflow.kind}`, {workflow.prefix}-)"
    yield ""
    yield "Written by `flask --app wsgi workflows write`; change the definition, not this page."
    yield from ("", f"![{workflow.title}的办理流程]({workflow.kind}.svg)")
    yield from _diagram(workflow)
    yield from _states(workflow)
    yield from _steps(workflow)
    yield from _clocks(workflow)


def _diagram(workflow: Workflow) -> Iterator[str]:
    yield from ("", "```mermaid", "stateDiagram-v2")
    for state in workflow.states:
        yield f"    {state.name} : {state.title}"
    for step in workflow.steps:
        if step.to is None:
            continue
        for source in [state.name for state in step.sources] or ["[*]"]:
            yield f"    {source} --> {step.to.name} : {step.name}"
    for state in workflow.states:
        if not state.waiting:
            yield f"    {state.name} --> [*]"
    yield "```"


def _states(workflow: Workflow) -> Iterator[str]:
    yield from ("", "## States", "", "| state | | waits for | until |", "|---|---|---|---|")
    for state in workflow.states:
        ends = "final" if state.final else "at rest" if state.rest else ""
        waits = _who(state.owner) if state.owner else ends
        until = ", ".join(state.deadline)
        yield f"| `{state.name}` | {state.title} | {waits} | {until} |"


def _steps(workflow: Workflow) -> Iterator[str]:
    yield from ("", "## Steps")
    for step in workflow.steps:
        yield from ("", f"### `{step.name}` {step.title}", "")
        yield f"- {_way(step)}; by {_who(step.by)}"
        for guard in step.guards:
            said = guard.refusal if isinstance(guard.refusal, str) else guard.check.__doc__ or ""
            mark = "" if guard.basis.verified else "〔待核〕"
            yield f"- only if `{guard.code}`: {said}（{guard.basis.citation}{mark}）"
        for effect in step.effects:
            yield f"- {effect.summary}"
        for notice in step.notices:
            yield f"- issues 《{notice.title}》 (`{notice.name}`)"


def _way(step: Step) -> str:
    source = ", ".join(f"`{state.name}`" for state in step.sources) or "opens the case"
    return f"{source} → `{step.to.name}`" if step.to else f"{source}, stays there"


def _who(actors: Actors) -> str:
    return ", ".join(
        f"`{by.role.value}`" + (" (where it applies)" if by.when or by.unless else "")
        for by in bys(actors)
    )


def _clocks(workflow: Workflow) -> Iterator[str]:
    yield from ("", "## Clocks", "", "| clock | started by | runs in |", "|---|---|---|")
    for clock in workflow.clocks:
        starts = ", ".join(f"`{name}`" for name in clock.starts)
        runs = ", ".join(f"`{state.name}`" for state in clock.runs_in)
        yield f"| `{clock.name}` | {starts} | {runs} |"
