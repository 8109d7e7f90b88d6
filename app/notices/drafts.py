"""A notice before it has its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Draft:
    """All of a notice but its number; `context` is plain JSON as `app.cases.letters` builds it.

    `addressee_kind` is `subject`, `unit`, `person` or `public`, `addressee_id` the key of that
    subject, unit or person; a person may be somebody without an account. `context["notice"]`
    needs no `number`: issuing it puts one there. `cites`: by case, the names of notices of which
    the last is named by its number; `context["cited"]` will have that number by case. `replaces`:
    the key of the notice in whose place it stands.
    """

    case_number: str
    seq: int
    kind: str
    name: str
    title: str
    series_word: str
    issuer_id: int
    addressee_kind: str
    addressee_id: int | None = None
    context: Mapping[str, Any]
    cites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replaces: int | None = None
