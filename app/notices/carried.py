"""The data that a PDF carries along (PDF/A-3): what its page says, for programs to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup

from app.notices.render import chinese_date, chinese_moment, yuan


def carried(context: Mapping[str, Any], html: str) -> str:
    """The frozen context of a notice as JSON, less what its page does not print.

    A promise that everybody may read is made from a context with the number of an identity card:
    whatever the reader of the page does not learn from it, the file must not tell either.
    """
    text = "".join(Markup(html).striptags().split())  # noqa: S704 -- read, not shown
    return json.dumps(_printed(context, text), ensure_ascii=False, sort_keys=True)


def _printed(value: Any, text: str) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _printed(one, text) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, {}, [])}
    if isinstance(value, list):
        kept_rows = [_printed(one, text) for one in value]
        return [one for one in kept_rows if one not in (None, {}, [])]
    if isinstance(value, str):
        return value if value and _stands_in(value, text) else None
    return value


def _stands_in(value: str, text: str) -> bool:
    return any("".join(form.split()) in text for form in _forms(value))


def _forms(value: str) -> list[str]:
    """How a value may be printed."""
    forms = [value]
    for parse, printed in (
        (date.fromisoformat, chinese_date),
        (datetime.fromisoformat, chinese_moment),
    ):
        try:
            parse(value)
        except ValueError:
            continue
        forms.append(printed(value))
    try:
        Decimal(value)
    except InvalidOperation:
        return forms
    return [*forms, yuan(value)]
