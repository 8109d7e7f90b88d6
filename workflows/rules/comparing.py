"""In what two sets of rules differ."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.rules.rows import Row, Rules


@dataclass(frozen=True)
class Difference:
    """A rule that is not the same in both; None where one has none of that name."""

    name: str
    before: Row | None
    after: Row | None

    @property
    def only_source(self) -> bool:
        """Whether it says the same, and only cites another source or note."""
        if self.before is None or self.after is None:
            return False
        return (self.before.value, self.before.unit) == (self.after.value, self.after.unit)


def differences(before: Rules, after: Rules) -> tuple[Difference, ...]:
    """Every rule that differs, by name; when it came into force does not matter."""
    old, new = ({row.name: row for row in rules} for rules in (before, after))
    return tuple(
        Difference(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if _said(old.get(name)) != _said(new.get(name))
    )


def _said(row: Row | None) -> tuple[object, ...] | None:
    return (row.value, row.unit, row.source, row.verified, row.note) if row else None
