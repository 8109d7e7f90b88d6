"""The pages of notices as small grey pictures, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # says nothing of its types
from PIL import Image, ImageChops, ImageStat

from app.typesetting.pdf import draw
from tests.notices.samples import NOTICES, sample
from tests.notices.test_drawing import page_of

FOLDER: Final = Path(__file__).parent / "approved"
DOTS: Final = 30
"""Per inch: a line of text is twelve high."""
SHADES: Final = 8
CELL: Final = 12
TOLERANCE: Final = 14.0
"""How much of 255 a cell may differ on average; a line that is shifted by one makes it over 30."""


def pages(notice: str) -> list[Image.Image]:
    """Each page of a notice."""
    return list(rendered(draw(page_of(sample(notice))).pdf))


def rendered(pdf: bytes) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        picture = page.render(scale=DOTS / 72, grayscale=True).to_pil().convert("L")
        yield picture.quantize(SHADES).convert("L")
    document.close()


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the cell that differs most; 255 where the sizes are others."""
    if one.size != other.size:
        return 255.0
    apart = ImageChops.difference(one, other)
    width, height = apart.size
    cells = (
        apart.crop((left, top, min(left + CELL, width), min(top + CELL, height)))
        for left in range(0, width, CELL)
        for top in range(0, height, CELL)
    )
    return max(ImageStat.Stat(cell).mean[0] for cell in cells)


def path(notice: str, number: int) -> Path:
    """Where the approved picture of a page is; pages are counted from 1."""
    return FOLDER / f"{notice}-{number}.png"


def approve() -> int:
    """Take the pages as they are now for right; how many."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    count = 0
    for notice in NOTICES:
        for number, picture in enumerate(pages(notice), 1):
            picture.quantize(SHADES).save(path(notice, number), optimize=True)
            count += 1
    return count
