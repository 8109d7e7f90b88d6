"""From when a record may be repaired, and until when it is disclosed (law.md 2.2, 2.9, 2.10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from workflows.rules.credit import EARLIER
from workflows.rules.periods import MAXIMUM, MINIMUM, months_in, period_name
from workflows.rules.rows import Rules
from workflows.rules.spans import months_after

_DAY: Final = timedelta(days=1)
_MINOR: Final = "disclosure.minor"
_EARLIER: Final = "disclosure.earlier"


def repairable_from(decided_on: date, severity: str, regime: str, rules: Rules) -> date:
    """The first day on which a repair may be applied for: the minimum period has run.

    Counted from the day of the determination. UnknownRule for a regime without periods.
    """
    return months_after(decided_on, _months(severity, regime, MINIMUM, rules))


def disclosed_at_most_until(decided_on: date, severity: str, regime: str, rules: Rules) -> date:
    """The first day without disclosure, once the maximum period has run.

    The period runs through the same day number as the day of the determination, which does not
    count. UnknownRule for a regime without periods.
    """
    return months_after(decided_on, _months(severity, regime, MAXIMUM, rules)) + _DAY


def disclosed_through(
    decided_on: date,
    kinds: Collection[str],
    severity: str | None,
    regime: str,
    said: date | None,
    rules: Rules,
) -> date | None:
    """The last day of disclosure; None for what is not disclosed at all.

    What the provider said, or else the longest period, and never beyond that; a record that is
    minor or older than all regimes as `disclosure.minor` and `disclosure.earlier` say.
    """
    if _hidden(kinds, regime, rules) or not _shown(severity, regime, said, rules):
        return None
    if severity is None or regime == EARLIER:
        return said
    longest = disclosed_at_most_until(decided_on, severity, regime, rules) - _DAY
    return longest if said is None else min(said, longest)


def _hidden(kinds: Collection[str], regime: str, rules: Rules) -> bool:
    """Whether all its kinds of penalty are such as the regime never shows."""
    name = f"disclosure.{regime}.hidden"
    return name in rules and bool(kinds) and set(kinds) <= set(rules.texts(name))


def _shown(severity: str | None, regime: str, said: date | None, rules: Rules) -> bool:
    if severity is None or regime == EARLIER:
        wanted = rules.choice(_EARLIER)
    elif severity == "minor":
        wanted = rules.choice(_MINOR)
    else:
        return True
    return wanted == "to_maximum" or (wanted == "until_said" and said is not None)


def _months(severity: str, regime: str, bound: str, rules: Rules) -> int:
    return months_in(rules.length(period_name(regime, severity, bound)))
