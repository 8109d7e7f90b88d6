"""The verification as it is written in the law, and every condition of its steps."""

from datetime import date

import pytest

from tests.workflows.definition import PARALLEL, SAME, assert_as_written, owners
from tests.workflows.said import (
    APPROVER,
    CLOCK,
    HANDLER,
    Said,
    assert_met_and_unmet,
    attempt,
    case,
    codes_of,
    item,
    somebody,
    steps,
)
from workflows.inputs.verification import FindingInput, Findings
from workflows.office import AttachmentFact

STATES = "issued verifying reported closed* cancelled*"
WAITING = "issued verifying reported"
STEPS = {
    "open": ("", "issued", "SYSTEM"),
    "acknowledge": ("issued", "verifying", "provider.handler"),
    "ask_for_time": ("verifying", SAME, "provider.handler"),
    "grant_time": ("verifying", SAME, "provider.approver"),
    "report": ("verifying", "reported", "provider.handler"),
    "send_back": ("reported", "verifying", "provider.approver"),
    "endorse": ("reported", "closed", "provider.approver"),
    "urge": (WAITING, SAME, "SYSTEM office.supervisor"),
    "expire": (WAITING, "closed", "SYSTEM"),
    "cancel": (WAITING, "cancelled", "SYSTEM"),
    "stop_clock": (WAITING, SAME, "provider.approver"),
    "restart_clock": (WAITING, SAME, "SYSTEM owner"),
    **PARALLEL,
}
OWNERS = {
    "issued": ("provider.handler", ("verification.acknowledge", "verification.report")),
    "verifying": ("provider.handler", ("verification.report",)),
    "reported": ("provider.approver", ("verification.report",)),
}


def test_states_and_steps_are_those_of_the_law():
    assert_as_written("verification", STATES, STEPS, added=set())


def test_each_state_waits_for_one_owner_and_its_clocks():
    assert owners("verification") == OWNERS


def trial(step, given=None, actor=None, **said):
    """An attempt at a step of a verification of which this is said."""
    said.setdefault("contested", (item(),))
    own = said.pop("of", case("verification", "verifying"))
    return attempt("verification", step, Said(own, **said), given, actor)


def answer(finding="accurate", item_id=1, reasons="案卷第3页", **said):
    return FindingInput(item_id, finding, reasons=reasons, **said)


def report(*answers, **said):
    return trial("report", Findings(answers, "核实员"), **said)


PROOF = AttachmentFact(9, "案卷", "", HANDLER, 2)
PASSED = {"verification.hard_stop": date(2026, 8, 2)}
NOW = {"verification.hard_stop": date(2026, 8, 3)}
ASKED = steps("acknowledge", ("ask_for_time", HANDLER))

TRIALS = {
    "every_item_has_a_finding": (report(answer()), report(answer(), answer())),
    "each_finding_has_reasons": (report(answer()), report(answer(reasons=" 属实。"))),
    "each_correction_has_a_value": (
        report(answer("wrong_correct", value="警告")),
        report(answer("wrong_correct", value=" ")),
    ),
    "each_value_can_be_stored": (
        report(answer("wrong_correct", value="2026-08-01")),
        report(answer("wrong_correct", value="昨天")),
    ),
    "a_whole_record_is_not_rewritten": (
        report(answer("wrong_revoke"), contested=(item(field="record"),)),
        report(answer("wrong_correct", value="无"), contested=(item(field="record"),)),
    ),
    "the_evidence_is_here": (
        report(answer(evidence=(9,)), files=(PROOF,)),
        report(answer(evidence=(8,)), files=(PROOF,)),
    ),
    "time_was_asked_for": (trial("grant_time", past=ASKED), trial("grant_time")),
    "no_time_was_granted_before": (
        trial("ask_for_time", past=ASKED),
        trial("ask_for_time", past=(*ASKED, *steps("grant_time"))),
    ),
    "another_person_handled_it": (
        trial("endorse", past=steps(("report", HANDLER)), actor=somebody(person=APPROVER)),
        trial("endorse", past=steps(("report", APPROVER)), actor=somebody(person=APPROVER)),
    ),
    "its_deadline_has_passed": (
        trial("expire", actor=CLOCK, dues=PASSED),
        trial("expire", actor=CLOCK, dues=NOW),
    ),
    "somebody_is_waited_for": (
        trial("urge"),
        trial("urge", of=case("verification", "cancelled")),
    ),
    "a_review_is_pending": (
        trial("note_review_ended", past=steps("note_review")),
        trial("note_review_ended"),
    ),
    "the_clocks_run": (trial("stop_clock"), trial("stop_clock", past=steps("stop_clock"))),
    "the_clocks_stand_still": (
        trial("restart_clock", past=steps("stop_clock")),
        trial("restart_clock", past=steps("stop_clock", "restart_clock")),
    ),
}


@pytest.mark.parametrize("code", TRIALS)
def test_each_condition_is_met_and_unmet(code):
    assert_met_and_unmet(code, TRIALS[code])


def test_no_condition_is_left_out():
    assert set(TRIALS) == codes_of("verification")


@pytest.mark.parametrize("step", ["grant_time", "endorse"])
@pytest.mark.parametrize("handled", ["acknowledge", "ask_for_time", "report"])
def test_who_handled_a_part_of_it_decides_nothing(step, handled):
    tried = trial(step, past=steps((handled, APPROVER)), actor=somebody(person=APPROVER))
    code = "another_person_handled_it"
    assert not next(one for one in tried.step.guards if one.code == code).check(tried)


@pytest.mark.parametrize("said", ["", "  ", "属实", "无误！", "已核实。", "无"])
def test_a_bare_verdict_is_no_reason(said):
    tried = report(answer(reasons=said))
    code = "each_finding_has_reasons"
    assert not next(one for one in tried.step.guards if one.code == code).check(tried)
