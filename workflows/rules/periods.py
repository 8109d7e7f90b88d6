"""The table of publicity periods: a minimum and a maximum for each class under each regime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from typing import Final, cast

from workflows.rules.policy import SEVERITIES
from workflows.rules.rows import Length, Row
from workflows.rules.spans import MONTHS_A_YEAR

MINIMUM: Final = "minimum"
MAXIMUM: Final = "maximum"
_PERIOD: Final = "publicity."
_REGIME: Final = "regime."
_MONTHS: Final = {"month": 1, "year": MONTHS_A_YEAR}

Placed = tuple[int, Row]
"""The line of a rule and what it says."""


def period_name(regime: str, severity: str, bound: str) -> str:
    """The name of the rule that sets the minimum or maximum of a class under a regime."""
    return f"{_PERIOD}{regime}.{severity}.{bound}"


def months_in(length: Length) -> int:
    """How many months a length of months or years has; KeyError for another."""
    return length.value * _MONTHS[length.unit]


def faults_of_periods(placed: Sequence[Placed]) -> Iterator[tuple[int, str]]:
    """What is wrong with the table: names it does not know, units, gaps, minima above maxima."""
    regimes = {row.name.removeprefix(_REGIME) for _, row in placed if row.name.startswith(_REGIME)}
    known = {period_name(*one) for one in product(regimes, SEVERITIES, (MINIMUM, MAXIMUM))}
    of_table = [one for one in placed if one[1].name.startswith(_PERIOD)]
    for line, row in of_table:
        if row.name not in known:
            yield line, f"没有 {row.name} 这一公示期限：制度、程度或者界限不存在"
    there = {row.name for _, row in of_table}
    for line, row in placed:
        if row.name.startswith(_REGIME):
            regime = row.name.removeprefix(_REGIME)
            missing = sorted(n for n in known - there if n.startswith(f"{_PERIOD}{regime}."))
            yield from ((line, f"{row.name} 缺少 {name}") for name in missing)
    yield from _crossed(of_table)


def _crossed(of_table: Sequence[Placed]) -> Iterator[tuple[int, str]]:
    """Minima that lie above a maximum in force at the same time."""
    maxima = [row for _, row in of_table if row.name.endswith(MAXIMUM)]
    for line, lower in of_table:
        for upper in maxima:
            of_it = lower.name == f"{upper.name.removesuffix(MAXIMUM)}{MINIMUM}"
            if of_it and _together(lower, upper) and _months(lower) > _months(upper):
                yield line, f"{lower.name} 长于 {upper.name}"


def _together(one: Row, other: Row) -> bool:
    ends = [row.effective_to or date.max for row in (one, other)]
    return max(one.effective_from, other.effective_from) <= min(ends)


def _months(row: Row) -> int:
    return cast("int", row.value) * _MONTHS[row.unit or ""]
