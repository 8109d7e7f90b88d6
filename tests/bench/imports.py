"""Importing records against reading the same file, and against writing the same rows by hand."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from flask import Flask

from app import clock
from app.db import transaction
from app.exchange.lines import Fate, Report
from app.exchange.penalties_2018 import COLUMNS
from app.exchange.running import import_records
from app.people.commands import create_unit
from tests.app.cases.telling import MONDAY
from tests.app.exchange.exports import OFFICIAL, write
from tests.app.exchange.many import lines
from tests.bench.databases import Place, Writes
from tests.bench.measuring import Measured, Tell, Turn, rate, took

TURNS: Final = 3
LINES_AIM: Final = 10_000
NAME: Final = "line of records imported"


def imports(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """A CSV file into an empty database, and once more; a line in a hundred is rejected.

    By hand: the statements that write, again and nothing else, with the same commits.
    """
    count = 2_000 if quick else 20_000
    file = write(place.folder / "records.csv", lines(count, "2018"), columns=COLUMNS)
    ours, again, by_hand, reading = [], [], [], []
    with clock.at(MONDAY):
        writes = _written(place, file)
        for turn in range(1, TURNS + 1):
            tell(f"{count:,} lines, {turn} of {TURNS}")
            with _city(place):
                ours.append(_imported(file, Fate.ACCEPT, count))
                again.append(_imported(file, Fate.SKIP, count))
            with _city(place) as app:
                kept = list(writes.done)
                by_hand.append(took(partial(writes.again, app)))
                writes.done = kept
            reading.append(took(lambda: _read(file)))
    alone = count / statistics.median(turn.processor for turn in by_hand)
    return [
        rate(NAME, count, (ours, reading), LINES_AIM),
        rate("… against the same rows by hand", count, (ours, by_hand), by_hand_alone=alone),
        rate("line that is there already", count, (again, reading)),
    ]


@contextmanager
def _city(place: Place) -> Iterator[Flask]:
    """An application with one unit and no records."""
    with place.opened() as app, app.app_context():
        with transaction():
            create_unit(name=OFFICIAL["name"], code=OFFICIAL["code"], provides=True)
        yield app


def _written(place: Place, file: Path) -> Writes:
    """What an import writes."""
    with _city(place) as app:
        writes = Writes(app)
        import_records(file, only_unit=None, tell=lambda *_: None, report=Report())
    return writes


def _imported(file: Path, fate: Fate, count: int) -> Turn:
    """The time of an import in which nearly all lines have a fate."""
    report = Report()
    turn = took(lambda: import_records(file, only_unit=None, tell=lambda *_: None, report=report))
    if report.counts[fate] < count * 0.9:
        message = f"only {report.counts} of {count} lines"
        raise RuntimeError(message)
    return turn


def _read(file: Path) -> None:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for _ in csv.reader(stream):
            pass
