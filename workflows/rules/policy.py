"""The words the law pages decide by: a rule may only take a value that some page knows."""

from __future__ import annotations

from typing import Final

# The first of each is what the national profile chooses.
SWITCHES: Final[dict[str, tuple[str, ...]]] = {
    "suspension.mandatory": ("held_until_declined", "held_when_confirmed"),
    "suspension.shared": ("hold", "only_if_all_contested"),
    "suspension.counts": ("no", "yes"),
    "record.past_maximum": ("supports", "ends"),
    "objection.unverifiable": ("end_disclosure", "keep_with_note"),
    "disclosure.minor": ("until_said", "to_maximum", "never"),
    "disclosure.earlier": ("until_said", "never"),
    "verification.informs": ("office", "filing_department"),
    "repair.decides": ("unit_with_office_approval", "unit_alone"),
    "repair.public_service": ("nobody", "natural_persons"),
    "repair.transition": ("current", "own_regime"),
}

SEVERITIES: Final = ("minor", "ordinary", "serious")
"""轻微, 一般, 严重: from the lightest to the gravest (law.md 2.2)."""
