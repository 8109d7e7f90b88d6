"""Writing tables so that no cell is taken for a formula by a spreadsheet (pure)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def write_csv(stream: TextIO, rows: Iterable[Sequence[object]]) -> None:
    """Write rows so that no cell is taken for a formula by a spreadsheet."""
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow([defused(cell) for cell in row])


def defused(cell: object) -> object:
    """The cell, with `'` before a text that a spreadsheet would take for a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell
