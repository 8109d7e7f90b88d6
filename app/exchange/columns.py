"""The columns of the exports: found in a header by Chinese title or by code (pure)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exchange.masking import without_numbers
from app.exchange.values import BLANKS
from app.tables import UNKNOWN, Row, Unreadable


@dataclass(frozen=True, slots=True)
class Column:
    """A column: our name for it, its title and, where it has one, its code (law.md 9).

    `also`: other titles and codes under which it occurs. `unit`: what stands in brackets behind
    its title is a unit, and so no remark that may be left out or differ. `unless`: the name of a
    column beside which it is not required.
    """

    name: str
    title: str
    code: str = ""
    required: bool = True
    also: tuple[str, ...] = ()
    unit: bool = False
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A format of exports: what it is called, and its columns."""

    title: str
    columns: tuple[Column, ...]


Cells = Mapping[str, str]
"""The cells of a row by the names of their columns; an absent column is empty."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand in a file.

    `missing`: the titles of the required ones that do not; `unclear`: why it cannot be told where.
    """

    width: int
    places: Mapping[str, int]
    missing: Sequence[str] = ()
    unclear: str = ""

    def cells(self, row: Row) -> Cells:
        """The cells of a row by name; an absent column reads as empty."""
        cells = row.cells
        return {name: cells[place] for name, place in self.places.items()}

    def fault(self, row: Row) -> str:
        """Why a row cannot be told apart; empty where it can."""
        if len(row.cells) == self.width and not row.fault:
            return ""
        surplus = row.cells[self.width :]
        if row.fault or (len(row.cells) >= self.width and not any(surplus)):
            return row.fault
        return f"应有{self.width}列，实有{len(row.cells)}列，请检查逗号和引号后重报"


def layout(header: Sequence[str], columns: Sequence[Column]) -> Layout:
    """Find the columns in a header, by title or code, in any order.

    Columns that are not ours are passed over. Raises Unreadable where a required one is missing
    or one comes twice.
    """
    found = _found(header, columns)
    if found.unclear:
        raise Unreadable(found.unclear)
    if found.missing:
        message = f"表头缺少：{'、'.join(found.missing)}。请使用规定的列名后重新导入。"
        raise Unreadable(message)
    return found


def shaped(header: Sequence[str], shapes: Sequence[Shape]) -> tuple[Shape, Layout]:
    """Which of the formats a file has, the first before the others, and where its columns stand.

    Raises Unreadable with what is missing for each where it has none.
    """
    found = [(shape, _found(header, shape.columns)) for shape in shapes]
    for shape, one in found:
        if not one.missing:
            return shape, layout(header, shape.columns)
    if not any(one.places for _, one in found):
        raise Unreadable(_foreign(header, shapes))
    wanted = "；".join(f"按{shape.title}缺少：{'、'.join(one.missing)}" for shape, one in found)
    message = (
        f"表头缺少必须有的列（系统认得两种格式，补齐任何一种即可）。{wanted}。"
        "请补上所缺的列后重新导入，或者使用报送页面的模板。"
    )
    raise Unreadable(message)


def _found(header: Sequence[str], columns: Sequence[Column]) -> Layout:
    """A label in full goes before one that differs in what stands in brackets behind it."""
    places, unclear = _places(header, _wanted(columns), {})
    bare = [_without_remark(label) for label in header]
    more, also_unclear = _places(bare, _bare(columns), places)
    unit = _unit_unclear(header, bare, columns, places)
    places |= more
    missing = [
        one.title for one in columns if one.required and not places.keys() & {one.name, one.unless}
    ]
    return Layout(_width(header), places, missing, unclear or also_unclear or unit)


def _wanted(columns: Sequence[Column]) -> dict[str, Column]:
    return {
        _folded(label): one
        for one in columns
        for label in (one.title, one.code, *one.also)
        if label
    }


def _bare(columns: Sequence[Column]) -> dict[str, Column]:
    return {
        _folded(_without_remark(label)): one
        for one in columns
        if not one.unit
        for label in (one.title, *one.also)
    }


def _places(
    labels: Sequence[str], wanted: Mapping[str, Column], before: Mapping[str, int]
) -> tuple[dict[str, int], str]:
    """Where columns stand that did not before, and what comes twice."""
    places: dict[str, int] = {}
    for place, label in enumerate(labels):
        column = wanted.get(_folded(label))
        if column is None or column.name in before or place in before.values():
            continue
        if column.name in places:
            return places, f"表头中“{column.title}”出现两次，请只保留一列。"
        places[column.name] = place
    return places, ""


def _unit_unclear(
    header: Sequence[str], bare: Sequence[str], columns: Sequence[Column], places: Mapping[str, int]
) -> str:
    """An amount is never guessed: 罚款金额 without its unit may be 元 or 万元."""
    units = {_folded(_without_remark(one.title)): one.title for one in columns if one.unit}
    for place, label in enumerate(bare):
        title = units.get(_folded(label))
        if title and place not in places.values():
            return f"表头“{header[place].strip(BLANKS)}”没有写明单位，请写成“{title}”后重新导入。"
    return ""


def _foreign(header: Sequence[str], shapes: Sequence[Shape]) -> str:
    """What to say of a header without a single column of ours."""
    # Where there is no header, these are the cells of somebody.
    seen = without_numbers("、".join(label.strip(BLANKS)[:20] for label in header[:3]))
    if not seen.isprintable() or UNKNOWN in seen:
        return (
            f"文件第一行无法辨认，多半是编码有误或不是表格。第一行应为列名，{_expected(shapes)}。"
            "请以 UTF-8 编码另存为 CSV 后重新导入，或者把内容填进报送页面的模板。"
        )
    return (
        f"文件第一行是“{seen}…”，其中没有行政处罚公示的列名，{_expected(shapes)}。"
        "第一行应为列名：请使用报送页面的模板，或者补上列名后重新导入。"
    )


def _expected(shapes: Sequence[Shape]) -> str:
    """Examples of the columns that a file must have whatever its format."""
    common = [
        one.title
        for one in shapes[0].columns
        if not one.unless and all(one.title in _titles(shape) for shape in shapes)
    ]
    return f"例如“{'”“'.join(common[:2])}”"


def _titles(shape: Shape) -> frozenset[str]:
    return frozenset(one.title for one in shape.columns if one.required)


def _without_remark(label: str) -> str:
    """A label without what stands in brackets behind it: 处罚类别1（0=警告；1=罚款）."""
    return unicodedata.normalize("NFKC", label).partition("(")[0]


def _folded(label: str) -> str:
    """Width, case, blanks and punctuation do not matter."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return "".join(character for character in folded if character.isalnum())


def _width(header: Sequence[str]) -> int:
    """Empty columns at the right, as spreadsheets leave them, do not count."""
    return max((at for at, label in enumerate(header, 1) if label.strip(BLANKS)), default=0)
