"""What a table of text is, and the exception for a file that is none (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

LONGEST_FIELD: Final = 1_000_000
"""Characters; a longer field is rather a quotation mark that was never closed."""
WIDEST: Final = 100
"""Columns of a spreadsheet; what stands further right is not read."""
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands in a cell where its bytes were no character of the file's encoding."""


class Unreadable(Exception):  # noqa: N818 -- reads as what the file is
    """The file is no table that can be read; the message says why, in Chinese."""


class Row(NamedTuple):
    """A record of a table. `line` counts records, the header being 1.

    `fault` says why its cells could not be told apart; it has none then.
    """

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, read as they are asked for; blank rows are left out.

    `read` says which part of the file was read, from 0 to 1; None where that is not known.
    """

    header: list[str]
    rows: Iterator[Row]
    read: Callable[[], float | None] = lambda: None
