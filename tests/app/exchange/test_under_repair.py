"""A record under repair is not overwritten by an import."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.cases import commands
from app.cases.attaching import attach
from app.cases.due import tick
from app.clock import at
from app.db import db, transaction
from app.people.actor import Actor
from app.people.commands import create_person, represent
from app.people.models import Subject
from app.people.queries import actor_of
from app.records.models import Record
from app.records.queries import content
from tests.app.cases.samples import pdf
from tests.app.exchange.conftest import DAY
from tests.app.exchange.exports import penalty, write
from workflows.inputs.repair import Filing
from workflows.intake import Withdrawal


def the_record() -> Record:
    return db.session.execute(sa.select(Record)).scalar_one()


@pytest.fixture
def company() -> Callable[[], Actor]:
    """Makes somebody who acts for the subject of the record."""

    def make() -> Actor:
        with transaction():
            person = create_person("company", "程嘉", "Redress-2026!")
            represent(person, db.session.get_one(Subject, the_record().subject_id), "self")
            key = person.id
        return actor_of(key)

    return make


def test_a_record_under_repair_is_not_overwritten_until_the_case_has_ended(city, company, tmp_path):
    city("records", write(tmp_path / "one.csv", [penalty(1)]))
    others = [write(tmp_path / f"{fine}.csv", [penalty(1, fine=fine)]) for fine in ("1", "2")]
    actor = company()
    with at(DAY):
        given = Filing(the_record().id, "罚款已经缴清，违法行为已经整改。", commitment=True)
        number = commands.file_repair(actor, given)
        attach(actor, number, ("票据.pdf", pdf()), "罚没收入票据", "duties")
    assert city("records", others[0]).fates == {2: "update"}
    with at(DAY):
        commands.take_step(number, "submit", actor)
    report = city("records", others[1])
    assert report.fates == {2: "skip"}
    assert number in report.lines[2][1]
    assert "修复" in report.lines[2][1]
    assert content(the_record())["fine"] == "10000"
    with at(DAY):
        commands.take_step(number, "withdraw", actor, Withdrawal())
        assert not tick()
    assert city("records", others[1]).fates == {2: "update"}
