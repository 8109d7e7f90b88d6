"""All worlds that steps lead to, breadth first, and what is wrong in one of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.composition.deeds import PEOPLE, given
from tests.composition.model import Draft, ModelFacts, met
from tests.composition.truth import broken
from tests.composition.world import Case, World
from tests.workflows.said import CLOCK, Somebody
from workflows import WORKFLOWS
from workflows.grammar import By, Role, State, Step, Workflow, bys

Deed = tuple[str, str]
"""The number of a case and what was done in it."""


@dataclass
class Found:
    """What a search went through. `ways`: from which world each was reached first, and how."""

    ways: dict[World, tuple[World | None, Deed]]
    before: dict[World, list[World]] = field(default_factory=dict)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def way_to(self, world: World) -> str:
        """The deeds that lead there, shortest way first."""
        deeds: list[str] = []
        at: World | None = world
        while at is not None:
            at, (number, deed) = self.ways[at]
            deeds.append(f"{number} {deed}")
        return "; ".join(reversed(deeds[:-1]))

    def stuck(self) -> list[World]:
        """Worlds from which no way leads to one in which nobody is waited for."""
        good = {world for world in self.ways if not any(case.open for case in world.cases)}
        new = list(good)
        while new:
            earlier = [one for one in self.before.get(new.pop(), ()) if one not in good]
            good.update(earlier)
            new += earlier
        return [world for world in self.ways if world not in good]


def explore(start: World, *, back: int, at_once: bool = False, most: int = 10**6) -> Found:
    """Every world reached while people go back at most `back` times.

    `at_once`: a verification is acknowledged, reported and endorsed in one. Stops at the first
    world in which something is broken. AssertionError beyond `most` worlds.
    """
    found = Found({start: (None, ("", ""))})
    new = deque([start])
    while new and not found.wrong:
        world = new.popleft()
        for deed, after in _next(world, back, at_once, found.steps):
            found.before.setdefault(after, []).append(world)
            if after in found.ways:
                continue
            found.ways[after] = (world, deed)
            assert len(found.ways) <= most, "more worlds than expected"
            if faults := broken(after):
                found.wrong = [*faults, found.way_to(after)]
                break
            new.append(after)
    return found


def _next(
    world: World, back: int, at_once: bool, steps: Counter[tuple[str, str]]
) -> Iterator[tuple[Deed, World]]:
    as_it_is = Draft(world)
    for case in world.cases:
        if not case.told:
            draft = Draft(world)
            draft.change_case(case.number, told=True)
            yield (case.number, "receipt"), draft.done()
        if at_once and case.kind == "verification" and case.open:
            yield from _verified(world, case, steps)
            continue
        for step, roles, returns in possible(case.kind, case.state):
            if returns and world.back >= back:
                continue
            for draft in _taken(world, as_it_is, case, step, roles):
                draft.back += returns
                steps.update((draft.cases[number].kind, one.name) for number, one in draft.taken)
                yield (case.number, step.name), draft.done()


@cache
def possible(kind: str, state: str) -> list[tuple[Step, tuple[By, ...], bool]]:
    """The steps that matter from a state, each with its takers and whether they go back by it."""
    flow = WORKFLOWS[kind]
    ordered = {
        name
        for one in WORKFLOWS.values()
        for step in one.steps
        for effect in step.effects
        for child, name in effect.ends
        if child == kind
    }
    return [
        (step, bys(step.by), _goes_back(step, flow.state(state), flow))
        for step in flow.steps
        if state in {one.name for one in step.sources}
        and not step.beside
        and (step.to is not None or step.effects)
        and step.name not in ordered
    ]


def _goes_back(step: Step, source: State, flow: Workflow) -> bool:
    """Whether people take up again what is at rest, or what the page of the kind names earlier."""
    if step.by is Role.SYSTEM:
        return False
    place = {one.name: n for n, one in enumerate(flow.states)}
    to = step.to or source
    return source.rest or (to.waiting and place[to.name] <= place[source.name])


def _taken(
    world: World, as_it_is: Draft, case: Case, step: Step, roles: tuple[By, ...]
) -> Iterator[Draft]:
    """The step taken by the first who may, with each input that makes a difference."""
    for entered in given(world, case, step):
        for actor in _actors(as_it_is, case, roles):
            if met(as_it_is.attempt(case.number, step, actor, entered)):
                draft = Draft(world)
                draft.carry_out(draft.attempt(case.number, step, actor, entered))
                yield draft
                break


def _actors(as_it_is: Draft, case: Case, roles: tuple[By, ...]) -> Iterator[Somebody]:
    facts = ModelFacts(as_it_is, case.number)
    for by in roles:
        if by.applies(facts):
            yield from (CLOCK,) if by.role is Role.SYSTEM else PEOPLE[by.role]


def _verified(
    world: World, case: Case, steps: Counter[tuple[str, str]]
) -> Iterator[tuple[Deed, World]]:
    flow = WORKFLOWS["verification"]
    for entered in given(world, case, flow.step("report")):
        draft = Draft(world)
        for name, who in (
            ("acknowledge", Role.PROVIDER_HANDLER),
            ("report", Role.PROVIDER_HANDLER),
            ("endorse", Role.PROVIDER_APPROVER),
        ):
            draft.advance(
                case.number, flow.step(name), PEOPLE[who][0], entered if name == "report" else None
            )
        steps.update((draft.cases[number].kind, one.name) for number, one in draft.taken)
        yield (case.number, "verified"), draft.done()
