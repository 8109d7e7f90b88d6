"""An objection through every hand, told at the level of commands."""

from collections.abc import Iterator
from datetime import date

import pytest

from app import clock
from app.cases import due
from app.cases.facts import CaseFacts
from app.cases.queries import readable_notices
from app.clock import today
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.people.actor import SYSTEM
from app.records.models import Record, Switch
from app.records.queries import annotated, in_force, switches
from tests.app.cases.city import City

MONDAY = date(2026, 8, 3)
REASONS = "经查原始案卷，证据在案卷第3页。"


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def receipt_everything(number: str) -> None:
    """Every recipient confirms what the case sent."""
    with transaction():
        for message in messages_of([number]):
            delivery.receipt(message, SYSTEM)


def report(city: City, number: str, who: str, finding: str, **more: str) -> None:
    """Acknowledge, report the same on every item, endorse."""
    city.take(number, "acknowledge", who)
    items = CaseFacts(city.case(number), today()).items()
    said = {"finding": finding, "reasons": REASONS} | more
    findings = [{"item_id": item.id} | said for item in items]
    city.take(number, "report", who, officer="核实员", findings=findings)
    city.take(number, "endorse", f"{who}-approver")


def test_an_objection_goes_through_every_hand(city: City) -> None:
    wrong, right = city.record(), city.record("provider2")
    lost = city.sanction(wrong)
    kept = city.sanction(right, department="executor2")
    shared = city.sanction(right)
    sanctions = [lost, kept, shared]
    assert in_force(sanctions, today()) == dict.fromkeys(sanctions, True)

    other = city.objection(right, ground="O4")
    city.take(other, "submit", "subject")
    city.take(other, "accept", "clerk")
    for one in city.children(other, "suspension"):
        city.take(one, "confirm", _department(city, one), executed_on="2026-08-03", note="已暂停")

    number = city.objection(wrong, right)
    city.take(number, "submit", "subject")
    city.take(number, "accept", "clerk")
    assert in_force(sanctions, today()) == dict.fromkeys(sanctions, False)
    assert annotated([wrong, right]) == {wrong: (number,), right: (other, number)}

    with clock.at(date(2026, 8, 5)):
        first, second = city.children(number, "verification")
        report(city, first, "provider", "wrong_revoke")
        city.take(second, "acknowledge", "provider2")
        before = CaseFacts(city.case(second), today()).due("verification.report")
        city.take(second, "ask_for_time", "provider2", reason="案卷在档案馆")
        city.take(second, "grant_time", "provider2-approver")
        after = CaseFacts(city.case(second), today()).due("verification.report")
        assert (before, after) == (date(2026, 8, 6), date(2026, 8, 11))
    with clock.at(date(2026, 8, 10)):
        items = CaseFacts(city.case(second), today()).items()
        findings = [{"item_id": one.id, "finding": "accurate", "reasons": REASONS} for one in items]
        city.take(second, "report", "provider2", officer="核实员", findings=findings)
        city.take(second, "endorse", "provider2-approver")
        assert due.tick()["findings_complete"] == 1
        city.take(number, "uphold", "approver", reasons="一条记录有误，一条属实。")
        assert annotated([wrong, right]) == {wrong: (number,), right: (other,)}
        _revoke_and_restore(city, number, wrong)
        _departments_answer(city, number)
        assert in_force(sanctions, today()) == dict.fromkeys(sanctions, False)
        due.tick()
        assert city.state(number) == "closed"
        assert city.state(other) == "verifying"


def _department(city: City, number: str) -> str:
    units = {city.unit["executor"]: "executor", city.unit["executor2"]: "executor2"}
    return units[city.case(number).unit_id]


def _revoke_and_restore(city: City, number: str, wrong: int) -> None:
    (fix,) = city.children(number, "correction")
    city.take(fix, "correct", "provider", kind="revoke", basis="撤销行政处罚决定书")
    city.take(fix, "approve", "provider-approver")
    record = db.session.get_one(Record, wrong)
    assert (record.version, record.ended_by) == (2, "revoke")
    assert not any(now.on for now in switches([wrong], today())[wrong].values())
    due.tick()
    assert city.state(fix) == "synchronising"
    receipt_everything(fix)
    due.tick()
    assert city.state(fix) == "restoring"
    city.take(fix, "restore", "clerk", statement="该记录已撤销。", places=["信用惠州网站"])
    assert city.state(fix) == "done"
    titles = [one.title for one in readable_notices(city.actor["clerk"], city.case(fix))]
    assert titles == ["信息更正（撤销）通知书", "消除影响公告"]


def _departments_answer(city: City, number: str) -> None:
    due.tick()
    assert city.state(number) == "executing"
    states = {one: city.state(one) for one in city.children(number, "suspension")}
    assert sorted(states.values()) == ["lifting", "suspended", "suspended"]
    for one, state in states.items():
        if state == "lifting":
            city.take(one, "confirm_lifted", "executor", executed_on="2026-08-10", places=[])


def test_the_switch_for_sanctions_is_off_while_a_record_is_contested(city: City) -> None:
    record = city.record()
    number = city.objection(record)
    city.take(number, "submit", "subject")
    assert switches([record], today())[record][Switch.SANCTIONS].on
    city.take(number, "accept", "clerk")
    assert not switches([record], today())[record][Switch.SANCTIONS].on
    city.take(number, "withdraw", "subject")
    assert switches([record], today())[record][Switch.SANCTIONS].on
