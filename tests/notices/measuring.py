"""Where things stand on a finished page, in millimetres from its upper left corner."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pdfplumber
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

MILLIMETRE: Final = 25.4 / 72
RED: Final = (0.878431, 0.0, 0.0)
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
"""The area of type: 156 mm by 225 mm."""
LINE: Final = 225 / 22
CHARACTER: Final = 156 / 28
NEAR: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Character:
    """A printed character: its box, and its foot on the line."""

    text: str
    font: str
    size: float
    red: bool
    left: float
    right: float
    foot: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """The characters that stand on one foot, from left to right."""

    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.characters)

    @property
    def left(self) -> float:
        return self.characters[0].left

    @property
    def right(self) -> float:
        return self.characters[-1].right

    @property
    def foot(self) -> float:
        return self.characters[0].foot

    @property
    def size(self) -> float:
        return max(one.size for one in self.characters)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def of(self, face: str) -> bool:
        """Whether most of it is set in a face."""
        return sum(face in one.font for one in self.characters) > len(self.characters) / 2


@dataclass(frozen=True, kw_only=True)
class Band:
    """A filled rectangle or a line."""

    left: float
    right: float
    top: float
    bottom: float
    red: bool

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page."""

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    rows: tuple[Row, ...]
    bands: tuple[Band, ...]

    def row(self, text: str) -> Row:
        """The one row that contains a text."""
        (found,) = [one for one in self.rows if text in one.text]
        return found

    def begins(self, text: str) -> Row:
        """The one row that begins with a text."""
        (found,) = [one for one in self.rows if one.text.startswith(text)]
        return found


def sheets(pdf: bytes) -> list[Sheet]:
    """The pages of a file."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_sheet(page) for page in document.pages]


def ink(pdf: bytes, row: Row) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is black of a row, by the outlines in the file."""
    boxes = [_box(pdf, one) for one in row.characters if one.text.strip()]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _sheet(page: Any) -> Sheet:
    characters = tuple(_character(page, one) for one in page.chars)
    return Sheet(
        number=page.page_number,
        width=float(page.width) * MILLIMETRE,
        height=float(page.height) * MILLIMETRE,
        characters=characters,
        rows=tuple(_rows(characters)),
        bands=tuple(
            Band(
                left=float(one["x0"]) * MILLIMETRE,
                right=float(one["x1"]) * MILLIMETRE,
                top=float(one["top"]) * MILLIMETRE,
                bottom=float(one["bottom"]) * MILLIMETRE,
                red=_is_red(one["non_stroking_color"]),
            )
            for one in page.rects
        ),
    )


def _character(page: Any, one: Any) -> Character:
    return Character(
        text=one["text"],
        font=one["fontname"],
        size=float(one["size"]),
        red=_is_red(one["non_stroking_color"]),
        left=float(one["matrix"][4]) * MILLIMETRE,
        right=float(one["x1"]) * MILLIMETRE,
        foot=(float(page.height) - float(one["matrix"][5])) * MILLIMETRE,
    )


def _is_red(colour: Sequence[float] | None) -> bool:
    return colour is not None and tuple(round(one, 6) for one in colour) == RED


def _rows(characters: Sequence[Character]) -> list[Row]:
    """Rows from top to bottom; a gap of three characters parts what stands side by side."""
    rows: list[list[Character]] = []
    for one in sorted(characters, key=lambda one: (round(one.foot, 1), one.left)):
        last = rows[-1][-1] if rows else None
        same = last and abs(last.foot - one.foot) < 0.2 and one.left - last.right < 3 * CHARACTER
        if same:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [Row(characters=tuple(row)) for row in rows]


def _box(pdf: bytes, one: Character) -> tuple[float, float, float, float]:
    glyphs, names = _outlines(pdf, one.font)
    pen = BoundsPen(glyphs)
    glyphs[names[ord(one.text)]].draw(pen)
    left, bottom, right, top = pen.bounds
    scale = one.size * MILLIMETRE / glyphs.font["head"].unitsPerEm
    return (
        one.left + left * scale,
        one.foot - top * scale,
        one.left + right * scale,
        one.foot - bottom * scale,
    )


@cache
def _outlines(pdf: bytes, name: str) -> tuple[Any, dict[int, str]]:
    """The glyphs of a font in a file, and their names by code point."""
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for reference in resources["/Font"].values():
            font = reference.get_object()
            if font["/BaseFont"] == f"/{name}":
                descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
                file = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
                opened = TTFont(io.BytesIO(file.get_object().get_data()))
                return opened.getGlyphSet(), opened.getBestCmap()
    raise KeyError(name)
