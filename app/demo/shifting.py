"""Moves the exports of the demonstration city in time, so that they are as fresh on any day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.exchange.sanctions import SanctionLine
from app.records.fields import DATES
from app.records.identity import Content
from workflows.rules import MONTHS_A_YEAR, months_after

REAL_YEARS: Final = range(1950, 2099)
"""Other years stand for "none" or "without end" in the exports."""
TOLD: Final = ("facts", "penalty", "note")
"""Fields in whose text days of the case occur; laws keep their years."""
_DAY: Final = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?")
_YEAR: Final = re.compile(r"〔(\d{4})〕")


@dataclass(frozen=True)
class Shift:
    """By how many whole months all days of the exports move; below 0 into the past.

    A day keeps its number, or becomes the last of a shorter month; periods keep their length.
    """

    months: int

    def record(self, content: Content) -> Content:
        """What a penalty says, with its days, the days in its texts and the year of its number."""
        said = dict(content)
        for field in DATES:
            said[field] = self._iso(content[field])
        for field in TOLD:
            said[field] = _DAY.sub(self._words, content[field] or "") or None
        years = date.fromisoformat(said["decided_on"] or "").year - _year(content["decided_on"])
        said["decision_no"] = _later(content["decision_no"] or "", years)
        return said

    def sanction(self, line: SanctionLine, decision_no: str) -> SanctionLine:
        """What a line says of a sanction, resting on the decision that has this number now."""
        return replace(
            line,
            record=(decision_no, *line.record[1:]),
            starts_on=months_after(line.starts_on, self.months),
            ends_on=line.ends_on and self._day(line.ends_on),
        )

    def _iso(self, text: str | None) -> str | None:
        return self._day(date.fromisoformat(text)).isoformat() if text else text

    def _day(self, day: date) -> date:
        return months_after(day, self.months) if day.year in REAL_YEARS else day

    def _words(self, found: re.Match[str]) -> str:
        year, month, day = found.groups()
        moved = self._day(date(int(year), int(month), int(day or 1)))
        return f"{moved.year}年{moved.month}月" + (f"{moved.day}日" if day else "")


def shift_to(today: date, decided: Iterable[date]) -> Shift:
    """The shift after which the newest decision lies in the last month before `today`."""
    newest = max(decided)
    months = (today.year - newest.year) * MONTHS_A_YEAR + today.month - newest.month
    return Shift(months if months_after(newest, months) <= today else months - 1)


def _year(iso: str | None) -> int:
    return date.fromisoformat(iso or "").year


def _later(number: str, years: int) -> str:
    return _YEAR.sub(lambda found: f"〔{int(found[1]) + years}〕", number)
