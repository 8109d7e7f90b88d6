"""Tables are read as people save them, and written so that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, strategies as st

from app.tables import UNKNOWN, Unreadable, defused, read_table, write_csv
from app.tables.workbooks import workbook_rows

FORMULA = "=+-@\t\r\n\0＝＋－＠"
CSV = "名称,金额\n惠州市䶮测有限公司,1\n阿卜杜拉·买买提,2\n"


def rows(path: Path) -> list[list[str]]:
    with read_table(path) as table:
        return [table.header, *(row.cells for row in table.rows)]


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_reads_the_same_in_every_encoding(tmp_path, encoding):
    path = saved(tmp_path / "table.csv", CSV.encode(encoding))
    assert rows(path) == [
        ["名称", "金额"],
        ["惠州市䶮测有限公司", "1"],
        ["阿卜杜拉·买买提", "2"],
    ]


def test_a_few_broken_bytes_do_not_make_a_utf8_file_another_encoding(tmp_path):
    path = saved(tmp_path / "table.csv", CSV.encode() + "惠州市永利".encode()[:-1] + b",3\n")
    found = rows(path)
    assert found[1] == ["惠州市䶮测有限公司", "1"]
    assert UNKNOWN in found[3][0]


def test_what_was_lost_before_a_file_was_written_does_not_make_it_another_encoding(tmp_path):
    path = saved(tmp_path / "table.csv", f"名称,金额\n{UNKNOWN * 9},1\n".encode())
    assert rows(path)[1] == [UNKNOWN * 9, "1"]


def test_a_line_counts_as_one_record_whatever_breaks_it_holds(tmp_path):
    path = saved(tmp_path / "table.csv", '名称,事实\n甲,"第一行\n第二行"\n\n乙,无\n'.encode())
    with read_table(path) as table:
        assert [(row.line, row.cells[1]) for row in table.rows] == [
            (2, "第一行\n第二行"),
            (3, "无"),
        ]


def test_a_quotation_mark_in_a_wrong_place_spoils_its_own_line_alone(tmp_path):
    path = saved(tmp_path / "table.csv", '名称,事实\n甲,"错"了\n乙,无\n'.encode())
    with read_table(path) as table:
        spoilt, good = table.rows
    assert "引号" in spoilt.fault
    assert (good.line, good.cells) == (3, ["乙", "无"])


def test_a_quotation_mark_that_is_never_closed_is_said_and_not_passed_over(tmp_path):
    path = saved(tmp_path / "table.csv", '名称,事实\n甲,无\n乙,"没有结束\n丙,无\n'.encode())
    with pytest.raises(Unreadable, match="第3行的引号没有成对"), read_table(path) as table:
        list(table.rows)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0rest", "xls"),
        ("名称,金额\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 is no workbook", "XLSX"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(tmp_path, data, why):
    with pytest.raises(Unreadable, match=why):
        rows(saved(tmp_path / "table", data))


def test_a_file_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(Unreadable, match="无法打开"):
        rows(tmp_path / "nowhere.csv")


def workbook(path: Path, *lines: list[object]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def test_a_workbook_reads_as_its_cells_are_shown(tmp_path):
    path = workbook(
        tmp_path / "table.xlsx",
        ["名称", "日期", "金额", "代码"],
        ["惠州市𠅤记商行", date(2026, 6, 4), 6.97, 91],
        [None, None, None, None],
        ["乙", datetime(2026, 6, 4), 0.1 + 0.2, True],  # noqa: DTZ001 -- a cell has no time zone
    )
    with read_table(path) as table:
        found = [(row.line, row.cells[:4]) for row in table.rows]
    assert found == [
        (2, ["惠州市𠅤记商行", "2026-06-04", "6.97", "91"]),
        (4, ["乙", "2026-06-04", "0.3", "True"]),
    ]


def test_the_blank_rows_above_a_stray_cell_far_below_are_not_gone_through(tmp_path):
    path = workbook(tmp_path / "table.xlsx", ["名称", "金额"], ["甲", 1])
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active.cell(row=100_000, column=1, value="乙")
    book.save(path)
    with path.open("rb") as file:
        assert [(row.line, row.cells[0]) for row in workbook_rows(file)] == [
            (1, "名称"),
            (2, "甲"),
            (100_000, "乙"),
        ]


def packed(path: Path, **parts: bytes) -> Path:
    """A workbook in which some parts are other bytes."""
    source = workbook(path.with_suffix(".source"), ["名称"], ["甲"])
    with (
        zipfile.ZipFile(source) as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in whole.namelist():
            other.writestr(name, parts.get(Path(name).stem, whole.read(name)))
    return path


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><worksheet>&lol2;</worksheet>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<worksheet>&f;</worksheet>"""


@pytest.mark.parametrize("xml", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles"])
def test_a_workbook_with_a_document_type_is_refused(tmp_path, part, xml):
    with pytest.raises(Unreadable):
        rows(packed(tmp_path / "table.xlsx", **{part: xml}))


def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path):
    path = packed(tmp_path / "table.xlsx", sheet1=b"<worksheet>" + b" " * 210_000_000)
    assert path.stat().st_size < 300_000
    with pytest.raises(Unreadable, match="过大"):
        rows(path)


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_is_written_reads_the_same_but_for_formulas(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("round") / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, [["甲", "乙"], *lines])
    wanted = [[str(defused(cell)) for cell in line] for line in lines]
    assert rows(path)[1:] == [line for line in wanted if any(line)]


@given(st.sampled_from(FORMULA), cells)
def test_no_written_cell_begins_like_a_formula(start, rest):
    stream = io.StringIO()
    write_csv(stream, [[start + rest, 1]])
    ((cell, number),) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert cell == f"'{start}{rest}"
    assert number == "1"
