"""Whatever is done, in whatever order: what must be so is so, and there is always a way to the end."""

from __future__ import annotations

from functools import cache

import pytest

from tests.composition.exploring import Found, explore
from tests.composition.model import ModelFacts, ModelOffice
from tests.composition.scenes import SCENES
from tests.composition.truth import broken
from workflows import WORKFLOWS
from workflows.office import Facts, Office

NOT_TRIED = {
    "file": "the drafts of the model are written already",
    "amend": "so is what stands in them",
    "open_annulled": "it starts another clock than `open`, and is the same otherwise",
    "extend": "it moves a clock, and clocks of the model may pass at any time",
    "ask_for_time": "the same",
    "grant_time": "the same",
}
each_scene = pytest.mark.parametrize(
    "scene", SCENES, ids=[name.replace(" ", "_") for name in SCENES]
)


@cache
def found(scene: str) -> Found:
    """All worlds of a scene; searched once."""
    begins = SCENES[scene]
    return explore(begins.start, most=200_000, **begins.options())


@each_scene
def test_it_is_always_as_it_must_be(scene, record_property):
    record_property("worlds", len(found(scene).ways))
    assert not found(scene).wrong
    assert len(found(scene).ways) > 500


@each_scene
def test_there_is_always_a_way_to_an_end(scene):
    stuck = found(scene).stuck()
    assert not stuck, found(scene).way_to(stuck[0])


def test_every_step_was_taken():
    taken = {one for scene in SCENES for one in found(scene).steps}
    missing = {
        step.name
        for kind, workflow in WORKFLOWS.items()
        for step in workflow.steps
        if not step.beside and (kind, step.name) not in taken
    }
    assert missing == set(NOT_TRIED)


def test_every_decision_issues_one_notice():
    taken = {one for scene in SCENES for one in found(scene).steps}
    decided = [WORKFLOWS[kind].step(name) for kind, name in taken]
    assert all(len(step.notices) == 1 for step in decided if step.decides)


def test_the_model_has_both_doors_whole():
    for door, model in ((Facts, ModelFacts), (Office, ModelOffice)):
        verbs = {name for name in vars(door) if not name.startswith("_")}
        assert {name for name in verbs if callable(getattr(model, name, None))} == verbs


def test_what_is_wrong_is_seen():
    scene = SCENES["an objection to one record and the repair of another"]
    world = scene.start
    one, other = world.records
    (sanction,) = world.sanctions
    assert not broken(world)
    marked = world._replace(records=(one._replace(annotated=frozenset({"YY-1"})), other))
    assert "record 30 is marked by ['YY-1'], which do not contest it" in broken(marked)
    held = world._replace(sanctions=(sanction._replace(holders=frozenset({"YY-1"})),))
    assert "sanction 50 is held and its suspension is None" in broken(held)
    gone = tuple(record._replace(ended_by="revoke") for record in world.records)
    assert broken(world._replace(records=gone)) == [
        "sanction 50 rests on nothing and is not being lifted"
    ]
