"""How an objection is decided, carried out, and taken up again when a court annulled it."""

from collections.abc import Iterator

import pytest

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.cases.objection.models import Item
from app.db import db
from app.errors import StepRefused
from app.records.models import Record
from app.records.queries import content
from tests.app.cases.city import City
from tests.app.cases.telling import (
    MONDAY,
    REASONS,
    USED,
    accepted,
    answered,
    confirmed,
    day,
    due,
    facts,
    holders,
    items,
    last_notice,
    marked,
    on,
    open_children,
    owner,
    receipted,
    running,
    submitted,
    titles,
    under,
)
from workflows.inputs.correction import Opening
from workflows.inputs.objection import ItemInput


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def findings(city: City, number: str, *said: dict[str, str]) -> None:
    """The one provider answers item by item; everything is complete."""
    (child,) = open_children(city, number, "verification")
    city.take(child, "acknowledge", "provider")
    rows = [
        {"item_id": item, "reasons": REASONS} | one
        for item, one in zip(items(city, child), said, strict=True)
    ]
    city.take(child, "report", "provider", officer="核实员", findings=rows)
    city.take(child, "endorse", "provider-approver")
    tick()


def outcomes(city: City, number: str) -> list[str | None]:
    db.session.expire_all()
    return [one.outcome for one in facts(city, number).items()]


def correct(city: City, number: str, **more: object) -> str:
    """The provider corrects as decided, the recipients confirm; the office says so where due."""
    (fix,) = open_children(city, number, "correction")
    kind = facts(city, fix).case().details["decided_kind"]
    city.take(fix, "correct", "provider", kind=kind, **more)
    city.take(fix, "approve", "provider-approver")
    receipted(fix)
    tick()
    if city.state(fix) == "restoring":
        city.take(fix, "restore", "clerk", statement="已更正", places=["信用惠州"])
    confirmed(city, number)
    tick()
    return fix


def three_items(record: int) -> tuple[object, ...]:
    fields = ("violation", "penalty", "facts")
    return tuple(ItemInput(record, field, "O1", "不是这样") for field in fields)


def test_a_record_gets_one_correction_with_all_values_decided(city):
    record = city.record()
    number = accepted(city, record, items=three_items(record))
    findings(
        city,
        number,
        {"finding": "wrong_correct", "value": "未按规定备案"},
        {"finding": "unverifiable"},
        {"finding": "accurate"},
    )
    city.take(number, "uphold", "approver", reasons="部分有误。")
    assert outcomes(city, number) == ["upheld", "upheld", "dismissed"]
    notice = last_notice(number)
    assert (notice.title, notice.addressee_subject_id) == (
        "异议处理结果告知书",
        city.subject["company"],
    )
    assert notice.context["remedies"]
    for said in ("超标排放水污染物", "未按规定备案"):
        assert said in notice.html
    (fix,) = city.children(number, "correction")
    details = facts(city, fix).case().details
    assert (details["decided_kind"], details["decided_fields"]) == (
        "end_disclosure",
        {"violation": "未按规定备案"},
    )
    with pytest.raises(StepRefused) as refused:
        city.take(fix, "correct", "provider", kind="correct")
    assert codes(refused) == ["it_is_as_decided"]
    other = [{"field": "violation", "value": "别的"}]
    with pytest.raises(StepRefused) as refused:
        city.take(fix, "correct", "provider", kind="end_disclosure", fields=other)
    assert codes(refused) == ["it_is_as_decided"]
    correct(city, number, fields=[{"field": "violation", "value": "未按规定备案"}])
    row = db.session.get_one(Record, record)
    assert (row.ended_by, content(row)["violation"]) == ("end_disclosure", "未按规定备案")
    assert on(record) == set()
    assert city.state(number) == "closed"


def test_one_item_to_be_revoked_revokes_the_record(city):
    record = city.record()
    number = accepted(city, record, items=three_items(record))
    findings(
        city,
        number,
        {"finding": "wrong_correct", "value": "未按规定备案"},
        {"finding": "wrong_revoke"},
        {"finding": "unverifiable"},
    )
    city.take(number, "uphold", "approver", reasons="有误。")
    (fix,) = city.children(number, "correction")
    details = facts(city, fix).case().details
    assert (details["decided_kind"], details["decided_fields"]) == ("revoke", {})
    correct(city, number)


def test_what_cannot_be_verified_may_stay_with_a_note(city):
    record = city.record()
    number = submitted(city, record)
    under(city, number, objection__unverifiable="keep_with_note")
    city.take(number, "accept", "clerk")
    findings(city, number, {"finding": "unverifiable"})
    with pytest.raises(StepRefused) as refused:
        city.take(number, "uphold", "approver", reasons="查不到。")
    assert codes(refused) == ["at_least_one_item_is_wrong"]
    city.take(number, "dismiss", "approver", reasons="查不到，保留并注明。")
    assert outcomes(city, number) == ["unverifiable"]
    assert (city.children(number, "correction"), on(record)) == ([], USED)
    tick()
    again = city.objection(record)
    with pytest.raises(StepRefused) as refused:
        city.take(again, "submit", "subject")
    assert codes(refused) == ["nothing_dismissed_or_new_evidence"]


def test_who_handled_the_objection_does_not_decide_it(city):
    city.promote("clerk", "office.approver")
    number = accepted(city, city.record())
    findings(city, number, {"finding": "accurate"})
    for step in ("uphold", "dismiss"):
        with pytest.raises(StepRefused) as refused:
            city.take(number, step, "clerk", reasons="属实。")
        assert "another_person_handled_it" in codes(refused)
    city.take(number, "dismiss", "approver", reasons="属实。")


def test_it_waits_for_its_corrections_and_departments_before_it_closes(city):
    record = city.record()
    sanction = city.sanction(record)
    number = accepted(city, record)
    confirmed(city, number)
    findings(city, number, {"finding": "accurate"})
    city.take(number, "dismiss", "approver", reasons="属实。")
    assert owner(city, number) == ("office.clerk", "office", day(17))
    assert not tick()
    (child,) = city.children(number, "suspension")
    assert (city.state(child), holders(sanction)) == ("resuming", set())
    city.take(child, "confirm_resumed", "executor", executed_on="2026-08-03")
    assert tick() == {"close": 1}
    assert (owner(city, number), running(sanction)) == ((None, None, None), True)


def test_it_closes_while_another_case_still_holds_the_sanction(city):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    accepted(city, record, ground="O2")
    findings(city, number, {"finding": "accurate"})
    city.take(number, "dismiss", "approver", reasons="属实。")
    assert tick() == {"close": 1}


def test_after_an_annulled_uphold_the_record_is_reinstated(city):
    record, untouched = city.record(), city.record()
    sanction = city.sanction(record)
    number = accepted(city, record, untouched)
    findings(city, number, {"finding": "wrong_revoke"}, {"finding": "accurate"})
    city.take(number, "uphold", "approver", reasons="有误。")
    correct(city, number)
    assert city.state(number) == "closed"
    with clock.at(day(10)):
        city.take(number, "reopen", "approver", document="（2026）粤13行终9号")
        assert owner(city, number) == ("office.approver", "office", day(19))
        assert due(city, number, "objection.longest") == day(7).replace(month=9)
        assert (marked(record), marked(untouched)) == ((number,), (number,))
        assert holders(sanction) == set()  # it was lifted for good
        (first, _) = items(city, number)
        with pytest.raises(StepRefused) as refused:
            city.take(number, "uphold", "approver", reasons="还是有误。")
        assert codes(refused) == ["did_not_take_the_annulled_decision"]
        city.take(number, "return_for_verification", "approver2", items=[first], reasons="再查")
        (again,) = open_children(city, number, "verification")
        assert due(city, again, "verification.hard_stop") == day(31)
        findings(city, number, {"finding": "accurate"})
        with pytest.raises(StepRefused) as refused:
            city.take(number, "dismiss", "approver", reasons="属实。")
        assert codes(refused) == ["did_not_take_the_annulled_decision"]
        city.take(number, "dismiss", "approver2", reasons="属实。")
        (fix,) = open_children(city, number, "correction")
        details = facts(city, fix).case().details
        assert (details["decided_kind"], details["restores"]) == ("reinstate", 1)
        assert not tick()["moot"]
        correct(city, number)
        row = db.session.get_one(Record, record)
        assert (row.version, row.ended_by, on(record)) == (3, None, USED)
        assert content(row)["violation"] == "超标排放水污染物"
        assert city.state(number) == "closed"
        assert city.children(number, "correction")[1:] == [fix]


def test_what_was_reinstated_once_is_reinstated_after_a_second_annulment_too(city):
    record = city.record()
    number = accepted(city, record)
    findings(city, number, {"finding": "wrong_correct", "value": "警告"})
    city.take(number, "uphold", "approver", reasons="有误。")
    correct(city, number)
    (item,) = items(city, number)
    for finding, decision, who in (
        ("accurate", "dismiss", "approver2"),
        ("wrong_correct", "uphold", "approver3"),
        ("accurate", "dismiss", "approver4"),
    ):
        if who not in city.actor:
            city.hire(who, "office", "office.approver")
        city.take(number, "reopen", who, document="判决书")
        city.take(number, "return_for_verification", who, items=[item], reasons="再查")
        said = {"value": "警告"} if finding == "wrong_correct" else {}
        findings(city, number, {"finding": finding} | said)
        city.take(number, decision, who, reasons="依核实结论。")
        correct(city, number)
        assert city.state(number) == "closed"
    row = db.session.get_one(Record, record)
    assert (row.version, content(row)["violation"]) == (5, "超标排放水污染物")


def test_what_another_case_revoked_meanwhile_is_not_brought_back(city):
    record = city.record()
    number = accepted(city, record)
    findings(city, number, {"finding": "wrong_correct", "value": "警告"})
    city.take(number, "uphold", "approver", reasons="有误。")
    correct(city, number)
    city.take(number, "reopen", "approver", document="判决书")
    (item,) = items(city, number)
    city.take(number, "return_for_verification", "approver", items=[item], reasons="再查")
    findings(city, number, {"finding": "accurate"})
    city.take(number, "dismiss", "approver2", reasons="属实。")
    (fix,) = open_children(city, number, "correction")
    actor = city.actor["provider"]
    own = commands.open_correction(actor, Opening(record, "已撤销"), annulled=True)
    said = {"document": "复议决定书", "reasons": "原处罚决定已被撤销"}
    city.take(own, "withdraw_publication", "provider-approver", **said)
    with pytest.raises(StepRefused) as refused:
        city.take(fix, "correct", "provider", kind="reinstate")
    assert codes(refused) == ["the_record_was_not_revoked"]
    assert tick()["moot"] == 1
    assert db.session.get_one(Record, record).ended_by == "revoke"
    receipted(own)


def test_what_is_brought_back_while_another_contests_it_is_not_executed_on(city):
    record = city.record()
    number = accepted(city, record)
    other = accepted(city, record, ground="O2")
    (child,) = open_children(city, number, "verification")
    answered(city, child, "wrong_revoke")
    tick()
    city.take(number, "uphold", "approver", reasons="有误。")
    correct(city, number)
    city.take(number, "reopen", "approver", document="判决书")
    (item,) = items(city, number)
    city.take(number, "return_for_verification", "approver", items=[item], reasons="再查")
    findings(city, number, {"finding": "accurate"})
    city.take(number, "dismiss", "approver2", reasons="属实。")
    correct(city, number)
    assert marked(record) == (other,)
    assert on(record) == {"annotation", "disclosure", "sharing"}


def test_after_an_annulled_dismissal_everything_is_held_again(city):
    record = city.record()
    sanction = city.sanction(record)
    number = accepted(city, record)
    findings(city, number, {"finding": "accurate"})
    city.take(number, "dismiss", "approver", reasons="属实。")
    confirmed(city, number)
    tick()
    with clock.at(day(10)):
        city.take(number, "reopen", "approver2", document="行政判决书")
        assert (marked(record), holders(sanction)) == ((number,), {number})
        assert not running(sanction)
        first, second = city.children(number, "suspension")
        assert (city.state(first), city.state(second)) == ("resumed", "ordered")
        city.take(number, "extend", "approver", due_on="2026-08-31", reason="需要调查")
        (item,) = items(city, number)
        for _ in (1, 2):
            city.take(number, "return_for_verification", "approver2", items=[item], reasons="再查")
            findings(city, number, {"finding": "wrong_revoke"})
        city.take(number, "uphold", "approver2", reasons="有误。")
        assert db.session.get_one(Item, item).outcome == "upheld"
        correct(city, number)
        assert city.state(number) == "closed"
        assert (city.state(second), running(sanction)) == ("lifted", False)
    assert titles(number).count("异议处理结果告知书") == 2


def test_the_same_result_again_leaves_nothing_to_correct(city):
    record = city.record()
    number = accepted(city, record)
    findings(city, number, {"finding": "wrong_correct", "value": "警告"})
    city.take(number, "uphold", "approver", reasons="有误。")
    correct(city, number)
    city.take(number, "reopen", "approver", document="判决书")
    city.take(number, "uphold", "approver2", reasons="仍然有误。")
    assert marked(record) == (number,)
    done = tick()
    assert (done["moot"], done["close"]) == (1, 1)
    assert (marked(record), on(record)) == ((), USED)
