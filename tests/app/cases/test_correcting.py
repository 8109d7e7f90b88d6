"""How records are put right: by whom, with which documents, and who must be told."""

from collections.abc import Iterator

import pytest

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.errors import Invalid, NotAllowed, NotFound, StepRefused
from app.people.actor import SYSTEM
from app.records.models import Record, Share
from app.records.queries import content
from tests.app.cases.city import City
from tests.app.cases.telling import (
    MONDAY,
    USED,
    accepted,
    answered,
    day,
    due,
    facts,
    holders,
    items,
    last_notice,
    marked,
    on,
    owner,
    receipted,
    running,
    submitted,
    titles,
)
from workflows.inputs.correction import Opening
from workflows.inputs.objection import ItemInput


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def own(city: City, record: int, who: str = "provider", *, annulled: bool = False) -> str:
    """A correction without an objection."""
    given = Opening(record, "发现录入错误")
    return commands.open_correction(city.actor[who], given, annulled=annulled)


def fix(
    city: City, number: str, value: str = "警告", who: str = "provider", **more: object
) -> None:
    said = {"fields": [{"field": "violation", "value": value}], "basis": "原决定书"} | more
    city.take(number, "correct", who, kind="correct", **said)


def upheld(city: City, record: int, finding: str = "wrong_correct", **more: str) -> tuple[str, str]:
    """An objection and the correction it opened."""
    number = accepted(city, record)
    said = {"value": "警告"} if finding == "wrong_correct" else {}
    answered(city, city.children(number, "verification")[0], finding, **said, **more)
    tick()
    city.take(number, "uphold", "approver", reasons="有误。")
    (child,) = city.children(number, "correction")
    return number, child


def test_a_provider_puts_its_own_error_right_with_two_people(city):
    city.promote("provider", "provider.approver")
    record = city.record()
    number = own(city, record)
    assert owner(city, number) == ("provider.handler", "provider", day(5))
    with pytest.raises(StepRefused) as refused:
        fix(city, number, basis="")
    assert codes(refused) == ["it_rests_on_a_document"]
    with pytest.raises(StepRefused) as refused:
        fix(city, number, value="不是日期", fields=[{"field": "decided_on", "value": "昨天"}])
    assert codes(refused) == ["each_value_can_be_stored"]
    with pytest.raises(StepRefused) as refused:
        city.take(number, "correct", "provider", kind="reinstate", basis="判决书")
    assert codes(refused) == ["reinstatement_was_decided"]
    fix(city, number)
    assert owner(city, number) == ("provider.approver", "provider", day(5))
    with pytest.raises(StepRefused) as refused:
        city.take(number, "approve", "provider")
    assert codes(refused) == ["another_person_handled_it"]
    city.take(number, "send_back", "provider-approver", reasons="请核对")
    fix(city, number, value="通报批评")
    city.take(number, "approve", "provider-approver")
    assert content(db.session.get_one(Record, record))["violation"] == "通报批评"
    assert on(record) == USED
    assert owner(city, number) == ("office.clerk", "office", day(6))
    assert not tick()
    receipted(number)
    assert tick() == {"synchronised_harmless": 1}
    assert (city.state(number), titles(number)) == ("done", ["信息更正（撤销）通知书"])


def test_who_opened_a_correction_does_not_approve_it(city):
    city.promote("provider", "provider.approver")
    city.hire("provider-b", "provider", "provider.handler")
    number = own(city, city.record())
    fix(city, number, who="provider-b")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "approve", "provider")
    assert codes(refused) == ["another_person_handled_it"]


def test_a_provider_corrects_only_what_it_provided(city):
    record = city.record()
    with pytest.raises(Invalid):
        own(city, record, "provider2")
    number = own(city, record, "clerk")
    assert owner(city, number)[:2] == ("provider.handler", "provider")
    with pytest.raises((NotAllowed, NotFound)):
        fix(city, number, who="provider2")


def test_an_annulled_act_is_withdrawn_from_the_public_with_its_reasons(city):
    city.promote("provider", "provider.approver")
    record = city.record()
    sanction = city.sanction(record)
    number = own(city, record, annulled=True)
    assert owner(city, number) == ("provider.handler", "provider", day(6))
    assert due(city, number, "correction.correct") is None
    said = {"document": "粤复决〔2026〕7号", "reasons": "原处罚决定已被复议机关撤销"}
    with pytest.raises(StepRefused) as refused:
        city.take(number, "withdraw_publication", "provider", **said)
    assert codes(refused) == ["another_person_handled_it"]
    city.take(number, "withdraw_publication", "provider-approver", **said)
    row = db.session.get_one(Record, record)
    assert (row.ended_by, on(record), running(sanction)) == ("revoke", set(), False)
    notice = last_notice(number)
    assert (notice.title, notice.addressee_kind, notice.issuer_id) == (
        "公示撤回及理由说明",
        "public",
        city.unit["provider"],
    )
    (child,) = city.children(number, "suspension")
    assert (city.state(child), titles(child)) == ("lifting", ["解除失信惩戒措施通知书"])
    receipted(number)
    assert tick() == {"synchronised": 1}
    assert owner(city, number) == ("office.clerk", "office", day(10))
    city.take(number, "restore", "clerk", statement="该处罚已撤销，特此澄清。", places=["信用惠州"])
    notice = last_notice(number)
    assert (city.state(number), notice.title, notice.addressee_kind) == (
        "done",
        "消除影响公告",
        "public",
    )
    assert notice.context["notice"]["copies"] == ["惠州市䶮测印染有限公司"]
    city.take(child, "confirm_lifted", "executor", executed_on="2026-08-03")


def test_what_an_objection_decided_otherwise_is_not_withdrawn_whole(city):
    _, child = upheld(city, city.record())
    said = {"document": "复议决定书", "reasons": "已撤销"}
    with pytest.raises(StepRefused) as refused:
        city.take(child, "withdraw_publication", "provider-approver", **said)
    assert codes(refused) == ["nothing_else_was_decided"]


def test_the_office_carries_out_what_a_provider_lets_lie(city):
    record = city.record()
    sanction = city.sanction(record)
    number, child = upheld(city, record)
    for wrong in (day(3), day(5)):
        with clock.at(wrong), pytest.raises(StepRefused) as refused:
            city.take(child, "carry_out", "approver", reasons="逾期未更正")
        assert codes(refused) == ["its_time_has_passed"]
    with clock.at(day(6)):
        assert tick()["urge"] >= 1
        assert (marked(record), holders(sanction)) == ((number,), {number})
        city.take(child, "carry_out", "approver", reasons="逾期未更正")
        assert content(db.session.get_one(Record, record))["violation"] == "警告"
        assert (marked(record), holders(sanction), on(record)) == ((), set(), USED)
        notice = last_notice(child)
        assert (notice.title, notice.addressee_unit_id) == ("督办函", city.unit["provider"])
        assert owner(city, child) == ("office.clerk", "office", day(11))
        receipted(child)
        assert tick() == {"synchronised": 1}


def test_nor_does_it_carry_out_what_nobody_knows(city):
    number = own(city, city.record())
    with clock.at(day(6)):
        with pytest.raises(StepRefused) as refused:
            city.take(number, "carry_out", "approver", reasons="逾期")
        assert codes(refused) == ["it_is_known_what_to_do"]
        fix(city, number)
        city.take(number, "carry_out", "approver", reasons="逾期")
    assert city.state(number) == "synchronising"


def test_an_annulled_act_is_carried_out_when_its_own_time_has_passed(city):
    number = own(city, city.record(), annulled=True)
    city.take(number, "correct", "provider", kind="revoke", basis="复议决定书")
    with clock.at(day(6)), pytest.raises(StepRefused) as refused:
        city.take(number, "carry_out", "approver", reasons="逾期")
    assert codes(refused) == ["its_time_has_passed"]
    with clock.at(day(7)):
        city.take(number, "carry_out", "approver", reasons="逾期")
        assert city.state(number) == "synchronising"


def test_a_proposal_is_bound_to_the_version_it_saw(city):
    record = city.record()
    first, second = own(city, record), own(city, record)
    fix(city, first)
    fix(city, second, value="通报批评")
    city.take(second, "approve", "provider-approver")
    with pytest.raises(StepRefused) as refused:
        city.take(first, "approve", "provider-approver")
    assert codes(refused) == ["the_record_has_not_moved_on"]
    city.take(first, "send_back", "provider-approver", reasons="已有新版本")
    fix(city, first, fields=[{"field": "penalty", "value": "警告"}])
    city.take(first, "approve", "provider-approver")
    row = db.session.get_one(Record, record)
    said = content(row)
    assert (row.version, said["violation"], said["penalty"]) == (3, "通报批评", "警告")


def test_what_reads_as_decided_already_is_moot(city):
    record = city.record()
    number, child = upheld(city, record)
    early = own(city, record)
    assert not tick()["moot"]
    fix(city, early)
    city.take(early, "approve", "provider-approver")
    receipted(early)
    done = tick()
    assert (done["moot"], done["close"]) == (1, 1)
    assert (city.state(child), city.state(number)) == ("moot", "closed")
    assert (marked(record), on(record)) == ((), USED)


def test_what_was_revoked_meanwhile_is_moot_and_not_corrected_before(city):
    record = city.record()
    sanction = city.sanction(record)
    number, child = upheld(city, record)
    with clock.at(day(6)):
        other = own(city, record, annulled=True)
        said = {"document": "复议决定书", "reasons": "原处罚决定已被撤销"}
        city.take(other, "withdraw_publication", "provider-approver", **said)
        for step, who, given in (
            ("correct", "provider", {"kind": "correct"}),
            ("carry_out", "approver", {"reasons": "逾期"}),
        ):
            with pytest.raises(StepRefused) as refused:
                city.take(child, step, who, **given)
            assert codes(refused) == ["the_record_was_not_revoked"]
        assert holders(sanction) == {number}
        tick()
        assert (city.state(child), holders(sanction)) == ("moot", set())
        (suspension,) = city.children(number, "suspension")
        assert city.state(suspension) == "lifting"
        receipted(other)


def test_ending_disclosure_is_moot_only_with_the_values_decided(city):
    record = city.record()
    number = accepted(city, record)
    item = {"record_id": record, "field": "penalty", "ground": "O2", "claim": "没有罚款"}
    other = submitted(city, record, items=(ItemInput(**item),))
    city.take(other, "accept", "clerk")
    answered(city, city.children(number, "verification")[0], "unverifiable")
    tick()
    city.take(number, "uphold", "approver", reasons="查不到。")
    answered(city, city.children(other, "verification")[0], "wrong_correct", value="警告")
    tick()
    city.take(other, "uphold", "approver", reasons="有误。")
    (end,) = city.children(number, "correction")
    city.take(end, "correct", "provider", kind="end_disclosure")
    city.take(end, "approve", "provider-approver")
    assert not tick()["moot"]
    (correct,) = city.children(other, "correction")
    city.take(correct, "correct", "provider", kind="correct")
    city.take(correct, "approve", "provider-approver")
    assert db.session.get_one(Record, record).ended_by == "end_disclosure"


def test_who_does_not_receipt_is_reminded_and_then_cut_off(city):
    record = city.record()
    city.sanction(record)
    number = own(city, record)
    fix(city, number)
    city.take(number, "approve", "provider-approver")
    platform, executor = messages_of([number])
    with transaction():
        delivery.receipt(platform, SYSTEM)
    waiting = executor.id
    with clock.at(day(6)), pytest.raises(StepRefused) as refused:
        city.take(number, "cut_off", "supervisor", message_id=waiting, reasons="逾期")
    assert codes(refused) == ["the_time_to_synchronise_has_passed"]
    with clock.at(day(7)):
        assert tick()["urge"] == 1
        assert "惠州市财政局" in last_notice(number).html
        with pytest.raises(StepRefused) as refused:
            city.take(number, "cut_off", "supervisor", message_id=platform.id, reasons="逾期")
        assert codes(refused) == ["the_message_is_not_settled"]
        with pytest.raises(NotAllowed):
            city.take(number, "cut_off", "clerk", message_id=waiting, reasons="逾期")
        city.take(number, "cut_off", "supervisor", message_id=waiting, reasons="逾期不回执")
        stopped = [one.stopped_on for one in db.session.query(Share).filter_by(record_id=record)]
        assert sorted(stopped, key=str) == [day(7), None]
        assert tick() == {"synchronised": 1}


def test_no_harm_was_done_by_what_was_held_from_the_start(city):
    record = city.record()
    number = accepted(city, record)
    sanction = city.sanction(record, starts_on=MONDAY)
    tick()
    assert holders(sanction) == {number}
    answered(city, city.children(number, "verification")[0], "wrong_revoke")
    tick()
    city.take(number, "uphold", "approver", reasons="有误。")
    (child,) = city.children(number, "correction")
    city.take(child, "correct", "provider", kind="revoke")
    city.take(child, "approve", "provider-approver")
    receipted(child)
    assert tick()["synchronised_harmless"] == 1


def test_harm_was_done_by_what_was_executed_between_two_objections(city):
    record = city.record()
    city.sanction(record, starts_on=MONDAY)
    first = accepted(city, record)
    city.take(first, "withdraw", "subject")
    (child,) = city.children(first, "suspension")
    city.take(child, "confirm_resumed", "executor", executed_on="2026-08-03")
    with clock.at(day(5)):
        _, fixed = upheld(city, record, "wrong_revoke")
        city.take(fixed, "correct", "provider", kind="revoke")
        city.take(fixed, "approve", "provider-approver")
        receipted(fixed)
        assert tick()["synchronised"] == 1


def test_the_approver_of_whoever_owns_the_state_stops_its_clock(city):
    number, child = upheld(city, city.record())
    stop = {"ground": "inspection", "document": "委托书", "reasons": "检验"}
    with pytest.raises(NotAllowed):
        city.take(child, "stop_clock", "approver", **stop)
    city.take(child, "stop_clock", "provider-approver", **stop)
    city.take(child, "restart_clock", "provider")
    city.take(child, "correct", "provider", kind="correct")
    city.take(child, "approve", "provider-approver")
    with pytest.raises(NotAllowed):
        city.take(child, "stop_clock", "provider-approver", **stop)
    city.take(child, "stop_clock", "approver", **stop)
    assert due(city, child, "correction.synchronise") is None
    assert due(city, number, "case.execute") is None
    assert facts(city, child).case().open
    assert items(city, child)
