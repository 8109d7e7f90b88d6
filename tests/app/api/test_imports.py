"""Files of records, handed in by programs."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.db import db
from app.exchange import handing_in
from app.exchange.models import Import
from app.records.models import Record
from tests.app.exchange.exports import penalty, write


@pytest.fixture
def sent(tmp_path):
    """What a program sends: a file of two lines, the second of which is wrong."""

    def sent(data=None, name="处罚.csv", **fields):
        lines = [penalty(1), penalty(2, fine="三万元整")]
        content = write(tmp_path / "one.csv", lines).read_bytes() if data is None else data
        return {"data": {"file": (io.BytesIO(content), name)} | fields}

    return sent


def count(model):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_file_is_handed_in_worked_and_reported(city, program, sent):
    provider = program("provider")
    answer = provider.ask("POST", "/imports", status=201, **sent())
    where = answer.headers["Location"].removeprefix("/api/v1")
    assert (answer.json["state"], answer.json["lines"]) == ("waiting", None)
    provider.get(f"{where}/report.csv", status=404)
    handing_in.run_all()
    done = provider.get(where)
    assert (done["state"], done["lines"]) == ("done", 2)
    assert done["counts"] == {"accept": 1, "update": 0, "skip": 0, "reject": 1}
    report = provider.ask("GET", f"{where}/report.csv").data.decode("utf-8-sig")
    assert [line.split(",")[:2] for line in report.splitlines()] == [
        ["line", "fate"],
        ["2", "accept"],
        ["3", "reject"],
    ]


def test_a_trial_writes_nothing(city, program, sent):
    assert (
        program("provider").ask("POST", "/imports", status=201, **sent(dry_run="1")).json["dry_run"]
    )
    assert handing_in.run_all() == {"done": 1}
    assert count(Record) == 0


def test_strangers_see_nothing_and_the_office_only_looks(city, program, sent):
    key = program("provider").ask("POST", "/imports", status=201, **sent()).json["id"]
    program("provider2").get(f"/imports/{key}", status=404)
    program("executor").get(f"/imports/{key}", status=403)
    assert program("clerk").get(f"/imports/{key}")["id"] == key
    for who in ("clerk", "executor", "subject"):
        program(who).ask("POST", "/imports", status=403, **sent())
    assert count(Import) == 1


def test_what_is_no_upload_is_refused_and_nothing_is_left(city, program, sent):
    provider = program("provider")
    provider.ask("POST", "/imports", status=415, json={})
    provider.ask("POST", "/imports", status=415, **sent(b"\x89PNG\r\n", "a.csv"))
    for options, field in (
        (sent(dry_run="yes"), "dry_run"),
        (sent(unit="7"), "unit"),
        (sent(b""), "file"),
        ({"data": {"dry_run": "1"}, "content_type": "multipart/form-data"}, "file"),
    ):
        problem = provider.ask("POST", "/imports", status=422, **options).json
        assert list(problem["errors"]) == [field]
    assert count(Import) == 0
