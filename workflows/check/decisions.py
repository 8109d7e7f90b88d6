"""Whether every decision is told, with remedies where it burdens, and taken by other eyes."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.check.fault import Fault, listed
from workflows.check.ways import moves, reached
from workflows.grammar import Party, Role, Step, Workflow, bys

HANDLERS = frozenset({Role.FILER, Role.OFFICE_CLERK, Role.PROVIDER_HANDLER, Role.EXECUTOR_HANDLER})
"""Who prepares what others endorse or decide; a filer may be a unit, or the counter."""
CONCERNED = frozenset({Party.FILER, Party.SUBJECT})


def faults_of_decisions(workflow: Workflow) -> Iterator[Fault]:
    """Decisions without notice, remedies or other eyes; decisions taken again by the same."""
    ways = moves(workflow)
    for step in workflow.steps:
        yield from _told(step, workflow.kind)
        if step.decides or step.endorses:
            yield from _other_eyes(step, ways, workflow)
        if step.annuls:
            yield from _annulled(step, ways, workflow)


def _told(step: Step, kind: str) -> Iterator[Fault]:
    adverse = [one for one in step.notices if one.adverse]
    if step.decides and not step.notices:
        yield Fault("decides_silently", kind, step.name, "是决定而没有文书，请补上")
    if step.burdens and not step.decides:
        text = "使人负担的（burdens）应当是决定（decides），请改正"
        yield Fault("burdens_without_decision", kind, step.name, text)
    if step.burdens and not any(one.to in CONCERNED for one in adverse):
        text = "使人负担，而没有向申请人或者主体出具写明救济途径（adverse）的文书：请补上"
        yield Fault("burdens_without_remedies", kind, step.name, text)
    if adverse and not step.burdens:
        text = (
            f"文书 {adverse[0].name} 写明救济途径，步骤却不使人负担：请写 burdens 或者去掉 adverse"
        )
        yield Fault("remedies_without_burden", kind, step.name, text)


def _other_eyes(step: Step, ways: dict[str, set[str]], workflow: Workflow) -> Iterator[Fault]:
    """Who handled it on a way to here, or has just endorsed it, is kept out."""
    kept_out = {name for guard in step.guards if not guard.reopened_by for name in guard.excludes}
    sources = {state.name for state in step.sources}
    missing = {
        one.name
        for one in workflow.steps
        if one.name not in {step.name, *kept_out}
        and (_handles(one, sources, ways) or (step.decides and _has_endorsed(one, sources)))
    }
    if missing:
        text = f"经办过 {listed(missing)} 的人不应再审批：请在经办与审批分离的条件中补上"
        yield Fault("same_eyes", workflow.kind, step.name, text)
    for name in sorted(kept_out - {one.name for one in workflow.steps}):
        text = f"经办与审批分离的条件所写的步骤 {name} 不存在，请改正"
        yield Fault("excludes_unknown", workflow.kind, step.name, text)


def _handles(step: Step, sources: set[str], ways: dict[str, set[str]]) -> bool:
    """Whether somebody prepares by it what is decided in one of these states."""
    if step.beside or not {by.role for by in bys(step.by)} & HANDLERS:
        return False
    arrives = [step.to.name] if step.to else [state.name for state in step.sources]
    return bool(reached(ways, arrives) & sources)


def _has_endorsed(step: Step, sources: set[str]) -> bool:
    return step.endorses and step.to is not None and step.to.name in sources


def _annulled(step: Step, ways: dict[str, set[str]], workflow: Workflow) -> Iterator[Fault]:
    """Whoever took the decision that was annulled does not take it again."""
    known = {one.name: one for one in workflow.steps}
    if not all(state.rest for state in step.sources):
        text = "只有已经办结（rest）的案件才有可撤销的处理，请改正来源状态"
        yield Fault("annuls_too_early", workflow.kind, step.name, text)
    leads = reached(ways, [step.to.name] if step.to else [])
    for name in step.annuls:
        decision = known.get(name)
        if decision is None or not decision.decides:
            text = f"被撤销的 {name} 不是本类的决定，请改正 annuls"
            yield Fault("annuls_nothing", workflow.kind, step.name, text)
        elif leads & {one.name for one in decision.sources} and not _not_again(decision, step):
            text = f"{step.name} 撤销原处理后，原办理人还能再次办理：请加上条件"
            yield Fault("decides_again", workflow.kind, name, text)


def _not_again(decision: Step, reopening: Step) -> bool:
    return any(
        guard.reopened_by == reopening.name and set(reopening.annuls) <= set(guard.excludes)
        for guard in decision.guards
    )
