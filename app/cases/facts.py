"""What the law may ask about a case, answered from the database; each answer kept for a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

import sqlalchemy as sa

from app.cases.correction.models import Correction
from app.cases.details import TABLES, Details, details_of, plain
from app.cases.machine import NEW
from app.cases.models import Attachment, Case, CaseLink, StepTaken
from app.cases.objection.models import Item
from app.cases.registry import executed, record_facts, sanction_facts
from app.cases.repair.models import Repair
from app.cases.suspension.models import Suspension
from app.cases.verification.models import Answer, Verification
from app.db import db
from app.deadlines.clocks import Due, Event, derive
from app.deadlines.models import Deadline
from app.deadlines.queries import calendar, deadlines_of, stored
from app.delivery.queries import messages_of
from app.people.queries import unit_by
from app.records.fields import FIELDS
from app.records.models import Hold, Recipient, SanctionBasis
from app.records.values import fault_of
from workflows import WORKFLOWS
from workflows.office import (
    AnswerFact,
    AttachmentFact,
    CaseFact,
    ItemFact,
    MessageFact,
    RecordFact,
    RivalFact,
    SanctionFact,
    TakenFact,
    UnitFact,
)
from workflows.rules import Rules

_HISTORY: Final = (
    sa.select(StepTaken).where(StepTaken.case_id == sa.bindparam("case")).order_by(StepTaken.seq)
)
"""Built once: each step asks it several times."""
HISTORY: Final = ("history", ())
DEADLINES: Final = ("deadlines", ())
OWN: Final = frozenset({HISTORY, DEADLINES})
"""Questions of which the answers change only where the case itself is moved."""
NOT_UPHELD = frozenset({"dismissed", "unverifiable"})
Answered = TypeVar("Answered")
Asked = ParamSpec("Asked")


def kept(
    ask: Callable[Concatenate[CaseFacts, Asked], Answered],
) -> Callable[Concatenate[CaseFacts, Asked], Answered]:
    """Answer a question once; `forget()` makes it be asked anew."""

    def answer(self: CaseFacts, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Answered:
        key = (ask.__name__, args)
        if key not in self.answers_kept:
            self.answers_kept[key] = ask(self, *args, **kwargs)
        answered: Answered = self.answers_kept[key]
        return answered

    answer.__name__, answer.__doc__ = ask.__name__, ask.__doc__
    return answer


class CaseFacts:
    """The facts of one case on one day; satisfies `workflows.office.Facts`."""

    def __init__(self, case: Case, on: date, details: Details | None = None) -> None:
        self.row = case
        self.on = on
        self.answers_kept: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._details = details
        self._parent: Case | None = None

    def forget(self) -> None:
        """Something was changed: ask anew, but for what is known from having written it."""
        self.answers_kept = {key: self.answers_kept[key] for key in OWN & self.answers_kept.keys()}

    def look_ahead(self) -> None:
        """Ask now what every step asks: asked after the first change, that would be written twice."""
        if self.row.state == NEW:
            self.answers_kept |= {HISTORY: [], DEADLINES: {}}
        else:
            self.history()
            self.deadlines()

    def noted(self, taken: StepTaken) -> None:
        """A step was added to the history: it is known with it, all else is asked anew."""
        if HISTORY in self.answers_kept:
            self.answers_kept[HISTORY] = [*self.answers_kept[HISTORY], taken_fact(taken)]
        self.forget()

    def keep_deadlines(self, rows: Iterable[Deadline]) -> None:
        """The clocks were written anew, as these rows."""
        in_order = sorted(rows, key=lambda row: (row.started_on, row.clock))
        self.answers_kept[DEADLINES] = {row.clock: row for row in in_order}

    @property
    def details(self) -> Details:
        """The row that only this kind of case has."""
        if self._details is None:
            self._details = details_of(self.row)
        return self._details

    @property
    def rules(self) -> Rules:
        """The rules in force when the case was filed, or its parent."""
        return stored(self.row.rules_digest)

    def case(self) -> CaseFact:
        """The case itself."""
        parent = self._parent_row()
        return case_fact(self.row, self.details, parent.number if parent else None)

    def parent(self) -> CaseFact | None:
        """The case that opened it."""
        parent = self._parent_row()
        if parent is None:
            return None
        return case_fact(parent, details_of(parent), None)

    def _parent_row(self) -> Case | None:
        # Kept in reach: the session alone forgets it, and every step of a page asks for it.
        if self._parent is None and self.row.parent_id:
            self._parent = db.session.get(Case, self.row.parent_id)
        return self._parent

    @kept
    def children(self, kind: str) -> Sequence[CaseFact]:
        """Its children of a kind, oldest first."""
        return self._children_of(self.row.id, self.row.number, kind)

    @kept
    def siblings(self, kind: str) -> Sequence[CaseFact]:
        """The children of a kind of its parent, itself included; none without a parent."""
        parent = self._parent_row()
        return self._children_of(parent.id, parent.number, kind) if parent else ()

    def _children_of(self, case_id: int, number: str, kind: str) -> Sequence[CaseFact]:
        table = TABLES[kind]
        chosen = (
            sa.select(Case, table)
            .join(CaseLink, CaseLink.child_id == Case.id)
            .join(table, table.case_id == Case.id)
            .where(CaseLink.parent_id == case_id, Case.kind == kind)
            .order_by(Case.id)
        )
        return [
            case_fact(case, cast("Details", details), number)
            for case, details in db.session.execute(chosen)
        ]

    @kept
    def items(self) -> Sequence[ItemFact]:
        """The items of an objection; of a verification or correction: those it is about."""
        chosen = sa.select(Item).order_by(Item.position)
        match self.details:
            case Verification(items=ids):
                chosen = chosen.where(Item.id.in_(ids))
            case Correction(record_id=record):
                chosen = chosen.where(Item.case_id == self.row.parent_id, Item.record_id == record)
            case Suspension() | Repair():
                return []
            case _:
                chosen = chosen.where(Item.case_id == self.row.id)
        return [item_fact(item) for item in db.session.scalars(chosen)]

    @kept
    def answers(self) -> Sequence[AnswerFact]:
        """What a verification has reported so far."""
        if not isinstance(self.details, Verification):
            return []
        chosen = sa.select(Answer).where(Answer.case_id == self.row.id).order_by(Answer.item_id)
        return [
            AnswerFact(
                row.item_id, row.finding, row.value, row.unit_id, row.reasons, tuple(row.evidence)
            )
            for row in db.session.scalars(chosen)
        ]

    def record_ids(self) -> list[int]:
        """The keys of the records that the case is about."""
        match self.details:
            case Correction(record_id=record) | Repair(record_id=record):
                return [record]
            case Suspension():
                return sorted(self.sanctions()[0].records)
            case _:
                return list(dict.fromkeys(item.record for item in self.items()))

    @kept
    def records(self) -> Sequence[RecordFact]:
        """The records that the case is about."""
        return record_facts(self.record_ids(), self.on)

    @kept
    def was_executed(self, record: int) -> bool:
        """Whether a sanction was executed on the strength of a record, one day at least so far."""
        return record in executed([record], self.on)

    @kept
    def sanctions(self) -> Sequence[SanctionFact]:
        """The sanctions resting on those records, or ever held by it; of a suspension: its own."""
        if isinstance(self.details, Suspension):
            ids = {self.details.sanction_id}
        else:
            resting = sa.select(SanctionBasis.sanction_id).where(
                SanctionBasis.record_id.in_(self.record_ids())
            )
            held = sa.select(Hold.sanction_id).where(Hold.case_number == self.row.number)
            ids = set(db.session.scalars(resting.union(held)))
        return sanction_facts(ids, self.on, self.rules)

    @kept
    def history(self) -> Sequence[TakenFact]:
        """The steps taken, oldest first."""
        return [taken_fact(row) for row in db.session.scalars(_HISTORY, {"case": self.row.id})]

    @kept
    def rivals(self) -> Sequence[RivalFact]:
        """Other objections on the same records and grounds, or repairs of the same record."""
        return self._other_repairs() if self.row.kind == "repair" else self._other_objections()

    def _other_repairs(self) -> Sequence[RivalFact]:
        chosen = (
            sa.select(Case.number, Case.state, Repair.record_id)
            .join(Repair, Repair.case_id == Case.id)
            .where(
                Repair.record_id.in_(self.record_ids()),
                Case.id != self.row.id,
                Case.state != "draft",
            )
        )
        return [
            RivalFact(
                number, record, "", WORKFLOWS["repair"].state(state).waiting, state == "refused"
            )
            for number, state, record in db.session.execute(chosen)
        ]

    def _other_objections(self) -> Sequence[RivalFact]:
        pairs = {(item.record, item.ground) for item in self.items()}
        chosen = (
            sa.select(Case.number, Case.state, Item.record_id, Item.ground, Item.outcome)
            .join(Item, Item.case_id == Case.id)
            .where(
                sa.tuple_(Item.record_id, Item.ground).in_(pairs),
                Case.id != self.row.id,
                Case.state != "draft",
            )
        )
        states = {state.name: state for state in WORKFLOWS["objection"].states}
        return [
            RivalFact(number, record, ground, states[state].waiting, outcome in NOT_UPHELD)
            for number, state, record, ground, outcome in db.session.execute(chosen)
        ]

    @kept
    def attachments(self) -> Sequence[AttachmentFact]:
        """The files of the case."""
        chosen = sa.select(Attachment).where(Attachment.case_id == self.row.id)
        return [
            AttachmentFact(row.id, row.title, row.proves, row.by_id, row.after_seq)
            for row in db.session.scalars(chosen.order_by(Attachment.id))
        ]

    @kept
    def barred_until(self) -> date | None:
        """The last day on which the subject may apply for no repair; None where it may."""
        chosen = (
            sa.select(sa.func.max(Repair.barred_until))
            .join(Case, Case.id == Repair.case_id)
            .where(Case.subject_id == self.row.subject_id, Repair.barred_until >= self.on)
        )
        return db.session.scalar(chosen)

    @kept
    def messages(self) -> Sequence[MessageFact]:
        """What the recipients of its records were sent by this case."""
        sent = messages_of([self.row.number])
        chosen = sa.select(Recipient.id, Recipient.name).where(
            Recipient.id.in_({message.recipient_id for message in sent})
        )
        names = {row.id: row.name for row in db.session.execute(chosen)}
        return [
            MessageFact(message.id, names[message.recipient_id], message.settled)
            for message in sent
        ]

    @kept
    def deadlines(self) -> Mapping[str, Deadline]:
        """Its clocks by name."""
        return {row.clock: row for row in deadlines_of([self.row.number])[self.row.number]}

    def dues(self) -> tuple[Due, ...]:
        """The clocks of the case, derived anew from its history."""
        return self._derived(self.history())

    def dues_before_last(self) -> dict[str, date]:
        """When each clock was due before the last step, where it ran."""
        before = self._derived(self.history()[:-1])
        return {one.clock: one.due_on for one in before if one.due_on and one.ended_on is None}

    def events(self) -> list[Event]:
        """Its history as far as clocks care."""
        return [event(one) for one in self.history()]

    def _derived(self, history: Sequence[TakenFact]) -> tuple[Due, ...]:
        events = [event(one) for one in history]
        return derive(WORKFLOWS[self.row.kind].clocks, events, self.rules, calendar())

    def due(self, clock: str) -> date | None:
        """When a clock of the case is due; None where it does not run or stands still."""
        row = self.deadlines().get(clock)
        return row.due_on if row and row.ended_on is None else None

    def passed(self, clock: str) -> bool:
        """Whether a clock that runs was due before the day of the attempt."""
        due = self.due(clock)
        return due is not None and due < self.on

    @kept
    def unit(self, reference: str | int) -> UnitFact | None:
        """A unit by number, code or name."""
        number = isinstance(reference, str) and reference.isdecimal() and len(reference) < 10
        row = unit_by(int(reference) if number else reference)
        if row is None:
            return None
        return UnitFact(row.id, row.name, row.provides, row.executes, row.is_office)

    def unstorable(self, values: Mapping[str, str]) -> Sequence[str]:
        """Which of the values cannot stand in their field of a record: titles of the fields."""
        return [FIELDS.get(name, name) for name, value in values.items() if fault_of(name, value)]


def case_fact(case: Case, details: Details, parent: str | None) -> CaseFact:
    """A case as the law sees it."""
    return CaseFact(
        number=case.number,
        kind=case.kind,
        state=case.state,
        open=case.state == NEW or WORKFLOWS[case.kind].state(case.state).waiting,
        unit=case.unit_id,
        parent=parent,
        subject=case.subject_id,
        filer_person=case.filer_person_id,
        filer_unit=case.filer_unit_id,
        filed_on=case.filed_on,
        details=plain(details),
    )


def item_fact(item: Item) -> ItemFact:
    """An item as the law sees it."""
    return ItemFact(
        id=item.id,
        position=item.position,
        record=item.record_id,
        field=item.field,
        ground=item.ground,
        claim=item.claim,
        unit=item.unit_id,
        finding=item.finding,
        value=item.value,
        reasons=item.reasons,
        own_error=item.own_error,
        unreviewed=item.unreviewed,
        outcome=item.outcome,
    )


def taken_fact(row: StepTaken) -> TakenFact:
    """A step of the history as the law sees it."""
    return TakenFact(row.seq, row.step, row.source, row.to, row.actor_id, row.on, row.data)


def event(taken: TakenFact) -> Event:
    """A step of the history as far as clocks care."""
    return Event(taken.seq, taken.step, taken.source, taken.to, taken.on, taken.data)
