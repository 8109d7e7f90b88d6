"""Repair as the law has it: its table, each condition once met and once not."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflows.definition import PARALLEL, SAME, assert_as_written, owners
from tests.workflows.said import (
    APPROVER,
    CLERK,
    CLOCK,
    COMPANY,
    HANDLER,
    OFFICE,
    PROVIDER,
    STRANGER,
    TODAY,
    Said,
    assert_met_and_unmet,
    attempt,
    case,
    codes_of,
    record,
    rules,
    somebody,
    steps,
)
from workflows import WORKFLOWS
from workflows.common import Reasons
from workflows.conditions.repair import next_application_on, unproven_duties
from workflows.grammar import Role, bys
from workflows.inputs.repair import CONDITIONS, Condition, Grant, RefusalOfAcceptance
from workflows.office import AttachmentFact, MessageFact, RivalFact
from workflows.receipts import CutOff
from workflows.rules import Row, Rules

STATES = """
draft submitted supplementing examining proposed approving executing repaired° revoking revoked°
refused° not_accepted° withdrawn* discontinued*
"""
UNDECIDED = "submitted supplementing examining proposed approving"
URGED = "submitted examining proposed approving executing revoking"
FILERS = "office.clerk subject"
STEPS = {
    "amend": ("draft", SAME, "filer"),
    "discard": ("draft", "withdrawn", "SYSTEM filer"),
    "submit": ("draft", "submitted", FILERS),
    "request_supplement": ("submitted", "supplementing", "provider.handler"),
    "supplement": ("supplementing", "submitted", "filer"),
    "lapse": ("supplementing", "withdrawn", "SYSTEM"),
    "accept": ("submitted", "examining", "provider.handler"),
    "refuse_acceptance": ("submitted", "not_accepted", "provider.approver"),
    "extend": ("examining", SAME, "provider.approver"),
    "propose_grant": ("examining", "proposed", "provider.handler"),
    "propose_refusal": ("examining", "proposed", "provider.handler"),
    "send_back": ("proposed", "examining", "provider.approver"),
    "endorse": ("proposed", "approving", "provider.approver"),
    "return_proposal": ("approving", "examining", "office.approver"),
    "grant": ("approving", "executing", "office.approver"),
    "refuse": ("approving", "refused", "office.approver"),
    "finish": ("executing", "repaired", "SYSTEM"),
    "cut_off": ("executing", SAME, "office.supervisor"),
    "withdraw": (UNDECIDED, "withdrawn", "filer"),
    "discontinue": (UNDECIDED, "discontinued", "SYSTEM"),
    "urge": (URGED, SAME, "SYSTEM office.supervisor"),
    "propose_revocation": ("repaired", "revoking", "provider.handler"),
    "answer": ("revoking", SAME, "subject"),
    "revoke": ("revoking", "revoked", "office.approver"),
    "drop_revocation": ("revoking", "repaired", "office.approver"),
    "reopen": ("refused", "examining", "office.approver"),
    "reopen_acceptance": ("not_accepted", "submitted", "office.approver"),
    "restore_repair": ("revoked", "executing", "office.approver"),
    "stop_clock": (URGED, SAME, "office.approver? provider.approver?"),
    "restart_clock": (
        "submitted supplementing examining proposed approving executing revoking",
        SAME,
        "SYSTEM owner",
    ),
    **PARALLEL,
}
OWNERS = {
    "draft": ("filer", ("draft.keep",)),
    "submitted": ("provider.handler", ("repair.accept",)),
    "supplementing": ("filer", ("repair.supplement",)),
    "examining": ("provider.handler", ("repair.decide",)),
    "proposed": ("provider.approver", ("repair.decide",)),
    "approving": ("office.approver", ("repair.total",)),
    "executing": ("office.clerk", ("case.execute",)),
    "revoking": ("office.approver", ("repair.revoke",)),
}


def test_states_and_steps_are_those_of_the_law():
    assert_as_written("repair", STATES, STEPS, added={"file"})


def test_each_state_waits_for_one_owner_and_its_clocks():
    assert owners("repair") == OWNERS


def trial(step, given=None, actor=None, *, of=None, choices=None, **said):
    """An attempt at a step of a repair of which this is said."""
    said.setdefault("register", (record(),))
    source = WORKFLOWS["repair"].step(step).sources
    own = of or case("repair", source[0].name, unit=PROVIDER)
    return attempt("repair", step, Said(own, **said), given, actor, **(choices or {}))


def proof(proves):
    return AttachmentFact(1, "缴款凭证", proves, CLERK, 0)


def conditions(*, met=True, proof="案卷", names=tuple(dict(CONDITIONS))):
    return Grant(tuple(Condition(name, met, proof) for name in names))


def of(state, **said):
    return case("repair", state, unit=PROVIDER, **said)


def person(**said):
    """A record of a natural person."""
    return record(content={**record().content, "subject_kind": "自然人"}, **said)


def forbidden(tried):
    """The same attempt under rules that forbid to repair what was fined."""
    row = Row("unrepairable.罚款", "《某法》第一条", None, "《某法》", TODAY, None, True, "")
    return replace(tried, rules=Rules("national", (*tried.rules.rows, row)))


RECEIPTED, WAITED_FOR = (
    MessageFact(1, "平台", settled=True),
    MessageFact(2, "财政局", settled=False),
)
GONE = (record(ended_by="revoke"),)
UNREPAIRABLE = RefusalOfAcceptance("unrepairable", "不可修复", "《某法》第一条")
FRESH = (record(decided_on=date(2026, 6, 1)),)
CHILD = case("suspension", "lifting", number="ZT-1")
COUNTER = somebody(Role.OFFICE_CLERK, unit=OFFICE)
HEARD = steps("propose_revocation", "answer")

TRIALS = {
    "the_applicant_is_its_subject": (
        trial("submit"),
        trial("submit", register=(record(subject=STRANGER),)),
    ),
    "it_is_still_disclosed_or_shared": (
        trial("submit", register=(record(disclosed=False),)),
        trial("submit", register=(record(disclosed=False, shared=False),)),
    ),
    "class_and_regime_are_known": (
        trial("submit"),
        trial("submit", register=(record(regime="earlier"),)),
    ),
    "the_minimum_period_is_over": (
        trial("submit", register=(record(decided_on=date(2026, 5, 3)),)),
        trial("submit", register=(record(decided_on=date(2026, 5, 4)),)),
    ),
    "the_subject_is_not_barred": (trial("submit"), trial("submit", barred=TODAY)),
    "it_is_not_unrepairable": (
        trial("submit"),
        forbidden(trial("submit")),
    ),
    "no_other_repair_is_open": (
        trial("submit", others=(RivalFact("XF-1", 30, "", open=False, dismissed=True),)),
        trial("submit", others=(RivalFact("XF-1", 30, "", open=True, dismissed=False),)),
    ),
    "the_reasons_are_given": (
        trial("submit"),
        trial("submit", of=of("draft", statement=" ")),
    ),
    "each_duty_is_proven": (
        trial("submit", files=(proof("duties"),)),
        trial("submit", files=(proof("fine"),)),
    ),
    "the_commitment_is_made": (
        trial("submit"),
        trial("submit", of=of("draft", commitment=False)),
    ),
    "what_forbids_it_is_cited": (
        trial("refuse_acceptance", UNREPAIRABLE),
        trial("refuse_acceptance", RefusalOfAcceptance("unrepairable", "不可修复", " ")),
    ),
    "every_condition_is_examined": (
        trial("propose_grant", conditions()),
        trial("propose_grant", conditions(names=("period", "duties", "commitment"))),
    ),
    "every_condition_is_met_with_proof": (
        trial("propose_grant", conditions()),
        trial("propose_grant", conditions(proof=" ")),
    ),
    "a_grant_is_proposed": (
        trial("grant", of=of("approving", proposal="grant")),
        trial("grant", of=of("approving", proposal="refuse")),
    ),
    "a_refusal_is_proposed": (
        trial("refuse", of=of("approving", proposal="refuse")),
        trial("refuse", of=of("approving", proposal="grant")),
    ),
    "the_office_may_return_it": (
        trial("return_proposal", Reasons("材料不足")),
        trial("return_proposal", choices={"repair__decides": "unit_alone"}),
    ),
    "the_record_is_not_revoked": (
        trial("revoke", register=(record(ended_by="repair"),)),
        trial("revoke", register=GONE),
    ),
    "no_other_case_repaired_it": (
        trial("grant", of=of("approving", proposal="grant")),
        trial(
            "grant",
            of=of("approving", proposal="grant"),
            register=(record(ended_by="repair"),),
        ),
    ),
    "nothing_is_left_to_repair": (
        trial("discontinue", register=(record(ended_by="repair"),)),
        trial("discontinue", register=(record(ended_by="end_disclosure"),)),
    ),
    "every_department_has_confirmed": (
        trial("finish", below=(case("suspension", "lifted", number="ZT-1"),)),
        trial("finish", below=(CHILD,)),
    ),
    "all_receipts_are_in": (
        trial("finish", sent=(RECEIPTED,)),
        trial("finish", sent=(RECEIPTED, WAITED_FOR)),
    ),
    "the_time_to_synchronise_has_passed": (
        trial("cut_off", dues={"correction.synchronise": date(2026, 8, 2)}),
        trial("cut_off", dues={"correction.synchronise": TODAY}),
    ),
    "the_message_is_not_settled": (
        trial("cut_off", CutOff(2, "逾期"), sent=(RECEIPTED, WAITED_FOR)),
        trial("cut_off", CutOff(1, "逾期"), sent=(RECEIPTED, WAITED_FOR)),
    ),
    "the_filer_wishes_it": (
        trial("withdraw", actor=COUNTER, files=(proof("withdrawal"),)),
        trial("withdraw", actor=COUNTER),
    ),
    "the_subject_was_heard": (
        trial("revoke", past=HEARD),
        trial(
            "revoke",
            past=steps("propose_revocation", "answer", "drop_revocation", "propose_revocation"),
        ),
    ),
    "another_person_handled_it": (
        trial("endorse", past=steps(("propose_grant", HANDLER)), actor=somebody(person=APPROVER)),
        trial("endorse", past=steps(("propose_grant", APPROVER)), actor=somebody(person=APPROVER)),
    ),
    "did_not_take_the_annulled_decision": (
        trial("grant", past=steps(("refuse", HANDLER), "reopen"), actor=somebody(person=APPROVER)),
        trial("grant", past=steps(("refuse", APPROVER), "reopen"), actor=somebody(person=APPROVER)),
    ),
    "not_extended_before": (
        trial("extend", past=steps("extend", "reopen")),
        trial("extend", past=steps("extend")),
    ),
    "somebody_is_waited_for": (trial("urge"), trial("urge", of=of("repaired"))),
    "the_request_was_served": (
        trial("lapse", past=steps("request_supplement", "served", input={"issued_by": 1})),
        trial("lapse", past=steps("request_supplement")),
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
        trial("discard", actor=CLOCK, dues={"draft.keep": date(2026, 8, 2)}),
        trial("discard", actor=CLOCK, dues={"draft.keep": TODAY}),
    ),
}


@pytest.mark.parametrize("code", TRIALS)
def test_each_condition_is_met_and_unmet(code):
    assert_met_and_unmet(code, TRIALS[code])


def test_no_condition_is_left_out():
    assert set(TRIALS) == codes_of("repair")


def met(code, tried):
    return next(one for one in tried.step.guards if one.code == code).check(tried)


def guard(code, tried):
    return next(one for one in tried.step.guards if one.code == code)


@pytest.mark.parametrize(
    ("severity", "regime", "decided_on", "holds_from"),
    [
        ("minor", "36", date(2026, 8, 3), date(2026, 8, 3)),
        ("ordinary", "36", date(2026, 5, 31), date(2026, 8, 31)),
        ("serious", "36", date(2026, 4, 1), date(2027, 4, 1)),
        ("serious", "36", date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_what_is_too_early_says_from_which_day_it_will_do(severity, regime, decided_on, holds_from):
    early = record(severity=severity, regime=regime, decided_on=decided_on)
    tried = trial("submit", register=(early,))
    refusing = guard("the_minimum_period_is_over", tried)
    assert refusing.check(tried) == (holds_from <= TODAY)
    assert refusing.holds_from(tried) == holds_from
    assert str(holds_from) in refusing.sentence(tried)


def test_who_is_barred_is_told_the_day_after():
    tried = trial("submit", barred=date(2029, 8, 3))
    refusing = guard("the_subject_is_not_barred", tried)
    assert refusing.holds_from(tried) == date(2029, 8, 4)
    assert "2029-08-03" in refusing.sentence(tried)
    assert "2029-08-04" in refusing.sentence(tried)


def test_who_was_never_known_to_be_early_hears_of_the_class_alone():
    tried = trial("submit", register=(record(severity=None),))
    assert not met("class_and_regime_are_known", tried)
    assert met("the_minimum_period_is_over", tried)


@pytest.mark.parametrize(
    ("kind", "amounts", "duties"),
    [
        ("警告", {}, ["失信行为已经纠正"]),
        ("罚款", {}, ["失信行为已经纠正", "罚款已经缴清"]),
        ("警告", {"fine": "0.00"}, ["失信行为已经纠正"]),
        ("警告", {"fine": "200.00"}, ["失信行为已经纠正", "罚款已经缴清"]),
        (
            "罚款;没收违法所得;吊销许可证件",
            {"confiscated": "1.00"},
            [
                "失信行为已经纠正",
                "罚款已经缴清",
                "没收款物已经上缴",
                "暂扣、吊销证照或者降低资质等级的决定已经执行",
            ],
        ),
        (
            "责令停产停业",
            {},
            ["失信行为已经纠正", "停产停业、关闭、限制经营或者限制从业的决定已经执行"],
        ),
    ],
)
def test_the_duties_are_those_of_the_penalty(kind, amounts, duties):
    content = {**record().content, "penalty_kind": kind, "fine": None, "confiscated": None}
    register = (record(content=content | amounts),)
    assert unproven_duties(trial("submit", register=register)) == duties


def test_duties_may_be_proven_one_by_one():
    files = (proof("corrected"), proof("fine"))
    assert met("each_duty_is_proven", trial("submit", files=files))


@pytest.mark.parametrize(
    ("rule", "who", "counts"),
    [
        ("natural_persons", person(), True),
        ("natural_persons", record(), False),
        ("nobody", person(), False),
    ],
)
def test_public_service_counts_for_natural_persons_where_the_rules_say_so(rule, who, counts):
    tried = trial(
        "submit",
        register=(who,),
        files=(proof("public_service"),),
        choices={"repair__public_service": rule},
    )
    assert met("each_duty_is_proven", tried) == counts


def test_a_condition_named_twice_is_not_examined():
    doubled = Grant((*conditions().conditions, Condition("other", met=True, proof="案卷")))
    assert not met("every_condition_is_examined", trial("propose_grant", doubled))


def test_an_unmet_condition_proposes_no_grant():
    tried = trial("propose_grant", conditions(met=False))
    assert not met("every_condition_is_met_with_proof", tried)


def test_another_reason_needs_no_document():
    tried = trial("refuse_acceptance", RefusalOfAcceptance("incomplete", "材料不全"))
    assert met("what_forbids_it_is_cited", tried)


def test_the_subject_was_heard_when_its_time_to_answer_is_over():
    past = steps("propose_revocation")
    due = {"repair.hearing": date(2026, 8, 2)}
    assert met("the_subject_was_heard", trial("revoke", past=past, dues=due))
    still = {"repair.hearing": TODAY}
    waiting = trial("revoke", past=past, dues=still)
    assert not met("the_subject_was_heard", waiting)
    assert "2026-08-03" in guard("the_subject_was_heard", waiting).sentence(waiting)


@pytest.mark.parametrize("step", ["grant", "refuse"])
@pytest.mark.parametrize("handled", ["submit", "accept", "propose_grant", "endorse"])
def test_who_handled_or_endorsed_it_decides_nothing(step, handled):
    tried = trial(step, past=steps((handled, APPROVER)), actor=somebody(person=APPROVER))
    assert not met("another_person_handled_it", tried)


@pytest.mark.parametrize("step", ["revoke", "drop_revocation"])
def test_who_proposed_the_revocation_does_not_decide_it(step):
    past = steps(("propose_revocation", APPROVER))
    tried = trial(step, past=past, actor=somebody(person=APPROVER))
    assert not met("another_person_handled_it", tried)


@pytest.mark.parametrize("subject", [COMPANY, STRANGER])
def test_what_a_correction_gave_to_somebody_else_is_not_granted_and_ends(subject):
    said = {"register": (record(subject=subject),)}
    granting = trial("grant", of=of("approving", proposal="grant"), **said)
    assert met("the_applicant_is_its_subject", granting) == (subject == COMPANY)
    ending = trial("discontinue", **said)
    assert met("nothing_is_left_to_repair", ending) == (subject != COMPANY)


def test_what_a_correction_made_too_early_meanwhile_is_not_granted():
    tried = trial("grant", of=of("approving", proposal="grant"), register=FRESH)
    assert not met("the_minimum_period_is_over", tried)


@pytest.mark.parametrize(
    ("early", "barred", "expected"),
    [
        (record(), None, TODAY),
        (record(decided_on=date(2026, 8, 1)), None, date(2026, 11, 1)),
        (record(decided_on=date(2026, 8, 1)), date(2029, 8, 3), date(2029, 8, 4)),
    ],
)
def test_the_next_application_waits_for_period_and_bar(early, barred, expected):
    tried = trial("refuse", Reasons("义务未履行"), register=(early,), barred=barred)
    assert next_application_on(tried) == expected


@pytest.mark.parametrize(
    ("state", "stopper"),
    [
        ("submitted", Role.PROVIDER_APPROVER),
        ("proposed", Role.PROVIDER_APPROVER),
        ("approving", Role.OFFICE_APPROVER),
        ("revoking", Role.OFFICE_APPROVER),
    ],
)
def test_the_approver_of_the_unit_that_owns_the_state_stops_the_clocks(state, stopper):
    facts = Said(of(state, subject=COMPANY))
    actors = WORKFLOWS["repair"].step("stop_clock").by
    assert [one.role for one in bys(actors) if one.applies(facts)] == [stopper]


def test_the_rules_of_policy_are_those_that_the_profile_chooses():
    chosen = rules()
    assert chosen.choice("repair.decides") == "unit_with_office_approval"
    assert chosen.choice("repair.public_service") == "nobody"
