"""Class, regime and periods of a record, derived from what it says (law.md 2.2; pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.records.models import Severity
from workflows.rules import (
    EARLIER,
    Rules,
    disclosed_through,
    governing_regime,
    penalty_kinds,
    regime_of,
    severity_of,
)

MARKET_REGULATION: Final = "市场监督管理"
NO_END: Final = 2099
"""A year that stands for "without end" in the exports."""


def classify(content: Mapping[str, str | None], rules: Rules) -> tuple[Severity | None, str]:
    """The gravest class of its penalty kinds, and the regime of the day it was decided.

    What is older than all regimes has no class.
    """
    market = MARKET_REGULATION in (content["authority"] or "")
    regime = regime_of(_decided_on(content), rules, market=market)
    if regime == EARLIER:
        return None, regime
    return Severity(severity_of(_kinds(content), rules)), regime


def disclosed_until(content: Mapping[str, str | None], rules: Rules, on: date) -> date | None:
    """The last day of disclosure, as reckoned on a day; None for what is not disclosed.

    What the record says, but never beyond the longest period of its class under the regime that
    governs it.
    """
    severity, own = classify(content, rules)
    regime = governing_regime(own, on, rules)
    said = content["disclosed_until"]
    end = date.fromisoformat(said) if said else None
    if end is not None and end.year >= NO_END:
        end = None
    return disclosed_through(_decided_on(content), _kinds(content), severity, regime, end, rules)


def _decided_on(content: Mapping[str, str | None]) -> date:
    return date.fromisoformat(content["decided_on"] or "")


def _kinds(content: Mapping[str, str | None]) -> tuple[str, ...]:
    return penalty_kinds(content["penalty_kind"] or "")
