"""A step is taken whole or not at all, once, and by one hand at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemLoader, UndefinedError
from sqlalchemy.orm import Session

from app import clock
from app.audit.chain import Break, verify_chain
from app.cases import commands
from app.cases.commands import Once, Stale
from app.cases.due import tick
from app.cases.history import _links
from app.cases.inputs import parse
from app.cases.models import Case, StepTaken
from app.db import Model, db
from app.errors import Busy, Conflict, Invalid, NotFound, StepRefused
from app.notices import render
from app.notices.models import Notice
from app.records.queries import rules_today
from tests.app.cases.city import City, build_city
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.telling import (
    MONDAY,
    accepted,
    facts,
    items,
    open_children,
    reported,
    submitted,
    taken,
)
from workflows import WORKFLOWS
from workflows.grammar import Nothing
from workflows.inputs.objection import Filing, ItemInput


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {}
    for table in Model.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table).order_by(*table.primary_key)).all()
        found[table.name] = [tuple(row) for row in rows]
    db.session.rollback()
    return found


# --- versions and keys


def test_a_page_that_is_out_of_date_changes_nothing(city):
    number = submitted(city, city.record())
    seen = city.case(number).version
    city.take(number, "request_supplement", "clerk", gaps=["证据"])
    before = everything()
    with pytest.raises(Stale) as stale:
        commands.take_step(number, "supplement", city.actor["subject"], Nothing(), version=seen)
    assert stale.value.version == seen
    assert everything() == before
    commands.take_step(
        number,
        "supplement",
        city.actor["subject"],
        parse(
            WORKFLOWS["objection"].step("supplement").takes,
            {"statement": "补"},
            rules_today(),
        ),
        version=seen + 1,
    )


def test_the_same_request_twice_has_one_effect(city):
    record = city.record()
    filing = Filing(items=(ItemInput(record, "penalty", "O1", "没有"),))
    body = {"kind": "objection", "record": record}
    first = commands.file_objection(city.actor["subject"], filing, Once("键一", body))
    before = everything()
    assert commands.file_objection(city.actor["subject"], filing, Once("键一", body)) == first
    with pytest.raises(Conflict):
        commands.file_objection(city.actor["subject"], filing, Once("键一", body | {"x": 1}))
    assert everything() == before
    city.take(first, "submit", "subject")
    clerk = city.actor["clerk"]
    for _ in (1, 2):
        commands.take_step(first, "accept", clerk, Nothing(), once=Once("键一", {}))
    assert taken(city, first).count("accept") == 1


def test_a_key_under_which_nothing_came_about_is_free_again(city):
    number = city.objection(city.record(), items=())
    once = Once("键", {"step": "submit"})
    subject = city.actor["subject"]
    for _ in (1, 2):
        with pytest.raises(StepRefused):
            commands.take_step(number, "submit", subject, Nothing(), once=once)


def test_a_step_that_does_not_exist_or_only_opens_is_not_found(city):
    number = submitted(city, city.record())
    for name in ("file", "endorse", "to_closed", "open"):
        with pytest.raises(NotFound):
            commands.take_step(number, name, city.actor["clerk"], Nothing())
    with pytest.raises(NotFound):
        commands.take_step(number, "accept", city.actor["stranger"], Nothing())


def test_all_unmet_conditions_are_named_at_once_with_their_basis(city):
    number = accepted(city, city.record())
    (child,) = open_children(city, number, "verification")
    city.take(child, "acknowledge", "provider")
    with pytest.raises(StepRefused) as refused:
        city.take(
            child,
            "report",
            "provider",
            officer="某人",
            findings=[
                {
                    "item_id": items(city, child)[0] + 99,
                    "finding": "wrong_correct",
                    "reasons": "属实",
                }
            ],
        )
    codes = [one.code for one in refused.value.reasons]
    assert codes == [
        "every_item_has_a_finding",
        "each_finding_has_reasons",
        "each_correction_has_a_value",
    ]
    assert all(one.text and one.basis for one in refused.value.reasons)


def test_a_step_from_another_state_says_where_the_case_is(city):
    number = submitted(city, city.record())
    with pytest.raises(StepRefused) as refused:
        city.take(number, "uphold", "approver", reasons="有误")
    (reason,) = refused.value.reasons
    assert (reason.code, "待受理" in reason.text, "待决定" in reason.text) == ("state", True, True)


# --- nothing is left of what failed


def broken(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> None:
    """Let one template print what its context lacks."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{{ nobody_knows_this }}", encoding="utf-8")
    loader = FileSystemLoader([folder, render.TEMPLATES])
    environment = render._environment.overlay(loader=loader)
    monkeypatch.setattr(render, "_environment", environment)


def test_a_notice_that_cannot_be_written_stops_the_step(city, monkeypatch, tmp_path):
    record = city.record()
    city.sanction(record)
    number = submitted(city, record)
    before = everything()
    broken(monkeypatch, tmp_path, "suspension/order.html")
    with pytest.raises(UndefinedError):
        city.take(number, "accept", "clerk")
    assert everything() == before
    monkeypatch.undo()
    city.take(number, "accept", "clerk")
    assert city.children(number, "suspension") == ["ZT-2026-000001"]


@pytest.mark.parametrize(
    "place",
    [
        "app.records.commands.turn_off",
        "app.cases.batches.add_details",
        "app.delivery.outbox.add",
    ],
)
def test_an_effect_or_a_disk_that_fails_leaves_nothing(city, monkeypatch, place):
    record = city.record()
    city.sanction(record)
    number = submitted(city, record)
    before = everything()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place, full)
    with pytest.raises(OSError, match="No space"):
        city.take(number, "accept", "clerk")
    assert everything() == before


def city_id(number: str) -> int:
    return db.session.scalars(sa.select(Case.id).where(Case.number == number)).one()


def test_a_draft_that_is_wrong_uses_up_no_number(city):
    before = everything()
    with pytest.raises(Invalid):
        city.objection(city.record() + 99)
    after = everything()
    assert before["cases"] == after["cases"] == []
    assert before["counters"] == after["counters"]
    assert city.objection(city.record()) == "YY-2026-000001"


# --- history


def test_a_history_that_was_tampered_with_is_detected(city, session: Session):
    number = accepted(city, city.record())
    assert verify_chain(_links()) is None
    chosen = sa.select(StepTaken).where(StepTaken.case_id == city_id(number), StepTaken.seq == 2)
    tampering: list[Callable[[], Any]] = [
        lambda: sa.update(StepTaken).values(actor_id=None),
        lambda: sa.update(StepTaken).values(data={"input": {"statement": "别的"}}),
        lambda: sa.delete(StepTaken),
    ]
    row = session.scalars(chosen).one().id
    for change in tampering:
        savepoint = session.begin_nested()
        try:
            session.execute(change().where(StepTaken.id == row))
        except sa.exc.DBAPIError:
            savepoint.rollback()  # the database itself does not allow it
            continue
        session.expire_all()
        assert isinstance(verify_chain(_links()), Break)
        savepoint.rollback()


# --- many hands


def crowd(app: Flask, work: list[Callable[[], str]]) -> list[object]:
    """Do it all at the same moment, each in a thread; what came of each, or what it raised."""
    ready = Barrier(len(work))

    def one(job: Callable[[], str]) -> object:
        with app.app_context(), clock.at(MONDAY):
            ready.wait()
            try:
                return job()
            except Exception as error:  # noqa: BLE001 -- what came of it is what is looked at
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def persistent(work: Callable[[], str]) -> Callable[[], str]:
    """As a person would: a busy system is asked again."""

    def job() -> str:
        for _ in range(20):
            try:
                return work()
            except Busy:
                db.session.rollback()
        return work()

    return job


@pytest.fixture
def town(make_app: Callable[..., Flask]) -> Iterator[tuple[Flask, City]]:
    """A city in a database of its own, that threads may share."""
    app = make_app()
    with app.app_context():
        city = build_city()
        yield app, city
        assert_invariants(db.session())
        db.session.remove()


def test_two_hands_on_one_case_one_wins(town):
    app, city = town
    record = city.record()
    city.sanction(record)
    number = submitted(city, record)
    version = city.case(number).version
    db.session.rollback()
    clerk, other = city.actor["clerk"], city.actor["clerk2"]
    refusing = {"reason_code": "other_body", "reason": "不属于本办"}
    refuse = WORKFLOWS["objection"].step("refuse").takes(**refusing)

    def accept(actor: Any) -> Callable[[], str]:
        step = ("accept", actor, Nothing())
        return persistent(lambda: commands.take_step(number, *step, version=version))

    approver = city.actor["approver"]
    came = crowd(
        app,
        [
            accept(clerk),
            accept(other),
            persistent(lambda: commands.take_step(number, "refuse", approver, refuse)),
        ],
    )
    kinds = Counter(type(one).__name__ for one in came)
    assert kinds["str"] == 1, came
    assert set(kinds) <= {"str", "Stale", "StepRefused"}, came
    assert len(taken(city, number)) == version + 1


def test_numbers_have_no_gaps_though_thirty_file_at_once(town):
    app, city = town
    records = [city.record() for _ in range(30)]
    db.session.rollback()
    subject = city.actor["subject"]

    def file(record: int) -> Callable[[], str]:
        filing = Filing(items=(ItemInput(record, "penalty", "O1", "没有"),))

        def job() -> str:
            number = persistent(lambda: commands.file_objection(subject, filing))()
            submit = persistent(lambda: commands.take_step(number, "submit", subject, Nothing()))
            return submit()

        return job

    came = crowd(app, [file(record) for record in records])
    assert sorted(map(str, came)) == [f"YY-2026-{n:06d}" for n in range(1, 31)], came
    ordinals = db.session.scalars(sa.select(Notice.ordinal).order_by(Notice.ordinal))
    assert list(ordinals) == list(range(1, 31))


def test_the_same_key_at_the_same_time_has_one_effect(town):
    app, city = town
    filing = Filing(items=(ItemInput(city.record(), "penalty", "O1", "没有"),))
    subject = city.actor["subject"]
    once = Once("键", {"a": 1})
    same = persistent(lambda: commands.file_objection(subject, filing, once))
    came = crowd(app, [same] * 4)
    assert came == ["YY-2026-000001"] * 4


def test_of_two_objections_on_the_same_ground_at_once_one_is_submitted(town):
    app, city = town
    record = city.record()
    drafts = [city.objection(record), city.objection(record)]
    db.session.rollback()
    subject = city.actor["subject"]

    def submit(number: str) -> Callable[[], str]:
        return persistent(lambda: commands.take_step(number, "submit", subject, Nothing()))

    came = crowd(app, [submit(number) for number in drafts])
    assert Counter(type(one) for one in came) == {str: 1, StepRefused: 1}, came


def test_two_cases_that_let_go_of_one_sanction_at_once_have_it_resumed(town):
    app, city = town
    record = city.record()
    city.sanction(record)
    numbers = [accepted(city, record), accepted(city, record, ground="O2")]
    db.session.rollback()
    subject = city.actor["subject"]
    takes = WORKFLOWS["objection"].step("withdraw").takes

    def withdraw(number: str) -> Callable[[], str]:
        return persistent(lambda: commands.take_step(number, "withdraw", subject, takes()))

    came = crowd(app, [withdraw(number) for number in numbers])
    assert came == numbers
    (child,) = city.children(numbers[0], "suspension")
    assert city.state(child) == "resuming"


def test_two_clocks_at_once_urge_once(town):
    app, city = town
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    db.session.rollback()

    def ticking() -> str:
        with clock.at(MONDAY.replace(day=5)):
            tick()
        return "done"

    assert crowd(app, [ticking] * 3) == ["done"] * 3
    assert taken(city, child).count("urge") == 1


def test_two_children_that_end_at_once_are_both_heard(town):
    app, city = town
    number = accepted(city, city.record(), city.record("provider2"))
    children = city.children(number, "verification")
    stop = {"ground": "inspection", "document": "委托书", "reasons": "检验"}
    for child, who in zip(children, ("provider", "provider2"), strict=True):
        city.take(child, "acknowledge", who)
        city.take(child, "stop_clock", f"{who}-approver", **stop)
        reported(city, child, "accurate")
    db.session.rollback()

    def endorse(child: str, who: str) -> Callable[[], str]:
        actor = city.actor[who]
        return persistent(lambda: commands.take_step(child, "endorse", actor, Nothing()))

    first, second = children
    came = crowd(app, [endorse(first, "provider-approver"), endorse(second, "provider2-approver")])
    assert came == children
    assert taken(city, number).count("restart_clock") == 2
    assert facts(city, number).due("objection.total") is not None
