"""What people, their programs and the clock may do in a walk, and how each may be refused."""

from __future__ import annotations

import random
from collections.abc import Callable
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
from app.cases.possibilities import Possibility, possible_steps
from app.cases.queries import case_for
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
from tests.app.cases.telling import under
from tests.walks import inputs
from tests.walks.ground import World
from tests.walks.inputs import TEXT, VALUES
from workflows import WORKFLOWS
from workflows.grammar import Role
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing, ItemInput
from workflows.inputs.repair import Filing as RepairFiling

CHOICES: dict[str, tuple[str, ...]] = {
    "suspension__mandatory": ("held_until_declined", "held_when_confirmed"),
    "suspension__shared": ("hold", "hold", "only_if_all_contested"),
    "objection__unverifiable": ("end_disclosure", "keep_with_note"),
    "repair__decides": ("unit_with_office_approval", "unit_alone"),
}
RARE = {
    **dict.fromkeys(("note_review", "note_review_ended", "restart_clock"), 0.02),
    **dict.fromkeys(("urge", "amend", "stop_clock", "discard", "request_supplement"), 0.05),
    **dict.fromkeys(("withdraw", "send_back", "ask_for_time", "extend"), 0.15),
    **dict.fromkeys(("correct_own_error", "refuse", "refuse_acceptance", "return_proposal"), 0.15),
    **dict.fromkeys(("withdraw_publication", "return_for_verification"), 0.2),
    **dict.fromkeys(("decline", "propose_refusal", "reopen", "reopen_acceptance"), 0.4),
}
"""How much rarer than others these are chosen, so that walks get somewhere."""
AT_REST = [
    (kind, state.name) for kind, one in WORKFLOWS.items() for state in one.states if state.rest
]
OPEN_AT_MOST = 30
"""Objections and repairs that are under way at a time: beyond that nothing new is filed."""
Deed = Callable[[World, random.Random], object]


# --- steps


def go_on(world: World, chance: random.Random) -> None:
    """Somebody who may take a step of a case takes it."""
    found = _someone_with_a_step(world, chance)
    if found is None:
        return
    number, who, one, facts = found
    given = inputs.valid(one.step, facts, chance)
    _take(world, number, one, who, _parsed(one, given, facts))


def enter_nonsense(world: World, chance: random.Random) -> None:
    """Somebody who may take a step enters what nobody can enter."""
    found = _someone_with_a_step(world, chance)
    if found is None:
        return
    number, who, one, facts = found
    raw = inputs.invalid(one.step, facts, chance)
    db.session.rollback()
    try:
        given = parse(one.step.takes, raw, facts.rules)
    except Invalid as refused:
        _is_told_in_chinese(*refused.faults.values())
        return
    _take(world, number, one, who, given)


def try_anything(world: World, chance: random.Random) -> None:
    """Anybody tries any step of any case, whatever the state, and is told why not."""
    case = _case(world, chance, open_ones=chance.random() < 0.6)
    if case is None:
        return
    who, step = chance.choice(world.people), chance.choice(WORKFLOWS[case.kind].steps)
    actor, number, state = world.actor(who), case.number, case.state
    facts = CaseFacts(case, today())
    given = (
        parse(step.takes, inputs.valid(step, facts, chance), facts.rules) if step.sources else None
    )
    possible = possible_steps(case, actor, facts) if _sees(world, who, number) else ()
    may = {one.step.name: one for one in possible}.get(step.name)
    db.session.rollback()
    if step.name in {"served", "hold_again", "order_resume", "cancel"} and who == "system":
        return
    here = state in {one.name for one in step.sources}
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
    assert here, (number, step.name, state)
    assert may is not None, (number, step.name)
    assert may.allowed, (number, step.name, who, may.reasons)


def two_at_once(world: World, chance: random.Random) -> None:
    """Two people open the same page; the second is told that the case has moved."""
    found = _someone_with_a_step(world, chance)
    if found is None:
        return
    number, who, one, facts = found
    seen = facts.row.version
    given = _parsed(one, inputs.valid(one.step, facts, chance), facts)
    _take(world, number, one, who, given, version=seen)
    other = chance.choice([who, "clerk", "approver", "supervisor", "provider"])
    try:
        world.do(
            lambda: commands.take_step(
                number, one.step.name, world.actor(other), given, version=seen
            ),
            twice=_now_and_then(chance),
        )
    except (commands.Stale, NotFound):
        return
    raise AssertionError((number, one.step.name, "the second did not hear of the first"))


def send_twice(world: World, chance: random.Random) -> None:
    """A program sends the same step under the same key twice; it is taken once."""
    found = _someone_with_a_step(world, chance)
    if found is None:
        return
    number, who, one, facts = found
    raw = inputs.valid(one.step, facts, chance)
    given = _parsed(one, raw, facts)
    once = Once(f"key-{chance.getrandbits(60):x}", {"step": one.step.name, "input": raw})
    _take(world, number, one, who, given, once=once)
    version = _version(number)
    actor = world.actor(who)
    assert (
        world.do(lambda: commands.take_step(number, one.step.name, actor, given, once=once))
        == number
    )
    assert _version(number) == version


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
    _vary(world, number, chance)
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
    _vary(world, number, chance)
    if chance.random() < 0.9:
        _attach(world, number, who, chance.choice(["duties", "duties", "corrected"]))
    _submit(world, number, who, chance)


def find_an_error(world: World, chance: random.Random) -> None:
    """A provider, or the office, opens a correction without an objection."""
    who = chance.choice(["provider", "provider2", "clerk", "provider-both"])
    given = Opening(chance.choice(world.records), TEXT)
    annulled, actor = chance.random() < 0.4, world.actor(who)
    number = world.do(lambda: commands.open_correction(actor, given, annulled=annulled))
    _vary(world, number, chance)


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
    if not keys:
        return
    notice = chance.choice(keys)
    for who in chance.sample(world.people, 4):
        try:
            world.do(lambda who=who: commands.serve(notice, world.actor(who), "电子送达"))  # type: ignore[misc]  # bound now
        except (NotFound, NotAllowed):
            continue
        return


def add_a_file(world: World, chance: random.Random) -> None:
    """Somebody adds a file to a case, which tells what it proves."""
    case = _case(world, chance, open_ones=chance.random() < 0.8)
    if case is None:
        return
    number, names = case.number, _involved(world, case)
    db.session.rollback()
    _attach(world, number, chance.choice(names), chance.choice(["", "withdrawal", "duties"]))


# --- time


def wait(world: World, chance: random.Random) -> None:
    """Days go by without anybody doing anything, the clock included."""
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
    "go_on": (go_on, 60),
    "enter_nonsense": (enter_nonsense, 4),
    "try_anything": (try_anything, 6),
    "two_at_once": (two_at_once, 2),
    "send_twice": (send_twice, 2),
    "object_to": (object_to, 5),
    "apply_for_repair": (apply_for_repair, 4),
    "find_an_error": (find_an_error, 1),
    "import_records": (import_records, 1),
    "import_sanctions": (import_sanctions, 1),
    "impose": (impose, 1),
    "receipt": (receipt, 3),
    "serve": (serve, 2),
    "add_a_file": (add_a_file, 1),
    "wait": (wait, 5),
    "let_the_clock_run": (let_the_clock_run, 5),
}
"""Each by its name, and how often it is done among all."""


def perform(world: World, name: str, chance: random.Random) -> bool:
    """Do it on the day it is; gives False where it was refused."""
    with clock.at(world.day):
        try:
            DEEDS[name][0](world, chance)
        except RedressError:
            db.session.rollback()
            return False
    db.session.rollback()
    return True


# --- what they share


def _take(world: World, number: str, one: Possibility, who: str, given: Any, **more: Any) -> None:
    """Take what was said to be possible: only its input may stand in the way."""
    actor = world.actor(who)
    try:
        world.do(lambda: commands.take_step(number, one.step.name, actor, given, **more))
    except StepRefused as refused:
        of_input = {guard.code for guard in one.step.guards if guard.of_input}
        codes = {reason.code for reason in refused.reasons}
        assert codes <= of_input, (number, one.step.name, who, codes)
        raise
    except (NotAllowed, NotFound) as refused:
        raise AssertionError((number, one.step.name, who, refused.detail)) from refused
    world.taken += 1


def _parsed(one: Possibility, given: dict[str, Any], facts: CaseFacts) -> Any:
    parsed = parse(one.step.takes, given, facts.rules)
    db.session.rollback()
    return parsed


def _someone_with_a_step(
    world: World, chance: random.Random
) -> tuple[str, str, Possibility, CaseFacts] | None:
    """A case, somebody, and a step that is possible for it now; now and then there is none."""
    for _ in range(6):
        case = _case(world, chance, open_ones=chance.random() < 0.85, at_rest=True)
        if case is None:
            continue
        who = chance.choice(_involved(world, case))
        if not _sees(world, who, case.number):
            continue
        facts = CaseFacts(case, today())
        options = [one for one in possible_steps(case, world.city.actor[who], facts) if one.allowed]
        weights = [RARE.get(one.step.name, 1.0) for one in options]
        if options and chance.random() < max(weights):
            chosen = chance.choices(options, weights)[0]
            facts.case(), facts.items(), facts.history(), facts.messages()
            return case.number, who, chosen, facts
    return None


def _sees(world: World, who: str, number: str) -> bool:
    try:
        case_for(world.actor(who), number)
    except NotFound:
        return False
    return True


def _case(
    world: World, chance: random.Random, *, open_ones: bool, at_rest: bool = False
) -> Case | None:
    chosen = sa.select(Case.id, Case.kind).order_by(Case.id)
    if open_ones:
        chosen = chosen.where(Case.owner_role.is_not(None))
    elif at_rest:
        chosen = chosen.where(sa.tuple_(Case.kind, Case.state).in_(AT_REST))
    rows = db.session.execute(chosen).all()
    if not rows:
        return None
    kinds = sorted({row.kind for row in rows})
    kind = chance.choice(kinds)
    key = chance.choice([row.id for row in rows if row.kind == kind])
    return db.session.get_one(Case, key)


def _involved(world: World, case: Case) -> list[str]:
    """Who may have to do with a case: the owner's people thrice, then unit, office and filers."""
    every = [(name, world.city.actor[name]) for name in world.people]
    owners = [
        name
        for name, actor in every
        if case.owner_role in actor.roles and actor.unit_id == case.owner_unit_id
    ]
    unit = [name for name, actor in every if actor.unit_id == case.unit_id is not None]
    office = [name for name, actor in every if actor.unit_id == world.city.unit["office"]]
    filers = [
        name
        for name, actor in every
        if case.subject_id in actor.subjects or case.filer_unit_id == actor.unit_id is not None
    ]
    if case.owner_role == Role.FILER.value:
        owners = filers
    now = [name for name in filers if name != "agent"] or office
    return [*owners * 8, *unit, *office, *now]


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


def _vary(world: World, number: str, chance: random.Random) -> None:
    """Let a case be handled under the rules of some city."""
    choices = {name: chance.choice(values) for name, values in CHOICES.items()}
    under(world.city, number, **choices | world.policy)
    db.session.rollback()


def _submit(world: World, number: str, who: str, chance: random.Random) -> None:
    if chance.random() < 0.8:
        actor = world.actor(who)
        world.do(lambda: commands.take_step(number, "submit", actor), twice=_now_and_then(chance))
        world.taken += 1


def _attach(world: World, number: str, who: str, proves: str) -> None:
    actor = world.actor(who)
    world.do(lambda: attach(actor, number, ("凭证.pdf", pdf()), "凭证", proves))


def _version(number: str) -> int:
    found = db.session.scalars(sa.select(Case.version).where(Case.number == number)).one()
    db.session.rollback()
    return found


def _now_and_then(chance: random.Random) -> bool:
    """Comparing all tables takes longer than the step: it is done for some."""
    return chance.random() < 0.1


def _is_told_in_chinese(*sentences: str) -> None:
    assert sentences
    for said in sentences:
        assert any("一" <= sign <= "鿿" for sign in said), said
