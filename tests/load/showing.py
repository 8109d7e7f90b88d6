"""What runs took, as tables."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence

from tests.load.running import PARTS, Report

Row = tuple[str, ...]


def shown(found: Sequence[Report]) -> str:
    """A column for each run, then for each shape what its runs took, kind by kind."""
    by_shape: dict[str, list[Report]] = defaultdict(list)
    for one in found:
        by_shape[one.shape].append(one)
    parts = [_table(list(zip(RUN, *map(_run, found), strict=True)))]
    first = next(iter(by_shape.values()))
    for shape, runs in by_shape.items():
        parts += [f"{shape}: {_beside(runs, first)}", _table([KIND, *_kinds(runs)])]
    parts += [f"FAULT in {one.shape}: {fault}" for one in found for fault in one.faults]
    return "\n\n".join(["", *parts])


RUN: Row = (
    "",
    "load of the machine",
    *("cases", "requests", "seconds", "requests a second"),
    *("p50 ms", "p95 ms", "p99 ms"),
    *("processor: web, ms a request", "PostgreSQL, ms a request"),
    *("web, s a case", "worker, s a case", "drawing, s a case", "PostgreSQL, s a case"),
    *("MiB: web at rest", "at most", "worker at rest", "at most", "drawing at most"),
    *("notices", "drawn after s, p50", "at most"),
    *("KiB a case: database", "notices"),
)
DRAWN = (("count", 0), ("p50", 1), ("max", 1))
KIND: Row = ("kind", "count", *(f"p{part} ms" for part in PARTS))


def _run(one: Report) -> Row:
    web, worker, drawing, database = (
        _sum(one.processor, name) for name in ("web", "worker", "drawing", "postgresql")
    )
    requests, cases = max(one.requests, 1), max(one.cases, 1)
    numbers = (
        (one.load, 1),
        (one.cases, 0),
        (one.requests, 0),
        (one.seconds, 1),
        (requests / max(one.seconds, 0.001), 1),
        *((one.kinds["all"][f"p{part}"], 0) for part in PARTS),
        *((1000 * used / requests, 1) for used in (web, database)),
        *((used / cases, 2) for used in (web, worker, drawing, database)),
        *((_largest(one.memory_before, "web"), 0), (_largest(one.memory, "web"), 0)),
        *((_largest(one.memory_before, "worker"), 0), (_largest(one.memory, "worker"), 0)),
        (_largest(one.memory, "drawing"), 0),
        *((one.drawing.get(name, 0.0), digits) for name, digits in DRAWN),
        *((one.grown.get(name, 0.0) / 1024 / cases, 1) for name in ("database", "notices")),
    )
    return (one.shape, *(f"{value:,.{digits}f}" for value, digits in numbers))


def _beside(runs: Sequence[Report], first: Sequence[Report]) -> str:
    """How many times the rate of the first shape, turn by turn."""
    ratios = [
        (mine.requests / mine.seconds) / (theirs.requests / theirs.seconds)
        for mine, theirs in zip(runs, first, strict=True)
    ]
    return f"{statistics.median(ratios):.2f} times the rate of the first shape (median of turns)"


def _kinds(runs: Sequence[Report]) -> list[Row]:
    """Of all runs together: the sums of the counts, the medians of the times."""
    found = []
    for kind in sorted({kind for one in runs for kind in one.kinds}):
        there = [one.kinds[kind] for one in runs if kind in one.kinds]
        times = [statistics.median(one[f"p{part}"] for one in there) for part in PARTS]
        count = sum(one["count"] for one in there)
        found.append((kind, f"{count:,.0f}", *(f"{value:,.0f}" for value in times)))
    return found


def _sum(values: dict[str, float], name: str) -> float:
    return sum(value for key, value in values.items() if key.startswith(name))


def _largest(values: dict[str, float], name: str) -> float:
    return max((value for key, value in values.items() if key.startswith(name)), default=0.0)


def _table(rows: Sequence[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Row, widths: Sequence[int]) -> str:
    """The first column is words, the others are numbers."""
    cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
    return "  ".join([row[0].ljust(widths[0]), *cells[1:]])
