"""What people, their programs and the clock may do in a walk, and how each may be refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.cases import commands
from app.cases.attaching import attach
from app.cases.commands import Once
from app.cases.due import tick
from app.cases.facts import CaseFacts
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.possibilities import possible_steps
from app.cases.roles import may_take
from app.clock import today
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.models import Message
from app.errors import Conflict, Invalid, NotAllowed, NotFound, RedressError, StepRefused
from app.exchange import sanctions as exchange
from app.exchange.records import Importer
from app.exchange.sanctions import SanctionLine
from app.notices.models import Notice
from app.people.actor import SYSTEM
from app.records.models import Measure, Record, SanctionBasis
from app.records.queries import contents
from tests.app.cases.city import UNITS
from tests.app.cases.samples import pdf
from tests.walks import inputs
from tests.walks.choosing import (
    Chosen,
    a_case,
    a_step_of,
    involved,
    sees,
    someone_with_a_step,
    tempers,
)
from tests.walks.ground import World, ruled_by
from tests.walks.inputs import TEXT, VALUES
from workflows import WORKFLOWS
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing, ItemInput
from workflows.inputs.repair import Filing as RepairFiling
from workflows.rules import SWITCHES

UNCHANGED = {"suspension.counts", "suspension.shared", "record.past_maximum"}
OF_THE_CLOCK = {"served", "hold_again", "order_resume", "cancel"}
"""What SYSTEM takes inside the steps of others: alone it would break what those keep together."""
OPEN_AT_MOST = 30
"""Objections and repairs that are under way at a time: beyond that nothing new is filed."""
Deed = Callable[[World, random.Random], object]


# --- the city


def settle(world: World, chance: random.Random) -> None:
    """The city chooses its law among all that the nation leaves it, and what people like to do."""
    world.policy = {name: chance.choice(values) for name, values in sorted(SWITCHES.items())}
    world.temper = tempers(chance)


def change_the_law(world: World, chance: random.Random) -> None:
    """A switch is set anew for cases filed from now on.

    Not those that say until when every sanction runs, what supports it and what is held: truth
    could not tell by whose law.
    """
    name = chance.choice(sorted(SWITCHES.keys() - UNCHANGED))
    world.policy[name] = chance.choice(SWITCHES[name])


# --- steps


def go_on(world: World, chance: random.Random) -> None:
    """Somebody who may take a step of a case takes it."""
    chosen = someone_with_a_step(world, chance)
    if chosen is None:
        return
    asks = chosen.step.name == "request_supplement"
    _take(world, chosen, _entered(chosen, chance))
    if asks and chance.random() < 0.7:  # else nobody is ever late with what was asked for
        _read_what_is_asked(world)


def enter_nonsense(world: World, chance: random.Random) -> None:
    """Somebody who may take a step enters what nobody can enter."""
    chosen = someone_with_a_step(world, chance)
    if chosen is None:
        return
    raw = inputs.invalid(chosen.step, chosen.facts, chance)
    rules = chosen.facts.rules
    db.session.rollback()
    try:
        given = parse(chosen.step.takes, raw, rules)
    except Invalid as refused:
        _is_told_in_chinese(*refused.faults.values())
        return
    _take(world, chosen, given)


def try_anything(world: World, chance: random.Random) -> None:
    """Anybody tries any step of any case, whatever the state, and is told why not."""
    case = a_case(world, chance, open_ones=chance.random() < 0.6)
    if case is None:
        return
    steps = WORKFLOWS[case.kind].steps
    here = [one for one in steps if case.state in {state.name for state in one.sources}]
    step = chance.choice(here or steps) if chance.random() < 0.5 else chance.choice(steps)
    who = chance.choice(world.people)
    if step.name in OF_THE_CLOCK and who == "system":
        db.session.rollback()
        return
    actor, number = world.actor(who), case.number
    facts = CaseFacts(case, today())
    given = (
        parse(step.takes, inputs.valid(step, facts, chance), facts.rules) if step.sources else None
    )
    possible = possible_steps(case, actor, facts) if sees(world, who, number) else ()
    may = {one.step.name: one for one in possible}.get(step.name)
    state = case.state
    db.session.rollback()
    try:
        world.do(
            lambda: commands.take_step(number, step.name, actor, given), twice=_now_and_then(chance)
        )
    except NotFound:
        return
    except (NotAllowed, StepRefused, Conflict) as refused:
        _is_told_in_chinese(refused.detail)
        strange = may is not None and not may.mine and not isinstance(refused, NotAllowed)
        if strange:
            raise AssertionError((step.name, who, refused)) from refused
        return
    told = (number, step.name, who, state)
    assert step in here, told
    assert may is not None, told
    assert may.allowed, (*told, may.reasons)


def by_the_wrong_person(world: World, chance: random.Random) -> None:
    """Somebody sends the form of another, who may take the step now; nothing comes of it."""
    chosen = someone_with_a_step(world, chance)
    if chosen is None:
        return
    given = _parsed(chosen, chance)
    strangers = [
        name
        for name in world.people
        if not (name == "system" and chosen.step.name in OF_THE_CLOCK)
        and not may_take(chosen.step, chosen.facts, world.actor(name))
    ]
    other = chance.choice(strangers)
    db.session.rollback()
    try:
        world.do(
            lambda: commands.take_step(chosen.number, chosen.step.name, world.actor(other), given),
            twice=_now_and_then(chance),
        )
    except (NotAllowed, NotFound) as refused:
        _is_told_in_chinese(refused.detail)
        return
    raise AssertionError((chosen.number, chosen.step.name, other, "was not theirs"))


def two_at_once(world: World, chance: random.Random) -> None:
    """Two people open the same page; the second is told that the case has moved."""
    chosen = someone_with_a_step(world, chance)
    if chosen is None:
        return
    seen = chosen.facts.row.version
    given = _parsed(chosen, chance)
    db.session.rollback()
    _take(world, chosen, given, version=seen)
    other = chance.choice([chosen.who, "clerk", "approver", "supervisor", "provider"])
    _is_stale(world, chosen, given, other, seen, chance)


def meanwhile_another(world: World, chance: random.Random) -> None:
    """While somebody fills in a form, somebody else takes another step of the same case."""
    chosen = someone_with_a_step(world, chance)
    if chosen is None:
        return
    number, seen = chosen.number, chosen.facts.row.version
    given = _parsed(chosen, chance)
    second = a_step_of(world, chosen.facts.row, chance)
    if second is None:
        return
    _take(world, second, _entered(second, chance))
    assert number == second.number
    _is_stale(world, chosen, given, chosen.who, seen, chance)
    again = a_step_of(world, _row(number), chance)
    if again is not None:
        _take(world, again, _entered(again, chance), version=_version(number))


def send_twice(world: World, chance: random.Random) -> None:
    """A program sends the same step under the same key twice; it is taken once."""
    chosen = someone_with_a_step(world, chance)
    if chosen is None:
        return
    number, name = chosen.number, chosen.step.name
    raw = inputs.valid(chosen.step, chosen.facts, chance)
    given = parse(chosen.step.takes, raw, chosen.facts.rules)
    db.session.rollback()
    once = Once(f"key-{chance.getrandbits(60):x}", {"step": name, "input": raw})
    _take(world, chosen, given, once=once)
    version, actor = _version(number), world.actor(chosen.who)
    take = commands.take_step
    assert world.do(lambda: take(number, name, actor, given, once=once)) == number
    assert _version(number) == version
    other = Once(once.key, {"step": name, "input": raw, "and": "more"})
    try:
        world.do(lambda: take(number, name, actor, given, once=other))
    except Conflict as refused:
        _is_told_in_chinese(refused.detail)
        return
    raise AssertionError((number, name, "another form under the same key"))


# --- opening cases


def object_to(world: World, chance: random.Random) -> None:
    """Somebody objects to up to three points of records, perhaps of several providers."""
    if _crowded():
        return
    source, who, subject = chance.choice(
        [
            *[("subject", "subject", "")] * 3,
            ("subject", "agent", ""),
            ("subject", "person", ""),
            ("subject", "clerk", "91441300MA4W0CHM2Z"),
            ("complaint", "stranger", ""),
            ("referral", "clerk", "上级平台"),
            ("own_finding", "provider", ""),
            ("own_finding", "executor", ""),
        ]
    )
    own = _records_of(world, who if source != "subject" or who != "clerk" else "subject", chance)
    items = [inputs.item(chance.choice(own), chance) for _ in range(chance.randint(1, 3))]
    filing = Filing(
        statement=TEXT,
        items=tuple(ItemInput(**one) for one in items),
        source=source,
        on_behalf_of=subject,
    )
    actor = world.actor(who)
    number = world.do(lambda: commands.file_objection(actor, filing))
    _submit(world, number, who, chance)


def apply_for_repair(world: World, chance: random.Random) -> None:
    """A subject, its agent or the counter applies for a repair, with proof or without."""
    if _crowded():
        return
    who = chance.choice(["subject", "subject", "agent", "person", "clerk", "stranger"])
    own = _records_of(world, who, chance)
    given = RepairFiling(chance.choice(own), reasons=TEXT, commitment=chance.random() < 0.95)
    actor = world.actor(who)
    number = world.do(lambda: commands.file_repair(actor, given))
    if chance.random() < 0.9:
        _attach(world, number, who, chance.choice(["duties", "duties", "corrected"]))
    _submit(world, number, who, chance)


def find_an_error(world: World, chance: random.Random) -> None:
    """A provider, or the office, opens a correction without an objection."""
    who = chance.choice(["provider", "provider2", "clerk", "provider-both"])
    given = Opening(chance.choice(world.records), TEXT)
    annulled, actor = chance.random() < 0.4, world.actor(who)
    world.do(lambda: commands.open_correction(actor, given, annulled=annulled))


# --- what comes from elsewhere


def import_records(world: World, chance: random.Random) -> None:
    """A provider hands in what its records say by now, or a new one."""
    rows = list(db.session.scalars(sa.select(Record).where(Record.id.in_(world.records))))
    said = contents(rows)
    content = dict(said[chance.choice(sorted(said))])
    field = chance.choice([one for one in VALUES if one not in {"code", "authority_code"}])
    content[field] = chance.choice(VALUES[field])
    if chance.random() < 0.3 and len(world.records) < 14:
        content["decision_no"] = f"惠测罚〔2026〕新{len(world.records)}号"
    db.session.rollback()

    def take() -> None:
        with transaction():
            Importer().take([(2, content)])

    world.do(take)
    world.records = list(db.session.scalars(sa.select(Record.id).order_by(Record.id)))
    db.session.rollback()


def import_sanctions(world: World, chance: random.Random) -> None:
    """A department hands in that it sanctions, on a record that may be contested."""
    record = db.session.get_one(Record, chance.choice(world.records))
    measures = list(db.session.scalars(sa.select(Measure).order_by(Measure.id)))
    measure = chance.choice(measures)
    department = next(
        UNITS[name][1] for name, key in world.city.unit.items() if key == measure.department_id
    )
    line = SanctionLine(
        (record.decision_no, record.authority_code, record.subject_code),
        measure.code,
        department,
        chance.choice([date(2026, 1, 1), today()]),
        chance.choice([None, date(2029, 1, 1), today() + timedelta(days=chance.randint(1, 40))]),
    )
    db.session.rollback()

    def take() -> None:
        with transaction():
            exchange.take([(2, line)])

    world.do(take)


def impose(world: World, chance: random.Random) -> None:
    """A department imposes one sanction on several records of a subject."""
    if _count(SanctionBasis) > 40:
        return
    rows = db.session.execute(sa.select(Record.id, Record.subject_id).order_by(Record.id)).all()
    subject = chance.choice([row.subject_id for row in rows])
    own = [row.id for row in rows if row.subject_id == subject]
    names = {key: name for name, key in world.city.subject.items()}
    db.session.rollback()
    if subject not in names:
        return
    world.city.sanction(
        *chance.sample(own, chance.randint(1, min(3, len(own)))),
        department=chance.choice(["executor", "executor2"]),
        mandatory=chance.random() < 0.4,
        starts_on=chance.choice([date(2026, 1, 1), today(), today() + timedelta(days=9)]),
        ends_on=chance.choice([None, date(2029, 1, 1), today() + timedelta(days=20)]),
        subject=names[subject],
    )


def receipt(world: World, chance: random.Random) -> None:
    """Recipients confirm what they were sent."""
    waiting = sa.select(Message.id).where(
        Message.receipted_at.is_(None), Message.cut_off_on.is_(None)
    )
    keys = [key for key in db.session.scalars(waiting) if chance.random() < 0.6]
    db.session.rollback()
    if not keys:
        return
    with transaction():
        for key in keys:
            delivery.receipt(db.session.get_one(Message, key), SYSTEM)


def serve(world: World, chance: random.Random) -> None:
    """Somebody opens a notice, which proves it served where it is the addressee."""
    keys = list(db.session.scalars(sa.select(Notice.id).order_by(Notice.id.desc()).limit(12)))
    db.session.rollback()
    if keys:
        _open(world, chance.choice(keys), chance.sample(world.people, 4))


def _read_what_is_asked(world: World) -> None:
    """Whoever has to supplement something opens the newest notice that says so."""
    newest = sa.select(Notice.id).where(Notice.name == "supplement").order_by(Notice.id.desc())
    key = db.session.scalar(newest.limit(1))
    db.session.rollback()
    if key is not None:
        _open(world, key, world.people)


def _open(world: World, notice: int, people: Sequence[str]) -> None:
    for who in people:
        try:
            world.do(lambda who=who: commands.serve(notice, world.actor(who), "电子送达"))  # type: ignore[misc]  # bound now
        except (NotFound, NotAllowed, Conflict):
            continue
        return


def add_a_file(world: World, chance: random.Random) -> None:
    """Somebody adds a file to a case, which tells what it proves."""
    case = a_case(world, chance, open_ones=chance.random() < 0.8)
    if case is None:
        return
    number, names = case.number, involved(world, case)
    db.session.rollback()
    _attach(world, number, chance.choice(names), chance.choice(["", "withdrawal", "duties"]))


# --- time


def wait(world: World, chance: random.Random) -> None:
    """Days go by without anybody doing anything, the clock included: some, or to a last day."""
    dues = {
        row.due_on
        for rows in world.register.deadlines.values()
        for row in rows.values()
        if row.ended_on is None and row.due_on is not None and row.due_on > world.day
    }
    if dues and chance.random() < 0.4:
        world.day = min(dues)
        return
    world.day += timedelta(days=chance.choice([1, 1, 1, 2, 3, 5, 9, 16]))


def let_the_clock_run(world: World, chance: random.Random) -> None:
    """The clock does all that is due; a second time nothing is left."""
    tick()
    if chance.random() < 0.2:
        assert not tick(), "the clock found something again"
    late = sa.select(Case.number, Case.state, Case.urge_on).where(Case.urge_on <= today())
    assert not list(db.session.execute(late))
    db.session.rollback()


DEEDS: dict[str, tuple[Deed, int]] = {
    "settle": (settle, 0),
    "change_the_law": (change_the_law, 1),
    "go_on": (go_on, 120),
    "enter_nonsense": (enter_nonsense, 5),
    "try_anything": (try_anything, 6),
    "by_the_wrong_person": (by_the_wrong_person, 3),
    "two_at_once": (two_at_once, 3),
    "meanwhile_another": (meanwhile_another, 3),
    "send_twice": (send_twice, 3),
    "object_to": (object_to, 7),
    "apply_for_repair": (apply_for_repair, 6),
    "find_an_error": (find_an_error, 1),
    "import_records": (import_records, 1),
    "import_sanctions": (import_sanctions, 1),
    "impose": (impose, 1),
    "receipt": (receipt, 4),
    "serve": (serve, 3),
    "add_a_file": (add_a_file, 1),
    "wait": (wait, 9),
    "let_the_clock_run": (let_the_clock_run, 9),
}
"""Each by its name, and how often it is done among all."""


def perform(world: World, name: str, chance: random.Random) -> bool:
    """Do it on the day it is; gives False where it was refused."""
    with clock.at(world.day), ruled_by(world.policy):
        try:
            DEEDS[name][0](world, chance)
        except RedressError:
            db.session.rollback()
            return False
    db.session.rollback()
    return True


# --- what they share


def _take(world: World, chosen: Chosen, given: Any, **more: Any) -> None:
    """Take what was said to be possible: only its input may stand in the way."""
    actor, step = world.actor(chosen.who), chosen.step
    told = (chosen.number, step.name, chosen.who)
    try:
        world.do(lambda: commands.take_step(chosen.number, step.name, actor, given, **more))
    except StepRefused as refused:
        of_input = {guard.code for guard in step.guards if guard.of_input}
        codes = {reason.code for reason in refused.reasons}
        assert codes <= of_input, (*told, codes)
        raise
    except (NotAllowed, NotFound) as refused:
        raise AssertionError((*told, refused.detail)) from refused


def _entered(chosen: Chosen, chance: random.Random) -> Any:
    """What somebody enters; outside of any transaction afterwards."""
    given = _parsed(chosen, chance)
    db.session.rollback()
    return given


def _parsed(chosen: Chosen, chance: random.Random) -> Any:
    raw = inputs.valid(chosen.step, chosen.facts, chance)
    return parse(chosen.step.takes, raw, chosen.facts.rules)


def _is_stale(
    world: World, chosen: Chosen, given: Any, who: str, seen: int, chance: random.Random
) -> None:
    number, name = chosen.number, chosen.step.name
    try:
        world.do(
            lambda: commands.take_step(number, name, world.actor(who), given, version=seen),
            twice=_now_and_then(chance),
        )
    except commands.Stale as refused:
        _is_told_in_chinese(refused.detail)
        return
    except NotFound:
        return
    raise AssertionError((number, name, "the second did not hear of the first"))


def _records_of(world: World, who: str, chance: random.Random) -> list[int]:
    """The valid records about whom somebody acts for, or its unit's; now and then all of them."""
    actor = world.city.actor[who]
    chosen = sa.select(Record.id).where(
        Record.ended_on.is_(None),
        sa.or_(Record.subject_id.in_(actor.subjects), Record.provider_id == actor.unit_id),
    )
    found = list(db.session.scalars(chosen.order_by(Record.id)))
    db.session.rollback()
    return found if found and chance.random() < 0.92 else world.records


def _crowded() -> bool:
    chosen = sa.select(sa.func.count(Case.id)).where(
        Case.kind.in_(("objection", "repair")), Case.owner_role.is_not(None)
    )
    return (db.session.scalar(chosen) or 0) >= OPEN_AT_MOST


def _count(table: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _submit(world: World, number: str, who: str, chance: random.Random) -> None:
    if chance.random() < 0.8:
        actor = world.actor(who)
        world.do(lambda: commands.take_step(number, "submit", actor), twice=_now_and_then(chance))


def _attach(world: World, number: str, who: str, proves: str) -> None:
    actor = world.actor(who)
    world.do(lambda: attach(actor, number, ("凭证.pdf", pdf()), "凭证", proves))


def _row(number: str) -> Case:
    return db.session.scalars(sa.select(Case).where(Case.number == number)).one()


def _version(number: str) -> int:
    found = _row(number).version
    db.session.rollback()
    return found


def _now_and_then(chance: random.Random) -> bool:
    """Comparing all tables takes longer than the step: it is done for some."""
    return chance.random() < 0.1


def _is_told_in_chinese(*sentences: str) -> None:
    assert sentences
    for said in sentences:
        assert any("一" <= sign <= "鿿" for sign in said), said
