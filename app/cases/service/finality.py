"""Until when a decision may be contested, and from when it is final (pure).

The periods run from the day a notice is proved served (行政复议法 20, 行政诉讼法 46); the last day of a
period that is no working day moves on to the next one (民事诉讼法 85). A review or lawsuit that is
noted keeps the decision from becoming final until its end is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol

from app.deadlines.calendar import Calendar
from workflows.rules import Length, Rules

DAY: Final = timedelta(days=1)
PERIODS: Final = {"review": "remedy.review.period", "litigation": "remedy.litigation.period"}
AFTER_REVIEW: Final = "remedy.litigation.after_review"


class Issued(Protocol):
    """A notice, as far as its remedies care."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def status(self) -> str:
        """Whether it is in force."""

    @property
    def served_on(self) -> date | None:
        """The day it was proved served."""

    @property
    def context(self) -> Mapping[str, Any]:
        """What was frozen of it; `remedies` are the ways to contest it."""


class Happened(Protocol):
    """A step that was taken in the case."""

    @property
    def step(self) -> str:
        """Its name."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What was entered."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to contest a decision, and the last day for it; `provisional`: it may still move."""

    kind: str
    title: str
    until: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Finality:
    """How a decision stands: `final_from` is the first day on which nobody can contest it.

    None while a review or lawsuit is noted (`contested`), or while notices are not served
    (`unserved`, their titles).
    """

    final_from: date | None
    provisional: bool = False
    contested: bool = False
    unserved: tuple[str, ...] = ()


def remedies(notice: Issued, rules: Rules, calendar: Calendar) -> list[Remedy]:
    """The ways to contest what a notice says; none before it is served, or once it is not in force."""
    if notice.served_on is None or notice.status != "valid":
        return []
    found = []
    for told in notice.context.get("remedies", ()):
        length = rules.length(PERIODS[told["kind"]])
        until, provisional = last_day(notice.served_on, length, calendar)
        found.append(Remedy(told["kind"], told["title"], until, provisional))
    return found


def last_day(start: date, length: Length, calendar: Calendar) -> tuple[date, bool]:
    """The last day of a period that begins with `start`, a working day, and whether it may move."""
    end = day = calendar.add(start, length).due_on
    while not calendar.is_working_day(day):
        day += DAY
    return day, calendar.provisional(end - DAY, day)


def finality(
    notices: Sequence[Issued],
    history: Iterable[Happened],
    rules: Rules,
    calendar: Calendar,
) -> Finality | None:
    """How the decision of a case stands, by all of its notices that may be contested.

    None where there are none. The latest of all days counts: whoever is addressed may contest it.
    """
    adverse = [one for one in notices if one.status == "valid" and one.context.get("remedies")]
    if not adverse:
        return None
    ended, pending = _reviews(history)
    if pending:
        return Finality(None, contested=True)
    unserved = tuple(one.title for one in adverse if one.served_on is None)
    if unserved:
        return Finality(None, unserved=unserved)
    days = [
        (one.until, one.provisional)
        for notice in adverse
        for one in remedies(notice, rules, calendar)
    ]
    days += [_after(path, on, rules, calendar) for path, on in ended]
    until, provisional = max(days)
    return Finality(until + DAY, provisional)


def _reviews(history: Iterable[Happened]) -> tuple[list[tuple[str, date]], bool]:
    """The reviews and lawsuits that have ended, by path and day, and whether one has not."""
    paths: list[str] = []
    ended: list[tuple[str, date]] = []
    for one in history:
        if one.step == "note_review":
            paths.append(one.data["input"]["path"])
        elif one.step == "note_review_ended" and paths:
            ended.append((paths.pop(0), date.fromisoformat(one.data["input"]["ended_on"])))
    return ended, bool(paths)


def _after(path: str, on: date, rules: Rules, calendar: Calendar) -> tuple[date, bool]:
    """After a review one may still go to court (行政诉讼法 45); after a lawsuit nothing is left."""
    return last_day(on, rules.length(AFTER_REVIEW), calendar) if path == "review" else (on, False)
