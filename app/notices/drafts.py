"""A notice before it has its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Draft:
    """All of a notice but its number; `context` is plain JSON as `app.cases.letters` builds it.

    One of the three addressees is given, or none for a notice to the public. `context["notice"]`
    needs no `number`: issuing it puts one there.
    """

    case_number: str
    seq: int
    kind: str
    name: str
    title: str
    series_word: str
    issuer_id: int
    context: Mapping[str, Any]
    addressee_subject_id: int | None = None
    addressee_unit_id: int | None = None
    addressee_person_id: int | None = None

    @property
    def addressee_kind(self) -> str:
        """`subject`, `unit`, `person` or `public`; ValueError where several are given."""
        given = {
            "subject": self.addressee_subject_id,
            "unit": self.addressee_unit_id,
            "person": self.addressee_person_id,
        }
        named = [kind for kind, value in given.items() if value is not None]
        if len(named) > 1:
            message = f"{self.kind}.{self.name} has several addressees: {named}"
            raise ValueError(message)
        return named[0] if named else "public"
