"""The renderer: HTML and one style sheet in, PDF out; it runs in a process of its own."""

from __future__ import annotations

import hashlib
import resource
from multiprocessing.connection import Connection
from typing import Final, NoReturn

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

CPU_SECONDS: Final = 10
MEMORY_BYTES: Final = 1 << 30


class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint says nothing of its types
    """Fetches nothing: a notice is made of its text, the style sheet and the system's fonts."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Stop the drawing: nobody but a faulty template asks."""
        del headers
        message = f"a notice asked for {url[:200]}"
        raise FatalURLFetchingError(message)


def draw(html: str, style: str, number: str) -> bytes:
    """The PDF: the same bytes for the same arguments, fonts and version, at any time."""
    fetcher = Nothing()
    sheet = CSS(string=style, url_fetcher=fetcher)
    page = HTML(string=html, url_fetcher=fetcher)
    identifier = hashlib.sha256(number.encode()).digest()[:16]
    return bytes(page.write_pdf(stylesheets=[sheet], pdf_identifier=identifier))


def answer(to: Connection, html: str, style: str, number: str) -> None:
    """Draw within limits and send the PDF, or the reason why there is none."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        result: bytes | str = draw(html, style, number)
    except (Exception, FatalURLFetchingError) as error:  # noqa: BLE001 -- it is told to whoever asked
        result = f"{type(error).__name__}: {error}"
    to.send(result)
