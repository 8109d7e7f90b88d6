"""Every rule that is in force on a day, in sections for a page: value, source, standing, history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from workflows import WORKFLOWS, editions
from workflows.rules import Catalogue, Length, Option, Row, Rules, Standing, catalogue
from workflows.rules.names import NAMES, shape_of
from workflows.rules.spans import LENGTH_UNITS, LengthUnit
from workflows.rules.titles import choice_title, title_of

STANDINGS: Final = {
    Standing.LAW: "依据已核实",
    Standing.UNVERIFIED: "条文待核",
    Standing.OWN: "办公室自定",
}
_NOTICES: Final = ("series", "basis")
_PLACES: Final = {name: place for place, name in enumerate(NAMES)}


def _is_length(name: str) -> bool:
    shape = shape_of(name)
    return bool(shape and shape.units & LENGTH_UNITS) and not name.startswith(
        ("publicity.", "remedy.")
    )


def _begins(*families: str) -> Callable[[str], bool]:
    return lambda name: name.startswith(families)


def _is_switch(name: str) -> bool:
    shape = shape_of(name)
    return bool(shape and shape.values) and not name.startswith("severity.")


SECTIONS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("办理期限", _is_length),
    ("政策选择", _is_switch),
    ("失信程度：按处罚种类", _begins("severity.")),
    ("修复前须履行的义务", _begins("duty.", "unrepairable.")),
    ("公示期限", _begins("publicity.", "disclosure.")),
    ("修复制度的起始日", _begins("regime.")),
    ("救济", _begins("remedy.")),
    ("通知的文号", _begins("series.")),
    ("通知的法律依据", _begins("basis.")),
    ("可选项和次数", lambda _: True),
)
"""Each rule stands in the first section that wants it."""


@dataclass(frozen=True)
class Entry:
    """One rule: the row in force, and all its rows, the newest first, where there are several.

    ``lines``: the value in words, several for a list. ``local``: a city's profile sets it.
    """

    title: str
    lines: tuple[str, ...]
    row: Row
    standing: str
    local: bool
    history: tuple[tuple[Row, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Section:
    """Rules that belong together."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Book:
    """The rules of a profile on a day. ``counts``: how many of each standing there are."""

    profile: str
    inherits: str
    on: date
    sections: tuple[Section, ...]
    counts: dict[str, int]


def book(profile: str, on: date, only: Standing | None = None) -> Book:
    """What is in force on a day; ``only``: rules of that standing alone.

    Raises UnknownRule before the first day for which the profile has rules.
    """
    whole = catalogue(profile)
    rules = whole.on(on)
    wanted = [row for row in rules if only in {None, row.standing}]
    return Book(
        whole.title,
        catalogue(whole.inherits).title if whole.inherits else "",
        on,
        tuple(_sections(wanted, whole)),
        {word: _number(rules, standing) for standing, word in STANDINGS.items()},
    )


def in_words(row: Row) -> tuple[str, ...]:
    """The value of a rule as lines for people: `3个工作日`, the titles of a list."""
    value = row.value
    if isinstance(value, tuple):
        return tuple(one.title if isinstance(one, Option) else one for one in value)
    if row.unit in LENGTH_UNITS and isinstance(value, int):
        return (Length(value, cast("LengthUnit", row.unit)).in_words,)
    shape = shape_of(row.name)
    if shape and shape.values:
        return (choice_title(row.name, str(value)),)
    return (f"{value}次" if isinstance(value, int) else value,)


def _sections(rows: Iterable[Row], whole: Catalogue) -> list[Section]:
    left = sorted(rows, key=lambda row: _PLACES.get(row.name, len(_PLACES)))
    sections = []
    for title, wants in SECTIONS:
        here = [row for row in left if wants(row.name)]
        left = [row for row in left if not wants(row.name)]
        if here:
            sections.append(Section(title, tuple(_entry(row, whole) for row in here)))
    return sections


def _entry(row: Row, whole: Catalogue) -> Entry:
    rows = sorted(
        (one for one in whole.rows if one.name == row.name),
        key=lambda one: one.effective_from,
        reverse=True,
    )
    return Entry(
        _title(row.name),
        in_words(row),
        row,
        STANDINGS[row.standing],
        local=bool(whole.inherits) and row.name in whole.own,
        history=tuple((one, in_words(one)) for one in rows) if len(rows) > 1 else (),
    )


def _title(name: str) -> str:
    family, _, notice = name.partition(".")
    if family not in _NOTICES:
        return title_of(name)
    kind, _, of = notice.partition(".")
    steps = [step for one in reversed(editions()) if one.kind == kind for step in one.steps]
    titles = {one.name: one.title for step in steps for one in step.notices}
    return titles.get(of, of) if of else f"{WORKFLOWS[kind].title}各项通知另引"


def _number(rules: Rules, standing: Standing) -> int:
    return sum(row.standing is standing for row in rules)
