"""What each of forty people does, one thing after the other, and the diary that each keeps of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.cases import commands
from app.cases.attaching import attach
from app.cases.due import tick
from app.cases.facts import CaseFacts
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.possibilities import Possibility, possible_steps
from app.cases.queries import inbox, visible_to
from app.clock import today
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.models import Message
from app.errors import Busy, RedressError
from app.exchange import sanctions
from app.exchange.lines import Fate, Line, Report, take_lines
from app.exchange.records import Importer
from app.exchange.running import import_records
from app.exchange.sanctions import SanctionLine
from app.notices.models import Notice
from app.people.actor import SYSTEM, Actor
from app.people.models import Unit
from app.records.models import Measure, Record
from app.records.queries import contents
from tests.app.cases.samples import pdf
from tests.app.exchange.exports import penalty, write
from tests.walks import inputs
from tests.walks.choosing import RARE
from tests.walks.inputs import TEXT
from workflows.grammar import Role
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing, ItemInput
from workflows.inputs.repair import Filing as RepairFiling

OFTEN = RARE | {"withdraw": 0.1, "supplement": 1.0, "refuse_acceptance": 0.3, "discard": 0.1}
"""How often these are chosen, compared with others."""
Taken = tuple[str, str, int | None]
"""A step: the case, its name, and who took it."""


@dataclass
class Diary:
    """What came of everything that somebody tried."""

    taken: Counter[Taken] = field(default_factory=Counter)
    ticked: Counter[str] = field(default_factory=Counter)
    fates: Counter[Fate] = field(default_factory=Counter)
    served: list[int] = field(default_factory=list)
    attached: list[int] = field(default_factory=list)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    busy: list[BaseException | None] = field(default_factory=list)


@dataclass
class Somebody:
    """A person at work; `folder` is where it keeps files that it hands in."""

    name: str
    actor: Actor
    chance: random.Random
    folder: Path
    diary: Diary = field(default_factory=Diary)

    def work(self) -> None:
        """Do one thing; what is refused is written down, anything else that is raised is a bug."""
        deed = self._choose()
        try:
            deed(self)
        except (Busy, PoolTimeoutError) as busy:
            self.diary.busy.append(getattr(busy.__cause__, "orig", busy.__cause__ or busy))
        except RedressError as refused:
            self.diary.refused[deed.__name__, type(refused).__name__] += 1
            if not any("一" <= sign <= "鿿" for sign in refused.detail):
                self.diary.unexplained.append(f"{deed.__name__}: {refused!r}")
        finally:
            db.session.rollback()

    def _choose(self) -> Deed:
        own = [deeds for beginning, deeds in DEEDS.items() if self.name.startswith(beginning)]
        deeds, weights = zip(*(own or [OTHERS])[0], strict=True)
        chosen: Deed = self.chance.choices(deeds, weights)[0]
        return chosen

    def take(self, number: str, step: str, given: object = None, **more: object) -> None:
        """Take a step, and write down that it was taken."""
        commands.take_step(number, step, self.actor, given, **more)  # type: ignore[arg-type]  # version
        self.note(number, step)

    def note(self, number: str, step: str) -> None:
        """Write down what was done."""
        self.diary.taken[number, step, self.actor.person_id] += 1


Deed = Callable[[Somebody], object]


# --- cases


def go_on(who: Somebody) -> None:
    """Take a step that somebody waits for, as the page offers it: others see the same page."""
    for _ in range(3):
        case = _case(who)
        if case is None:
            continue
        facts = CaseFacts(case, today())
        options = [one for one in possible_steps(case, who.actor, facts) if one.allowed]
        chosen = _chosen(options, who.chance)
        if chosen is None:
            continue
        raw = inputs.valid(chosen.step, facts, who.chance)
        number, version = case.number, case.version if who.chance.random() < 0.5 else None
        given = parse(chosen.step.takes, raw, facts.rules)
        db.session.rollback()
        who.take(number, chosen.step.name, given, version=version)
        return


def _case(who: Somebody) -> Case | None:
    """One of the first that wait for this person, so that colleagues choose the same one."""
    waiting = list(inbox(who.actor, limit=12))
    if waiting and who.chance.random() < 0.85:
        return who.chance.choice(waiting)
    chosen = visible_to(who.actor).order_by(Case.id.desc()).limit(30)
    seen = list(db.session.scalars(chosen))
    return who.chance.choice(seen) if seen else None


def _chosen(options: list[Possibility], chance: random.Random) -> Possibility | None:
    weights = [OFTEN.get(one.step.name, 1.0) for one in options]
    if not options or chance.random() > max(weights):
        return None
    return chance.choices(options, weights)[0]


def object_to(who: Somebody) -> None:
    """Object to records that others object to as well, and hand it in."""
    chance, records = who.chance, _records_of(who)
    few = chance.sample(records, chance.randint(1, min(2, len(records))))
    items = tuple(ItemInput(**inputs.item(one, chance)) for one in few)
    number = commands.file_objection(who.actor, Filing(TEXT, items))
    who.note(number, "file")
    who.take(number, "submit")


def apply_for_repair(who: Somebody) -> None:
    """Apply for a repair with the proof that is asked for."""
    given = RepairFiling(who.chance.choice(_records_of(who)), reasons=TEXT, commitment=True)
    number = commands.file_repair(who.actor, given)
    who.note(number, "file")
    _attach(who, number, "duties")
    who.take(number, "submit")


def find_an_error(who: Somebody) -> None:
    """Open a correction, or be told that it is none of one's business."""
    if not who.actor.roles & {Role.OFFICE_CLERK, Role.PROVIDER_HANDLER}:
        return
    record = who.chance.choice(list(db.session.scalars(sa.select(Record.id))))
    db.session.rollback()
    annulled = who.chance.random() < 0.2
    number = commands.open_correction(who.actor, Opening(record, TEXT), annulled=annulled)
    who.note(number, "open_annulled" if annulled else "open")


def add_a_file(who: Somebody) -> None:
    """Add a file to a case."""
    case = _case(who)
    if case is not None:
        number = case.number
        db.session.rollback()
        _attach(who, number, who.chance.choice(["", "withdrawal"]))


def _attach(who: Somebody, number: str, proves: str) -> None:
    upload = ("凭证.pdf", pdf(trailer=f"/T {who.chance.getrandbits(40)} ".encode()))
    who.diary.attached.append(attach(who.actor, number, upload, "凭证", proves))


def serve(who: Somebody) -> None:
    """Open one of the newest notices, which proves it served."""
    chosen = sa.select(Notice.id).where(Notice.served_on.is_(None)).order_by(Notice.id.desc())
    keys = list(db.session.scalars(chosen.limit(10)))
    db.session.rollback()
    if keys:
        key = who.chance.choice(keys)
        commands.serve(key, who.actor, "电子送达")
        who.diary.served.append(key)


def _records_of(who: Somebody) -> list[int]:
    chosen = sa.select(Record.id).where(Record.subject_id.in_(who.actor.subjects))
    found = list(db.session.scalars(chosen.order_by(Record.id)))
    db.session.rollback()
    return found


# --- programs


def let_the_clock_run(who: Somebody) -> None:
    """Several clocks may run at once, one on each machine."""
    who.diary.ticked += tick()


def import_a_file(who: Somebody) -> None:
    """Hand in decisions that another importer may hand in at the same moment."""
    numbers = who.chance.sample(range(1, 9), 3)
    lines = [penalty(n, violation=f"虚假宣传第{who.chance.randint(1, 9)}次") for n in numbers]
    report = Report()
    try:
        file = write(who.folder / f"{who.name}.csv", lines)
        import_records(file, only_unit=None, tell=lambda *_: None, report=report)
    finally:
        who.diary.fates += report.counts


def import_contested(who: Somebody) -> None:
    """Hand in what records say by now about which there are cases."""
    rows = list(db.session.scalars(sa.select(Record).order_by(Record.id).limit(8)))
    said = list(contents(rows).values())
    db.session.rollback()
    count, report = who.chance.randint(1, 9), Report()
    lines = [
        Line(n, one | {"violation": f"超标排放第{count}次"})
        for n, one in enumerate(who.chance.sample(said, 2), start=2)
    ]
    try:
        take_lines(lines, Importer().take, report)
    finally:
        who.diary.fates += report.counts


def import_sanctions(who: Somebody) -> None:
    """A department hands in that it sanctions on a record that may be contested."""
    record = who.chance.choice(list(db.session.scalars(sa.select(Record).limit(8))))
    measure = who.chance.choice(list(db.session.scalars(sa.select(Measure))))
    department = db.session.get_one(Unit, measure.department_id)
    line = SanctionLine(
        (record.decision_no, record.authority_code, record.subject_code),
        measure.code,
        department.code,
        date(2026, 1, 1),
        date(2029, 1, 1),
    )
    db.session.rollback()
    take_lines([Line(2, line)], sanctions.take, Report())


def receipt(who: Somebody) -> None:
    """Recipients confirm what they were sent."""
    waiting = sa.select(Message.id).where(
        Message.receipted_at.is_(None), Message.cut_off_on.is_(None)
    )
    keys = list(db.session.scalars(waiting.order_by(Message.id).limit(10)))
    db.session.rollback()
    with transaction():
        for key in keys:
            delivery.receipt(db.session.get_one(Message, key), SYSTEM)


DEEDS: dict[str, tuple[tuple[Deed, int], ...]] = {
    "filer": ((object_to, 5), (apply_for_repair, 2), (go_on, 5), (serve, 3), (add_a_file, 1)),
    "clock": ((let_the_clock_run, 1),),
    "importer": ((import_a_file, 2), (import_contested, 2), (import_sanctions, 1)),
    "recipient": ((receipt, 1),),
}
"""What people do whose names begin so, and how often."""
OTHERS: tuple[tuple[Deed, int], ...] = ((go_on, 20), (serve, 1), (find_an_error, 1))
"""What all others do: they go on with cases."""
