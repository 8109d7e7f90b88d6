"""What the law may ask about a case, answered from the database; each answer kept for a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

import sqlalchemy as sa

from app.cases.correction.models import Correction
from app.cases.details import TABLES, Details, details_of
from app.cases.models import Attachment, Case, CaseLink, StepTaken
from app.cases.objection.models import Item
from app.cases.registry import executed, record_facts, sanction_facts
from app.cases.repair.models import Repair
from app.cases.seen import case_fact, event, item_fact, taken_fact
from app.cases.suspension.models import Suspension
from app.cases.verification.models import Answer, Verification
from app.db import AnyRow, ask, db
from app.deadlines.clocks import Due, Event, derive
from app.deadlines.queries import calendar, deadlines_of, stored
from app.delivery.queries import messages_of
from app.notices.models import Notice
from app.people.queries import unit_by
from app.records.fields import FIELDS
from app.records.models import Hold, Recipient, SanctionBasis
from app.records.values import fault_of
from workflows import definition_of, state_of
from workflows.grammar import Workflow
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

# Built once: each step asks them, and building takes as long as asking.
_HISTORIES: Final = (
    sa.select(StepTaken)
    .where(StepTaken.case_id.in_(sa.bindparam("cases", expanding=True)))
    .order_by(StepTaken.case_id, StepTaken.seq)
)
_ATTACHMENTS: Final = (
    sa.select(Attachment).where(Attachment.case_id == sa.bindparam("case")).order_by(Attachment.id)
)
_ISSUED: Final = (
    sa.select(Notice.name, Notice.title, Notice.number)
    .where(Notice.case_number == sa.bindparam("number"))
    .order_by(Notice.id)
)
_OBJECTIONS_ABOVE: Final = (
    sa.select(Case.number)
    .join(CaseLink, CaseLink.parent_id == Case.id)
    .where(CaseLink.child_id == sa.bindparam("child"), Case.kind == "objection")
    .order_by(Case.id)
)
HISTORY: Final = ("history", ())
DEADLINES: Final = ("deadlines", ())
OWN: Final = frozenset({HISTORY, DEADLINES, ("issued", ()), ("objections_above", ())})
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
    """The facts of one case on one day; satisfies `workflows.office.Facts`.

    `above`: those of the case that opened it, where they are at hand.
    """

    def __init__(
        self,
        case: Case,
        on: date,
        details: Details | None = None,
        above: CaseFacts | None = None,
    ) -> None:
        self.row = case
        self.on = on
        self.answers_kept: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self.last_seal = ""
        self._details = details
        self._above = above

    def forget(self) -> None:
        """Something was changed: ask anew, but for what is known from having written it."""
        self.answers_kept = {key: self.answers_kept[key] for key in OWN & self.answers_kept.keys()}

    def know_it_is_new(self, objections_above: Sequence[str] = ()) -> None:
        """It is new: nothing happened in it yet."""
        self.know_history(())
        self.know(CaseFacts.deadlines, {})
        self.know(CaseFacts.issued, ())
        self.know(CaseFacts.objections_above, objections_above)

    def know(self, ask: Callable[[CaseFacts], object], answer: object) -> None:
        """An answer that somebody had for several cases at once; kept as if it were asked here."""
        self.answers_kept[ask.__name__, ()] = answer

    def know_history(self, rows: Sequence[StepTaken | AnyRow]) -> None:
        """All steps taken, oldest first; `last_seal` is that of the last one."""
        self.know(CaseFacts.history, [taken_fact(row) for row in rows])
        self.last_seal = rows[-1].mac if rows else ""

    def noted(self, row: StepTaken) -> None:
        """A step was added to the history: it is known with it, all else is asked anew."""
        self.know(CaseFacts.history, [*self.history(), taken_fact(row)])
        self.last_seal = row.mac
        self.forget()

    @property
    def above(self) -> CaseFacts | None:
        """The facts of the case that opened it."""
        if self._above is None and self.row.parent_id:
            parent = db.session.get_one(Case, self.row.parent_id)
            self._above = CaseFacts(parent, self.on)
        return self._above

    @property
    def root(self) -> CaseFacts:
        """The facts of the case that somebody filed: of its parent, else its own."""
        return self.above or self

    @property
    def details(self) -> Details:
        """The row that only this kind of case has."""
        if self._details is None:
            self._details = details_of(self.row)
        return self._details

    @property
    def workflow(self) -> Workflow:
        """The definition that the case stays on."""
        return definition_of(self.row)

    @property
    def rules(self) -> Rules:
        """The rules in force when the case was filed, or its parent."""
        return stored(self.row.rules_digest)

    def case(self) -> CaseFact:
        """The case itself."""
        above = self.above
        return case_fact(self.row, self.details, above.row.number if above else None)

    def parent(self) -> CaseFact | None:
        """The case that opened it."""
        above = self.above
        return case_fact(above.row, above.details, None) if above else None

    @kept
    def children(self, kind: str) -> Sequence[CaseFact]:
        """Its children of a kind, oldest first."""
        return self._children_of(self.row.id, self.row.number, kind)

    @kept
    def siblings(self, kind: str) -> Sequence[CaseFact]:
        """The children of a kind of its parent, itself included; none without a parent."""
        above = self.above
        return self._children_of(above.row.id, above.row.number, kind) if above else ()

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
        self.know_history(histories_of([self.row.id])[self.row.id])
        known: Sequence[TakenFact] = self.answers_kept[HISTORY]
        return known

    @kept
    def rivals(self) -> Sequence[RivalFact]:
        """Other objections on the same records and grounds, or repairs of the same record."""
        return self._other_repairs() if self.row.kind == "repair" else self._other_objections()

    def _others(self) -> tuple[sa.ColumnElement[bool], ...]:
        return Case.id != self.row.id, Case.state != "draft"

    def _other_repairs(self) -> Sequence[RivalFact]:
        chosen = (
            sa.select(Case.number, Case.state, Repair.record_id)
            .join(Repair, Repair.case_id == Case.id)
            .where(Repair.record_id.in_(self.record_ids()), *self._others())
        )
        return [
            RivalFact(number, record, "", state_of("repair", state).waiting, state == "refused")
            for number, state, record in db.session.execute(chosen)
        ]

    def _other_objections(self) -> Sequence[RivalFact]:
        pairs = {(item.record, item.ground) for item in self.items()}
        chosen = (
            sa.select(Case.number, Case.state, Item.record_id, Item.ground, Item.outcome)
            .join(Item, Item.case_id == Case.id)
            .where(sa.tuple_(Item.record_id, Item.ground).in_(pairs), *self._others())
        )
        return [
            RivalFact(
                number, record, on, state_of("objection", state).waiting, outcome in NOT_UPHELD
            )
            for number, state, record, on, outcome in db.session.execute(chosen)
        ]

    @kept
    def attachments(self) -> Sequence[AttachmentFact]:
        """The files of the case."""
        return [
            AttachmentFact(
                row.id, row.title, row.proves, row.by_id, row.after_seq, row.filename, row.sha256
            )
            for row in ask(_ATTACHMENTS, {"case": self.row.id})
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
    def deadlines(self) -> Mapping[str, Due]:
        """Its clocks by name, as they are stored."""
        return deadlines_of([self.row.number])[self.row.number]

    @kept
    def issued(self) -> Sequence[AnyRow]:
        """Name, title and number of its notices, oldest first."""
        return ask(_ISSUED, {"number": self.row.number}).all()

    @kept
    def objections_above(self) -> Sequence[str]:
        """The objections of which it is a child: those that hold or held its sanction."""
        return [row.number for row in ask(_OBJECTIONS_ABOVE, {"child": self.row.id})]

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
        return derive(self.workflow.clocks, events, self.rules, calendar())

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


def histories_of(case_ids: Iterable[int]) -> dict[int, list[AnyRow]]:
    """The steps taken in several cases by the key of the case, in one query; the oldest first."""
    found: dict[int, list[AnyRow]] = {key: [] for key in case_ids}
    for row in ask(_HISTORIES, {"cases": list(found)}) if found else ():
        found[row.case_id].append(row)
    return found
