"""Imports a file from beginning to end: reads it, takes its lines, records that it was done."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import sqlalchemy as sa

from app.audit.commands import Action, record
from app.clock import today
from app.db import db, transaction
from app.exchange.authorities import Authorities
from app.exchange.lines import Fate, Report, take_lines
from app.exchange.penalties import parse as parse_records
from app.exchange.records import Importer
from app.exchange.repeats import Repeats, repeats_in
from app.people.actor import SYSTEM, Actor
from app.records.models import Record
from app.tables import Table, Unreadable, read_table

NO_LINES: Final = "文件只有表头，没有数据行，请检查后重新导入。"
Tell: TypeAlias = "Callable[[int, float | None], object]"
"""Called after every batch: how many lines are done, and which part of the file (0 to 1) that is,
None where it is not known."""
Work: TypeAlias = "Callable[[Table, Report, Callable[[int], object]], object]"
"""Takes the lines of a table; calls the last argument with the number of lines done so far."""


def import_records(
    path: Path,
    *,
    only_unit: str | None,
    tell: Tell,
    report: Report,
    dry_run: bool = False,
    actor: Actor = SYSTEM,
) -> Counter[Fate]:
    """Import an export of records; how many of its lines had which fate.

    `only_unit`: the code of the authority that hands the file in; lines of another are rejected.
    Every batch is a transaction of its own: what is done stays done when the rest fails, and the
    same file again brings the rest alone. Call it outside transaction(). Raises Unreadable where
    the file is none that can be read, OSError where it cannot be opened, Busy where the database
    stays locked; each says in Chinese what to do.
    """
    importer = Importer(only_unit=only_unit, dry_run=dry_run, repeats=_repeats(path))

    def work(table: Table, to: Report, done: Callable[[int], object]) -> None:
        take_lines(parse_records(table, today()), importer.take, to, done)

    return run("records", path, work, report, tell, dry_run=dry_run, actor=actor)


def run(
    what: str,
    path: Path,
    work: Work,
    report: Report,
    tell: Tell,
    *,
    dry_run: bool = False,
    actor: Actor = SYSTEM,
) -> Counter[Fate]:
    """Do the work on the table in a file; the audit log keeps counts and the file's SHA-256.

    Raises what `import_records` raises.
    """
    digest = _digest(path)
    try:
        with read_table(path) as table:
            work(table, report, lambda lines: tell(lines, table.read()))
        if not report.counts:
            raise Unreadable(NO_LINES)
    finally:
        if report.counts and not dry_run:
            _record(what, digest, report, actor)
    return report.counts


def _repeats(path: Path) -> Repeats | None:
    """The repeats of a file; nothing of it was imported before where there are no records yet."""
    units = Authorities.registered()
    there = db.session.scalar(sa.select(Record.id).limit(1)) is not None
    if not there:
        return None
    with read_table(path) as table:
        return repeats_in(parse_records(table, today()), units)


def _record(what: str, digest: str, report: Report, actor: Actor) -> None:
    counts = {fate.value: report.counts[fate] for fate in Fate}
    with transaction():
        record(Action.IMPORTED, actor, f"import:{what}", sha256=digest, **counts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
