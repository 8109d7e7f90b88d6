"""The long walk, `script/walk`: as many steps as wanted, the shortest way to what it breaks."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.walks.ground import Ground, ground
from tests.walks.walking import LENGTH, Broken, Told, read, script_of, shortened, walk, written


def main() -> int:
    """Walk; 1 where something broke."""
    parser = argparse.ArgumentParser(prog="script/walk", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000, help="how many deeds altogether")
    parser.add_argument("--seed", type=int, default=1, help="of the first walk; the next count on")
    parser.add_argument("--length", type=int, default=LENGTH, help="deeds in one walk")
    parser.add_argument("--replay", help="the walk that a failure printed")
    parser.add_argument("--as-it-is", action="store_true", help="do not look for a shorter one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="walk-") as folder, ground(Path(folder)) as place:
        if asked.replay:
            return _replayed(place, asked.replay)
        return _walked(place, asked)


def _walked(place: Ground, asked: argparse.Namespace) -> int:
    told, seed, begun, steps = Told(), asked.seed, time.monotonic(), 0
    while steps < asked.steps:
        try:
            walk(place, script_of(seed, asked.length), told)
        except Broken as broken:
            _say(f"\nwalk {seed} broke after {len(broken.script)} deeds: {broken}")
            _tell(broken if asked.as_it_is else shortened(place, broken))
            return 1
        seed, steps = seed + 1, sum((told.done + told.refused).values())
        rate = steps / (time.monotonic() - begun)
        _say(
            f"walk {seed - 1}: {steps} deeds, {told.taken} steps taken, {rate:.0f} deeds/s",
        )
    _say(f"nothing broke: {steps} deeds, {told.taken} steps; refused: {dict(told.refused)}")
    return 0


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
