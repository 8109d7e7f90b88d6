"""Adding months to a day: the same day number, else the last of the month (law.md 4)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

MONTHS_A_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """The day with the same number so many months later, or the last of that month.

    Raises ValueError beyond the last year that a date can name.
    """
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
