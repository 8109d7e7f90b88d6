"""What a repair brings about: disclosure and sharing end, and what nothing else supports is lifted."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from app import clock
from app.cases.due import tick
from app.cases.models import Case
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.models import Message
from app.delivery.queries import messages_of
from app.errors import NotAllowed
from app.people.actor import SYSTEM
from app.records.models import Record, Sanction, Share
from tests.app.cases.city import City
from tests.app.cases.states import repair_in, revoke_record
from tests.app.cases.telling import (
    MONDAY,
    USED,
    accepted,
    answered,
    confirmed,
    day,
    due,
    holders,
    last_notice,
    on,
    owner,
    receipted,
    refusal,
    running,
    titles,
)


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def granted(city: City, record: int) -> str:
    """A repair of the record that has just been granted."""
    return repair_in(city, record, "executing")


def row(record: int) -> Record:
    """A record as it stands now."""
    db.session.expire_all()
    return db.session.get_one(Record, record)


def lifted(city: City, number: str, who: str) -> None:
    """A department confirms that it has lifted what it was told to, today."""
    for one in city.children(number, "suspension"):
        if city.state(one) == "lifting" and city.case(one).unit_id == city.unit[who]:
            city.take(one, "confirm_lifted", who, executed_on=clock.today().isoformat())


# --- the three effects together


def test_disclosure_sharing_and_use_end_on_the_day_it_is_granted(city):
    record = city.repairable()
    sanction = city.sanction(record)
    assert on(record) == USED
    with clock.at(day(4)):
        number = granted(city, record)
        assert on(record) == set()
        assert not running(sanction)
    now = row(record)
    assert (now.ended_by, now.ended_on, now.repaired_on) == ("repair", day(4), day(4))
    assert now.version == 1
    assert (owner(city, number), due(city, number, "correction.synchronise")) == (
        ("office.clerk", "office", day(18)),
        day(7),
    )


def test_each_recipient_is_told_and_each_department_ordered_to_lift(city):
    record = city.repairable()
    city.sanction(record)
    city.sanction(record, department="executor2", mandatory=True)
    number = granted(city, record)
    sent = messages_of([number])
    assert len(sent) == 3
    assert all("停止公示、共享和使用" in one.body for one in sent)
    assert all("超标排放" not in one.body for one in sent)
    children = city.children(number, "suspension")
    assert [city.state(one) for one in children] == ["lifting", "lifting"]
    assert [titles(one) for one in children] == [["解除失信惩戒措施通知书"]] * 2
    assert {city.case(one).parent_id for one in children} == {city.case(number).id}
    assert [owner(city, one) for one in children] == [
        ("executor.handler", "executor", day(5)),
        ("executor.handler", "executor2", day(5)),
    ]


def test_a_mandatory_measure_is_lifted_like_any_other_and_cannot_be_declined(city):
    record = city.repairable()
    sanction = city.sanction(record, mandatory=True)
    (child,) = city.children(granted(city, record), "suspension")
    assert set(refusal(city, child, "decline", "executor-approver", provision="某法")) >= {"state"}
    city.take(child, "confirm_lifted", "executor", executed_on="2026-08-03", places=["采购网"])
    assert db.session.get_one(Sanction, sanction).lifted_on == MONDAY


def test_what_only_the_platform_got_is_repaired_without_any_department(city):
    record = city.repairable()
    number = granted(city, record)
    assert city.children(number, "suspension") == []
    assert not tick()
    receipted(number)
    assert tick() == {"finish": 1}
    assert (city.state(number), owner(city, number)) == ("repaired", (None, None, None))


# --- the end


def test_it_is_finished_when_all_departments_confirmed_and_all_receipts_are_in(city):
    record = city.repairable()
    city.sanction(record)
    city.sanction(record, department="executor2")
    number = granted(city, record)
    with clock.at(day(5)):
        lifted(city, number, "executor")
        assert not tick()
    with clock.at(day(6)):
        receipted(number)
        assert tick() == {"urge": 1}
        with pytest.raises(NotAllowed):
            city.take(number, "finish", "clerk")
        lifted(city, number, "executor2")
        assert tick() == {"finish": 1}
        assert not tick()
    assert city.state(number) == "repaired"
    assert titles(number)[-1] == "准予信用修复决定书"


def test_receipts_that_come_last_finish_it_as_well(city):
    record = city.repairable()
    city.sanction(record)
    number = granted(city, record)
    confirmed(city, number)
    assert not tick()
    first, second = messages_of([number])
    with transaction():
        delivery.receipt(db.session.get_one(Message, first.id), SYSTEM)
    assert not tick()
    with transaction():
        delivery.receipt(db.session.get_one(Message, second.id), SYSTEM)
    assert tick() == {"finish": 1}


def test_who_does_not_receipt_is_cut_off_but_not_before_its_time(city):
    record, other = city.repairable(), city.repairable()
    number, beside = granted(city, record), granted(city, other)
    (waiting,) = messages_of([number])
    said = {"message_id": waiting.id, "reasons": "逾期未回执"}
    with clock.at(day(6)):
        codes = refusal(city, number, "cut_off", "supervisor", **said)
        assert set(codes) == {"the_time_to_synchronise_has_passed"}
    with clock.at(day(7)):
        with pytest.raises(NotAllowed):
            city.take(number, "cut_off", "clerk", **said)
        (of_other,) = messages_of([beside])
        wrong = said | {"message_id": of_other.id}
        codes = refusal(city, number, "cut_off", "supervisor", **wrong)
        assert set(codes) == {"the_message_is_not_settled"}
        city.take(number, "cut_off", "supervisor", **said)
        assert city.state(number) == "executing"
        codes = refusal(city, number, "cut_off", "supervisor", **said)
        assert set(codes) == {"the_message_is_not_settled"}
        assert tick() == {"finish": 1}
    share = db.session.scalars(sa.select(Share).where(Share.record_id == record)).one()
    assert (share.stopped_on, share.reason) == (day(7), "逾期未回执")


def test_a_late_execution_is_urged_and_recipients_are_told_once_more(city):
    record = city.repairable()
    number = granted(city, record)
    with clock.at(day(17)):
        assert not tick()
    with clock.at(day(18)):
        assert tick() == {"urge": 1}
        assert not tick()
        assert last_notice(number).addressee_unit_id == city.unit["office"]
        city.take(number, "urge", "supervisor", note="请尽快")
    with clock.at(day(20)):
        assert tick() == {"urge": 1}


def test_a_department_that_is_silent_is_stood_in_for_by_the_supervisor(city):
    record = city.repairable()
    city.sanction(record)
    number = granted(city, record)
    (child,) = city.children(number, "suspension")
    with clock.at(day(5)):
        codes = refusal(city, child, "confirm_lifted", "supervisor", executed_on="2026-08-04")
        assert set(codes) == {"the_department_let_its_time_pass"}
    with clock.at(day(6)):
        city.take(child, "confirm_lifted", "supervisor", executed_on="2026-08-05")
        receipted(number)
        assert tick()["finish"] == 1


# --- which sanctions


def test_what_another_valid_record_supports_stays_in_force_until_that_goes_too(city):
    record, other = city.repairable(), city.repairable()
    shared, alone = city.sanction(record, other), city.sanction(record)
    number = granted(city, record)
    assert (running(shared), running(alone)) == (True, False)
    assert len(city.children(number, "suspension")) == 1
    confirmed(city, number)
    receipted(number)
    assert tick() == {"finish": 1}
    second = granted(city, other)
    assert not running(shared)
    (child,) = city.children(second, "suspension")
    assert (city.state(child), city.children(number, "suspension") == [child]) == (
        "lifting",
        False,
    )


def test_what_has_not_begun_is_lifted_and_what_is_over_is_left_alone(city):
    record = city.repairable()
    coming = city.sanction(record, starts_on=date(2026, 9, 1))
    over = city.sanction(record, ends_on=date(2026, 8, 2))
    number = granted(city, record)
    (child,) = city.children(number, "suspension")
    confirmed(city, number)
    assert city.state(child) == "lifted"
    assert db.session.get_one(Sanction, coming).lifted_on == MONDAY
    assert db.session.get_one(Sanction, over).lifted_on is None
    with clock.at(date(2026, 9, 2)):
        assert not running(coming)


@pytest.mark.parametrize("confirm", [False, True])
def test_what_an_open_objection_holds_goes_from_suspended_to_lifting(city, confirm):
    record = city.repairable()
    sanction = city.sanction(record)
    objection = accepted(city, record)
    if confirm:
        confirmed(city, objection)
    number = granted(city, record)
    (child,) = city.children(number, "suspension")
    assert [child] == city.children(objection, "suspension")
    assert (city.state(child), holders(sanction)) == ("lifting", {objection})
    assert on(record) == {"annotation"}
    receipted(number)
    assert not tick()
    confirmed(city, number)
    assert tick() == {"finish": 1}
    assert db.session.get_one(Sanction, sanction).lifted_on == MONDAY


def test_what_a_department_may_not_suspend_it_lifts_all_the_same(city):
    record = city.repairable()
    sanction = city.sanction(record, mandatory=True)
    objection = accepted(city, record)
    (child,) = city.children(objection, "suspension")
    city.take(child, "decline", "executor-approver", provision="《政府采购法》第二十二条")
    assert running(sanction)
    number = granted(city, record)
    assert not running(sanction)
    (order,) = city.children(number, "suspension")
    assert (order == child, city.state(order)) == (False, "lifting")


def test_what_was_about_to_resume_is_lifted_instead(city):
    record = city.repairable()
    city.sanction(record)
    objection = accepted(city, record)
    city.take(objection, "withdraw", "subject")
    (child,) = city.children(objection, "suspension")
    assert city.state(child) == "resuming"
    number = granted(city, record)
    assert (city.state(child), city.children(number, "suspension")) == ("lifting", [child])
    assert titles(child)[-1] == "解除失信惩戒措施通知书"


def test_what_two_cases_ordered_lifted_is_confirmed_once_for_both(city):
    """A record of two sanctions, one of them on a second record that is revoked meanwhile."""
    record, other = city.repairable(), city.repairable()
    city.sanction(record, other)
    revoke_record(city, other)
    number = granted(city, record)
    again = repair_in(city, city.repairable(), "executing")
    assert len(city.children(number, "suspension")) == 1
    assert city.children(again, "suspension") == []


def test_a_sanction_recorded_on_a_repaired_record_is_never_in_force(city):
    record = city.repairable()
    number = repair_in(city, record, "repaired")
    sanction = city.sanction(record)
    assert not running(sanction)
    assert not tick()
    assert city.children(number, "suspension") == []


def test_an_objection_on_other_grounds_ends_though_its_sanction_was_lifted(city):
    record = city.repairable()
    city.sanction(record)
    objection = accepted(city, record)
    number = granted(city, record)
    for one in city.children(objection, "verification"):
        answered(city, one, "accurate")
    tick()
    city.take(objection, "dismiss", "approver", reasons="核实无误。")
    assert not tick()
    confirmed(city, number)
    receipted(number)
    assert tick() == {"close": 1, "finish": 1}
    assert on(record) == set()
    assert {one.state for one in db.session.scalars(sa.select(Case))} == {
        "closed", "repaired", "lifted",
    }  # fmt: skip
