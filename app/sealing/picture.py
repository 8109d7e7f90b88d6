"""A round seal drawn as vectors: ring, the unit's name along it, a star, a line of text below.

国发〔1999〕25号: at most 45 mm, a five-pointed star for bodies without the state emblem, the name
in 宋体 from left to right along the ring.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from app.typesetting import faces

DIAMETER: Final = 42.0
"""Millimetres."""
POINTS: Final = 72 / 25.4
COLOUR: Final = "0.85 0 0"
_RING: Final = 1.2
_STAR: Final = 6.6
_CIRCLE: Final = 0.5522847498
"""Four Bézier curves with handles of this length, in radii, look like a circle."""
_SOURCES: Final = (
    "宋体-common.ttf",
    "宋体-rest.ttf",
    "宋体-all.otf",
    "HanaMinA.ttf",
    "HanaMinB.ttf",
)

Matrix = tuple[float, float, float, float, float, float]


@cache
def drawn(name: str, below: str = "") -> bytes:
    """The seal of a unit as PDF operators in a square of `DIAMETER`, its origin at lower left.

    The name stands along the ring, `below` under the star.
    """
    lines = [f"q {COLOUR} rg {COLOUR} RG {_RING * POINTS:.3f} w"]
    lines += _ring(DIAMETER / 2, DIAMETER / 2 - _RING / 2)
    lines += _star(DIAMETER / 2, DIAMETER / 2, _STAR)
    lines += [line for one in _around(name) for line in _character(*one)]
    lines += [line for one in _across(below) for line in _character(*one)]
    return "\n".join([*lines, "Q"]).encode()


def _ring(middle: float, radius: float) -> Iterator[str]:
    corners = [(radius, 0.0), (0.0, radius), (-radius, 0.0), (0.0, -radius)]
    handle = radius * _CIRCLE
    yield _at("m", (middle + radius, middle))
    for (x, y), (to_x, to_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        # The tangent of a circle stands at a right angle to its radius.
        first = (middle + x - y / radius * handle, middle + y + x / radius * handle)
        second = (middle + to_x + to_y / radius * handle, middle + to_y - to_x / radius * handle)
        yield _at("c", first, second, (middle + to_x, middle + to_y))
    yield "s"


def _star(x: float, y: float, radius: float) -> Iterator[str]:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    for corner in range(10):
        angle, length = math.radians(90 + 36 * corner), (inner if corner % 2 else radius)
        point = (x + length * math.cos(angle), y + length * math.sin(angle))
        yield _at("l" if corner else "m", point)
    yield "f"


def _around(name: str) -> Iterator[tuple[str, Matrix]]:
    """Each character of the name with its place: upright on a circle, evenly over the upper arc."""
    count = len(name)
    size = min(6.0, 62 / max(count, 1))
    radius = DIAMETER / 2 - _RING - 1.0 - size
    step = math.radians(min(30.0, 250 / max(count, 1)))
    for place, character in enumerate(name):
        turn = (place - (count - 1) / 2) * step
        cos, sin = math.cos(turn) * size, math.sin(turn) * size
        x = DIAMETER / 2 + radius * math.sin(turn)
        y = DIAMETER / 2 + radius * math.cos(turn)
        # The foot of the character stands on the circle, its middle on the radius.
        yield character, (cos, -sin, sin, cos, x - cos / 2, y + sin / 2)


def _across(text: str) -> Iterator[tuple[str, Matrix]]:
    size = 4.2
    left = DIAMETER / 2 - size * len(text) / 2
    for place, character in enumerate(text):
        yield character, (size, 0, 0, size, left + place * size, 7.0)


def _character(character: str, matrix: Matrix) -> Iterator[str]:
    """Its outline, filled; a character is 1 wide and high before the matrix, its foot at 0."""
    font, glyph = _glyph(character)
    unit = 1 / font["head"].unitsPerEm
    a, b, c, d, x, y = matrix
    lift = 0.12  # what hangs below the line
    pen = _Operators(font.getGlyphSet())
    placed = (a * unit, b * unit, c * unit, d * unit, x + c * lift, y + d * lift)
    font.getGlyphSet()[glyph].draw(TransformPen(pen, placed))
    yield from pen.lines
    yield "f"


def _glyph(character: str) -> tuple[TTFont, str]:
    for source in _SOURCES:
        font, names = _font(source)
        if ord(character) in names:
            return font, names[ord(character)]
    font, names = _font(_SOURCES[0])
    return font, ".notdef"


@cache
def _font(source: str) -> tuple[TTFont, dict[int, str]]:
    font = TTFont(faces.FOLDER / source, lazy=True)
    return font, font.getBestCmap()


def _at(operator: str, *points: Sequence[float]) -> str:
    told = " ".join(f"{x * POINTS:.2f} {y * POINTS:.2f}" for x, y in points)
    return f"{told} {operator}"


class _Operators(BasePen):  # type: ignore[misc]  # fontTools says nothing of its types
    """Writes an outline as PDF operators."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.lines: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools calls it so
        self.lines.append(_at("m", pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools calls it so
        self.lines.append(_at("l", pt))

    def _curveToOne(  # noqa: N802 -- fontTools calls it so
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.lines.append(_at("c", pt1, pt2, pt3))

    def _closePath(self) -> None:  # noqa: N802 -- fontTools calls it so
        self.lines.append("h")
