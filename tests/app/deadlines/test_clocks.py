"""The clocks of a case: when they are due follows from its history and nothing else."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.deadlines.calendar import national
from app.deadlines.clocks import Due, Event, derive, explain
from workflows.grammar import Clock, Role, State
from workflows.rules import catalogue

RULES = catalogue("national").on(date(2026, 1, 1))
MONDAY = date(2026, 3, 2)

SUBMITTED = State("submitted", "已提交", Role.OFFICE_CLERK)
SUPPLEMENTING = State("supplementing", "待补正", Role.FILER)
VERIFYING = State("verifying", "核实中", Role.OFFICE_CLERK)
CLOSED = State("closed", "已办结", final=True)

ACCEPT = Clock(
    "objection.accept", starts=("submit",), runs_in=(SUBMITTED,), stops_in=(SUPPLEMENTING,)
)
TOTAL = Clock(
    "objection.total",
    starts=("submit", "reopen"),
    runs_in=(SUBMITTED, VERIFYING),
    ends=("decide",),
    stops_in=(SUPPLEMENTING,),
    extended_by=("extend", "input:due_on"),
)
REPORT = Clock(
    "verification.report",
    starts=("open",),
    runs_in=(VERIFYING,),
    extended_by=("grant_time", "verification.extension"),
)
HARD_STOP = Clock(
    "verification.hard_stop",
    starts=("open",),
    runs_in=(VERIFYING,),
    start_from="counted_from",
    not_after="latest",
)
HEARING = Clock("repair.hearing", ("accuse",), (VERIFYING,), ends=("answer",))
REVOKE = Clock("repair.revoke", ("accuse",), (VERIFYING,), follows="repair.hearing")
DRAFT = Clock("draft.keep", starts=("open",), runs_in=(VERIFYING,))
STOPPED = Clock(
    "clock.stopped",
    starts=("stop_clock",),
    runs_in=(SUBMITTED, VERIFYING),
    ends=("restart_clock",),
    never_stops=True,
)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def history(*taken: Any) -> list[Event]:
    """Events from (step, state after, day, data); the day as month and day of 2026."""
    return [
        Event(seq, step, None, to, day(on), data[0] if data else {})
        for seq, (step, to, on, *data) in enumerate(taken, 1)
    ]


def due(clock: Clock, events: list[Event]) -> Due:
    (found,) = derive([clock], events, RULES, national())
    return found


def test_a_clock_that_was_never_started_has_no_due_date():
    assert derive([TOTAL], history(("file", "draft", "03-02")), RULES, national()) == ()


def hearing_and_revocation(*taken: Any) -> tuple[Due, ...]:
    return derive([HEARING, REVOKE], history(*taken), RULES, national())


def test_a_clock_follows_another_from_the_day_that_one_is_due():
    hearing, revoke = hearing_and_revocation(("accuse", "verifying", "03-02"))
    assert hearing.due_on == day("03-09")
    assert (revoke.started_on, revoke.due_on) == (day("03-09"), day("03-23"))


def test_a_clock_follows_another_from_the_day_that_one_ended():
    _, revoke = hearing_and_revocation(
        ("accuse", "verifying", "03-02"), ("answer", "verifying", "03-04")
    )
    assert (revoke.started_on, revoke.due_on) == (day("03-04"), day("03-18"))


def test_a_clock_that_follows_moves_with_the_stop_of_the_one_before():
    stopped = (("accuse", "verifying", "03-02"), ("stop_clock", "verifying", "03-03"))
    assert [one.due_on for one in hearing_and_revocation(*stopped)] == [None, None]
    hearing, revoke = hearing_and_revocation(*stopped, ("restart_clock", "verifying", "03-05"))
    assert (hearing.due_on, revoke.due_on) == (day("03-11"), day("03-25"))


def test_the_days_of_a_clock_that_follows_begin_where_the_other_ends():
    events = history(("accuse", "verifying", "03-02"))
    dues = derive([HEARING, REVOKE], events, RULES, national())
    days = explain(REVOKE, events, RULES, national(), dues)
    assert (days[0].day, days[-1].day) == (day("03-09"), day("03-23"))
    assert sum(one.counts for one in days) == 10


def test_a_clock_counts_from_the_day_of_the_step_that_starts_it():
    found = due(TOTAL, history(("submit", "submitted", "03-02")))
    assert found == Due("objection.total", MONDAY, day("03-11"), False, None)


def test_all_clocks_of_a_definition_are_derived_in_its_order():
    found = derive([TOTAL, ACCEPT], history(("submit", "submitted", "03-02")), RULES, national())
    assert [one.clock for one in found] == ["objection.total", "objection.accept"]


def test_a_clock_ends_when_its_states_are_left():
    found = due(ACCEPT, history(("submit", "submitted", "03-02"), ("accept", "verifying", "03-03")))
    assert (found.due_on, found.ended_on) == (day("03-04"), day("03-03"))


def test_a_clock_ends_with_a_step_that_ends_it_though_the_state_stays():
    found = due(
        TOTAL,
        history(
            ("submit", "submitted", "03-02"),
            ("accept", "verifying", "03-03"),
            ("decide", "verifying", "03-05"),
            ("stop_clock", "verifying", "03-06"),
        ),
    )
    assert (found.due_on, found.ended_on) == (day("03-11"), day("03-05"))


def test_a_clock_whose_start_leads_out_of_its_states_has_ended_at_once():
    found = due(TOTAL, history(("submit", "closed", "03-02")))
    assert found.ended_on == MONDAY


def test_a_clock_that_has_ended_is_not_revived_by_coming_back():
    found = due(
        ACCEPT,
        history(
            ("submit", "submitted", "03-02"),
            ("accept", "verifying", "03-03"),
            ("return", "submitted", "03-04"),
        ),
    )
    assert found.ended_on == day("03-03")


def test_the_latest_start_starts_it_anew():
    found = due(
        TOTAL,
        history(
            ("submit", "submitted", "03-02"),
            ("decide", "closed", "03-09"),
            ("reopen", "verifying", "04-13"),
        ),
    )
    assert (found.started_on, found.due_on, found.ended_on) == (day("04-13"), day("04-22"), None)


def test_while_a_supplement_is_awaited_it_stands_still_and_then_goes_on():
    taken = history(
        ("submit", "submitted", "03-02"), ("request_supplement", "supplementing", "03-03")
    )
    assert due(TOTAL, taken).due_on is None
    back = Event(3, "supplement", "supplementing", "submitted", day("03-10"), {})
    assert due(TOTAL, [*taken, back]).due_on == day("03-18")  # 5 working days did not count


def test_time_in_which_it_stood_still_is_given_back_to_a_clock_that_has_ended():
    found = due(
        TOTAL,
        history(
            ("submit", "submitted", "03-02"),
            ("request_supplement", "supplementing", "03-03"),
            ("lapse", "closed", "03-17"),
        ),
    )
    assert (found.due_on, found.ended_on) == (day("03-25"), day("03-17"))


def test_overlapping_stops_count_once():
    own = {"reason": "鉴定"}
    other = {"of": "HS-2026-000001"}
    found = due(
        TOTAL,
        history(
            ("submit", "submitted", "03-02"),
            ("stop_clock", "submitted", "03-03", own),
            ("stop_clock", "submitted", "03-04", other),
            ("restart_clock", "submitted", "03-05", own),
            ("restart_clock", "submitted", "03-09", other),
        ),
    )
    assert found.due_on == day("03-17")  # 4, 5, 6 and 9 March did not count


def test_it_stands_still_until_the_last_stop_is_ended():
    other = {"of": "HS-2026-000001"}
    taken = history(
        ("submit", "submitted", "03-02"),
        ("stop_clock", "submitted", "03-03"),
        ("stop_clock", "submitted", "03-03", other),
        ("restart_clock", "submitted", "03-05"),
    )
    assert due(TOTAL, taken) == Due("objection.total", MONDAY, None, False, None)


def test_a_clock_that_never_stops_goes_on_while_the_others_stand_still():
    taken = history(("submit", "submitted", "03-02"), ("stop_clock", "submitted", "03-03"))
    assert due(TOTAL, taken).due_on is None
    assert (
        due(STOPPED, taken).due_on
        == national().add(day("03-03"), RULES.length(STOPPED.name)).due_on
    )
    restart = Event(3, "restart_clock", "submitted", "submitted", day("03-09"), {})
    assert due(STOPPED, [*taken, restart]).ended_on == day("03-09")


def test_what_a_child_reports_stops_clocks_but_neither_starts_nor_ends_one():
    child = {"of": "HS-2026-000001"}
    stop, restart = ("stop_clock", "submitted"), ("restart_clock", "submitted")
    begun = ("submit", "submitted", "03-02")
    reported = history(begun, (*stop, "03-03", child))
    assert [one.clock for one in derive([TOTAL, STOPPED], reported, RULES, national())] == [
        "objection.total"
    ]
    both = history(begun, (*stop, "03-03"), (*stop, "03-04", child), (*restart, "03-05", child))
    assert due(STOPPED, both).ended_on is None


def test_a_stop_that_began_before_the_clock_holds_it_from_the_start():
    found = due(
        TOTAL,
        history(
            ("stop_clock", "draft", "02-24"),
            ("submit", "submitted", "03-02"),
            ("restart_clock", "submitted", "03-04"),
        ),
    )
    assert found.due_on == day("03-13")


def test_a_stop_does_not_rescue_a_clock_that_has_passed():
    found = due(
        TOTAL,
        history(
            ("submit", "submitted", "03-02"),
            ("stop_clock", "submitted", "03-11"),
            ("restart_clock", "submitted", "03-20"),
        ),
    )
    assert found.due_on == day("03-11")


def test_calendar_days_that_do_not_count_are_calendar_days():
    found = due(
        DRAFT,
        history(
            ("open", "verifying", "03-02"),
            ("stop_clock", "verifying", "03-06"),
            ("restart_clock", "verifying", "03-09"),
        ),
    )
    assert found.due_on == day("04-04")


def test_an_extension_by_rule_adds_its_length():
    taken = history(("open", "verifying", "03-02"), ("grant_time", "verifying", "03-04"))
    assert due(REPORT, taken[:1]).due_on == day("03-05")
    assert due(REPORT, taken).due_on == day("03-10")


def test_an_extension_that_names_a_day_replaces_the_due_date_and_later_stops_push_it_on():
    taken = history(
        ("submit", "submitted", "03-02"),
        ("stop_clock", "submitted", "03-03"),
        ("restart_clock", "submitted", "03-05"),
        ("extend", "submitted", "03-06", {"input": {"due_on": "2026-03-27"}}),
        ("stop_clock", "submitted", "03-09"),
        ("restart_clock", "submitted", "03-11"),
    )
    assert due(TOTAL, taken[:4]).due_on == day("03-27")
    assert due(TOTAL, taken).due_on == day("03-31")


def test_a_day_that_somebody_named_is_not_provisional_until_it_is_pushed_on():
    named = {"input": {"due_on": "2027-01-08"}}
    taken = history(
        ("submit", "submitted", "12-28"),
        ("extend", "submitted", "12-29", named),
        ("stop_clock", "submitted", "12-29"),
        ("restart_clock", "submitted", "12-30"),
    )
    assert due(TOTAL, taken[:1]).provisional
    assert not due(TOTAL, taken[:2]).provisional
    assert due(TOTAL, taken) == Due("objection.total", day("12-28"), date(2027, 1, 11), True, None)


def test_it_counts_from_the_day_and_ends_with_the_day_that_its_opening_names():
    start = ("open", "verifying", "03-09")
    assert due(HARD_STOP, history(start)).due_on == day("03-30")
    named = {"counted_from": "2026-03-02", "latest": None}
    assert due(HARD_STOP, history((*start, named))).due_on == day("03-23")
    named["latest"] = "2026-03-12"
    found = due(HARD_STOP, history((*start, named)))
    assert (found.started_on, found.due_on) == (MONDAY, day("03-12"))


def test_the_order_in_which_events_are_given_does_not_matter():
    taken = history(("submit", "submitted", "03-02"), ("accept", "verifying", "03-03"))
    assert due(ACCEPT, taken[::-1]) == due(ACCEPT, taken)


def test_it_explains_each_day_with_what_stopped_it():
    taken = history(
        ("submit", "submitted", "03-05"),
        ("stop_clock", "submitted", "03-06", {"of": "HS-2026-000001"}),
        ("restart_clock", "submitted", "03-09", {"of": "HS-2026-000001"}),
    )
    days = explain(ACCEPT, taken, RULES, national())
    assert [(one.day, one.counts, one.why) for one in days] == [
        (day("03-05"), False, "起算日不计"),
        (day("03-06"), True, "工作日"),
        (day("03-07"), False, "案件HS-2026-000001的期限中止"),
        (day("03-08"), False, "案件HS-2026-000001的期限中止"),
        (day("03-09"), False, "案件HS-2026-000001的期限中止"),
        (day("03-10"), True, "工作日"),
    ]


def test_it_explains_a_clock_that_stands_still_as_far_as_it_came():
    taken = history(
        ("submit", "submitted", "03-02"), ("request_supplement", "supplementing", "03-03")
    )
    days = explain(TOTAL, taken, RULES, national())
    assert [one.day for one in days] == [day("03-02"), day("03-03")]
    assert explain(TOTAL, [], RULES, national()) == ()


def test_calendar_days_are_explained_as_such():
    days = explain(DRAFT, history(("open", "verifying", "03-02")), RULES, national())
    assert len(days) == 31
    assert {one.why for one in days[1:]} == {"自然日"}


# Histories: a start, then stops by several cases that end again, and extensions.

gaps = st.lists(st.integers(0, 12), min_size=0, max_size=10)
cases = st.sampled_from(["", "HS-2026-000001", "HS-2026-000002"])


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    on = draw(st.dates(date(2025, 1, 1), date(2026, 6, 30)))
    events = [Event(1, "open", None, "verifying", on, {})]
    lasting: set[str] = set()
    for gap in draw(gaps):
        on += timedelta(days=gap)
        of = draw(cases)
        step = draw(st.sampled_from(["note_review", "grant_time", "clock"]))
        if step == "clock":
            step = "restart_clock" if of in lasting else "stop_clock"
            lasting ^= {of}
        events.append(_taken(events, step, on, of))
    for of in sorted(lasting):
        events.append(_taken(events, "restart_clock", on, of))
    return events


def _taken(events: list[Event], step: str, on: date, of: str) -> Event:
    data = {"of": of} if of and step.endswith("_clock") else {}
    return Event(len(events) + 1, step, "verifying", "verifying", on, data)


def _due_on(events: list[Event], clock: Clock = REPORT) -> date:
    due_on = due(clock, events).due_on
    assert due_on is not None
    return due_on


@given(histories())
def test_replaying_a_history_gives_the_same_due_dates(events):
    again = [Event(e.seq, e.step, e.source, e.to, e.on, dict(e.data)) for e in events]
    assert derive([REPORT], events, RULES, national()) == derive([REPORT], again, RULES, national())


@given(histories())
def test_the_days_that_count_are_always_as_many_as_the_rules_say(events):
    granted = sum(event.step == "grant_time" for event in events)
    days = explain(REPORT, events, RULES, national())
    assert sum(one.counts for one in days) == 3 + 3 * granted
    assert days[-1].day == _due_on(events)


@given(histories(), st.integers(0, 5))
def test_taking_an_extension_back_restores_the_earlier_date(events, later):
    before = _due_on(events)
    last = events[-1]
    extension = _taken(events, "grant_time", last.on + timedelta(days=later), "")
    assert _due_on([*events, extension]) > before
    assert _due_on([*events, extension][:-1]) == before


@given(histories(), st.integers(0, 30), st.sampled_from([REPORT, DRAFT]))
def test_a_stop_moves_the_due_date_by_exactly_the_days_it_did_not_count(events, length, clock):
    before = _due_on(events, clock)
    last = events[-1].on
    stop = _taken(events, "stop_clock", last, "")
    end = _taken([*events, stop], "restart_clock", last + timedelta(days=length), "")
    after = _due_on([*events, stop, end], clock)
    if last >= before:
        assert after == before
    elif clock is DRAFT:
        assert after - before == timedelta(days=length)
    else:
        stood_still = national().working_days_between(last, end.on)
        assert national().working_days_between(before, after) == stood_still


@given(histories(), st.permutations(["", "HS-2026-000001", "HS-2026-000002"]))
def test_it_does_not_matter_which_case_stops_first(events, names):
    renamed = dict(zip(["", "HS-2026-000001", "HS-2026-000002"], names, strict=True))
    others: list[Event] = []
    for event in events:
        of = renamed[event.data.get("of", "")]
        others.append(_taken(others, event.step, event.on, of))
    assert _due_on(others) == _due_on(events)


@given(histories())
def test_the_order_of_what_happens_on_one_day_does_not_matter_to_stops_of_different_cases(events):
    swapped = list(events)
    for n, (one, other) in enumerate(pairwise(events)):
        stops = one.step.endswith("_clock") and other.step.endswith("_clock")
        if stops and one.on == other.on and one.data != other.data:
            swapped[n : n + 2] = [
                Event(one.seq, other.step, None, other.to, other.on, other.data),
                Event(other.seq, one.step, None, one.to, one.on, one.data),
            ]
            break
    assert _due_on(swapped) == _due_on(events)


@pytest.mark.parametrize("clock", [ACCEPT, TOTAL, REPORT, HARD_STOP, DRAFT])
def test_each_clock_here_is_a_length_of_the_rules(clock):
    assert RULES.length(clock.name).value > 0
