"""Every guard of every kind is tried once met and once not, with its sentence: none is left out.

Two guards may share a name: of those that a page makes with other steps or another clock, each is
tried by itself, here where the trials of its kind try its namesake.
"""

from __future__ import annotations

import importlib
from datetime import date

import pytest

from tests.workflows.said import (
    APPROVER,
    CLOCK,
    HANDLER,
    PROVIDER,
    TODAY,
    Said,
    Trial,
    assert_met_and_unmet,
    attempt,
    case,
    guard_of,
    record,
    sanction,
    somebody,
    steps,
)
from workflows import WORKFLOWS
from workflows.grammar import Role
from workflows.inputs.suspension import Lifted

YESTERDAY = date(2026, 8, 2)


def by_the_clock(kind: str, step: str, clock: str) -> Trial:
    """The clock comes once the deadline has passed, and on its last day."""
    own = case(kind, WORKFLOWS[kind].step(step).sources[0].name)
    late, in_time = (Said(own, dues={clock: day}) for day in (YESTERDAY, TODAY))
    return attempt(kind, step, late, actor=CLOCK), attempt(kind, step, in_time, actor=CLOCK)


def by_others(kind: str, step: str, *before: str) -> Trial:
    """Another person took the first of the steps before, and the same."""
    own = case(kind, WORKFLOWS[kind].step(step).sources[0].name, unit=PROVIDER)
    actor = somebody(person=APPROVER)
    first, *rest = before
    another, same = (
        Said(own, register=(record(),), past=steps((first, who), *rest))
        for who in (HANDLER, APPROVER)
    )
    return attempt(kind, step, another, actor=actor), attempt(kind, step, same, actor=actor)


def in_its_place() -> Trial:
    """The supervisor stands in once the department let its time pass, and before."""
    own, supervisor = case("suspension", "lifting"), somebody(Role.OFFICE_SUPERVISOR)
    late, in_time = (
        Said(own, punished=(sanction(),), dues={"suspension.lift": day})
        for day in (YESTERDAY, TODAY)
    )
    step = "confirm_lifted"
    return (
        attempt("suspension", step, late, actor=supervisor),
        attempt("suspension", step, in_time, actor=supervisor),
    )


def on_its_day() -> Trial:
    """Lifted on the day it was ordered, and reported for a day that has not come."""
    own = Said(case("suspension", "lifting"), past=steps("order_lift"))
    today, tomorrow = (Lifted(day) for day in (TODAY, date(2026, 8, 4)))
    step = "confirm_lifted"
    return attempt("suspension", step, own, today), attempt("suspension", step, own, tomorrow)


DEADLINE, NOT_AGAIN = "its_deadline_has_passed", "did_not_take_the_annulled_decision"
ANOTHER = "another_person_handled_it"
NAMESAKES: list[tuple[str, Trial]] = [
    (DEADLINE, by_the_clock("objection", "discard", "draft.keep")),
    (DEADLINE, by_the_clock("objection", "restart_clock", "clock.stopped")),
    (DEADLINE, by_the_clock("verification", "restart_clock", "clock.stopped")),
    (DEADLINE, by_the_clock("repair", "lapse", "repair.supplement")),
    (DEADLINE, by_the_clock("repair", "restart_clock", "clock.stopped")),
    (NOT_AGAIN, by_others("objection", "refuse", "refuse", "reopen_acceptance")),
    (NOT_AGAIN, by_others("repair", "refuse_acceptance", "refuse_acceptance", "reopen_acceptance")),
    (NOT_AGAIN, by_others("repair", "revoke", "revoke", "restore_repair")),
    (ANOTHER, by_others("repair", "grant", "endorse")),
    ("the_department_let_its_time_pass", in_its_place()),
    ("the_day_reported_is_possible", on_its_day()),
]


@pytest.mark.parametrize(("code", "trial"), NAMESAKES)
def test_each_namesake_is_met_and_unmet(code, trial):
    assert_met_and_unmet(code, trial)


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_no_guard_is_left_out(kind):
    own = importlib.import_module(f"tests.workflows.test_{kind}").TRIALS.items()
    mine = [(code, trial) for code, trial in NAMESAKES if trial[0].step in WORKFLOWS[kind].steps]
    tried = {id(guard_of(one, code)) for code, trial in [*own, *mine] for one in trial}
    left_out = {
        (step.name, guard.code)
        for step in WORKFLOWS[kind].steps
        for guard in step.guards
        if id(guard) not in tried
    }
    assert not left_out
