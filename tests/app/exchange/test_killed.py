"""An import that is killed in the middle is finished by the next, with nothing lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.people.models import Subject
from app.people.names import folded
from app.people.queries import finding
from app.records.models import Record, RecordVersion, SwitchPeriod
from config import ROOT
from tests.app.exchange.conftest import CITY
from tests.app.exchange.exports import firm_code, penalty, write

LINES = 1_700
COLUMNS = (
    (RecordVersion.key, RecordVersion.version, RecordVersion.content["facts"].as_string()),
    (Record.decision_no, Record.subject_code, Record.severity, Record.disclosed_until),
    (Record.decision_no, SwitchPeriod.switch, SwitchPeriod.since, SwitchPeriod.until),
    (Subject.code, Subject.name, Subject.search_name),
)


def command(app: Flask, *args: str) -> subprocess.Popen[str]:
    """A process of its own, on the database of an application."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=False)
    keys = {"SECRET_KEY": "s" * 32, "FIELD_KEY": "f" * 32, "AUDIT_KEY": "a" * 32}
    environ = os.environ | keys | {"DATABASE_URL": url, "DEMO": "0", "DATA_DIR": app.instance_path}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *args],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def fates(process: subprocess.Popen[str], until: int = LINES) -> list[str]:
    """The fates that a process reports, as long as there are fewer; then it is killed."""
    assert process.stdout is not None
    found = []
    with process:
        for line in process.stdout:
            found.append(line.split("\t")[1])
            if len(found) == until < LINES:
                process.send_signal(signal.SIGKILL)
                break
    return found


def everything(app: Flask) -> list[Any]:
    """What an import leaves behind, whatever the numbers of the rows."""
    with app.app_context():
        rows = [sorted(map(str, db.session.execute(_joined(columns)).all())) for columns in COLUMNS]
        found = db.session.scalars(finding(folded("示例有限公司"), LINES))
        return [*rows, sorted(subject.code for subject in found)]


def _joined(columns: tuple[Any, ...]) -> sa.Select[Any]:
    chosen = sa.select(*columns)
    if columns[-1] is SwitchPeriod.until:
        return chosen.join(Record, Record.id == SwitchPeriod.record_id)
    return chosen


def test_a_killed_import_run_again_ends_like_one_that_was_not(
    make_app: Callable[..., Flask], tmp_path: Path
):
    """Some records have two lines, one of them before and one after the kill or both before it."""
    day = {"decided_on": "2024/06/21", "disclosed_until": "2024/12/21"}
    lines = [penalty(number, **day) for number in range(1, LINES + 1)]
    for place in (600, 1_600):
        lines[place] = penalty(5 + place, **day) | {"code": firm_code(7)}
        lines[place - 1] = penalty(place // 100, **day, facts="另有内容")
    path = str(write(tmp_path / "many.csv", lines))
    clean, killed = make_app(), make_app()
    for app in (clean, killed):
        fates(command(app, "units", "import", str(CITY / "units.csv")))
    whole = fates(command(clean, "records", "import", path))
    fates(command(killed, "records", "import", path), 700)
    last = fates(command(killed, "records", "import", path))
    assert len(whole) == len(last) == LINES
    assert last[:1_000] == ["skip"] * 1_000
    assert 0 < last.count("accept") < whole.count("accept")
    assert everything(killed) == everything(clean)
