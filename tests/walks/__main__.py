"""The long walk, `script/walk`: as many steps as wanted, the shortest way to what it breaks.

A walk is told by its seed alone: whoever stops goes on later with the seed that was printed last,
and processes that share the work begin at seeds far enough from each other (`--seed 1`,
`--seed 1000001`). Each has a database of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.walks.ground import Ground, ground
from tests.walks.walking import LENGTH, Broken, Told, read, script_of, shortened, walk, written
from workflows import WORKFLOWS


def main() -> int:
    """Walk; 1 where something broke."""
    parser = argparse.ArgumentParser(prog="script/walk", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000, help="taken in cases altogether")
    parser.add_argument("--seed", type=int, default=1, help="of the first walk; the next count on")
    parser.add_argument("--length", type=int, default=LENGTH, help="deeds in one walk")
    parser.add_argument("--replay", help="the walk that a failure printed")
    parser.add_argument("--as-it-is", action="store_true", help="do not look for a shorter one")
    parser.add_argument("--go-on", action="store_true", help="after a walk that broke, too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="walk-") as folder, ground(Path(folder)) as place:
        if asked.replay:
            return _replayed(place, asked.replay)
        return _walked(place, asked)


def _walked(place: Ground, asked: argparse.Namespace) -> int:
    told, seed, begun, broken = Told(), asked.seed, time.monotonic(), 0
    while told.taken < asked.steps:
        try:
            walk(place, script_of(seed, asked.length), told)
        except Broken as found:
            _say(f"\nwalk {seed} broke after {len(found.script)} deeds: {found}")
            _tell(found if asked.as_it_is else shortened(place, found))
            broken += 1
            if not asked.go_on:
                return 1
        rate = told.taken / (time.monotonic() - begun)
        _say(f"walk {seed}: {told.taken} of {asked.steps} steps, {told.deeds} deeds, {rate:.0f}/s")
        seed += 1
    _count(told)
    _say(f"{broken} walks broke: seeds {asked.seed} to {seed - 1}; go on with --seed {seed}")
    return 1 if broken else 0


def _count(told: Told) -> None:
    """How often each step of each kind was taken, and each deed done and refused."""
    for kind, one in WORKFLOWS.items():
        taken = (f"{step.name} {told.steps[kind, step.name]}" for step in one.steps)
        _say(f"{kind}: {', '.join(taken)}")
    done = (f"{name} {often}/{told.refused[name]}" for name, often in sorted(told.done.items()))
    _say(f"done/refused: {', '.join(done)}")
    _say(f"never taken: {told.missing or 'none'}")


def _replayed(place: Ground, text: str) -> int:
    try:
        walk(place, read(text))
    except Broken as broken:
        _tell(broken)
        return 1
    _say("nothing broke")
    return 0


def _tell(broken: Broken) -> None:
    _say(f"{len(broken.script)} deeds: {', '.join(name for name, _ in broken.script)}")
    traceback.print_exception(broken.cause)
    _say(f"script/walk --replay {written(broken.script)}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
