"""Examining a repair: proposed by its provider, approved by the office, each by another person."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.db import db, transaction
from app.errors import NotAllowed
from app.people.models import Unit
from app.records.models import Record
from tests.app.cases.city import OTHER, City
from tests.app.cases.states import MET, Given, change_record, repair_in, revoke_record
from tests.app.cases.telling import (
    MONDAY,
    day,
    due,
    facts,
    last_notice,
    owner,
    refusal,
    taken,
    titles,
    under,
)
from workflows.inputs.correction import Opening

ACCEPTED = ["信用修复申请书", "信用修复承诺书", "收件凭证", "信用修复受理通知书"]
UNMET = {"reasons": "罚款尚未缴清。"}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def details(city: City, number: str) -> Any:
    """What the repair remembers."""
    return facts(city, number).case().details


def in_state(city: City, state: str) -> str:
    """A repair of a new record in that state."""
    return repair_in(city, city.repairable(), state)


def without(*names: str, **said: Any) -> Given:
    """The conditions but for those named; `said` holds of each."""
    return {"conditions": [one | said for one in MET["conditions"] if one["name"] not in names]}


# --- proposing


def test_each_condition_is_examined_met_and_proven_before_a_grant_is_proposed(city):
    number = in_state(city, "examining")
    assert due(city, number, "repair.decide") == day(10)
    for said, code in (
        (without("other"), "every_condition_is_examined"),
        (without(met=False), "every_condition_is_met_with_proof"),
        (without(proof=" "), "every_condition_is_met_with_proof"),
    ):
        assert set(refusal(city, number, "propose_grant", "provider", **said)) == {code}
    assert details(city, number)["proposal"] is None
    city.take(number, "propose_grant", "provider", **MET)
    kept = details(city, number)
    assert (kept["proposal"], kept["unmet"]) == ("grant", "")
    assert kept["conditions"] == MET["conditions"]
    assert owner(city, number) == ("provider.approver", "provider", day(10))
    assert titles(number) == ACCEPTED


def test_the_proof_of_a_condition_may_be_a_file_of_the_case(city):
    number = in_state(city, "examining")
    key = city.attach(number, "provider")
    city.take(number, "propose_grant", "provider", **without(proof=key))
    city.take(number, "endorse", "provider-approver")
    city.take(number, "grant", "approver")
    assert "罚没收入票据" in last_notice(number).html


def test_only_its_provider_proposes_and_endorses(city):
    number = in_state(city, "examining")
    for who in ("provider-approver", "clerk", "approver", "subject"):
        with pytest.raises(NotAllowed):
            city.take(number, "propose_grant", who, **MET)
    city.take(number, "propose_refusal", "provider", **UNMET)
    for who in ("provider", "approver", "clerk"):
        with pytest.raises(NotAllowed):
            city.take(number, "endorse", who)


def test_who_proposed_it_does_not_endorse_it(city):
    number = in_state(city, "proposed")
    city.promote("provider", "provider.approver")
    assert set(refusal(city, number, "endorse", "provider")) == {"another_person_handled_it"}


def test_a_proposal_goes_back_for_reasons_and_may_become_another(city):
    number = in_state(city, "proposed")
    with clock.at(day(5)):
        city.take(number, "send_back", "provider-approver", reasons="票据金额不符。")
        assert owner(city, number) == ("provider.handler", "provider", day(10))
        city.take(number, "propose_refusal", "provider", **UNMET)
    said = details(city, number)
    assert (said["proposal"], said["conditions"]) == ("refuse", [])
    assert said["unmet"] == "罚款尚未缴清。"


# --- more time


def test_more_time_is_given_once_and_both_clocks_get_it(city):
    number = in_state(city, "examining")
    with pytest.raises(NotAllowed):
        city.take(number, "extend", "provider", reason="案情复杂")
    with clock.at(day(5)):
        city.take(number, "extend", "provider-approver", reason="案情复杂")
    assert owner(city, number) == ("provider.handler", "provider", day(19))
    assert due(city, number, "repair.total") == day(26)
    notice = last_notice(number)
    assert (notice.title, notice.addressee_kind) == ("延期通知书", "subject")
    codes = refusal(city, number, "extend", "provider-approver", reason="再延")
    assert set(codes) == {"not_extended_before"}


def test_days_given_before_the_office_sent_it_back_count_for_the_whole_alone(city):
    number = in_state(city, "examining")
    city.take(number, "extend", "provider-approver", reason="案情复杂")
    city.take(number, "propose_grant", "provider", **MET)
    city.take(number, "endorse", "provider-approver")
    with clock.at(day(12)):
        city.take(number, "return_proposal", "approver", reasons="未见整改证明。")
        assert owner(city, number) == ("provider.handler", "provider", day(19))
        assert due(city, number, "repair.total") == day(26)
        codes = refusal(city, number, "extend", "provider-approver", reason="再延")
        assert set(codes) == {"not_extended_before"}


def test_the_clocks_stand_still_during_an_appraisal(city):
    number = in_state(city, "examining")
    said = {"ground": "appraisal", "document": "鉴定委托书", "reasons": "鉴定整改效果"}
    with pytest.raises(NotAllowed):
        city.take(number, "stop_clock", "approver", **said)
    with clock.at(day(5)):
        city.take(number, "stop_clock", "provider-approver", **said)
        assert due(city, number, "repair.decide") is None
        assert due(city, number, "repair.total") is None
    with clock.at(day(7)):
        city.take(number, "restart_clock", "provider")
    assert due(city, number, "repair.decide") == day(12)
    assert due(city, number, "repair.total") == day(19)


def test_whoever_is_late_is_urged_first_the_provider_then_the_office(city):
    number = in_state(city, "proposed")
    with clock.at(day(11)):
        assert tick() == {"urge": 1}
        assert last_notice(number).addressee_unit_id == city.unit["provider"]
        city.take(number, "endorse", "provider-approver")
        assert owner(city, number) == ("office.approver", "office", day(17))
        assert not tick()
    with clock.at(day(18)):
        assert tick() == {"urge": 1}
        assert last_notice(number).addressee_unit_id == city.unit["office"]
    with clock.at(day(19)):
        city.take(number, "urge", "supervisor", note="请尽快决定")
    assert taken(city, number)[-2:] == ["urge", "urge"]


# --- the office


def test_the_office_sends_a_proposal_back_and_the_provider_has_its_days_anew(city):
    number = in_state(city, "approving")
    with clock.at(day(12)):
        city.take(number, "return_proposal", "approver", reasons="未见整改证明。")
        assert owner(city, number) == ("provider.handler", "provider", day(19))
        assert due(city, number, "repair.total") == day(17)
        city.take(number, "propose_refusal", "provider", **UNMET)
        city.take(number, "endorse", "provider-approver")
        city.take(number, "refuse", "approver", **UNMET)
    assert city.state(number) == "refused"


def test_where_the_unit_decides_alone_the_office_only_carries_out(city):
    number = in_state(city, "approving")
    under(city, number, repair__decides="unit_alone")
    codes = refusal(city, number, "return_proposal", "approver", reasons="不同意")
    assert set(codes) == {"the_office_may_return_it"}
    city.take(number, "grant", "approver")
    assert city.state(number) == "executing"


def test_the_office_grants_and_refuses_only_what_was_proposed(city):
    number = in_state(city, "approving")
    assert set(refusal(city, number, "refuse", "approver", **UNMET)) == {"a_refusal_is_proposed"}
    with pytest.raises(NotAllowed):
        city.take(number, "grant", "clerk")
    with pytest.raises(NotAllowed):
        city.take(number, "grant", "provider-approver")
    city.take(number, "return_proposal", "approver", reasons="复核")
    city.take(number, "propose_refusal", "provider", **UNMET)
    city.take(number, "endorse", "provider-approver")
    assert set(refusal(city, number, "grant", "approver")) == {"a_grant_is_proposed"}


@pytest.mark.parametrize("who", ["judge", "chief"])
def test_where_the_office_determined_it_who_handled_or_endorsed_it_does_not_grant_it(city, who):
    with transaction():
        db.session.get_one(Unit, city.unit["office"]).provides = True
    city.hire("judge", "office", "provider.handler")
    city.hire("chief", "office", "provider.approver")
    number = city.repair(city.repairable("office"))
    city.take(number, "submit", "subject")
    city.take(number, "accept", "judge")
    city.take(number, "propose_grant", "judge", **MET)
    city.take(number, "endorse", "chief")
    city.promote(who, "office.approver")
    assert set(refusal(city, number, "grant", who)) == {"another_person_handled_it"}
    city.take(number, "grant", "approver")


def test_each_decision_has_one_notice_and_every_number_is_used(city):
    granted, refused = in_state(city, "executing"), in_state(city, "refused")
    assert titles(granted) == [*ACCEPTED, "准予信用修复决定书"]
    assert titles(refused) == [*ACCEPTED, "不予信用修复决定书"]
    for number in (granted, refused):
        notice = last_notice(number)
        assert notice.issuer_id == city.unit["provider"]
        assert notice.addressee_subject_id == city.subject["company"]
        assert bool(notice.context["remedies"]) == (number == refused)
    assert [last_notice(one).ordinal for one in (granted, refused)] == [1, 1]


def test_a_refusal_says_what_is_unmet_and_when_to_come_again(city):
    record = city.repairable()
    number = repair_in(city, record, "approving")
    city.take(number, "return_proposal", "approver", reasons="复核决定日期")
    change_record(city, record, "correct", decided_on="2026-07-01")
    city.take(number, "propose_refusal", "provider", reasons="最短公示期未满。")
    city.take(number, "endorse", "provider-approver")
    city.take(number, "refuse", "approver", reasons="最短公示期未满。")
    assert details(city, number)["next_application_on"] == date(2026, 10, 1)
    text = last_notice(number).html
    assert "最短公示期未满。" in text
    assert "2026年10月1日" in text


# --- annulled by a court


def test_an_annulled_refusal_is_examined_anew_with_all_its_days_and_by_another(city):
    number = in_state(city, "refused")
    with clock.at(day(10)):
        with pytest.raises(NotAllowed):
            city.take(number, "reopen", "provider-approver", document="行政判决书")
        city.take(number, "reopen", "approver2", document="行政判决书")
        assert owner(city, number) == ("provider.handler", "provider", day(17))
        assert due(city, number, "repair.total") == day(24)
        city.take(number, "extend", "provider-approver", reason="重新调查")
        assert due(city, number, "repair.total") == date(2026, 9, 2)
        city.take(number, "propose_grant", "provider", **MET)
        city.take(number, "endorse", "provider-approver")
        codes = refusal(city, number, "grant", "approver")
        assert set(codes) == {"did_not_take_the_annulled_decision"}
        city.take(number, "grant", "approver2")
    assert city.state(number) == "executing"
    assert details(city, number)["next_application_on"] is None


def test_of_two_repairs_after_a_reopening_the_first_that_is_granted_stands(city):
    record = city.repairable()
    first = repair_in(city, record, "refused")
    second = repair_in(city, record, "approving")
    city.take(first, "reopen", "approver2", document="行政判决书")
    city.take(first, "propose_grant", "provider", **MET)
    city.take(first, "endorse", "provider-approver")
    city.take(second, "grant", "approver")
    codes = refusal(city, first, "grant", "approver2")
    assert set(codes) == {"no_other_case_repaired_it"}
    assert tick()["discontinue"] == 1
    assert (city.state(first), titles(first)[-1]) == ("discontinued", "终止办理通知书")


# --- what becomes of the record meanwhile


@pytest.mark.parametrize(
    "state", ["submitted", "supplementing", "examining", "proposed", "approving"]
)
def test_a_repair_ends_by_itself_when_its_record_is_revoked(city, state):
    record = city.repairable()
    number = repair_in(city, record, state)
    revoke_record(city, record)
    assert (city.state(number), owner(city, number)) == ("discontinued", (None, None, None))
    notice = last_notice(number)
    assert (notice.title, notice.addressee_subject_id) == (
        "终止办理通知书",
        city.subject["company"],
    )
    assert db.session.get_one(Record, record).ended_by == "revoke"


def test_a_deleted_record_ends_it_too_and_a_corrected_one_does_not(city):
    deleted, corrected = city.repairable(), city.repairable()
    ends, goes_on = (repair_in(city, one, "examining") for one in (deleted, corrected))
    change_record(city, deleted, "delete")
    change_record(city, corrected, "correct", violation="超标排放大气污染物")
    assert (city.state(ends), city.state(goes_on)) == ("discontinued", "examining")
    city.take(goes_on, "propose_grant", "provider", **MET)
    city.take(goes_on, "endorse", "provider-approver")
    city.take(goes_on, "grant", "approver")
    assert db.session.get_one(Record, corrected).version == 2


def test_what_is_no_longer_disclosed_may_still_be_granted(city):
    record = city.repairable()
    number = repair_in(city, record, "approving")
    change_record(city, record, "end_disclosure")
    city.take(number, "grant", "approver")
    row = db.session.get_one(Record, record)
    assert (row.ended_by, row.repaired_on) == ("end_disclosure", MONDAY)


def test_a_record_that_turns_out_to_be_somebody_elses_is_not_repaired_for_the_applicant(city):
    record = city.repairable()
    number = repair_in(city, record, "approving")
    (name, code), given = OTHER, Opening(record, "身份识别错误")
    fix = commands.open_correction(city.actor["provider"], given)
    fields = [{"field": "name", "value": name}, {"field": "code", "value": code}]
    city.take(fix, "correct", "provider", kind="correct", fields=fields, basis="原始案卷")
    city.take(fix, "approve", "provider-approver")
    codes = refusal(city, number, "grant", "approver")
    assert set(codes) == {"the_applicant_is_its_subject"}
    assert tick() == {"discontinue": 1}
    assert (city.state(number), titles(number)[-1]) == ("discontinued", "终止办理通知书")
    assert "已不再属于申请人" in last_notice(number).html
    assert name not in last_notice(number).html


def test_nobody_but_the_clock_discontinues_and_only_for_a_cause(city):
    number = in_state(city, "examining")
    with pytest.raises(NotAllowed):
        city.take(number, "discontinue", "approver")
    assert not tick()


@pytest.mark.parametrize("state", ["examining", "approving"])
def test_a_corrected_date_may_make_it_too_early_again(city, state):
    record = city.repairable()
    number = repair_in(city, record, state)
    change_record(city, record, "correct", decided_on="2026-07-20")
    step, who, said = {
        "examining": ("propose_grant", "provider", MET),
        "approving": ("grant", "approver", {}),
    }[state]
    (reason,) = refusal(city, number, step, who, **said).values()
    assert (reason.code, reason.holds_from) == ("the_minimum_period_is_over", date(2026, 10, 20))
    with clock.at(date(2026, 10, 20)):
        city.take(number, step, who, **said)


def test_it_is_the_history_that_tells_who_did_what(city):
    number = in_state(city, "repaired")
    assert taken(city, number) == [
        "file", "submit", "accept", "propose_grant", "endorse", "grant", "finish",
    ]  # fmt: skip
    assert city.case(number).version == 7
