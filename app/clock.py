"""The clock: the only place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

# A fixed offset: China has had no summer time since 1991, and no file of time zones is needed.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_OFFICE_OPENS: Final = time(9, tzinfo=SHANGHAI)

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment, aware and in UTC."""
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The day it is in Asia/Shanghai."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of Asia/Shanghai on which an aware moment falls."""
    return _aware(moment).astimezone(SHANGHAI).date()


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Let the clock stand at a moment, or at nine o'clock in Shanghai on a day.

    For tests, `cases tick --now` and the demonstration. It holds for this thread of execution.
    """
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, _OFFICE_OPENS)
    token = _set_to.set(_aware(moment).astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = f"a moment needs its time zone: {moment.isoformat()}"
        raise ValueError(message)
    return moment
