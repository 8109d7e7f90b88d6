"""What a notice cites as its legal basis."""

from __future__ import annotations

from workflows.rules.rows import Rules


def legal_basis(kind: str, notice: str, rules: Rules) -> tuple[str, ...]:
    """The documents that a notice of a kind of case cites: those of the state, then the city's.

    A city's profile names its own regulation once for a kind, as ``basis.<kind>``. UnknownRule
    where the rules know no basis for the notice.
    """
    local = f"basis.{kind}"
    return rules.texts(f"{local}.{notice}") + (rules.texts(local) if local in rules else ())
