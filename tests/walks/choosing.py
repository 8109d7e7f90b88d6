"""Who does what next: a case, a step that is possible for somebody now, and how often which."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from app.cases.facts import CaseFacts
from app.cases.machine import unmet
from app.cases.models import Case
from app.cases.office import CaseOffice
from app.cases.possibilities import possible_steps
from app.cases.proceedings import Proceedings
from app.cases.queries import case_for
from app.cases.roles import OFFICE, may_take
from app.clock import today
from app.db import db
from app.errors import NotFound
from app.people.actor import Actor
from tests.walks.ground import World
from workflows import WORKFLOWS
from workflows.grammar import Attempt, Role, Step, bys

RARE = {
    **dict.fromkeys(("note_review", "urge", "amend", "discard"), 0.03),
    **dict.fromkeys(("stop_clock", "note_review_ended", "restart_clock"), 0.1),
    **dict.fromkeys(("withdraw", "send_back", "extend", "request_supplement"), 0.12),
    **dict.fromkeys(("correct_own_error", "refuse", "refuse_acceptance", "return_proposal"), 0.15),
    **dict.fromkeys(("withdraw_publication", "return_for_verification", "ask_for_time"), 0.2),
    "supplement": 0.3,
    **dict.fromkeys(("decline", "propose_refusal", "reopen", "reopen_acceptance"), 0.4),
}
"""How much rarer than others these are chosen, so that walks get somewhere."""
TEMPERS = {False: (0.4, 1.0, 1.0, 1.0), True: (0.0, 0.3, 1.0, 1.0, 8.0)}
"""How much more or less often than usual a step is taken in one walk, common ones and rare ones."""
AT_REST = {
    (kind, state.name) for kind, one in WORKFLOWS.items() for state in one.states if state.rest
}
FROM = {
    (kind, state.name): [
        step
        for step in one.steps
        if state in step.sources and any(by.role is not Role.SYSTEM for by in bys(step.by))
    ]
    for kind, one in WORKFLOWS.items()
    for state in one.states
}
"""What people may do in each state."""
TRIES, STEPS_TRIED = 6, 3


@dataclass(frozen=True)
class Chosen:
    """A step of a case that somebody may take now, whatever stands in its input."""

    number: str
    who: str
    step: Step
    facts: CaseFacts


def tempers(chance: random.Random) -> dict[tuple[str, str], float]:
    """How much one walk likes each step."""
    return {
        (kind, step.name): chance.choice(TEMPERS[step.name in RARE])
        for kind, one in WORKFLOWS.items()
        for step in one.steps
    }


def someone_with_a_step(world: World, chance: random.Random) -> Chosen | None:
    """A case, somebody, and a step that is possible for it now; now and then there is none."""
    for _ in range(TRIES):
        case = a_case(world, chance, open_ones=chance.random() < 0.88, at_rest=True)
        if case is None:
            continue
        found = a_step_of(world, case, chance)
        if found is not None:
            return found
    return None


def a_step_of(world: World, case: Case, chance: random.Random) -> Chosen | None:
    """Somebody, and a step of this case that is possible for it now; None where none was found."""
    facts = CaseFacts(case, today())
    for step in _wanted(world, case, chance):
        who = _taker(world, step, facts, chance)
        if who is not None and _is_possible(world.actor(who), step, facts):
            if chance.random() < 0.05:
                _the_page_offers_it(world.actor(who), step, facts)
            return Chosen(case.number, who, step, facts)
    return None


def _wanted(world: World, case: Case, chance: random.Random) -> Iterable[Step]:
    """Some steps from where the case is, by how much they are liked; perhaps none."""
    steps = FROM[case.kind, case.state]
    liked = [world.temper.get((case.kind, one.name), 1.0) for one in steps]
    weights = [min(RARE.get(one.name, 1.0) * by, 1.0) for one, by in zip(steps, liked, strict=True)]
    wanted: dict[str, Step] = {}
    for _ in range(STEPS_TRIED if any(weights) else 0):
        (one,) = chance.choices(range(len(steps)), weights)
        if chance.random() < max(weights):
            wanted.setdefault(steps[one].name, steps[one])
    return wanted.values()


def _taker(world: World, step: Step, facts: CaseFacts, chance: random.Random) -> str | None:
    """Somebody who takes the step in this case."""
    case, actors = facts.row, world.city.actor
    near = [
        name
        for name in world.people
        if any(_stands_near(by.role, case, actors[name]) for by in bys(step.by))
    ]
    for name in chance.sample(near, len(near)):
        if may_take(step, facts, world.actor(name)):
            # A draft is its filer's: the office, which may take its steps, does not see it.
            return name if case.state != "draft" or sees(world, name, case.number) else None
    return None


def _stands_near(role: Role, case: Case, actor: Actor) -> bool:
    """Whether somebody may be in the role in this case: the program decides."""
    if role is Role.OWNER:
        return case.owner_role is not None and _stands_near(Role(case.owner_role), case, actor)
    own = case.subject_id in actor.subjects
    if role in {Role.SUBJECT, Role.FILER}:
        filed = role is Role.FILER and case.filer_unit_id == actor.unit_id is not None
        return own or filed
    if role is Role.SYSTEM or role not in actor.roles:
        return False
    return role in OFFICE or actor.unit_id in {case.unit_id, case.filer_unit_id}


def _is_possible(actor: Actor, step: Step, facts: CaseFacts) -> bool:
    work = Proceedings()
    office = CaseOffice(facts.row, facts, actor, work)
    return not unmet(Attempt(step, work.on, actor, None, facts, office, facts.rules))


def _the_page_offers_it(actor: Actor, step: Step, facts: CaseFacts) -> None:
    """What is possible is on the page of the case."""
    offered = {one.step.name for one in possible_steps(facts.row, actor, facts) if one.allowed}
    assert step.name in offered, (facts.row.number, step.name, offered)


def sees(world: World, who: str, number: str) -> bool:
    """Whether somebody may look at a case."""
    try:
        case_for(world.actor(who), number)
    except NotFound:
        return False
    return True


def a_case(
    world: World, chance: random.Random, *, open_ones: bool, at_rest: bool = False
) -> Case | None:
    """Some case, each kind as likely as the others; None where there is none."""
    keys: dict[str, list[int]] = {}
    for row in world.register.cases.values():
        resting = not open_ones and (not at_rest or (row.kind, row.state) in AT_REST)
        if row.owner_role is not None if open_ones else resting:
            keys.setdefault(row.kind, []).append(row.id)
    if not keys:
        return None
    return db.session.get_one(Case, chance.choice(keys[chance.choice(sorted(keys))]))


def involved(world: World, case: Case) -> list[str]:
    """Who may have to do with a case: its unit's people, the office, those it was filed for."""
    every = [(name, world.city.actor[name]) for name in world.people]
    near = {case.unit_id, world.city.unit["office"], case.filer_unit_id} - {None}
    return [
        name for name, actor in every if actor.unit_id in near or case.subject_id in actor.subjects
    ] or world.people
