"""The seal of append-only rows: each one's HMAC-SM3 covers the one before it in its chain."""

from __future__ import annotations

import hmac as compare
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, hmac

import config

START: Final = b""
"""What stands before the first row of a chain."""


@dataclass(frozen=True, slots=True)
class Link:
    """A sealed row as it was read: `seq` counts from 1 in its chain, `mac` is hexadecimal."""

    chain: str
    seq: int
    row: Mapping[str, Any]
    mac: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is broken first: this row was changed, or the one before it is missing."""

    chain: str
    seq: int


_sources: dict[str, Callable[[], Iterable[Link]]] = {}


def source(name: str) -> Callable[[Callable[[], Iterable[Link]]], Callable[[], Iterable[Link]]]:
    """Decorates a query of sealed rows, chain by chain in order of `seq`: `audit verify` walks it."""

    def register(links: Callable[[], Iterable[Link]]) -> Callable[[], Iterable[Link]]:
        _sources[name] = links
        return links

    return register


def sources() -> Iterator[tuple[str, Iterable[Link]]]:
    """Everything that is sealed, by name."""
    for name, links in sorted(_sources.items()):
        yield name, links()


def seal(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The MAC of a row under AUDIT_KEY; `previous` is that of the row before it, or START.

    `row` has all that the table keeps of it but the MAC, as plain values.
    """
    mac = hmac.HMAC(config.current().audit_key, hashes.SM3())
    mac.update(previous + b"\n" + canonical(row))
    return mac.finalize()


def canonical(row: Mapping[str, Any]) -> bytes:
    """The same bytes for the same values: JSON with sorted names; days and moments in ISO."""
    text = json.dumps(
        row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return text.encode()


def verify_chain(links: Iterable[Link]) -> Break | None:
    """The first break in rows that come chain by chain, each chain in order; None where whole."""
    chain, seq, previous = "", 0, START
    for link in links:
        if link.chain != chain:
            chain, seq, previous = link.chain, 0, START
        seq += 1
        expected = seal(previous, link.row)
        if link.seq != seq or not compare.compare_digest(expected.hex(), link.mac):
            return Break(link.chain, seq)
        previous = expected
    return None


def _plain(value: object) -> str:
    """Moments in UTC, so that they read the same on every database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    message = f"a sealed row has plain values, no {type(value).__name__}"
    raise TypeError(message)
