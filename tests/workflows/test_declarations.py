"""What guards and effects say of themselves is what they do, read from their source.

The checker believes them; so nothing may be said that is not done, nor done and not said.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.workflows.said import CLERK, TODAY, Said, attempt, case, somebody, steps
from workflows import WORKFLOWS
from workflows.grammar import Effect, Guard, Whose
from workflows.office import CaseFact

EFFECTS = {
    one.carry_out.__name__: one
    for workflow in WORKFLOWS.values()
    for step in workflow.steps
    for one in step.effects
}
GUARDS = [
    (f"{kind}.{step.name}.{one.code}", kind, step.name, one)
    for kind, workflow in WORKFLOWS.items()
    for step in workflow.steps
    for one in step.guards
]
each_effect = pytest.mark.parametrize("name", EFFECTS)
each_guard = pytest.mark.parametrize(
    ("kind", "step", "guard"), [one[1:] for one in GUARDS], ids=[one[0] for one in GUARDS]
)


def calls(function: Callable[..., Any], seen: frozenset[str] = frozenset()) -> Iterator[ast.Call]:
    """The calls of a function, and of the functions of the law that it calls."""
    known = inspect.getclosurevars(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        yield call
        if isinstance(call.func, ast.Name) and call.func.id not in seen:
            called = {**known.globals, **known.nonlocals}.get(call.func.id)
            inner = called.carry_out if isinstance(called, Effect) else called
            if inspect.isfunction(inner) and inner.__module__.startswith("workflows"):
                yield from calls(inner, seen | {call.func.id})


def asked(
    function: Callable[..., Any], door: str
) -> list[tuple[str, list[ast.expr], dict[str, str]]]:
    """What is asked of `facts` or told the `office`: verb, arguments, keywords as written."""
    return [
        (
            call.func.attr,
            call.args,
            {str(one.arg): ast.unparse(one.value) for one in call.keywords},
        )
        for call in calls(function)
        if isinstance(call.func, ast.Attribute) and door in ast.unparse(call.func.value)
    ]


def texts(arguments: list[ast.expr], known: Mapping[str, Any]) -> list[str]:
    """Texts among the arguments, written out or held by the function around."""
    plain = [one.value for one in arguments if isinstance(one, ast.Constant)]
    held = [known[one.id] for one in arguments if isinstance(one, ast.Name) and one.id in known]
    return [one for one in (*plain, *held) if isinstance(one, str)]


@each_effect
def test_it_holds_releases_opens_and_ends_what_it_says(name):
    said = EFFECTS[name]
    told = asked(said.carry_out, "office")
    verbs = {verb for verb, _, _ in told}
    assert said.holds == ("hold" in verbs) == ("annotate" in verbs)
    assert bool(said.releases) == ("release" in verbs) == ("end_annotation" in verbs)
    assert said.stops_parent == ("stop_parent" in verbs)
    opened = {tuple(texts(arguments, {})) for verb, arguments, _ in told if verb == "open"}
    assert set(said.opens) == opened
    ordered = {tuple(texts(arguments, {})) for verb, arguments, _ in told if verb == "order"}
    assert {(step,) for _, step in said.ends} == ordered


@each_effect
def test_it_releases_the_holds_of_whom_it_says(name):
    said = EFFECTS[name]
    ending = {"release", "end_annotation"}
    told = asked(said.carry_out, "office")
    whose = {said["of"].rpartition(".")[0] for verb, _, said in told if verb in ending}
    expected = {None: set(), Whose.OWN: {""}, Whose.PARENTS: {"parent"}}
    assert whose == expected[said.releases]


@each_guard
def test_it_asks_for_the_clocks_it_says(kind, step, guard):
    held = inspect.getclosurevars(guard.check).nonlocals
    told = asked(guard.check, "facts")
    clocks = {
        name
        for verb, arguments, _ in told
        if verb in {"due", "passed"}
        for name in texts(arguments, held)
    }
    assert set(guard.clocks) == clocks


@each_guard
def test_what_it_awaits_must_have_ended(kind, step, guard):
    children = {
        name
        for verb, arguments, _ in asked(guard.check, "facts")
        if verb == "children"
        for name in texts(arguments, {})
    }
    assert set(guard.awaits) <= children
    for child in guard.awaits:
        for state in WORKFLOWS[child].states:
            facts = Said(case(kind, _source(kind, step)), below=(_child(child, state.name),))
            assert guard.check(attempt(kind, step, facts)) != state.waiting


@each_guard
def test_it_keeps_out_those_it_says_and_nobody_else(kind, step, guard):
    kept_out = {
        one.name
        for one in WORKFLOWS[kind].steps
        if _is_four_eyes(guard) and not guard.check(_again(kind, step, one.name, guard))
    }
    assert kept_out == set(guard.excludes)


def _is_four_eyes(guard: Guard) -> bool:
    return guard.code in {"another_person_handled_it", "did_not_take_the_annulled_decision"}


def _again(kind: str, step: str, earlier: str, guard: Guard) -> Any:
    after = [(guard.reopened_by, None)] if guard.reopened_by else []
    facts = Said(case(kind, _source(kind, step)), past=steps((earlier, CLERK), *after))
    return attempt(kind, step, facts, actor=somebody(person=CLERK))


def _source(kind: str, step: str) -> str:
    sources = WORKFLOWS[kind].step(step).sources
    return (sources or WORKFLOWS[kind].states)[0].name


def _child(kind: str, state: str) -> CaseFact:
    return CaseFact(
        number="HS-1",
        kind=kind,
        law_version=WORKFLOWS[kind].version,
        state=state,
        open=WORKFLOWS[kind].state(state).waiting,
        unit=2,
        parent="YY-2026-000001",
        subject=None,
        filer_person=None,
        filer_unit=None,
        filed_on=TODAY,
        details={},
    )


DECIDES = {
    "objection": {"refuse", "uphold", "dismiss"},
    "verification": {"grant_time", "endorse"},
    "suspension": {"decline"},
    "correction": {"carry_out", "withdraw_publication"},
    "repair": {"refuse_acceptance", "grant", "refuse", "revoke", "drop_revocation"},
}
ENDORSES = {"correction": {"approve"}, "repair": {"endorse"}}
FAVOURS = {"grant_time", "endorse", "carry_out", "withdraw_publication", "grant", "drop_revocation"}
ANNULS = {
    ("objection", "reopen"): ("uphold", "dismiss"),
    ("objection", "reopen_acceptance"): ("refuse",),
    ("repair", "reopen"): ("grant", "refuse"),
    ("repair", "reopen_acceptance"): ("refuse_acceptance",),
    ("repair", "restore_repair"): ("revoke",),
}
BESIDE = {"note_review", "note_review_ended", "stop_clock", "restart_clock", "served", "urge"}


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_what_decides_endorses_or_burdens_is_what_the_law_says(kind):
    flow = WORKFLOWS[kind].steps
    assert {one.name for one in flow if one.decides} == DECIDES[kind]
    assert {one.name for one in flow if one.endorses} == ENDORSES.get(kind, set())
    assert {one.name for one in flow if one.burdens} == DECIDES[kind] - FAVOURS
    assert {one.name for one in flow if one.beside} == BESIDE
    found = {(kind, one.name): one.annuls for one in flow if one.annuls}
    assert found == {key: names for key, names in ANNULS.items() if key[0] == kind}


def test_only_what_waits_for_others_borrows_and_only_an_order_to_a_department_outlives():
    borrowing = [
        (kind, state.name)
        for kind, workflow in WORKFLOWS.items()
        for state in workflow.states
        if state.borrows
    ]
    assert borrowing == [("suspension", "suspended")]
    assert [kind for kind, workflow in WORKFLOWS.items() if workflow.outlives] == ["suspension"]
