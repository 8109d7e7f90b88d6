"""The columns of the exports: found in a header by Chinese title or by code (pure)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exchange.values import BLANKS
from app.tables import Row, Unreadable


@dataclass(frozen=True, slots=True)
class Column:
    """A column: our name for it, its title and, where it has one, its code (law.md 9.2)."""

    name: str
    title: str
    code: str = ""
    required: bool = True


Cells = Mapping[str, str]
"""The cells of a row by the names of their columns; an absent column is empty."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand in a file."""

    width: int
    places: Mapping[str, int]

    def cells(self, row: Row) -> Cells:
        """The cells of a row by name; an absent column reads as empty."""
        return {name: row.cells[place] for name, place in self.places.items()}

    def fault(self, row: Row) -> str:
        """Why a row cannot be told apart; empty where it can."""
        surplus = row.cells[self.width :]
        if row.fault or (len(row.cells) >= self.width and not any(surplus)):
            return row.fault
        return f"应有{self.width}列，实有{len(row.cells)}列，请检查逗号和引号后重报"


def layout(header: Sequence[str], columns: Sequence[Column]) -> Layout:
    """Find the columns in a header, by title or code, in any order.

    Columns that are not ours are passed over. Raises Unreadable where a required one is missing
    or one comes twice.
    """
    wanted = {_folded(label): one for one in columns for label in (one.title, one.code) if label}
    places: dict[str, int] = {}
    for place, label in enumerate(header):
        column = wanted.get(_folded(label))
        if column is None:
            continue
        if column.name in places:
            message = f"表头中“{column.title}”出现两次，请只保留一列。"
            raise Unreadable(message)
        places[column.name] = place
    missing = [one.title for one in columns if one.required and one.name not in places]
    if missing:
        message = f"表头缺少：{'、'.join(missing)}。请使用规定的列名后重新导入。"
        raise Unreadable(message)
    return Layout(_width(header), places)


def _folded(label: str) -> str:
    """Width, case and blanks do not matter."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return "".join(character for character in folded if character not in BLANKS)


def _width(header: Sequence[str]) -> int:
    """Empty columns at the right, as spreadsheets leave them, do not count."""
    return max(place for place, label in enumerate(header, 1) if label.strip(BLANKS))
