"""Takes in the exports of the demonstration city, as an office takes in those of its units."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.audit.commands import Action, record
from app.clock import today
from app.db import transaction
from app.exchange import measures, penalties, sanctions, units
from app.exchange.lines import Fate, Report, take_lines
from app.exchange.records import Importer
from app.people.actor import SYSTEM
from app.tables import Table, read_table

DATA: Final = Path(__file__).parent / "data"

Work = Callable[[Table, Report], None]


def take_units() -> None:
    """The authorities."""
    _take("units", lambda table, to: take_lines(units.parse(table), units.take, to))


def take_measures() -> None:
    """The catalogue of measures."""
    _take("measures", lambda table, to: take_lines(measures.parse(table), measures.take, to))


def take_records_and_sanctions() -> None:
    """The records decided by today, and the sanctions that rest on them; the rest is rejected.

    Again later it brings what was decided meanwhile.
    """
    take = Importer().take
    _take(
        "records",
        lambda table, to: take_lines(penalties.parse(table, today()), take, to),
        "penalties-v2.csv",
    )
    _take("sanctions", lambda table, to: take_lines(sanctions.parse(table), sanctions.take, to))


def _take(what: str, work: Work, name: str = "") -> None:
    path = DATA / (name or f"{what}.csv")
    report = Report()
    with read_table(path) as table:
        work(table, report)
    counts = {fate.value: report.counts[fate] for fate in Fate}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction():
        record(Action.IMPORTED, SYSTEM, f"import:{what}", sha256=digest, **counts)
