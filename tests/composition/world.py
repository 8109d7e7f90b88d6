"""A state of the world that is small, whole and can be compared: what a search goes through."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from tests.workflows.said import COMPANY, DEPARTMENT, OFFICE, PROVIDER, TODAY, record as valid
from workflows import WORKFLOWS
from workflows.findings import Finding
from workflows.office import CaseFact, ItemFact, RecordFact, TakenFact

Details: TypeAlias = tuple[tuple[str, Any], ...]


class Taken(NamedTuple):
    """A step that was taken; `actor` None is the clock."""

    step: str
    source: str | None
    to: str
    actor: int | None


class Record(NamedTuple):
    """A record: why it is not valid any more, which cases contest it, and whether it did harm."""

    id: int
    version: int = 1
    ended_by: str | None = None
    repaired: bool = False
    annotated: frozenset[str] = frozenset()
    harmed: bool = False


class Sanction(NamedTuple):
    """A sanction, the order about it that is under way, and which cases hold or held it."""

    id: int
    records: frozenset[int]
    mandatory: bool = False
    lifted: bool = False
    order: str | None = None
    holders: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()


class Item(NamedTuple):
    """A contested point of an objection."""

    id: int
    record: int
    finding: str | None = None
    value: str | None = None
    own_error: bool = False
    unreviewed: bool = False
    outcome: str | None = None


class Case(NamedTuple):
    """A case; `parents` are all whose child it is, `parent` opened it; `told`: all receipted."""

    number: str
    kind: str
    state: str
    parent: str | None = None
    parents: frozenset[str] = frozenset()
    details: Details = ()
    items: tuple[Item, ...] = ()
    answers: tuple[tuple[int, str], ...] = ()
    told: bool = True
    past: tuple[Taken, ...] = ()

    @property
    def open(self) -> bool:
        """Whether somebody still has to act."""
        return waiting(self.kind, self.state)

    def says(self, name: str) -> Any:
        """One of the details."""
        return dict(self.details)[name]


class World(NamedTuple):
    """Everything; `back`: how often people went back, `findings`: what verifications may find."""

    records: tuple[Record, ...]
    sanctions: tuple[Sanction, ...]
    cases: tuple[Case, ...]
    back: int = 0
    findings: tuple[str, ...] = (Finding.ACCURATE, Finding.WRONG_REVOKE)


@cache
def waiting(kind: str, state: str) -> bool:
    """Whether somebody still has to act; a case that is being opened has not ended."""
    return state == "new" or WORKFLOWS[kind].state(state).waiting


@cache
def case_fact(case: Case) -> CaseFact:
    """The case as guards see it."""
    return CaseFact(
        number=case.number,
        kind=case.kind,
        law_version=WORKFLOWS[case.kind].version,
        state=case.state,
        open=case.open,
        unit={"verification": PROVIDER, "suspension": DEPARTMENT}.get(case.kind, OFFICE),
        parent=case.parent,
        subject=COMPANY,
        filer_person=None,
        filer_unit=None,
        filed_on=TODAY,
        details=dict(case.details),
    )


@cache
def item_fact(item: Item) -> ItemFact:
    """The item as guards see it."""
    return ItemFact(
        id=item.id,
        position=item.id,
        record=item.record,
        field="penalty",
        ground="O1",
        claim="撤销",
        unit=PROVIDER,
        finding=item.finding,
        value=item.value,
        reasons="",
        own_error=item.own_error,
        unreviewed=item.unreviewed,
        outcome=item.outcome,
    )


@cache
def record_fact(record: Record) -> RecordFact:
    """The record as guards see it: a light one, so that it may be repaired at once."""
    return valid(
        record.id,
        version=record.version,
        severity="minor",
        ended_by=record.ended_by,
        ended_on=TODAY if record.ended_by else None,
        annotated_by=record.annotated,
        disclosed=record.ended_by is None,
        shared=record.ended_by is None,
    )


@cache
def history(past: tuple[Taken, ...]) -> tuple[TakenFact, ...]:
    """The steps as guards see them; what is issued is served at once, for days stand still."""
    return tuple(fact for seq, one in enumerate(past, start=1) for fact in _and_served(seq, one))


def _and_served(seq: int, one: Taken) -> Iterator[TakenFact]:
    yield TakenFact(seq, one.step, one.source, one.to, one.actor, TODAY, {})
    if one.step == "request_supplement":
        proof = {"input": {"issued_by": seq}}
        yield TakenFact(seq, "served", one.to, one.to, None, TODAY, proof)
