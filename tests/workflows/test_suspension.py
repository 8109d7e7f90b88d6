"""The suspension as it is written in the law, and every condition of its steps."""

from datetime import date

import pytest

from tests.workflows.definition import PARALLEL, SAME, assert_as_written, owners
from tests.workflows.said import (
    APPROVER,
    CLOCK,
    DEPARTMENT,
    HANDLER,
    Said,
    assert_met_and_unmet,
    attempt,
    case,
    codes_of,
    sanction,
    somebody,
    steps,
)
from workflows import WORKFLOWS
from workflows.grammar import Role
from workflows.inputs.suspension import Confirmation
from workflows.sources import SUPERVISION, SUSPENSION

STATES = "ordered suspended declined* resuming resumed* lifting lifted*"
WAITING = "ordered suspended resuming lifting"
STEPS = {
    "open": ("", "ordered", "SYSTEM"),
    "open_to_lift": ("", "lifting", "SYSTEM"),
    "confirm": ("ordered", "suspended", "executor.handler"),
    "decline": ("ordered", "declined", "executor.approver"),
    "order_resume": ("ordered suspended", "resuming", "SYSTEM"),
    "order_lift": ("ordered suspended resuming", "lifting", "SYSTEM"),
    "confirm_resumed": ("resuming", "resumed", "executor.handler office.supervisor"),
    "confirm_lifted": ("lifting", "lifted", "executor.handler office.supervisor"),
    "hold_again": ("resuming", "ordered", "SYSTEM"),
    "urge": (WAITING, SAME, "SYSTEM office.supervisor"),
    "stop_clock": (WAITING, SAME, "executor.approver? office.approver?"),
    "restart_clock": (WAITING, SAME, "SYSTEM owner"),
    **PARALLEL,
}
OWNERS = {
    "ordered": ("executor.handler", ("suspension.confirm",)),
    "suspended": ("office.clerk", ()),
    "resuming": ("executor.handler", ("suspension.resume",)),
    "lifting": ("executor.handler", ("suspension.lift",)),
}


def test_states_and_steps_are_those_of_the_law():
    assert_as_written("suspension", STATES, STEPS, added=set())


def test_each_state_waits_for_one_owner_and_its_clocks():
    assert owners("suspension") == OWNERS


def trial(step, given=None, actor=None, *, of=None, past=(), dues=None, **punished):
    """An attempt at a step of a suspension of a sanction of which this is said."""
    facts = Said(
        of or case("suspension", "ordered", unit=DEPARTMENT),
        punished=(sanction(**punished),),
        past=past,
        dues=dues or {},
    )
    return attempt("suspension", step, facts, given, actor or CLOCK)


HELD = frozenset({"YY-1"})
SUPERVISOR = somebody(Role.OFFICE_SUPERVISOR)
STAND_IN = {"suspension.resume": date(2026, 8, 2)}
OPENED = steps("open")

TRIALS = {
    "the_measure_is_mandatory": (trial("decline", mandatory=True), trial("decline")),
    "it_was_never_confirmed": (
        trial("decline", past=OPENED),
        trial("decline", past=steps("open", "confirm", "order_resume", "hold_again")),
    ),
    "another_person_handled_it": (
        trial("decline", actor=somebody(), past=steps(("confirm", HANDLER))),
        trial("decline", actor=somebody(), past=steps(("confirm", APPROVER))),
    ),
    "no_case_holds_it": (trial("order_resume"), trial("order_resume", holders=HELD)),
    "a_case_holds_it": (trial("hold_again", holders=HELD), trial("hold_again")),
    "a_valid_record_supports_it": (
        trial("order_resume"),
        trial("order_resume", supported=False),
    ),
    "its_period_runs": (trial("order_resume"), trial("order_resume", over=True)),
    "nothing_supports_it_any_more": (
        trial("order_lift", supported=False, holders=HELD),
        trial("order_lift", holders=HELD),
    ),
    "the_day_reported_is_possible": (
        trial("confirm", Confirmation(date(2026, 8, 3), "已停"), past=OPENED),
        trial("confirm", Confirmation(date(2026, 8, 4), "已停"), past=OPENED),
    ),
    "the_department_let_its_time_pass": (
        trial("confirm_resumed", actor=SUPERVISOR, dues=STAND_IN),
        trial("confirm_resumed", actor=SUPERVISOR, dues={"suspension.resume": date(2026, 8, 3)}),
    ),
    "somebody_is_waited_for": (
        trial("urge"),
        trial("urge", of=case("suspension", "declined", unit=DEPARTMENT)),
    ),
    "a_review_is_pending": (
        trial("note_review_ended", past=steps("note_review")),
        trial("note_review_ended"),
    ),
    "the_clocks_run": (trial("stop_clock"), trial("stop_clock", past=steps("stop_clock"))),
    "the_clocks_stand_still": (
        trial("restart_clock", actor=somebody(), past=steps("stop_clock")),
        trial("restart_clock", actor=somebody()),
    ),
    "its_deadline_has_passed": (
        trial("restart_clock", dues={"clock.stopped": date(2026, 8, 2)}),
        trial("restart_clock", dues={"clock.stopped": date(2026, 8, 3)}),
    ),
}


@pytest.mark.parametrize("code", TRIALS)
def test_each_condition_is_met_and_unmet(code):
    assert_met_and_unmet(code, TRIALS[code])


def test_no_condition_is_left_out():
    assert set(TRIALS) == codes_of("suspension")


def met(code, tried):
    return next(one for one in tried.step.guards if one.code == code).check(tried)


def test_what_is_over_is_lifted_though_a_record_supports_it():
    assert met("nothing_supports_it_any_more", trial("order_lift", over=True))


def test_the_department_need_not_wait_for_its_time_to_pass():
    own = somebody(Role.EXECUTOR_HANDLER, unit=DEPARTMENT)
    both = somebody(Role.EXECUTOR_HANDLER, Role.OFFICE_SUPERVISOR, unit=DEPARTMENT)
    for actor in (own, both):
        assert met("the_department_let_its_time_pass", trial("confirm_lifted", actor=actor))


def test_what_ends_a_measure_or_a_suspension_does_not_rest_on_the_rule_that_suspends():
    bases = {
        step: {one.code: one.basis for one in WORKFLOWS["suspension"].step(step).guards}
        for step in ("confirm", "confirm_resumed", "confirm_lifted")
    }
    rests_on = {step: one["the_day_reported_is_possible"] for step, one in bases.items()}
    assert rests_on == {
        "confirm": SUSPENSION,
        "confirm_resumed": SUPERVISION,
        "confirm_lifted": SUPERVISION,
    }


def test_what_was_done_was_done_after_the_last_order():
    past = (*steps("open", "confirm"),)
    early = trial("confirm", Confirmation(date(2026, 8, 2), "已停"), past=past)
    assert not met("the_day_reported_is_possible", early)
