"""Who acts: a person with its roles, or the clock."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.grammar import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as it stands now: never kept longer than one request or one command.

    ``roles``: those held in the unit, and SUBJECT where it acts for a subject. ``subjects``: the
    keys of the subjects for which it acts today. The clock has no ``person_id``.
    """

    person_id: int | None
    name: str
    unit_id: int | None = None
    unit_name: str = ""
    roles: frozenset[Role] = frozenset()
    subjects: frozenset[int] = frozenset()


SYSTEM = Actor(person_id=None, name="系统", roles=frozenset({Role.SYSTEM}))
"""The clock and the commands of the machine's administrator."""
