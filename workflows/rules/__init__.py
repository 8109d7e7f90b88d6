"""Rule data: what law or city sets, in one TOML file per profile, read once and kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from workflows.rules.credit import EARLIER, penalty_kinds, regime_of, severity_of
from workflows.rules.policy import SEVERITIES, SWITCHES
from workflows.rules.reader import RuleFault, read
from workflows.rules.rows import (
    OWN_SETTING,
    Catalogue,
    Length,
    LengthUnit,
    Option,
    Row,
    Rules,
    Standing,
    UnknownRule,
)

__all__ = [
    "EARLIER",
    "OWN_SETTING",
    "SEVERITIES",
    "SWITCHES",
    "Catalogue",
    "Length",
    "LengthUnit",
    "Option",
    "Row",
    "RuleFault",
    "Rules",
    "Standing",
    "UnknownRule",
    "catalogue",
    "penalty_kinds",
    "profiles",
    "read",
    "regime_of",
    "severity_of",
]

_HERE: Final = Path(__file__).resolve().parent


def profiles() -> tuple[str, ...]:
    """The names of all profiles."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


@cache
def catalogue(profile: str) -> Catalogue:
    """The profile of that name. UnknownRule where there is none, RuleFault where it is faulty."""
    if profile not in profiles():
        message = f"no profile {profile!r}; there are {', '.join(profiles())}"
        raise UnknownRule(message)
    return read(_HERE / f"{profile}.toml")
