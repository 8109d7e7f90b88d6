"""What may be told of a line without telling who a natural person is (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from app.exchange.values import BLANKS
from app.records.fields import SUBJECT_KINDS
from app.web.filters import masked, masked_name

LONGEST: Final = 100
_NUMBER: Final = re.compile(r"\d{15,}[\dXxＸｘ]?")
"""A number of identity, whole or with a digit too many or too few, in any column."""


def without_numbers(text: str) -> str:
    """A text in which of every number that may be one of identity only both ends are left."""
    return _NUMBER.sub(lambda found: masked(found.group()), text)


def about(cells: Mapping[str, str | None]) -> str:
    """The decision and the subject of a line, as far as it names them; empty where it does not.

    `cells` by the names of the columns. Only who is called an organisation is named in full.
    """
    told = [_short(cells.get("decision_no")), _subject(cells)]
    return " ".join(one for one in told if one)


def without_names(content: Mapping[str, str | None]) -> dict[str, str | None]:
    """What a record says, with the name of a natural person masked."""
    if SUBJECT_KINDS.get(content.get("subject_kind") or "") != "person":
        return dict(content)
    return {**content, "name": masked_name(content.get("name"))}


def _subject(cells: Mapping[str, str | None]) -> str:
    name = _short(cells.get("name"))
    kind = SUBJECT_KINDS.get((cells.get("subject_kind") or "").strip(BLANKS))
    firm = kind in {"organisation", "sole_trader"}
    if kind is None:
        firm = bool((cells.get("code") or "").strip(BLANKS)) and not cells.get("id_no")
    return name if firm else masked_name(name)


def _short(raw: str | None) -> str:
    """A cell on one line, without what no page shows."""
    text = unicodedata.normalize("NFC", raw or "").strip(BLANKS)
    text = "".join(one if one.isprintable() else " " for one in text)
    return without_numbers(text)[:LONGEST]
