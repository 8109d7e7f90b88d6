"""Files that people take away; what others gave is never shown in the place of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from flask import Response

SANDBOX: Final = "default-src 'none'; sandbox"


def download(data: bytes | Iterator[bytes], media_type: str, name: str) -> Response:
    """A file under its name (RFC 6266), sent part by part where it comes so.

    Were it opened in the browser, it could do nothing.
    """
    answer = Response(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def shown(data: bytes, media_type: str) -> Response:
    """A file of our own making that the browser may show in a page of its own."""
    return Response(data, content_type=media_type, headers={"Content-Disposition": "inline"})
