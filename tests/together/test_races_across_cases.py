"""Two cases, or a case and what comes from elsewhere, that touch the same thing at the same moment."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases import commands, due
from app.cases.commands import Once
from app.cases.models import Case, IdempotencyKey, StepTaken
from app.db import db
from app.exchange.lines import Fate, Line, Report, take_lines
from app.exchange.records import Importer
from app.notices.models import Notice
from app.records.models import Hold, Record
from app.records.queries import contents
from tests.app.cases.city import City
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.states import case_in, repair_in
from tests.together.putting_back import keep
from tests.together.races import ROUNDS, Track, track
from tests.together.racing import Came, Job, race
from tests.together.ways import MONDAY
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing, ItemInput

Prepare = Callable[[City], tuple[Job, Job, Callable[[list[Came]], None]]]
"""Gives both jobs, and what must be true of what came of them; beside the invariants."""
RACES: dict[str, Prepare] = {}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Track]:
    """A database of its own for all races of this file."""
    with track(tmp_path_factory.mktemp("races")) as made:
        yield made


def raced(prepare: Prepare) -> Prepare:
    """Let these two be raced."""
    RACES[prepare.__name__] = prepare
    return prepare


def one_wins(came: list[Came]) -> None:
    """One did it, the other was told why not."""
    assert [each.won for each in came].count(True) == 1, came


def both_win(came: list[Came]) -> None:
    """Neither stands in the way of the other."""
    assert all(each.won for each in came), came


def count_of(chosen: sa.Select[Any]) -> int:
    """How many rows there are."""
    found = len(db.session.execute(chosen).all())
    db.session.rollback()
    return found


def submitted(city: City, *records: int, **said: Any) -> str:
    """An objection that waits to be accepted."""
    number = city.objection(*records, **said)
    return city.take(number, "submit", "subject")


def accepted(city: City, *records: int, **said: Any) -> str:
    """An objection that holds what rests on its records."""
    return city.take(submitted(city, *records, **said), "accept", "clerk")


def sanctioned(city: City) -> int:
    """A record on which a sanction rests."""
    record = city.record()
    city.sanction(record)
    return record


def proposed(city: City, record: int, value: str) -> str:
    """A correction of it that waits for approval."""
    given = Opening(record, "录入有误")
    number = commands.open_correction(city.actor["provider"], given)
    fields = [{"field": "violation", "value": value}]
    return city.take(number, "correct", "provider", kind="correct", fields=fields, basis="原始案卷")


def annulled(city: City, record: int) -> Job:
    """What takes the record back, for the act itself was annulled."""
    given = Opening(record, "原处罚决定已被撤销")
    number = commands.open_correction(city.actor["provider"], given, annulled=True)
    said = {"document": "行政复议决定书", "reasons": "原处罚决定已被撤销。"}
    return lambda: city.take(number, "withdraw_publication", "provider-approver", **said)


def imports(record: int, **changed: str) -> Job:
    """What hands a line in about the record; gives its fate."""
    said = dict(contents([db.session.get_one(Record, record)])[record]) | changed
    db.session.rollback()

    def job() -> Fate:
        report = Report()
        take_lines([Line(2, said)], Importer().take, report)
        (fate,) = report.counts
        return fate

    return job


@raced
def the_same_notice_is_served_on_two(city):
    number = submitted(city, city.record())
    chosen = sa.select(Notice.id).where(Notice.case_number == number)
    key = db.session.scalars(chosen).first() or 0
    actor = city.actor["subject"]

    def job() -> None:
        commands.serve(key, actor, "电子送达")

    def then(came: list[Came]) -> None:
        both_win(came)
        assert count_of(sa.select(StepTaken.id).where(StepTaken.step == "served")) == 1

    return job, job, then


@raced
def two_that_hold_a_sanction_let_go_at_once(city):
    record = sanctioned(city)
    one, other = accepted(city, record), accepted(city, record, ground="O4")

    def then(came: list[Came]) -> None:
        both_win(came)
        assert count_of(sa.select(StepTaken.id).where(StepTaken.step == "order_resume")) == 1

    return (
        lambda: city.take(one, "withdraw", "subject"),
        lambda: city.take(other, "withdraw", "subject"),
        then,
    )


@raced
def two_hold_a_sanction_at_once(city):
    record = sanctioned(city)
    one, other = submitted(city, record), submitted(city, record, ground="O4")

    def then(came: list[Came]) -> None:
        both_win(came)
        assert count_of(sa.select(Hold.id).where(Hold.until.is_(None))) == 2
        assert count_of(sa.select(Case.id).where(Case.kind == "suspension")) == 1

    return (
        lambda: city.take(one, "accept", "clerk"),
        lambda: city.take(other, "accept", "clerk2"),
        then,
    )


@raced
def one_lets_go_while_another_holds(city):
    record = sanctioned(city)
    one, other = accepted(city, record), submitted(city, record, ground="O4")

    def then(came: list[Came]) -> None:
        both_win(came)
        (stopped,) = city.children(other, "suspension")
        assert city.state(stopped) == "ordered"

    return (
        lambda: city.take(one, "withdraw", "subject"),
        lambda: city.take(other, "accept", "clerk"),
        then,
    )


@raced
def an_annulment_meets_a_repair(city):
    record = city.repairable()
    city.sanction(record)
    number = repair_in(city, record, "approving")
    take_back = annulled(city, record)

    def then(came: list[Came]) -> None:
        assert came[1].won, came
        assert db.session.get_one(Record, record).ended_by == "revoke"

    return lambda: city.take(number, "grant", "approver"), take_back, then


@raced
def two_repairs_of_a_record_are_handed_in(city):
    record = city.repairable()
    numbers = [city.repair(record) for _ in range(2)]
    jobs = [lambda number=number: city.take(number, "submit", "subject") for number in numbers]
    return jobs[0], jobs[1], one_wins


@raced
def two_objections_on_the_same_ground_are_handed_in(city):
    record = city.record()
    numbers = [city.objection(record) for _ in range(2)]
    jobs = [lambda number=number: city.take(number, "submit", "subject") for number in numbers]
    return jobs[0], jobs[1], one_wins


@raced
def two_corrections_of_a_record_are_approved(city):
    record = city.record()
    numbers = [proposed(city, record, f"超标排放{n}") for n in range(2)]
    jobs = [
        lambda number=number: city.take(number, "approve", "provider-approver")
        for number in numbers
    ]

    def then(came: list[Came]) -> None:
        one_wins(came)
        assert db.session.get_one(Record, record).version == 2

    return jobs[0], jobs[1], then


@raced
def a_line_meets_a_correction_that_is_approved(city):
    record = city.record()
    number = proposed(city, record, "超标排放")

    def then(came: list[Came]) -> None:
        both_win(came)
        assert came[0].answer is Fate.SKIP
        assert db.session.get_one(Record, record).version == 2

    return (
        imports(record, violation="违法建设"),
        lambda: city.take(number, "approve", "provider-approver"),
        then,
    )


@raced
def a_line_meets_an_objection_that_is_handed_in(city):
    record = city.record()
    number = city.objection(record)

    def then(came: list[Came]) -> None:
        both_win(came)
        updated = came[0].answer is Fate.UPDATE
        assert db.session.get_one(Record, record).version == 1 + updated

    return (
        imports(record, violation="违法建设"),
        lambda: city.take(number, "submit", "subject"),
        then,
    )


@raced
def the_same_key_is_sent_twice(city):
    items = (ItemInput(city.record(), "violation", "O1", "没有此行为"),)
    filing, actor = Filing("没有该行为。", items), city.actor["subject"]
    once = Once("the same key", {"items": "the same"})

    def then(came: list[Came]) -> None:
        both_win(came)
        assert came[0].answer == came[1].answer
        assert count_of(sa.select(Case.id)) == count_of(sa.select(IdempotencyKey.key)) == 1

    def job() -> str:
        return commands.file_objection(actor, filing, once)

    return job, job, then


@raced
def a_repair_is_granted_while_somebody_objects(city):
    record = city.repairable()
    city.sanction(record)
    number, rival = repair_in(city, record, "approving"), submitted(city, record)
    return (
        lambda: city.take(number, "grant", "approver"),
        lambda: city.take(rival, "accept", "clerk"),
        both_win,
    )


@raced
def a_record_is_revoked_while_somebody_objects(city):
    record = sanctioned(city)
    city.sanction(record, city.record())
    number = submitted(city, record)
    return annulled(city, record), lambda: city.take(number, "accept", "clerk"), both_win


@raced
def two_clocks_run_at_once(city):
    for state in ("verifying", "deciding"):
        case_in(city, "objection", state, ground="O4")
    number = case_in(city, "verification", "reported")
    city.take(number, "endorse", "provider-approver")

    def then(came: list[Came]) -> None:
        both_win(came)
        total: Counter[str] = sum((each.answer for each in came), Counter())
        assert total["findings_complete"] == 1

    return due.tick, due.tick, then


@raced
def a_department_confirms_to_resume_while_another_holds(city):
    record = sanctioned(city)
    city.take(accepted(city, record), "withdraw", "subject")
    rival = submitted(city, record, ground="O4")
    stopped = db.session.scalars(sa.select(Case.number).where(Case.kind == "suspension")).one()

    def then(came: list[Came]) -> None:
        assert came[1].won, came
        assert city.state(stopped) == ("resumed" if came[0].won else "ordered")
        assert count_of(sa.select(Hold.id).where(Hold.until.is_(None))) == 1

    return (
        lambda: city.take(stopped, "confirm_resumed", "executor", executed_on="2026-08-03"),
        lambda: city.take(rival, "accept", "clerk"),
        then,
    )


@pytest.mark.parametrize("name", RACES)
def test_what_two_cases_share_is_as_if_they_had_taken_turns(here, name):
    here.begin()
    first, second, then = RACES[name](here.city)
    back = keep("here")
    for number in range(ROUNDS):
        db.session.remove()
        chance = random.Random(f"{name} {number}")
        came = race(here.app, MONDAY, [first, second], chance)
        then(came)
        db.session.rollback()
        assert_invariants(db.session())
        back()
        db.session.remove()
