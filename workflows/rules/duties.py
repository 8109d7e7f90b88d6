"""What a subject must have done before its record can be repaired, by kind of penalty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from workflows.rules.credit import penalty_kinds
from workflows.rules.rows import Option, Rules

CORRECTED: Final = "corrected"
"""The duty that goes with every penalty: the conduct itself was put right (law.md 2.3)."""
_OF_AMOUNTS: Final = {"fine": "fine", "confiscated": "confiscated"}
"""Fields of a record with an amount, and the duty to pay it."""


def duties_of(content: Mapping[str, Any], rules: Rules) -> tuple[Option, ...]:
    """The duties that a record names by its penalty kinds and amounts, as the rules list them."""
    kinds = penalty_kinds(content["penalty_kind"] or "")
    named = {CORRECTED, *_of_kinds(kinds, rules), *_of_amounts(content)}
    return tuple(one for one in rules.options("repair.duties") if one.code in named)


def _of_kinds(kinds: Iterable[str], rules: Rules) -> set[str]:
    return {rules.text(name) for kind in kinds if (name := f"duty.{kind}") in rules}


def _of_amounts(content: Mapping[str, Any]) -> set[str]:
    return {duty for field, duty in _OF_AMOUNTS.items() if Decimal(content[field] or 0) > 0}


def unrepairable_by(content: Mapping[str, Any], rules: Rules) -> str:
    """The document that forbids to repair such a record; empty where there is none.

    Only a law, an administrative regulation or a policy document of the Party's centre or the
    State Council can (36号令 第二条): a row ``unrepairable.<kind of penalty>`` cites it.
    """
    kinds = penalty_kinds(content["penalty_kind"] or "")
    cited = (rules.text(name) for kind in kinds if (name := f"unrepairable.{kind}") in rules)
    return next(cited, "")
