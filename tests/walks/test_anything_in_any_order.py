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
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.cases.models import StepTaken
from app.db import db
from tests.conftest import type_of_database
from tests.walks import truth
from tests.walks.deeds import DEEDS, perform
from tests.walks.ground import Ground, ground
from tests.walks.walking import (
    Broken,
    Told,
    begun,
    look,
    read,
    script_of,
    shortened,
    walk,
    written,
)

EVERY_STEP, MORE = range(1000, 1040), range(2000, 2040)
ON_SQLITE = type_of_database == "sqlite"
ENOUGH = 7500 if ON_SQLITE else 2500
"""Steps that each of the two tests walks: 20,000 on both databases together, the most where they
are cheap. `script/walk` goes on."""
EXAMPLES, DEEDS_OF_AN_EXAMPLE = 6, 40


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """An application and a database of its own for all walks of this file."""
    with ground(tmp_path_factory.mktemp("walks")) as made:
        yield made


def walked(place: Ground, seed: int, told: Told) -> None:
    """Take one walk; where it breaks, fail with the shortest way there."""
    try:
        walk(place, script_of(seed), told)
    except Broken as broken:
        shorter = shortened(place, broken)
        names = ", ".join(name for name, _ in shorter.script)
        pytest.fail(f"{shorter}\n{names}\nscript/walk --replay {written(shorter.script)}")


@pytest.mark.no_cover  # a walk takes twice as long when it is traced
def test_on_long_walks_everything_stays_true_and_every_step_of_the_law_is_taken(place):
    told = Told()
    for seed in EVERY_STEP:
        if told.taken >= ENOUGH and not (ON_SQLITE and told.missing):
            break
        walked(place, seed, told)
    assert told.taken >= ENOUGH
    if ON_SQLITE:  # on the other database the same walks begin, and end sooner
        assert told.missing == []


@pytest.mark.no_cover  # a walk takes twice as long when it is traced
def test_on_more_long_walks_everything_stays_true(place):
    told = Told()
    for seed in MORE:
        if told.taken >= ENOUGH:
            break
        walked(place, seed, told)
    assert told.taken >= ENOUGH


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
        self.world, self.known = begun(self.city)

    def teardown(self) -> None:
        self.known.whole(self.world.day)
        truth.everything(self.world.day)


def _done(name: str):
    def deed(self: Walking, chance: random.Random) -> None:
        perform(self.world, name, chance)
        look(self.world, self.known, name)

    deed.__name__ = name
    return deed


for _name, (_, _often) in DEEDS.items():
    _as = rule if _often else initialize
    setattr(Walking, _name, _as(chance=st.randoms(use_true_random=False))(_done(_name)))


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
