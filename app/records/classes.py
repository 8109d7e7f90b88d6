"""Severity, regime and end of disclosure of a record, derived from what it says (law.md 2.2; pure)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Final

from app.records.models import Severity
from workflows.rules import Rules, penalty_kinds, regime_of, severity_of

MARKET_REGULATION: Final = "市场监督管理"
NO_END: Final = 2099
"""A year that stands for "without end" in the exports."""


def classify(content: Mapping[str, str | None], rules: Rules) -> tuple[Severity, str]:
    """The gravest class of its penalty kinds, and the regime of the day it was decided."""
    severity = severity_of(penalty_kinds(content["penalty_kind"] or ""), rules)
    decided_on = date.fromisoformat(content["decided_on"] or "")
    market = MARKET_REGULATION in (content["authority"] or "")
    return Severity(severity), regime_of(decided_on, rules, market=market)


def disclosed_until(content: Mapping[str, str | None], rules: Rules) -> date:
    """The first day without disclosure: what the record says, else the longest period allowed.

    The period counts from the day of the decision; a month ends on the same day number, else on
    its last day (law.md 2.2, 4).
    """
    said = content["disclosed_until"]
    if said and (day := date.fromisoformat(said)).year < NO_END:
        return day
    severity, _ = classify(content, rules)
    longest = rules.length(f"publicity.{severity}.maximum")
    months = longest.value * (12 if longest.unit == "year" else 1)
    return _months_after(date.fromisoformat(content["decided_on"] or ""), months)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
