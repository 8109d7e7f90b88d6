"""What the steps of an objection do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.conditions.objection import open_verifications_of, reopened_at, wrong_items
from workflows.findings import WRONG, Finding
from workflows.grammar import Whose, effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflows.grammar import Attempt
    from workflows.inputs.objection import AnotherRound, Draft, OwnError, Redirect, RedirectNowhere
    from workflows.office import CaseFact, Facts, ItemFact


@effect()
def save_draft(attempt: Attempt[Draft]) -> None:
    """Statement and items, saved as one goes."""
    attempt.office.replace_draft(
        {"statement": attempt.input.statement, "items": attempt.input.items}
    )


@effect(holds=True)
def annotate_and_hold(attempt: Attempt[Any]) -> None:
    """Mark the records and hold their sanctions, where that is not so."""
    records = [one.id for one in attempt.facts.records()]
    attempt.office.annotate(records)
    attempt.office.hold(records)


@effect(opens=(("verification", "open"),))
def open_verifications(attempt: Attempt[Any]) -> None:
    """One per provider, with its items."""
    _ask(attempt, attempt.facts.items(), round_=1)


def _ask(attempt: Attempt[Any], items: Iterable[ItemFact], *, round_: int, since: str = "") -> None:
    by_unit: dict[int, list[int]] = {}
    for item in items:
        by_unit.setdefault(item.unit, []).append(item.id)
    longest = attempt.facts.due("objection.longest")
    for unit, ids in sorted(by_unit.items()):
        attempt.office.open(
            "verification",
            "open",
            unit=unit,
            items=ids,
            round=round_,
            hard_stop_from=since or attempt.on.isoformat(),
            not_after=longest.isoformat() if longest else None,
        )


@effect()
def keep_own_values(attempt: Attempt[OwnError]) -> None:
    """What the provider's own record says stands as the finding."""
    for one in attempt.input.items:
        attempt.office.keep_item(
            one.item_id,
            finding=Finding.WRONG_CORRECT.value,
            value=one.value,
            reasons=one.proof,
            evidence=[],
            officer="",
            own_error=True,
            unreviewed=False,
        )


@effect(ends=(("verification", "cancel"),))
def cancel_verifications(attempt: Attempt[Any]) -> None:
    """The objection no longer asks."""
    for number in open_verifications_of(attempt.facts):
        attempt.office.order(number, "cancel")


@effect(opens=(("verification", "open"),))
def ask_the_right_unit(attempt: Attempt[Redirect]) -> None:
    """Open a verification with the unit named; the hard stop of the first one runs on."""
    unit = attempt.facts.unit(attempt.input.unit)
    item = next(one for one in attempt.facts.items() if one.id == attempt.input.item_id)
    if unit is None:
        return
    asked = [
        one for one in attempt.facts.children("verification") if item.id in one.details["items"]
    ]
    attempt.office.keep_item(item.id, unit=unit.id, finding=None, value=None, reasons="")
    fresh = [one for one in attempt.facts.items() if one.id == item.id]
    _ask(
        attempt,
        fresh,
        round_=asked[-1].details["round"] if asked else 1,
        since=asked[-1].details["hard_stop_from"] if asked else "",
    )


@effect()
def leave_it_unverifiable(attempt: Attempt[RedirectNowhere]) -> None:
    """What is no unit's cannot be verified."""
    attempt.office.keep_item(
        attempt.input.item_id,
        finding=Finding.UNVERIFIABLE.value,
        value=None,
        reasons=attempt.input.reasons,
        unreviewed=False,
    )


@effect(opens=(("verification", "open"),))
def ask_once_more(attempt: Attempt[AnotherRound]) -> None:
    """A new round for the items named; each keeps its finding until a new one is endorsed."""
    rounds = [one.details["round"] for one in attempt.facts.children("verification")]
    items = [one for one in attempt.facts.items() if one.id in attempt.input.items]
    _ask(attempt, items, round_=max(rounds, default=0) + 1)


@effect()
def keep_outcomes(attempt: Attempt[Any]) -> None:
    """What becomes of each item: derived from its finding, never typed in."""
    wrong = {item.id for item in wrong_items(attempt)}
    for item in attempt.facts.items():
        unclear = item.finding == Finding.UNVERIFIABLE and item.id not in wrong
        outcome = "upheld" if item.id in wrong else "unverifiable" if unclear else "dismissed"
        attempt.office.keep_item(item.id, outcome=outcome)


@effect(releases=Whose.OWN, left_to="correction")
def let_go_of_the_right_ones(attempt: Attempt[Any]) -> None:
    """End annotation and holds where no wrong record stands behind them."""
    own = attempt.facts.case().number
    wrong = {item.record for item in wrong_items(attempt)}
    records = [one.id for one in attempt.facts.records()]
    attempt.office.end_annotation([one for one in records if one not in wrong], of=own)
    held = [one for one in attempt.facts.sanctions() if own in one.held_by]
    attempt.office.release([one.id for one in held if not one.records & wrong], of=own)


@effect(releases=Whose.OWN)
def let_go_of_everything(attempt: Attempt[Any]) -> None:
    """End annotation and holds: the objection is given up."""
    own = attempt.facts.case().number
    attempt.office.end_annotation([one.id for one in attempt.facts.records()], of=own)
    held = [one.id for one in attempt.facts.sanctions() if own in one.holders]
    attempt.office.release(held, of=own)


@effect(opens=(("correction", "open"),))
def open_corrections(attempt: Attempt[Any]) -> None:
    """One per record with a wrong item, with the kind and values decided.

    After an own error of the platform the office corrects where no provider found one.
    """
    own_error = any(item.own_error for item in attempt.facts.items())
    by_record: dict[int, list[ItemFact]] = {}
    for item in wrong_items(attempt):
        by_record.setdefault(item.record, []).append(item)
    for record, items in sorted(by_record.items()):
        found = [item.unit for item in items if item.finding in WRONG and not item.own_error]
        by_office = own_error and not found
        attempt.office.open(
            "correction",
            "open",
            record=record,
            unit=None if by_office else [*found, items[0].unit][0],
            by_office=by_office,
            **_decided(items),
        )


def _decided(items: list[ItemFact]) -> dict[str, Any]:
    """What a correction must do: the gravest kind, and the values found right."""
    findings = {item.finding for item in items}
    kind = "correct"
    if Finding.UNVERIFIABLE in findings:
        kind = "end_disclosure"
    if Finding.WRONG_REVOKE in findings:
        kind = "revoke"
    found = [item for item in items if item.finding == Finding.WRONG_CORRECT]
    values = {item.field: item.value for item in found if kind != "revoke"}
    return {"decided_kind": kind, "decided_fields": values}


def _changed(facts: Facts) -> dict[int, CaseFact]:
    """By record, the first correction since the record last was as before all decisions."""
    first: dict[int, CaseFact] = {}
    for one in facts.children("correction"):
        if one.details["decided_kind"] == "reinstate" and one.state != "moot":
            first.pop(one.details["record"], None)
        elif one.state != "moot":
            first.setdefault(one.details["record"], one)
    return first


@effect(opens=(("correction", "open"),))
def reinstate_what_was_changed(attempt: Attempt[Any]) -> None:
    """After a reopening: the records as they were before the annulled decision."""
    if not reopened_at(attempt.facts):
        return
    for record, first in sorted(_changed(attempt.facts).items()):
        attempt.office.open(
            "correction",
            "open",
            record=record,
            unit=None if first.details["by_office"] else first.unit,
            by_office=first.details["by_office"],
            decided_kind="reinstate",
            decided_fields={},
            restores=first.details["seen_version"],
        )
