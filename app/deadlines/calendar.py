"""Which days are worked in China, and when a length of days, months or years is over.

The day on which something begins does not count. A month or year ends on the same day number,
else on the last of the month. Nothing is rolled to a working day. (law.md 4: 民诉法 85 and the
acts that say which periods are working days.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, groupby, pairwise
from typing import Final

import holidays

from workflows.rules import MONTHS_A_YEAR, Length, months_after

# Years whose arrangement of holidays (放假安排) the State Council has published, and on each day
# of which two independent packages agree. Later years know only the statutory holidays: which
# weekends are worked for them is announced each autumn. Earlier ones no case reaches.
NOTICED: Final = range(2013, 2027)
KNOWN: Final = range(2013, 2100)

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


class OutOfCalendar(ValueError):  # noqa: N818 -- reads as what happened
    """The calendar does not know the days that would have to be counted."""


@dataclass(frozen=True, slots=True)
class End:
    """The last day of a length; ``provisional`` while a year on the way has no notice yet."""

    due_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One day on the way to a due date: whether it counts, and why, in Chinese."""

    day: date
    counts: bool
    why: str


@dataclass(frozen=True)
class Year:
    """One year of the calendar.

    ``off``: days not worked, each with its name, weekends without a name left out; ``worked``:
    Saturdays and Sundays that are worked for them; ``noticed``: the arrangement is published.
    """

    number: int
    off: Mapping[date, str]
    worked: frozenset[date]
    noticed: bool

    def works(self, day: date) -> bool:
        """Whether a day of this year is worked."""
        if weekend(day):
            return day in self.worked
        return day not in self.off

    def why(self, day: date) -> str:
        """What sort of day it is."""
        if day in self.worked:
            sort = "调休上班"
        elif weekend(day):
            sort = self.off.get(day, "周末")
        else:
            sort = self.off.get(day, "工作日")
        return sort if self.noticed else f"{sort}（{self.number}年放假安排尚未公布）"


class Calendar:
    """Adds lengths to days. Made once of consecutive years, never changed."""

    def __init__(self, years: Iterable[Year]) -> None:
        ordered = sorted(years, key=lambda year: year.number)
        if any(later.number != year.number + 1 for year, later in pairwise(ordered)):
            message = "the years of a calendar follow each other"
            raise ValueError(message)
        self._years = {year.number: year for year in ordered}
        days = [day for year in ordered for day in _days_of(year.number)]
        works = [self._years[day.year].works(day) for day in days]
        self._first = days[0].toordinal()
        # How many days have been worked before each day, and which they are, in order.
        self._before = list(accumulate(works, initial=0))
        self._worked = [day for day, worked in zip(days, works, strict=True) if worked]

    def year(self, number: int) -> Year:
        """One of its years; raises KeyError for another."""
        return self._years[number]

    def with_years(self, years: Iterable[Year]) -> Calendar:
        """The same calendar with these years in place of its own."""
        return Calendar({**self._years, **{year.number: year for year in years}}.values())

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day, weekends worked for a holiday included."""
        return self._year(day).works(day)

    def why(self, day: date) -> str:
        """What sort of day it is, in Chinese."""
        return self._year(day).why(day)

    def add(self, start: date, length: Length) -> End:
        """The last day of a length that begins on ``start``; OutOfCalendar beyond the calendar."""
        if length.unit == "working_day":
            due_on = self._after_working_days(start, length.value)
            return End(due_on, self.provisional(start, due_on))
        try:
            return End(_LATER[length.unit](start, length.value), provisional=False)
        except (OverflowError, ValueError):
            raise _beyond(start, length) from None

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days follow ``start`` up to ``end``; below 0 where that is earlier."""
        return self._worked_until(end) - self._worked_until(start)

    def provisional(self, start: date, end: date) -> bool:
        """Whether a day after ``start`` up to ``end`` lies in a year without a notice."""
        years = range((start + _DAY).year, end.year + 1) if start < end else ()
        return any(not self._years[year].noticed for year in years if year in self._years)

    def explain(self, start: date, length: Length) -> tuple[Counted, ...]:
        """Day by day how ``add`` arrives; of months and years only where they begin and end."""
        due_on = self.add(start, length).due_on
        first = Counted(start, counts=False, why="起算日不计")
        if length.unit == "working_day":
            return (first, *self.count(start, due_on))
        if length.unit == "calendar_day":
            rest = (Counted(day, counts=True, why="自然日") for day in days_after(start, due_on))
            return (first, *rest)
        same = due_on.day == start.day
        return (first, Counted(due_on, counts=True, why="同日届满" if same else "当月末日届满"))

    def count(self, start: date, end: date) -> Iterator[Counted]:
        """Each day after ``start`` up to ``end``: whether it is worked, and what sort of day."""
        for day in days_after(start, end):
            yield Counted(day, self.is_working_day(day), self.why(day))

    def _after_working_days(self, start: date, number: int) -> date:
        if number == 0:
            return start
        position = self._worked_until(start) + number - 1
        if position >= len(self._worked):
            raise _beyond(start, Length(number, "working_day"))
        return self._worked[position]

    def _worked_until(self, day: date) -> int:
        position = day.toordinal() - self._first + 1
        if not 0 < position < len(self._before):
            raise _unknown(day)
        return self._before[position]

    def _year(self, day: date) -> Year:
        try:
            return self._years[day.year]
        except KeyError:
            raise _unknown(day) from None


@cache
def national() -> Calendar:
    """The calendar of China, as the packages know it."""
    known = holidays.country_holidays("CN", years=KNOWN, language="zh_CN")
    off = {year: dict(days) for year, days in groupby(sorted(known.items()), _year_of)}
    worked = frozenset(known.weekend_workdays)
    return Calendar(
        Year(
            number,
            off.get(number, {}),
            frozenset(day for day in worked if day.year == number),
            number in NOTICED,
        )
        for number in KNOWN
    )


def weekend(day: date) -> bool:
    """Whether it is a Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


def days_after(start: date, end: date) -> Iterator[date]:
    """Each day after ``start`` up to ``end``."""
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


def _year_of(named: tuple[date, str]) -> int:
    return named[0].year


def _days_of(year: int) -> Iterator[date]:
    return days_after(date(year - 1, 12, 31), date(year, 12, 31))


def _days_later(start: date, number: int) -> date:
    return start + timedelta(days=number)


def _years_later(start: date, number: int) -> date:
    return months_after(start, number * MONTHS_A_YEAR)


_LATER: Final[dict[str, Callable[[date, int], date]]] = {
    "calendar_day": _days_later,
    "month": months_after,
    "year": _years_later,
}


def _beyond(start: date, length: Length) -> OutOfCalendar:
    return OutOfCalendar(f"{length.value} × {length.unit} after {start} is beyond the calendar")


def _unknown(day: date) -> OutOfCalendar:
    return OutOfCalendar(f"the calendar has no {day}: it runs from {KNOWN[0]} to {KNOWN[-1]}")
