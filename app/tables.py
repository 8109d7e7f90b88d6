"""Reading and writing tables of text, as CSV and XLSX, whatever is in them (pure)."""

from __future__ import annotations

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final, TextIO
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils.exceptions import InvalidFileException

LONGEST_FIELD: Final = 1_000_000
"""Characters; a longer field is rather a quotation mark that was never closed."""
WIDEST: Final = 100
"""Columns of a spreadsheet; what stands further right is not read."""
LARGEST_XLSX: Final = 64 * 2**20
LARGEST_UNPACKED: Final = 512 * 2**20
HIGHEST_RATIO: Final = 200
"""A part of a spreadsheet that is this much larger unpacked was made to fill the memory."""
MOST_PARTS: Final = 1000
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands in a cell where its bytes were no character of the file's encoding."""

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK: Final = 2**20
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_BROKEN_XLSX: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
)


class Unreadable(Exception):  # noqa: N818 -- reads as what the file is
    """The file is no table that can be read; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a table. `line` counts records, the header being 1.

    `fault` says why its cells could not be told apart; it has none then.
    """

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, read as they are asked for; blank rows are left out."""

    header: list[str]
    rows: Iterator[Row]


@contextmanager
def read_table(path: Path) -> Iterator[Table]:
    """Open a CSV (UTF-8 or GB18030) or XLSX file (its first sheet); told apart by content.

    Every cell is text: a day is ISO, a number as a spreadsheet shows it. Memory stays flat.
    Raises Unreadable, also while rows are read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start.startswith(_OLD_EXCEL):
            message = "这是旧版 Excel 文件（.xls），请另存为 .xlsx 或 CSV（UTF-8）后再导入。"
            raise Unreadable(message)
        if start.startswith(b"PK"):
            with path.open("rb") as file:
                yield _table(_xlsx_rows(file))
        else:
            with path.open(encoding=_encoding(path), errors="replace", newline="") as text:
                yield _table(_csv_rows(text))
    except OSError as error:
        message = f"文件无法打开：{error.strerror or error}"
        raise Unreadable(message) from error


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


def _table(rows: Iterator[Row]) -> Table:
    header = next(rows, None)
    if header is None:
        message = "文件是空的，没有表头。"
        raise Unreadable(message)
    if header.fault:
        raise Unreadable(header.fault)
    return Table(header.cells, (row for row in rows if row.fault or any(row.cells)))


def _csv_rows(text: IO[str]) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text, strict=True)
    line = 0
    while True:
        line += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, [], _csv_fault(line, error))
        else:
            if cells:
                yield Row(line, cells)
            else:
                line -= 1


def _csv_fault(line: int, error: csv.Error) -> str:
    """What is wrong with one record; raises Unreadable where the rest is lost with it."""
    if "field larger" in str(error) or "unexpected end" in str(error):
        message = f"第{line}行的引号没有成对，其后的内容无法读取，请改正后重新导入。"
        raise Unreadable(message) from error
    return "引号使用有误，无法分列：字段内的引号应写成两个引号"


def _encoding(path: Path) -> str:
    """UTF-8, unless too much of the file is none: then GB18030."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = beyond_ascii = 0
    with path.open("rb") as file:
        start = file.peek(4)
        if start.startswith(_UTF16):
            message = "文件是 UTF-16 编码，请另存为 CSV（UTF-8）后再导入。"
            raise Unreadable(message)
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            broken += text.count(UNKNOWN)
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return "utf-8-sig" if broken * 10 <= beyond_ascii else "gb18030"


def _xlsx_rows(file: IO[bytes]) -> Iterator[Row]:
    try:
        _check_parts(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for line, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
                yield Row(line, [_text(cell) for cell in cells])
        finally:
            book.close()
    except Unreadable:
        raise
    except (*_BROKEN_XLSX, IndexError) as error:
        message = "文件不是完好的 XLSX 工作簿，请重新保存或另存为 CSV（UTF-8）后再导入。"
        raise Unreadable(message) from error


def _check_parts(file: IO[bytes]) -> None:
    """Refuse what would fill memory or reach outside, before anything is unpacked."""
    if file.seek(0, 2) > LARGEST_XLSX:
        message = f"XLSX 文件超过 {LARGEST_XLSX // 2**20} MB，请拆分或另存为 CSV 后再导入。"
        raise Unreadable(message)
    with zipfile.ZipFile(file) as parts:
        listed = parts.infolist()
        large = sum(part.file_size for part in listed) > LARGEST_UNPACKED
        if large or len(listed) > MOST_PARTS or any(_is_bomb(part) for part in listed):
            message = "XLSX 文件解压后过大，为安全起见不予导入，请另存为 CSV 后再导入。"
            raise Unreadable(message)
        for part in listed:
            if part.filename.endswith((".xml", ".rels")):
                _check_xml(parts, part)
    file.seek(0)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _CHUNK and part.file_size > HIGHEST_RATIO * part.compress_size


def _check_xml(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A document type comes before the first element, where DefusedXmlException refuses it."""
    with parts.open(part) as xml:
        next(iter(iterparse(xml, events=("start",), forbid_dtd=True)), None)


def _text(cell: Any) -> str:
    """What a spreadsheet would show, without its ways of writing days and numbers."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat() if cell.time() == cell.min.time() else str(cell)
        case date():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
        case _:
            return str(cell)
