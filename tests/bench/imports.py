"""Importing records against reading the same file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from app import clock
from app.db import transaction
from app.exchange.lines import Fate, Report
from app.exchange.penalties_2018 import COLUMNS
from app.exchange.running import import_records
from app.people.commands import create_unit
from tests.app.cases.telling import MONDAY
from tests.app.exchange.exports import OFFICIAL, write
from tests.app.exchange.many import lines
from tests.bench.databases import Place
from tests.bench.measuring import Measured, Tell, Turn, rate, took

TURNS: Final = 3
LINES_AIM: Final = 10_000


def imports(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """A CSV file, each time into an empty database; a line in a hundred is rejected."""
    count = 2_000 if quick else 20_000
    file = write(place.folder / "records.csv", lines(count, "2018"), columns=COLUMNS)
    ours, reference = [], []
    with clock.at(MONDAY):
        for turn in range(1, TURNS + 1):
            tell(f"{count:,} lines, {turn} of {TURNS}")
            ours.append(_imported(place, file, count))
            reference.append(took(lambda: _read(file)))
    return [rate("line of records imported", count, (ours, reference), LINES_AIM)]


def _imported(place: Place, file: Path, count: int) -> Turn:
    with place.opened() as app, app.app_context():
        with transaction():
            create_unit(name=OFFICIAL["name"], code=OFFICIAL["code"], provides=True)
        report = Report()
        turn = took(
            lambda: import_records(file, only_unit=None, tell=lambda *_: None, report=report)
        )
    if report.counts[Fate.ACCEPT] < count * 0.9:
        message = f"only {report.counts} of {count} lines"
        raise RuntimeError(message)
    return turn


def _read(file: Path) -> None:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for _ in csv.reader(stream):
            pass
