"""The transaction of one step: the case moves, its children follow, its notices are issued."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from app.cases import documents, letters
from app.cases.details import TABLES, as_json
from app.cases.facts import CaseFacts
from app.cases.history import note
from app.cases.machine import NEW, fire
from app.cases.models import Case, CaseLink, StepTaken
from app.cases.office import CaseOffice
from app.cases.projection import office_unit, project
from app.cases.roles import may_take, not_yours
from app.clock import today
from app.db import db
from app.delivery import commands as delivery
from app.errors import Invalid, NotAllowed
from app.notices.drafts import Draft
from app.notices.numbering import take
from app.people.actor import SYSTEM, Actor
from app.records.models import Record, Sanction
from workflows import WORKFLOWS
from workflows.common import stands_still
from workflows.grammar import Attempt, Step


class Proceedings:
    """Everything that happens because of one step. Call `close()` as the last thing."""

    def __init__(self) -> None:
        self.on = today()
        self.drafts: list[Draft] = []
        self.news: list[tuple[int, str, str]] = []

    def advance(self, case: Case, step: Step, actor: Actor, given: Any = None, **data: Any) -> None:
        """Take a step: who, from where, all guards; move, effects, history, clocks, notices."""
        facts = CaseFacts(case, self.on)
        facts.look_ahead()
        if not may_take(step, facts, actor):
            raise NotAllowed(not_yours(step, facts).text)
        if faults := documents.unknown(facts, given):
            raise Invalid(faults)
        office = CaseOffice(case, facts, actor, self)
        came_from = None if case.state == NEW else case.state
        entered = {"input": as_json(asdict(given))} if given is not None else {}
        noted: list[StepTaken] = []

        def moved() -> None:
            noted.append(note(case, step.name, came_from, actor, as_json(data) | entered))
            facts.noted(noted[0])

        fire(case, Attempt(step, self.on, actor, given, facts, office, facts.rules), moved)
        facts.forget()
        self._end(case, facts)
        project(facts)
        for notice in step.notices:
            self.drafts.append(letters.draft(facts, step, notice, noted[0]))

    def order(self, number: str, step: str) -> None:
        """Take a SYSTEM step of a child, which is locked after its parent."""
        chosen = sa.select(Case).where(Case.number == number)
        child = db.session.scalars(chosen.with_for_update(key_share=True)).one()
        self.advance(child, WORKFLOWS[child.kind].step(step), SYSTEM)

    def open_child(self, parent: Case, kind: str, step: str, **details: Any) -> Case:
        """Open a child by one of its opening steps, under the rules of its parent."""
        unit = details.pop("unit", None) or office_unit()
        child = new_case(
            kind,
            unit=unit,
            rules_digest=parent.rules_digest,
            parent_id=parent.id,
            subject_id=_subject_of(kind, details),
        )
        db.session.add(CaseLink(parent_id=parent.id, child_id=child.id))
        if kind == "suspension" and parent.parent_id is not None:
            db.session.add(CaseLink(parent_id=parent.parent_id, child_id=child.id))
        add_details(child, details)
        self.advance(child, WORKFLOWS[kind].step(step), SYSTEM, **details)
        return child

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
            note(parent, step, parent.state, SYSTEM, {"of": of})
            project(CaseFacts(parent, self.on))
        delivery.issue(self.drafts)

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
        if WORKFLOWS[case.kind].state(case.state).rest:
            facts.noted(note(case, "restart_clock", case.state, SYSTEM, {}))


def new_case(kind: str, *, unit: int, rules_digest: str, **columns: Any) -> Case:
    """A case with its number, before its opening step."""
    day = today()
    prefix = WORKFLOWS[kind].prefix
    ordinal = take(f"{prefix}-{day.year}")[0]
    case = Case(
        number=f"{prefix}-{day.year}-{ordinal:06d}",
        kind=kind,
        state=NEW,
        version=0,
        unit_id=unit,
        filed_on=day,
        rules_digest=rules_digest,
        **columns,
    )
    db.session.add(case)
    db.session.flush()
    return case


def add_details(case: Case, details: dict[str, Any]) -> None:
    """The row that only this kind has; `record` and `sanction` are keys."""
    renamed = {
        f"{name}_id" if name in {"record", "sanction"} else name: value
        for name, value in details.items()
    }
    if case.kind == "suspension":
        renamed["open_on"] = renamed["sanction_id"]
    db.session.add(TABLES[case.kind](case_id=case.id, **renamed))
    db.session.flush()


def _subject_of(kind: str, details: dict[str, Any]) -> int | None:
    """Whom a child concerns, and who may therefore see it; nobody sees a verification."""
    if kind == "correction":
        return db.session.get_one(Record, details["record"]).subject_id
    if kind == "suspension":
        return db.session.get_one(Sanction, details["sanction"]).subject_id
    return None
