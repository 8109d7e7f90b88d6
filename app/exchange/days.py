"""Days as people and programs write them in exports (pure)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from app.clock import SHANGHAI

_TIME: Final = r"(?:[ T]*\d{1,2}[:时]\d{1,2}(?:[:分](?:\d{1,2}(?:\.\d+)?秒?)?)?)?"
_SHAPES: Final = (
    re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?", re.ASCII),
    re.compile(rf"(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})[日号]?{_TIME}", re.ASCII),
)
_IN_A_ZONE: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_CHARACTERS: Final = re.compile(
    r"([〇○零oO一二三四五六七八九]{4})年([〇零一二三四五六七八九十]{1,3})月([〇零一二三四五六七八九十]{1,3})[日号]?"
)
_DIGITS: Final = str.maketrans("〇○零oO一二三四五六七八九", "00000123456789")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_SERIAL_ZERO: Final = date(1899, 12, 30)
"""Spreadsheets count the days from here; five digits are the years from 1927 to 2173."""


def read_day(value: str) -> date | None:
    """The day that a text of half-width characters names; None where it names none.

    2026-06-04, 2026/6/4, 2026.6.4, 20260604, 2026年6月4日, 二〇二六年六月四日, each with or without
    a time of day; a moment with its time zone, which is a day of Asia/Shanghai; the number of a
    day in a spreadsheet.
    """
    if _IN_A_ZONE.fullmatch(value):
        return _moment(value)
    for shape in _SHAPES:
        if found := shape.fullmatch(value):
            return _day(*found.groups())
    if found := _CHARACTERS.fullmatch(value):
        year, month, day = found.groups()
        return _day(year.translate(_DIGITS), _number(month), _number(day))
    if found := _SERIAL.fullmatch(value):
        return _SERIAL_ZERO + timedelta(days=int(found[1]))
    return None


def _moment(value: str) -> date | None:
    try:
        return datetime.fromisoformat(value).astimezone(SHANGHAI).date()
    except (ValueError, OverflowError):
        return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _number(characters: str) -> str:
    """一 to 三十一 in digits, and 十二 as 12; anything else stays none."""
    tens, ten, ones = characters.rpartition("十")
    return (tens or "1" if ten else "").translate(_DIGITS) + (ones or "0").translate(_DIGITS)
