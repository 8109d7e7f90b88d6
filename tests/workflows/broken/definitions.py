"""The corpus: by what is wrong, the kinds as they would be, and every fault that must be told.

A fault is code, kind and place. Where one mistake breaks two demands, both are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.workflows.changing import (
    Kinds,
    guard_named,
    with_another_step,
    with_clock,
    with_effect,
    with_guard,
    with_kind,
    with_notice,
    with_state,
    with_step,
    without_clock,
    without_effect,
    without_guard,
    without_source,
    without_step,
)
from workflows import WORKFLOWS, correction, objection, repair, suspension, verification
from workflows.conditions.correction import office_carries_out
from workflows.grammar import By, Clock, Notice, Party, Role, Source, State, Step, Whose, entry

Broken = dict[str, tuple[Kinds, set[tuple[str, str, str]]]]

DECISIONS_ON_REPAIR: Final = (
    *("refuse_acceptance", "endorse", "grant", "refuse"),
    *("revoke", "drop_revocation"),
)
LIMBO: Final = State("limbo", "悬置", owner=Role.OFFICE_CLERK, deadline=("case.execute",))
NEVER: Any = "not a part of any law"


@dataclass(frozen=True)
class Unlisted:
    """An input of which the options are written nowhere."""

    why: str = entry("延期事由", choices="objection.delays")


def fault(code: str, kind: str, *places: str) -> set[tuple[str, str, str]]:
    """The same fault at each of these places."""
    return {(code, kind, place) for place in places}


def _twice(kind: str, what: str) -> Kinds:
    things = getattr(WORKFLOWS[kind], what)
    return with_kind(kind, **{what: (*things, things[-1])})


WORDS: Final[Broken] = {
    "two states of one name": (
        _twice("repair", "states"),
        fault("name_twice", "repair", "discontinued"),
    ),
    "two steps of one name and source": (
        _twice("correction", "steps"),
        fault("name_twice", "correction", "served"),
    ),
    "two clocks of one name": (
        _twice("suspension", "clocks"),
        fault("name_twice", "suspension", "clock.stopped"),
    ),
    "a step to a state of nowhere": (
        with_step("correction", "restore", to=LIMBO),
        fault("state_unknown", "correction", "restore"),
    ),
    "a step from a state of nowhere": (
        with_step("correction", "restore", source=LIMBO),
        fault("state_unknown", "correction", "restore"),
    ),
    "a step from nowhere to nowhere": (
        with_another_step("repair", Step("wait", None, title="等待")),
        fault("goes_nowhere", "repair", "wait"),
    ),
    "a step from no state at all": (
        with_step("verification", "cancel", source=()),
        fault("never_taken", "verification", "cancel"),
    ),
    "a condition that is none": (
        with_step("objection", "accept", guards=(NEVER,)),
        fault("no_such_part", "objection", "accept"),
    ),
    "a consequence that is none": (
        with_step("objection", "accept", effects=(NEVER,)),
        fault("no_such_part", "objection", "accept"),
    ),
    "a notice that is none": (
        with_step("objection", "accept", notice=(NEVER,)),
        fault("no_such_part", "objection", "accept"),
    ),
    "a condition without a sentence": (
        with_guard("objection", "submit", "it_has_an_item", refusal=""),
        fault("refused_silently", "objection", "submit"),
    ),
    "a condition without a basis": (
        with_guard("objection", "submit", "it_has_an_item", basis=Source("")),
        fault("refused_silently", "objection", "submit"),
    ),
    "two notices of one name": (
        with_step(
            "objection",
            "lapse",
            notice=Notice("termination", "视为撤回通知书", to=Party.SUBJECT),
        ),
        fault("notice_differs", "objection", "withdraw"),
    ),
    "a state without a title": (
        with_state("suspension", "resumed", title="resumed"),
        fault("no_title", "suspension", "resumed"),
    ),
    "a step without a title": (
        with_step("suspension", "confirm", title=""),
        fault("no_title", "suspension", "confirm"),
    ),
    "a notice without a title": (
        with_notice("suspension", "lift", title=""),
        fault("no_title", "suspension", "open_to_lift", "order_lift"),
    ),
    "two buttons that look the same": (
        with_step("objection", "dismiss", title="异议成立"),
        fault("title_twice", "objection", "dismiss"),
    ),
    "two kinds that count in one row": (
        with_kind("repair", prefix="YY"),
        fault("prefix_twice", "repair", "YY"),
    ),
    "a kind under another name": (
        {**WORKFLOWS, "mending": WORKFLOWS["repair"]},
        fault("kind_differs", "mending", "repair") | fault("prefix_twice", "repair", "XF"),
    ),
}

WAYS: Final[Broken] = {
    "no opening": (
        with_kind("repair", steps=tuple(one for one in WORKFLOWS["repair"].steps if one.sources)),
        fault("no_opening", "repair", "repair")
        | fault("clock_step_unknown", "repair", "draft.keep")
        | fault("excludes_unknown", "repair", *DECISIONS_ON_REPAIR),
    ),
    "a state that nothing leads to": (
        without_step("suspension", "decline"),
        fault("unreachable", "suspension", "declined"),
    ),
    "a state that only itself leads to": (
        with_step("correction", "correct", to=correction.ORDERED),
        fault("unreachable", "correction", "corrected"),
    ),
    "a state without a way out": (
        with_kind(
            "correction",
            steps=tuple(one for one in WORKFLOWS["correction"].steps if one.name != "restore"),
        ),
        fault("no_way_out", "correction", "restoring"),
    ),
    "a step out of a final state": (
        with_step("suspension", "hold_again", source=(suspension.RESUMING, suspension.RESUMED)),
        fault("leaves_end", "suspension", "resumed") | fault("same_eyes", "suspension", "decline"),
    ),
    "a state that is final and at rest": (
        with_state("repair", "withdrawn", rest=True),
        fault("end_and_rest", "repair", "withdrawn")
        | fault("nothing_reopens", "repair", "withdrawn"),
    ),
    "rest that nothing ends": (
        without_step("objection", "reopen_acceptance"),
        fault("nothing_reopens", "objection", "not_accepted"),
    ),
    "a closed case that opens itself": (
        with_step("repair", "propose_revocation", by=Role.SYSTEM),
        fault("reopens_itself", "repair", "repaired"),
    ),
    "a fact beside the states that moves": (
        with_step("correction", "note_review", to=correction.DONE),
        fault("beside_moves", "correction", "note_review")
        | fault("leaves_end", "correction", "done", "moot")
        | fault("keeps_hold", "correction", "done"),
    ),
    "a proof of service that a refused case cannot take": (
        without_source("repair", "served", "refused"),
        fault("beside_some", "repair", "served"),
    ),
}

PEOPLE: Final[Broken] = {
    "a state of nobody": (
        with_state("verification", "reported", owner=None),
        fault("no_owner", "verification", "reported"),
    ),
    "a state of two": (
        with_state(
            "verification", "reported", owner=(Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER)
        ),
        fault("several_owners", "verification", "reported"),
    ),
    "an owner in some cases only": (
        with_state("correction", "ordered", owner=By(Role.OFFICE_CLERK, when=office_carries_out)),
        fault("several_owners", "correction", "ordered"),
    ),
    "two owners under conditions that do not exclude each other": (
        with_state(
            "correction",
            "ordered",
            owner=(
                By(Role.OFFICE_CLERK, when=office_carries_out),
                By(Role.PROVIDER_HANDLER, when=office_carries_out),
            ),
        ),
        fault("several_owners", "correction", "ordered"),
    ),
    "an owner of what has ended": (
        with_state("verification", "closed", owner=Role.OFFICE_CLERK),
        fault("owner_of_end", "verification", "closed"),
    ),
    "a state that waits for the clock": (
        with_state("objection", "executing", owner=Role.SYSTEM),
        fault("no_such_owner", "objection", "executing"),
    ),
    "a step of nobody": (
        with_step("objection", "extend", by=()),
        fault("nobody", "objection", "extend"),
    ),
    "a step of an administrator": (
        with_step("objection", "extend", by=Role.ADMIN_SYSTEM),
        fault("administrator", "objection", "extend"),
    ),
    "a state in which nobody is urged": (
        without_source("objection", "urge", "executing"),
        fault("not_urged", "objection", "executing") | fault("no_way_on", "objection", "executing"),
    ),
    "a state in which clocks cannot stand still": (
        without_source("objection", "stop_clock", "executing"),
        fault("cannot_stand_still", "objection", "executing"),
    ),
}

CLOCKS: Final[Broken] = {
    "a state without a clock": (
        with_state("objection", "executing", deadline=()),
        fault("no_clock", "objection", "executing"),
    ),
    "a state with a clock that borrows another": (
        with_state("suspension", "ordered", borrows=True),
        fault("no_clock", "suspension", "ordered"),
    ),
    "a clock in a final state": (
        with_state("objection", "withdrawn", deadline=("case.execute",)),
        fault("clock_of_end", "objection", "withdrawn"),
    ),
    "a clock that is not defined": (
        without_clock("suspension", "suspension.confirm"),
        fault("clock_unknown", "suspension", "ordered"),
    ),
    "a clock that does not run where it is waited for": (
        with_clock("verification", "verification.report", runs_in=verification.WAITING[:2]),
        fault("clock_never_runs", "verification", "reported")
        | fault("clock_not_started", "verification", "reported", "verifying"),
    ),
    "a clock that one way does not start": (
        with_clock("suspension", "suspension.confirm", starts=("open",)),
        fault("clock_not_started", "suspension", "ordered"),
    ),
    "a clock that is not started by a reopening": (
        with_clock("objection", "objection.total", starts=objection.FIRST_STEPS),
        fault("clock_not_started", "objection", "deciding", "verifying"),
    ),
    "a clock that nothing starts": (
        with_clock("correction", "correction.restore", starts=()),
        fault("clock_never_runs", "correction", "restoring")
        | fault("clock_not_started", "correction", "restoring"),
    ),
    "a clock that nobody answers when it passes": (
        without_step("objection", "discard"),
        fault("no_way_on", "objection", "draft"),
    ),
    "a clock that is answered by people alone": (
        with_step("repair", "lapse", by=Role.PROVIDER_HANDLER),
        fault("no_way_on", "repair", "supplementing"),
    ),
    "a clock that is answered in some of its states": (
        without_source("verification", "expire", "reported"),
        fault("clock_unanswered", "verification", "verification.hard_stop"),
    ),
    "a standstill without end": (
        without_source("objection", "restart_clock", "supplementing"),
        fault("clock_unanswered", "objection", "clock.stopped"),
    ),
    "a clock started by a step of nowhere": (
        with_clock("repair", "repair.decide", starts=("accept", "begin")),
        fault("clock_step_unknown", "repair", "repair.decide"),
    ),
    "a clock in a state of nowhere": (
        with_clock("repair", "repair.decide", runs_in=(repair.EXAMINING, LIMBO)),
        fault("clock_state_unknown", "repair", "repair.decide"),
    ),
    "a clock that follows a later one": (
        with_clock("repair", "repair.hearing", follows="repair.revoke"),
        fault("follows_nothing", "repair", "repair.hearing"),
    ),
    "a clock started where it does not run": (
        with_clock("correction", "correction.restore", starts=("synchronised", "restore")),
        fault("starts_outside", "correction", "correction.restore"),
    ),
    "a clock extended to a date that nobody enters": (
        with_clock("objection", "objection.total", extended_by=("extend", "input:until")),
        fault("extended_by_nothing", "objection", "objection.total"),
    ),
    "a clock extended where it does not run": (
        with_clock("repair", "repair.accept", extended_by=("extend", "repair.extension")),
        fault("never_extended", "repair", "repair.accept"),
    ),
    "a condition on a clock that is not defined": (
        with_guard("repair", "revoke", "the_subject_was_heard", clocks=("repair.answer",)),
        fault("asks_unknown_clock", "repair", "revoke") | fault("asks_in_vain", "repair", "revoke"),
    ),
    "a condition on a clock that does not run there": (
        with_guard("repair", "revoke", "the_subject_was_heard", clocks=("repair.total",)),
        fault("asks_in_vain", "repair", "revoke"),
    ),
    "a clock without a length": (
        with_kind(
            "suspension",
            clocks=(
                *WORKFLOWS["suspension"].clocks,
                Clock("suspension.longest", ("open",), (suspension.ORDERED,)),
            ),
        ),
        fault("no_length", "suspension", "suspension.longest"),
    ),
    "an extension without a length": (
        with_clock("repair", "repair.total", extended_by=("extend", "repair.more")),
        fault("no_length", "repair", "repair.total"),
    ),
    "an entry with options that no rule lists": (
        with_step("objection", "extend", takes=Unlisted),
        fault("no_options", "objection", "extend")
        | fault("extended_by_nothing", "objection", "objection.total"),
    ),
    "a notice without series and basis": (
        with_notice("repair", "granted", name="allowed"),
        fault("no_words", "repair", "grant"),
    ),
}

DECISIONS: Final[Broken] = {
    "a decision that nobody is told": (
        with_step("repair", "grant", notice=()),
        fault("decides_silently", "repair", "grant"),
    ),
    "a burden that is no decision": (
        with_step("repair", "refuse", decides=False),
        fault("burdens_without_decision", "repair", "refuse")
        | fault("annuls_nothing", "repair", "reopen"),
    ),
    "a burden without remedies": (
        with_notice("objection", "refusal", adverse=False),
        fault("burdens_without_remedies", "objection", "refuse"),
    ),
    "a burden that only the unit is told": (
        with_notice("suspension", "declined", to=Party.UNIT),
        fault("burdens_without_remedies", "suspension", "decline"),
    ),
    "remedies against what burdens nobody": (
        with_notice("repair", "granted", adverse=True),
        fault("remedies_without_burden", "repair", "grant"),
    ),
    "a decision without four eyes": (
        without_guard(
            "suspension",
            "decline",
            guard_named("suspension", "decline", "another_person_handled_it"),
        ),
        fault("same_eyes", "suspension", "decline"),
    ),
    "a decision by whoever proposed": (
        with_guard("repair", "grant", "another_person_handled_it", excludes=("accept",)),
        fault("same_eyes", "repair", "grant"),
    ),
    "a decision by whoever endorsed": (
        with_guard("repair", "refuse", "another_person_handled_it", excludes=repair.HANDLING),
        fault("same_eyes", "repair", "refuse"),
    ),
    "an endorsement by whoever handled": (
        without_guard(
            "correction",
            "approve",
            guard_named("correction", "approve", "another_person_handled_it"),
        ),
        fault("same_eyes", "correction", "approve"),
    ),
    "a new step of handlers that four eyes do not know": (
        with_another_step(
            "verification",
            Step(
                "weigh",
                verification.VERIFYING,
                by=Role.PROVIDER_HANDLER,
                title="内部会商",
            ),
        ),
        fault("same_eyes", "verification", "endorse", "grant_time"),
    ),
    "four eyes on a step of nowhere": (
        with_guard(
            "suspension", "decline", "another_person_handled_it", excludes=("confirm", "refuse")
        ),
        fault("excludes_unknown", "suspension", "decline"),
    ),
    "an annulled decision taken again by the same": (
        without_guard(
            "objection",
            "dismiss",
            guard_named("objection", "dismiss", "did_not_take_the_annulled_decision"),
        ),
        fault("decides_again", "objection", "dismiss"),
    ),
    "an annulled decision that is none": (
        with_step("objection", "reopen_acceptance", annuls=("accept",)),
        fault("annuls_nothing", "objection", "reopen_acceptance"),
    ),
    "an annulment before the end": (
        with_step("objection", "reopen", source=(objection.CLOSED, objection.EXECUTING)),
        fault("annuls_too_early", "objection", "reopen")
        | fault("outlives", "objection", "withdrawn"),
    ),
}

CHILDREN: Final[Broken] = {
    "a withdrawal that leaves verifications open": (
        without_effect("objection", "withdraw", "cancel_verifications"),
        fault("outlives", "objection", "withdrawn"),
    ),
    "a decision that does not wait for the verifications": (
        without_guard(
            "objection",
            "findings_complete",
            guard_named("objection", "findings_complete", "every_verification_has_ended"),
        ),
        fault("outlives", "objection", "closed"),
    ),
    "an end that does not wait for the corrections": (
        without_guard(
            "objection",
            "close",
            guard_named("objection", "close", "every_correction_has_ended"),
        ),
        fault("outlives", "objection", "closed", "withdrawn"),
    ),
    "a withdrawal that keeps its holds": (
        without_effect("objection", "withdraw", "let_go_of_everything"),
        fault("outlives", "objection", "withdrawn"),
    ),
    "a dismissal that keeps its holds": (
        without_effect("objection", "dismiss", "let_go_of_the_right_ones"),
        fault("outlives", "objection", "closed"),
    ),
    "a refusal that holds": (
        with_step(
            "objection",
            "refuse",
            effects=(WORKFLOWS["objection"].step("accept").effects[0],),
        ),
        fault("outlives", "objection", "not_accepted", "withdrawn"),
    ),
    "a correction that keeps what its objection left to it": (
        without_effect("correction", "moot", "end_annotation_and_holds"),
        fault("keeps_hold", "correction", "moot"),
    ),
    "a correction that releases its own holds, not those left to it": (
        with_effect("correction", "carry_out", "put_the_record_right", releases=Whose.OWN),
        fault("keeps_hold", "correction", "done"),
    ),
    "a child that nobody waits for": (
        with_effect("repair", "grant", "repair_the_record", opens=(("correction", "open"),)),
        fault("outlives", "repair", "repaired", "revoked"),
    ),
    "a child of no kind": (
        with_effect("objection", "accept", "open_verifications", opens=(("inquiry", "open"),)),
        fault("opens_nothing", "objection", "accept"),
    ),
    "a child opened by a step of people": (
        with_step("verification", "open", by=Role.OFFICE_CLERK),
        fault("opens_nothing", "objection", "accept", "redirect", "return_for_verification")
        | fault("same_eyes", "verification", "endorse", "grant_time"),
    ),
    "an order that a child may refuse": (
        without_source("verification", "cancel", "reported"),
        fault("order_refused", "objection", "correct_own_error", "withdraw"),
    ),
    "an order that leads to no end": (
        with_step("verification", "cancel", to=verification.ISSUED),
        fault("order_refused", "objection", "correct_own_error", "withdraw")
        | fault("unreachable", "verification", "cancelled"),
    ),
    "a condition on children of no kind": (
        with_guard("repair", "finish", "every_department_has_confirmed", awaits=("lifting",)),
        fault("kind_unknown", "repair", "finish"),
    ),
    "holds left to no kind": (
        with_effect("objection", "uphold", "let_go_of_the_right_ones", left_to="cleaning"),
        fault("kind_unknown", "objection", "uphold"),
    ),
    "a parent whose clocks change unlocked": (
        with_step("verification", "stop_clock", touches_parent=False),
        fault("parent_not_locked", "verification", "stop_clock"),
    ),
    "a parent locked for nothing": (
        with_step("verification", "report", touches_parent=True),
        fault("parent_not_locked", "verification", "report"),
    ),
}

ALL: Final[Broken] = {**WORDS, **WAYS, **PEOPLE, **CLOCKS, **DECISIONS, **CHILDREN}
