"""A year's notice arrives while many clocks run: what `calendar import` takes, all due dates shown and moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.cases.models import Case, CaseLink, StepTaken
from app.cases.suspension.models import Suspension
from app.clock import now
from app.db import add_rows, db, transaction
from app.deadlines.clocks import Event, derive
from app.deadlines.commands import store
from app.deadlines.models import Deadline
from app.deadlines.queries import calendar
from app.records.models import Hold, Measure, Sanction
from app.records.queries import rules_today
from tests.app.cases.city import City, build_city
from tests.app.deadlines.arranged import OF_2027
from tests.bench.databases import Place, Writes
from tests.bench.measuring import Measured, Tell, rate, took
from workflows import WORKFLOWS
from workflows.rules import Rules

DAY: Final = date(2026, 12, 30)
"""A Wednesday: what was accepted in the week up to it is due in the year not announced yet."""
DAYS: Final = 7
AIM: Final = 100_000 / 30
WAY: Final = (
    ("file", None, "draft"),
    ("submit", "draft", "submitted"),
    ("accept", "submitted", "verifying"),
)
BATCH: Final = 500


def years(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """Half as many objections as clocks, each with two that run and one suspension that waits.

    By hand: the statements that write, again and nothing else, with the same commits.
    """
    count = 10_000 if quick else 100_000
    file = place.folder / "2027.toml"
    file.write_text(OF_2027, encoding="utf-8")
    with (
        clock.at(DAY),
        _with_clocks(place, count // 2, tell) as app,
        place.opened(like=app) as twin,
    ):
        tell(f"{count:,} clocks")
        writes = Writes(app)
        ours = took(lambda: _import(app, file))
        by_hand = took(lambda: writes.again(twin))
    return [rate("clock moved by a year's notice", count, ([ours], [by_hand]), AIM)]


def _import(app: Flask, file: Path) -> None:
    done = app.test_cli_runner().invoke(args=["calendar", "import", str(file), "--yes"])
    if done.exit_code:
        raise RuntimeError(done.output)


@contextmanager
def _with_clocks(place: Place, objections: int, tell: Tell) -> Iterator[Flask]:
    """An application with so many objections that were accepted on one day."""
    tell(f"{objections:,} objections are made")
    with place.opened() as app:
        with app.app_context():
            city = build_city()
            with transaction():
                _fill(city, objections)
            with db.engine.connect() as connection:
                connection.execution_options(write=True)
                connection.exec_driver_sql("ANALYZE")
                connection.commit()
        yield app


def _fill(city: City, objections: int) -> None:
    rules = rules_today()
    shared = {"rules_digest": store(rules), "moved_at": now()}
    sanctions = _sanctions(city, objections)
    for start in range(0, objections, BATCH):
        numbers = range(start, min(start + BATCH, objections))
        on = DAY - timedelta(days=start // BATCH % DAYS)
        _batch(city, numbers, sanctions, _clocks(on, rules), {**shared, "filed_on": on})


def _clocks(on: date, rules: Rules) -> list[dict[str, Any]]:
    """The clocks of an objection that was accepted on a day, as rows."""
    events = [Event(n, step, came, to, on, {}) for n, (step, came, to) in enumerate(WAY, 1)]
    dues = derive(WORKFLOWS["objection"].clocks, events, rules, calendar())
    return [asdict(one) for one in dues]


def _sanctions(city: City, count: int) -> list[int]:
    """A sanction for each objection; gives their keys."""
    department, subject = city.unit["executor"], city.subject["company"]
    measure = Measure(
        code="M1", name="限制招标投标", mandatory=False, basis="清单", department_id=department
    )
    db.session.add(measure)
    db.session.flush()
    said = {"subject_id": subject, "measure_id": measure.id, "department_id": department}
    add_rows(Sanction, [{**said, "starts_on": date(2026, 1, 1)} for _ in range(count)])
    return list(db.session.scalars(sa.select(Sanction.id).order_by(Sanction.id)))


def _batch(
    city: City,
    numbers: range,
    sanctions: list[int],
    clocks: list[dict[str, Any]],
    shared: dict[str, Any],
) -> None:
    office, subject = city.unit["office"], city.subject["company"]
    (total,) = [one["due_on"] for one in clocks if one["clock"] == "objection.total"]
    mine = {"subject_id": subject, "unit_id": office, "owner_unit_id": office, "due_on": total}
    said = {**shared, **mine, "owner_role": "office.clerk", "provisional": True}
    of_objection = {**said, "kind": "objection", "state": "verifying", "version": len(WAY)}
    of_suspension = {**said, "kind": "suspension", "state": "suspended", "version": 2}
    add_rows(Case, [{**of_objection, "number": _number("YY", n)} for n in numbers])
    add_rows(Case, [{**of_suspension, "number": _number("ZT", n)} for n in numbers])
    keys = dict(db.session.execute(sa.select(Case.number, Case.id)).tuples().all())
    steps = [
        {
            "case_id": keys[_number("YY", n)],
            "seq": seq,
            "step": step,
            "source": came,
            "to": to,
            "on": shared["filed_on"],
            "at": shared["moved_at"],
            "data": {},
            "data_digest": "0" * 64,
            "mac": "0" * 64,
        }
        for n in numbers
        for seq, (step, came, to) in enumerate(WAY, 1)
    ]
    add_rows(StepTaken, steps)
    add_rows(
        Deadline, [{"case_number": _number("YY", n), **one} for n in numbers for one in clocks]
    )
    pairs = [(n, keys[_number("YY", n)], keys[_number("ZT", n)]) for n in numbers]
    add_rows(CaseLink, [{"parent_id": parent, "child_id": child} for _, parent, child in pairs])
    empty = {"note": "", "provision": "", "places": []}
    ordered = [
        {**empty, "case_id": child, "sanction_id": sanctions[n], "open_on": sanctions[n]}
        for n, _, child in pairs
    ]
    add_rows(Suspension, ordered)
    held = [{"sanction_id": sanctions[n], "case_number": _number("YY", n)} for n in numbers]
    add_rows(Hold, [{**one, "since": shared["filed_on"]} for one in held])


def _number(prefix: str, number: int) -> str:
    return f"{prefix}-2026-{number + 1:06d}"
