"""What must be so in every world (invariants 2, 3, 6 and 7 of the kinds of case)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.composition.world import Case, Record, Sanction, World

CONTESTING = frozenset({"verifying", "deciding"})
TO_BE_CORRECTED = frozenset({"ordered", "corrected"})
ORDERS = {"resuming": "resume", "lifting": "lift"}


def broken(world: World) -> list[str]:
    """Sentences about what is wrong; none where everything is as it must be."""
    by_number = {case.number: case for case in world.cases}
    records = {record.id: record for record in world.records}
    return [
        *(fault for one in world.sanctions for fault in _sanction(one, world, records)),
        *(fault for one in world.cases if not one.open for fault in _ended(one, world)),
        *(fault for one in world.records for fault in _marks(one, world, by_number)),
        *_contested(world),
    ]


def _sanction(one: Sanction, world: World, records: dict[int, Record]) -> Iterator[str]:
    """2: the order is that of its one open suspension, and only what may be is in force."""
    about = [
        case
        for case in world.cases
        if case.kind == "suspension" and case.open and case.says("sanction") == one.id
    ]
    if len(about) > 1:
        yield f"sanction {one.id} has several open suspensions"
    state = about[0].state if about else None
    if one.order != ORDERS.get(state or ""):
        yield f"the order about sanction {one.id} is {one.order}, its suspension {state}"
    supported = any(records[key].ended_by is None for key in one.records)
    if not supported and not one.lifted and state != "lifting":
        yield f"sanction {one.id} rests on nothing and is not being lifted"
    if one.holders and not one.lifted and state not in {"ordered", "suspended", "lifting"}:
        yield f"sanction {one.id} is held and its suspension is {state}"
    if not one.holders and state in {"ordered", "suspended"}:
        yield f"sanction {one.id} is suspended for nobody"
    if one.lifted and state is not None:
        yield f"sanction {one.id} is lifted and its suspension is {state}"


def _ended(one: Case, world: World) -> Iterator[str]:
    """6 and 7: what has ended holds and marks nothing, and no child of it goes on but an order."""
    for sanction in world.sanctions:
        if one.number in sanction.holders:
            yield f"{one.number} is {one.state} and holds sanction {sanction.id}"
    for record in world.records:
        if one.number in record.annotated:
            yield f"{one.number} is {one.state} and marks record {record.id}"
    for child in (case for case in world.cases if case.open and one.number in case.parents):
        if child.kind != "suspension":
            yield f"{one.number} is {one.state} and {child.number} is {child.state}"
        elif child.state not in ORDERS and not _is_held(child, world):
            yield f"{one.number} is {one.state} and {child.number} is {child.state} for nobody"


def _is_held(suspension: Case, world: World) -> bool:
    sanction = suspension.says("sanction")
    return any(one.id == sanction and one.holders for one in world.sanctions)


def _marks(record: Record, world: World, by_number: dict[str, Case]) -> Iterator[str]:
    """A record is marked by those that contest it now, and by no other."""
    contesting = {
        case.number
        for case in world.cases
        if case.kind == "objection"
        and case.state in CONTESTING
        and record.id in {item.record for item in case.items}
    }
    executing = {
        case.parent
        for case in world.cases
        if case.kind == "correction"
        and case.state in TO_BE_CORRECTED
        and case.says("record") == record.id
        and case.parent is not None
        and by_number[case.parent].state == "executing"
    }
    if missing := contesting - record.annotated:
        yield f"record {record.id} is contested by {sorted(missing)} and not marked"
    if more := record.annotated - contesting - executing:
        yield f"record {record.id} is marked by {sorted(more)}, which do not contest it"


def _contested(world: World) -> Iterator[str]:
    """What rests on a contested record is held by whoever contests it, unless it was declined."""
    for record in world.records:
        for sanction in (one for one in world.sanctions if record.id in one.records):
            declined = {
                number
                for case in world.cases
                if case.state == "declined" and case.says("sanction") == sanction.id
                for number in case.parents
            }
            missing = record.annotated - sanction.holders - declined
            if missing and not sanction.lifted:
                yield f"sanction {sanction.id} is not held by {sorted(missing)}"
            stranger = {
                number
                for number in sanction.holders
                if not any(number in one.annotated for one in world.records)
            }
            if stranger:
                yield f"sanction {sanction.id} is held by {sorted(stranger)}, which mark nothing"
