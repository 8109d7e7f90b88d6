"""Tables in XML: `<ROWDATA><ROW><CF_WSH>…</CF_WSH>…</ROW>…</ROWDATA>` (pure)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO, Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.tables.rows import LONGEST_FIELD, WIDEST, Row, Unreadable
from app.tables.texts import encoding_of

ROOT: Final = "rowdata"
ROW: Final = "row"
_ROOT_DEPTH, _ROW_DEPTH, _CELL_DEPTH = 1, 2, 3
_CHUNK: Final = 2**16
_LONGEST_MARK: Final = 2**20
"""Bytes of a single tag or comment, which the parser has to keep whole."""
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_KNOWN: Final = frozenset({"utf-8", "utf8", "gbk", "gb2312", "gb18030", "ascii", "us-ascii"})


def envelope_rows(file: IO[bytes]) -> Iterator[Row]:
    """The names of the elements as a header, then the rows; an element that a row lacks is empty.

    Reads the file twice, since a later row may have elements that the first lacks: Unreadable is
    raised before the first row, wherever the fault is. Rows are counted as if below a header.
    """
    encoding = _encoding(file)
    names: dict[str, int] = {}
    count = sum(1 for _ in _rows(file, encoding, names))
    if count == 0:
        message = "XML 中没有数据行（ROW），请核对文件后重新导入。"
        raise Unreadable(message)
    yield Row(1, list(names))
    for line, (cells, fault) in enumerate(_rows(file, encoding, names), 2):
        yield Row(line, [] if fault else [cells.get(name, "") for name in names], fault)


def _encoding(file: IO[bytes]) -> str:
    """What the bytes are; a declared encoding that is neither UTF-8 nor Chinese is refused."""
    encoding = encoding_of(file)
    file.seek(0)
    found = _DECLARED.match(file.read(_CHUNK).removeprefix(codecs.BOM_UTF8))
    declared = found[1].decode("ascii") if found else "utf-8"
    if declared.lower() not in _KNOWN:
        message = f"XML 声明的编码是 {declared}，请以 UTF-8 或 GB18030 编码重新导出后再导入。"
        raise Unreadable(message)
    return encoding


def _rows(
    file: IO[bytes], encoding: str, names: dict[str, int]
) -> Iterator[tuple[dict[str, str], str]]:
    """The cells of each row by name, and why they cannot be told apart; adds to the names."""
    target = _Rows(names)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            target.read += len(chunk)
            parser.feed(decoder.decode(chunk))
            target.check_mark()
            yield from target.taken()
        parser.feed(decoder.decode(b"", final=True))
        parser.close()
    except DefusedXmlException as error:
        message = "XML 含有文档类型声明或实体，为安全起见不予导入，请删去后重新导入。"
        raise Unreadable(message) from error
    except ParseError as error:
        message = f"XML 不完整或有错（第{error.position[0]}行），请重新导出后再导入。"
        raise Unreadable(message) from error
    yield from target.taken()


class _Rows:
    """Listens to the parser; keeps the rows that are complete and no more."""

    def __init__(self, names: dict[str, int]) -> None:
        self.names = names
        self.read = self.heard = 0
        self.depth = 0
        self.rows: list[tuple[dict[str, str], str]] = []
        self.cells: dict[str, str] = {}
        self.fault = ""
        self.text: list[str] = []
        self.length = 0

    def start(self, tag: str, _: Any) -> None:
        """An element begins: the envelope, a row or a cell; Unreadable where another does."""
        self.heard = self.read
        self.depth += 1
        name = tag.rpartition("}")[2]
        if self.depth == _CELL_DEPTH:
            self._begin_cell(name)
        elif self.depth == _ROW_DEPTH:
            _expect(name, ROW)
            self.cells, self.fault = {}, ""
        elif self.depth == _ROOT_DEPTH:
            _expect(name, ROOT)
        else:
            message = (
                f"XML 的数据项中又有下级元素“{name[:40]}”，请按 ROWDATA、ROW、数据项三层导出。"
            )
            raise Unreadable(message)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.depth == _CELL_DEPTH:
            self.cells[tag.rpartition("}")[2]] = "".join(self.text)
        elif self.depth == _ROW_DEPTH:
            self.rows.append((self.cells, self.fault))
        self.depth -= 1

    def data(self, text: str) -> None:
        """Text, which may come in pieces; Unreadable where it has no end."""
        self.heard = self.read
        if self.depth != _CELL_DEPTH:
            if text.strip():
                self.fault = "ROW 中有不属于任何数据项的文字，请检查后重报"
            return
        self.text.append(text)
        self.length += len(text)
        if self.length > LONGEST_FIELD:
            message = f"XML 中有一项超过{LONGEST_FIELD // 10_000}万字，请缩短后重新导入。"
            raise Unreadable(message)

    def close(self) -> None:
        """All is read."""

    def taken(self) -> list[tuple[dict[str, str], str]]:
        """The rows that were completed since the last call."""
        rows, self.rows = self.rows, []
        return rows

    def check_mark(self) -> None:
        """A tag or comment without end would fill the memory of the parser."""
        if self.read - self.heard > _LONGEST_MARK:
            message = "XML 中有一个标记过长或没有结束，请检查后重新导入。"
            raise Unreadable(message)

    def _begin_cell(self, name: str) -> None:
        self.text, self.length = [], 0
        if name in self.cells:
            self.fault = f"数据项“{name[:40]}”出现两次，请只保留一个后重报"
        self.names.setdefault(name, len(self.names))
        if len(self.names) > WIDEST:
            message = f"XML 的数据项超过{WIDEST}种，请核对文件后重新导入。"
            raise Unreadable(message)


def _expect(name: str, wanted: str) -> None:
    if name.casefold() != wanted:
        message = (
            f"XML 中有不认识的元素“{name[:40]}”：应为 <ROWDATA><ROW>…</ROW></ROWDATA>；"
            "网页或 Excel 另存的 XML 请改存为 .xlsx 或 CSV 后再导入。"
        )
        raise Unreadable(message)
