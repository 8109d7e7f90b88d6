"""Serving notices in the browser: the clerk's forms, what came back, what the subject reads."""

import io
from datetime import date

import pytest

from app import clock
from app.db import db
from app.notices.models import Notice
from app.notices.queries import notices_of
from tests.app.cases.samples import pdf
from tests.app.cases.states import case_in

MONDAY = "2026-08-03"


@pytest.fixture
def notice(city):
    """The acceptance of an objection, to the company; gives its key."""
    number = case_in(city, "objection", "verifying")
    return next(one.id for one in notices_of([number]) if one.name == "acceptance")


@pytest.fixture
def decision(city):
    """The refusal of an objection, which may be contested; gives its key."""
    number = case_in(city, "objection", "not_accepted")
    return next(one.id for one in notices_of([number]) if one.name == "refusal")


def proof(name="回证.pdf"):
    return (io.BytesIO(pdf()), name)


def link(page, text):
    (found,) = [one for one in page.all("main a") if one.get_text(strip=True) == text]
    return str(found["href"])


def handed_over(clerk, notice, address="信用办服务窗口"):
    """The page of the notice once the clerk has set out to hand it over."""
    page = clerk.get(f"/notices/{notice}")
    return clerk.submit(clerk.get(link(page, "直接送达")).form(), address=address)


def test_the_case_leads_a_clerk_to_the_forms_by_which_a_notice_is_served(city, visit, notice):
    clerk = visit("clerk")
    number = db.session.get_one(Notice, notice).case_number
    row = clerk.get(f"/cases/{number}").one(f"a.service-link[href='/notices/{notice}']")
    assert row.get_text(strip=True) == "送达"
    page = handed_over(clerk, notice)
    assert "直接送达 准备送达" in page.one(".attempt h3").get_text(" ", strip=True)
    page = clerk.get(link(page, "登记已送达"))
    page = clerk.submit(page.form(), on=MONDAY, receiver="温知行（收发人员）", proof=proof())
    assert "2026年8月3日 直接送达" in page.one(".standing").get_text(" ", strip=True)
    assert "温知行（收发人员）" in page.text
    assert "2026年8月3日 直接送达" in clerk.get(f"/cases/{number}").text


def test_a_form_that_is_not_taken_keeps_what_was_typed_and_names_the_field(visit, notice):
    clerk = visit("clerk")
    page = clerk.get(link(handed_over(clerk, notice), "登记已送达"))
    page = clerk.submit(page.form(), status=422, on=MONDAY, receiver="温知行")
    assert "请上传证明文件" in page.one(".summary[autofocus]").get_text()
    assert page.form().values["receiver"] == "温知行"
    page = clerk.submit(page.form(), status=422, on="2026-08-04", receiver="温知行", proof=proof())
    assert "日期不能晚于今天" in page.one("#on-errors").get_text()
    page = clerk.submit(page.form(), status=415, on=MONDAY, receiver="温知行", proof=proof("a.exe"))
    assert "只接受PDF、JPG、PNG文件" in page.one(".summary").get_text()
    assert db.session.get_one(Notice, notice, populate_existing=True).served_on is None


def test_the_history_says_which_day_counts_where_the_proof_came_later(city, visit, notice):
    clerk = visit("clerk")
    said = {"address": "江北街道1号", "sent_on": MONDAY, "tracking_no": "EX123456789CN"}
    page = clerk.submit(clerk.get(f"/notices/{notice}/service/post").form(), **said)
    with clock.at(date(2026, 8, 12)):
        clerk = visit("clerk")
        page = clerk.get(link(page, "登记已送达"))
        clerk.submit(page.form(), on="2026-08-06", proof=proof())
        number = db.session.get_one(Notice, notice).case_number
        told = clerk.get(f"/cases/{number}").all(".timeline li")[-1].get_text(" ", strip=True)
    assert "《异议受理通知书》已送达" in told
    assert "2026年8月12日" in told
    assert "送达日期：2026年8月6日" in told


def test_each_way_that_is_not_open_says_why(visit, notice):
    page = visit("clerk").get(f"/notices/{notice}")
    told = page.one(".channels").get_text(" ", strip=True)
    assert "没有同意以电子方式送达" in told
    assert "以受送达人拒绝签收为前提" in told
    assert [one.get_text(strip=True) for one in page.all(".channels a")] == [
        *("直接送达", "邮寄送达", "公告送达"),
    ]
    page = visit("clerk").get(f"/notices/{notice}/service/leaving")
    assert "以受送达人拒绝签收为前提" in page.one(".reasons").get_text()
    assert not page.has("main form")


def test_what_came_back_is_a_task_on_the_first_page_of_whoever_serves(visit, notice):
    clerk = visit("clerk")
    page = clerk.get(f"/notices/{notice}/service/post")
    said = {"address": "江北街道1号", "sent_on": MONDAY, "tracking_no": "EX123456789CN"}
    page = clerk.submit(page.form(), **said)
    page = clerk.get(link(page, "登记被退回"))
    clerk.submit(page.form(), on=MONDAY, reasons="迁移新址不明，退回原处。")
    task = clerk.get("/").one("section[aria-labelledby=came-back]").get_text(" ", strip=True)
    assert "迁移新址不明" in task
    for who in ("approver", "provider", "subject"):
        assert not visit(who).get("/").has("section[aria-labelledby=came-back]")
    again = str(clerk.get("/").one("section[aria-labelledby=came-back] td a")["href"])
    assert again == f"/notices/{notice}"
    handed_over(clerk, notice)
    assert not clerk.get("/").has("section[aria-labelledby=came-back]")


def test_the_subject_consents_is_served_here_reads_and_withdraws(visit, notice):
    subject, clerk = visit("subject"), visit("clerk")
    page = subject.submit(subject.get("/consent").form())
    assert "2026年8月3日起同意" in page.text
    page = clerk.get(f"/notices/{notice}/service/portal")
    page = clerk.submit(page.form())
    assert "电子送达 已送达" in page.one(".attempt h3").get_text(" ", strip=True)
    subject.open(f"/notices/{notice}.pdf")
    page = clerk.get(f"/notices/{notice}")
    assert "已送达并阅读" in page.one(".attempt h3").get_text()
    page = subject.submit(subject.get("/consent").form())
    assert "没有同意" in page.text
    assert "2026年8月3日 电子送达" in subject.get(f"/notices/{notice}").text


def test_a_clerk_records_the_consent_of_somebody_at_the_counter(visit, notice):
    clerk = visit("clerk")
    page = clerk.submit(clerk.get(f"/notices/{notice}").form("details form"), document="确认书")
    assert "同意以电子方式送达（确认书）" in page.text
    page = clerk.submit(page.form("#ways ~ form"))
    assert "登记受送达人同意电子送达" in page.text


def test_the_subject_reads_when_it_was_served_and_until_when_it_may_contest(visit, decision):
    subject = visit("subject")
    number = db.session.get_one(Notice, decision).case_number
    assert "尚未送达，救济期限没有起算" in subject.get(f"/cases/{number}").one(".finality").text
    page = subject.submit(subject.get(f"/notices/{decision}").form())
    row = page.one(f"tr:has(a[href='/notices/{decision}'])").get_text(" ", strip=True)
    assert "行政复议至2026年10月8日" in row
    assert "行政诉讼至2027年2月3日（暂定）" in row
    assert "决定自2027年2月4日起确定（暂定" in page.one(".finality").get_text()


def test_a_review_that_is_noted_keeps_the_decision_open(city, visit, decision):
    number = db.session.get_one(Notice, decision).case_number
    subject = visit("subject")
    subject.submit(subject.get(f"/notices/{decision}").form())
    said = {"path": "review", "begun_on": MONDAY, "document": "粤府复〔2026〕1号"}
    city.take(number, "note_review", "clerk", **said)
    assert "决定没有确定" in subject.get(f"/cases/{number}").one(".finality").get_text()
    said = {"ended_on": MONDAY, "document": "粤府复〔2026〕1号", "outcome": "维持"}
    city.take(number, "note_review_ended", "clerk", **said)
    assert "起确定" in subject.get(f"/cases/{number}").one(".finality").get_text()


@pytest.mark.parametrize("who", ["stranger", "executor"])
def test_a_notice_and_its_service_are_not_there_for_a_stranger(visit, notice, who):
    clerk = visit("clerk")
    key = link(handed_over(clerk, notice), "送达回证（PDF）").rpartition("/")[2].partition(".")[0]
    browser = visit(who)
    assert browser.open(f"/notices/{notice}").status_code == 404
    for path in (f"/service/{key}/proof", f"/service/{key}.pdf", f"/service/{key}/delivered"):
        assert browser.open(path).status_code in {403, 404}


def test_the_addressee_reads_what_proved_it_served_and_nothing_else(visit, notice):
    clerk, subject = visit("clerk"), visit("subject")
    page = handed_over(clerk, notice)
    receipt = link(page, "送达回证（PDF）")
    assert subject.open(receipt).status_code == 404
    assert not subject.get(f"/notices/{notice}").has(".attempt")
    page = clerk.get(link(page, "登记已送达"))
    page = clerk.submit(page.form(), on=MONDAY, receiver="本人", proof=proof())
    assert subject.open(link(page, "证明文件")).data == pdf()
    page = subject.get(f"/notices/{notice}")
    assert "登记人" not in page.text
    answer = subject.open(receipt)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")


def test_only_the_issuing_unit_sees_the_forms(visit, notice):
    for who in ("approver", "supervisor", "subject"):
        browser = visit(who)
        assert not browser.get(f"/notices/{notice}").has(".channels")
        assert browser.open(f"/notices/{notice}/service/counter").status_code == 403
        assert browser.open(f"/notices/{notice}/service/pigeon").status_code in {403, 404}
