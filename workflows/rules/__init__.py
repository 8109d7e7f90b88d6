"""Rule data: what law or city sets, in one TOML file per profile, read once and kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from workflows.rules.bases import legal_basis
from workflows.rules.comparing import Difference, differences
from workflows.rules.credit import EARLIER, governing_regime, penalty_kinds, regime_of, severity_of
from workflows.rules.duties import duties_of, unrepairable_by
from workflows.rules.names import missing_from
from workflows.rules.periods import period_name
from workflows.rules.policy import SEVERITIES, SWITCHES
from workflows.rules.publication import (
    disclosed_at_most_until,
    disclosed_through,
    repairable_from,
)
from workflows.rules.reader import RuleFault, read
from workflows.rules.rows import (
    OWN_SETTING,
    Catalogue,
    Length,
    Option,
    Row,
    Rules,
    Standing,
    UnknownRule,
)
from workflows.rules.spans import MONTHS_A_YEAR, LengthUnit, months_after

__all__ = [
    "EARLIER",
    "MONTHS_A_YEAR",
    "OWN_SETTING",
    "SEVERITIES",
    "SWITCHES",
    "Catalogue",
    "Difference",
    "Length",
    "LengthUnit",
    "Option",
    "Row",
    "RuleFault",
    "Rules",
    "Standing",
    "UnknownRule",
    "catalogue",
    "complete",
    "differences",
    "disclosed_at_most_until",
    "disclosed_through",
    "duties_of",
    "governing_regime",
    "legal_basis",
    "months_after",
    "penalty_kinds",
    "period_name",
    "profiles",
    "read",
    "regime_of",
    "repairable_from",
    "severity_of",
    "unrepairable_by",
]

_HERE: Final = Path(__file__).resolve().parent


def profiles() -> tuple[str, ...]:
    """The names of all profiles."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


@cache
def catalogue(profile: str) -> Catalogue:
    """The profile of that name. UnknownRule where there is none, RuleFault where it is faulty."""
    if profile not in profiles():
        message = f"没有名为 {profile} 的规则集，现有：{'、'.join(profiles())}"
        raise UnknownRule(message)
    return complete(_HERE / f"{profile}.toml")


def complete(path: Path) -> Catalogue:
    """The profile in a file, which has every rule that the program asks for; or RuleFault."""
    found = read(path)
    if missing := missing_from(row.name for row in found.rows):
        raise RuleFault([f"{path.name}:1: 缺少规则 {name}" for name in missing])
    return found
