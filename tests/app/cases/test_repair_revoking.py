"""Taking a repair back: the subject is heard, disclosure comes back for the rest, and a bar."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app import clock
from app.cases.due import tick
from app.db import db
from app.delivery.queries import messages_of
from app.errors import NotAllowed
from app.records.models import Record, Sanction, Switch
from app.records.queries import switches
from tests.app.cases.city import City
from tests.app.cases.states import ACCUSED, change_record, repair_in, revoke_record
from tests.app.cases.telling import (
    MONDAY,
    USED,
    accepted,
    confirmed,
    day,
    due,
    facts,
    last_notice,
    on,
    owner,
    receipted,
    refusal,
    running,
    titles,
)

BECAUSE = {"reasons": "缴款凭证系伪造，事实清楚。"}
ANSWER = {"statement": "票据由代办人提供，本公司不知情。"}
JUDGED = {"document": "行政判决书"}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def record(city):
    """A record on which a sanction rests."""
    key = city.repairable()
    city.sanction(key)
    return key


def row(record: int) -> Record:
    """A record as it stands now."""
    db.session.expire_all()
    return db.session.get_one(Record, record)


def details(city: City, number: str) -> Any:
    """What the repair remembers."""
    return facts(city, number).case().details


# --- hearing


def test_its_provider_proposes_it_and_the_subject_is_told_what_and_until_when(city, record):
    number = repair_in(city, record, "repaired")
    for who in ("provider-approver", "approver", "clerk"):
        with pytest.raises(NotAllowed):
            city.take(number, "propose_revocation", who, **ACCUSED)
    with clock.at(day(4)):
        city.take(number, "propose_revocation", "provider", **ACCUSED)
    notice = last_notice(number)
    assert (notice.title, notice.addressee_subject_id) == (
        "拟撤销信用修复告知书",
        city.subject["company"],
    )
    assert ACCUSED["reasons"] in notice.html
    assert due(city, number, "repair.hearing") == day(11)
    assert owner(city, number) == ("office.approver", "office", day(25))
    assert on(record) == set()


def test_nothing_is_revoked_before_the_subject_answered_or_let_its_time_pass(city, record):
    number = repair_in(city, record, "revoking")
    assert set(refusal(city, number, "revoke", "approver", **BECAUSE)) == {"the_subject_was_heard"}
    with clock.at(day(10)):
        codes = refusal(city, number, "revoke", "approver", **BECAUSE)
        assert set(codes) == {"the_subject_was_heard"}
        assert "2026-08-10" in codes["the_subject_was_heard"].text
    with clock.at(day(11)):
        city.take(number, "revoke", "approver", **BECAUSE)
    assert city.state(number) == "revoked"


def test_an_answer_ends_the_hearing_and_the_office_has_its_days_from_then(city, record):
    number = repair_in(city, record, "revoking")
    assert due(city, number, "repair.revoke") == day(24)
    with pytest.raises(NotAllowed):
        city.take(number, "answer", "provider", **ANSWER)
    with clock.at(day(5)):
        city.take(number, "answer", "subject", **ANSWER)
        assert owner(city, number) == ("office.approver", "office", day(19))
        assert due(city, number, "repair.hearing") is None
        city.take(number, "revoke", "approver", **BECAUSE)
    assert details(city, number)["answer"] == ANSWER["statement"]


def test_an_answer_to_an_earlier_proposal_does_not_count_for_the_next(city, record):
    number = repair_in(city, record, "revoking")
    city.take(number, "answer", "subject", **ANSWER)
    city.take(number, "drop_revocation", "approver", reasons="证据不足。")
    city.take(number, "propose_revocation", "provider", **ACCUSED)
    assert details(city, number)["answer"] == ""
    assert set(refusal(city, number, "revoke", "approver", **BECAUSE)) == {"the_subject_was_heard"}


def test_the_office_is_urged_when_it_is_late(city, record):
    repair_in(city, record, "revoking")
    with clock.at(day(24)):
        assert not tick()
    with clock.at(day(25)):
        assert tick() == {"urge": 1}


def test_nobody_but_the_office_revokes_or_drops_it(city, record):
    number = repair_in(city, record, "revoking")
    for step in ("revoke", "drop_revocation"):
        for who in ("provider", "provider-approver", "clerk", "subject"):
            with pytest.raises(NotAllowed):
                city.take(number, step, who, **BECAUSE)


def test_what_is_dropped_leaves_everything_as_it_was(city, record):
    number = repair_in(city, record, "revoking")
    city.take(number, "drop_revocation", "approver", reasons="证据不足。")
    assert (city.state(number), titles(number)[-1]) == ("repaired", "不予撤销信用修复告知书")
    assert (on(record), row(record).ended_by) == (set(), "repair")
    assert details(city, number)["barred_until"] is None
    assert owner(city, number) == (None, None, None)


# --- what comes back


def test_disclosure_comes_back_for_the_rest_of_its_period_and_everybody_is_told(city, record):
    before = switches([record], MONDAY)[record][Switch.DISCLOSURE]
    number = repair_in(city, record, "revoking")
    told = len(messages_of([number]))
    with clock.at(day(11)):
        city.take(number, "revoke", "approver", **BECAUSE)
        assert on(record) == USED
        now = switches([record], day(11))[record][Switch.DISCLOSURE]
        assert (now.since, now.until) == (day(11), before.until)
    assert before.until == date(2027, 4, 1)
    back = row(record)
    assert (back.ended_by, back.ended_on, back.repaired_on) == (None, None, None)
    sent = messages_of([number])
    assert len(sent) == 2 * told
    assert "恢复公示" in sent[-1].body
    with clock.at(date(2027, 4, 1)):
        assert "disclosure" in on(record)
    with clock.at(date(2027, 4, 2)):
        assert on(record) == USED - {"disclosure"}


def test_where_its_period_is_over_it_is_only_shared_again(city, record):
    number = repair_in(city, record, "repaired")
    with clock.at(date(2027, 4, 2)):
        city.take(number, "propose_revocation", "provider", **ACCUSED)
        city.take(number, "answer", "subject", **ANSWER)
        city.take(number, "revoke", "approver", **BECAUSE)
        assert on(record) == {"sharing", "sanctions"}


def test_lifted_sanctions_stay_lifted_and_a_new_one_is_in_force(city, record):
    number = repair_in(city, record, "revoked")
    (child,) = city.children(number, "suspension")
    assert city.state(child) == "lifted"
    old = facts(city, child).sanctions()[0].id
    assert not running(old)
    new = city.sanction(record)
    assert (running(new), running(old)) == (True, False)
    assert not tick()
    assert db.session.get_one(Sanction, old).lifted_on == MONDAY


def test_the_decision_names_remedies_and_how_long_the_bar_lasts(city, record):
    number = repair_in(city, record, "revoked")
    notice = last_notice(number)
    assert (notice.title, notice.issuer_id) == ("撤销信用修复决定书", city.unit["provider"])
    assert notice.context["remedies"]
    assert "2029年8月3日" in notice.html
    assert titles(number).count(notice.title) == 1


def test_a_record_that_was_revoked_meanwhile_is_not_brought_back(city, record):
    number = repair_in(city, record, "revoking")
    revoke_record(city, record)
    city.take(number, "answer", "subject", **ANSWER)
    codes = refusal(city, number, "revoke", "approver", **BECAUSE)
    assert set(codes) == {"the_record_is_not_revoked"}
    city.take(number, "drop_revocation", "approver", reasons="记录已经撤销。")
    assert (row(record).ended_by, on(record)) == ("revoke", set())


def test_nor_is_one_whose_disclosure_a_correction_ended(city, record):
    number = repair_in(city, record, "revoking")
    change_record(city, record, "end_disclosure")
    city.take(number, "answer", "subject", **ANSWER)
    city.take(number, "revoke", "approver", **BECAUSE)
    now = row(record)
    assert (now.ended_by, now.repaired_on, on(record)) == ("end_disclosure", None, set())


def test_what_comes_back_contested_is_not_executed_on(city, record):
    number = repair_in(city, record, "revoking")
    objection = accepted(city, record)
    city.take(number, "answer", "subject", **ANSWER)
    city.take(number, "revoke", "approver", **BECAUSE)
    assert on(record) == {"annotation", "disclosure", "sharing"}
    city.take(objection, "withdraw", "subject")
    assert on(record) == USED


# --- the bar


def test_the_subject_is_barred_from_any_repair_to_the_last_day(city, record):
    other = city.repairable()
    number = repair_in(city, record, "revoked")
    assert details(city, number)["barred_until"] == date(2029, 8, 3)
    drafts = [city.repair(one) for one in (record, other)]
    with clock.at(date(2029, 8, 3)):
        for one in drafts:
            (reason,) = refusal(city, one, "submit", "subject").values()
            assert reason.code == "the_subject_is_not_barred"
            assert reason.holds_from == date(2029, 8, 4)
            assert "2029-08-03" in reason.text
    with clock.at(date(2029, 8, 4)):
        for one in drafts:
            city.take(one, "submit", "subject")


def test_others_are_not_barred_with_it(city, record):
    repair_in(city, record, "revoked")
    number = city.repair(city.repairable(subject="other"), "stranger")
    city.take(number, "submit", "stranger")
    assert city.state(number) == "submitted"


def test_who_is_turned_down_while_barred_is_told_the_day_after_the_bar(city, record):
    other = city.repairable()
    pending = repair_in(city, other, "submitted")
    repair_in(city, record, "revoked")
    said = {"reason_code": "barred", "reason": "仍在不得申请期间"}
    city.take(pending, "refuse_acceptance", "provider-approver", **said)
    assert details(city, pending)["next_application_on"] == date(2029, 8, 4)


# --- the revocation is annulled


def test_an_annulled_revocation_brings_the_repair_back_and_the_bar_falls(city, record):
    number = repair_in(city, record, "revoked")
    receipted(number)
    new = city.sanction(record)
    with clock.at(day(10)):
        with pytest.raises(NotAllowed):
            city.take(number, "restore_repair", "provider-approver", **JUDGED)
        city.take(number, "restore_repair", "approver2", **JUDGED)
        assert owner(city, number) == ("office.clerk", "office", day(24))
        assert due(city, number, "correction.synchronise") == day(13)
        assert (on(record), running(new)) == (set(), False)
        assert titles(number)[-1] == "恢复信用修复决定书"
        now = row(record)
        assert (now.ended_by, now.ended_on, now.repaired_on) == ("repair", day(10), day(10))
        assert details(city, number)["barred_until"] is None
        city.take(city.repair(city.repairable()), "submit", "subject")
        assert not tick()
        confirmed(city, number)
        receipted(number)
        assert tick() == {"finish": 1}


def test_who_revoked_it_does_not_revoke_it_again(city, record):
    number = repair_in(city, record, "revoked")
    city.take(number, "restore_repair", "approver2", **JUDGED)
    confirmed(city, number)
    receipted(number)
    tick()
    city.take(number, "propose_revocation", "provider", **ACCUSED)
    city.take(number, "answer", "subject", **ANSWER)
    codes = refusal(city, number, "revoke", "approver", **BECAUSE)
    assert set(codes) == {"did_not_take_the_annulled_decision"}
    city.take(number, "revoke", "approver2", **BECAUSE)
    assert (city.state(number), on(record)) == ("revoked", USED)


def test_a_repair_is_not_restored_on_a_record_that_is_gone(city, record):
    number = repair_in(city, record, "revoked")
    revoke_record(city, record)
    codes = refusal(city, number, "restore_repair", "approver2", **JUDGED)
    assert set(codes) == {"the_record_is_not_revoked"}
    assert row(record).ended_by == "revoke"


def test_while_a_second_repair_stands_the_revocation_of_the_first_brings_nothing_back(city, record):
    """The bar was over, the record repaired anew; then a court restores the first repair, too."""
    first = repair_in(city, record, "revoked")
    with clock.at(date(2029, 8, 6)):
        second = repair_in(city, record, "repaired")
        city.take(first, "restore_repair", "approver2", **JUDGED)
        receipted(first)
        assert tick()["finish"] == 1
        city.take(first, "propose_revocation", "provider", **ACCUSED)
        city.take(first, "answer", "subject", **ANSWER)
        city.take(first, "revoke", "approver2", **BECAUSE)
        assert (city.state(second), on(record)) == ("repaired", set())
        now = row(record)
        assert (now.ended_by, now.repaired_on) == ("repair", date(2029, 8, 6))
