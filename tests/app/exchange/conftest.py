"""A city whose units are known, and a command line to import with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.clock import at
from app.tables import read_table
from config import ROOT

CITY = ROOT / "app" / "demo" / "data"
DAY = date(2026, 11, 21)


@dataclass
class Report:
    """What an import said: its exit status, and fate and reason by line."""

    status: int
    lines: dict[int, tuple[str, str]]
    output: str

    @property
    def fates(self) -> dict[int, str]:
        """The fate of each line."""
        return {line: fate for line, (fate, _) in self.lines.items()}


Import = Callable[..., Report]


@pytest.fixture
def run(app: Flask, session: Session, tmp_path: Path) -> Import:
    """`run("records", path)` imports a file on 21 November 2026 and reads the report."""

    def run(what: str, path: Path, *options: str) -> Report:
        report = tmp_path / "report.csv"
        session.rollback()
        with at(DAY):
            result: Result = app.test_cli_runner().invoke(
                args=[what, "import", str(path), "--report", str(report), *options]
            )
        assert isinstance(result.exception, SystemExit | None), result.exception
        return Report(result.exit_code, _lines(report), result.output)

    return run


def _lines(report: Path) -> dict[int, tuple[str, str]]:
    with read_table(report) as table:
        assert table.header == ["line", "fate", "why"]
        return {int(row.cells[0]): (row.cells[1], row.cells[2]) for row in table.rows}


@pytest.fixture
def city(run: Import) -> Import:
    """The same, once units and measures of the demonstration city are there."""
    assert run("units", CITY / "units.csv").status == 0
    assert run("measures", CITY / "measures.csv").status == 0
    return run
