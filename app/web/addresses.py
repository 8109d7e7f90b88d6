"""Keys of rows in addresses: what no row can have is not found, and never reaches the database."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST: Final = 2**63 - 1
"""The largest number that a database keeps in one column."""


class KeyConverter(IntegerConverter):
    """`<int:…>` in the route of every view: a number that may be the key of a row."""

    regex = r"\d{1,19}"

    def __init__(self, map_: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map_, *args, **{"max": LARGEST} | kwargs)


def key(text: str) -> int:
    """A key from a query string (`type=key`); raises ValueError for what cannot be one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= LARGEST):
        raise ValueError(text)
    return int(text)


def init_app(app: Flask) -> None:
    """Take the place of Flask's own converter, so that no route can forget it."""
    app.url_map.converters["int"] = KeyConverter
