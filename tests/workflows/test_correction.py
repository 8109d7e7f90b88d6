"""The correction as it is written in the law, and every condition of its steps."""

from datetime import date

import pytest

from tests.workflows.definition import PARALLEL, SAME, assert_as_written, owners, row_of
from tests.workflows.said import (
    APPROVER,
    CLOCK,
    HANDLER,
    OFFICE,
    OTHER_PROVIDER,
    PROVIDER,
    Said,
    assert_met_and_unmet,
    attempt,
    case,
    codes_of,
    record,
    somebody,
    steps,
)
from workflows import WORKFLOWS
from workflows.grammar import Role, bys
from workflows.inputs.correction import (
    Change,
    FieldInput,
    Opening,
    Restoration,
)
from workflows.office import MessageFact
from workflows.receipts import CutOff

STATES = "ordered corrected synchronising restoring done* moot*"
WAITING = "ordered corrected synchronising restoring"
HANDLERS = "office.clerk? provider.handler?"
APPROVERS = "office.approver? provider.approver?"
OPENERS = "SYSTEM office.clerk provider.handler"
STEPS = {
    "open": ("", "ordered", OPENERS),
    "correct": ("ordered", "corrected", HANDLERS),
    "send_back": ("corrected", "ordered", APPROVERS),
    "approve": ("corrected", "synchronising", APPROVERS),
    "carry_out": ("ordered corrected", "synchronising", "office.approver"),
    "moot": ("ordered corrected", "moot", "SYSTEM"),
    "synchronised": ("synchronising", "restoring", "SYSTEM"),
    "synchronised_harmless": ("synchronising", "done", "SYSTEM"),
    "restore": ("restoring", "done", "office.clerk"),
    "withdraw_publication": ("ordered", "synchronising", "provider.approver"),
    "cut_off": ("synchronising", SAME, "office.supervisor"),
    "urge": (WAITING, SAME, "SYSTEM office.supervisor"),
    "stop_clock": (WAITING, SAME, APPROVERS),
    "restart_clock": (WAITING, SAME, "SYSTEM owner"),
    **PARALLEL,
}
TO_CORRECT = ("correction.correct", "correction.annulled")
OWNERS = {
    "ordered": (HANDLERS, TO_CORRECT),
    "corrected": (APPROVERS, TO_CORRECT),
    "synchronising": ("office.clerk", ("correction.synchronise",)),
    "restoring": ("office.clerk", ("correction.restore",)),
}


def test_states_and_steps_are_those_of_the_law():
    assert_as_written("correction", STATES, STEPS, added={"open_annulled"})


def test_an_annulled_act_is_put_right_by_the_same_way():
    assert row_of("correction", "open_annulled") == ("", "ordered", OPENERS)


def test_each_state_waits_for_one_owner_and_its_clocks():
    assert owners("correction") == OWNERS


def trial(step, given=None, actor=None, *, of=None, **said):
    """An attempt at a step of a correction of which this is said."""
    said.setdefault("register", (record(),))
    own = of or case("correction", "ordered", unit=PROVIDER)
    return attempt("correction", step, Said(own, **said), given, actor)


def decided(kind="correct", state="ordered", **said):
    """A correction that an objection decided."""
    values = {"penalty": "警告"} if kind == "correct" else {}
    return case(
        "correction",
        state,
        number="GZ-1",
        **({"decided_kind": kind, "decided_fields": values} | said),
    )


WARNING = (FieldInput("penalty", "警告"),)
GONE = (record(ended_by="revoke"),)
CORRECTED = (record(content={"penalty": "警告"}),)
LATE = {"correction.correct": date(2026, 8, 2)}
OF_PROVIDER = somebody(Role.PROVIDER_HANDLER, unit=PROVIDER)
OF_OTHER = somebody(Role.PROVIDER_HANDLER, unit=OTHER_PROVIDER)
RECEIPTED, WAITED_FOR = (
    MessageFact(1, "平台", settled=True),
    MessageFact(2, "财政局", settled=False),
)
SYNCHRONISING = case("correction", "synchronising", kind="correct")

TRIALS = {
    "the_record_is_its_own": (
        trial("open", Opening(30, "录入错误"), OF_PROVIDER),
        trial("open", Opening(30, "录入错误"), OF_OTHER),
    ),
    "the_record_is_not_gone": (
        trial("open", register=GONE, actor=CLOCK),
        trial("open_annulled", register=GONE, actor=OF_PROVIDER),
    ),
    "the_record_was_not_revoked": (
        trial("approve", register=(record(ended_by="repair"),)),
        trial("approve", register=GONE),
    ),
    "it_is_as_decided": (
        trial("correct", Change("correct", WARNING), of=decided()),
        trial("correct", Change("revoke"), of=decided()),
    ),
    "reinstatement_was_decided": (
        trial("correct", Change("reinstate"), of=decided("reinstate")),
        trial("correct", Change("reinstate")),
    ),
    "what_changes_is_said": (
        trial("correct", Change("correct"), of=decided()),
        trial("correct", Change("supplement", WARNING * 2)),
    ),
    "each_value_can_be_stored": (
        trial("correct", Change("correct", WARNING)),
        trial("correct", Change("correct", (FieldInput("decided_on", "昨天"),))),
    ),
    "it_rests_on_a_document": (
        trial("correct", Change("revoke", basis="撤销决定书")),
        trial("correct", Change("revoke", basis=" ")),
    ),
    "another_person_handled_it": (
        trial("approve", past=steps(("correct", HANDLER)), actor=somebody(person=APPROVER)),
        trial("approve", past=steps(("correct", APPROVER)), actor=somebody(person=APPROVER)),
    ),
    "the_record_has_not_moved_on": (
        trial("approve", of=case("correction", "corrected", seen_version=1)),
        trial("approve", of=case("correction", "corrected"), register=(record(version=2),)),
    ),
    "its_time_has_passed": (
        trial("carry_out", dues=LATE),
        trial("carry_out", dues={"correction.annulled": date(2026, 8, 3)}),
    ),
    "it_is_known_what_to_do": (
        trial("carry_out", of=case("correction", "corrected", kind="revoke")),
        trial("carry_out"),
    ),
    "nothing_is_left_to_correct": (
        trial("moot", register=CORRECTED, of=decided()),
        trial("moot", of=decided()),
    ),
    "all_receipts_are_in": (
        trial("synchronised", sent=(RECEIPTED,)),
        trial("synchronised", sent=(RECEIPTED, WAITED_FOR)),
    ),
    "a_sanction_was_executed": (
        trial("synchronised", of=SYNCHRONISING, harmed=(30,)),
        trial("synchronised", of=SYNCHRONISING),
    ),
    "no_sanction_was_executed": (
        trial("synchronised_harmless", of=SYNCHRONISING),
        trial("synchronised_harmless", of=SYNCHRONISING, harmed=(30,)),
    ),
    "it_reaches_somewhere": (
        trial("restore", Restoration("已撤销", ("网站",))),
        trial("restore", Restoration("已撤销", (" ",))),
    ),
    "nothing_else_was_decided": (
        trial("withdraw_publication", of=decided("delete")),
        trial("withdraw_publication", of=decided("reinstate")),
    ),
    "the_time_to_synchronise_has_passed": (
        trial("cut_off", dues={"correction.synchronise": date(2026, 8, 2)}),
        trial("cut_off", dues={"correction.synchronise": date(2026, 8, 3)}),
    ),
    "the_message_is_not_settled": (
        trial("cut_off", CutOff(2, "逾期"), sent=(RECEIPTED, WAITED_FOR)),
        trial("cut_off", CutOff(1, "逾期"), sent=(RECEIPTED, WAITED_FOR)),
    ),
    "somebody_is_waited_for": (
        trial("urge"),
        trial("urge", of=case("correction", "done")),
    ),
    "a_review_is_pending": (
        trial("note_review_ended", past=steps("note_review")),
        trial("note_review_ended"),
    ),
    "the_clocks_run": (trial("stop_clock"), trial("stop_clock", past=steps("stop_clock"))),
    "the_clocks_stand_still": (
        trial("restart_clock", past=steps("stop_clock")),
        trial("restart_clock"),
    ),
    "its_deadline_has_passed": (
        trial("restart_clock", actor=CLOCK, dues={"clock.stopped": date(2026, 8, 2)}),
        trial("restart_clock", actor=CLOCK),
    ),
}


@pytest.mark.parametrize("code", TRIALS)
def test_each_condition_is_met_and_unmet(code):
    assert_met_and_unmet(code, TRIALS[code])


def test_no_condition_is_left_out():
    assert set(TRIALS) == codes_of("correction")


def met(code, tried):
    return next(one for one in tried.step.guards if one.code == code).check(tried)


@pytest.mark.parametrize("step", ["approve", "carry_out", "withdraw_publication"])
@pytest.mark.parametrize("handled", ["open", "open_annulled", "correct"])
def test_who_handled_a_part_of_it_decides_nothing(step, handled):
    tried = trial(step, past=steps((handled, APPROVER)), actor=somebody(person=APPROVER))
    assert not met("another_person_handled_it", tried)


def roles(actors, facts):
    return [one.role for one in bys(actors) if one.applies(facts)]


@pytest.mark.parametrize(
    ("state", "by_office", "handler", "stopper"),
    [
        ("ordered", False, Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER),
        ("ordered", True, Role.OFFICE_CLERK, Role.OFFICE_APPROVER),
        ("synchronising", False, Role.PROVIDER_HANDLER, Role.OFFICE_APPROVER),
        ("restoring", True, Role.OFFICE_CLERK, Role.OFFICE_APPROVER),
    ],
)
def test_the_office_corrects_its_own_errors_and_follows_up_all(state, by_office, handler, stopper):
    facts = Said(case("correction", state, by_office=by_office))
    workflow = WORKFLOWS["correction"]
    assert roles(workflow.step("correct").by, facts) == [handler]
    assert roles(workflow.step("stop_clock").by, facts) == [stopper]


@pytest.mark.parametrize(
    ("of", "register", "moot"),
    [
        (decided("revoke"), (record(ended_by="revoke"),), True),
        (decided("end_disclosure"), (record(ended_by="end_disclosure"),), True),
        (decided("end_disclosure"), (record(ended_by="repair"),), False),
        (
            decided("end_disclosure", decided_fields={"penalty": "警告"}),
            (record(ended_by="end_disclosure"),),
            False,
        ),
        (decided("correct", decided_fields={}), (record(),), False),
        (decided("correct"), (record(ended_by="delete"),), True),
        (case("correction", "ordered"), (record(ended_by="revoke"),), True),
        (case("correction", "ordered"), (record(),), False),
        (decided("reinstate"), (record(),), False),
        (decided("reinstate"), (record(ended_by="revoke"),), True),
    ],
)
def test_it_is_moot_when_the_record_is_revoked_or_reads_as_decided(of, register, moot):
    tried = trial("moot", of=of, register=register)
    assert met("nothing_is_left_to_correct", tried) == moot


def test_what_the_annulled_decision_itself_revoked_is_brought_back():
    earlier = case("correction", "done", number="GZ-0", kind="revoke")
    tried = trial("moot", of=decided("reinstate"), register=GONE, beside=(earlier,))
    assert not met("nothing_is_left_to_correct", tried)
    approving = trial("approve", of=decided("reinstate"), register=GONE, beside=(earlier,))
    assert met("the_record_was_not_revoked", approving)


def test_to_bring_a_record_back_does_no_harm():
    of = decided("reinstate", "synchronising")
    tried = trial("synchronised_harmless", of=of, harmed=(30,))
    assert met("no_sanction_was_executed", tried)


def test_a_clerk_opens_a_correction_of_any_record():
    clerk = somebody(Role.OFFICE_CLERK, unit=OFFICE)
    assert met("the_record_is_its_own", trial("open", actor=clerk))
