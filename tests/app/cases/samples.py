"""Files for tests: honest ones, made here, and what must be added to make them dangerous."""

from __future__ import annotations

import io

from PIL import Image


def pdf(*objects: bytes, trailer: bytes = b"", stream: bytes = b"BT ET") -> bytes:
    """A small PDF; `objects` are further objects of it."""
    body = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /Fit] >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *objects,
    ]
    numbered = [b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(body, start=1)]
    return (
        b"%PDF-1.7\n" + b"".join(numbered) + b"trailer\n<< /Root 1 0 R " + trailer + b">>\n%%EOF\n"
    )


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind)
    return buffer.getvalue()
