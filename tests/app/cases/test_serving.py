"""Serving a notice: attempts, proof, what came back, and the day from which periods run."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.exc import IntegrityError

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.cases.models import StepTaken
from app.cases.service import receipts
from app.cases.service.commands import agree, conclude, set_out, withdraw
from app.cases.waiting import came_back
from app.db import db, transaction
from app.delivery.models import ServiceAttempt
from app.errors import Conflict, Invalid, NotAllowed, NotFound, StepRefused
from app.notices.models import Notice
from app.notices.queries import notices_of
from app.notices.render import render
from tests.app.cases.samples import pdf
from tests.app.cases.states import case_in
from workflows.grammar import Nothing
from workflows.inputs.service import Announcing, CameBack, Handing, Left, Posting, Signed, Slip
from workflows.service import ServiceState

MONDAY = date(2026, 8, 3)
PROOF = ("回证.pdf", pdf())
HERE = Handing("信用办服务窗口")
REFUSED = CameBack(MONDAY, "受送达人认为处理有误，拒绝签收。")


@pytest.fixture(autouse=True)
def _on_a_monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def notice(city):
    """The acceptance of an objection, to the company; gives its key."""
    number = case_in(city, "objection", "verifying")
    return next(one.id for one in notices_of([number]) if one.name == "acceptance")


def posted(on=MONDAY):
    return Posting("惠州市惠城区江北街道1号", on, "EX123456789CN")


def row(key):
    return db.session.get_one(ServiceAttempt, key, populate_existing=True)


def served(key):
    return db.session.get_one(Notice, key, populate_existing=True).served_on


def proofs_in_history(city, key):
    number = db.session.get_one(Notice, key).case_number
    steps = sa.select(StepTaken).where(
        StepTaken.case_id == city.case(number).id, StepTaken.step == "served"
    )
    return [one.data["input"]["served_on"] for one in db.session.scalars(steps)]


def test_what_was_signed_at_the_counter_is_served_on_that_day(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "counter", HERE)
    assert served(notice) is None
    conclude(clerk, key, ServiceState.DELIVERED, Signed(MONDAY, "温知行（收发人员）"), PROOF)
    assert served(notice) == MONDAY
    assert row(key).proof_sha256
    assert proofs_in_history(city, notice) == ["2026-08-03"]


def test_the_day_on_the_slip_counts_not_the_day_it_came_back(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "post", posted())
    with clock.at(date(2026, 8, 12)):
        conclude(clerk, key, ServiceState.DELIVERED, Slip(date(2026, 8, 6)), PROOF)
    assert served(notice) == date(2026, 8, 6)
    assert proofs_in_history(city, notice) == ["2026-08-06"]


@pytest.mark.parametrize(
    ("channel", "begun", "end"),
    [("counter", HERE, Signed(MONDAY, "本人")), ("post", posted(), Slip(MONDAY))],
)
def test_without_a_document_nothing_is_proved(city, notice, channel, begun, end):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, channel, begun)
    with pytest.raises(Invalid) as refused:
        conclude(clerk, key, ServiceState.DELIVERED, end)
    assert set(refused.value.faults) == {"proof"}
    assert served(notice) is None


def test_the_database_refuses_a_proof_without_a_document(city, notice):
    key = set_out(city.actor["clerk"], notice, "counter", HERE)
    with pytest.raises(IntegrityError), transaction():
        row(key).state, row(key).served_on = "delivered", MONDAY
        db.session.flush()


def test_the_database_keeps_one_proof_of_a_notice(city, notice):
    commands.serve(notice, city.actor["subject"], "在本系统确认收到")
    with pytest.raises(IntegrityError), transaction():
        first = row(db.session.scalar(sa.select(ServiceAttempt.id)))
        columns = {one.name: getattr(first, one.name) for one in ServiceAttempt.__table__.columns}
        db.session.add(ServiceAttempt(**columns | {"id": None}))
        db.session.flush()


@pytest.mark.parametrize("day", [date(2026, 8, 4), date(2026, 8, 2)])
def test_a_day_before_the_notice_or_after_today_is_refused(city, notice, day):
    clerk = city.actor["clerk"]
    with pytest.raises(Invalid) as refused:
        set_out(clerk, notice, "post", posted(day))
    assert set(refused.value.faults) == {"sent_on"}
    key = set_out(clerk, notice, "counter", HERE)
    with pytest.raises(Invalid) as refused:
        conclude(clerk, key, ServiceState.DELIVERED, Signed(day, "本人"), PROOF)
    assert set(refused.value.faults) == {"on"}


def test_sending_again_does_not_start_a_period_anew(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "post", posted())
    commands.serve(notice, city.actor["subject"], "在本系统确认收到")
    with pytest.raises(Conflict, match="第一次送达之日为准"):
        conclude(clerk, key, ServiceState.DELIVERED, Slip(MONDAY), PROOF)
    with pytest.raises(StepRefused) as refused:
        set_out(clerk, notice, "counter", HERE)
    assert "not_served_yet" in [one.code for one in refused.value.reasons]
    assert proofs_in_history(city, notice) == ["2026-08-03"]


def test_what_came_back_after_service_is_nobodys_task(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "post", posted())
    commands.serve(notice, city.actor["subject"], "在本系统确认收到")
    conclude(clerk, key, ServiceState.RETURNED, CameBack(MONDAY, "迁移新址不明"))
    assert came_back(clerk) == []


def test_what_came_back_waits_for_whoever_serves_until_it_is_sent_again(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "post", posted())
    conclude(clerk, key, ServiceState.RETURNED, CameBack(MONDAY, "迁移新址不明"))
    assert [one.id for one, _ in came_back(clerk)] == [key]
    for who in ("provider", "subject", "approver"):
        assert came_back(city.actor[who]) == []
    set_out(clerk, notice, "counter", HERE)
    assert came_back(clerk) == []


def test_an_attempt_ends_once(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "counter", HERE)
    conclude(clerk, key, ServiceState.REFUSED, REFUSED)
    with pytest.raises(Conflict, match="已经登记"):
        conclude(clerk, key, ServiceState.DELIVERED, Signed(MONDAY, "本人"), PROOF)
    assert served(notice) is None


def test_one_attempt_after_the_other(city, notice):
    clerk = city.actor["clerk"]
    set_out(clerk, notice, "counter", HERE)
    with pytest.raises(StepRefused) as refused:
        set_out(clerk, notice, "post", posted())
    assert [one.code for one in refused.value.reasons] == ["nothing_is_under_way"]


def test_a_refusal_to_sign_leads_to_leaving_it(city, notice):
    clerk = city.actor["clerk"]
    with pytest.raises(StepRefused) as refused:
        set_out(clerk, notice, "leaving", HERE)
    assert [one.code for one in refused.value.reasons] == ["it_was_refused"]
    key = set_out(clerk, notice, "counter", HERE)
    conclude(clerk, key, ServiceState.REFUSED, REFUSED)
    left = set_out(clerk, notice, "leaving", HERE)
    with pytest.raises(Invalid) as missing:
        conclude(clerk, left, ServiceState.DELIVERED, Left(MONDAY), PROOF)
    assert set(missing.value.faults) == {"witnesses"}
    conclude(clerk, left, ServiceState.DELIVERED, Left(MONDAY, "社区居委会 宋清和"), PROOF)
    assert served(notice) == MONDAY
    assert [one.served_how for one in [db.session.get_one(Notice, notice)]] == ["留置送达"]


def test_photos_stand_for_witnesses(city, notice):
    clerk = city.actor["clerk"]
    conclude(clerk, set_out(clerk, notice, "counter", HERE), ServiceState.REFUSED, REFUSED)
    left = set_out(clerk, notice, "leaving", HERE)
    conclude(clerk, left, ServiceState.DELIVERED, Left(MONDAY, filmed=True), PROOF)
    assert served(notice) == MONDAY


def announcing(ground="unknown"):
    return Announcing(ground, "登记的住所查无此单位，电话无人接听。", "本机关公告栏", MONDAY)


def test_a_public_notice_serves_when_it_has_stood_for_thirty_days(city, notice):
    clerk = city.actor["clerk"]
    with pytest.raises(Invalid) as missing:
        set_out(clerk, notice, "announcement", announcing())
    assert set(missing.value.faults) == {"proof"}
    key = set_out(clerk, notice, "announcement", announcing(), PROOF)
    assert row(key).deemed_on == date(2026, 9, 2)
    with clock.at(date(2026, 9, 2)):
        tick()
        assert served(notice) is None
    with clock.at(date(2026, 9, 3)):
        assert tick()["served"] == 1
        assert served(notice) == date(2026, 9, 2)
        assert "served" not in tick()
    assert proofs_in_history(city, notice) == ["2026-09-02"]


def test_a_public_notice_is_the_last_resort_and_keeps_its_reasons(city, notice):
    clerk = city.actor["clerk"]
    with pytest.raises(StepRefused) as refused:
        set_out(clerk, notice, "announcement", announcing("impossible"), PROOF)
    assert [one.code for one in refused.value.reasons] == ["nothing_else_worked"]
    key = set_out(clerk, notice, "post", posted())
    conclude(clerk, key, ServiceState.RETURNED, CameBack(MONDAY, "查无此人"))
    key = set_out(clerk, notice, "announcement", announcing("impossible"), PROOF)
    assert "查无此单位" in row(key).reasons


def test_a_public_notice_serves_nothing_that_was_served_meanwhile(city, notice):
    key = set_out(city.actor["clerk"], notice, "announcement", announcing(), PROOF)
    commands.serve(notice, city.actor["subject"], "在本系统确认收到")
    with clock.at(date(2026, 9, 3)):
        tick()
    assert row(key).state == "failed"
    assert served(notice) == MONDAY
    assert proofs_in_history(city, notice) == ["2026-08-03"]


def test_with_consent_a_notice_is_served_when_it_reaches_the_system(city, notice):
    clerk, company = city.actor["clerk"], city.subject["company"]
    with pytest.raises(StepRefused) as refused:
        set_out(clerk, notice, "portal", Nothing())
    assert [one.code for one in refused.value.reasons] == ["the_addressee_consented"]
    consent = agree(city.actor["subject"], company, "在线确认")
    key = set_out(clerk, notice, "portal", Nothing())
    assert (row(key).state, row(key).consent_id, served(notice)) == ("delivered", consent, MONDAY)
    withdraw(city.actor["subject"], consent)
    assert served(notice) == MONDAY


def test_a_consent_that_was_withdrawn_is_none_and_may_be_given_again(city, notice):
    company, subject = city.subject["company"], city.actor["subject"]
    withdraw(subject, agree(subject, company, "在线确认"))
    with pytest.raises(StepRefused):
        set_out(city.actor["clerk"], notice, "portal", Nothing())
    agree(city.actor["clerk"], company, "电子送达确认书")
    with pytest.raises(Conflict):
        agree(subject, company, "在线确认")


def test_nobody_consents_for_somebody_else(city):
    for who in ("stranger", "provider", "approver"):
        with pytest.raises(NotAllowed):
            agree(city.actor[who], city.subject["company"], "在线确认")
    with pytest.raises(Invalid):
        agree(city.actor["clerk"], city.subject["company"], "  ")
    consent = agree(city.actor["clerk"], city.subject["company"], "电子送达确认书")
    for who in ("stranger", "provider", "approver"):
        with pytest.raises(NotAllowed):
            withdraw(city.actor[who], consent)
    with pytest.raises(NotFound):
        withdraw(city.actor["clerk"], 10**6)


def test_only_the_handler_of_the_unit_that_issued_it_serves_a_notice(city, notice):
    for who in ("approver", "supervisor", "subject"):
        with pytest.raises(NotAllowed):
            set_out(city.actor[who], notice, "counter", HERE)
    for who in ("provider", "executor", "stranger"):
        with pytest.raises((NotFound, NotAllowed)):
            set_out(city.actor[who], notice, "counter", HERE)
    key = set_out(city.actor["clerk"], notice, "counter", HERE)
    for who in ("approver", "subject"):
        with pytest.raises(NotAllowed):
            conclude(city.actor[who], key, ServiceState.REFUSED, REFUSED)


def test_a_provider_serves_what_it_issued(city):
    number = case_in(city, "repair", "examining")
    own = next(one.id for one in notices_of([number]) if one.name == "acceptance")
    with pytest.raises(NotAllowed):
        set_out(city.actor["clerk"], own, "counter", HERE)
    key = set_out(city.actor["provider"], own, "counter", HERE)
    conclude(city.actor["provider"], key, ServiceState.DELIVERED, Signed(MONDAY, "本人"), PROOF)
    assert served(own) == MONDAY


def test_a_channel_or_an_attempt_that_is_not_there_is_not_found(city, notice):
    with pytest.raises(NotFound):
        set_out(city.actor["clerk"], notice, "pigeon", HERE)
    with pytest.raises(NotFound):
        conclude(city.actor["clerk"], 10**6, ServiceState.REFUSED, REFUSED)


def printed(key):
    """The receipt of service of an attempt as it is printed, without its markup."""
    notice = db.session.get_one(Notice, row(key).notice_id)
    html = render("service", "receipt", receipts.context(row(key), notice))
    return notice, re.sub(r"\s+", "", BeautifulSoup(html, "html.parser").get_text())


def test_the_receipt_of_service_has_what_the_law_asks_for(city, notice):
    clerk = city.actor["clerk"]
    first = set_out(clerk, notice, "counter", HERE)
    _, blank = printed(first)
    assert "送达日期年月日" in blank
    assert "受送达人签名或者盖章代收人" in blank
    conclude(clerk, first, ServiceState.REFUSED, REFUSED)
    left = set_out(clerk, notice, "leaving", HERE)
    conclude(clerk, left, ServiceState.DELIVERED, Left(MONDAY, "居委会 宋清和", filmed=True), PROOF)
    served_notice, told = printed(left)
    for element in (
        *(served_notice.title, served_notice.number, served_notice.case_number),
        *("信用办服务窗口", "留置送达", "送达日期2026年8月3日", "居委会宋清和"),
        *("2026年8月3日：受送达人认为处理有误，拒绝签收。", clerk.name, "已经拍照、录像"),
        *(served_notice.context["notice"]["addressee"]["name"], "参照《民事诉讼法》"),
    ):
        assert element in told, element


def test_the_receipt_of_a_letter_names_its_number_and_day(city, notice):
    clerk = city.actor["clerk"]
    key = set_out(clerk, notice, "post", posted())
    conclude(clerk, key, ServiceState.DELIVERED, Slip(MONDAY, "收发室"), PROOF)
    _, told = printed(key)
    assert "邮寄送达（邮件号：EX123456789CN）" in told
    assert "交寄日期2026年8月3日" in told
    assert "见邮件回执" in told
    assert "收发室" in told
