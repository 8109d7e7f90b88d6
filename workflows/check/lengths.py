"""Whether a rule set has every rule that a definition names."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.check.fault import Fault
from workflows.grammar import Clock, Workflow, entries
from workflows.rules import Rules, UnknownRule


def faults_of_rules(workflow: Workflow, rules: Rules) -> Iterator[Fault]:
    """Clocks without a length, notices without series or basis, entries without options."""
    kind, where = workflow.kind, f"规则集 {rules.profile} 中"
    for clock in workflow.clocks:
        for name in _lengths(clock):
            if not _is_length(rules, name):
                text = f"{where}没有期限 {name}，或者不是大于零的期限：请补上"
                yield Fault("no_length", kind, clock.name, text)
    for step in workflow.steps:
        for notice in step.notices:
            for name in (f"series.{kind}.{notice.name}", f"basis.{kind}.{notice.name}"):
                if name not in rules:
                    text = f"{where}没有 {name}，文书 {notice.name} 不能出具：请补上"
                    yield Fault("no_words", kind, step.name, text)
        for _, entry in entries(step.takes):
            if isinstance(entry.choices, str) and not _is_list(rules, entry.choices):
                text = f"{where}没有选项 {entry.choices}，“{entry.title}”不能选择：请补上"
                yield Fault("no_options", kind, step.name, text)


def _lengths(clock: Clock) -> Iterator[str]:
    yield clock.name
    if clock.extended_by is not None and not clock.extended_by[1].startswith("input:"):
        yield clock.extended_by[1]


def _is_length(rules: Rules, name: str) -> bool:
    try:
        return rules.length(name).value > 0
    except UnknownRule:
        return False


def _is_list(rules: Rules, name: str) -> bool:
    try:
        return bool(rules.options(name))
    except UnknownRule:
        return False
