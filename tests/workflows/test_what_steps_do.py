"""What each step has done and issues, as the tables of the law say it; what is not listed does nothing.

The verbs are those of the office (`workflows.office.Office`), read from the source of its effects.
"""

import pytest

from tests.workflows.test_declarations import asked
from workflows import WORKFLOWS

CONTEST = "annotate hold"
LET_GO = "end_annotation release"
RIGHT = f"keep change_record settle inform_recipients {LET_GO}"
REPAIRED = "keep repair_record settle inform_recipients"
DOES = {
    "objection": {
        "file": "replace_draft",
        "amend": "replace_draft",
        "accept": f"{CONTEST} open",
        "correct_own_error": f"{CONTEST} order keep_item",
        "redirect": "keep_item open",
        "redirect_nowhere": "keep_item",
        "return_for_verification": f"{CONTEST} open",
        "uphold": f"keep_item {LET_GO} open",
        "dismiss": f"keep_item {LET_GO} open",
        "withdraw": f"order {LET_GO}",
        "reopen": CONTEST,
    },
    "verification": {
        "report": "keep keep_answers",
        "endorse": "keep_item",
        "expire": "keep_item",
    },
    "suspension": {
        "open_to_lift": "order_sanction",
        "confirm": "keep hold_as_confirmed",
        "decline": "keep end_holds",
        "order_resume": "order_sanction",
        "order_lift": "order_sanction",
        "confirm_resumed": "resume_sanction",
        "confirm_lifted": "end_sanction",
        "hold_again": "order_sanction",
    },
    "correction": {
        "correct": "keep",
        "approve": RIGHT,
        "carry_out": RIGHT,
        "moot": LET_GO,
        "restore": "keep",
        "withdraw_publication": RIGHT,
        "cut_off": "cut_off",
        "urge": "remind_recipients",
    },
    "repair": {
        "file": "keep",
        "amend": "keep",
        "submit": "keep",
        "refuse_acceptance": "keep",
        "propose_grant": "keep",
        "propose_refusal": "keep",
        "grant": REPAIRED,
        "refuse": "keep",
        "cut_off": "cut_off",
        "propose_revocation": "keep",
        "answer": "keep",
        "revoke": "keep undo_repair inform_recipients",
        "restore_repair": REPAIRED,
        "urge": "remind_recipients",
    },
}
ISSUES = {
    "objection": {
        "submit": "receipt",
        "request_supplement": "supplement",
        "lapse": "termination",
        "accept": "acceptance",
        "refuse": "refusal",
        "extend": "extension",
        "uphold": "upheld",
        "dismiss": "dismissed",
        "withdraw": "termination",
    },
    "verification": {"open": "request", "grant_time": "more_time", "endorse": "feedback"},
    "suspension": {
        "open": "order",
        "open_to_lift": "lift",
        "confirm": "feedback",
        "decline": "declined",
        "order_resume": "resume",
        "order_lift": "lift",
        "hold_again": "order",
    },
    "correction": {
        "open": "order",
        "open_annulled": "order",
        "carry_out": "supervision",
        "restore": "restoration",
        "withdraw_publication": "withdrawal",
    },
    "repair": {
        "submit": "application commitment receipt",
        "request_supplement": "supplement",
        "lapse": "termination",
        "accept": "acceptance",
        "refuse_acceptance": "not_accepted",
        "extend": "extension",
        "grant": "granted",
        "refuse": "refused",
        "withdraw": "termination",
        "discontinue": "termination",
        "propose_revocation": "hearing",
        "revoke": "revoked",
        "drop_revocation": "dropped",
        "restore_repair": "restored",
    },
}
EVERYWHERE = {"urge": "urging", "stop_clock": "clock_stopped"}
PARENTS = {"stop_clock": "stop_parent", "restart_clock": "stop_parent"}
LENGTHS = {
    "objection": {
        "draft.keep": "file",
        "objection.accept": "submit reopen_acceptance",
        "objection.forward": "submit reopen_acceptance -accept",
        "objection.total": "submit reopen_acceptance reopen -uphold -dismiss",
        "objection.longest": "submit reopen_acceptance reopen -uphold -dismiss",
        "objection.supplement": "request_supplement",
        "case.execute": "uphold dismiss",
    },
    "verification": {
        "verification.acknowledge": "open",
        "verification.report": "open",
        "verification.hard_stop": "open",
    },
    "suspension": {
        "suspension.confirm": "open hold_again",
        "suspension.resume": "order_resume",
        "suspension.lift": "order_lift open_to_lift",
    },
    "correction": {
        "correction.correct": "open",
        "correction.annulled": "open_annulled",
        "correction.synchronise": "approve carry_out withdraw_publication",
        "correction.restore": "synchronised",
    },
    "repair": {
        "draft.keep": "file",
        "repair.accept": "submit reopen_acceptance",
        "repair.total": "submit reopen_acceptance reopen -grant -refuse",
        "repair.decide": "accept reopen return_proposal",
        "repair.supplement": "request_supplement",
        "case.execute": "grant restore_repair",
        "correction.synchronise": "grant restore_repair",
        "repair.hearing": "propose_revocation -answer",
        "repair.revoke": "propose_revocation",
    },
}
SHARED = {
    "objection": {
        "its_deadline_has_passed": "discard lapse restart_clock",
        "another_person_handled_it": "refuse uphold dismiss",
        "did_not_take_the_annulled_decision": "refuse uphold dismiss",
        "an_item_is_not_theirs": "redirect redirect_nowhere",
        "the_item_is_not_theirs": "redirect redirect_nowhere",
    },
    "verification": {
        "its_deadline_has_passed": "expire restart_clock",
        "another_person_handled_it": "grant_time endorse",
        "no_time_was_granted_before": "ask_for_time grant_time",
    },
    "suspension": {
        "nothing_supports_it_any_more": "open_to_lift order_lift",
        "the_day_reported_is_possible": "confirm confirm_resumed confirm_lifted",
        "the_department_let_its_time_pass": "confirm_resumed confirm_lifted",
    },
    "correction": {
        "the_record_is_its_own": "open open_annulled",
        "the_record_is_not_gone": "open open_annulled",
        "the_record_was_not_revoked": "correct approve carry_out withdraw_publication",
        "another_person_handled_it": "approve carry_out withdraw_publication",
        "all_receipts_are_in": "synchronised synchronised_harmless",
    },
    "repair": {
        "its_deadline_has_passed": "discard lapse restart_clock",
        "another_person_handled_it": "refuse_acceptance endorse grant refuse revoke drop_revocation",
        "did_not_take_the_annulled_decision": "refuse_acceptance grant refuse revoke",
        "the_applicant_is_its_subject": "submit grant",
        "the_minimum_period_is_over": "submit propose_grant grant",
        "the_record_is_not_revoked": "grant revoke restore_repair",
    },
}
"""Conditions of several steps; those of one are told where each is tried."""
STANDSTILL = {"clock.stopped": "stop_clock -restart_clock"}
each_kind = pytest.mark.parametrize("kind", WORKFLOWS)


def words(table: dict[str, str]) -> dict[str, set[str]]:
    return {name: set(said.split()) for name, said in table.items()}


@each_kind
def test_each_step_has_done_what_the_law_says(kind):
    done = {
        step.name: {verb for one in step.effects for verb, _, _ in asked(one.carry_out, "office")}
        for step in WORKFLOWS[kind].steps
        if step.effects
    }
    assert done == words(DOES[kind] | PARENTS)


@each_kind
def test_each_step_issues_what_the_law_says(kind):
    issued = {
        step.name: {one.name for one in step.notices}
        for step in WORKFLOWS[kind].steps
        if step.notices
    }
    assert issued == words(ISSUES[kind] | EVERYWHERE)


@each_kind
def test_each_clock_is_started_and_ended_by_the_steps_that_the_law_says(kind):
    clocks = {
        clock.name: {*clock.starts, *(f"-{name}" for name in clock.ends)}
        for clock in WORKFLOWS[kind].clocks
    }
    assert clocks == words(LENGTHS[kind] | STANDSTILL)


def test_clocks_stand_still_are_extended_and_follow_as_the_law_says():
    clocks = [(kind, clock) for kind, flow in WORKFLOWS.items() for clock in flow.clocks]
    still = {(kind, one.name): {s.name for s in one.stops_in} for kind, one in clocks}
    assert {key for key, states in still.items() if states == {"supplementing"}} == {
        *(("objection", f"objection.{name}") for name in ("accept", "forward", "total", "longest")),
        *(("repair", f"repair.{name}") for name in ("accept", "total")),
    }
    assert {(kind, one.name): one.extended_by for kind, one in clocks if one.extended_by} == {
        ("objection", "objection.total"): ("extend", "input:due_on"),
        ("verification", "verification.report"): ("grant_time", "verification.extension"),
        ("repair", "repair.total"): ("extend", "repair.extension"),
        ("repair", "repair.decide"): ("extend", "repair.extension"),
    }
    assert {one.name: one.follows for _, one in clocks if one.follows} == {
        "repair.revoke": "repair.hearing"
    }
    assert {one.name for _, one in clocks if one.never_stops} == {"clock.stopped"}
    runs = {one.name: {state.name for state in one.runs_in} for _, one in clocks}
    assert runs["objection.forward"] == {"submitted"}
    assert runs["objection.longest"] == runs["objection.total"]
    assert runs["objection.total"] == {"submitted", "verifying", "deciding"}
    assert runs["verification.hard_stop"] == {"issued", "verifying", "reported"}
    (hard_stop,) = [one for _, one in clocks if one.start_from or one.not_after]
    assert hard_stop.name == "verification.hard_stop"
    assert (hard_stop.start_from, hard_stop.not_after) == ("hard_stop_from", "not_after")


@each_kind
def test_a_condition_of_several_steps_is_asked_in_each_of_them(kind):
    asking: dict[str, set[str]] = {}
    for step in WORKFLOWS[kind].steps:
        for guard in step.guards:
            asking.setdefault(guard.code, set()).add(step.name)
    assert {code: steps for code, steps in asking.items() if len(steps) > 1} == words(SHARED[kind])
