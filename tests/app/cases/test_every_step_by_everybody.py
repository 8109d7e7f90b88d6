"""Every step of every kind, in every state, tried by everybody: as the table of the law says."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.cases import commands
from app.cases.facts import CaseFacts
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.possibilities import possible_steps
from app.cases.queries import case_for
from app.clock import at, today
from app.db import db, transaction
from app.errors import NotAllowed, NotFound, RedressError, StepRefused
from app.notices.models import Notice
from app.people.actor import SYSTEM, Actor
from app.people.commands import represent
from app.people.models import Person, Subject
from app.people.queries import actor_of
from tests.app.cases.city import City
from tests.app.cases.states import case_in, receipt_everything
from tests.app.cases.telling import MONDAY, items
from tests.app.cases.who_may_what import EVERYBODY, TABLES, mark, sees, states_of, table_of
from tests.walks import inputs
from tests.walks.ground import digest
from workflows import WORKFLOWS
from workflows.common import Service
from workflows.grammar import Step

CELLS = [(kind, state) for kind in TABLES for state in states_of(kind)]
RAISED = {"n": StepRefused, ".": StepRefused, "-": NotAllowed}


def kind_of(table: str) -> str:
    """Of which kind the cases of a table are."""
    return "correction" if table == "own_error" else table


@pytest.fixture
def everybody(city: City) -> dict[str, Actor]:
    """Everybody of the tables by name."""
    for name in ("system", "security", "audit"):
        city.hire(f"admin-{name}", "office", f"admin.{name}")
    with transaction():
        people = [Person(username=one, name=one, password_hash="!") for one in ("agent", "nobody")]
        db.session.add_all(people)
        db.session.flush()
        represent(
            people[0], db.session.get_one(Subject, city.subject["company"]), "agent", "委托书"
        )
        keys = {one.username: one.id for one in people}
    found = city.actor | {name: actor_of(key) for name, key in keys.items()}
    found |= {"SYSTEM": SYSTEM, "anonymous": Actor(None, "")}
    db.session.rollback()
    return {name: found[name] for name in EVERYBODY}


@pytest.fixture
def on_monday() -> Iterator[None]:
    """All of it on one day."""
    with at(MONDAY):
        yield


@pytest.mark.parametrize(("table", "state"), CELLS)
def test_each_step_is_open_to_whom_the_law_says_and_to_nobody_else(
    table, state, on_monday, session, city, everybody
):
    number = brought_to(city, table, state)
    assert city.state(number) == state
    before = digest()
    for who, actor in everybody.items():
        assert offered_to(number, actor) == meant_for(table, state, who), who
    given = {
        step: entered(number, WORKFLOWS[kind_of(table)].step(step)) for step in steps_of(table)
    }
    for who, actor in everybody.items():
        found = {step: tried(number, step, actor, said) for step, said in given.items()}
        assert found == said_of(table, state, who), who
    assert digest() == before


@pytest.mark.parametrize("table", TABLES)
def test_every_state_and_every_step_has_its_place_in_the_table(table):
    workflow = WORKFLOWS[kind_of(table)]
    left_out = {"moot"} if table == "own_error" else set()
    assert {*states_of(table)} == {state.name for state in workflow.states} - left_out
    assert set(table_of(table)) == set(steps_of(table))


def offered_to(number: str, actor: Actor) -> dict[str, tuple[bool, bool]] | None:
    """Each step that is offered: whether it is theirs, and whether they may take it now.

    None for a case that they do not see.
    """
    try:
        case = case_for(actor, number)
    except NotFound:
        return None
    return {one.step.name: (one.mine, one.allowed) for one in possible_steps(case, actor)}


def meant_for(table: str, state: str, who: str) -> dict[str, tuple[bool, bool]] | None:
    """The same, as the table says."""
    if not sees(table, state, who):
        return None
    told = table_of(table)
    here = [step for step, roles in told.items() if {m[state] for m in roles.values()} & {*"Yn"}]
    marks = {step: mark(told, table, state, who, step) for step in here}
    return {step: (one != "-", one == "Y") for step, one in marks.items()}


def steps_of(table: str) -> list[str]:
    """Every step of a kind that does not open a case."""
    return [step.name for step in WORKFLOWS[kind_of(table)].steps if step.sources]


def said_of(table: str, state: str, who: str) -> dict[str, str]:
    """What somebody may expect of each step: done, or what is raised."""
    told = table_of(table)
    said = {}
    for step in steps_of(table):
        if not sees(table, state, who):
            said[step] = NotFound.__name__
            continue
        found = mark(told, table, state, who, step)
        said[step] = "done" if found == "Y" else RAISED[found].__name__
        if found == ".":
            said[step] += " state"
    return said


def tried(number: str, step: str, actor: Actor, given: object) -> str:
    """Done, or the name of what is raised; whatever it did is undone."""
    connection = db.session.get_bind()
    savepoint = connection.begin_nested()  # type: ignore[union-attr]  # the fixture's connection
    try:
        commands.take_step(number, step, actor, given)
    except StepRefused as refused:
        wrong_state = [reason.code for reason in refused.reasons] == ["state"]
        return "StepRefused state" if wrong_state else "StepRefused"
    except RedressError as refused:
        return type(refused).__name__
    finally:
        db.session.rollback()
        savepoint.rollback()
        db.session.expire_all()
    return "done"


def entered(number: str, step: Step) -> object:
    """What may be entered."""
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    facts = CaseFacts(case, today())
    if step.name == "served":
        notice = db.session.scalar(sa.select(sa.func.min(Notice.id))) or 1
        given: object = Service(notice, 1, today(), "电子送达")
    else:
        given = parse(step.takes, inputs.valid(step, facts, random.Random(1)), facts.rules)
    db.session.rollback()
    return given


def brought_to(city: City, table: str, state: str) -> str:
    """A case of that table in that state; of an own error of the platform: its correction."""
    if table != "own_error":
        return case_in(city, table, state)
    record = city.record()
    city.sanction(record)
    parent = city.objection(record)
    city.take(parent, "submit", "subject")
    error = {"item_id": items(city, parent)[0], "value": "警告", "proof": "截图"}
    city.take(parent, "correct_own_error", "clerk2", items=[error])
    city.take(parent, "uphold", "approver", reasons="平台录入有误。")
    (number,) = city.children(parent, "correction")
    if state != "ordered":
        city.take(number, "correct", "clerk", kind="correct")
    if state in {"synchronising", "restoring", "done"}:
        city.take(number, "approve", "approver")
    if state in {"restoring", "done"}:
        receipt_everything(number)
    if state == "done":
        city.take(number, "restore", "clerk", statement="已更正。", places=["信用网站"])
    return number
