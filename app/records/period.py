"""How long a sanction runs when time under suspension does not count (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, Protocol, TypeAlias

Interval: TypeAlias = "tuple[date, date | None]"
"""From the first day to the day before the second; None: still open."""

Counts: TypeAlias = Literal["yes", "no"]


class Period(Protocol):
    """The period that was laid down for a sanction, from the first to the last day."""

    @property
    def starts_on(self) -> date:
        """The first day."""

    @property
    def ends_on(self) -> date | None:
        """The last day, as 截止日期 says; None for a sanction without end."""


def day_after(last: date | None) -> date | None:
    """Where a half-open interval ends whose last day is this; None for one without end."""
    return None if last is None else last + timedelta(days=1)


def day_before(until: date | None) -> date | None:
    """The last day of a half-open interval; None for one without end."""
    return None if until is None else until - timedelta(days=1)


def contains(interval: Interval, day: date) -> bool:
    """Whether the day lies in a half-open interval."""
    first, after = interval
    return first <= day and (after is None or day < after)


def runs_until(
    sanction: Period, holds: Iterable[Interval], on: date, counts: str = "no"
) -> date | None:
    """The last day of the sanction, as it looks on the day `on`.

    Days held within the period are added at its end unless `counts` (rule `suspension.counts`)
    is "yes"; a day held by several cases is added once, an open hold counts up to `on`.
    """
    end = sanction.ends_on
    if end is None or counts == "yes":
        return end
    for first, after in _merged(holds, on):
        since = max(first, sanction.starts_on)
        if since > end:
            break
        if after > since:
            end += after - since
    return end


def _merged(holds: Iterable[Interval], on: date) -> Iterator[tuple[date, date]]:
    """The intervals in order of time, closed on `on`, overlapping ones made one."""
    closed = sorted((first, on if after is None else after) for first, after in holds)
    if not closed:
        return
    since, until = closed[0]
    for first, after in closed[1:]:
        if first > until:
            yield since, until
            since, until = first, after
        else:
            until = max(until, after)
    yield since, until
