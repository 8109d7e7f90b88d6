"""Lines of one file about the same record: what later ones say, as far as there are any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from app.exchange.authorities import Authorities
from app.exchange.lines import Line
from app.records.identity import Content, Said, said

Repeats: TypeAlias = "Mapping[str, list[tuple[int, bytes]]]"
"""Key of a record → number and digest of each line about it, where there are several."""


def repeats_in(lines: Iterable[Line[Content]], units: Authorities) -> Repeats:
    """The repeats of a whole file; memory grows with the records that it is about."""
    sound = ((one.number, said(units.named(one.values))) for one in lines if one.values is not None)
    return repeats_of(sound)


def repeats_of(numbered: Iterable[tuple[int, Said]]) -> Repeats:
    """The repeats among lines whose authority is known."""
    first: dict[str, tuple[int, bytes]] = {}
    found: dict[str, list[tuple[int, bytes]]] = {}
    for number, (_, key, _, digest) in numbered:
        line = number, digest
        if key in first:
            found.setdefault(key, [first[key]]).append(line)
        else:
            first[key] = line
    return found


def said_later(repeats: Repeats, key: str, number: int) -> set[bytes]:
    """What the lines after one say of the same record."""
    return {digest for line, digest in repeats.get(key, ()) if line > number}
