"""How values are written in Chinese pages."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from flask import Flask

from app.clock import SHANGHAI, today
from app.web.permissions import current_actor
from workflows.grammar import Role

_ISO_DAY: Final = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])")


def day(value: date | None) -> str:
    """2026年11月21日; empty where there is none."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def with_days(text: str) -> str:
    """A sentence in which days stand as 2026-04-19, with them in words; other numbers stay."""
    return _ISO_DAY.sub(_in_words, text)


def _in_words(found: re.Match[str]) -> str:
    try:
        return day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def moment(value: datetime | None) -> str:
    """2026年11月21日 09:05, in Shanghai; empty where there is none."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def masked(value: str | None, first: int = 4, last: int = 4) -> str:
    """An identity number of which only both ends are shown; one too short shows nothing."""
    if not value:
        return ""
    if len(value) <= first + last:
        return "*" * len(value)
    return value[:first] + "*" * (len(value) - first - last) + value[-last:]


def masked_name(value: str | None) -> str:
    """The name of a natural person of which only the first character is shown: 张**."""
    return value[0] + "*" * (len(value) - 1) if value else ""


def days_left(due_on: date) -> int:
    """Calendar days until a day; negative when it has passed."""
    return (due_on - today()).days


def init_app(app: Flask) -> None:
    """Give them to all templates, with who is looking and what day it is."""
    for written in (day, with_days, moment, masked, masked_name, days_left):
        app.jinja_env.filters[written.__name__] = written
    app.jinja_env.globals.update(Role=Role, current_actor=current_actor, today=today)
