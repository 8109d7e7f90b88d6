"""When a clock is due: counted day by day, in another way than the program counts (5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.deadlines.calendar import national
from workflows.grammar import Clock
from workflows.rules import Length, Rules

DAY = timedelta(days=1)
Reckoned = tuple[date, date | None, date | None]
"""Begun on, due on (None while it stands still), ended on."""
Standstill = tuple[date, date | None]
"""The days after the first, up to the second, do not count; None: it lasts."""


def reckoned(clocks: Sequence[Clock], steps: Sequence[Any], rules: Rules) -> dict[str, Reckoned]:
    """Each clock that was started, as the history says: `steps` are its rows in order."""
    found: dict[str, Reckoned] = {}
    for clock in clocks:
        one = _of(clock, steps, rules, found)
        if one is not None:
            found[clock.name] = one
    return found


def _own(row: Any) -> bool:
    return not row.data.get("of")


def _of(
    clock: Clock, steps: Sequence[Any], rules: Rules, found: Mapping[str, Reckoned]
) -> Reckoned | None:
    starts = [n for n, row in enumerate(steps) if row.step in clock.starts and _own(row)]
    if not starts:
        return None
    first = starts[-1]
    end = _end(clock, steps, first)
    ended_on = steps[end].on if end is not None else None
    lived = steps[first : end + 1] if end is not None else steps[first:]
    begun = _served(clock, lived) or _begun(clock, steps[first], found)
    still = _standstills(clock, steps[: len(steps) if end is None else end + 1])
    if ended_on is None and any(until is None for _, until in still):
        return begun, None, None
    closed = [(since, until or ended_on) for since, until in still]
    return begun, _due(clock, begun, lived, closed, rules), ended_on


def _begun(clock: Clock, start: Any, found: Mapping[str, Reckoned]) -> date:
    if clock.follows is not None and clock.follows in found:
        _, due_on, ended_on = found[clock.follows]
        return ended_on or due_on or start.on
    named = start.data.get(clock.start_from) if clock.start_from else None
    return date.fromisoformat(named) if named else start.on


def _served(clock: Clock, lived: Sequence[Any]) -> date | None:
    """When what was issued with the start reached whom it was for, where that starts the clock."""
    said = [row.data["input"] for row in lived if row.step == "served"]
    days = [one["served_on"] for one in said if one["issued_by"] == lived[0].seq]
    return date.fromisoformat(days[-1]) if clock.service and days else None


def _end(clock: Clock, steps: Sequence[Any], first: int) -> int | None:
    alive = {state.name for state in (*clock.runs_in, *clock.stops_in)}
    for n, row in enumerate(steps):
        ends = n > first and row.step in clock.ends and _own(row)
        if n >= first and (row.to not in alive or ends):
            return n
    return None


def _standstills(clock: Clock, steps: Sequence[Any]) -> list[Standstill]:
    if clock.never_stops:
        return []
    paused = {state.name for state in clock.stops_in}
    begun: dict[str, date] = {}
    found: list[Standstill] = []
    for row in steps:
        by = row.data.get("of") or "itself"
        if row.to in paused:
            begun.setdefault("state", row.on)
        elif "state" in begun:
            found.append((begun.pop("state"), row.on))
        if row.step == "stop_clock":
            begun.setdefault(by, row.on)
        elif row.step == "restart_clock" and by in begun:
            found.append((begun.pop(by), row.on))
    return [*found, *((since, None) for since in begun.values())]


def _due(
    clock: Clock,
    begun: date,
    lived: Sequence[Any],
    still: Sequence[tuple[date, date | None]],
    rules: Rules,
) -> date:
    length = rules.length(clock.name)
    due, counted_from = _later(begun, length), begun
    extending, by = clock.extended_by or ("", "")
    for row in lived[1:]:
        if row.step == extending and _own(row):
            if by.startswith("input:"):
                due = date.fromisoformat(row.data["input"][by.removeprefix("input:")])
                counted_from = row.on
            else:
                due = _later(due, rules.length(by))
    due = _pushed(due, counted_from, still, length)
    latest = lived[0].data.get(clock.not_after) if clock.not_after else None
    return min(due, date.fromisoformat(latest)) if latest else due


def _pushed(due: date, counted_from: date, still: Sequence[Any], length: Length) -> date:
    """Each day that stood still, of a standstill begun in time, is given back."""
    stood: dict[date, date] = {}
    for since, until in sorted(still):
        day = max(since, counted_from)
        while day < until:
            day += DAY
            stood.setdefault(day, max(since, counted_from))
    begun = dict(stood)
    for day in sorted(stood):
        # Stretches that touch are one.
        begun[day] = begun.get(begun[day], begun[day])
        if counts(day, length) and begun[day] < due:
            due = _later(due, Length(1, length.unit))
    return due


def counts(day: date, length: Length) -> bool:
    """Whether a length of this unit counts the day."""
    return length.unit != "working_day" or national().is_working_day(day)


def _later(day: date, length: Length) -> date:
    assert length.unit in {"working_day", "calendar_day"}, length
    left = length.value
    while left:
        day += DAY
        left -= counts(day, length)
    return day
