"""The renderer: HTML and one style sheet in, PDF out; it runs in a process of its own."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from html import unescape
from importlib.metadata import version
from typing import Any, Final, NoReturn

import segno
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from app.typesetting import faces
from app.typesetting.pages import Drawn, Page, Place, Unsettable

CPU_SECONDS: Final = 10
MEMORY_BYTES: Final = 1 << 30
_MILLIMETRES: Final = 25.4 / 96
MASK: Final = 2
"""Of the eight patterns of a square code, all of which are read; to weigh them against each other
takes 3 ms."""
_SQUARE: Final = re.compile(r'<figure data-square="(?P<address>[^"<>]+)"></figure>')
"""Where a page wants a square code; drawn here, where no step waits for it."""


class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint says nothing of its types
    """Fetches nothing: a notice is made of its text, the style sheet and our fonts."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Stop the drawing: nobody but a faulty template asks."""
        del headers
        message = f"a notice asked for {url[:200]}"
        raise FatalURLFetchingError(message)


def draw(page: Page) -> Drawn:
    """The PDF/A-3a: the same bytes for the same page, fonts and renderer, at any time."""
    fetcher, fonts = Nothing(), _fonts()
    html = _SQUARE.sub(_square, page.html)
    document = HTML(string=html, url_fetcher=fetcher).render(
        font_config=fonts, stylesheets=[_sheet(page.style)]
    )
    pdf = document.write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=hashlib.sha256(page.identifier.encode()).digest()[:16],
        attachments=list(_attached(page)),
    )
    return Drawn(pdf=bytes(pdf), places=_places(document.pages), renderer=_renderer())


def fenced(page: Page) -> Drawn:
    """As `draw`, within limits of time and memory; raises Unsettable where it cannot be set."""
    seconds = int(time.process_time()) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    try:
        return draw(page)
    except (Exception, FatalURLFetchingError) as error:  # noqa: BLE001 -- it is told to whoever asked
        message = f"{type(error).__name__}: {error}"
        raise Unsettable(message) from None


def confine() -> None:
    """Limit what this process may take, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@cache
def _renderer() -> str:
    names = ("weasyprint", "pydyf", "fonttools", "segno")
    number: int = pango.pango_version()
    told = [f"{name} {version(name)}" for name in names]
    return ", ".join([*told, f"pango {number // 10000}.{number // 100 % 100}.{number % 100}"])


@cache
def _fonts() -> Any:
    """Our fonts and no others; made once, it keeps what it has read of them."""
    os.putenv("FONTCONFIG_FILE", str(faces.CONFIGURATION))  # fontconfig reads it there
    faces.prepared()
    return FontConfiguration()


@lru_cache(maxsize=4)
def _sheet(style: str) -> Any:
    return CSS(string=style, url_fetcher=Nothing(), font_config=_fonts())


def _square(named: re.Match[str]) -> str:
    """The square code that leads to an address, as a picture in the page."""
    code = segno.make(unescape(named["address"]), error="m", mask=MASK)
    svg = code.svg_inline(border=0, omitsize=True, title="核验本文书的二维码")
    return f"<figure>{svg}</figure>"


def _attached(page: Page) -> Iterator[Any]:
    if page.data:
        midnight = datetime(page.on.year, page.on.month, page.on.day)  # noqa: DTZ001 -- a day, without a zone
        yield Attachment(
            string=page.data,
            name="notice.json",
            description="本文书的数据",
            relationship="Data",
            created=midnight,
            modified=midnight,
        )


def _places(pages: list[Any]) -> dict[str, Place]:
    return {
        name: Place(page=number, x=left * _MILLIMETRES, y=top * _MILLIMETRES)
        for number, page in enumerate(pages)
        for name, (left, top, *_) in page.anchors.items()
    }
