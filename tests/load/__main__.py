"""Lets people work with the real program in several shapes, in turns, and says what that took."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests import serving
from tests.load.running import Crowd, Report, Shape, run
from tests.load.showing import shown


def main() -> int:
    """Run each shape so many times, in turns; the status is 1 where anything was wrong."""
    given = _given()
    shapes = [
        Shape(web, workers, given.database, redis=given.redis)
        for web, workers in zip(given.web, given.workers, strict=True)
    ]
    crowd = Crowd(given.clients, given.cases, given.seconds, given.pause)
    found: list[Report] = []
    with tempfile.TemporaryDirectory(prefix="redress-load-") as folder:
        for turn in range(1, given.turns + 1):
            found += [_run(one, crowd, Path(folder), f"{turn}: {one}") for one in shapes]
    machine = {"processors": os.cpu_count(), "python": platform.python_version()}
    print(shown(found))
    if given.json:
        results: dict[str, Any] = {"machine": machine, "runs": [asdict(one) for one in found]}
        text = json.dumps(results, ensure_ascii=False, indent=2)
        given.json.write_text(text + "\n", encoding="utf-8")
    return 1 if any(one.faults for one in found) else 0


def _run(shape: Shape, crowd: Crowd, folder: Path, title: str) -> Report:
    def tell(what: str) -> None:
        print(f"{title}: {what} …", file=sys.stderr, flush=True)

    return run(shape, crowd, folder, tell)


def _given(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/load", description=__doc__)
    add = parser.add_argument
    add("--web", type=int, nargs="+", default=[1], metavar="N", help="web processes, by shape")
    add("--workers", type=int, nargs="+", default=[1], metavar="N", help="workers, by shape")
    add("--turns", type=int, default=1, metavar="N", help="how often each shape has its turn")
    add("--clients", type=int, default=8, metavar="N", help="people who work at the same time")
    add("--cases", type=int, default=24, metavar="N", help="objections from filing to answer")
    add("--seconds", type=float, default=600, metavar="N", help="the time that a run may take")
    add("--pause", type=float, default=10, metavar="N", help="seconds between acts in a case")
    add("--database", metavar="URL", help="make databases beside this PostgreSQL one, else SQLite")
    add("--redis", action="store_true", help="with a Redis of its own")
    add("--json", type=Path, metavar="FILE", help="write everything there, too")
    given = parser.parse_args(words)
    if len(given.web) != len(given.workers):
        parser.error("--web and --workers need as many numbers as each other")
    if given.redis and not serving.has_redis():
        parser.error("--redis needs the program redis-server")
    return given


if __name__ == "__main__":
    logging.disable(logging.INFO)
    sys.exit(main())
