"""Where a list goes on: the key of the last thing that was shown, in a form nobody reads (pure)."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any, Final

from app.errors import Invalid

LONGEST: Final = 100
LARGEST: Final = 2**31 - 1


def written(*key: date | int) -> str:
    """The key of the last thing shown."""
    plain = [part.isoformat() if isinstance(part, date) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read(text: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The key that `written` made, of these kinds; None for no text, Invalid for any other."""
    if text is None:
        return None
    try:
        return _read(text, kinds)
    except (ValueError, TypeError, RecursionError):
        raise Invalid({"cursor": "翻页标记无效，请从第一页重新开始。"}) from None


def _read(text: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    if not text.isascii() or len(text) > LONGEST:
        raise ValueError(text)
    padded = text + "=" * (-len(text) % 4)
    parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    if not isinstance(parts, list):
        raise TypeError(text)
    return tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))


def _part(part: Any, kind: type) -> date | int:
    if kind is date:
        return date.fromisoformat(part)
    if type(part) is not int or not 0 <= part <= LARGEST:
        raise ValueError(part)
    return part
