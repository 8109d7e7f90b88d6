"""The algebra of clocks: what may be exchanged, taken together or put later without another due date."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, strategies as st

from app.deadlines.calendar import national
from app.deadlines.clocks import Event, derive
from config import ROOT
from tests.app.deadlines.test_clocks import DRAFT, REPORT, RULES
from workflows.grammar import Clock

CLOCKS = st.sampled_from([REPORT, DRAFT])
STARTS = st.dates(date(2025, 1, 1), date(2026, 6, 30))
GAPS = st.integers(0, 20)
REPLAY = """
import json, sys
from datetime import date
from tests.app.deadlines.test_algebra import told
from app.deadlines.clocks import Event
print(json.dumps([told([Event(**one | {"on": date.fromisoformat(one["on"])}) for one in events])
                  for events in json.load(sys.stdin)]))
"""


def opened(on: date) -> list[Event]:
    return [Event(1, "open", None, "verifying", on, {})]


def since(events: list[Event], *taken: tuple[str, date]) -> list[Event]:
    """The history with more steps, put in the order of their days."""
    steps = sorted([*((one.step, one.on) for one in events[1:]), *taken], key=lambda one: one[1])
    return [
        events[0],
        *(
            Event(seq, step, "verifying", "verifying", on, {})
            for seq, (step, on) in enumerate(steps, 2)
        ),
    ]


def stopped(events: list[Event], on: date, days: int) -> list[Event]:
    """The history with a stop of so many days."""
    return since(events, ("stop_clock", on), ("restart_clock", on + timedelta(days=days)))


def due_on(events: list[Event], clock: Clock = REPORT) -> date:
    ((found,),) = [derive([clock], events, RULES, national())]
    assert found.due_on is not None
    return found.due_on


def told(events: list[Event]) -> Any:
    """All that is derived of a history, as plain values."""
    found = derive([REPORT, DRAFT], events, RULES, national())
    return json.loads(json.dumps([asdict(one) for one in found], default=str))


@given(STARTS, GAPS, st.integers(1, 20), st.integers(1, 20), CLOCKS)
def test_two_stops_that_meet_are_one(start, gap, first, second, clock):
    begun = start + timedelta(days=gap)
    middle = begun + timedelta(days=first)
    apart = since(
        opened(start),
        ("stop_clock", begun),
        ("restart_clock", middle),
        ("stop_clock", middle),
        ("restart_clock", middle + timedelta(days=second)),
    )
    whole = stopped(opened(start), begun, first + second)
    assert due_on(apart, clock) == due_on(whole, clock)


@given(STARTS, st.lists(st.tuples(GAPS, st.integers(1, 15)), min_size=1, max_size=4))
def test_only_the_days_between_stops_count(start, wanted):
    events, on, away = opened(start), start, 0
    for gap, days in wanted:
        on += timedelta(days=gap)
        assume(on < due_on(events, DRAFT))
        events, away = stopped(events, on, days), away + days
        on += timedelta(days=days + 1)
    assert due_on(events, DRAFT) == due_on(opened(start), DRAFT) + timedelta(days=away)


@given(STARTS, GAPS, st.integers(0, 20), GAPS)
def test_it_does_not_matter_when_an_extension_was_granted(start, gap, days, granted):
    held = stopped(opened(start), start + timedelta(days=gap), days)
    at_once = since(held, ("grant_time", start))
    later = since(held, ("grant_time", start + timedelta(days=granted)))
    assert due_on(at_once) == due_on(later)


@given(STARTS, GAPS, st.integers(0, 20), st.integers(0, 20), CLOCKS)
def test_a_longer_stop_never_ends_earlier(start, gap, one, other, clock):
    shorter, longer = sorted((one, other))
    begun = start + timedelta(days=gap)
    ends = [due_on(stopped(opened(start), begun, days), clock) for days in (shorter, longer)]
    assert ends == sorted(ends)


@given(STARTS, st.integers(0, 30), GAPS, st.integers(0, 20), CLOCKS)
def test_a_clock_that_began_later_never_ends_earlier(start, later, gap, days, clock):
    begun = start + timedelta(days=later + gap)
    ends = [
        due_on(stopped(opened(on), begun, days), clock)
        for on in (start, start + timedelta(days=later))
    ]
    assert ends == sorted(ends)


@given(STARTS, GAPS, st.integers(0, 20), CLOCKS)
def test_neither_a_stop_nor_an_extension_ever_shortens_a_clock(start, gap, days, clock):
    plain = opened(start)
    held = stopped(plain, start + timedelta(days=gap), days)
    assert due_on(held, clock) >= due_on(plain, clock)
    assert due_on(since(held, ("grant_time", start)), clock) >= due_on(held, clock)


def test_a_replay_in_another_process_gives_the_same():
    chance = random.Random(36)
    histories = []
    for _ in range(200):
        events = opened(date(2026, 1, 1) + timedelta(days=chance.randrange(360)))
        for _ in range(chance.randrange(4)):
            on = events[0].on + timedelta(days=chance.randrange(20))
            events = stopped(events, on, chance.randrange(10))
        if chance.randrange(2):
            events = since(events, ("grant_time", events[0].on))
        histories.append(events)
    sent = json.dumps([[asdict(one) for one in events] for events in histories], default=str)
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input=sent,
        text=True,
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "11", "TZ": "America/New_York"},
    )
    assert json.loads(done.stdout) == [told(events) for events in histories]
