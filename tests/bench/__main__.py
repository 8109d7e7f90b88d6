"""Runs the benchmarks and shows what they found."""

from __future__ import annotations

import argparse
import cProfile
import json
import logging
import os
import platform
import pstats
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tests.bench import imports, notices, pages, steps, years
from tests.bench.databases import Place, place
from tests.bench.measuring import Measured, load

Bench = Callable[..., list[Measured]]
BENCHES: Final[dict[str, Bench]] = {
    "steps": steps.steps,
    "objections": steps.objections,
    "notices": notices.notices,
    "imports": imports.imports,
    "years": years.years,
    "pages": pages.pages,
}


def main() -> None:
    """Run what was asked for, show a table, and write it down as JSON where that is wanted."""
    given = _given()
    given.keep.mkdir(parents=True, exist_ok=True)
    found: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        there = place(Path(folder), given.keep.resolve(), given.database)
        for name in given.only or BENCHES:
            found += _run(name, there, quick=given.quick, profile=given.profile)
    machine = _machine(there)
    print(_table(found))
    print("　".join(f"{name}: {said}" for name, said in machine.items()))
    if given.json:
        results = [asdict(one) | {"met": one.met} for one in found]
        text = json.dumps({"machine": machine, "results": results}, ensure_ascii=False, indent=2)
        given.json.write_text(text + "\n", encoding="utf-8")


def _run(name: str, there: Place, *, quick: bool, profile: bool) -> list[Measured]:
    def tell(what: str) -> None:
        print(f"{name}: {what} …", file=sys.stderr, flush=True)

    if not profile:
        return BENCHES[name](there, tell, quick=quick)
    profiler = cProfile.Profile()
    found = profiler.runcall(BENCHES[name], there, tell, quick=quick)
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler, stream=sys.stderr).sort_stats(order).print_stats(60)
    return found


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=list(BENCHES),
        metavar="NAME",
        help=f"one of {', '.join(BENCHES)}; may be given again",
    )
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument(
        "--database",
        metavar="URL",
        help="make databases beside this one; the default is new SQLite files",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        default=Path("var/bench"),
        metavar="FOLDER",
        help="where large databases are kept for the next time",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    parser.add_argument(
        "--profile", action="store_true", help="print where the time went; it slows everything down"
    )
    return parser.parse_args()


def _machine(there: Place) -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "load": round(load(), 1),
        "python": platform.python_version(),
        "database": there.backend,
    }


HEADINGS: Final = ("what", "ours", "reference", "ratio", "aim", "met?", "of a processor")


def _table(found: Sequence[Measured]) -> str:
    rows = [HEADINGS, *(_row(one) for one in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(["", lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(one: Measured) -> tuple[str, ...]:
    aims = [_amount(one.aim, one.unit)] if one.aim is not None else []
    aims += [f"ratio {one.aim_of_ratio:g}"] if one.aim_of_ratio is not None else []
    return (
        one.name,
        _amount(one.ours, one.unit),
        _amount(one.reference, one.unit),
        f"{one.ratio:.2f}",
        ", ".join(aims) or "-",
        {True: "yes", False: "no", None: "-"}[one.met],
        _amount(one.alone, one.unit) if one.alone is not None else "-",
    )


def _amount(value: float, unit: str) -> str:
    return (
        f"{value:,.0f}/s"
        if unit == "1/s" and value >= 100
        else f"{value:.1f}{'/s' if unit == '1/s' else ' ms'}"
    )


if __name__ == "__main__":
    logging.disable(logging.INFO)  # a line per request would hide the progress
    main()
