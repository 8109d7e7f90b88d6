"""Takes in the exports of the demonstration city, as an office takes in those of its units."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from app.audit.commands import Action, record
from app.db import transaction
from app.demo.shifting import shift_to
from app.exchange import measures, penalties, sanctions, units
from app.exchange.lines import Fate, Line, Report, take_lines
from app.exchange.records import Importer
from app.people.actor import SYSTEM
from app.records.identity import Content, key_of
from app.tables import Table, read_table

DATA: Final = Path(__file__).parent / "data"
UNITS: Final = DATA / "units.csv"
MEASURES: Final = DATA / "measures.csv"
RECORDS: Final = DATA / "penalties-v2.csv"
SANCTIONS: Final = DATA / "sanctions.csv"

Values = TypeVar("Values")
Read = Callable[[Table], Any]


def take_units() -> None:
    """The authorities."""
    _take(UNITS, _lines(UNITS, units.parse), units.take)


def take_measures() -> None:
    """The catalogue of measures."""
    _take(MEASURES, _lines(MEASURES, measures.parse), measures.take)


class Exports:
    """Records and sanctions, moved in time towards a day, and handed in as they were decided."""

    def __init__(self, today: date) -> None:
        records = _lines(RECORDS, lambda table: penalties.parse(table, date.max))
        self.shift = shift_to(today, [_decided_on(one) for one in records if one.values])
        moved = [
            (one, Line(one.number, self.shift.record(one.values))) for one in records if one.values
        ]
        numbers = {
            key_of(old.values): new.values["decision_no"] or ""
            for old, new in moved
            if old.values and new.values
        }
        self._records = [new for _, new in moved]
        self._sanctions = [
            Line(one.number, self.shift.sanction(one.values, numbers[one.values.record]))
            for one in _lines(SANCTIONS, sanctions.parse)
            if one.values and one.values.record in numbers
        ]
        self._taken_until = date.min

    def take(self, until: date) -> None:
        """What was decided since the last time, up to a day."""
        since, self._taken_until = self._taken_until, until
        fresh = [one for one in self._records if since < _decided_on(one) <= until]
        numbers = {key_of(one.values) for one in fresh if one.values}
        resting = [one for one in self._sanctions if one.values and one.values.record in numbers]
        _take(RECORDS, fresh, Importer().take, self.shift.months)
        _take(SANCTIONS, resting, sanctions.take, self.shift.months)


def _decided_on(line: Line[Content]) -> date:
    return date.fromisoformat((line.values or {})["decided_on"] or "")


def _lines(path: Path, read: Callable[[Table], Any]) -> list[Any]:
    with read_table(path) as table:
        return list(read(table))


def _take(
    path: Path, lines: Sequence[Line[Any]], work: Callable[[Any], Any], months: int = 0
) -> None:
    """`months`: by how many the days of the file were moved."""
    report = Report()
    take_lines(lines, work, report)
    counts = {fate.value: report.counts[fate] for fate in Fate}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    ref = f"import:{path.stem.removesuffix('-v2').replace('penalties', 'records')}"
    with transaction():
        record(Action.IMPORTED, SYSTEM, ref, sha256=digest, months=months, **counts)
