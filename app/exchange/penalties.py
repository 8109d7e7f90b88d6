"""Exports of administrative penalties: which of the two formats, and what each line says (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.exchange import penalties_2015, penalties_2018
from app.exchange.columns import Cells, shaped
from app.exchange.lines import Line
from app.exchange.parsing import Reader, lines_of
from app.records.fields import FIELDS
from app.records.identity import Content
from app.tables import Table

COLUMNS: Final = tuple(column for column in penalties_2018.COLUMNS if column.name in FIELDS)
"""The columns that a file made anew should have."""
READERS: Final = {
    penalties_2018.SHAPE: penalties_2018.said_by,
    penalties_2015.SHAPE: penalties_2015.said_by,
}
"""Where a header has all that both want, it is the newer format."""


def parse(table: Table, today: date) -> Iterator[Line[Content]]:
    """What each line says of a penalty, by all the names of `FIELDS`, or why it is rejected.

    `app.exchange.status.status_of` tells what else it says. In the format of 2015 the code of the
    authority is none where the line has only its name. A decision after `today` is rejected. Raises Unreadable where columns are missing.
    """
    shape, places = shaped(table.header, tuple(READERS))
    titles = {column.name: column.title for column in shape.columns}
    said_by = READERS[shape]

    def read(cells: Cells) -> Content:
        return said_by(Reader(cells, titles), today)

    return lines_of(table, places, read)
