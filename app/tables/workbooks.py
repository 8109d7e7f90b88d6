"""Tables in XLSX workbooks, of which the first sheet is read (pure)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from app.tables.rows import WIDEST, Row, Unreadable

LARGEST_XLSX: Final = 64 * 2**20
LARGEST_UNPACKED: Final = 512 * 2**20
HIGHEST_RATIO: Final = 200
"""A part of a spreadsheet that is this much larger unpacked was made to fill the memory."""
MOST_PARTS: Final = 1000
LAST_ROW: Final = 2**20
"""The last row that a sheet can have; one that says more was made to keep the reader busy."""

_CHUNK: Final = 2**20
_BLANK: Final = (None,) * WIDEST
_LARGE_NUMBER: Final = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\sr="(\d{7,20})')
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_LONGEST_TAG: Final = 64
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def workbook_rows(file: IO[bytes]) -> Iterator[Row]:
    """The header and the rows of the first sheet that are not blank; raises Unreadable.

    Every cell is text: a day is ISO, a number as a spreadsheet shows it, a formula what came of it.
    """
    try:
        formulas = _check_parts(file)
        for line, (values, fault) in enumerate(_rows(file, with_formulas=formulas), 1):
            _check_line(line)
            if values == _BLANK and not fault and line > 1:
                continue  # below the header nobody asks for it, and there may be a million of them
            cells = [_text(value) for value in values]
            why = fault or _error_in(cells)
            yield Row(line, [] if why else cells, why)
    except Unreadable:
        raise
    except _BROKEN as error:
        message = "文件不是完好的 XLSX 工作簿，请重新保存或另存为 CSV（UTF-8）后再导入。"
        raise Unreadable(message) from error


def _check_line(line: int) -> None:
    if line > LAST_ROW:
        message = "XLSX 文件的行号超出 Excel 的范围，请另存为 CSV 后再导入。"
        raise Unreadable(message)


def _check_numbers(xml: bytes) -> None:
    """Refuse a row that says a number beyond the last: openpyxl would fill in all before it."""
    for found in _LARGE_NUMBER.finditer(xml):
        _check_line(int(found[1]))


def _rows(file: IO[bytes], *, with_formulas: bool) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The values of each row, and what is wrong with its formulas."""
    if not with_formulas:
        for values in _values(file, results=True):
            yield values, ""
        return
    formulas = _values(file, results=False)
    for values, said in zip(_values(file, results=True), formulas, strict=True):
        yield values, _without_result(values, said)


def _values(file: IO[bytes], *, results: bool) -> Iterator[tuple[Any, ...]]:
    """The values of each row; of formulas what came of them, or the formulas themselves."""
    book = openpyxl.load_workbook(file, read_only=True, data_only=results, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(max_col=WIDEST, values_only=True)
    finally:
        book.close()


def _without_result(values: tuple[Any, ...], said: tuple[Any, ...]) -> str:
    for column, (value, formula) in enumerate(zip(values, said, strict=True), 1):
        if value is None and formula is not None:
            where = get_column_letter(column)
            return f"{where}列是公式，文件中没有它的计算结果，请粘贴为数值后重报"
    return ""


def _error_in(cells: list[str]) -> str:
    for column, cell in enumerate(cells, 1):
        if cell.startswith("#") and cell in ERROR_CODES:
            return f"{get_column_letter(column)}列是错误值{cell}，请改正后重报"
    return ""


def _check_parts(file: IO[bytes]) -> bool:
    """Refuse what would fill memory, reach outside or is torn; whether there are formulas."""
    if file.seek(0, 2) > LARGEST_XLSX:
        message = f"XLSX 文件超过 {LARGEST_XLSX // 2**20} MB，请拆分或另存为 CSV 后再导入。"
        raise Unreadable(message)
    with zipfile.ZipFile(file) as parts:
        listed = parts.infolist()
        if not any(part.filename.startswith("xl/") for part in listed):
            message = (
                "这是压缩包或其他文件（如 Word 文档），不是 XLSX 工作簿，请导入其中的表格文件。"
            )
            raise Unreadable(message)
        large = sum(part.file_size for part in listed) > LARGEST_UNPACKED
        if large or len(listed) > MOST_PARTS or any(_is_bomb(part) for part in listed):
            message = "XLSX 文件解压后过大，为安全起见不予导入，请另存为 CSV 后再导入。"
            raise Unreadable(message)
        return max(_check_part(parts, part) for part in listed)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _CHUNK and part.file_size > HIGHEST_RATIO * part.compress_size


def _check_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Read it to its end, where a torn one shows; whether it is a sheet with formulas.

    A document type comes before the first element, where DefusedXmlException refuses it.
    """
    if part.filename.endswith((".xml", ".rels")):
        with parts.open(part) as xml:
            next(iter(iterparse(xml, events=("start",), forbid_dtd=True)), None)
    sheet, found, tail = part.filename.startswith("xl/worksheets/"), False, b""
    with parts.open(part) as data:
        while chunk := data.read(_CHUNK):
            if sheet:
                _check_numbers(tail + chunk)
            found = found or (sheet and _FORMULA.search(tail + chunk) is not None)
            tail = chunk[-_LONGEST_TAG:]
    return found


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
