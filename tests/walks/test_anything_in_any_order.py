"""Whatever people and the clock do, in any order, what the law promises stays true (1 to 7).

Two ways to the same deeds: walks told by a seed, long and many, and walks that hypothesis thinks
of, which it shortens by itself. `script/walk` goes on for as long as wanted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.cases.models import StepTaken
from app.db import db
from tests.walks import truth
from tests.walks.deeds import DEEDS, perform
from tests.walks.ground import Ground, ground
from tests.walks.truth import Truth
from tests.walks.walking import (
    LENGTH,
    Broken,
    Told,
    read,
    script_of,
    shortened,
    walk,
    written,
)

SEEDS = range(1, 4)
WALKS_OF_A_SEED = 2
"""Twelve walks, some 4,800 deeds, on each database: what fits into three minutes there. The rest is `script/walk`."""
EXAMPLES, DEEDS_OF_AN_EXAMPLE = 6, 40


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """An application and a database of its own for all walks of this file."""
    with ground(tmp_path_factory.mktemp("walks")) as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_on_long_walks_everything_stays_true(place, seed):
    told = Told()
    for number in range(WALKS_OF_A_SEED):
        script = script_of(seed * 1000 + number)
        try:
            walk(place, script, told)
        except Broken as broken:
            shorter = shortened(place, broken)
            names = ", ".join(name for name, _ in shorter.script)
            pytest.fail(f"{shorter}\n{names}\nscript/walk --replay {written(shorter.script)}")
    assert sum(told.done.values()) > LENGTH
    assert told.taken > LENGTH / 2


def test_on_short_walks_that_hypothesis_thinks_of_everything_stays_true(place):
    class Walk(Walking):
        city = place

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=DEEDS_OF_AN_EXAMPLE,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


class Walking(RuleBasedStateMachine):
    """A walk as hypothesis takes it: each deed is a rule, its chances are drawn."""

    city: Ground

    def __init__(self) -> None:
        super().__init__()
        self.world, self.known = self.city.begun(), Truth()

    def teardown(self) -> None:
        truth.everything(self.world.day)


def _as_rule(name: str):
    @rule(chance=st.randoms(use_true_random=False))
    def deed(self: Walking, chance: random.Random) -> None:
        perform(self.world, name, chance)
        self.known.look(self.world.ground.commits, self.world.day)

    deed.__name__ = name
    return deed


for _name in DEEDS:
    setattr(Walking, _name, _as_rule(_name))


def test_a_walk_is_told_by_its_seed_and_read_again_as_it_was_written():
    script = script_of(7)
    assert script == script_of(7) != script_of(8)
    assert read(written(script)) == script


def test_the_same_script_leads_to_the_same_rows(place):
    rows = [rows_after(place, script_of(3, 30)) for _ in range(2)]
    assert rows[0] == rows[1]


def rows_after(place: Ground, script: tuple[tuple[str, int], ...]) -> list[tuple[object, ...]]:
    """The history of all cases once a script is done."""
    walk(place, script)
    chosen = sa.select(StepTaken.case_id, StepTaken.seq, StepTaken.step, StepTaken.to, StepTaken.on)
    found = [tuple(row) for row in db.session.execute(chosen.order_by(StepTaken.id))]
    db.session.rollback()
    return found


def test_a_fault_is_found_and_the_way_to_it_shortened(place, monkeypatch):
    """Records that are not marked break the walk once one is contested; the rest is left out."""
    monkeypatch.setattr("app.cases.office.holding.annotate", lambda *_: None)
    script = script_of(1000, 120)
    with pytest.raises(Broken) as broken:
        walk(place, script)
    shorter = shortened(place, broken.value, tries=15)
    assert len(shorter.script) < len(script) / 2
    with pytest.raises(Broken):
        walk(place, read(written(shorter.script)))
