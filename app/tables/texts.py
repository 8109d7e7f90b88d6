"""Tables in CSV, and in which encoding a text is (pure)."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, Final

from app.tables.rows import LONGEST_FIELD, UNKNOWN, Row, Unreadable

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WRITTEN: Final = UNKNOWN.encode()
"""A character that was lost before the file was written is no fault of its encoding."""
_CHUNK: Final = 2**20
_SAMPLE: Final = 2**16
_CONTROL: Final = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
_NO_TEXT: Final = 100
"""One control character in so many bytes, a zero among them: it is no text."""


def csv_rows(file: IO[bytes]) -> Iterator[Row]:
    """The records of a CSV file, the header first.

    Reads the file twice: Unreadable is raised before the first record, wherever the fault is.
    """
    encoding = encoding_of(file)
    for _ in _rows(file, encoding):
        pass
    return _rows(file, encoding)


def encoding_of(file: IO[bytes]) -> str:
    """UTF-8, unless too much of the file is none: then GB18030. Unreadable where it is no text."""
    file.seek(0)
    sample = file.read(_SAMPLE)
    _check_text(sample)
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = beyond_ascii = 0
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        broken += text.count(UNKNOWN) - chunk.count(_WRITTEN)
        beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return "utf-8-sig" if broken * 10 <= beyond_ascii else "gb18030"


def _check_text(sample: bytes) -> None:
    if sample.startswith(_UTF16):
        message = "文件是 UTF-16 编码，请以 UTF-8 编码另存后再导入。"
        raise Unreadable(message)
    control = len(sample) - len(sample.translate(None, _CONTROL))
    if b"\0" in sample and control * _NO_TEXT > len(sample):
        message = "文件不是表格，或是 UTF-16 编码。请导入 CSV、XLSX 或 XML 文件；文本请以 UTF-8 编码另存。"
        raise Unreadable(message)


def _rows(file: IO[bytes], encoding: str) -> Iterator[Row]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        yield from _records(text)
    finally:
        text.detach()


def _records(text: IO[str]) -> Iterator[Row]:
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
            yield Row(line, [], _fault(line, error))
        else:
            if cells:
                yield Row(line, cells)
            else:
                line -= 1


def _fault(line: int, error: csv.Error) -> str:
    """What is wrong with one record; raises Unreadable where the rest is lost with it."""
    if "field larger" in str(error):
        message = (
            f"第{line}行有一项超过{LONGEST_FIELD // 10_000}万字，多半是引号没有成对，"
            "请改正或缩短后重新导入。"
        )
        raise Unreadable(message) from error
    if "unexpected end" in str(error):
        message = f"第{line}行的引号没有成对，其后的内容无法读取，请改正后重新导入。"
        raise Unreadable(message) from error
    return "引号使用有误，无法分列：字段内的引号应写成两个引号"
