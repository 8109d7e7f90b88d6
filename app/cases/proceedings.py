"""The transaction of one step: the case moves, its children follow, its notices are issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.cases import batches, documents, letters
from app.cases.annulling import take_out_of_force
from app.cases.details import as_json
from app.cases.facts import CaseFacts
from app.cases.history import note, write
from app.cases.machine import NEW, fire
from app.cases.models import Case, StepTaken
from app.cases.office import CaseOffice
from app.cases.projection import office_unit, project
from app.cases.roles import may_take, not_yours
from app.clock import today
from app.db import db
from app.delivery import commands as delivery
from app.errors import Invalid, NotAllowed
from app.notices.drafts import Draft
from app.people.actor import SYSTEM, Actor
from workflows import definition_of, law_of
from workflows.common import stands_still
from workflows.grammar import Attempt, Step


@dataclass(frozen=True)
class Taken:
    """A step that was taken, and the facts of its case since."""

    facts: CaseFacts
    step: Step
    row: StepTaken


class Proceedings:
    """Everything that happens because of one step. Call `close()` as the last thing."""

    def __init__(self) -> None:
        self.on = today()
        self.drafts: list[Draft] = []
        self.news: list[tuple[int, str, str]] = []
        self._unwritten: list[StepTaken] = []

    def advance(self, case: Case, step: Step, actor: Actor, given: Any = None) -> None:
        """Take a step: who, from where, all guards; move, effects, history, clocks, notices."""
        facts = CaseFacts(case, self.on)
        if case.state == NEW:
            facts.know_it_is_new()
        else:
            batches.look_ahead([facts])
        self._conclude([self._moved(facts, step, actor, given)])

    def order(self, orders: Sequence[tuple[str, str]]) -> None:
        """Take SYSTEM steps of children, which are locked after their parent.

        What is asked or written of each of them is asked or written of all at once.
        """
        children = batches.locked([number for number, _ in orders])
        batch = batches.facts_of([children[number] for number, _ in orders], self.on)
        batches.look_ahead(batch)
        batches.ask_sanctions(batch)
        self._conclude(
            [
                self._moved(facts, facts.workflow.step(step), SYSTEM)
                for facts, (_, step) in zip(batch, orders, strict=True)
            ]
        )

    def open_children(
        self, above: CaseFacts, kind: str, step: str, wanted: Sequence[Mapping[str, Any]]
    ) -> Sequence[Case]:
        """Open children of a case by one of their opening steps, under its rules, in this order.

        `wanted`: the unit of each, none for the office, and the columns that only its kind has.
        """
        opening = law_of(above.row.law_version)[kind].step(step)
        details = [dict(one) for one in wanted]
        units = [one.pop("unit", None) or office_unit() for one in details]
        batch = batches.opened(above, kind, units, details)
        self._conclude(
            [
                self._moved(facts, opening, SYSTEM, data=said)
                for facts, said in zip(batch, details, strict=True)
            ]
        )
        return [facts.row for facts in batch]

    def _moved(
        self,
        facts: CaseFacts,
        step: Step,
        actor: Actor,
        given: Any = None,
        data: Mapping[str, Any] | None = None,
    ) -> Taken:
        case = facts.row
        if not may_take(step, facts, actor):
            raise NotAllowed(not_yours(step, facts).text)
        if faults := documents.unknown(facts, given):
            raise Invalid(faults)
        office = CaseOffice(case, facts, actor, self)
        came_from = None if case.state == NEW else case.state
        entered = {"input": as_json(asdict(given))} if given is not None else {}
        noted: list[StepTaken] = []

        def moved() -> None:
            noted.append(
                self._note(facts, step.name, came_from, actor, as_json(data or {}) | entered)
            )
            if step.effects:  # what they do may rest on the step being in the history
                self._write_history()

        fire(case, Attempt(step, self.on, actor, given, facts, office, facts.rules), moved)
        facts.forget()
        take_out_of_force(case, step, given)
        self._end(case, facts)
        return Taken(facts, step, noted[0])

    def _note(
        self,
        facts: CaseFacts,
        step: str,
        came_from: str | None,
        actor: Actor,
        data: Mapping[str, Any],
    ) -> StepTaken:
        row = note(facts, step, came_from, actor, data)
        self._unwritten.append(row)
        return row

    def _write_history(self) -> None:
        write(self._unwritten)
        self._unwritten = []

    def _conclude(self, taken: Sequence[Taken]) -> None:
        """What follows from steps: owners, due dates and notices, in the order of the steps."""
        self._write_history()
        batch = [one.facts for one in taken]
        batches.ask_sanctions(batch)
        batches.ask_records(batch)
        project(batch)
        for one in taken:
            for notice in one.step.notices:
                self.drafts.append(letters.draft(one.facts, one.step, notice, one.row))

    def echo(self, parent_id: int, step: str, of: str) -> None:
        """Note in a parent's history that the clocks of its child stopped or went on.

        At the end, for the parent may be in the middle of a step that is not in its history yet.
        """
        self.news.append((parent_id, step, of))

    def close(self) -> None:
        """Tell the parents, then number and render what was issued: the counters stay locked."""
        db.session.flush()
        for parent_id, step, of in self.news:
            parent = db.session.get_one(
                Case, parent_id, with_for_update={"key_share": True}, populate_existing=True
            )
            facts = CaseFacts(parent, self.on)
            self._note(facts, step, parent.state, SYSTEM, {"of": of})
            self._write_history()
            project([facts])
        delivery.issue(self.drafts)

    def rehearse(self, number: str) -> list[Draft]:
        """The notices that `close` would issue in a case; the transaction must be taken back."""
        db.session.flush()
        return [draft for draft in self.drafts if draft.case_number == number]

    def _end(self, case: Case, facts: CaseFacts) -> None:
        """A case that ends lets clocks go on that it stopped, and its sanction be suspended anew."""
        if facts.case().open:
            return
        if case.kind == "suspension":
            CaseOffice(case, facts, SYSTEM, self).keep(open_on=None)
        if not stands_still(facts.history()):
            return
        if case.parent_id is not None:
            self.echo(case.parent_id, "restart_clock", case.number)
        if definition_of(case).state(case.state).rest:
            self._note(facts, "restart_clock", case.state, SYSTEM, {})
