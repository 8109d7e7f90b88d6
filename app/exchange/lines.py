"""What becomes of the lines of a file: fates, batches and the report."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Final, Generic, NamedTuple, TextIO, TypeVar

from sqlalchemy.exc import IntegrityError

from app.db import transaction
from app.errors import Busy
from app.tables import defused

Values = TypeVar("Values")

BATCH: Final = 500
"""Lines in one transaction: what is lost when the machine stops, and read again the next time."""
TRIES: Final = 5
"""How often a batch is tried when another import adds the same at the same time."""


class Fate(StrEnum):
    """What became of a line."""

    ACCEPT = "accept"
    UPDATE = "update"
    SKIP = "skip"
    REJECT = "reject"


class Line(NamedTuple, Generic[Values]):
    """A parsed line: values, or the reason why it was rejected. The header is line 1.

    `about`: what a rejected line is about, as far as it can be told (app.exchange.masking).
    """

    number: int
    values: Values | None
    fault: str = ""
    about: str = ""


class Outcome(NamedTuple):
    """What became of a line and why, in Chinese.

    `key`: the key of the record that it is about (app.records.identity), where it told that.
    """

    line: int
    fate: Fate
    why: str
    key: str = ""


@dataclass
class Report:
    """Where outcomes go as they come: a CSV file with line, fate and why, or nowhere."""

    file: TextIO | None = None
    tell: Callable[[Outcome], object] = lambda _: None
    counts: Counter[Fate] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._write = csv.writer(self.file).writerow if self.file else None
        if self._write:
            self._write(("line", "fate", "why"))

    def add(self, outcome: Outcome) -> None:
        """Count it and write it down."""
        self.counts[outcome.fate] += 1
        if self._write:
            self._write((outcome.line, outcome.fate.value, defused(outcome.why)))
        self.tell(outcome)


Take = Callable[[Sequence[tuple[int, Values]]], Iterable[Outcome]]
"""A command on a batch of lines, each its number and values: an outcome for each, in any order."""


def take_lines(
    lines: Iterable[Line[Values]],
    take: Take[Values],
    report: Report,
    done: Callable[[int], object] = lambda _: None,
) -> None:
    """Take lines batch by batch, each batch in a transaction of its own.

    A rejected line stops no other. What is written is safe before it is reported. `done` is called
    after each batch with the number of lines taken so far. Raises Busy where the database stays
    locked.
    """
    taken = 0
    for batch in _batches(lines):
        outcomes = [Outcome(one.number, Fate.REJECT, one.fault) for one in batch if one.fault]
        sound = [(one.number, one.values) for one in batch if one.values is not None]
        outcomes += _taken(sound, take)
        for outcome in sorted(outcomes, key=lambda one: one.line):
            report.add(outcome)
        taken += len(batch)
        done(taken)


def _taken(sound: Sequence[tuple[int, Values]], take: Take[Values]) -> list[Outcome]:
    for _ in range(TRIES - 1):
        try:
            return _try(sound, take)
        except (IntegrityError, Busy):
            continue  # another import was faster: what it added is there now
    return _try(sound, take)


def _try(sound: Sequence[tuple[int, Values]], take: Take[Values]) -> list[Outcome]:
    if not sound:
        return []
    with transaction():
        return list(take(sound))


def _batches(lines: Iterable[Line[Values]]) -> Iterator[list[Line[Values]]]:
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch
