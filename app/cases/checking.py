"""Whether the definitions hold, and the office offers all they name; the program starts with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING
from itertools import chain
from typing import Final

import click
from flask import Flask

from app.cases import presentation
from app.cases.due import DUTIES
from app.cases.facts import CaseFacts
from app.cases.inputs import fields_of
from app.cases.office import CaseOffice
from app.cases.possibilities import DETOURS, TO_BE_HEARD
from app.cases.roles import TITLES
from app.clock import today
from app.notices.printing import has_template, prints
from config import Config
from workflows import editions, law_of, versions
from workflows.check import Fault, faults_of_laws
from workflows.grammar import Role, Shape, Step, Workflow, bys, entries
from workflows.office import Facts, Office
from workflows.rules import Rules, catalogue, profiles

NOT_BY_THE_CLOCK: Final = frozenset({"served", "hold_again"})
"""Steps of the system taken on another occasion: a proof of service, a hold before resumption."""


class FaultyDefinitions(click.ClickException):
    """The program does not start: a case could get where nobody gets it out again."""

    def __init__(self, found: Iterable[Fault]) -> None:
        lines = "\n".join(f"  {one}" for one in found)
        super().__init__(f"流程定义有误，程序不能启动；请改正以下各项：\n{lines}")


def init_app(app: Flask) -> None:
    """Raises FaultyDefinitions where anything is wrong that can be told without reading templates."""
    config: Config = app.config["REDRESS"]
    found = [*proved([catalogue(config.rules).on(today())]), *offered()]
    if found:
        raise FaultyDefinitions(found)


def everything() -> list[Fault]:
    """All that is wrong: under every rule set from today on, and with every template."""
    return [*proved(rule_sets()), *offered(), *told()]


def proved(profiles: Sequence[Rules]) -> Sequence[Fault]:
    """What is wrong with the law itself, in any version under which a case may be."""
    return faults_of_laws({version: law_of(version) for version in versions()}, profiles)


def rule_sets() -> Sequence[Rules]:
    """What is in force today, and on each later day on which something changes, in every profile."""
    found = []
    for profile in profiles():
        known = catalogue(profile)
        days = {row.effective_from for row in known.rows if row.effective_from > today()}
        found += [known.on(day) for day in sorted({today(), *days})]
    return found


def offered() -> list[Fault]:
    """What the definitions name and the office does not have, or the other way round."""
    each = (_of_kind(workflow) for workflow in editions())
    return [*chain.from_iterable(each), *_doors(), *_labels_of_nothing()]


def told() -> list[Fault]:
    """Decisions whose notice does not say what it must: basis, reasons and remedies."""
    return [
        fault
        for workflow in editions()
        for step in workflow.steps
        if step.decides
        for notice in step.notices
        if has_template(workflow.kind, notice.name)
        for fault in _told(workflow.kind, step, notice.name)
    ]


def _told(kind: str, step: Step, notice: str) -> Iterator[Fault]:
    printed = prints(kind, notice)
    wanted = {"basis": "依据"}
    if step.burdens:
        wanted["remedies"] = "救济途径"
        reasons = {f"input.{name}" for name in reasons_of(step)}
        if not reasons:
            text = "使人负担的决定没有要求填写理由，请在填报内容中加上必填的理由"
            yield Fault("no_reasons", kind, step.name, text)
        wanted |= dict.fromkeys(reasons, "理由")
    for name, title in wanted.items():
        if name not in printed:
            text = f"文书 {notice} 的模板没有写明{title}（{name}），请补上"
            yield Fault("not_told", kind, step.name, text)


def reasons_of(step: Step) -> list[str]:
    """What must be said at length by whoever takes it."""
    return [
        field.name
        for field, said in entries(step.takes)
        if said.shape is Shape.TEXT and field.default is MISSING
    ]


def _of_kind(workflow: Workflow) -> Iterator[Fault]:
    kind = workflow.kind
    for step in workflow.steps:
        for notice in step.notices:
            if not has_template(kind, notice.name):
                text = f"没有模板 templates/notices/{kind}/{notice.name}.html，请补上"
                yield Fault("no_template", kind, step.name, text)
        yield from _of_step(step, workflow)
    for state in workflow.states:
        if state.waiting and not presentation.expected(kind, state.name):
            yield Fault("no_label", kind, state.name, "没有写明办理事项，请在 EXPECTED 中补上")
    for clock in workflow.clocks:
        if presentation.clock_title(kind, clock.name) == clock.name:
            yield Fault("no_label", kind, clock.name, "期限没有中文名称，请在 CLOCKS 中补上")


def _of_step(step: Step, workflow: Workflow) -> Iterator[Fault]:
    roles = {by.role for by in bys(step.by)}
    for role in sorted(roles - TITLES.keys()):
        text = f"角色 {role} 没有中文名称，请在 TITLES 中补上"
        yield Fault("no_label", workflow.kind, step.name, text)
    try:
        fields_of(step.takes)
    except (KeyError, NameError, TypeError):
        text = f"填报内容 {step.takes.__name__} 不能做成表单，请改用 grammar 认识的类型"
        yield Fault("no_form", workflow.kind, step.name, text)
    if roles == {Role.SYSTEM} and step.sources and not _taken(step, workflow):
        text = "由系统办理，却没有任何时机会办理它：请在 due.DUTIES 中补上"
        yield Fault("nobody_takes", workflow.kind, step.name, text)


def _taken(step: Step, workflow: Workflow) -> bool:
    """Whether the clock looks for it, another case orders it, or it has an occasion of its own."""
    ordered = {
        one
        for other in editions()
        for each in other.steps
        for effect in each.effects
        for one in effect.ends
    }
    by_the_clock = {duty.step for duty in DUTIES}
    return step.name in by_the_clock | NOT_BY_THE_CLOCK or (workflow.kind, step.name) in ordered


def _doors() -> Iterator[Fault]:
    """What guards may ask and effects may do is there to be asked and done."""
    for door, behind in ((Facts, CaseFacts), (Office, CaseOffice)):
        for name in sorted(name for name in vars(door) if not name.startswith("_")):
            if not callable(getattr(behind, name, None)):
                text = f"{behind.__name__} 没有 {door.__name__}.{name}，请补上"
                yield Fault("door_missing", door.__name__, name, text)


def _labels_of_nothing() -> Iterator[Fault]:
    states = {(flow.kind, one.name) for flow in editions() for one in flow.states}
    steps = {(flow.kind, one.name) for flow in editions() for one in flow.steps}
    labels = (*presentation.WARNINGS, *presentation.TITLED, *presentation.INTERNAL)
    unknown = {*presentation.EXPECTED, *presentation.ENDED} - states
    unknown |= set(labels) - steps
    unknown |= {("*", name) for name in DETOURS | TO_BE_HEARD} - {("*", name) for _, name in steps}
    for kind, name in sorted(unknown):
        yield Fault("label_of_nothing", kind, name, "有说明文字，流程中却没有它，请删去或者改名")
