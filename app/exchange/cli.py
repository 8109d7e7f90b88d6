"""The commands that import files: `units`, `records`, `measures` and `sanctions`."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup

from app.audit.commands import Action, record
from app.clock import today
from app.db import transaction
from app.errors import Busy
from app.exchange.lines import Fate, Outcome, Report, take_lines
from app.exchange.measures import parse as parse_measures, take as take_measures
from app.exchange.penalties import parse as parse_records
from app.exchange.records import Importer
from app.exchange.sanctions import parse as parse_sanctions, take as take_sanctions
from app.exchange.units import parse as parse_units, take as take_units
from app.people.actor import SYSTEM
from app.tables import Table, Unreadable, read_table

TITLES = {Fate.ACCEPT: "新增", Fate.UPDATE: "更新", Fate.SKIP: "跳过", Fate.REJECT: "拒绝"}
SOME_REJECTED = 1
NOT_READ = 2
"""Exit statuses; the second also where the database stayed locked."""
PROGRESS_EVERY = 1000

units = AppGroup("units", help="Authorities: providers, departments, the credit office.")
records = AppGroup("records", help="Records of adverse information.")
measures = AppGroup("measures", help="The catalogue of measures.")
sanctions = AppGroup("sanctions", help="Measures applied to subjects.")

Work = Callable[[Table, Report], object]

file_argument = click.argument("file", type=click.Path(path_type=Path))
report_option = click.option(
    "--report",
    type=click.File("w", encoding="utf-8", lazy=False),
    help="Write line, fate and why of every line to this CSV file.",
)


@units.command("import")
@file_argument
@report_option
def import_units(file: Path, report: TextIO | None) -> None:
    """Import units from a CSV or XLSX file."""
    _import("units", file, report, lambda table, to: take_lines(parse_units(table), take_units, to))


@measures.command("import")
@file_argument
@report_option
def import_measures(file: Path, report: TextIO | None) -> None:
    """Import the catalogue of measures from a CSV or XLSX file."""
    _import(
        "measures",
        file,
        report,
        lambda table, to: take_lines(parse_measures(table), take_measures, to),
    )


@sanctions.command("import")
@file_argument
@report_option
def import_sanctions(file: Path, report: TextIO | None) -> None:
    """Import sanctions from a CSV or XLSX file."""
    _import(
        "sanctions",
        file,
        report,
        lambda table, to: take_lines(parse_sanctions(table), take_sanctions, to),
    )


@records.command("import")
@file_argument
@report_option
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_records(file: Path, report: TextIO | None, dry_run: bool) -> None:
    """Import records from a CSV or XLSX file."""
    importer = Importer(dry_run=dry_run)
    _import(
        "records",
        file,
        report,
        lambda table, to: take_lines(parse_records(table, today()), importer.take, to),
        dry_run=dry_run,
    )


def _import(
    what: str, path: Path, file: TextIO | None, work: Work, *, dry_run: bool = False
) -> None:
    """Do the work on a file and end with the status that says how it went."""
    report = Report(file, _tell(quiet=file is not None))
    digest = ""
    try:
        digest = _digest(path)
        with read_table(path) as table:
            work(table, report)
    except (OSError, Unreadable, Busy) as error:
        click.echo(f"{path}：{_sentence(error)}", err=True)
        sys.exit(NOT_READ)
    finally:
        if report.counts and not dry_run:
            _record(what, digest, report)
        _sum_up(report, dry_run=dry_run)
    sys.exit(SOME_REJECTED if report.counts[Fate.REJECT] else 0)


def _record(what: str, digest: str, report: Report) -> None:
    """How many lines had which fate; of which file, by its SHA-256."""
    counts = {fate.value: report.counts[fate] for fate in Fate}
    with transaction():
        record(Action.IMPORTED, SYSTEM, f"import:{what}", sha256=digest, **counts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sentence(error: Exception) -> str:
    if isinstance(error, Busy):
        return "数据库繁忙，此前的行已导入，请稍后重新导入（已导入的行会自动跳过）。"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _tell(*, quiet: bool) -> Callable[[Outcome], None]:
    """Each line goes to standard output unless a report is written; a terminal sees progress."""
    progress = sys.stderr.isatty()

    def tell(outcome: Outcome) -> None:
        if not quiet:
            click.echo(f"{outcome.line}\t{outcome.fate.value}\t{' '.join(outcome.why.split())}")
        if progress and outcome.line % PROGRESS_EVERY == 0:
            click.echo(f"\r已处理 {outcome.line} 行", nl=False, err=True)

    return tell


def _sum_up(report: Report, *, dry_run: bool) -> None:
    counted = "，".join(f"{TITLES[fate]} {report.counts[fate]}" for fate in Fate)
    click.echo(f"{'试运行，未写入：' if dry_run else ''}{counted}", err=True)
