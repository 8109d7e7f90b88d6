"""Draws the papers that people hand in: a page as if scanned, as PDF or PNG."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 620
HEIGHT: Final = 877
"""A page of A4 at 75 dots an inch: small, and still read without effort."""
MARGIN: Final = 60
LINE: Final = 25
FONT: Final = "NotoSansCJK-Regular.ttc"
SIMPLIFIED: Final = 2
"""The place of the Chinese face in the font's file."""


def paper(filename: str, title: str, *lines: str) -> tuple[str, bytes]:
    """A file with a title, some paragraphs and a seal; a PDF or a PNG, as its name ends."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "#fdfcf7")
    pen = ImageDraw.Draw(page)
    heading = _font(26)
    pen.text(((WIDTH - pen.textlength(title, heading)) / 2, 70), title, "#111111", heading)
    text, y = _font(16), 140
    for line in (part for paragraph in lines for part in _broken(paragraph)):
        pen.text((MARGIN, y), line, "#222222", text)
        y += LINE
    _seal(pen, y + 60)
    file = io.BytesIO()
    page.save(file, "PDF" if filename.endswith(".pdf") else "PNG")
    return filename, file.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=SIMPLIFIED)


def _broken(paragraph: str) -> list[str]:
    """Lines of 29 characters, the first one indented."""
    text = f"　　{paragraph}"
    return [text[start : start + 29] for start in range(0, len(text), 29)]


def _seal(pen: ImageDraw.ImageDraw, y: int) -> None:
    box = (WIDTH - 200, y, WIDTH - 90, y + 110)
    pen.ellipse(box, outline="#c62828", width=3)
    pen.text((WIDTH - 168, y + 42), "示例章", "#c62828", _font(16))
