"""What would become of an open case under another version of the law or other rules: only asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Final

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.machine import unmet
from app.cases.models import Case
from app.cases.office import CaseOffice
from app.cases.proceedings import Proceedings
from app.cases.roles import TITLES, owner_of
from app.clock import today
from app.db import db
from app.deadlines.rulebook import in_words
from app.errors import Reason
from app.people.actor import SYSTEM
from app.records.classes import classify
from app.records.models import Severity
from app.records.words import SEVERITIES
from workflows import law_of
from workflows.check.ways import moves, reached
from workflows.grammar import Attempt, State, Step, Workflow, entries
from workflows.office import CaseFact, RecordFact
from workflows.rules import Row, Rules, differences
from workflows.rules.names import shape_of

NOTHING: Final = "（没有）"
_CONCERNING: Final = {
    "objection": ("objection.", "verification.", "suspension.", "record."),
    "suspension": ("suspension.", "record."),
    "repair": ("repair.", "record."),
}
"""Whose switches decide what becomes of a case of a kind."""
_NUMBERS: Final = frozenset({"verification.rounds", "repair.bar_years"})


class Sort(Enum):
    """What sort of change it is, as the last line counts them."""

    STALLS = "停滞"
    UNMAPPED = "没有对应"
    DEADLINE = "期限"
    OUTCOME = "结果"


@dataclass(frozen=True)
class Change:
    """One thing that would be otherwise in a case."""

    number: str
    sort: Sort
    text: str


@dataclass(frozen=True)
class Otherwise:
    """What is supposed: another version of the law, or other rules; the rest stays as it is."""

    version: int | None = None
    rules: Rules | None = None


class Supposed(CaseFacts):
    """The facts of a case as they would be; its clocks are derived, not those stored."""

    def __init__(self, case: Case, on: date, workflow: Workflow, otherwise: Otherwise) -> None:
        super().__init__(case, on)
        self._workflow = workflow
        self._otherwise = otherwise
        self.know(CaseFacts.deadlines, {due.clock: due for due in self.dues()})

    @property
    def workflow(self) -> Workflow:
        """The definition of its kind in that version."""
        return self._workflow

    @property
    def rules(self) -> Rules:
        """The other rules."""
        return self._otherwise.rules or super().rules

    def case(self) -> CaseFact:
        """The case as one of that version."""
        said = super().case()
        return replace(said, law_version=self._otherwise.version or said.law_version)

    def records(self) -> Sequence[RecordFact]:
        """Its records, of the class that the rules give where that is another."""
        return [self._classified(one) for one in super().records()]

    def _classified(self, record: RecordFact) -> RecordFact:
        given = classify(record.content, self.rules)
        if given == classify(record.content, super().rules):
            return record
        return replace(record, severity=given[0], regime=given[1])


def open_cases() -> list[str]:
    """The numbers of the cases that have not ended, in order."""
    chosen = sa.select(Case.number).where(Case.owner_role.is_not(None)).order_by(Case.number)
    return list(db.session.scalars(chosen))


def changes(number: str, otherwise: Otherwise) -> list[Change]:
    """All that would be otherwise in an open case, the gravest first; nothing is written.

    Outside of any transaction. UnknownRule where the rules lack one that its definition names.
    """
    try:
        case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
        told = [Change(number, sort, text) for sort, text in _told(case, otherwise)]
        return sorted(told, key=lambda one: list(Sort).index(one.sort))
    finally:
        db.session.rollback()


def _told(case: Case, otherwise: Otherwise) -> Iterator[tuple[Sort, str]]:
    now = CaseFacts(case, today())
    version = otherwise.version or case.law_version
    workflow = law_of(version).get(case.kind)
    states = {one.name: one for one in workflow.states} if workflow else {}
    if workflow is None or case.state not in states:
        title = now.workflow.state(case.state).title
        yield Sort.STALLS, f"现在的状态“{title}”（{case.state}）在第{version}版中没有对应"
    if workflow is None:
        return
    yield from ((Sort.UNMAPPED, text) for text in _unmapped(now, workflow))
    then = Supposed(case, today(), workflow, otherwise)
    if case.state in states:
        yield from ((Sort.STALLS, text) for text in _stuck(then, states[case.state]))
    yield from ((Sort.DEADLINE, text) for text in _moved(now, then))
    if case.state in states:
        yield from ((Sort.OUTCOME, text) for text in (*_owners(now, then), *_steps(now, then)))
    yield from ((Sort.OUTCOME, text) for text in (*_choices(now, then), *_decided(now, then)))


def _unmapped(now: CaseFacts, workflow: Workflow) -> Iterator[str]:
    """What is in its history and not in the definition: nobody could read or reckon with it."""
    states = {one.name for one in workflow.states}
    steps = {one.name for one in workflow.steps}
    for name in dict.fromkeys(one.to for one in now.history()):
        if name not in states and name != now.row.state:
            yield f"经过的状态“{now.workflow.state(name).title}”（{name}）"
    for name in dict.fromkeys(one.step for one in now.history()):
        if name not in steps:
            yield f"办过的步骤“{now.workflow.step(name).title}”（{name}）"


def _stuck(then: Supposed, state: State) -> Iterator[str]:
    """Why nobody would get it out of its state."""
    ends = {one.name for one in then.workflow.states if not one.waiting}
    if not reached(moves(then.workflow), [state.name]) & ends:
        yield f"从现在的状态“{state.title}”（{state.name}）没有出路"
    if state.waiting and owner_of(then) is None:
        yield f"现在的状态“{state.title}”（{state.name}）没有人负责"


def _moved(now: CaseFacts, then: Supposed) -> Iterator[str]:
    before, after = _running(now), _running(then)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield f"{name} {before.get(name, NOTHING)} → {after.get(name, NOTHING)}"


def _running(facts: CaseFacts) -> dict[str, str]:
    known = facts.deadlines().items()
    return {name: str(due.due_on or "期限中止") for name, due in known if due.ended_on is None}


def _owners(now: CaseFacts, then: Supposed) -> Iterator[str]:
    before, after = owner_of(now), owner_of(then)
    if before and after and before.role is not after.role:
        yield f"由{TITLES[before.role]}办理 → 由{TITLES[after.role]}办理"


def _steps(now: CaseFacts, then: Supposed) -> Iterator[str]:
    """Steps from its state that would be others, or be refused for other reasons."""
    before, after = _open_steps(now), _open_steps(then)
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield f"步骤“{before[name].title}”（{name}）不再有"
        elif name not in before:
            yield f"多出步骤“{after[name].title}”（{name}）"
        else:
            yield from _step(before[name], after[name], now, then)


def _step(before: Step, after: Step, now: CaseFacts, then: Supposed) -> Iterator[str]:
    where = f"步骤“{after.title}”（{after.name}）"
    if _to(before) != _to(after):
        yield f"{where}转为“{_to(before)}” → 转为“{_to(after)}”"
    refused, refusing = _reasons(before, now), _reasons(after, then)
    for code in dict.fromkeys([*refused, *refusing]):
        old, new = refused.get(code), refusing.get(code)
        if old is None and new is not None:
            yield f"{where}不能办理：{new.text}"
        elif old is not None and new is None:
            yield f"{where}不再受阻：{old.text}"
        elif old and new and old.text != new.text:
            yield f"{where}受阻的理由改变：{old.text} → {new.text}"


def _to(step: Step) -> str:
    return step.to.title if step.to else "原状态"


def _open_steps(facts: CaseFacts) -> dict[str, Step]:
    here = facts.row.state
    steps = facts.workflow.steps
    return {one.name: one for one in steps if here in {state.name for state in one.sources}}


def _reasons(step: Step, facts: CaseFacts) -> Mapping[str, Reason]:
    """What stands in its way whoever takes it; whose it is does not depend on either."""
    office = CaseOffice(facts.row, facts, SYSTEM, Proceedings())
    attempt = Attempt(step, facts.on, SYSTEM, None, facts, office, facts.rules)
    return {one.code: one for one in unmet(attempt)}


def _choices(now: CaseFacts, then: Supposed) -> Iterator[str]:
    """What was chosen from a list of the rules, and is not on it any more or called otherwise."""
    if then.rules is now.rules:
        return
    chosen = [("objection.grounds", one.ground) for one in now.items()]
    for taken in now.history():
        step = next((one for one in now.workflow.steps if one.name == taken.step), None)
        given = taken.data.get("input") or {}
        for field, said in entries(step.takes) if step else ():
            if isinstance(said.choices, str) and given.get(field.name):
                chosen.append((said.choices, given[field.name]))
    for name, code in dict.fromkeys(chosen):
        old, new = _option(name, code, now.rules), _option(name, code, then.rules)
        if old != new:
            yield f"已经选定的“{old}”（{name} {code}） → {f'“{new}”' if new else NOTHING}"


def _option(name: str, code: str, rules: Rules) -> str:
    row = next((one for one in rules if one.name == name), None)
    options = row.value if row and isinstance(row.value, tuple) else ()
    return next((str(one.title) for one in options if getattr(one, "code", "") == code), "")


def _decided(now: CaseFacts, then: Supposed) -> Iterator[str]:
    """Class and regime of its records, and the numbers and switches of policy for its kind."""
    if then.rules is now.rules:
        return
    for before, after in zip(now.records(), then.records(), strict=True):
        if (before.severity, before.regime) != (after.severity, after.regime):
            yield f"记录“{before.label}”：{_class(before)} → {_class(after)}"
    for one in differences(now.rules, then.rules):
        if one.name.startswith(_CONCERNING.get(now.row.kind, ())) and not one.only_source:
            shape = shape_of(one.name)
            if shape and (shape.values or one.name in _NUMBERS):
                yield f"{one.name}：{_value(one.before)} → {_value(one.after)}"


def _class(record: RecordFact) -> str:
    return f"{SEVERITIES[Severity(record.severity)] if record.severity else '失信程度不明'}，制度{record.regime}"


def _value(row: Row | None) -> str:
    return "、".join(in_words(row)) if row else NOTHING
