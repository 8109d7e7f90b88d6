"""The commands that import files: `units`, `records`, `measures` and `sanctions`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup

from app.errors import Busy
from app.exchange.lines import Fate, Outcome, Report, take_lines
from app.exchange.measures import parse as parse_measures, take as take_measures
from app.exchange.progress import Progress
from app.exchange.running import Tell, import_records as run_records, run
from app.exchange.sanctions import parse as parse_sanctions, take as take_sanctions
from app.exchange.units import parse as parse_units, take as take_units
from app.tables import Table, Unreadable

TITLES = {Fate.ACCEPT: "新增", Fate.UPDATE: "更新", Fate.SKIP: "跳过", Fate.REJECT: "拒绝"}
SOME_REJECTED = 1
NOT_READ = 2
"""Exit statuses; the second also where the database stayed locked."""

units = AppGroup("units", help="Authorities: providers, departments, the credit office.")
records = AppGroup("records", help="Records of adverse information.")
measures = AppGroup("measures", help="The catalogue of measures.")
sanctions = AppGroup("sanctions", help="Measures applied to subjects.")

Done = Callable[[int], object]

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

    def work(table: Table, to: Report, done: Done) -> None:
        take_lines(parse_units(table), take_units, to, done)

    _import(file, report, lambda to, tell: run("units", file, work, to, tell))


@measures.command("import")
@file_argument
@report_option
def import_measures(file: Path, report: TextIO | None) -> None:
    """Import the catalogue of measures from a CSV or XLSX file."""

    def work(table: Table, to: Report, done: Done) -> None:
        take_lines(parse_measures(table), take_measures, to, done)

    _import(file, report, lambda to, tell: run("measures", file, work, to, tell))


@sanctions.command("import")
@file_argument
@report_option
def import_sanctions(file: Path, report: TextIO | None) -> None:
    """Import sanctions from a CSV or XLSX file."""

    def work(table: Table, to: Report, done: Done) -> None:
        take_lines(parse_sanctions(table), take_sanctions, to, done)

    _import(file, report, lambda to, tell: run("sanctions", file, work, to, tell))


@records.command("import")
@file_argument
@report_option
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_records(file: Path, report: TextIO | None, dry_run: bool) -> None:
    """Import records from a CSV, XLSX or XML file."""
    _import(
        file,
        report,
        lambda to, tell: run_records(file, only_unit=None, tell=tell, report=to, dry_run=dry_run),
        dry_run=dry_run,
    )


def _import(
    path: Path,
    file: TextIO | None,
    work: Callable[[Report, Tell], object],
    *,
    dry_run: bool = False,
) -> None:
    """Do the work on a file and end with the status that says how it went."""
    report = Report(file) if file else Report(tell=_say)
    progress = Progress(sys.stderr)
    try:
        work(report, progress.tell)
    except (OSError, Unreadable, Busy) as error:
        progress.end()
        click.echo(f"{path}：{_sentence(error)}", err=True)
        sys.exit(NOT_READ)
    finally:
        progress.end()
        _sum_up(report, dry_run=dry_run)
    sys.exit(SOME_REJECTED if report.counts[Fate.REJECT] else 0)


def _sentence(error: Exception) -> str:
    if isinstance(error, Busy):
        return "数据库繁忙，此前的行已导入，请稍后重新导入（已导入的行会自动跳过）。"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _say(outcome: Outcome) -> None:
    click.echo(f"{outcome.line}\t{outcome.fate.value}\t{' '.join(outcome.why.split())}")


def _sum_up(report: Report, *, dry_run: bool) -> None:
    counted = "，".join(f"{TITLES[fate]} {report.counts[fate]}" for fate in Fate)
    click.echo(f"{'试运行，未写入：' if dry_run else ''}{counted}", err=True)
