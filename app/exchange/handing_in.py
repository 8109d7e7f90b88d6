"""Does what was handed in: reads the file, takes its lines, writes down what became of each.

What a batch of lines brings about, the fate of each line and how far the import has come are
written in one transaction. A worker may die at any moment: the next one goes on after the last
line that has its fate, and no line is taken or reported twice.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.audit.commands import Action, record
from app.clock import today
from app.db import db, transaction
from app.errors import Busy
from app.exchange import keeping, leases
from app.exchange.authorities import Authorities
from app.exchange.leases import Claim, Lost
from app.exchange.lines import Fate, Line, Outcome, Report, take_lines
from app.exchange.masking import about
from app.exchange.models import COUNTED, Import, ImportLine
from app.exchange.penalties import parse
from app.exchange.records import Importer
from app.exchange.repeats import Repeats, repeats_in
from app.exchange.running import NO_LINES
from app.people.actor import SYSTEM
from app.records.bulk import insert_all, table_of
from app.records.identity import Content
from app.records.models import RecordVersion
from app.tables import Row, Table, Unreadable, read_table

log = logging.getLogger(__name__)

Numbered: TypeAlias = "Sequence[tuple[int, Line[Content]]]"

PAUSE: Final = 0.05
"""Seconds between two batches, so that others who want to write have their turn."""
READ_BETWEEN: Final = 5_000
"""Lines that are read between two renewals of the lease."""
LONGEST_WHY: Final = 1000
EXPECTED: Final = frozenset(
    {
        "新增",
        "内容有变化，已存为新版本，原版本保留",
        "同一记录，内容相同",
        "文件中其后另有该记录的内容，与现有内容相同",
    }
)
"""Reasons that nobody needs to look into."""
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What a reason may quote of a cell, and no database takes or no page shows."""
BROKEN: Final = (
    "系统出错，处理停止。出错之前的行已经处理（见报告），其余没有。请把错误编号告诉管理员；"
    "解决后把同一个文件再报送一次即可，处理过的行会自动跳过。"
)
INTERRUPTED: Final = (
    "处理多次中断，已停止。中断之前的行已经处理（见报告），其余没有。请把错误编号告诉管理员；"
    "解决后把同一个文件再报送一次即可，处理过的行会自动跳过。"
)


class Stopped(Exception):  # noqa: N818 -- reads as what happened
    """The worker was told to stop."""


def run_next(may_go_on: Callable[[], bool] = lambda: True) -> str | None:
    """Work on one import to its end; None where none is waiting. Outside of any transaction.

    Says what became of it: `done`; `failed`, never to be tried again; `again`, to be gone on with
    later; `lost`, taken over by another worker. `may_go_on` is asked before every batch.
    """
    if not leases.open_ones():
        return None
    try:
        _give_up()
        with transaction():
            claim = leases.claim()
        return None if claim is None else _fate(claim, may_go_on)
    except Lost:
        return "lost"


def run_all() -> Counter[str]:
    """Work on every import that waits, one after the other, and count what became of them."""
    counts: Counter[str] = Counter()
    while fate := run_next():
        counts[fate] += 1
        if fate in {"again", "lost"}:
            break
    return counts


def _fate(claim: Claim, may_go_on: Callable[[], bool]) -> str:
    """Raises Lost."""
    try:
        _carry_out(claim, may_go_on)
    except Lost:
        raise
    except Stopped:
        with transaction():
            leases.give_back(claim)
        return "again"
    except Busy:
        with transaction():
            leases.postpone(claim)
        return "again"
    except Unreadable as fault:
        return _end(claim, str(fault))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("import %s failed, reference %s", claim.id, reference)
        return _end(claim, BROKEN, reference)
    return _end(claim)


def _carry_out(claim: Claim, may_go_on: Callable[[], bool]) -> None:
    """Read the file once to see that all of it can be read, then take its lines."""
    file = keeping.path(claim.sha256)
    repeats = _Reading(claim, may_go_on).of(file)
    importer = Importer(claim.unit_code, dry_run=claim.dry_run, repeats=repeats)
    batches = _Batches(claim, importer, may_go_on)
    with read_table(file) as table:
        lines = parse(table, today())
        left = (Line(one.number, one) for one in lines if one.number > claim.last_line)
        take_lines(left, batches.take, Report(), lambda _: time.sleep(PAUSE))


@dataclass
class _Reading:
    """Reads a file from beginning to end, before anything of it is taken or goes on to be."""

    claim: Claim
    may_go_on: Callable[[], bool]
    total: int = 0

    def of(self, file: Path) -> Repeats:
        """Which lines repeat others; keeps how many there are.

        Raises Unreadable where any part of the file cannot be read, Lost, and Stopped when told to.
        """
        with read_table(file) as table:
            lines = parse(Table(table.header, self._counted(table.rows)), today())
            found = repeats_in(lines, Authorities.registered())
        if self.total == 0:
            raise Unreadable(NO_LINES)
        with transaction():
            leases.keep(self.claim, total=self.total)
        return found

    def _counted(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, with the lease renewed on the way: a large workbook takes its time."""
        for row in rows:
            self.total += 1
            if self.total % READ_BETWEEN == 0:
                if not self.may_go_on():
                    raise Stopped
                with transaction():
                    leases.keep(self.claim)
            yield row


@dataclass
class _Batches:
    """Takes batches for an import, each with its part of the report, inside transaction()."""

    claim: Claim
    importer: Importer
    may_go_on: Callable[[], bool]

    def take(self, lines: Numbered) -> list[Outcome]:
        """Give each line its fate and write that down; raises Lost, and Stopped when told to."""
        if not self.may_go_on():
            raise Stopped
        contents = {number: one.values for number, one in lines if one.values is not None}
        outcomes = [Outcome(n, Fate.REJECT, one.fault) for n, one in lines if n not in contents]
        if contents:
            outcomes += self.importer.take(list(contents.items()))
        told = {n: about(contents[n]) if n in contents else one.about for n, one in lines}
        rows = _rows(self.claim.id, outcomes, _records_of(outcomes), told)
        leases.keep(self.claim, **self._progress(rows))
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_all(table_of(ImportLine), columns)
        return outcomes

    def _progress(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        counts = Counter(row["fate"] for row in rows)
        more = {column: getattr(Import, column) + counts[fate] for fate, column in COUNTED.items()}
        notable = Import.notable + sum(row["notable"] for row in rows)
        # A trial begins anew when it is interrupted: whatever it does brings nothing forward.
        tries = {} if self.claim.dry_run else {"attempts": 0}
        return {**more, **tries, "notable": notable, "last_line": max(row["line"] for row in rows)}


def _rows(
    import_id: int,
    outcomes: Sequence[Outcome],
    records: Mapping[str, int],
    told: Mapping[int, str],
) -> list[dict[str, Any]]:
    return [
        {
            "import_id": import_id,
            "line": one.line,
            "fate": one.fate,
            "about": told[one.line],
            "why": _UNFIT.sub(" ", one.why)[:LONGEST_WHY],
            "record_id": records.get(one.key),
            "notable": one.why not in EXPECTED,
        }
        for one in outcomes
    ]


def _records_of(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """The records that lines are about, by key, where there are any by now; in one query."""
    keys = {one.key for one in outcomes if one.key}
    chosen = sa.select(RecordVersion.key, RecordVersion.record_id)
    chosen = chosen.where(RecordVersion.key.in_(keys)).order_by(RecordVersion.id)
    return {row.key: row.record_id for row in db.session.execute(chosen)}


def _end(claim: Claim, fault: str | None = None, reference: str | None = None) -> str:
    """Close the import and record what it came to; raises Lost."""
    with transaction():
        row = leases.end(claim, fault, reference)
        said = {"sha256": row.sha256, "trial": row.dry_run, "failed": fault is not None}
        counts = {fate.value: count for fate, count in row.counts.items()}
        record(Action.IMPORTED, SYSTEM, f"import:{row.id}", **said, **counts)
    return "failed" if fault else "done"


def _give_up() -> None:
    """End what killed its worker again and again."""
    with transaction():
        dead = leases.given_up()
    for claim in dead:
        reference = secrets.token_hex(4)
        log.error("import %s given up, reference %s", claim.id, reference)
        _end(claim, INTERRUPTED, reference)
