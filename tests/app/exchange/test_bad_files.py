"""What is no export is refused with a clear reason, and changes nothing."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from app.db import db
from app.exchange.penalties import COLUMNS
from app.people.models import Subject
from app.records.models import Record, RecordVersion
from tests.app.exchange.exports import labels, penalty, write, write_xlsx, write_xml

TITLES = ",".join(labels(COLUMNS))


def rows_there() -> list[int]:
    return [
        db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in (Record, RecordVersion, Subject)
    ]


def refused(city, path: Path) -> str:
    """What is said of a file that cannot be read; nothing is there that was not before."""
    before = rows_there()
    report = city("records", path)
    assert report.status == 2, report.output
    assert report.lines == {}
    assert rows_there() == before
    assert "请" in report.output
    said: str = report.output
    return said


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, data in parts.items():
            parcel.writestr(name.replace("__", "/"), data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "空"),
        (b"\n\n\n", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "图片"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "图片"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "压缩包"),
        (random.Random(1).randbytes(100_000), "不是表格"),
        (zipped(word__document=b"<w:document/>"), "Word"),
        (zipped(readme=b"text"), "压缩包"),
        (TITLES.encode("utf-16"), "UTF-16"),
        (TITLES.encode("utf-16-le"), "UTF-16"),
        ("機關名稱,處罰類別\n惠州,罰款\n".encode("big5"), "编码"),
        (TITLES.encode(), "只有表头"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "html"),
        (b"a,b,c\n1,2,3\n", "没有"),
    ],
)
def test_what_is_no_export_is_refused(city, tmp_path, data, why):
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    assert why in refused(city, path)


def test_a_folder_is_no_file(city, tmp_path):
    assert city("records", tmp_path).status == 2


def test_a_field_of_twenty_megabytes_is_refused_before_any_line_is_taken(city, tmp_path):
    lines = [penalty(number) for number in range(1, 700)]
    path = write(tmp_path / "some.csv", [*lines, penalty(700, facts="长" * 7_000_000)])
    assert "第701行" in refused(city, path)


def test_a_quotation_mark_that_is_never_closed_is_refused_before_any_line_is_taken(city, tmp_path):
    path = write(tmp_path / "some.csv", [penalty(number) for number in range(1, 700)])
    with path.open("a", encoding="utf-8") as file:
        file.write('"惠州')
    assert "第701行的引号" in refused(city, path)


def xml(text: str, *, before: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{before}{text}'.encode()


LAUGHS = "".join(
    f'<!ENTITY l{level} "{"".join([f"&l{level - 1};"] * 10)}">\n' for level in range(1, 10)
)
BOMBS = {
    "laughs": xml(
        "<ROWDATA><ROW><CF_WSH>&l9;</CF_WSH></ROW></ROWDATA>",
        before=f'<!DOCTYPE x [<!ENTITY l0 "哈">\n{LAUGHS}]>',
    ),
    "external": xml(
        "<ROWDATA><ROW><CF_WSH>&f;</CF_WSH></ROW></ROWDATA>",
        before='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ),
    "document type": xml("<ROWDATA/>", before='<!DOCTYPE ROWDATA SYSTEM "http://127.0.0.1/x">'),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_document_type_in_xml_is_refused(city, tmp_path, bomb):
    path = tmp_path / "file.xml"
    path.write_bytes(BOMBS[bomb])
    assert "文档类型" in refused(city, path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<ROWDATA><ROW>" + "<A>" * 1_000_000, "下级元素"),
        ("<A>" * 1_000_000, "不认识的元素"),
        ("<ROWDATA><ROW><CF_SY>" + "长" * 1_100_000 + "</CF_SY></ROW></ROWDATA>", "100万字"),
        ("<ROWDATA><ROW><!--" + "-长" * 1_000_000, "标记过长"),
        ("<ROWDATA><ROW " + "a" * 3_000_000, "标记过长"),
        ("<ROWDATA><ROW>" + "".join(f"<A{n}/>" for n in range(200)) + "</ROW></ROWDATA>", "超过"),
        ("<ROWDATA><ROW><CF_WSH>1</CF_WSH></ROW>", "不完整"),
        ("<ROWDATA><ROW><CF_WSH>&none;</CF_WSH></ROW></ROWDATA>", "有错"),
        ("<ROWDATA></ROWDATA>", "没有数据行"),
        ("<ROWDATA><ROW/></ROWDATA>", "没有"),
        ("<Workbook><Worksheet/></Workbook>", "Workbook"),
    ],
)
def test_xml_that_is_no_envelope_or_would_fill_the_memory_is_refused(city, tmp_path, text, why):
    path = tmp_path / "file.xml"
    path.write_bytes(xml(text))
    assert why in refused(city, path)


def test_xml_in_an_encoding_that_is_not_ours_is_refused(city, tmp_path):
    path = tmp_path / "file.xml"
    path.write_bytes(b'<?xml version="1.0" encoding="Big5"?><ROWDATA><ROW/></ROWDATA>')
    assert "Big5" in refused(city, path)


def test_xml_that_is_cut_off_is_refused_before_any_row_is_taken(city, tmp_path):
    path = write_xml(tmp_path / "some.xml", [penalty(number) for number in range(1, 700)])
    path.write_bytes(path.read_bytes()[:-300])
    assert "不完整" in refused(city, path)


def test_a_row_of_xml_that_cannot_be_told_apart_is_rejected_alone(city, tmp_path):
    path = write_xml(tmp_path / "some.xml", [penalty(1), penalty(2), penalty(3)])
    first, second, third = path.read_text(encoding="utf-8").split("</ROW>")[:3]
    twice = f"{second}<CF_WSH>另一号</CF_WSH></ROW>"
    loose = f"{third}文字</ROW></ROWDATA>"
    path.write_text(f"{first}</ROW>{twice}{loose}", encoding="utf-8")
    report = city("records", path)
    assert report.fates == {2: "accept", 3: "reject", 4: "reject"}
    assert "两次" in report.lines[3][1]


@pytest.mark.parametrize("keep", [100, 4_000, -40])
def test_a_workbook_that_is_cut_off_is_refused(city, tmp_path, keep):
    path = write_xlsx(tmp_path / "some.xlsx", [penalty(number) for number in range(1, 50)])
    path.write_bytes(path.read_bytes()[:keep])
    assert "XLSX" in refused(city, path)


def test_a_workbook_whose_sheet_is_torn_is_refused_before_any_line_is_taken(city, tmp_path):
    path = write_xlsx(tmp_path / "some.xlsx", [penalty(number) for number in range(1, 1_200)])
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 2, len(data) // 2 + 40):
        data[place] ^= 0xFF
    path.write_bytes(data)
    assert "XLSX" in refused(city, path)


def test_a_workbook_with_a_row_beyond_the_last_is_refused(city, tmp_path):
    whole = write_xlsx(tmp_path / "some.xlsx", [penalty(1), penalty(2)]).read_bytes()
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'<row r="3"', b'<row r="2000000000"'))
    assert "行号" in refused(city, path)


def test_a_formula_without_its_result_is_rejected_and_one_with_it_is_taken(city, tmp_path):
    lines = [penalty(1) | {"penalty": '="处"&"罚"'}, penalty(2)]
    report = city("records", write_xlsx(tmp_path / "some.xlsx", lines))
    assert report.fates == {2: "reject", 3: "accept"}
    assert "公式" in report.lines[2][1]


def test_an_error_in_a_cell_is_rejected(city, tmp_path):
    path = write_xlsx(tmp_path / "some.xlsx", [penalty(1)])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, 16, "#REF!")
    book.save(path)
    report = city("records", path)
    assert report.fates == {2: "reject"}
    assert "P列是错误值#REF!" in report.lines[2][1]


def test_text_that_begins_like_a_formula_is_no_formula(city, tmp_path):
    path = write_xlsx(tmp_path / "some.xlsx", [penalty(1)])
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0].cell(2, 1)
    cell.value, cell.data_type = "=1+1", "s"
    book.save(path)
    assert city("records", path).fates == {2: "accept"}
    assert db.session.scalars(sa.select(Subject.name)).one() == "=1+1"


def test_characters_that_could_not_be_read_reject_their_line_alone(city, tmp_path):
    path = write(tmp_path / "some.csv", [penalty(1), penalty(2)])
    broken = path.read_bytes().replace("第2号示例".encode(), "第2号示".encode() + b"\xe4\xbe", 1)
    path.write_bytes(broken)
    report = city("records", path)
    assert report.fates == {2: "accept", 3: "reject"}
    assert "无法识别的字符" in report.lines[3][1]
