"""When the clocks of a case are due: derived from its history, the rules and the calendar alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from app.deadlines.calendar import Calendar, Counted, days_after
from workflows.grammar import Clock
from workflows.rules import Length, Rules

STOP: Final = "stop_clock"
RESTART: Final = "restart_clock"
SERVED: Final = "served"
BY_INPUT: Final = "input:"


@dataclass(frozen=True)
class Event:
    """A step that was taken, as far as clocks care.

    ``to`` is the state after it. ``data``: the days that ``start_from`` and ``not_after`` of a
    clock name, in ISO; ``input``, what was entered; ``of``, the number of the child that stops
    or restarts these clocks too, absent where the case does it itself.
    """

    seq: int
    step: str
    source: str | None
    to: str
    on: date
    data: Mapping[str, Any]

    @property
    def reported(self) -> bool:
        """Whether it happened in a child: it may stop clocks, but starts, ends, extends none."""
        return bool(self.data.get("of"))


@dataclass(frozen=True)
class Due:
    """How a clock stands after the last event.

    ``due_on`` is None while it stands still; of a clock that has ended it is the day that would
    have been the last. ``provisional``: that day may move once a year's holidays are published.
    """

    clock: str
    started_on: date
    due_on: date | None
    provisional: bool
    ended_on: date | None


@dataclass(frozen=True)
class _Stop:
    """Days after ``since`` up to ``until`` do not count; None: it lasts."""

    since: date
    until: date | None
    why: str

    def covers(self, day: date) -> bool:
        return self.since < day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class _Run:
    """A clock from its latest start on. ``lived``: the events from the start to the end."""

    clock: Clock
    started_on: date
    lived: tuple[Event, ...]
    ended_on: date | None
    stops: tuple[_Stop, ...]

    @property
    def stands_still(self) -> bool:
        return any(stop.until is None for stop in self.stops)


@dataclass(frozen=True)
class _Reckoning:
    """A due date on its way: ``fixed_on``, the day on which somebody set it, if anybody did."""

    due_on: date
    fixed_on: date | None
    counted_from: date


def derive(
    clocks: Sequence[Clock], events: Sequence[Event], rules: Rules, calendar: Calendar
) -> tuple[Due, ...]:
    """Each clock that has been started, in the order of the definition; see grammar.Clock.

    The latest of its ``starts`` starts a clock anew. A day after a stop up to its end does not
    count, however many stops overlap on it. Raises UnknownRule where no rule gives a length.
    """
    dues: dict[str, Due] = {}
    for run in _runs(clocks, events):
        dues[run.clock.name] = _due(_following(run, dues), rules, calendar)
    return tuple(dues.values())


def explain(
    clock: Clock,
    events: Sequence[Event],
    rules: Rules,
    calendar: Calendar,
    dues: Sequence[Due] = (),
) -> tuple[Counted, ...]:
    """Day by day how a clock came to its due date, or how far it came until it stood still.

    Empty where it was never started. `dues`: how the clocks stand, as `derive` gives them, for
    one that follows another.
    """
    known = {due.clock: due for due in dues}
    return tuple(
        day
        for run in _runs([clock], events)
        for day in _explained(_following(run, known), rules, calendar)
    )


def _following(run: _Run, dues: Mapping[str, Due]) -> _Run:
    """A clock that follows another counts from the day that one ended or, else, is due."""
    earlier = dues.get(run.clock.follows or "")
    begins = earlier and (earlier.ended_on or earlier.due_on)
    return replace(run, started_on=begins) if begins else run


def _runs(clocks: Iterable[Clock], events: Iterable[Event]) -> Iterator[_Run]:
    history = sorted(events, key=lambda event: event.seq)
    for clock in clocks:
        starts = [n for n, event in enumerate(history) if _is(event, clock.starts)]
        if starts:
            yield _run(clock, history, starts[-1])


def _is(event: Event, steps: Collection[str]) -> bool:
    return event.step in steps and not event.reported


def _run(clock: Clock, history: list[Event], first: int) -> _Run:
    end = _end(clock, history, first)
    until = len(history) if end is None else end + 1
    ended_on = None if end is None else history[end].on
    return _Run(
        clock,
        _begins(clock, history[first:until]),
        tuple(history[first:until]),
        ended_on,
        () if clock.never_stops else tuple(_stops(clock, history[:until], ended_on)),
    )


def _begins(clock: Clock, lived: Sequence[Event]) -> date:
    """The day from which a clock counts: of service, that on which it was proved."""
    start = lived[0]
    proofs = (event.data.get("input", {}) for event in lived if event.step == SERVED)
    served = [proof["served_on"] for proof in proofs if proof.get("issued_by") == start.seq]
    if clock.service and served:
        return date.fromisoformat(served[-1])
    return _named_day(clock.start_from, start) or start.on


def _end(clock: Clock, history: list[Event], first: int) -> int | None:
    """The event with which the clock ends: another state than its own, or a step of ``ends``."""
    own = {state.name for state in (*clock.runs_in, *clock.stops_in)}
    for n in range(first, len(history)):
        if history[n].to not in own or (n > first and _is(history[n], clock.ends)):
            return n
    return None


def _stops(clock: Clock, events: Iterable[Event], ended_on: date | None) -> Iterator[_Stop]:
    """Every stretch in which the clock stands still; with the clock's end they end too."""
    still = {state.name: f"{state.title}，期间不计" for state in clock.stops_in}
    lasting: dict[str, _Stop] = {}
    for event in events:
        for key, why in _begun(event, still):
            lasting.setdefault(key, _Stop(event.on, None, why))
        for key in _over(event, still):
            if key in lasting:
                yield replace(lasting.pop(key), until=event.on)
    yield from (replace(stop, until=ended_on) for stop in lasting.values())


def _begun(event: Event, still: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if event.to in still:
        yield "state", still[event.to]
    if event.step == STOP:
        of = event.data.get("of")
        yield f"of {of or ''}", f"案件{of}的期限中止" if of else "期限中止"


def _over(event: Event, still: Mapping[str, str]) -> Iterator[str]:
    if event.to not in still:
        yield "state"
    if event.step == RESTART:
        yield f"of {event.data.get('of') or ''}"


def _due(run: _Run, rules: Rules, calendar: Calendar) -> Due:
    if run.stands_still:
        return Due(run.clock.name, run.started_on, None, provisional=False, ended_on=None)
    reckoned = _reckoned(run, rules, calendar)
    counts_work = rules.length(run.clock.name).unit == "working_day"
    provisional = counts_work and calendar.provisional(reckoned.counted_from, reckoned.due_on)
    return Due(run.clock.name, run.started_on, reckoned.due_on, provisional, run.ended_on)


def _reckoned(run: _Run, rules: Rules, calendar: Calendar) -> _Reckoning:
    """The length, what was added to it, then the stops, then the latest day allowed."""
    length = rules.length(run.clock.name)
    due_on = calendar.add(run.started_on, length).due_on
    reckoned = _Reckoning(due_on, None, run.started_on)
    for event in run.lived[1:]:
        reckoned = _extended(reckoned, run.clock, event, rules, calendar)
    due_on = _pushed(reckoned, run, length, calendar)
    latest = _named_day(run.clock.not_after, run.lived[0])
    return replace(reckoned, due_on=min(due_on, latest or due_on))


def _extended(
    reckoned: _Reckoning, clock: Clock, event: Event, rules: Rules, calendar: Calendar
) -> _Reckoning:
    if clock.extended_by is None or not _is(event, clock.extended_by[:1]):
        return reckoned
    by = clock.extended_by[1]
    if not by.startswith(BY_INPUT):
        return replace(reckoned, due_on=calendar.add(reckoned.due_on, rules.length(by)).due_on)
    due_on = date.fromisoformat(event.data["input"][by.removeprefix(BY_INPUT)])
    return _Reckoning(due_on, fixed_on=event.on, counted_from=due_on)


def _pushed(reckoned: _Reckoning, run: _Run, length: Length, calendar: Calendar) -> date:
    """The due date after all stops; one that begins on it or later comes too late."""
    due_on = reckoned.due_on
    for since, until in _united(run.stops, reckoned.fixed_on or run.started_on):
        if since < due_on:
            due_on = calendar.add(due_on, _counted(since, until, length, calendar)).due_on
    return due_on


def _counted(since: date, until: date, length: Length, calendar: Calendar) -> Length:
    """How many days of the sort that the clock counts follow ``since`` up to ``until``."""
    if length.unit == "working_day":
        return Length(calendar.working_days_between(since, until), "working_day")
    return Length((until - since).days, "calendar_day")


def _united(stops: Iterable[_Stop], earliest: date) -> list[tuple[date, date]]:
    """The stretches as pairs that do not overlap, in order, without what precedes ``earliest``."""
    united: list[tuple[date, date]] = []
    stretches = [(max(stop.since, earliest), stop.until) for stop in stops]
    for since, until in sorted((a, b) for a, b in stretches if b is not None and a < b):
        if united and since <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], until))
        else:
            united.append((since, until))
    return united


def _explained(run: _Run, rules: Rules, calendar: Calendar) -> Iterator[Counted]:
    still = run.stands_still
    last = run.lived[-1].on if still else _reckoned(run, rules, calendar).due_on
    yield Counted(run.started_on, counts=False, why="起算日不计")
    by_work = rules.length(run.clock.name).unit == "working_day"
    for day in days_after(run.started_on, last):
        stop = next((stop for stop in run.stops if stop.covers(day)), None)
        if stop:
            yield Counted(day, counts=False, why=stop.why)
        elif by_work:
            yield Counted(day, calendar.is_working_day(day), calendar.why(day))
        else:
            yield Counted(day, counts=True, why="自然日")


def _named_day(name: str | None, event: Event) -> date | None:
    """A day that the data of an event give in ISO under a name, where they do."""
    value = event.data.get(name) if name else None
    return date.fromisoformat(value) if value else None
