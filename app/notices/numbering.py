"""Numbers without gaps: counters that are raised in the transaction that uses the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.db import ask, db
from app.notices.models import Counter

_TAKEN: Final[sa.BindParameter[int]] = sa.bindparam("taken", type_=sa.Integer)
_INSERT: Final[dict[str, Callable[[type[Counter]], sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_TAKE: Final[dict[str, sa.Executable]] = {
    dialect: insert(Counter)
    .values(series=sa.bindparam("of_series"), value=_TAKEN)
    .on_conflict_do_update(index_elements=["series"], set_={"value": Counter.value + _TAKEN})
    .returning(Counter.value)
    for dialect, insert in _INSERT.items()
}
"""Built once: each step takes numbers, and building takes as long as taking."""


def take(series: str, n: int = 1) -> range:
    """The next `n` numbers of a series, which begins at 1: `take("YY-2026", 2)` → 1, 2.

    The series stays locked until the transaction ends and goes back with it, so take as late as
    can be and several series in alphabetical order (`take_numbers` does).
    """
    if n < 1:
        message = f"cannot take {n} numbers"
        raise ValueError(message)
    statement = _TAKE[db.session.get_bind().dialect.name]
    last: int = ask(statement, {"of_series": series, "taken": n}).scalar_one()
    return range(last - n + 1, last + 1)


def take_numbers(wanted: Mapping[str, int], year: int) -> dict[str, range]:
    """The next document numbers of a year per series word: `{"某信异受": 2}` → `{…: range}`.

    Series are taken in alphabetical order, so that transactions cannot wait for each other in a
    circle. Each series begins anew with every year.
    """
    return {word: take(series(word, year), n) for word, n in sorted(wanted.items())}


def series(word: str, year: int) -> str:
    """The name of a series: `某信异受〔2026〕` (GB/T 9704: full year in hexagonal brackets)."""
    return f"{word}〔{year}〕"


def open_text(word: str, year: int) -> str:
    """As `text`, before the number is taken: `某信异受〔2026〕　　号`."""
    return f"{series(word, year)}　　号"


def text(word: str, year: int, ordinal: int) -> str:
    """A document number as printed, without leading zeros: `某信异受〔2026〕1号`."""
    return f"{series(word, year)}{ordinal}号"
