"""How providers are asked, answer, or do not; and what the clocks do meanwhile."""

from collections.abc import Iterator

import pytest

from app import clock
from app.cases.due import tick
from app.cases.objection.models import Item
from app.cases.queries import inbox
from app.db import db
from app.errors import Invalid, StepRefused
from tests.app.cases.city import City
from tests.app.cases.telling import (
    CONTESTED,
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
    reported,
    submitted,
    taken,
    titles,
)

INSPECTION = {"ground": "inspection", "document": "检验委托书", "reasons": "需要检验"}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def findings(city: City, number: str) -> list[tuple[str | None, bool]]:
    db.session.expire_all()
    return [(one.finding, one.unreviewed) for one in facts(city, number).items()]


def test_one_provider_gets_one_letter_with_all_its_items(city):
    number = accepted(city, city.record(), city.record(), city.record("provider2"))
    first, second = city.children(number, "verification")
    assert (len(items(city, first)), len(items(city, second))) == (2, 1)
    assert titles(first) == ["核实函"]
    assert last_notice(first).addressee_unit_id == city.unit["provider"]
    assert due(city, first, "verification.acknowledge") == day(4)
    assert due(city, first, "verification.report") == day(6)
    assert due(city, first, "verification.hard_stop") == day(24)
    assert owner(city, first) == ("provider.handler", "provider", day(4))
    assert [one.number for one in inbox(city.actor["provider"])] == [first]
    assert due(city, number, "objection.forward") is None


def test_a_bare_verdict_is_no_answer(city):
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    city.take(child, "acknowledge", "provider")
    for said in ("", "属实。", "已核实"):
        with pytest.raises(StepRefused) as refused:
            reported(city, child, "accurate", reasons=said)
        assert codes(refused) == ["each_finding_has_reasons"]
    with pytest.raises(StepRefused) as refused:
        reported(city, child, "wrong_correct", value="")
    assert codes(refused) == ["each_correction_has_a_value"]
    with pytest.raises(Invalid) as blank:
        reported(city, child, "wrong_correct", value=" ")
    assert list(blank.value.faults) == ["findings.0.value"]
    (item,) = items(city, child)
    twice = [{"item_id": item, "finding": "accurate", "reasons": REASONS}] * 2
    for wrong in ([], twice):
        with pytest.raises((StepRefused, Exception)):
            city.take(child, "report", "provider", officer="某人", findings=wrong)


def test_what_is_sent_back_is_reported_anew_and_endorsed_by_another(city):
    city.promote("provider", "provider.approver")
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    reported(city, child, "accurate")
    assert owner(city, child) == ("provider.approver", "provider", day(6))
    with pytest.raises(StepRefused) as refused:
        city.take(child, "endorse", "provider")
    assert codes(refused) == ["another_person_handled_it"]
    city.take(child, "send_back", "provider-approver", reasons="请补充案卷页码")
    assert findings(city, number) == [(None, False)]
    reported(city, child, "wrong_revoke")
    city.take(child, "endorse", "provider-approver")
    assert findings(city, number) == [("wrong_revoke", False)]
    assert (city.state(child), titles(child)) == ("closed", ["核实函", "核实结果反馈函"])
    assert last_notice(child).issuer_id == city.unit["provider"]
    assert last_notice(child).addressee_unit_id == city.unit["office"]


def test_more_time_is_granted_once_and_by_somebody_else(city):
    city.promote("provider", "provider.approver")
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    city.take(child, "acknowledge", "provider")
    with pytest.raises(StepRefused) as refused:
        city.take(child, "grant_time", "provider-approver")
    assert codes(refused) == ["time_was_asked_for"]
    city.take(child, "ask_for_time", "provider", reason="案卷在档案馆")
    with pytest.raises(StepRefused) as refused:
        city.take(child, "grant_time", "provider")
    assert codes(refused) == ["another_person_handled_it"]
    city.take(child, "grant_time", "provider-approver")
    assert due(city, child, "verification.report") == day(11)
    assert due(city, child, "verification.hard_stop") == day(24)
    assert last_notice(child).addressee_subject_id == city.subject["company"]
    with pytest.raises(StepRefused) as refused:
        city.take(child, "ask_for_time", "provider", reason="还要")
    assert codes(refused) == ["no_time_was_granted_before"]


def test_a_provider_stays_silent_until_the_hard_stop(city):
    record = city.record()
    number = accepted(city, record)
    (child,) = city.children(number, "verification")
    with clock.at(day(24)):
        tick()
        assert city.state(child) == "issued"
    with clock.at(day(25)):
        done = tick()
        assert (done["expire"], done["findings_complete"]) == (1, 1)
        assert findings(city, number) == [("unverifiable", True)]
        assert (city.state(child), city.state(number)) == ("closed", "deciding")
        city.take(number, "uphold", "approver", reasons="提供单位逾期未答复。")
        (fix,) = city.children(number, "correction")
        details = facts(city, fix).case().details
        assert (details["decided_kind"], details["decided_fields"]) == ("end_disclosure", {})
        assert "未经审核" in last_notice(number).html
        city.take(fix, "correct", "provider", kind="end_disclosure")
        city.take(fix, "approve", "provider-approver")
        assert on(record) == set()
        receipted(fix)
        assert tick()["close"] == 1


def test_what_was_reported_and_not_endorsed_goes_on_as_it_is(city):
    number = accepted(city, city.record(), city.record("provider2"))
    first, second = city.children(number, "verification")
    reported(city, first, "wrong_correct", value="其他违法行为")
    reported(city, second, "accurate")
    city.take(second, "send_back", "provider2-approver", reasons="理由不足")
    with clock.at(day(25)):
        assert tick()["expire"] == 2
        assert findings(city, number) == [("wrong_correct", True), ("unverifiable", True)]


def test_another_round_keeps_the_finding_until_a_new_one_is_endorsed(city):
    record = city.record()
    number = accepted(city, record, city.record("provider2"))
    for child in city.children(number, "verification"):
        answered(city, child, "accurate")
    tick()
    assert owner(city, number) == ("office.approver", "office", day(12))
    first, _ = items(city, number)
    with pytest.raises(StepRefused) as refused:
        city.take(number, "return_for_verification", "approver", items=[first + 99], reasons="再查")
    assert codes(refused) == ["the_items_are_of_this_case"]
    city.take(number, "return_for_verification", "approver", items=[first], reasons="理由不足")
    assert city.state(number) == "verifying"
    (again,) = open_children(city, number, "verification")
    assert facts(city, again).case().details["round"] == 2
    assert findings(city, number) == [("accurate", False)] * 2
    assert "理由不足" in last_notice(again).html
    assert not tick()
    with clock.at(day(25)):
        tick()
        assert findings(city, number) == [("accurate", False)] * 2
        assert city.state(number) == "deciding"
        with pytest.raises(StepRefused) as refused:
            city.take(number, "return_for_verification", "approver", items=[first], reasons="再查")
        assert codes(refused) == ["a_round_is_left"]
        city.take(number, "dismiss", "approver", reasons="属实。")
        assert on(record) == USED


def test_an_item_of_nobody_is_sent_to_another_unit_and_its_time_runs_on(city):
    number = accepted(city, city.record())
    (item,) = items(city, number)
    (child,) = city.children(number, "verification")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "redirect", "clerk", item_id=item, unit=str(city.unit["provider2"]))
    assert codes(refused) == ["an_item_is_not_theirs", "the_item_is_not_theirs"]
    with clock.at(day(5)):
        answered(city, child, "not_ours", unit=str(city.unit["provider2"]))
        assert not tick()
        office = str(city.unit["executor"])
        with pytest.raises(StepRefused) as refused:
            city.take(number, "redirect", "clerk", item_id=item, unit=office)
        assert codes(refused) == ["the_unit_provides_records"]
        city.take(number, "redirect", "clerk", item_id=item, unit=str(city.unit["provider2"]))
        (second,) = open_children(city, number, "verification")
        assert city.case(second).unit_id == city.unit["provider2"]
        assert due(city, second, "verification.hard_stop") == day(24)
        assert due(city, second, "verification.report") == day(10)
        answered(city, second, "not_ours")
        with pytest.raises(StepRefused) as refused:
            city.take(number, "redirect", "clerk", item_id=item, unit=str(city.unit["provider"]))
        assert codes(refused) == ["the_same_unit_gets_proof"]
        own = {"unit": str(city.unit["provider"]), "proof": "该局官网公示截图"}
        city.take(number, "redirect", "clerk", item_id=item, **own)
        (third,) = open_children(city, number, "verification")
        answered(city, third, "accurate")
        assert tick() == {"findings_complete": 1}


def test_an_item_that_is_no_units_cannot_be_verified(city):
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    answered(city, child, "not_ours")
    assert not tick()
    (item,) = items(city, number)
    city.take(number, "redirect_nowhere", "clerk", item_id=item, reasons="各单位均无此案卷")
    assert tick() == {"findings_complete": 1}
    assert findings(city, number) == [("unverifiable", False)]
    with pytest.raises(StepRefused) as refused:
        city.take(number, "dismiss", "approver", reasons="查不到")
    assert codes(refused) == ["no_item_is_wrong"]


def test_it_is_extended_once_with_a_date_not_beyond_the_longest(city):
    number = accepted(city, city.record())
    for wrong in (day(3), day(12), day(31).replace(month=9, day=1)):
        with pytest.raises(StepRefused) as refused:
            city.take(number, "extend", "approver", due_on=wrong.isoformat(), reason="复杂")
        assert codes(refused) == ["the_new_date_is_possible"]
    city.take(number, "extend", "approver", due_on="2026-08-26", reason="案情复杂")
    assert due(city, number, "objection.total") == day(26)
    assert owner(city, number) == ("office.clerk", "office", day(26))
    assert (titles(number)[-1], city.state(number)) == ("延期通知书", "verifying")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "extend", "approver", due_on="2026-08-28", reason="还是复杂")
    assert codes(refused) == ["not_extended_before"]


def test_the_platforms_own_error_is_put_right_by_the_office(city):
    record, other = city.record(), city.record("provider2")
    sanction = city.sanction(record)
    number = submitted(city, record, other)
    first, second = items(city, number)
    said = {"value": "警告", "proof": "提供单位原始记录打印件"}
    with pytest.raises(StepRefused) as refused:
        city.take(number, "correct_own_error", "clerk", items=[{"item_id": first} | said])
    assert codes(refused) == ["every_open_item_differs"]
    city.take(number, "accept", "clerk")
    answered(city, city.children(number, "verification")[1], "wrong_revoke")
    city.take(number, "correct_own_error", "clerk", items=[{"item_id": first} | said])
    assert city.state(number) == "deciding"
    assert [city.state(one) for one in city.children(number, "verification")] == [
        "cancelled",
        "closed",
    ]
    assert (on(record), holders(sanction)) == (CONTESTED, {number})
    assert second
    city.take(number, "uphold", "approver", reasons="平台差错。")
    ours, theirs = city.children(number, "correction")
    assert owner(city, ours)[:2] == ("office.clerk", "office")
    assert owner(city, theirs)[:2] == ("provider.handler", "provider2")
    city.take(ours, "correct", "clerk", kind="correct")
    assert owner(city, ours)[:2] == ("office.approver", "office")
    city.take(ours, "approve", "approver")
    assert facts(city, ours).records()[0].content["violation"] == "警告"
    assert (on(record), marked(record), holders(sanction)) == (USED, (), set())
    assert marked(other) == (number,)


def test_an_own_error_found_before_acceptance_annotates_and_holds_as_well(city):
    record = city.record()
    sanction = city.sanction(record)
    number = submitted(city, record)
    (item,) = items(city, number)
    said = {"item_id": item, "value": "警告", "proof": "截图"}
    city.take(number, "correct_own_error", "clerk", items=[said])
    assert (city.state(number), marked(record)) == ("deciding", (number,))
    assert holders(sanction) == {number}
    assert city.children(number, "verification") == []
    for round_ in (1, 2):
        city.take(number, "return_for_verification", "approver", items=[item], reasons="请核实")
        (child,) = open_children(city, number, "verification")
        assert facts(city, child).case().details["round"] == round_
        answered(city, child, "wrong_revoke")
        tick()
    with pytest.raises(StepRefused) as refused:
        city.take(number, "return_for_verification", "approver", items=[item], reasons="再查")
    assert codes(refused) == ["a_round_is_left"]
    city.take(number, "uphold", "approver", reasons="有误。")
    (fix,) = city.children(number, "correction")
    assert owner(city, fix)[:2] == ("provider.handler", "provider")
    assert facts(city, fix).case().details["decided_kind"] == "revoke"


def test_where_a_provider_kept_silent_the_platforms_own_error_may_still_be_found(city):
    number = accepted(city, city.record(), city.record("provider2"))
    first, second = city.children(number, "verification")
    city.take(first, "acknowledge", "provider")
    city.take(first, "stop_clock", "provider-approver", **INSPECTION)
    with clock.at(day(25)):
        assert tick()["expire"] == 1
        own, silent = items(city, number)
        said = [{"item_id": one, "value": "警告", "proof": "截图"} for one in (own, silent)]
        city.take(number, "correct_own_error", "clerk", items=said)
        assert findings(city, number) == [("wrong_correct", False)] * 2
    assert second
    row = db.session.get_one(Item, silent)
    assert (row.own_error, row.reasons) == (True, "截图")


def test_the_clocks_of_a_child_and_its_parent_stand_still_together(city):
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    city.take(child, "acknowledge", "provider")
    with clock.at(day(4)):
        city.take(child, "stop_clock", "provider-approver", **INSPECTION)
        assert titles(child)[-1] == "办理期限中止告知书"
        assert last_notice(child).addressee_subject_id == city.subject["company"]
        assert due(city, child, "verification.report") is None
        assert due(city, number, "objection.total") is None
        assert owner(city, child) == (
            "provider.handler",
            "provider",
            day(4).replace(month=9, day=15),
        )
        assert city.case(number).due_on is None or city.case(number).due_on
        with pytest.raises(StepRefused) as refused:
            city.take(child, "stop_clock", "provider-approver", **INSPECTION)
        assert codes(refused) == ["the_clocks_run"]
    with clock.at(day(11)):
        city.take(child, "restart_clock", "provider")
        assert due(city, child, "verification.report") == day(13)
        assert due(city, number, "objection.total") == day(19)
        assert taken(city, number)[-2:] == ["stop_clock", "restart_clock"]
        with pytest.raises(StepRefused) as refused:
            city.take(child, "restart_clock", "provider")
        assert codes(refused) == ["the_clocks_stand_still"]


def test_clocks_go_on_by_themselves_when_they_stood_still_long_enough(city):
    number = accepted(city, city.record())
    city.take(number, "stop_clock", "approver", **INSPECTION)
    last = due(city, number, "clock.stopped")
    assert last == day(3).replace(month=9, day=14)
    with clock.at(last):
        assert "restart_clock" not in tick()
    with clock.at(last.replace(day=15)):
        assert tick()["restart_clock"] == 1
        assert due(city, number, "objection.total") == day(23).replace(
            month=9
        )  # 20 September is a working day


def test_a_child_that_ends_lets_its_parent_go_on(city):
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    city.take(child, "acknowledge", "provider")
    city.take(child, "stop_clock", "provider-approver", **INSPECTION)
    with clock.at(day(5)):
        answered(city, child, "accurate")
        assert taken(city, number)[-1] == "restart_clock"
        assert due(city, number, "objection.total") == day(14)


def test_clocks_that_stand_still_when_it_closes_do_not_stop_a_later_reopening(city):
    number = submitted(city, city.record())
    city.take(number, "stop_clock", "approver", **INSPECTION)
    city.take(number, "refuse", "approver", reason_code="other_body", reason="不属于本办")
    with clock.at(day(10)):
        city.take(number, "reopen_acceptance", "approver2", document="判决书")
        assert due(city, number, "objection.accept") == day(12)
        city.take(number, "stop_clock", "approver", **INSPECTION)


def test_whoever_lets_a_deadline_pass_is_urged_once_and_then_every_two_days(city):
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    urged = []
    for date_ in range(4, 15):
        with clock.at(day(date_)):
            if tick()["urge"]:
                urged.append(date_)
            assert not tick()["urge"]
        if date_ == 7:
            with clock.at(day(7)):
                reported(city, child, "accurate")
    steps = [one.on.day for one in facts(city, child).history() if one.step == "urge"]
    assert steps == [5, 7, 11, 13]
    own = [one.on.day for one in facts(city, number).history() if one.step == "urge"]
    assert own == [13]
    assert titles(child)[-1] == "催办单"
    assert last_notice(child).addressee_unit_id == city.unit["provider"]
    assert last_notice(number).addressee_unit_id == city.unit["office"]
    assert urged == [5, 7, 11, 13]


def test_the_supervisor_may_urge_at_any_time(city):
    number = accepted(city, city.record())
    (child,) = city.children(number, "verification")
    city.take(child, "urge", "supervisor", note="请尽快")
    with clock.at(day(5)):
        assert tick()["urge"] == 1
    assert titles(child) == ["核实函", "催办单", "催办单"]


def test_reviews_and_lawsuits_are_noted_beside_the_states(city):
    number = accepted(city, city.record())
    with pytest.raises(StepRefused) as refused:
        city.take(
            number,
            "note_review_ended",
            "clerk",
            ended_on="2026-08-03",
            document="书",
            outcome="维持",
        )
    assert codes(refused) == ["a_review_is_pending"]
    city.take(
        number, "note_review", "clerk", path="review", begun_on="2026-08-01", document="受理书"
    )
    city.take(
        number, "note_review_ended", "clerk", ended_on="2026-08-03", document="书", outcome="维持"
    )
    assert city.state(number) == "verifying"
    confirmed(city, number)


def test_what_is_ordered_while_the_clocks_stand_still_is_due_when_they_have_gone_on(city):
    number = submitted(city, city.record())
    city.take(number, "stop_clock", "approver", **INSPECTION)
    city.take(number, "accept", "clerk")
    assert "期限恢复计算后的届满日前办结" in last_notice(number).html
    with clock.at(day(5)):
        city.take(number, "restart_clock", "clerk")
        assert due(city, number, "objection.total") == day(14)
