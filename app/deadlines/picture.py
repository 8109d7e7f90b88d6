"""A due date as a picture: the months on the way, each day with what it counts for."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from app.deadlines.calendar import Counted

_MONDAY: Final = 0
_WEEK: Final = 7
MOST: Final = 400
"""Days that are drawn one by one; what is longer is told by its ends."""


@dataclass(frozen=True)
class Cell:
    """A day of a month. ``number``: which counted day it is, 0 where it does not count.

    ``mark``: ``start``, ``counts``, ``rests``, ``due``, or empty off the way.
    """

    day: date
    number: int
    mark: str
    why: str


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday; None pads the first and the last."""

    title: str
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(days: Sequence[Counted], due_on: date | None) -> tuple[Month, ...]:
    """The months from the first of the days to the last; empty where these are too many.

    ``due_on``: the last day, where there is one. Only days that follow each other can be drawn:
    of a length in months, `Calendar.explain` tells the ends alone.
    """
    if not days or len(days) != (days[-1].day - days[0].day).days + 1 or len(days) > MOST:
        return ()
    cells = _cells(days, due_on)
    first, last = days[0].day, days[-1].day
    whole = _days(first.replace(day=1), _end_of_month(last))
    return tuple(
        Month(f"{year}年{month}月", _weeks(tuple(cells.get(day, _off(day)) for day in group)))
        for (year, month), group in groupby(whole, lambda day: (day.year, day.month))
    )


def _cells(days: Sequence[Counted], due_on: date | None) -> dict[date, Cell]:
    found, number = {}, 0
    for place, one in enumerate(days):
        number += one.counts
        mark = "due" if one.day == due_on else "counts" if one.counts else "rests"
        mark = mark if place else "start"
        found[one.day] = Cell(one.day, number if one.counts else 0, mark, one.why)
    return found


def _off(day: date) -> Cell:
    return Cell(day, 0, "", "")


def _weeks(cells: Sequence[Cell]) -> tuple[tuple[Cell | None, ...], ...]:
    day = cells[0].day
    padded = [
        cells[number - 1] if number else None
        for number in Weeks(_MONDAY).itermonthdays(day.year, day.month)
    ]
    return tuple(tuple(padded[n : n + _WEEK]) for n in range(0, len(padded), _WEEK))


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _end_of_month(day: date) -> date:
    after = day.replace(day=28) + timedelta(days=4)
    return after.replace(day=1) - timedelta(days=1)
