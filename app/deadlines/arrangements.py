"""The State Council's arrangement of a year's holidays (放假安排), as a file says it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.deadlines.calendar import KNOWN, NOTICED, Year, days_after, national, weekend
from app.errors import Invalid

LARGEST: Final = 64 * 1024
_FIELDS: Final = {"year", "source", "holiday"}
_MADE_UP: Final = "（补假）"
"""A day off in place of a weekend: on which day that is, the notice alone says."""
_OF_HOLIDAY: Final = {"name", "from", "to", "worked"}


@dataclass(frozen=True)
class Arrangement:
    """A year as the notice arranges it; ``source``: the notice by title and number."""

    year: Year
    source: str

    def as_json(self) -> dict[str, Any]:
        """Days in ISO: those off with their names, and the weekends that are worked."""
        return {
            "off": {day.isoformat(): name for day, name in sorted(self.year.off.items())},
            "worked": [day.isoformat() for day in sorted(self.year.worked)],
        }

    @property
    def digest(self) -> str:
        """SHA-256 of year, source and days."""
        whole = [self.year.number, self.source, self.as_json()]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def year_from(number: int, content: Mapping[str, Any]) -> Year:
    """The year that `Arrangement.as_json` wrote."""
    off = {date.fromisoformat(day): name for day, name in content["off"].items()}
    return Year(number, off, frozenset(map(date.fromisoformat, content["worked"])), noticed=True)


def read(text: str) -> Arrangement:
    """The arrangement that a TOML file holds.

    `year`, `source`, and for each holiday `name`, `from`, `to`, `worked` (weekends worked for it).
    Raises Invalid with everything that is wrong, field by field.
    """
    document = _document(text)
    faults = dict(_faults_at_the_top(document))
    if faults:
        raise Invalid(faults)
    number = document["year"]
    for place, holiday in enumerate(document["holiday"], start=1):
        faults |= {f"holiday[{place}].{key}": why for key, why in _faults_of(holiday, number)}
    if faults:
        raise Invalid(faults)
    year = Year(number, dict(_off(document)), frozenset(_worked(document)), noticed=True)
    faults = dict(_faults_together(document, year))
    if faults:
        raise Invalid(faults)
    return Arrangement(year, document["source"].strip())


def _document(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid({"": f"文件不是有效的 TOML：{error}"}) from error


def _faults_at_the_top(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in sorted(document.keys() - _FIELDS):
        yield key, f"不认识的项目，应为{'、'.join(sorted(_FIELDS))}。"
    year, source, holidays = (document.get(one) for one in ("year", "source", "holiday"))
    if not isinstance(year, int) or isinstance(year, bool):
        yield "year", "请写明年份，如 year = 2027。"
    elif year in NOTICED:
        yield "year", f"{year}年的放假安排程序已有，不必导入。"
    elif year not in KNOWN:
        yield "year", f"日历只到{KNOWN[-1]}年。"
    if not isinstance(source, str) or not source.strip():
        yield "source", "请写明通知的标题和文号。"
    if not isinstance(holidays, list) or not holidays:
        yield "holiday", "没有节日：每个节日以一行 [[holiday]] 开头。"


def _faults_of(holiday: Any, year: int) -> Iterator[tuple[str, str]]:
    if not isinstance(holiday, dict):
        yield "", "每个节日以一行 [[holiday]] 开头。"
        return
    for key in sorted(holiday.keys() - _OF_HOLIDAY):
        yield key, "不认识的项目，应为 name、from、to、worked。"
    if not isinstance(holiday.get("name"), str) or not holiday["name"].strip():
        yield "name", "请写明节日名称。"
    for key in ("from", "to"):
        if fault := _fault_of_day(holiday.get(key), year):
            yield key, fault
    worked = holiday.get("worked", [])
    if not isinstance(worked, list):
        yield "worked", "应为日期的列表，如 [2027-02-20]；没有的不写。"
        return
    for day in worked:
        if fault := _fault_of_day(day, year):
            yield "worked", fault
        elif not weekend(day):
            yield "worked", f"{day} 不是周末，不会是调休上班的日子。"


def _fault_of_day(day: Any, year: int) -> str:
    if not isinstance(day, date) or isinstance(day, datetime):
        return "请写成不加引号的日期，如 2027-01-01。"
    return "" if day.year == year else f"{day} 不在{year}年内，请核对年份。"


def _faults_together(document: Mapping[str, Any], year: Year) -> Iterator[tuple[str, str]]:
    """Days named twice, ends before beginnings, and statutory holidays that are not off."""
    seen: set[date] = set()
    for place, one in enumerate(document["holiday"], start=1):
        if one["to"] < one["from"]:
            yield f"holiday[{place}].to", "早于放假的第一天。"
        days = {*_days(one), *one.get("worked", [])}
        if twice := sorted(days & seen):
            yield f"holiday[{place}]", f"{twice[0]} 在文件中出现了两次。"
        seen |= days
    if both := sorted(year.off.keys() & year.worked):
        yield "holiday", f"{both[0]} 既放假又上班。"
    statutory = {
        day: name
        for day, name in national().year(year.number).off.items()
        if not name.endswith(_MADE_UP)
    }
    if missing := sorted(statutory.keys() - year.off.keys()):
        yield "holiday", f"缺少法定节假日：{missing[0]}（{statutory[missing[0]]}）。"


def _days(holiday: Mapping[str, Any]) -> list[date]:
    return [holiday["from"], *days_after(holiday["from"], holiday["to"])]


def _off(document: Mapping[str, Any]) -> Iterator[tuple[date, str]]:
    for holiday in document["holiday"]:
        yield from ((day, holiday["name"].strip()) for day in _days(holiday))


def _worked(document: Mapping[str, Any]) -> Iterator[date]:
    for holiday in document["holiday"]:
        yield from holiday.get("worked", [])
