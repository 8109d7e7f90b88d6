"""The register of document numbers (文号登记): every series of a year, whole and without gaps."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.db import db
from app.errors import NotFound
from app.notices.models import Counter, Notice
from app.people.queries import names_of, units_by_id
from app.records.queries import rules_today
from app.tables import defused
from workflows import WORKFLOWS

PAGE: Final = 50
AT_ONCE: Final = 1000
"""Numbers that are fetched together for a file."""
STATUSES: Final = {
    "valid": "有效",
    "withdrawn": "已撤回",
    "replaced": "已更正",
    "revoked": "已撤销",
    "void": "已作废",
}
HEADER: Final = (
    *("文号", "文书", "案件编号", "出具单位", "受送达人", "出具日期"),
    *("送达日期", "送达方式", "效力", "原因", "办理人", "更正自"),
)
_OF_A_YEAR: Final = re.compile(r"(?P<word>.+)〔(?P<year>\d{4})〕")
_SHOWN: Final = load_only(
    Notice.title,
    Notice.number,
    Notice.ordinal,
    Notice.case_number,
    Notice.issuer_id,
    Notice.context,
    Notice.issued_on,
    Notice.served_on,
    Notice.served_how,
    Notice.status,
    Notice.status_on,
    Notice.status_reason,
    Notice.status_by_id,
    Notice.replaces_id,
)


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one series: `last` is what its counter says, `known` how many are there.

    `missing` are the numbers below `last` that no notice has, `void` those that say nothing.
    """

    name: str
    word: str
    titles: str
    last: int
    known: int
    missing: tuple[int, ...]
    void: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether each number from 1 to the last stands for one notice."""
        return not self.missing and self.known == self.last


@dataclass(frozen=True, slots=True)
class Entry:
    """One number with what stands behind it, by names."""

    row: Notice
    issuer: str
    to: str
    status: str
    by: str
    replaces: Notice | None


def years() -> list[int]:
    """The years in which numbers were given out, the latest first."""
    return sorted({year for _, _, year, _ in _counters()}, reverse=True)


def series_of(year: int) -> list[Series]:
    """Every series of a year in alphabetical order, each checked for gaps."""
    counters = [one for one in _counters() if one[2] == year]
    names = [name for name, *_ in counters]
    known, void = _counts(names), _void(names)
    titles = _titles()
    return [
        Series(
            name,
            word,
            titles.get(word, ""),
            last,
            known.get(name, 0),
            _missing(name, last) if known.get(name, 0) != last else (),
            void.get(name, ()),
        )
        for name, word, _, last in counters
    ]


def series_named(name: str) -> Series:
    """A series by its name, `某信异受〔2026〕`; raises NotFound."""
    found = _OF_A_YEAR.fullmatch(name)
    wanted = series_of(int(found["year"])) if found else []
    for one in wanted:
        if one.name == name:
            return one
    message = "没有这个文号系列。"
    raise NotFound(message)


def entries(name: str, *, before: int | None = None, limit: int = PAGE) -> list[Entry]:
    """The numbers of a series below `before`, the highest first: ask again with the last one."""
    chosen = sa.select(Notice).options(_SHOWN).where(Notice.series == name)
    if before is not None:
        chosen = chosen.where(Notice.ordinal < before)
    rows = db.session.scalars(chosen.order_by(Notice.ordinal.desc()).limit(limit)).all()
    return _told(rows)


def as_csv(names: Sequence[str]) -> Iterator[bytes]:
    """The numbers of several series as CSV, part by part, the highest of each first."""
    yield codecs.BOM_UTF8 + _line(HEADER)
    for name in names:
        before: int | None = None
        while part := entries(name, before=before, limit=AT_ONCE):
            yield b"".join(_line(_cells(one)) for one in part)
            before = part[-1].row.ordinal
            db.session.expunge_all()


def _counters() -> list[tuple[str, str, int, int]]:
    """Name, word, year and last number of each series of notices; cases count elsewhere."""
    rows = db.session.execute(
        sa.select(Counter.series, Counter.value)
        .where(Counter.series.like("%〕"))
        .order_by(Counter.series)
    )
    found = []
    for name, last in rows:
        if match := _OF_A_YEAR.fullmatch(name):
            found.append((name, match["word"], int(match["year"]), last))
    return found


def _counts(names: Sequence[str]) -> dict[str, int]:
    """How many numbers of each series there are; no number is there twice."""
    chosen = sa.select(Notice.series, sa.func.count()).where(Notice.series.in_(names))
    return {row[0]: row[1] for row in db.session.execute(chosen.group_by(Notice.series))}


def _void(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    chosen = (
        sa.select(Notice.series, Notice.ordinal)
        .where(Notice.series.in_(names), Notice.status != "valid", Notice.status == "void")
        .order_by(Notice.ordinal)
    )
    found: dict[str, tuple[int, ...]] = {}
    for name, ordinal in db.session.execute(chosen):
        found[name] = (*found.get(name, ()), ordinal)
    return found


def _missing(name: str, last: int) -> tuple[int, ...]:
    """The numbers up to the last that are not there; asked only where the count is not right."""
    known = db.session.scalars(
        sa.select(Notice.ordinal).where(Notice.series == name).order_by(Notice.ordinal)
    )
    bounds = pairwise([0, *known, last + 1])
    return tuple(number for below, above in bounds for number in range(below + 1, above))


def _titles() -> dict[str, str]:
    """What the notices of each series are called, by its word in the rules of today."""
    rules = rules_today()
    found: dict[str, list[str]] = {}
    for kind, workflow in WORKFLOWS.items():
        notices = {one.name: one for step in workflow.steps for one in step.notices}
        for one in notices.values():
            words = found.setdefault(rules.text(f"series.{kind}.{one.name}"), [])
            if one.title not in words:
                words.append(one.title)
    return {word: "、".join(titles) for word, titles in found.items()}


def _told(rows: Sequence[Notice]) -> list[Entry]:
    units = units_by_id({row.issuer_id for row in rows})
    names = names_of({row.status_by_id for row in rows if row.status_by_id})
    keys = {row.replaces_id for row in rows if row.replaces_id}
    old = db.session.scalars(sa.select(Notice).options(_SHOWN).where(Notice.id.in_(keys)))
    replaced = {row.id: row for row in old} if keys else {}
    return [
        Entry(
            row,
            units[row.issuer_id].name,
            row.context["notice"]["addressee"]["name"],
            STATUSES[row.status],
            names.get(row.status_by_id or 0, ""),
            replaced.get(row.replaces_id or 0),
        )
        for row in rows
    ]


def _cells(one: Entry) -> list[Any]:
    row = one.row
    return [
        *(row.number, row.title, row.case_number, one.issuer, one.to, row.issued_on.isoformat()),
        row.served_on.isoformat() if row.served_on else "",
        *(row.served_how or "", one.status, row.status_reason or "", one.by),
        one.replaces.number if one.replaces else "",
    ]


def _line(cells: Sequence[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([defused(one) for one in cells])
    return out.getvalue().encode()
