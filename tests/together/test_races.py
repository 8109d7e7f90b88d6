"""Every two steps that can be taken from the same state, taken at the same moment."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.together.races import ROUNDS, Track, grounds, pairs, places, track

tally: Counter[str] = Counter()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Track]:
    """A database of its own for all races of this file."""
    with track(tmp_path_factory.mktemp("races")) as made:
        yield made
    sys.stdout.write(f"\n{dict(tally)}\n")


@pytest.mark.parametrize(("kind", "state"), places())
def test_two_who_act_at_once_get_what_taking_turns_would_give_them(here, kind, state):
    left = pairs(kind, state)
    for ground in grounds(here, kind, state):
        for one, other in list(left):
            both = ground.against(one, other)
            if both is None:
                continue
            left.remove((one, other))
            tally["pairs"] += 1
            for number in range(ROUNDS):
                came = ground.run(*both, random.Random(f"{one.name} {other.name} {number}"))
                tally[" ".join("won" if each.won else "lost" for each in came)] += 1
    assert len(left) < len(pairs(kind, state)) or not left
    assert all(one is not other for one, other in left), "each step can be raced with itself"
