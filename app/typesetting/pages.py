"""What is set, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


class Unsettable(Exception):  # noqa: N818 -- reads as what happened
    """The renderer does not set this page; the message says why, in the renderer's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document before it is set: the PDF is a function of this, the fonts and the renderer.

    `identifier` tells it from others; `data` is JSON that the file carries along, `on` the day
    that stands in the file.
    """

    html: str = field(repr=False)
    style: str = field(repr=False)
    identifier: str
    on: date
    data: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point of a page, which is counted from 0: millimetres from its left and upper edge."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A document that was set; `places` is where the elements stand that have an `id`.

    `renderer` is what drew, with its versions: another one may draw other bytes.
    """

    pdf: bytes = field(repr=False)
    places: dict[str, Place]
    renderer: str
