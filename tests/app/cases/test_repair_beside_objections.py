"""A repair and an objection about one record at the same time, in both orders."""

from collections.abc import Iterator

import pytest

from app import clock
from app.cases.due import tick
from app.db import db
from app.records.models import Record, Sanction
from tests.app.cases.city import City
from tests.app.cases.states import ACCUSED, repair_in
from tests.app.cases.telling import (
    CONTESTED,
    MONDAY,
    USED,
    accepted,
    answered,
    confirmed,
    day,
    facts,
    holders,
    marked,
    on,
    receipted,
    refusal,
    running,
)

BECAUSE = {"reasons": "依核实结论。"}
JUDGED = {"document": "行政判决书"}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def record(city):
    """A record that may be repaired."""
    return city.repairable()


@pytest.fixture
def sanction(city, record):
    """A sanction that rests on it alone."""
    return city.sanction(record)


def row(record: int) -> Record:
    """A record as it stands now."""
    db.session.expire_all()
    return db.session.get_one(Record, record)


def decided(city: City, objection: str, finding: str, **more: str) -> None:
    """The provider finds, the office decides, the provider corrects, everybody receipts."""
    for one in city.children(objection, "verification"):
        if facts(city, one).case().open:
            answered(city, one, finding, **more)
    tick()
    step = "dismiss" if finding == "accurate" else "uphold"
    city.take(objection, step, "approver", **BECAUSE)
    put_right(city, objection)


def put_right(city: City, objection: str) -> None:
    """What was decided is corrected and approved, and every recipient confirms."""
    for one in city.children(objection, "correction"):
        if city.state(one) == "ordered":
            kind = facts(city, one).case().details["decided_kind"]
            city.take(one, "correct", "provider", kind=kind, basis="核实结论")
            city.take(one, "approve", "provider-approver")
        receipted(one)
    tick()


def settled(city: City, *numbers: str) -> None:
    """Departments confirm, recipients receipt, what was published wrongly is restored."""
    for number in numbers:
        confirmed(city, number)
        receipted(number)
    tick()
    for number in numbers:
        for one in city.children(number, "correction"):
            if city.state(one) == "restoring":
                city.take(one, "restore", "clerk", statement="已更正。", places=["信用惠州"])
    tick()


# --- the objection is decided while the repair is examined


def test_an_objection_that_revokes_the_record_leaves_nothing_to_repair(city, record, sanction):
    repair, objection = repair_in(city, record, "examining"), accepted(city, record)
    assert on(record) == CONTESTED
    decided(city, objection, "wrong_revoke")
    assert city.state(repair) == "discontinued"
    assert (row(record).ended_by, row(record).repaired_on) == ("revoke", None)
    settled(city, objection)
    assert city.state(objection) == "closed"
    assert db.session.get_one(Sanction, sanction).lifted_on == MONDAY


def test_an_objection_that_corrects_the_record_lets_the_repair_go_on(city, record, sanction):
    repair, objection = repair_in(city, record, "approving"), accepted(city, record)
    decided(city, objection, "wrong_correct", value="超标排放大气污染物")
    assert (city.state(repair), row(record).version) == ("approving", 2)
    city.take(repair, "grant", "approver")
    settled(city, objection, repair)
    assert (city.state(repair), city.state(objection)) == ("repaired", "closed")
    assert (row(record).ended_by, running(sanction)) == ("repair", False)


def test_an_objection_that_is_dismissed_lets_the_repair_go_on(city, record, sanction):
    repair, objection = repair_in(city, record, "proposed"), accepted(city, record)
    decided(city, objection, "accurate")
    city.take(repair, "endorse", "provider-approver")
    assert not running(sanction)
    city.take(repair, "grant", "approver")
    settled(city, objection, repair)
    assert (city.state(repair), city.state(objection)) == ("repaired", "closed")
    assert on(record) == set()


def test_an_objection_comes_in_after_the_application_and_before(city, record, sanction):
    repair, objection = repair_in(city, record, "submitted"), accepted(city, record)
    city.take(repair, "accept", "provider")
    assert (city.state(repair), holders(sanction)) == ("examining", {objection})
    city.take(objection, "withdraw", "subject")
    city.take(repair, "withdraw", "subject")
    again = accepted(city, record)
    second = city.repair(record)
    city.take(second, "submit", "subject")
    assert (city.state(second), marked(record)) == ("submitted", (again,))


# --- the repair is granted while the objection is open


def test_a_repair_leaves_the_objection_its_mark_and_its_hold(city, record, sanction):
    objection = accepted(city, record)
    repair = repair_in(city, record, "executing")
    assert (marked(record), holders(sanction)) == ((objection,), {objection})
    assert on(record) == {"annotation"}
    settled(city, repair)
    assert (city.state(repair), city.state(objection)) == ("repaired", "verifying")
    decided(city, objection, "accurate")
    settled(city, objection)
    assert (city.state(objection), on(record)) == ("closed", set())
    assert row(record).ended_by == "repair"


def test_a_repaired_record_that_is_found_wrong_is_revoked_and_stays_so(city, record, sanction):
    objection = accepted(city, record)
    repair = repair_in(city, record, "repaired")
    with clock.at(day(5)):
        decided(city, objection, "wrong_revoke")
        now = row(record)
        assert (now.ended_by, now.ended_on, now.repaired_on) == ("revoke", day(5), MONDAY)
        city.take(repair, "propose_revocation", "provider", **ACCUSED)
        city.take(repair, "answer", "subject", statement="记录本来就是错的。")
        codes = refusal(city, repair, "revoke", "approver", **BECAUSE)
        assert set(codes) == {"the_record_is_not_revoked"}
        assert on(record) == set()


def test_what_the_annulled_decision_revoked_is_repaired_again_not_valid(city, record, sanction):
    objection = accepted(city, record)
    repair = repair_in(city, record, "repaired")
    with clock.at(day(5)):
        decided(city, objection, "wrong_revoke")
        settled(city, objection)
        assert city.state(objection) == "closed"
    with clock.at(day(10)):
        city.take(objection, "reopen", "approver", **JUDGED)
        assert marked(record) == (objection,)
        again(city, objection)
        now = row(record)
        assert (now.ended_by, now.ended_on, now.repaired_on) == ("repair", MONDAY, MONDAY)
        assert (on(record), running(sanction)) == (set(), False)
        settled(city, objection)
    assert (city.state(repair), city.state(objection)) == ("repaired", "closed")
    with clock.at(day(12)):
        city.take(repair, "propose_revocation", "provider", **ACCUSED)
        city.take(repair, "answer", "subject", statement="不知情。")
        city.take(repair, "revoke", "approver", **BECAUSE)
        assert on(record) == USED


def again(city: City, objection: str) -> None:
    """After a reopening the record is found accurate, another decides, it is reinstated."""
    (item,) = facts(city, objection).items()
    said = {"items": [item.id], "reasons": "依判决重新核实"}
    city.take(objection, "return_for_verification", "approver2", **said)
    for one in city.children(objection, "verification"):
        if facts(city, one).case().open:
            answered(city, one, "accurate")
    tick()
    city.take(objection, "dismiss", "approver2", **BECAUSE)
    put_right(city, objection)


def test_a_repaired_record_may_still_be_corrected(city, record, sanction):
    objection = accepted(city, record)
    repair = repair_in(city, record, "repaired")
    decided(city, objection, "wrong_correct", value="超标排放大气污染物")
    settled(city, objection)
    assert (city.state(objection), row(record).version) == ("closed", 2)
    assert (row(record).ended_by, on(record)) == ("repair", set())
    city.take(repair, "propose_revocation", "provider", **ACCUSED)
    city.take(repair, "answer", "subject", statement="不知情。")
    city.take(repair, "revoke", "approver", **BECAUSE)
    assert on(record) == USED


def test_a_correction_that_is_taken_back_leaves_a_repaired_record_repaired(city, record, sanction):
    objection = accepted(city, record)
    repair_in(city, record, "repaired")
    decided(city, objection, "wrong_correct", value="超标排放大气污染物")
    settled(city, objection)
    city.take(objection, "reopen", "approver", **JUDGED)
    again(city, objection)
    settled(city, objection)
    assert (row(record).version, row(record).ended_by) == (3, "repair")
    assert (on(record), city.state(objection)) == (set(), "closed")


def test_an_objection_to_a_repaired_record_is_still_heard(city, record, sanction):
    repair_in(city, record, "repaired")
    objection = accepted(city, record)
    assert (on(record), holders(sanction)) == ({"annotation"}, set())
    decided(city, objection, "unverifiable")
    settled(city, objection)
    assert (city.state(objection), row(record).ended_by) == ("closed", "end_disclosure")
    assert row(record).repaired_on == MONDAY


def test_a_record_that_came_back_before_the_grant_is_repaired_like_any_other(
    city, record, sanction
):
    """Upheld and annulled: the repair was discontinued in between and is applied for anew."""
    repair, objection = repair_in(city, record, "examining"), accepted(city, record)
    decided(city, objection, "wrong_revoke")
    settled(city, objection)
    city.take(objection, "reopen", "approver", **JUDGED)
    again(city, objection)
    settled(city, objection)
    assert (city.state(repair), on(record)) == ("discontinued", USED)
    second = repair_in(city, record, "repaired")
    assert (city.state(second), row(record).ended_by) == ("repaired", "repair")
