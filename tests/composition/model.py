"""The office of the model: what guards ask is answered from a world, what effects do changes it.

As little as the two doors demand; how holds and orders follow each other is that of the office.
Days stand still: a clock may pass at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.composition.world import (
    Case,
    Item,
    Record,
    Sanction,
    Taken,
    World,
    case_fact,
    history,
    item_fact,
    record_fact,
)
from tests.workflows.said import CLOCK, DEPARTMENT, NATIONAL, TODAY, UNITS, Somebody, sanction
from workflows import WORKFLOWS
from workflows.grammar import Attempt, Step
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

REMOVALS = frozenset({"delete", "revoke", "end_disclosure", "remove_from_list"})
NEW = "new"


class Refused(Exception):  # noqa: N818 -- reads as what happened
    """A condition of a step that another one orders is not met: the whole step would fail."""


def met(attempt: Attempt[Any]) -> bool:
    """Whether every condition of a step is met."""
    return all(guard.check(attempt) for guard in attempt.step.guards)


class Draft:
    """A world that is being changed by one step and all that it orders."""

    def __init__(self, world: World) -> None:
        self.records = {one.id: one for one in world.records}
        self.sanctions = {one.id: one for one in world.sanctions}
        self.cases = {one.number: one for one in world.cases}
        self.back = world.back
        self.findings = world.findings
        self.taken: list[tuple[str, Step]] = []

    def done(self) -> World:
        """The world as it is now."""
        return World(
            tuple(self.records.values()),
            tuple(self.sanctions.values()),
            tuple(self.cases[number] for number in sorted(self.cases)),
            self.back,
            self.findings,
        )

    def change_case(self, number: str, **values: Any) -> None:
        """Other values in a case."""
        self.cases[number] = self.cases[number]._replace(**values)

    def supported(self, one: Sanction) -> bool:
        """Whether a valid record supports it."""
        return any(self.records[key].ended_by is None for key in one.records)

    def suspension(self, key: int) -> Case | None:
        """The open suspension of a sanction."""
        return next(
            (
                one
                for one in self.cases.values()
                if one.kind == "suspension" and one.open and one.says("sanction") == key
            ),
            None,
        )

    def advance(self, number: str, step: Step, actor: Somebody, given: Any = None) -> None:
        """Take a step with all its consequences; Refused where a condition is not met."""
        attempt = self.attempt(number, step, actor, given)
        if not met(attempt):
            raise Refused(number, step.name)
        self.carry_out(attempt)

    def attempt(self, number: str, step: Step, actor: Somebody, given: Any) -> Attempt[Any]:
        """A try to take a step, of which nothing has been asked yet."""
        facts, office = ModelFacts(self, number), ModelOffice(self, number)
        return Attempt(step, TODAY, actor, given, facts, office, NATIONAL)

    def carry_out(self, attempt: Attempt[Any]) -> None:
        """Take a step of which every condition is met."""
        number, step, actor = attempt.facts.case().number, attempt.step, attempt.actor
        case = self.cases[number]
        came = None if case.state == NEW else case.state
        to = step.to.name if step.to else case.state
        past = (*case.past, Taken(step.name, came, to, actor.person_id))
        self.change_case(number, state=to, past=past)
        self.taken.append((number, step))
        for effect in step.effects:
            effect(attempt)

    def open_child(self, parent: str, kind: str, step: str, **details: Any) -> str:
        """Open a child of a case; it is one of the case that opened that, too."""
        about = f"{kind}-{details['sanction']}" if kind == "suspension" else f"{parent}/{kind}"
        number = f"{about}-{1 + sum(name.startswith(about) for name in self.cases)}"
        above = self.cases[parent].parent
        parents = {parent, above} if kind == "suspension" and above else {parent}
        plain = {**BLANK[kind], **{name: _plain(value) for name, value in details.items()}}
        self.cases[number] = Case(
            number, kind, NEW, parent, frozenset(parents), tuple(sorted(plain.items()))
        )
        self.advance(number, WORKFLOWS[kind].step(step), CLOCK)
        return number


BLANK: Mapping[str, Mapping[str, Any]] = {
    "verification": {"officer": "", "hard_stop_from": ""},
    "suspension": {},
    "correction": {
        "by_office": False,
        "decided_kind": None,
        "decided_fields": (),
        "kind": None,
        "fields": (),
        "basis": "",
        "seen_version": None,
    },
}
FORGOTTEN = frozenset({"hard_stop_from", "not_after", "unit"})
"""Details that tell days or units, of which the model has one each."""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


@cache
def sanction_fact(
    one: Sanction, supported: bool, suspension: str | None, state: str | None
) -> SanctionFact:
    """The sanction as guards see it."""
    return sanction(
        id=one.id,
        mandatory=one.mandatory,
        lifted=one.lifted,
        supported=supported,
        records=one.records,
        holders=one.holders,
        held_by=one.held_by,
        suspension=suspension,
        suspension_state=state,
    )


class ModelFacts:
    """Satisfies `workflows.office.Facts`."""

    def __init__(self, draft: Draft, number: str) -> None:
        self.draft = draft
        self.number = number

    @property
    def own(self) -> Case:
        """The case as it is now."""
        return self.draft.cases[self.number]

    def case(self) -> CaseFact:
        return case_fact(self.own)

    def parent(self) -> CaseFact | None:
        return case_fact(self.draft.cases[self.own.parent]) if self.own.parent else None

    def children(self, kind: str) -> Sequence[CaseFact]:
        return self._children_of(self.number, kind)

    def siblings(self, kind: str) -> Sequence[CaseFact]:
        return self._children_of(self.own.parent, kind) if self.own.parent else ()

    def _children_of(self, number: str, kind: str) -> Sequence[CaseFact]:
        every = self.draft.cases.values()
        return [case_fact(one) for one in every if one.kind == kind and number in one.parents]

    def _items(self) -> Sequence[Item]:
        own = self.own
        if own.kind == "verification":
            asked = own.says("items")
            return [one for one in self._above().items if one.id in asked]
        if own.kind == "correction" and own.parent:
            return [one for one in self._above().items if one.record == own.says("record")]
        return own.items

    def _above(self) -> Case:
        return self.draft.cases[self.own.parent or ""]

    def items(self) -> Sequence[ItemFact]:
        return [item_fact(one) for one in self._items()]

    def answers(self) -> Sequence[AnswerFact]:
        return [
            AnswerFact(item, finding, None, None, "经查", ()) for item, finding in self.own.answers
        ]

    def _records(self) -> Sequence[int]:
        if self.own.kind in {"correction", "repair"}:
            return [self.own.says("record")]
        if self.own.kind == "suspension":
            return sorted(self.draft.sanctions[self.own.says("sanction")].records)
        return list(dict.fromkeys(item.record for item in self._items()))

    def records(self) -> Sequence[RecordFact]:
        return [record_fact(self.draft.records[key]) for key in self._records()]

    def was_executed(self, record: int) -> bool:
        return self.draft.records[record].harmed

    def sanctions(self) -> Sequence[SanctionFact]:
        every = self.draft.sanctions.values()
        if self.own.kind == "suspension":
            return [self._fact(self.draft.sanctions[self.own.says("sanction")])]
        about = set(self._records())
        return [
            self._fact(one) for one in every if one.records & about or self.number in one.held_by
        ]

    def _fact(self, one: Sanction) -> SanctionFact:
        open_one = self.draft.suspension(one.id)
        number, state = (open_one.number, open_one.state) if open_one else (None, None)
        return sanction_fact(one, self.draft.supported(one), number, state)

    def history(self) -> Sequence[TakenFact]:
        return history(self.own.past)

    def rivals(self) -> Sequence[RivalFact]:
        return ()  # the cases of the model have different grounds

    def attachments(self) -> Sequence[AttachmentFact]:
        return (AttachmentFact(1, "缴款凭证", "duties", 1, 0),)

    def barred_until(self) -> date | None:
        return None

    def messages(self) -> Sequence[MessageFact]:
        return (MessageFact(1, "信用惠州", self.own.told),)

    def due(self, clock: str) -> date | None:
        return TODAY - timedelta(days=1)

    def passed(self, clock: str) -> bool:
        return True

    def unstorable(self, values: Mapping[str, str]) -> Sequence[str]:
        return ()

    def unit(self, reference: str | int) -> UnitFact | None:
        return UNITS.get(int(reference))


class ModelOffice:
    """Satisfies `workflows.office.Office`."""

    def __init__(self, draft: Draft, number: str) -> None:
        self.draft = draft
        self.number = number

    @property
    def own(self) -> Case:
        """The case as it is now."""
        return self.draft.cases[self.number]

    def _record(self, key: int, change: Callable[[Record], Record]) -> None:
        self.draft.records[key] = change(self.draft.records[key])

    def _sanction(self, key: int, **values: Any) -> None:
        self.draft.sanctions[key] = self.draft.sanctions[key]._replace(**values)

    def annotate(self, records: Iterable[int]) -> None:
        for key in records:
            self._record(key, lambda r: r._replace(annotated=r.annotated | {self.number}))

    def end_annotation(self, records: Iterable[int], of: str) -> None:
        for key in records:
            self._record(key, lambda r: r._replace(annotated=r.annotated - {of}))

    def _running(self, records: Collection[int]) -> list[Sanction]:
        return [
            one
            for one in self.draft.sanctions.values()
            if one.records & set(records) and not one.lifted
        ]

    def _declined(self) -> set[int]:
        return {
            one.says("sanction")
            for one in self.draft.cases.values()
            if one.state == "declined" and self.number in one.parents
        }

    def hold(self, records: Iterable[int]) -> None:
        wanted = [
            one
            for one in self._running(list(records))
            if self.number not in one.holders and one.id not in self._declined()
        ]
        for one in wanted:
            holders, ever = one.holders | {self.number}, one.held_by | {self.number}
            self._sanction(one.id, holders=holders, held_by=ever)
        for one in wanted:
            suspension = self.draft.suspension(one.id)
            if suspension is None:
                self.open("suspension", "open", sanction=one.id, unit=DEPARTMENT)
                continue
            self._link(suspension)
            if suspension.state == "resuming":
                self.order(suspension.number, "hold_again")

    def _link(self, suspension: Case) -> None:
        parents = suspension.parents | {self.number}
        self.draft.change_case(suspension.number, parents=parents)

    def release(self, sanctions: Iterable[int], of: str) -> None:
        every = [self.draft.sanctions[key] for key in sorted(sanctions)]
        held = [one for one in every if of in one.holders]
        for one in held:
            self._sanction(one.id, holders=one.holders - {of})
        for one in held:
            suspension = self.draft.suspension(one.id)
            if suspension is None or suspension.state == "lifting":
                continue
            if not self.draft.supported(one):
                self.order(suspension.number, "order_lift")
            elif not self.draft.sanctions[one.id].holders and suspension.state != "resuming":
                self.order(suspension.number, "order_resume")

    def settle(self, records: Iterable[int]) -> None:
        for one in self._running(list(records)):
            if self.draft.supported(one):
                continue
            suspension = self.draft.suspension(one.id)
            if suspension is None:
                self.open("suspension", "open_to_lift", sanction=one.id, unit=DEPARTMENT)
                continue
            self._link(suspension)
            if suspension.state != "lifting":
                self.order(suspension.number, "order_lift")

    def open(self, kind: str, step: str, **details: Any) -> str:
        kept = {name: value for name, value in details.items() if name not in FORGOTTEN}
        return self.draft.open_child(self.number, kind, step, **kept)

    def order(self, number: str, step: str) -> None:
        self.draft.advance(number, WORKFLOWS[self.draft.cases[number].kind].step(step), CLOCK)

    def keep(self, **details: Any) -> None:
        known = dict(self.own.details)
        said = {name: _plain(value) for name, value in details.items() if name in known}
        self.draft.change_case(self.number, details=tuple(sorted((known | said).items())))

    def keep_answers(self, answers: Iterable[AnswerFact]) -> None:
        told = tuple((one.item, one.finding) for one in answers)
        self.draft.change_case(self.number, answers=told)

    def keep_item(self, item: int, **values: Any) -> None:
        number = self.number if self.own.items else self.own.parent or ""
        said = {name: value for name, value in values.items() if name in Item._fields}
        items = self.draft.cases[number].items
        changed = tuple(one._replace(**said) if one.id == item else one for one in items)
        self.draft.change_case(number, items=changed)

    def change_record(self, record: int, kind: str, values: Mapping[str, str], basis: str) -> None:
        now = self.draft.records[record]
        ended = now.ended_by
        if kind in REMOVALS and ended in {None, "repair"}:
            ended = kind
        if kind == "reinstate" and ended is not None:
            ended = "repair" if now.repaired else None
        self._record(record, lambda r: r._replace(version=r.version + 1, ended_by=ended))

    def repair_record(self, record: int) -> None:
        self._record(record, lambda r: r._replace(repaired=True, ended_by=r.ended_by or "repair"))

    def undo_repair(self, record: int) -> None:
        def undone(one: Record) -> Record:
            ended = None if one.ended_by == "repair" else one.ended_by
            return one._replace(repaired=False, ended_by=ended)

        self._record(record, undone)

    def inform_recipients(self, records: Iterable[int]) -> None:
        self.draft.change_case(self.number, told=False)

    def remind_recipients(self) -> None:
        """Nothing that the model knows."""

    def cut_off(self, message: int, reason: str) -> None:
        self.draft.change_case(self.number, told=True)

    def order_sanction(self, what: str | None) -> None:
        self._sanction(self.own.says("sanction"), order=what)

    def hold_as_confirmed(self) -> None:
        """Holds take effect at once in the national rules."""

    def end_sanction(self, on: date, places: Sequence[str]) -> None:
        self._sanction(self.own.says("sanction"), lifted=True, order=None)

    def resume_sanction(self, on: date) -> None:
        self._sanction(self.own.says("sanction"), order=None)

    def end_holds(self) -> None:
        self._sanction(self.own.says("sanction"), holders=frozenset())

    def replace_draft(self, values: Mapping[str, Any]) -> None:
        """The model begins with drafts that are written."""

    def stop_parent(self, *, stopped: bool) -> None:
        """Clocks of the model may pass at any time."""
