"""The demonstration city while its past is told: who does what, and at which moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from app import clock
from app.cases import commands, due
from app.cases.attaching import attach
from app.cases.facts import CaseFacts
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.queries import case_for, children_of, readable_notices
from app.db import db, transaction
from app.deadlines.calendar import national
from app.demo.accounts import AUTHORISATION
from app.demo.choosing import Chosen, Stock
from app.demo.outgoing import deliver
from app.demo.papers import paper
from app.people.actor import SYSTEM, Actor
from app.people.commands import represent
from app.people.models import Person, Scope, Subject
from app.people.queries import actor_of, person_by_username, unit_by
from app.records.queries import rules_today
from workflows import WORKFLOWS
from workflows.grammar import Role
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing
from workflows.inputs.repair import Filing as RepairFiling
from workflows.office import ItemFact
from workflows.rules import Length

OPENS: Final = time(8, 30, tzinfo=clock.SHANGHAI)
CLOSES: Final = time(17, 30, tzinfo=clock.SHANGHAI)
PAUSES: Final = (2, 26)
"""How many minutes may pass between one act and the next, while there is time."""
BRIEFLY: Final = timedelta(seconds=20)
KINDS: Final = {workflow.prefix: workflow.kind for workflow in WORKFLOWS.values()}


class Town:
    """Offices and subjects as they act one after the other; each act has its moment."""

    def __init__(
        self,
        staff: Mapping[tuple[Role, int], str],
        stock: Stock,
        subject: tuple[Chosen, Chosen],
        person: Chosen,
        neighbour: Chosen,
    ) -> None:
        self.staff = staff
        self.stock = stock
        self.subject = subject
        self.person = person
        self.neighbour = neighbour
        self.moment = clock.now()
        self._pauses = Random("pauses")  # noqa: S311 -- the same city each time
        self._actors: dict[str, Actor] = {}
        self._units: dict[str, int] = {}

    @property
    def day(self) -> date:
        """The day on which things happen."""
        return clock.day_of(self.moment)

    def open(self, day: date) -> None:
        """In the morning the clock does what is due."""
        self.moment = datetime.combine(day, OPENS)
        with self.acting():
            due.tick()

    def close(self) -> None:
        """In the evening the messages go out, and the answers are seen."""
        self.moment = max(self.moment, self._closing)
        with self.acting():
            if deliver():
                due.tick()

    @contextmanager
    def acting(self) -> Iterator[None]:
        """At the present moment; the next one is a little later."""
        with clock.at(self.moment):
            yield
        later = self.moment + timedelta(minutes=self._pauses.randint(*PAUSES))
        self.moment = later if later < self._closing else self.moment + BRIEFLY

    @property
    def _closing(self) -> datetime:
        return datetime.combine(self.day, CLOSES)

    def file(self, who: str, *items: object, **said: str) -> str:
        """File an objection, as a draft; gives its number."""
        with self.acting():
            given = parse(Filing, {"items": list(items), **said}, rules_today())
            return commands.file_objection(self.actor(who), given)

    def file_repair(self, who: str, record: Chosen, reasons: str) -> str:
        """Apply for the repair of a record, as a draft with the commitment; gives its number."""
        with self.acting():
            given = RepairFiling(record.id, reasons, commitment=True)
            return commands.file_repair(self.actor(who), given)

    def open_correction(
        self, who: str, record: Chosen, basis: str, *, annulled: bool = True
    ) -> str:
        """A correction without an objection: an act annulled, or an own error; gives its number."""
        with self.acting():
            given = Opening(record.id, basis)
            return commands.open_correction(self.actor(who), given, annulled=annulled)

    def take(self, number: str, step: str, who: str = "", **given: Any) -> None:
        """Take a step, as somebody or as whoever must act now."""
        with self.acting():
            takes = WORKFLOWS[KINDS[number[:2]]].step(step).takes
            entered = parse(takes, given, rules_today())
            commands.take_step(number, step, self.actor(who or self.owner(number)), entered)

    def attach(self, number: str, who: str, name: str, *lines: str, proves: str = "") -> int:
        """Add a paper, its title being its file's name; gives its key."""
        title = name.rpartition(".")[0]
        with self.acting():
            return attach(self.actor(who), number, paper(name, title, *lines), title, proves)

    def read(self, number: str, who: str) -> None:
        """Somebody opens the notices of a case addressed to its subject: they are served."""
        with self.acting():
            actor = self.actor(who)
            mine = [
                one.id
                for one in readable_notices(actor, self.case(number))
                if one.addressee_subject_id in actor.subjects and one.served_on is None
            ]
            for notice in mine:
                commands.serve(notice, actor, "系统内查阅")

    def authorise(self, agent: str, record: Chosen) -> None:
        """The company of a record lets an agency act for it, for a year."""
        person_id, subject_id = self.actor(agent).person_id, record.subject_id
        until = self.day + timedelta(days=365)
        with self.acting(), transaction():
            person = db.session.get_one(Person, person_id)
            company = db.session.get_one(Subject, subject_id)
            represent(person, company, Scope.AGENT, AUTHORISATION, until)
        del self._actors[agent]

    def case(self, number: str) -> Case:
        """A case as it stands now."""
        return case_for(SYSTEM, number)

    def state(self, number: str) -> str:
        """How far a case is."""
        return self.case(number).state

    def children(self, number: str, kind: str, *states: str) -> list[str]:
        """The numbers of the children of a kind, of all or of those in some states."""
        children = [one for one in children_of(self.case(number)) if one.kind == kind]
        return [one.number for one in children if not states or one.state in states]

    def items(self, number: str) -> list[ItemFact]:
        """The items that a case is about."""
        return list(CaseFacts(self.case(number), self.day).items())

    def owner(self, number: str) -> str:
        """The username of whoever must act in a case."""
        case = self.case(number)
        return self.staff[Role(case.owner_role or ""), case.owner_unit_id or 0]

    def colleague(self, number: str, role: Role) -> str:
        """The username of somebody else in the unit that handles a case."""
        return self.staff[role, self.case(number).unit_id]

    def working_day_after(self, number: int) -> date:
        """The day that so many working days from now end on."""
        return national().add(self.day, Length(number, "working_day")).due_on

    def unit(self, name: str) -> int | None:
        """The key of a unit by its name."""
        if name not in self._units and (found := unit_by(name)):
            self._units[name] = found.id
        return self._units.get(name)

    def is_mandatory(self, suspension: str) -> bool:
        """Whether a suspension is about a mandatory measure."""
        (sanction,) = CaseFacts(self.case(suspension), self.day).sanctions()
        return sanction.mandatory

    def of_provider(self, record: Chosen, role: Role) -> str:
        """The username of somebody in the unit that provides a record."""
        return self.staff[role, self.unit(record.provider) or 0]

    def actor(self, username: str) -> Actor:
        """An account as it stands now; only `authorise` changes one while the past is told."""
        if username not in self._actors:
            person = person_by_username(username)
            if person is None:
                raise LookupError(username)
            self._actors[username] = actor_of(person.id)
            db.session.rollback()
        return self._actors[username]
