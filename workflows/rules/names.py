"""Which rules there are and of what shape each is: what nobody asks for cannot be set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflows.rules.policy import SEVERITIES, SWITCHES
from workflows.rules.spans import DATE, LENGTH_UNITS


@dataclass(frozen=True)
class Shape:
    """What the value of a rule may be.

    ``title``: in words, for whoever edits it; ``fits``: whether a value is such; ``units``: those
    it may have, none where it is not measured; ``values``: those to choose from, where it is one.
    """

    title: str
    fits: Callable[[Any], bool]
    units: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))


def _options(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    whole = [one for one in value if isinstance(one, dict) and one.keys() == {"code", "title"}]
    return len(whole) == len(value) == len({one["code"] for one in whole})


def _day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _one_of(values: tuple[str, ...]) -> Shape:
    return Shape(f"{'、'.join(values)} 之一", values.__contains__, values=values)


_NUMBER: Final = "整数，不小于 0"
DAYS: Final = Shape(_NUMBER, _whole, frozenset({"working_day", "calendar_day"}))
MONTHS: Final = Shape(_NUMBER, _whole, frozenset({"month", "year"}))
SPAN: Final = Shape(_NUMBER, _whole, LENGTH_UNITS)
COUNT: Final = Shape(_NUMBER, _whole)
DAY: Final = Shape('加引号的日期，如 "2026-04-01"', _day, frozenset({DATE}))
WORDS: Final = Shape("一段文字", _text)
TEXTS: Final = Shape('一组文字，如 ["甲", "乙"]', _texts)
OPTIONS: Final = Shape('一组 { code = "…", title = "…" }，代码不得重复', _options)
SEVERITY: Final = _one_of(SEVERITIES)

NAMES: Final[dict[str, Shape]] = {
    **dict.fromkeys(
        (
            "objection.accept",
            "objection.forward",
            "objection.total",
            "objection.longest",
            "objection.supplement",
            "draft.keep",
            "verification.acknowledge",
            "verification.report",
            "verification.extension",
            "verification.hard_stop",
            "suspension.confirm",
            "suspension.resume",
            "suspension.lift",
            "correction.correct",
            "correction.annulled",
            "correction.synchronise",
            "correction.restore",
            "repair.accept",
            "repair.decide",
            "repair.total",
            "repair.extension",
            "repair.supplement",
            "repair.hearing",
            "repair.revoke",
            "case.execute",
            "clock.stopped",
            "urge.every",
            "clock.amber",
            "complaint.reply",
            "service.announcement",
        ),
        DAYS,
    ),
    "verification.rounds": COUNT,
    "repair.bar_years": MONTHS,
    **{name: _one_of(values) for name, values in SWITCHES.items()},
    "objection.grounds": OPTIONS,
    "objection.sources": OPTIONS,
    "objection.refusals": OPTIONS,
    "verification.findings": OPTIONS,
    "correction.kinds": OPTIONS,
    "repair.duties": OPTIONS,
    "repair.refusals": OPTIONS,
    "remedy.review.period": SPAN,
    "remedy.review.body": WORDS,
    "remedy.review.channel": WORDS,
    "remedy.litigation.period": SPAN,
    "remedy.litigation.after_review": SPAN,
    "remedy.litigation.court": WORDS,
    "severity.其他": SEVERITY,
}
"""Every profile has each of these on each of its days."""

FAMILIES: Final[dict[str, Shape]] = {
    "severity.": SEVERITY,
    "duty.": WORDS,
    "unrepairable.": WORDS,
    "regime.": DAY,
    "publicity.": MONTHS,
    "disclosure.": TEXTS,
    "series.": WORDS,
    "basis.": TEXTS,
}
"""Names that are made of something else: a kind of penalty, a regime, a notice."""


def shape_of(name: str) -> Shape | None:
    """What a rule of that name is; None where nothing asks for it."""
    family = next((one for one in FAMILIES if name.startswith(one) and name != one), "")
    return NAMES.get(name) or FAMILIES.get(family)


def faults_of_shape(name: str, value: Any, unit: str | None) -> Iterator[str]:
    """What is wrong with the value of a rule, as TOML gives it, in Chinese."""
    shape = shape_of(name)
    if shape is None:
        yield f"没有名为 {name} 的规则，请核对名称"
        return
    if unit not in (shape.units or {None}):
        known = f"应为 {'、'.join(sorted(shape.units))} 之一" if shape.units else "应不写"
        yield f"{name} 的 unit {known}"
    if not shape.fits(value):
        yield f"{name} 的 value 应为{shape.title}"


def missing_from(names: Iterable[str]) -> list[str]:
    """The rules that a profile has to have and lacks."""
    return sorted(NAMES.keys() - set(names))
