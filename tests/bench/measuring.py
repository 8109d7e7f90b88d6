"""How things are measured: ours and a reference in turns, so that what else runs slows both."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Work = Callable[[], object]
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Turn:
    """What one turn took, in seconds: on the clock, and of the processor."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Measured:
    """A result. `ours` and `reference` are in `unit`; `ratio` is how much longer ours takes.

    `alone`: ours as the time of the processor alone makes it, which other programs hardly change;
    None where it waits for other processes. `aim` is one of `unit`, or of the ratio.
    """

    name: str
    unit: Literal["1/s", "ms"]
    ours: float
    reference: float
    ratio: float
    aim: float | None = None
    aim_of_ratio: float | None = None
    alone: float | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether every aim was met; None where there is none."""
        found = []
        if self.aim is not None:
            found.append(self.ours >= self.aim if self.unit == "1/s" else self.ours < self.aim)
        if self.aim_of_ratio is not None:
            found.append(self.ratio <= self.aim_of_ratio)
        return all(found) if found else None


def took(work: Work) -> Turn:
    """Do it once."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Turn(time.perf_counter() - wall, time.process_time() - processor)


def in_turns(ours: Sequence[Work], reference: Sequence[Work]) -> tuple[list[Turn], list[Turn]]:
    """Ours, the reference, ours, the reference … as often as there are pairs."""
    turns = [(took(mine), took(theirs)) for mine, theirs in zip(ours, reference, strict=True)]
    return [mine for mine, _ in turns], [theirs for _, theirs in turns]


def rate(
    name: str,
    size: int,
    turns: tuple[list[Turn], list[Turn]],
    aim: float | None = None,
    *,
    elsewhere: bool = False,
    **more: Any,
) -> Measured:
    """How many a second, where each turn did `size` of them; the medians of all turns.

    `elsewhere`: other processes did the work, of whose processor time nothing is known.
    """
    ours, reference = turns
    middle = statistics.median(one.wall for one in ours)
    return Measured(
        name=name,
        unit="1/s",
        ours=size / middle,
        reference=size / statistics.median(one.wall for one in reference),
        ratio=statistics.median(
            mine.wall / theirs.wall for mine, theirs in zip(ours, reference, strict=True)
        ),
        aim=aim,
        alone=None if elsewhere else size / statistics.median(one.processor for one in ours),
        more=more,
    )


def percentile(values: Sequence[float], part: int) -> float:
    """The value that so many hundredths of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def load() -> float:
    """How many programs wanted to run, on average over the last minute."""
    return os.getloadavg()[0]
