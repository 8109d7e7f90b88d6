"""Repairs in several hands at the same moment: one wins, and the register is whole."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.db import db
from app.errors import StepRefused
from app.records.models import Record
from tests.app.cases.city import City, build_city
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.states import repair_in
from tests.app.cases.telling import MONDAY, accepted, on, titles
from tests.app.cases.test_take_step import crowd, persistent
from workflows.common import Reasons
from workflows.inputs.correction import Opening, PublicWithdrawal


@pytest.fixture
def town(make_app: Callable[..., Flask]) -> Iterator[tuple[Flask, City]]:
    """A city in a database of its own, that threads may share."""
    app = make_app()
    with app.app_context(), clock.at(MONDAY):
        city = build_city()
        yield app, city
        assert_invariants(db.session())
        db.session.remove()


def step(city: City, number: str, name: str, who: str, given: object = None) -> Callable[[], str]:
    """Takes a step when called."""
    actor = city.actor[who]
    return persistent(lambda: commands.take_step(number, name, actor, given))


def refused(outcomes: list[object]) -> list[set[str]]:
    """Why some were refused; whatever else was raised is raised here."""
    for one in outcomes:
        if isinstance(one, Exception) and not isinstance(one, StepRefused):
            raise one
    reasons = [one.reasons for one in outcomes if isinstance(one, StepRefused)]
    return [{reason.code for reason in some} for some in reasons]


def test_of_two_repairs_of_one_record_handed_in_at_once_one_is(town):
    app, city = town
    record = city.repairable()
    drafts = [city.repair(record) for _ in range(3)]
    work = [step(city, one, "submit", "subject") for one in drafts]
    db.session.rollback()
    outcomes = crowd(app, work)
    assert refused(outcomes) == [{"no_other_repair_is_open"}] * 2
    assert sorted(city.state(one) for one in drafts) == ["draft", "draft", "submitted"]


def test_a_repair_granted_twice_at_once_is_granted_once(town):
    app, city = town
    record = city.repairable()
    city.sanction(record)
    number = repair_in(city, record, "approving")
    work = [step(city, number, "grant", who) for who in ("approver", "approver2")]
    db.session.rollback()
    assert refused(crowd(app, work)) == [{"state"}]
    assert titles(number).count("准予信用修复决定书") == 1
    assert len(city.children(number, "suspension")) == 1


@pytest.mark.parametrize("round_", range(3))
def test_whether_granted_or_revoked_first_the_record_ends_revoked(town, round_):
    app, city = town
    record = city.repairable()
    city.sanction(record)
    number = repair_in(city, record, "approving")
    opening = Opening(record, "原处罚决定已被撤销")
    fix = commands.open_correction(city.actor["provider"], opening, annulled=True)
    because = PublicWithdrawal("行政复议决定书", "原处罚决定已被撤销。")
    work = [
        step(city, number, "grant", "approver"),
        step(city, fix, "withdraw_publication", "provider-approver", because),
    ]
    db.session.rollback()
    reasons = refused(crowd(app, work if round_ % 2 else work[::-1]))
    assert reasons in ([], [{"the_record_is_not_revoked"}])
    tick()
    db.session.expire_all()
    row = db.session.get_one(Record, record)
    assert (row.ended_by, on(record)) == ("revoke", set())
    assert (row.repaired_on is None) == bool(reasons)
    assert city.state(number) == ("discontinued" if reasons else "executing")


def test_a_grant_and_the_end_of_an_objection_at_once_leave_one_order(town):
    app, city = town
    record = city.repairable()
    sanctions = [city.sanction(record, mandatory=one) for one in (True, False)]
    objection = accepted(city, record)
    number = repair_in(city, record, "approving")
    work = [
        step(city, number, "grant", "approver"),
        step(city, objection, "withdraw", "subject"),
    ]
    db.session.rollback()
    assert refused(crowd(app, work)) == []
    children = city.children(number, "suspension")
    assert [city.state(one) for one in children] == ["lifting"] * len(sanctions)
    assert children == city.children(objection, "suspension")


def test_a_revocation_and_its_dropping_at_once_are_one_of_both(town):
    app, city = town
    record = city.repairable()
    number = repair_in(city, record, "revoking")
    city.take(number, "answer", "subject", statement="不知情。")
    because = Reasons("依审查结论。")
    work = [
        step(city, number, "revoke", "approver", because),
        step(city, number, "drop_revocation", "approver2", because),
    ]
    db.session.rollback()
    assert refused(crowd(app, work)) == [{"state"}]
    revoked = city.state(number) == "revoked"
    assert ("disclosure" in on(record)) == revoked
    assert len(titles(number)) == 7
