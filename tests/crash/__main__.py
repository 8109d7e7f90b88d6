"""`script/crash`: kills the program as often as wanted, on the database wanted."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from tests.crash.killing import Plan, run


def main() -> int:
    """Kill; 1 where something was lost, half done or done twice."""
    parser = argparse.ArgumentParser(prog="script/crash", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often")
    parser.add_argument("--seed", type=int, default=1, help="of kills and of what people do")
    parser.add_argument("--database", help="a PostgreSQL database to make one beside; else SQLite")
    parser.add_argument("--threads", type=int, default=5, help="how many ask at a time")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="then kill no more")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is ended, too
    folder = Path(tempfile.mkdtemp(prefix="crash-"))
    plan = Plan(
        asked.times,
        asked.seed,
        threads=asked.threads,
        records=max(60, asked.times),
        imports=max(6, asked.times // 10),
        minutes=asked.minutes,
    )
    try:
        figures = run(folder, asked.database, plan, _say)
    except AssertionError as fault:
        traceback.print_exception(fault)
        _say(f"broken with seed {asked.seed}; files and logs are kept in {folder}")
        return 1
    shutil.rmtree(folder)
    sys.stdout.write(json.dumps(figures.told(), ensure_ascii=False, indent=1) + "\n")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
