"""The units of a span of time, and how months are added to a day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

LengthUnit: TypeAlias = Literal["working_day", "calendar_day", "month", "year"]
LENGTH_UNITS: Final[frozenset[str]] = frozenset(get_args(LengthUnit))
UNITS: Final[dict[str, str]] = {
    "working_day": "个工作日",
    "calendar_day": "日",
    "month": "个月",
    "year": "年",
}
"""How a length of time is written after its number."""
DATE: Final = "date"
"""The unit of a rule that names a fixed day."""
MONTHS_A_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """The day with the same number so many months later, or the last of that month (law.md 4).

    Raises ValueError beyond the last year that a date can name.
    """
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
