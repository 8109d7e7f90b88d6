"""How grave a penalty is, and under which repair regime it was imposed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from workflows.rules.policy import SEVERITIES
from workflows.rules.rows import Rules

OTHER: Final = "severity.其他"
EARLIER: Final = "earlier"
"""The regime of what was decided before the first one known."""
_MARKET: Final = "SAMR"
_SEPARATORS: Final = re.compile(r"[;；、,，\n]")


def penalty_kinds(text: str) -> tuple[str, ...]:
    """The kinds named in a field 处罚类别, such as ``警告;罚款``."""
    return tuple(kind for part in _SEPARATORS.split(text) if (kind := part.strip()))


def severity_of(penalty_kinds: Iterable[str], rules: Rules) -> str:
    """``minor``, ``ordinary`` or ``serious``: the gravest of several kinds decides.

    A kind without a rule of its own, or none at all, is what ``severity.其他`` says (law.md 2.2).
    """
    classes = [_severity(kind, rules) for kind in penalty_kinds] or [rules.choice(OTHER)]
    return max(classes, key=SEVERITIES.index)


def _severity(kind: str, rules: Rules) -> str:
    name = f"severity.{kind}"
    return rules.choice(name if name in rules else OTHER)


def regime_of(decided_on: date, rules: Rules, *, market: bool = False) -> str:
    """The repair regime in force on the day of the decision: ``36``, ``58``, ``2019``, ``earlier``.

    ``market``: decided by market regulation, which has its own (``SAMR107``, ``SAMR21``).
    Which periods govern records older than their law is ``governing_regime``'s matter.
    """
    begins = {
        name: rules.day(row.name)
        for row in rules
        if (name := row.name.removeprefix("regime.")) != row.name
    }
    of_kind = [name for name in begins if name.startswith(_MARKET) == market]
    begun = [name for name in of_kind if begins[name] <= decided_on]
    return max(begun, key=begins.__getitem__, default=EARLIER)


def governing_regime(own: str, on: date, rules: Rules) -> str:
    """Whose periods apply on a day to a record decided under the regime ``own``.

    The rule ``repair.transition`` says whether that is the one in force on that day. What is
    older than all regimes has none.
    """
    if own == EARLIER or rules.choice("repair.transition") == "own_regime":
        return own
    return regime_of(on, rules, market=own.startswith(_MARKET))
