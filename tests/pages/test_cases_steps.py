"""Steps taken in the browser: what is shown before, what is refused, and what is never lost."""

import pytest
from bs4 import BeautifulSoup

from app.cases.queries import steps_taken
from app.notices.queries import notices_of
from tests.app.cases.states import case_in
from workflows import WORKFLOWS

NASTY = "<script>alert(1)</script> {{7*7}} \"&'"


def steps_in(city, number):
    return [row.step for row in steps_taken(city.case(number))]


def path(number, step):
    return f"/cases/{number}/steps/{step}"


def test_a_step_is_taken_with_what_was_typed(city, visit):
    number = case_in(city, "objection", "submitted")
    clerk = visit("clerk")
    form = clerk.get(path(number, "request_supplement")).form("main form")
    page = clerk.submit(form, gaps="营业执照\n授权委托书\n\n")
    assert page.path == f"/cases/{number}"
    assert "待补正" in page.one(".standing").get_text()
    assert "营业执照；授权委托书" in page.one(".timeline").get_text()
    assert city.state(number) == "supplementing"


def test_the_page_of_a_step_says_what_it_will_do(city, visit):
    number = case_in(city, "objection", "submitted")
    page = visit("clerk").get(path(number, "accept"))
    assert "将出具《异议受理通知书》，案件转为“核实中”" in page.one(".before-sending").get_text()
    page = visit("approver").get(path(number, "refuse"))
    assert "这是正式处理" in page.one(".before-sending").get_text()
    assert page.one("main form .btn-primary").get_text() == "确认不予受理"


@pytest.mark.parametrize(
    ("kind", "state", "who"),
    [
        ("objection", "draft", "subject"),
        ("objection", "submitted", "clerk"),
        ("objection", "submitted", "approver"),
        ("objection", "supplementing", "subject"),
        ("objection", "verifying", "clerk"),
        ("objection", "verifying", "approver"),
        ("objection", "deciding", "approver"),
        ("objection", "closed", "approver"),
        ("objection", "not_accepted", "approver"),
        ("objection", "executing", "supervisor"),
        ("verification", "issued", "provider"),
        ("verification", "verifying", "provider"),
        ("verification", "verifying", "provider-approver"),
        ("verification", "reported", "provider-approver"),
        ("suspension", "ordered", "executor"),
        ("suspension", "ordered", "executor-approver"),
        ("suspension", "suspended", "clerk"),
        ("suspension", "resuming", "executor"),
        ("suspension", "lifting", "executor"),
        ("suspension", "lifting", "supervisor"),
        ("correction", "ordered", "provider"),
        ("correction", "ordered", "provider-approver"),
        ("correction", "corrected", "provider-approver"),
        ("correction", "corrected", "approver"),
        ("correction", "restoring", "clerk"),
        ("correction", "synchronising", "supervisor"),
    ],
)
def test_every_button_leads_to_a_form_and_every_reason_is_told(city, visit, kind, state, who):
    number = case_in(city, kind, state)
    browser = visit(who)
    page = browser.get(f"/cases/{number}")
    shown = {str(a["href"]).rpartition("/")[2] for a in page.all("main .actions a")}
    workflow = WORKFLOWS[kind]
    for step in workflow.steps:
        if step.name in shown:
            form = browser.get(path(number, step.name)).form("main form")
            assert form.action == path(number, step.name)
    for blocked in page.all(".blocked .reasons"):
        assert blocked.select("li")


def test_what_is_not_possible_yet_says_why_and_by_which_law(city, visit):
    number = case_in(city, "objection", "deciding")
    browser = visit("approver")
    page = browser.get(f"/cases/{number}")
    assert page.has(f'a[href="{path(number, "dismiss")}"]')
    assert not page.has(f'a[href="{path(number, "uphold")}"]')
    told = page.one(".blocked").get_text()
    assert "没有一项核实为有误" in told
    assert "《浙江省公共信用信息管理条例》" in told
    page = browser.get(path(number, "uphold"))
    assert "没有一项核实为有误" in page.text
    assert not page.has("main form")


def test_a_step_of_others_is_refused_and_named(city, visit):
    number = case_in(city, "objection", "submitted")
    assert "由信用办经办办理" in visit("subject").get(f"/cases/{number}").one(".others").get_text()
    page = visit("subject").get(path(number, "accept"), status=403)
    assert "由信用办经办办理" in page.text


def test_a_step_from_another_state_says_when_it_is_taken(city, visit):
    number = case_in(city, "objection", "verifying")
    page = visit("clerk").get(path(number, "accept"))
    assert "“受理”只能在“待受理”时办理" in page.text


def test_strangers_find_nothing(city, visit):
    number = case_in(city, "objection", "submitted")
    stranger = visit("stranger")
    for address in (f"/cases/{number}", path(number, "accept"), "/cases/YY-2026-999999"):
        stranger.get(address, status=404)
    form = visit("clerk").get(path(number, "accept")).form("main form")
    token = str(stranger.get("/").one("header input[name=csrf_token]")["value"])
    stranger.post(path(number, "accept"), {**form.values, "csrf_token": token}, status=404)
    stranger.post(f"/cases/{number}/attachments", {"csrf_token": token}, status=404)
    assert city.state(number) == "submitted"


def test_unknown_steps_are_not_found(city, visit):
    number = case_in(city, "objection", "submitted")
    for name in ("fly", "file"):
        visit("clerk").get(path(number, name), status=404)


def test_without_a_token_nothing_happens(city, visit):
    number = case_in(city, "objection", "submitted")
    visit("clerk").post(path(number, "accept"), {"version": "2"}, status=400)
    assert city.state(number) == "submitted"


def test_bad_input_is_named_and_nothing_typed_is_lost(city, visit):
    number = case_in(city, "objection", "submitted")
    browser = visit("approver")
    form = browser.get(path(number, "refuse")).form("main form")
    page = browser.submit(form, reason="应向省级机关提出", right_body="省信用办", status=422)
    summary = page.one(".summary")
    assert [str(a["href"]) for a in summary.select("a")] == ["#reason_code"]
    assert "请填写“不予受理的情形”" in summary.get_text()
    again = page.form("main form")
    assert again.values["reason"] == "应向省级机关提出"
    page = browser.submit(again, reason_code="other_body")
    assert city.state(number) == "not_accepted"


def test_a_refusal_tells_every_reason_and_keeps_the_text(city, visit):
    number = case_in(city, "verification", "verifying")
    browser = visit("provider")
    form = browser.get(path(number, "report")).form("main form")
    sent = {"findings-0-finding": "wrong_correct", "findings-0-reasons": "属实", "officer": "李四"}
    page = browser.submit(form, status=409, **sent)
    assert "不能只答“无误”“有误”" in page.text
    assert "要写明正确内容" in page.text
    again = page.form("main form")
    assert {name: again.values[name] for name in sent} == sent
    assert "事项1" in page.one(".block legend").get_text()
    sent = {"findings-0-value": "未按规定排放", "findings-0-reasons": "见案卷第3页"}
    browser.submit(again, **sent)
    assert city.state(number) == "reported"


def test_who_comes_too_late_sees_what_others_did_and_may_send_again(city, visit):
    number = case_in(city, "objection", "submitted")
    late = visit("clerk")
    form = late.get(path(number, "request_supplement")).form("main form")
    early = visit("clerk2")
    note = early.get(path(number, "note_review")).form("main form")
    early.submit(note, path="review", begun_on="2026-08-03", document="受理通知书1号")
    page = late.submit(form, gaps=f"营业执照\n{NASTY}".replace("{{7*7}}", ""), status=409)
    since = page.one(".notice-box").get_text()
    assert "登记复议、诉讼" in since
    assert "clerk2甲" in since
    again = page.form("main form")
    assert again.values["gaps"].startswith("营业执照\n<script>")
    assert city.state(number) == "submitted"
    late.submit(again)
    assert city.state(number) == "supplementing"


def test_a_step_that_became_impossible_meanwhile_says_so(city, visit):
    number = case_in(city, "objection", "submitted")
    late = visit("clerk")
    form = late.get(path(number, "request_supplement")).form("main form")
    city.take(number, "accept", "clerk2")
    page = late.submit(form, gaps="营业执照", status=409)
    assert "只能在“待受理”时办理" in page.text
    assert "重新提交" not in page.text
    assert not page.has("main form")
    assert "营业执照" in page.one("#gaps").get_text()


def test_two_clicks_are_one_step_and_show_the_same_page(city, visit):
    number = case_in(city, "objection", "submitted")
    browser = visit("clerk")
    form = browser.get(path(number, "request_supplement")).form("main form").fill(gaps="营业执照")
    first, second = browser.submit(form), browser.submit(form)
    assert first.path == second.path == f"/cases/{number}"
    assert steps_in(city, number).count("request_supplement") == 1
    assert [one.name for one in notices_of([number])].count("supplement") == 1


def test_the_same_sheet_with_another_text_is_not_taken_for_the_first(city, visit):
    number = case_in(city, "objection", "submitted")
    browser = visit("clerk")
    form = browser.get(path(number, "request_supplement")).form("main form")
    browser.submit(form, gaps="营业执照")
    page = browser.submit(form, gaps="授权委托书", status=409)
    assert "授权委托书" in page.one("#gaps").get_text()
    assert steps_in(city, number).count("request_supplement") == 1


def test_what_people_write_is_text_everywhere(city, visit):
    number = case_in(city, "objection", "draft", statement=NASTY)
    browser = visit("subject")
    shown = browser.open(f"/cases/{number}").text
    form = browser.open(path(number, "amend")).text
    fields = {
        str(field["name"]): str(field["value"])
        for field in BeautifulSoup(form, "html.parser").select("main form [type=hidden]")
    }
    city.take(number, "amend", "subject", statement=NASTY, items=[])
    refused = browser.open(
        path(number, "amend"), method="POST", data={**fields, "statement": NASTY}
    )
    assert refused.status_code == 409
    for html in (shown, form, refused.text):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in html


def test_a_draft_is_amended_with_all_that_it_had(city, visit):
    number = case_in(city, "objection", "draft", statement="第一稿")
    browser = visit("subject")
    form = browser.get(path(number, "amend")).form("main form")
    assert form.values["statement"] == "第一稿"
    assert form.values["items-0-ground"] == "O1"
    more = {"items-1-record_id": form.values["items-0-record_id"], "items-1-field": "fine"}
    browser.submit(form, statement="第二稿", **more)
    page = browser.get(f"/cases/{number}")
    assert "第二稿" in page.text
    assert "事项2：罚款金额（元）" in page.text


def test_the_department_confirms_from_its_inbox(city, visit):
    number = case_in(city, "suspension", "ordered")
    browser = visit("executor")
    assert browser.get("/").has(f'a[href="/cases/{number}"]')
    form = browser.get(path(number, "confirm")).form("main form")
    assert form.values["executed_on"] == "2026-08-03"
    browser.submit(form, note="已停止限制")
    assert city.state(number) == "suspended"


def test_a_correction_comes_with_what_was_decided(city, visit):
    number = case_in(city, "correction", "ordered")
    browser = visit("provider")
    form = browser.get(path(number, "correct")).form("main form")
    assert form.values["kind"] == "revoke"
    browser.submit(form, basis="撤销决定书1号")
    assert city.state(number) == "corrected"


def test_own_errors_are_entered_item_by_item(city, visit):
    number = case_in(city, "objection", "submitted")
    browser = visit("clerk")
    form = browser.get(path(number, "correct_own_error")).form("main form")
    assert form.values["items-0-item_id"]
    sent = {"items-0-value": "未按规定排放", "items-0-proof": "原始决定书"}
    browser.submit(form, **sent)
    assert city.state(number) == "deciding"
