"""Reading and writing tables of text, as CSV, XLSX and XML, whatever is in them (pure)."""

from __future__ import annotations

import codecs
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from app.tables.envelopes import envelope_rows
from app.tables.rows import UNKNOWN, Row, Table, Unreadable
from app.tables.texts import csv_rows
from app.tables.workbooks import workbook_rows
from app.tables.writing import defused, write_csv

__all__ = ["UNKNOWN", "Row", "Table", "Unreadable", "defused", "read_table", "write_csv"]

_START: Final = 512
_ZIP: Final = b"PK"
_FOREIGN: Final = {
    b"\xd0\xcf\x11\xe0": "旧版 Excel 文件（.xls）或加了密码的文件",
    b"%PDF": " PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
}
"""What else is handed in, by its first bytes."""


@contextmanager
def read_table(path: Path) -> Iterator[Table]:
    """Open a CSV (UTF-8 or GB18030), XLSX (its first sheet) or XML file; told apart by content.

    Every cell is text. Memory stays flat. Raises Unreadable, for CSV and XML before the first row.
    """
    try:
        with path.open("rb") as file:
            rows = _rows(file)
            try:
                yield _table(rows, file)
            finally:
                rows.close()
    except OSError as error:
        message = f"文件无法打开：{error.strerror or error}"
        raise Unreadable(message) from error


def _rows(file: IO[bytes]) -> Generator[Row, None, None]:
    start = file.read(_START)
    for magic, what in _FOREIGN.items():
        if start.startswith(magic):
            message = f"这是{what}，不能导入，请另存为 .xlsx 或 CSV（UTF-8）后再导入。"
            raise Unreadable(message)
    if start.startswith(_ZIP):
        yield from workbook_rows(file)
    elif start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        yield from envelope_rows(file)
    else:
        yield from csv_rows(file)


def _table(rows: Iterator[Row], file: IO[bytes]) -> Table:
    header = next(rows, None)
    if header is None:
        message = "文件是空的，没有表头，请核对后重新导入。"
        raise Unreadable(message)
    if header.fault:
        raise Unreadable(header.fault)
    size = os.fstat(file.fileno()).st_size
    left = (row for row in rows if row.fault or any(row.cells))
    return Table(header.cells, left, lambda: min(1.0, file.tell() / size))
