"""What every definition must satisfy, proved without running a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workflows.check.children import faults_of_children
from workflows.check.clocks import faults_of_clocks
from workflows.check.decisions import faults_of_decisions
from workflows.check.fault import Fault
from workflows.check.lengths import faults_of_rules
from workflows.check.people import faults_of_people
from workflows.check.versions import faults_of_versions
from workflows.check.ways import faults_of_ways
from workflows.check.words import faults_of_all_words, faults_of_words
from workflows.grammar import Workflow
from workflows.rules import Rules

__all__ = ["Fault", "faults", "faults_of_laws"]


def faults(workflows: Mapping[str, Workflow], profiles: Sequence[Rules]) -> tuple[Fault, ...]:
    """All that is wrong with the kinds, each by itself, with each other and under each rule set.

    Where the words of a kind are wrong, nothing else is said: the proofs rest on them.
    """
    wrong = [*faults_of_all_words(workflows)]
    for workflow in workflows.values():
        wrong += faults_of_words(workflow)
    return tuple(dict.fromkeys(wrong or _proofs(workflows, profiles)))


def faults_of_laws(
    laws: Mapping[int, Mapping[str, Workflow]], profiles: Sequence[Rules]
) -> tuple[Fault, ...]:
    """All that is wrong with any version of the law, and between them; the kinds by version."""
    wrong = [fault for kinds in laws.values() for fault in faults(kinds, profiles)]
    return tuple(dict.fromkeys(wrong or faults_of_versions(laws)))


def _proofs(workflows: Mapping[str, Workflow], profiles: Sequence[Rules]) -> Iterator[Fault]:
    for workflow in workflows.values():
        yield from faults_of_ways(workflow)
        yield from faults_of_people(workflow)
        yield from faults_of_clocks(workflow)
        yield from faults_of_decisions(workflow)
        yield from faults_of_children(workflow, workflows)
        for rules in profiles:
            yield from faults_of_rules(workflow, rules)
