"""What pages of cases tell at the place where somebody needs it."""

import io
from datetime import timedelta

import pytest

from app import clock
from app.cases.queries import Search, listed
from app.notices.queries import notices_of
from tests.app.cases.states import case_in

NEW = "/cases/new/objection"
SUPPLEMENT = "已补充提交盖章的缴款书。" * 20


def supplemented(city):
    number = case_in(city, "objection", "supplementing")
    city.take(number, "supplement", "subject", statement=SUPPLEMENT)
    return number


@pytest.mark.parametrize(
    "address",
    [
        "/records/{0}",
        "/notices/{0}.pdf",
        "/attachments/{0}",
        NEW + "?record={0}",
        "/cases?before={0}",
        "/?after=2026-01-01_{0}",
    ],
)
@pytest.mark.parametrize("key", [str(2**63), "9" * 5000])
def test_a_number_that_no_row_can_have_is_no_failure(city, visit, address, key):
    assert visit("clerk").open(address.format(key)).status_code in {200, 404, 414}


def test_what_is_missing_stands_where_it_is_handed_in(city, visit):
    number = case_in(city, "objection", "supplementing")
    browser = visit("subject")
    for address in (f"/cases/{number}", f"/cases/{number}/steps/supplement"):
        assert "营业执照" in browser.get(address).one(".notice-box").get_text()


def test_what_the_filer_added_reaches_whoever_verifies(city, visit):
    number = supplemented(city)
    city.take(number, "accept", "clerk")
    (asked,) = city.children(number, "verification")
    assert SUPPLEMENT in visit("provider").get(f"/cases/{asked}").text
    page = visit("clerk").get(f"/cases/{number}")
    assert SUPPLEMENT in page.one(".case-main").get_text()
    assert SUPPLEMENT not in page.one(".timeline").get_text()


def test_a_draft_has_no_date_of_submission_and_a_submitted_one_its_own(city, visit):
    number = case_in(city, "objection", "draft")
    browser = visit("subject")
    assert "提出日期 尚未提交" in browser.get(f"/cases/{number}").text
    with clock.at(clock.today() + timedelta(days=2)):
        city.take(number, "submit", "subject")
        assert "提出日期 2026年8月5日" in visit("subject").get(f"/cases/{number}").text


def test_before_accepting_it_is_told_who_will_be_asked(city, visit):
    number = case_in(city, "objection", "submitted")
    page = visit("clerk").get(f"/cases/{number}/steps/accept")
    told = page.one("section[aria-labelledby=following]").get_text()
    assert "惠州市市场监督管理局" in told
    assert "限制申请财政性资金项目（惠州市财政局）" in told
    assert len(page.all("details.beside[open]")) == 2


def test_what_is_approved_stands_open_and_is_told_to_take_effect(city, visit):
    number = case_in(city, "correction", "corrected")
    page = visit("provider-approver").get(f"/cases/{number}/steps/approve")
    assert page.title == "批准撤销"
    assert "拟定处理方式" in page.one("section[aria-labelledby=what]").get_text()
    assert "批准即生效" in page.one(".before-sending").get_text()


def test_only_what_was_decided_can_be_chosen(city, visit):
    number = case_in(city, "correction", "ordered")
    page = visit("provider").get(f"/cases/{number}/steps/correct")
    assert [str(one["value"]) for one in page.all("#kind option")] == ["", "revoke"]


def test_who_withdraws_knows_that_sanctions_go_on(city, visit):
    number = case_in(city, "objection", "verifying")
    page = visit("subject").get(f"/cases/{number}/steps/withdraw")
    assert "将恢复执行" in page.one(".before-sending").get_text()


def test_a_confirmation_is_told_apart_from_a_request(city, visit):
    number = case_in(city, "objection", "verifying")
    (order,) = city.children(number, "suspension")
    browser = visit("subject")
    told = browser.get(f"/cases/{number}").one("section[aria-labelledby=sanctions]")
    assert "已要求暂停，待部门确认" in told.get_text()
    city.take(order, "confirm", "executor", executed_on="2026-08-03", note="已暂停")
    told = browser.get(f"/cases/{number}").one("section[aria-labelledby=sanctions]")
    assert "已暂停（部门于2026年8月3日确认）" in told.get_text()


def test_a_department_that_declines_is_told_with_its_provision(city, visit):
    order = case_in(city, "suspension", "declined")
    assert "部门不予暂停" in visit("executor").get(f"/cases/{order}").text
    parent = listed(city.actor["clerk"], Search(kind="objection"))[0].number
    told = visit("subject").get(f"/cases/{parent}").one("section[aria-labelledby=sanctions]")
    assert "部门不予暂停：《政府采购法》第二十二条" in told.get_text()
    assert order in told.get_text()


def test_the_other_records_of_a_sanction_are_named(city, visit):
    first, second = city.record(), city.record()
    city.sanction(first, second)
    number = city.objection(first)
    told = visit("subject").get(f"/cases/{number}").one("section[aria-labelledby=sanctions]")
    assert "同时依据：惠测罚〔2026〕2号" in " ".join(told.get_text().split())


def test_a_confirmed_notice_was_not_the_work_of_the_clock(city, visit):
    number = case_in(city, "objection", "submitted")
    browser = visit("subject")
    key = notices_of([number])[0].id
    page = browser.submit(browser.get(f"/cases/{number}").form(f'form[action$="/{key}/receipt"]'))
    entry = next(one for one in page.all(".timeline li") if "已送达" in one.get_text())
    assert "由受送达人确认收到" in entry.get_text()
    assert "系统自动办理" not in entry.get_text()


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        ("objection", "closed", "本案已经办结"),
        ("objection", "withdrawn", "本案已经终止"),
        ("objection", "not_accepted", "本案不予受理"),
        ("verification", "cancelled", "已经终止"),
        ("suspension", "declined", "部门不予暂停"),
        ("correction", "moot", "无须办理"),
    ],
)
def test_how_a_case_ended_is_told(city, visit, kind, state, words):
    number = case_in(city, kind, state)
    assert words in visit("clerk").get(f"/cases/{number}").one(".standing").get_text()


def test_the_missing_main_step_is_explained_openly(city, visit):
    record = city.record()
    browser = visit("subject")
    page = browser.submit(browser.get(f"{NEW}?record={record}").form("main form"))
    assert page.has("details.blocked[open]")


def test_a_form_that_comes_again_amends_its_draft(city, visit):
    record = city.record()
    browser = visit("subject")
    form = browser.get(f"{NEW}?record={record}").form("main form")
    first = browser.submit(form, statement="第一稿")
    second = browser.submit(form, statement="第二稿")
    assert first.path == second.path
    assert "第二稿" in second.text
    again = browser.get(
        form.action.partition("?")[0] + f"?record={record}&once={form.values['once']}"
    )
    assert again.path == f"{first.path}/steps/amend"
    assert again.form("main form").values["statement"] == "第二稿"


def test_a_form_that_comes_again_opens_nothing_once_its_case_was_submitted(city, visit):
    record = city.record()
    browser = visit("subject")
    form = browser.get(f"{NEW}?record={record}").form("main form")
    items = {"items-0-field": "fine", "items-0-ground": "O1", "items-0-claim": "1000元"}
    number = browser.submit(form, statement="第一稿", **items).path.rpartition("/")[2]
    city.take(number, "submit", "subject")
    browser.submit(form, statement="第二稿", status=409)
    assert len(listed(city.actor["subject"], Search())) == 1


def test_whoever_ticks_nothing_is_told_so(city, visit):
    city.record()
    page = visit("subject").get(f"{NEW}?chosen=1&q=")
    assert "请至少勾选一条记录" in page.one(".summary").get_text()
    assert not visit("subject").get(NEW).has(".summary")


def test_a_revoked_record_cannot_be_chosen(city, visit):
    number = case_in(city, "correction", "done")
    page = visit("provider").get(f"/cases/{number}")
    key = str(page.one("a[href^='/records/']")["href"]).rpartition("/")[2]
    page = visit("subject").get(f"{NEW}?record={key}")
    assert "已经撤销或者删除，不能再提出异议" in page.one(".summary").get_text()


def test_part_of_a_number_finds_the_case(city, visit):
    number = case_in(city, "objection", "verifying")
    (order,) = city.children(number, "suspension")
    browser = visit("clerk")
    for text, found in (
        ("ZT-2026", {order}),
        ("yy-2026-0000", {number}),
        ("YY-", {number}),
        (number[-6:], {number, order}),
        (str(int(number[-6:])), {number, order}),
        ("999999", set()),
    ):
        page = browser.get(f"/cases?q={text}").text
        assert {one for one in (number, order) if one in page} == found, text


def test_approvers_see_what_their_unit_handles(city, visit):
    number = case_in(city, "suspension", "ordered")
    section = visit("executor-approver").get("/").one("section[aria-labelledby=handled]")
    assert number in section.get_text()
    assert not visit("executor").get("/").has("#handled")
    assert number not in visit("executor2-approver").get("/").text


def test_supervisors_see_what_is_late(city, visit):
    number = case_in(city, "objection", "submitted")
    assert not visit("supervisor").get("/").has("#overdue")
    with clock.at(city.case(number).due_on + timedelta(days=1)):
        late = visit("supervisor").get("/").one("section[aria-labelledby=overdue]")
        assert number in late.get_text()


def test_a_file_that_is_too_large_is_told_with_the_limit_and_the_way_back(city, visit):
    number = case_in(city, "objection", "draft")
    browser = visit("subject")
    sent = {"file": (io.BytesIO(b"%PDF-" + b"0" * (21 << 20)), "证据.pdf"), "title": "证据"}
    origin = {"Referer": f"http://localhost/cases/{number}"}
    page = browser.post(f"/cases/{number}/attachments", sent, status=413, headers=origin)
    assert "20MB" in page.text
    assert page.has(f'main a[href="/cases/{number}"]')
    origin = {"Referer": "http://elsewhere.example/cases/1"}
    sent = {"file": (io.BytesIO(b"0" * (21 << 20)), "证据.pdf"), "title": "证据"}
    page = browser.post(f"/cases/{number}/attachments", sent, status=413, headers=origin)
    assert not page.has('main a[href*="/cases/"]')


def test_the_first_page_promises_nothing_that_is_not_there(client):
    addresses = {str(link["href"]) for link in client.get("/").all("main a")}
    assert {"/login", "/cases/new/objection", "/cases/new/repair", "/commitments"} <= addresses
    for address in addresses:
        client.get(address)
