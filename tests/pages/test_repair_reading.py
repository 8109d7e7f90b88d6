"""What stands on the page where somebody is to decide, to mend or to add."""

import io

import pytest

from tests.app.cases.states import MET, case_in
from tests.pages.test_cases_repair import part
from tests.pages.test_cases_steps import path


def test_who_adds_is_told_first_that_no_new_file_came_and_where_to_upload(city, visit):
    number = case_in(city, "repair", "supplementing")
    subject = visit("subject")
    page = subject.get(path(number, "supplement"))
    assert "还没有上传新的材料" in part(page, "added")
    assert page.has(f'#added ~ p a[href="/cases/{number}#attachments"]')
    file = city.attach(number, "subject")
    told = part(subject.get(path(number, "supplement")), "added")
    assert "还没有" not in told
    assert f"附件{file}" in told


def test_a_duty_that_is_proven_takes_another_file(city, visit):
    number = case_in(city, "repair", "supplementing")
    page = visit("subject").get(f"/cases/{number}")
    assert "已上传" in part(page, "duties")
    assert page.has('details .duty-upload input[value="fine"]')


def test_a_draft_without_commitment_leads_to_the_pledge(city, visit):
    number = city.repair(city.repairable(), commitment=False)
    page = visit("subject").get(f"/cases/{number}")
    link = f'#checks ~ ul a[href="{path(number, "amend")}#pledge"]'
    assert "阅读并签署承诺书" in page.one(link).get_text()
    page = visit("subject").get(path(number, "amend"))
    assert page.has("#pledge")
    assert "提交" not in page.one(".before-sending button").get_text()


@pytest.mark.parametrize(
    ("steps", "step", "who", "reads"),
    [
        (("propose_grant",), "send_back", "provider-approver", "provider"),
        (("propose_grant", "endorse"), "return_proposal", "approver", "provider"),
    ],
)
def test_the_reasons_why_a_proposal_came_back_stand_where_another_is_made(
    city, visit, steps, step, who, reads
):
    number = case_in(city, "repair", "examining")
    for one in steps:
        given = MET if one == "propose_grant" else {}
        city.take(number, one, "provider" if given else "provider-approver", **given)
    city.take(number, step, who, reasons="缴款凭证看不清。")
    browser = visit(reads)
    for address in (f"/cases/{number}", path(number, "propose_grant")):
        assert "缴款凭证看不清。" in part(browser.get(address), "sent-back")
    assert part(visit("subject").get(f"/cases/{number}"), "sent-back") == ""
    city.take(number, "propose_grant", "provider", **MET)
    assert part(browser.get(f"/cases/{number}"), "sent-back") == ""


@pytest.mark.parametrize(
    ("state", "who", "steps"),
    [
        ("draft", "subject", ["submit"]),
        ("submitted", "provider", ["accept", "request_supplement"]),
        ("examining", "provider", ["propose_grant", "propose_refusal"]),
        ("approving", "approver", ["grant"]),
    ],
)
def test_whoever_decides_reads_the_application_on_the_form(city, visit, state, who, steps):
    number = case_in(city, "repair", state)
    browser = visit(who)
    for step in steps:
        told = part(browser.get(path(number, step)), "stated")
        assert "申请理由" in told
        assert city.case(number) is not None
        assert part(browser.get(f"/cases/{number}"), "statement").split("申请理由 ")[1][:4] in told


def test_reasons_of_blanks_open_nothing_and_are_named(city, visit):
    record = city.repairable()
    subject = visit("subject")
    form = subject.get(f"/cases/new/repair?record_id={record}").form("main form")
    page = subject.submit(form, status=422, reasons=" 　 ")
    assert "不能只有空格" in page.one(".summary").get_text()
    assert [str(a["href"]) for a in page.one(".summary").select("a")] == ["#reasons"]
    assert "XF-" not in subject.get("/").text


def test_an_empty_file_is_called_empty(city, visit):
    number = case_in(city, "repair", "draft")
    subject = visit("subject")
    form = subject.get(f"/cases/{number}").form('form[action$="/attachments"]:has(#proves)')
    empty = (io.BytesIO(b""), "空.pdf")
    page = subject.submit(form, status=422, file=empty, title="空")
    assert "文件是空的" in page.one(".summary").get_text()


def test_a_subject_reads_who_must_act_as_in_a_letter(city, visit):
    draft, submitted = (case_in(city, "repair", state) for state in ("draft", "submitted"))
    subject = visit("subject")
    assert "由谁办理 您（申请人）" in subject.get(f"/cases/{draft}").text
    assert "由谁办理 惠州市市场监督管理局 办理事项" in subject.get(f"/cases/{submitted}").text
    assert "提供单位审核" not in subject.get("/cases").text
    page = visit("provider").get(f"/cases/{submitted}")
    assert "由谁办理 惠州市市场监督管理局 · 提供单位" in page.text


def test_what_was_turned_down_is_not_shown_as_a_success(city, visit):
    case_in(city, "repair", "refused")
    page = visit("subject").get("/cases")
    (badge,) = page.all("td .badge-state")
    assert "state-final" in badge["class"]
