"""The objection as it is written in the law, and every condition of its steps."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflows.definition import PARALLEL, SAME, assert_as_written, owners
from tests.workflows.said import (
    APPROVER,
    CLERK,
    CLOCK,
    COMPANY,
    DEPARTMENT,
    HANDLER,
    OFFICE,
    OTHER_PROVIDER,
    PROVIDER,
    STRANGER,
    Said,
    Somebody,
    assert_met_and_unmet,
    attempt,
    case,
    codes_of,
    item,
    record,
    sanction,
    somebody,
    steps,
)
from workflows.common import Standstill
from workflows.conditions.objection import wrong_items
from workflows.consequences.objection import _changed, ask_the_right_unit
from workflows.grammar import Role
from workflows.inputs.objection import (
    AnotherRound,
    Extension,
    OwnError,
    OwnErrorItem,
    Redirect,
    RedirectNowhere,
)
from workflows.office import AttachmentFact, RivalFact

STATES = """
draft submitted supplementing verifying deciding executing closed° withdrawn* not_accepted°
"""
FILERS = "executor.handler office.clerk provider.handler subject"
STEPS = {
    "amend": ("draft", SAME, "filer"),
    "discard": ("draft", "withdrawn", "SYSTEM filer"),
    "submit": ("draft", "submitted", FILERS),
    "request_supplement": ("submitted", "supplementing", "office.clerk"),
    "supplement": ("supplementing", "submitted", "filer"),
    "lapse": ("supplementing", "withdrawn", "SYSTEM"),
    "accept": ("submitted", "verifying", "office.clerk"),
    "refuse": ("submitted", "not_accepted", "office.approver"),
    "correct_own_error": ("submitted verifying", "deciding", "office.clerk"),
    "redirect": ("verifying", SAME, "office.clerk"),
    "redirect_nowhere": ("verifying", SAME, "office.clerk"),
    "extend": ("verifying deciding", SAME, "office.approver"),
    "findings_complete": ("verifying", "deciding", "SYSTEM"),
    "return_for_verification": ("deciding", "verifying", "office.approver"),
    "uphold": ("deciding", "executing", "office.approver"),
    "dismiss": ("deciding", "executing", "office.approver"),
    "close": ("executing", "closed", "SYSTEM"),
    "withdraw": ("submitted supplementing verifying", "withdrawn", "filer"),
    "urge": ("submitted verifying deciding executing", SAME, "SYSTEM office.supervisor"),
    "reopen": ("closed", "deciding", "office.approver"),
    "reopen_acceptance": ("not_accepted", "submitted", "office.approver"),
    "stop_clock": ("submitted verifying deciding executing", SAME, "office.approver"),
    "restart_clock": (
        "submitted supplementing verifying deciding executing",
        SAME,
        "SYSTEM owner",
    ),
    **PARALLEL,
}
OWNERS = {
    "draft": ("filer", ("draft.keep",)),
    "submitted": ("office.clerk", ("objection.accept",)),
    "supplementing": ("filer", ("objection.supplement",)),
    "verifying": ("office.clerk", ("objection.total",)),
    "deciding": ("office.approver", ("objection.total",)),
    "executing": ("office.clerk", ("case.execute",)),
}


def test_states_and_steps_are_those_of_the_law():
    assert_as_written("objection", STATES, STEPS, added={"file"})


def test_each_state_waits_for_one_owner_and_its_clocks():
    assert owners("objection") == OWNERS


def trial(step, given=None, actor=None, *, of=None, choices=None, **said):
    """An attempt at a step of an objection of which this is said."""
    facts = Said(of or case(), **said)
    return attempt("objection", step, facts, given, actor, **(choices or {}))


FOUND = item(finding="accurate")
WRONG = item(finding="wrong_revoke")
MISSING = item(finding=None)
ASKED = case("verification", "issued", number="HS-1", unit=PROVIDER, items=[1])
ENDED = case("verification", "closed", number="HS-1", unit=PROVIDER, items=[1])
DUES = {"objection.total": date(2026, 8, 12), "objection.longest": date(2026, 8, 31)}
SIGNED = AttachmentFact(1, "撤回申请", "withdrawal", CLERK, 2)
PAPER = AttachmentFact(2, "新证据", "", CLERK, 2)
DEFEATED = RivalFact("YY-2", 30, "O1", open=False, dismissed=True)
PENDING = RivalFact("YY-2", 30, "O1", open=True, dismissed=False)
STOPPED = steps("stop_clock")
AT_COUNTER = somebody(Role.OFFICE_CLERK, person=CLERK, unit=OFFICE)
REOPENED = steps("accept", ("uphold", APPROVER), "reopen")
VALUES = (OwnErrorItem(1, "警告", "截图"),)

TRIALS = {
    "it_has_an_item": (
        trial("submit", contested=(MISSING,)),
        trial("submit"),
    ),
    "each_item_is_complete": (
        trial("submit", contested=(MISSING,)),
        trial("submit", contested=(item(claim=" "),)),
    ),
    "filer_is_entitled": (
        trial("submit", register=(record(),)),
        trial("submit", register=(record(subject=STRANGER),)),
    ),
    "no_record_is_revoked": (
        trial("submit", register=(record(ended_by="repair"),)),
        trial("submit", register=(record(), record(31, ended_by="revoke"))),
    ),
    "no_open_objection_on_the_same": (
        trial("submit", others=(DEFEATED,)),
        trial("submit", others=(PENDING,)),
    ),
    "nothing_dismissed_or_new_evidence": (
        trial("submit", others=(DEFEATED,), files=(PAPER,)),
        trial("submit", others=(DEFEATED,)),
    ),
    "an_item_has_no_finding": (
        trial("correct_own_error", contested=(FOUND, item(2, finding="not_ours"))),
        trial("correct_own_error", contested=(FOUND,)),
    ),
    "every_open_item_differs": (
        trial(
            "correct_own_error", OwnError(VALUES), contested=(MISSING, item(2, finding="accurate"))
        ),
        trial("correct_own_error", OwnError(VALUES * 2), contested=(MISSING,)),
    ),
    "an_item_is_not_theirs": (
        trial("redirect", contested=(item(finding="not_ours"),)),
        trial("redirect", contested=(FOUND, MISSING)),
    ),
    "the_item_is_not_theirs": (
        trial("redirect_nowhere", RedirectNowhere(1, "无"), contested=(item(finding="not_ours"),)),
        trial("redirect_nowhere", RedirectNowhere(2, "无"), contested=(item(finding="not_ours"),)),
    ),
    "the_unit_provides_records": (
        trial("redirect", Redirect(1, str(OTHER_PROVIDER))),
        trial("redirect", Redirect(1, str(DEPARTMENT))),
    ),
    "the_same_unit_gets_proof": (
        trial("redirect", Redirect(1, str(PROVIDER), "官网截图"), below=(ENDED,)),
        trial("redirect", Redirect(1, str(PROVIDER), " "), below=(ENDED,)),
    ),
    "not_extended_before": (
        trial("extend", past=steps("extend", "reopen")),
        trial("extend", past=steps("extend")),
    ),
    "the_new_date_is_possible": (
        trial("extend", Extension(date(2026, 8, 31), "复杂"), dues=DUES),
        trial("extend", Extension(date(2026, 9, 1), "复杂"), dues=DUES),
    ),
    "every_verification_has_ended": (
        trial("findings_complete", below=(ENDED,)),
        trial("findings_complete", below=(ENDED, ASKED)),
    ),
    "every_item_has_a_finding": (
        trial("findings_complete", contested=(FOUND,)),
        trial("findings_complete", contested=(FOUND, item(2, finding="not_ours"))),
    ),
    "a_round_is_left": (
        trial("return_for_verification", past=steps("accept")),
        trial("return_for_verification", past=steps("accept", "return_for_verification")),
    ),
    "the_items_are_of_this_case": (
        trial("return_for_verification", AnotherRound((1,), "再查"), contested=(FOUND,)),
        trial("return_for_verification", AnotherRound((), "再查"), contested=(FOUND,)),
    ),
    "at_least_one_item_is_wrong": (
        trial("uphold", contested=(FOUND, WRONG)),
        trial("uphold", contested=(FOUND,)),
    ),
    "no_item_is_wrong": (
        trial("dismiss", contested=(FOUND,)),
        trial("dismiss", contested=(FOUND, item(finding="unverifiable"))),
    ),
    "another_person_handled_it": (
        trial("uphold", past=steps(("accept", CLERK)), actor=somebody(person=APPROVER)),
        trial("uphold", past=steps(("accept", APPROVER)), actor=somebody(person=APPROVER)),
    ),
    "did_not_take_the_annulled_decision": (
        trial("dismiss", past=REOPENED, actor=somebody(person=CLERK)),
        trial("dismiss", past=REOPENED, actor=somebody(person=APPROVER)),
    ),
    "every_correction_has_ended": (
        trial("close", below=(case("correction", "moot"),)),
        trial("close", below=(case("correction", "restoring"),)),
    ),
    "every_sanction_it_held_is_settled": (
        trial(
            "close",
            punished=(
                sanction(
                    held_by=frozenset({"YY-2026-000001", "YY-2"}),
                    holders=frozenset({"YY-2"}),
                    suspension="ZT-1",
                ),
            ),
        ),
        trial(
            "close",
            punished=(sanction(held_by=frozenset({"YY-2026-000001"}), suspension="ZT-1"),),
        ),
    ),
    "no_item_was_found_wrong": (
        trial("withdraw", contested=(FOUND, item(2, finding="wrong_revoke", unreviewed=True))),
        trial("withdraw", contested=(FOUND, WRONG)),
    ),
    "the_filer_wishes_it": (
        trial("withdraw", actor=AT_COUNTER, files=(SIGNED,)),
        trial("withdraw", actor=AT_COUNTER, files=(PAPER,)),
    ),
    "its_deadline_has_passed": (
        trial("lapse", actor=CLOCK, dues={"objection.supplement": date(2026, 8, 2)}),
        trial("lapse", actor=CLOCK, dues={"objection.supplement": date(2026, 8, 3)}),
    ),
    "the_request_was_served": (
        trial("lapse", past=steps("request_supplement", "served", input={"issued_by": 1})),
        trial("lapse", past=steps("request_supplement", "served", input={"issued_by": 7})),
    ),
    "somebody_is_waited_for": (
        trial("urge"),
        trial("urge", of=case("objection", "closed")),
    ),
    "a_review_is_pending": (
        trial("note_review_ended", past=steps("note_review")),
        trial("note_review_ended", past=steps("note_review", "note_review_ended")),
    ),
    "the_clocks_run": (
        trial("stop_clock", Standstill("court", "裁定书", "法院裁定")),
        trial("stop_clock", past=STOPPED),
    ),
    "the_clocks_stand_still": (
        trial("restart_clock", past=STOPPED),
        trial("restart_clock", past=(replace(STOPPED[0], data={"of": "HS-1"}),)),
    ),
}


@pytest.mark.parametrize("code", TRIALS)
def test_each_condition_is_met_and_unmet(code):
    assert_met_and_unmet(code, TRIALS[code])


def test_no_condition_is_left_out():
    assert set(TRIALS) == codes_of("objection")


def met(code, tried):
    return next(one for one in tried.step.guards if one.code == code).check(tried)


@pytest.mark.parametrize(
    ("source", "who", "entitled"),
    [
        ("subject", {"subject": COMPANY}, True),
        ("subject", {"subject": STRANGER}, False),
        ("subject", {"subject": None}, False),
        ("own_finding", {"filer_unit": PROVIDER}, True),
        ("own_finding", {"filer_unit": DEPARTMENT}, True),
        ("own_finding", {"filer_unit": OTHER_PROVIDER}, False),
        ("complaint", {"subject": None, "filer_unit": OFFICE}, True),
        ("complaint", {"subject": STRANGER}, True),
        ("complaint", {"filer_unit": PROVIDER}, False),
        ("referral", {"filer_unit": OFFICE}, True),
        ("referral", {"filer_unit": None}, False),
    ],
)
def test_who_is_entitled_depends_on_the_source(source, who, entitled):
    tried = trial(
        "submit", of=case(source=source, **who), register=(record(),), punished=(sanction(),)
    )
    assert met("filer_is_entitled", tried) == entitled


def test_who_is_punished_on_the_record_of_another_is_entitled():
    punished = (sanction(subject=STRANGER),)
    tried = trial("submit", of=case(subject=STRANGER), register=(record(),), punished=punished)
    assert met("filer_is_entitled", tried)


def test_an_unreviewed_finding_is_not_an_endorsed_one():
    silent = item(finding="unverifiable", unreviewed=True)
    for contested, given in (((silent,), VALUES), ((FOUND,), ())):
        tried = trial("correct_own_error", OwnError(given), contested=contested)
        assert met("every_open_item_differs", tried)
    assert met("an_item_has_no_finding", trial("correct_own_error", contested=(silent,)))


def test_rounds_are_counted_and_counted_anew_from_a_reopening():
    again = "return_for_verification"
    for past, left in (
        ((), True),
        (("accept",), True),
        ((again,), True),
        ((again, again), False),
        (("accept", again, "uphold", "reopen"), True),
        (("accept", again, "uphold", "reopen", again, again), False),
    ):
        assert met("a_round_is_left", trial(again, past=steps(*past))) == left, past


def test_what_was_annulled_decides_who_is_barred():
    past = steps(("refuse", APPROVER), "reopen_acceptance", "accept")
    barred = "did_not_take_the_annulled_decision"
    assert not met(barred, trial("refuse", past=past))
    assert met(barred, trial("uphold", past=past))
    twice = steps(("uphold", APPROVER), "reopen", ("dismiss", HANDLER), "reopen")
    for who, allowed in ((APPROVER, False), (HANDLER, False), (CLERK, True)):
        assert met(barred, trial("uphold", past=twice, actor=somebody(person=who))) == allowed


@pytest.mark.parametrize(
    ("due_on", "dues", "possible"),
    [
        ("2026-08-12", DUES, False),
        ("2026-08-13", DUES, True),
        (
            "2026-08-03",
            {"objection.total": date(2026, 7, 1), **dict(list(DUES.items())[1:])},
            False,
        ),
        ("2026-08-13", {}, False),
    ],
)
def test_a_new_date_lies_between_the_old_one_and_the_longest(due_on, dues, possible):
    tried = trial("extend", Extension(date.fromisoformat(due_on), "复杂"), dues=dues)
    assert met("the_new_date_is_possible", tried) == possible


def test_the_same_unit_is_whoever_was_asked_about_the_item_before():
    other = case("verification", "closed", number="HS-2", unit=OTHER_PROVIDER, items=[1])
    elsewhere = case("verification", "closed", number="HS-3", unit=OTHER_PROVIDER, items=[2])
    given = Redirect(1, str(OTHER_PROVIDER))
    code = "the_same_unit_gets_proof"
    assert not met(code, trial("redirect", given, below=(other, ENDED)))
    assert met(code, trial("redirect", given, below=(elsewhere, ENDED)))


def test_who_speaks_for_itself_needs_no_signed_wish():
    code = "the_filer_wishes_it"
    agent = Somebody(CLERK, OFFICE, frozenset({Role.OFFICE_CLERK}), frozenset({COMPANY}))
    assert met(code, trial("withdraw", actor=agent))
    own = case(source="own_finding", subject=None, filer_unit=OFFICE)
    assert met(code, trial("withdraw", actor=AT_COUNTER, of=own))
    assert met(code, trial("withdraw", actor=somebody(Role.PROVIDER_HANDLER)))
    nameless = case(source="complaint", subject=None, filer_person=CLERK, filer_unit=OFFICE)
    assert not met(code, trial("withdraw", actor=AT_COUNTER, of=nameless))


def test_what_cannot_be_verified_is_wrong_or_not_as_the_rule_says():
    contested = (item(finding="unverifiable"), FOUND)
    assert [one.id for one in wrong_items(trial("uphold", contested=contested))] == [1]
    kept = {"objection__unverifiable": "keep_with_note"}
    assert wrong_items(trial("uphold", contested=contested, choices=kept)) == []


def test_a_person_may_discard_before_the_clock_does():
    assert met("its_deadline_has_passed", trial("discard"))
    assert not met("its_deadline_has_passed", trial("discard", actor=CLOCK))


def test_a_unit_that_nobody_knows_is_not_asked():
    nowhere = trial("redirect", Redirect(1, "没有这个单位"), contested=(item(),))
    ask_the_right_unit.carry_out(nowhere)  # fails where it asks an office, for there is none


def test_a_correction_with_nothing_left_to_correct_changed_no_record():
    moot = case("correction", "moot", record=30, decided_kind="correct")
    done = case("correction", "done", record=31, decided_kind="revoke")
    back = case("correction", "moot", record=31, decided_kind="reinstate")
    told = trial("dismiss", below=(moot, done, back)).facts
    assert _changed(told) == {31: done}
