"""Reads a profile of rules from TOML, and refuses what cannot be right, with file and line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from workflows.rules.periods import faults_of_periods
from workflows.rules.policy import COUNTS, values_of
from workflows.rules.rows import (
    DATE,
    LENGTH_UNITS,
    OWN_SETTING,
    Catalogue,
    Row,
    value_of,
)

HEADER: Final = "[[rule]]"
_REQUIRED: Final = {"name", "value", "source", "effective_from", "verified"}
_ALLOWED: Final = _REQUIRED | {"unit", "effective_to", "note"}
_KINDS: Final[dict[str, type]] = {
    "name": str,
    "unit": str,
    "source": str,
    "effective_from": date,
    "effective_to": date,
    "verified": bool,
    "note": str,
}


class RuleFault(ValueError):  # noqa: N818 -- names what is wrong, as its message does
    """A profile cannot be used; ``faults`` lists all that is wrong, each as file:line: what."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class _Written:
    """One rule as it stands in the file, and the line of its header."""

    line: int
    raw: dict[str, Any]


def read(path: Path) -> Catalogue:
    """The profile in a file, named after it. Raises RuleFault with every fault at once."""
    text = path.read_text(encoding="utf-8")
    document = _document(path, text)
    written = _written(text, document.get("rule"))
    faults = [f"{path.name}:1: {fault}" for fault in _faults_at_the_top(document)]
    if not written:
        faults.append(f"{path.name}:1: no rules: each begins with a line {HEADER}")
    sound = []
    for one in written:
        found = list(_faults_of(one.raw))
        faults += [f"{path.name}:{one.line}: {fault}" for fault in found]
        if not found:
            sound.append((one.line, _row(one.raw)))
    together = (*_faults_in_time(sound), *faults_of_periods(sound))
    faults += [f"{path.name}:{line}: {fault}" for line, fault in together]
    if faults:
        raise RuleFault(faults)
    rows = sorted((row for _, row in sound), key=_order)
    return Catalogue(path.stem, document["title"], tuple(rows))


def _document(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFault([f"{path.name}: {error}"]) from error


def _written(text: str, raws: Any) -> list[_Written]:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == HEADER]
    if not isinstance(raws, list) or len(raws) != len(lines):
        return []
    return [_Written(line, raw) for line, raw in zip(lines, raws, strict=True)]


def _faults_at_the_top(document: dict[str, Any]) -> Iterator[str]:
    for key in sorted(document.keys() - {"title", "rule"}):
        yield f"unknown key {key!r}"
    if not isinstance(document.get("title"), str):
        yield "the profile has no title"


def _faults_of(raw: dict[str, Any]) -> Iterator[str]:
    for key in sorted(raw.keys() - _ALLOWED):
        yield f"unknown key {key!r}"
    missing = sorted(_REQUIRED - raw.keys())
    for key in missing:
        yield f"{key} is missing"
    wrong = [key for key, kind in _KINDS.items() if key in raw and not _is(raw[key], kind)]
    for key in wrong:
        yield f"{key} is no {_KINDS[key].__name__}"
    if not missing and not wrong:
        yield from _faults_of_content(raw)


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, datetime)


def _faults_of_content(raw: dict[str, Any]) -> Iterator[str]:
    for key in ("name", "source"):
        if not raw[key].strip():
            yield f"{key} is empty"
    if raw["source"] == OWN_SETTING and not raw["verified"]:
        yield "the office's own setting has nothing to verify"
    if raw.get("effective_to", date.max) < raw["effective_from"]:
        yield "effective_to lies before effective_from"
    yield from _faults_of_value(raw["name"], raw["value"], raw.get("unit"))


def _faults_of_value(name: str, value: Any, unit: str | None) -> Iterator[str]:
    if unit is not None:
        yield from _faults_of_measured(value, unit)
    elif isinstance(value, bool) or not isinstance(value, int | str | list):
        yield f"a value cannot be a {type(value).__name__}"
    elif isinstance(value, int) and name not in COUNTS:
        yield "a length needs its unit"
    elif isinstance(value, list) and not _is_list(value):
        yield "a list holds texts, or tables of code and title, each code once"
    allowed = values_of(name)
    if allowed and value not in allowed:
        yield f"unknown value {value!r}: it is one of {', '.join(allowed)}"


def _faults_of_measured(value: Any, unit: str) -> Iterator[str]:
    if unit in LENGTH_UNITS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield "a length is a whole number"
    elif unit != DATE:
        yield f"unknown unit {unit!r}: it is one of {', '.join(sorted(LENGTH_UNITS))}"
    elif not _is_iso_day(value):
        yield "a day is written as 2026-04-01, in quotes"


def _is_iso_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _is_list(value: list[Any]) -> bool:
    if all(isinstance(one, str) for one in value):
        return bool(value)
    options = [one for one in value if isinstance(one, dict) and one.keys() == {"code", "title"}]
    return len(options) == len(value) == len({one["code"] for one in options})


def _row(raw: dict[str, Any]) -> Row:
    return Row(
        name=raw["name"],
        value=value_of(raw["value"]),
        unit=raw.get("unit"),
        source=raw["source"],
        effective_from=raw["effective_from"],
        effective_to=raw.get("effective_to"),
        verified=raw["verified"],
        note=raw.get("note", ""),
    )


def _order(row: Row) -> tuple[str, date]:
    return row.name, row.effective_from


def _faults_in_time(placed: list[tuple[int, Row]]) -> Iterator[tuple[int, str]]:
    """The rows of one name must follow each other day on day."""
    ordered = sorted(placed, key=lambda one: _order(one[1]))
    for name, group in groupby(ordered, key=lambda one: one[1].name):
        for (_, earlier), (line, later) in pairwise(group):
            ends = earlier.effective_to
            if ends is None or ends >= later.effective_from:
                yield line, f"{name} overlaps with its row of {earlier.effective_from}"
            elif ends + timedelta(days=1) != later.effective_from:
                yield line, f"{name} has a gap after {ends}"
