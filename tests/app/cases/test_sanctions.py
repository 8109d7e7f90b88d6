"""How sanctions are held, suspended, resumed and lifted while records are contested."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.db import db, transaction
from app.errors import NotAllowed, StepRefused
from app.records.models import Record, Sanction
from tests.app.cases.city import City
from tests.app.cases.telling import (
    MONDAY,
    USED,
    accepted,
    answered,
    confirmed,
    day,
    due,
    facts,
    holders,
    last_notice,
    marked,
    on,
    owner,
    receipted,
    running,
    submitted,
    titles,
    under,
)
from workflows.inputs.correction import Opening


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def decided(city: City, number: str, finding: str, decision: str, **more: str) -> None:
    """Everybody answers the same, the office decides."""
    for one in city.children(number, "verification"):
        if facts(city, one).case().open:
            answered(city, one, finding, **more)
    tick()
    city.take(number, decision, "approver", reasons="依核实结论。")


def corrected(city: City, number: str) -> None:
    """The providers correct as decided, and all recipients confirm."""
    for one in city.children(number, "correction"):
        kind = facts(city, one).case().details["decided_kind"]
        who = "provider" if city.case(one).unit_id == city.unit["provider"] else "provider2"
        city.take(one, "correct", who, kind=kind)
        city.take(one, "approve", f"{who}-approver")
        receipted(one)


def test_it_holds_what_rests_on_the_record_and_is_neither_lifted_nor_over(city):
    record = city.record()
    begun, later = city.sanction(record), city.sanction(record, starts_on=date(2026, 9, 1))
    over = city.sanction(record, ends_on=date(2026, 8, 2))
    number = accepted(city, record)
    assert (holders(begun), holders(later), holders(over)) == ({number}, {number}, set())
    first, second = city.children(number, "suspension")
    assert titles(first) == ["暂停执行失信惩戒措施通知书"]
    assert owner(city, first) == ("executor.handler", "executor", day(5))
    city.take(first, "confirm", "executor", executed_on="2026-08-03", note="已停止限制")
    assert owner(city, first) == ("office.clerk", "office", due(city, number, "objection.total"))
    assert last_notice(first).title == "暂停执行情况反馈单"
    assert last_notice(first).addressee_unit_id == city.unit["office"]
    assert city.state(second) == "ordered"


def test_the_department_reports_a_day_between_the_order_and_today(city):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    (child,) = city.children(number, "suspension")
    for wrong in ("2026-08-02", "2026-08-04"):
        with pytest.raises(StepRefused) as refused:
            city.take(child, "confirm", "executor", executed_on=wrong, note="已停")
        assert codes(refused) == ["the_day_reported_is_possible"]


def test_a_statutory_measure_is_declined_and_the_register_says_what_is(city):
    record = city.record()
    sanction, other = city.sanction(record, mandatory=True), city.sanction(record)
    number = accepted(city, record)
    first, second = city.children(number, "suspension")
    assert not running(sanction)
    with pytest.raises(StepRefused) as refused:
        city.take(second, "decline", "executor-approver", provision="某法第三条")
    assert codes(refused) == ["the_measure_is_mandatory"]
    with pytest.raises(NotAllowed):
        city.take(first, "decline", "executor", provision="某法第三条")
    with clock.at(day(5)):
        city.take(first, "decline", "executor-approver", provision="《企业法人法》第三条")
        assert (city.state(first), holders(sanction), running(sanction)) == (
            "declined",
            set(),
            True,
        )
        notice = last_notice(first)
        assert (notice.title, notice.addressee_subject_id) == (
            "不予暂停告知书",
            city.subject["company"],
        )
        assert notice.issuer_id == city.unit["executor"]
        assert notice.context["remedies"]
        assert not tick()["hold"]
        assert holders(other) == {number}
        decided(city, number, "accurate", "dismiss")
        confirmed(city, number)
        assert tick()["close"] == 1


def test_what_was_confirmed_is_not_declined_any_more(city):
    record = city.record()
    city.sanction(record, mandatory=True)
    number = accepted(city, record)
    (child,) = city.children(number, "suspension")
    city.take(child, "confirm", "executor", executed_on="2026-08-03", note="已停")
    city.take(number, "withdraw", "subject")
    again = accepted(city, record)
    assert city.children(again, "suspension") == [child]
    assert city.state(child) == "ordered"
    with pytest.raises(StepRefused) as refused:
        city.take(child, "decline", "executor-approver", provision="某法第三条")
    assert codes(refused) == ["it_was_never_confirmed"]


def test_a_statutory_measure_may_be_held_only_when_confirmed(city):
    record = city.record()
    sanction, soft = city.sanction(record, mandatory=True), city.sanction(record)
    number = submitted(city, record)
    under(city, number, suspension__mandatory="held_when_confirmed")
    city.take(number, "accept", "clerk")
    first, _ = city.children(number, "suspension")
    assert (holders(sanction), running(sanction), running(soft)) == ({number}, True, False)
    with clock.at(day(5)):
        city.take(first, "confirm", "executor", executed_on="2026-08-04", note="已停")
        assert not running(sanction)
        city.take(number, "withdraw", "subject")
        assert city.state(first) == "resuming"
        again = submitted(city, record)
        under(city, again, suspension__mandatory="held_when_confirmed")
        city.take(again, "accept", "clerk")
        assert (city.state(first), holders(sanction)) == ("ordered", {again})
        assert not running(sanction)


def test_held_when_confirmed_and_never_confirmed_leaves_it_in_force(city):
    record = city.record()
    sanction = city.sanction(record, mandatory=True)
    number = submitted(city, record)
    under(city, number, suspension__mandatory="held_when_confirmed")
    city.take(number, "accept", "clerk")
    (child,) = city.children(number, "suspension")
    city.take(child, "decline", "executor-approver", provision="某法第三条")
    assert (holders(sanction), running(sanction)) == (set(), True)


def test_what_also_rests_on_an_uncontested_record_may_be_left_alone(city):
    contested, quiet, gone = city.record(), city.record(), city.record()
    alone, shared = city.sanction(contested), city.sanction(contested, quiet)
    with_gone = city.sanction(contested, gone)
    revoke(city, gone)
    number = submitted(city, contested)
    under(city, number, suspension__shared="only_if_all_contested")
    city.take(number, "accept", "clerk")
    assert [holders(one) for one in (alone, shared, with_gone)] == [{number}, set(), {number}]
    assert running(shared)
    other = submitted(city, quiet)
    under(city, other, suspension__shared="only_if_all_contested")
    city.take(other, "accept", "clerk")
    assert holders(shared) == {other}
    assert tick()["hold"] == 1
    assert holders(shared) == {number, other}
    (child,) = set(city.children(number, "suspension")) & set(city.children(other, "suspension"))
    assert facts(city, child).case().parent == other


def revoke(city: City, record: int) -> None:
    """Another case has the record revoked."""
    from_ = city.actor["provider"]
    number = commands.open_correction(from_, Opening(record, "原决定已撤销"), annulled=True)
    said = {"document": "复议决定书", "reasons": "原处罚决定已被撤销"}
    city.take(number, "withdraw_publication", "provider-approver", **said)
    receipted(number)


def test_suspended_time_is_added_to_the_period_or_not_as_the_rule_says(city):
    record = city.record()
    ends = date(2026, 8, 31)
    added, counted = city.sanction(record, ends_on=ends), city.sanction(record, ends_on=ends)
    number = accepted(city, record)
    first, second = city.children(number, "suspension")
    under(city, second, suspension__counts="yes")
    with clock.at(day(10)):
        city.take(number, "withdraw", "subject")
        for one in (first, second):
            city.take(one, "confirm_resumed", "executor", executed_on="2026-08-10")
        assert db.session.get_one(Sanction, added).runs_until == date(2026, 9, 7)
        assert db.session.get_one(Sanction, counted).runs_until == ends
    with clock.at(date(2026, 9, 1)):
        assert (running(added), running(counted)) == (True, False)


def test_what_is_over_while_it_is_suspended_is_lifted(city):
    record = city.record()
    sanction = city.sanction(record, ends_on=date(2026, 8, 31))
    number = submitted(city, record)
    under(city, number, suspension__counts="yes")
    city.take(number, "accept", "clerk")
    (child,) = city.children(number, "suspension")
    with clock.at(day(31)):
        assert not tick()["order_lift"]
    with clock.at(date(2026, 9, 1)):
        assert tick()["order_lift"] == 1
        assert (city.state(child), holders(sanction)) == ("lifting", {number})
        assert titles(child)[-1] == "解除失信惩戒措施通知书"


def test_a_record_past_its_maximum_may_support_nothing_any_more(city):
    record = city.record(disclosed_until="2026-08-20")
    sanction = city.sanction(record)
    number = submitted(city, record)
    under(city, number, record__past_maximum="ends")
    city.take(number, "accept", "clerk")
    (child,) = city.children(number, "suspension")
    with clock.at(day(20)):
        assert not tick()["order_lift"]
    with clock.at(day(21)):
        assert tick()["order_lift"] == 1
        assert (city.state(child), sanction) == ("lifting", sanction)


def test_the_maximum_that_was_looked_up_is_told_not_the_one_that_was_handed_in(city):
    record = city.record(disclosed_until="2026-08-20")
    city.sanction(record)
    number = submitted(city, record)
    with transaction():
        db.session.get_one(Record, record).disclosed_until = date(2026, 8, 18)
    under(city, number, record__past_maximum="ends")
    city.take(number, "accept", "clerk")
    (child,) = city.children(number, "suspension")
    with clock.at(day(19)):
        assert tick()["order_lift"] == 1
    assert "最长公示期已于2026年8月18日届满" in re.sub("<[^>]*>", "", last_notice(child).html)


def test_only_the_end_of_the_last_hold_asks_for_resumption(city):
    record = city.record()
    sanction = city.sanction(record)
    first, second = accepted(city, record), accepted(city, record, ground="O2")
    (child,) = city.children(first, "suspension")
    assert city.children(second, "suspension") == [child]
    confirmed(city, first)
    with clock.at(day(4)):
        city.take(second, "extend", "approver", due_on="2026-08-28", reason="复杂")
        assert city.case(child).due_on == day(12)
        city.take(first, "withdraw", "subject")
        assert (city.state(child), holders(sanction)) == ("suspended", {second})
        assert city.case(child).due_on == day(28)
        city.take(second, "withdraw", "subject")
        assert city.state(child) == "resuming"


def test_a_new_hold_before_the_resumption_suspends_anew(city):
    record = city.record()
    sanction = city.sanction(record)
    number = accepted(city, record)
    (child,) = city.children(number, "suspension")
    confirmed(city, number)
    with clock.at(day(4)):
        city.take(number, "withdraw", "subject")
    with clock.at(day(5)):
        again = accepted(city, record)
        assert (city.state(child), holders(sanction)) == ("ordered", {again})
        assert titles(child) == [
            "暂停执行失信惩戒措施通知书",
            "暂停执行情况反馈单",
            "恢复执行失信惩戒措施通知书",
            "暂停执行失信惩戒措施通知书",
        ]
        assert due(city, child, "suspension.confirm") == day(7)
        assert due(city, child, "suspension.resume") is None


def test_a_sanction_imposed_on_a_contested_record_is_held_by_the_clock(city):
    record = city.record()
    number = accepted(city, record)
    assert not tick()["hold"]
    sanction = city.sanction(record)
    assert running(sanction)
    assert tick()["hold"] == 1
    assert (holders(sanction), running(sanction)) == ({number}, False)
    (child,) = city.children(number, "suspension")
    assert city.state(child) == "ordered"
    assert not tick()["hold"]


def test_what_lost_its_last_record_is_lifted_though_another_case_still_holds_it(city):
    wrong, right = city.record(), city.record()
    alone, shared = city.sanction(wrong), city.sanction(wrong, right)
    number = accepted(city, wrong)
    other = accepted(city, wrong, ground="O2")
    decided(city, number, "wrong_revoke", "uphold")
    corrected(city, number)
    lifting = {one: city.state(one) for one in city.children(number, "suspension")}
    assert sorted(lifting.values()) == ["lifting", "ordered"]
    assert holders(alone) == {other}
    assert (running(alone), running(shared), holders(shared)) == (False, False, {other})
    confirmed(city, number)
    assert db.session.get_one(Sanction, alone).lifted_on == MONDAY
    tick()
    assert city.state(number) == "executing"  # harm was done, somebody has to say so
    (fix,) = city.children(number, "correction")
    city.take(fix, "restore", "clerk", statement="该处罚已撤销", places=["信用惠州"])
    tick()
    assert (city.state(number), city.state(other)) == ("closed", "verifying")
    decided(city, other, "accurate", "dismiss")
    assert (holders(alone), holders(shared)) == (set(), set())
    assert sorted(city.state(one) for one in city.children(other, "suspension")) == [
        "lifted",
        "resuming",
    ]


def test_a_shared_sanction_waits_for_the_other_contested_record_of_another_objection(city):
    wrong, right = city.record(), city.record("provider2")
    shared = city.sanction(wrong, right)
    first, second = accepted(city, wrong), accepted(city, right)
    (child,) = city.children(first, "suspension")
    confirmed(city, first)
    decided(city, first, "wrong_revoke", "uphold")
    assert holders(shared) == {first, second}
    corrected(city, first)
    assert (city.state(child), holders(shared)) == ("suspended", {second})
    with clock.at(day(5)):
        tick()
        (fix,) = city.children(first, "correction")
        city.take(fix, "restore", "clerk", statement="该处罚已撤销", places=["信用惠州"])
        tick()
        assert city.state(first) == "closed"
        assert owner(city, child)[0] == "office.clerk"
        decided(city, second, "wrong_revoke", "uphold")
        corrected(city, second)
        assert (city.state(child), holders(shared)) == ("lifting", set())
        confirmed(city, second)
        assert not running(shared)


def test_holds_on_what_rests_on_two_wrong_records_last_until_both_are_corrected(city):
    one, two = city.record(), city.record("provider2")
    shared = city.sanction(one, two)
    number = accepted(city, one, two)
    decided(city, number, "wrong_correct", "uphold", value="警告")
    first, second = city.children(number, "correction")
    city.take(first, "correct", "provider", kind="correct")
    city.take(first, "approve", "provider-approver")
    assert (marked(one), marked(two), holders(shared)) == ((), (number,), {number})
    city.take(second, "correct", "provider2", kind="correct")
    city.take(second, "approve", "provider2-approver")
    (child,) = city.children(number, "suspension")
    assert (city.state(child), holders(shared)) == ("resuming", set())
    assert on(one) == on(two) == USED


def test_the_supervisor_stands_in_only_when_the_departments_time_is_over(city):
    record = city.record()
    sanction = city.sanction(record)
    number = accepted(city, record)
    (child,) = city.children(number, "suspension")
    city.take(number, "withdraw", "subject")
    with clock.at(day(5)), pytest.raises(StepRefused) as refused:
        city.take(child, "confirm_resumed", "supervisor", executed_on="2026-08-05")
    assert codes(refused) == ["the_department_let_its_time_pass"]
    with clock.at(day(6)):
        said = {"executed_on": "2026-08-06", "receipt": "检查笔录"}
        city.take(child, "confirm_resumed", "supervisor", **said)
        assert (city.state(child), running(sanction)) == ("resumed", True)


def test_what_the_department_lifted_is_ended_for_good(city):
    record = city.record()
    sanction = city.sanction(record)
    number = accepted(city, record)
    decided(city, number, "wrong_revoke", "uphold")
    corrected(city, number)
    (child,) = city.children(number, "suspension")
    city.take(
        child, "confirm_lifted", "executor", executed_on="2026-08-03", places=["市政府采购网"]
    )
    row = db.session.get_one(Sanction, sanction)
    assert (row.lifted_on, row.places) == (MONDAY, ["市政府采购网"])
    assert db.session.get_one(Record, record).ended_by == "revoke"


def test_while_a_department_is_inspected_its_clock_and_that_of_its_parent_stand_still(city):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    (child,) = city.children(number, "suspension")
    stop = {"ground": "court", "document": "裁定书", "reasons": "法院裁定"}
    with pytest.raises(NotAllowed):
        city.take(child, "stop_clock", "approver", **stop)
    city.take(child, "stop_clock", "executor-approver", **stop)
    assert due(city, child, "suspension.confirm") is None
    assert due(city, number, "objection.total") is None
    city.take(child, "confirm", "executor", executed_on="2026-08-03", note="已停")
    city.take(child, "restart_clock", "clerk")
    assert due(city, number, "objection.total") == day(12)
    with pytest.raises(NotAllowed):
        city.take(child, "stop_clock", "executor-approver", **stop)
    city.take(child, "stop_clock", "approver", **stop)
