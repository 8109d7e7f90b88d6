"""How long a record is disclosed, and from when it may be repaired, as its page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.clock import day_of, today
from app.records.models import Record
from app.records.period import day_before
from app.records.queries import rules_today
from app.records.words import SEVERITIES
from workflows.rules import (
    EARLIER,
    Row,
    Rules,
    Standing,
    disclosed_at_most_until,
    governing_regime,
    period_name,
    repairable_from,
)

WIDTH: Final = 1000
"""Of the picture, in its own units."""
UNKNOWN: Final = "未定"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time from the determination on: what it is, and how wide."""

    kind: str
    width: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a period comes from, and what is not certain about it."""

    title: str
    text: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The publicity periods drawn to scale, each over the one before it.

    `today` is None where it lies outside.
    """

    bars: tuple[Bar, ...]
    today: int | None


@dataclass(frozen=True, slots=True)
class Publication:
    """Class, regime and days of a record; days are None where no period is known.

    `disclosed_through`: the last day of disclosure, None where it is not disclosed at all;
    `at_most`: the last day on which the longest period allows it.
    """

    severity: str
    regime: str
    decided_on: date
    received_on: date
    repairable_from: date | None
    disclosed_through: date | None
    at_most: date | None
    sources: tuple[Source, ...]
    picture: Picture | None


def earliest_repair(record: Record, rules: Rules) -> date | None:
    """The first day on which a repair may be applied for; None where class or regime is unknown."""
    if record.severity is None or record.regime is None:
        return None
    regime = governing_regime(record.regime, today(), rules)
    return repairable_from(record.decided_on, record.severity, regime, rules)


def publication_of(record: Record) -> Publication:
    """What the rules of today say of a record."""
    rules = rules_today()
    earliest, longest = earliest_repair(record, rules), _at_most(record, rules)
    return Publication(
        severity=SEVERITIES[record.severity] if record.severity else UNKNOWN,
        regime=_regime(record, rules),
        decided_on=record.decided_on,
        received_on=day_of(record.imported_at),
        repairable_from=earliest,
        disclosed_through=_through(record),
        at_most=longest,
        sources=_sources(record, rules),
        picture=_picture(record, earliest, longest) if earliest and longest else None,
    )


def _at_most(record: Record, rules: Rules) -> date | None:
    if record.severity is None or record.regime is None:
        return None
    regime = governing_regime(record.regime, today(), rules)
    until = disclosed_at_most_until(record.decided_on, record.severity, regime, rules)
    return day_before(until)


def _through(record: Record) -> date | None:
    """The last day of disclosure, also of a record that ended before it was over."""
    days = [day for day in (record.disclosed_until, day_before(record.ended_on)) if day]
    return min(days) if record.disclosed_until else None


def _regime(record: Record, rules: Rules) -> str:
    own = record.regime or EARLIER
    name = f"regime.{governing_regime(own, today(), rules)}"
    return rules.row(name).source if name in rules else "早于各项信用修复制度，期限未定"


def _sources(record: Record, rules: Rules) -> tuple[Source, ...]:
    """The rules of the shortest and the longest period, where there are such."""
    if record.severity is None or record.regime is None:
        return ()
    titles = {"minimum": "最短公示期", "maximum": "最长公示期"}
    regime = governing_regime(record.regime, today(), rules)
    names = {period_name(regime, record.severity, one): told for one, told in titles.items()}
    return tuple(_source(title, rules.row(name)) for name, title in names.items())


def _source(title: str, row: Row) -> Source:
    return Source(title, row.source, row.standing is not Standing.UNVERIFIED, row.note)


def _picture(record: Record, earliest: date, longest: date) -> Picture:
    """From the decision to the end of the longest period, to scale."""
    first, span = record.decided_on, max((longest - record.decided_on).days, 1)

    def place(day: date) -> int:
        return min(max((day - first).days * WIDTH // span, 0), WIDTH)

    through, shortest = _through(record), place(earliest)
    bars = [Bar("longest", WIDTH)]
    if through and place(through) > shortest:
        bars.append(Bar("shown", place(through)))
    if shortest:
        bars.append(Bar("shortest", shortest))
    now = place(today()) if first <= today() <= longest else None
    return Picture(tuple(bars), now)
