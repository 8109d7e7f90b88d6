"""Files that people take away: the report on each line, and an empty table to fill in (pure)."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.exchange.penalties import COLUMNS
from app.tables import write_csv

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER: Final = ("line", "fate", "why")
EXAMPLE: Final[Mapping[str, str]] = {
    "name": "示例有限公司（请删除本行）",
    "subject_kind": "法人及非法人组织",
    "code": "示例代码，请填18位统一社会信用代码",
    "decision_no": "某罚〔2026〕1号",
    "violation": "虚假宣传",
    "facts": "写明时间、地点和行为",
    "basis": "《中华人民共和国广告法》第五十五条",
    "penalty_kind": "罚款",
    "penalty": "处罚款人民币69700元",
    "fine": "6.97",
    "confiscated": "0",
    "decided_on": "2026-06-04",
    "disclosed_until": "2027-06-04",
}
"""A line that shows how cells are filled in; its code is none, so that it is never taken."""
_WIDTH: Final = 24


def report_csv(lines: Iterable[Sequence[object]]) -> bytes:
    """Number, fate and reason of each line, as CSV that a spreadsheet opens in Chinese."""
    return _csv([HEADER, *lines])


def template_csv(unit: str, code: str) -> bytes:
    """The titles of the columns and an example of the unit, as CSV."""
    return _csv(_rows(unit, code))


def template_xlsx(unit: str, code: str) -> bytes:
    """The same as a workbook whose cells are text: long numbers keep their digits."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "行政处罚"
    for row in _rows(unit, code):
        sheet.append(row)
    for place in range(1, len(COLUMNS) + 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.number_format, column.width = "@", _WIDTH
    for cell in (*sheet[1], *sheet[2]):
        cell.number_format = "@"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(unit: str, code: str) -> list[list[str]]:
    own = {"authority": unit, "authority_code": code, "source": unit, "source_code": code}
    example = {**EXAMPLE, **own}
    titles = [column.title for column in COLUMNS]
    return [titles, [example.get(column.name, "") for column in COLUMNS]]


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    write_csv(text, rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


TEMPLATES: Final[Mapping[str, tuple[Callable[[str, str], bytes], str]]] = {
    "xlsx": (template_xlsx, XLSX),
    "csv": (template_csv, CSV),
}
"""How a template is made and of which media type it is, by the ending of its name."""
