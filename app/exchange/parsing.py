"""From the rows of a table to lines with values or the reason why not (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NoReturn, TypeVar

from app.exchange import values
from app.exchange.columns import Cells, Column, Layout, layout
from app.exchange.lines import Line
from app.exchange.masking import about, without_numbers
from app.tables import Table

Values = TypeVar("Values")
Value = TypeVar("Value")


def parsed(
    table: Table, columns: Sequence[Column], read: Callable[[Cells], Values]
) -> Iterator[Line[Values]]:
    """The lines of a table, each read on its own; raises Unreadable where columns are missing.

    `read` makes values of the cells of a row, or raises Refused with the reason.
    """
    return lines_of(table, layout(table.header, columns), read)


def lines_of(
    table: Table, places: Layout, read: Callable[[Cells], Values]
) -> Iterator[Line[Values]]:
    """The same, where it is known where the columns stand."""
    for row in table.rows:
        if fault := places.fault(row):
            yield Line(row.line, None, fault)
            continue
        cells = places.cells(row)
        try:
            yield Line(row.line, read(cells))
        except values.Refused as refused:
            yield Line(row.line, None, without_numbers(str(refused)), about(cells))


class Reader:
    """Reads the cells of one row and says which column was refused."""

    def __init__(self, cells: Cells, titles: dict[str, str]) -> None:
        self.cells = cells
        self.titles = titles

    def get(self, name: str, read: Callable[[str], Value | None]) -> Value | None:
        """The value of a column, None where it is empty; Refused names the column."""
        raw = self.cells.get(name)
        if not raw:
            return None
        try:
            return read(raw)
        except values.Refused as refused:
            self.refuse(name, str(refused))

    def all(self, reading: Mapping[str, values.ReadText]) -> dict[str, str | None]:
        """The values of several columns, each read in its way, in their order."""
        cells, found = self.cells, dict.fromkeys(reading)
        for name, read in reading.items():
            if raw := cells.get(name):
                try:
                    found[name] = read(raw)
                except values.Refused as refused:
                    self.refuse(name, str(refused))
        return found

    def need(self, name: str, read: Callable[[str], Value | None], way_out: str = "") -> Value:
        """The value of a column that must not be empty."""
        value = self.get(name, read)
        if value is None:
            self.refuse(name, f"未填写，{way_out or '请补充后重报'}")
        return value

    def refuse(self, name: str, why: str) -> NoReturn:
        """Refuse the line because of this column."""
        message = f"{self.titles[name]}：{why}"
        raise values.Refused(message)
