"""What the pages of a repair ask, tell and keep to themselves."""

from datetime import date

import pytest

from app import clock
from app.cases.applying import CHECKS
from app.cases.queries import steps_taken
from app.db import db, transaction
from app.people.models import Subject
from tests.app.cases.states import REPAIR, case_in
from tests.pages.test_cases_lists import counted
from tests.pages.test_cases_steps import path
from workflows import WORKFLOWS

NEW = "/cases/new/repair"
EVERYBODY = ("subject", "clerk", "provider", "provider-approver", "approver", "supervisor")


def part(page, name):
    """The text of a part of a page; empty where there is no such part."""
    found = page.all(f"section[aria-labelledby={name}]")
    return " ".join(found[0].get_text(" ").split()) if found else ""


def test_every_condition_of_handing_in_has_a_title():
    guards = WORKFLOWS["repair"].step("submit").guards
    assert {one.code for one in guards} == CHECKS.keys()


# --- opening


def test_a_record_that_may_be_repaired_leads_to_its_application(city, visit):
    record = city.repairable()
    subject = visit("subject")
    link = f"{NEW}?record_id={record}"
    assert subject.get(f"/records/{record}").has(f'main a[href="{link}"]')
    page = subject.get(link)
    assert "提交的信用修复申请材料真实、合法、有效" in part(page, "pledge")
    page = subject.submit(page.form("main form"), reasons="罚款已经缴清。", commitment="y")
    number = page.path.rpartition("/")[2]
    assert city.state(number) == "draft"
    assert "还差1项" in part(page, "checks")


@pytest.mark.parametrize("who", ["provider", "executor", "approver", "supervisor"])
def test_nobody_else_is_offered_to_apply(city, visit, who):
    record = city.repairable()
    city.sanction(record)
    browser = visit(who)
    assert not browser.get(f"/records/{record}").has("main a[href*='/cases/new/repair']")
    browser.get(f"{NEW}?record_id={record}", status=404)


def test_a_clerk_applies_for_the_subject_of_the_record(city, visit):
    record = city.repairable()
    clerk = visit("clerk")
    page = clerk.submit(clerk.get(f"{NEW}?record_id={record}").form("main form"), reasons="代填")
    number = page.path.rpartition("/")[2]
    assert city.case(number).subject_id == city.subject["company"]
    assert "申请人签名的撤回申请" in page.text


def test_what_is_too_early_says_from_which_day_and_may_be_prepared(city, visit):
    record = city.record(penalty_kind="罚款", decided_on="2026-06-01")
    subject = visit("subject")
    page = subject.get(f"/records/{record}")
    assert not page.has("main a[href*='/cases/new/repair']")
    assert "2026年9月1日" in part(page, "repairing")
    page = subject.get(f"{NEW}?record_id={record}")
    assert "2026年9月1日" in page.one("main .reasons").get_text()
    page = subject.submit(page.form("main form"))
    assert "自2026年9月1日起符合" in part(page, "checks")


def test_a_record_under_repair_leads_to_that_case(city, visit):
    number = case_in(city, "repair", "submitted")
    record = city.case(number)
    subject = visit("subject")
    key = str(subject.get(f"/cases/{number}").one("a[href^='/records/']")["href"])
    page = subject.get(key)
    assert page.has(f'main a[href="/cases/{number}"]')
    assert not page.has("main a[href*='/cases/new/repair']")
    assert record.state == "submitted"


def test_what_is_repaired_is_not_offered_again(city, visit):
    number = case_in(city, "repair", "repaired")
    other = city.repairable()
    subject = visit("subject")
    page = subject.get(NEW)
    assert [str(one["value"]) for one in page.all("input[name=record]")] == [str(other)]
    assert "最短公示期已满" in page.one(".choice").get_text()
    key = str(subject.get(f"/cases/{number}").one("a[href^='/records/']")["href"])
    page = subject.get(f"{NEW}?record_id={key.rpartition('/')[2]}")
    assert "无须申请修复" in page.one(".summary").get_text()


def test_records_of_others_are_not_taken(city, visit):
    foreign = city.repairable(subject="other")
    subject = visit("subject")
    assert "选择记录" in subject.get(f"{NEW}?record_id={foreign}").title
    first, second = city.repairable(), city.repairable()
    page = subject.get(f"{NEW}?record={first}&record={second}")
    assert "每次只能选择一条记录" in page.one(".summary").get_text()


def test_two_clicks_open_one_repair(city, visit):
    record = city.repairable()
    subject = visit("subject")
    form = subject.get(f"{NEW}?record_id={record}").form("main form")
    assert subject.submit(form).path == subject.submit(form).path
    page = subject.submit(form, reasons="又想了想")
    assert "又想了想" in part(page, "statement")


# --- the draft


def test_a_file_beside_a_duty_proves_it(city, visit):
    record = city.repairable()
    number = city.repair(record, proves=())
    subject = visit("subject")
    page = subject.get(f"/cases/{number}")
    offered = [one.get_text() for one in page.all("#proves option")]
    assert offered == [
        "整个案件",
        "全部义务已经履行",
        "失信行为已经纠正",
        "罚款已经缴清",
        "其他修复条件",
    ]
    form = page.form('.duty-upload:has(input[value="fine"])')
    page = subject.submit(form, status=422)
    assert "请选择要上传的文件" in page.one(".summary").get_text()
    assert page.form('form[action$="/attachments"]:has(#proves)').values["proves"] == "fine"


def test_a_draft_that_is_complete_is_handed_in(city, visit):
    number = case_in(city, "repair", "draft")
    subject = visit("subject")
    page = subject.get(f"/cases/{number}")
    assert "条件都符合，可以提交" in part(page, "checks")
    page = subject.get(path(number, "submit"))
    assert "信用承诺书随即向社会公开" in page.one(".before-sending").get_text()
    subject.submit(page.form("main form"))
    assert city.state(number) == "submitted"


# --- who may read what


@pytest.mark.parametrize("state", ["proposed", "approving"])
def test_a_proposal_is_not_for_the_applicant_before_it_is_decided(city, visit, state):
    number = case_in(city, "repair", state)
    page = visit("subject").get(f"/cases/{number}")
    assert part(page, "what") == ""
    assert "提出处理意见" in part(page, "history")
    page.one("details.diagram").decompose()  # it draws every step that there is, both alike
    assert "提出准予修复" not in page.text
    for who in ("provider", "provider-approver", "clerk", "approver"):
        assert "准予修复" in part(visit(who).get(f"/cases/{number}"), "what")


def test_reasons_of_others_do_not_tell_the_applicant_what_is_proposed(city, visit):
    number = case_in(city, "repair", "examining")
    city.take(number, "propose_refusal", "provider", reasons="罚款尚未缴清。")
    city.take(number, "endorse", "provider-approver")
    page = visit("subject").get(f"/cases/{number}")
    assert "罚款尚未缴清" not in page.text
    assert "认定单位提出的是" not in page.text
    page = visit("subject").get(path(number, "grant"), status=403)
    assert "认定单位提出的是" not in page.text


def test_who_applied_reads_its_own_application(city, visit):
    number = case_in(city, "repair", "submitted")
    titles = [
        one.get_text()
        for one in visit("subject").get(f"/cases/{number}").all("#notices ~ table a[href$='.pdf']")
    ]
    assert titles == ["信用修复申请书", "信用修复承诺书", "收件凭证"]


def test_a_refusal_says_when_to_come_back(city, visit):
    number = case_in(city, "repair", "refused")
    page = visit("subject").get(f"/cases/{number}")
    told = part(page, "refusal")
    assert "罚款尚未缴清。" in told
    assert "最早可于2026年8月3日再次申请" in told


# --- steps


@pytest.mark.parametrize("state", REPAIR)
def test_every_button_leads_to_a_form(city, visit, state):
    number = case_in(city, "repair", state)
    for who in EVERYBODY:
        browser = visit(who)
        if state == "draft" and who != "subject":
            browser.get(f"/cases/{number}", status=404)
            continue
        page = browser.get(f"/cases/{number}")
        for link in page.all(f'main .actions a[href^="/cases/{number}/steps/"]'):
            form = browser.get(str(link["href"])).form("main form")
            assert form.action == link["href"]


def test_conditions_that_are_not_met_are_told_and_what_was_typed_is_kept(city, visit):
    number = case_in(city, "repair", "examining")
    provider = visit("provider")
    page = provider.get(path(number, "propose_grant"))
    assert len(page.all("fieldset.block")) == 4
    assert not page.has("select")
    sent = {"conditions-1-met": "y", "conditions-1-proof": "票据0012号"}
    page = provider.submit(page.form("main form"), status=409, **sent)
    assert "各项条件都要符合" in page.one(".reasons").get_text()
    again = page.form("main form")
    assert again.values["conditions-1-proof"] == "票据0012号"
    assert "conditions-2-met" not in again.values
    ticked = {f"conditions-{place}-met": "y" for place in range(4)}
    provider.submit(again, **ticked, **{"conditions-3-proof": "没有其他条件"})
    assert city.state(number) == "proposed"


def test_files_may_be_chosen_as_proof(city, visit):
    number = case_in(city, "repair", "examining")
    provider = visit("provider")
    page = provider.get(path(number, "propose_grant"))
    (file,) = page.all("datalist#files option")
    ticked = {f"conditions-{place}-met": "y" for place in range(4)}
    proofs = {f"conditions-{place}-proof": str(file["value"]) for place in range(4)}
    provider.submit(page.form("main form"), **ticked, **proofs)
    told = part(visit("approver").get(f"/cases/{number}"), "what")
    assert told.count("依据：罚没收入票据") == 4


def test_a_refusal_begins_with_the_reasons_proposed(city, visit):
    number = case_in(city, "repair", "examining")
    city.take(number, "propose_refusal", "provider", reasons="罚款尚未缴清。")
    city.take(number, "endorse", "provider-approver")
    approver = visit("approver")
    page = approver.get(f"/cases/{number}")
    assert "认定单位提出的是不予修复" in page.one(".blocked").get_text()
    form = approver.get(path(number, "refuse")).form("main form")
    assert form.values["reasons"] == "罚款尚未缴清。"
    approver.submit(form)
    assert city.state(number) == "refused"


def test_a_refusal_without_the_document_names_what_is_missing(city, visit):
    number = case_in(city, "repair", "submitted")
    approver = visit("provider-approver")
    form = approver.get(path(number, "refuse_acceptance")).form("main form")
    page = approver.submit(form, status=422, reason="规定不可修复")
    assert [str(a["href"]) for a in page.one(".summary").select("a")] == ["#reason_code"]
    page = approver.submit(page.form("main form"), status=409, reason_code="unrepairable")
    assert "要写明作出规定的" in page.one(".reasons").get_text()
    assert page.form("main form").values["reason"] == "规定不可修复"


def test_a_revocation_that_is_dropped_says_so(city, visit):
    number = case_in(city, "repair", "revoking")
    approver = visit("approver")
    form = approver.get(path(number, "drop_revocation")).form("main form")
    approver.submit(form, reasons="查无实据")
    page = visit("subject").get(f"/cases/{number}")
    assert "不予撤销，修复继续有效" in part(page, "hearing")
    assert [row.step for row in steps_taken(city.case(number))][-1] == "drop_revocation"


def test_who_revokes_reads_what_will_follow(city, visit):
    number = case_in(city, "repair", "revoking")
    city.take(number, "answer", "subject", statement="本公司不知情。")
    told = part(visit("approver").get(path(number, "revoke")), "following")
    assert "公示至2027年4月1日" in told
    assert "至2029年8月3日为止" in told
    assert "省信用平台" in told


def test_a_recipient_that_lets_the_time_pass_is_cut_off(city, visit):
    number = case_in(city, "repair", "executing")
    assert (
        not visit("supervisor").get(f"/cases/{number}").has(f'a[href="{path(number, "cut_off")}"]')
    )
    with clock.at(date(2026, 8, 17)):
        supervisor = visit("supervisor")
        form = supervisor.get(path(number, "cut_off")).form("main form")
        page = supervisor.submit(form, status=422, reasons="多次催办未回执")
        assert [str(a["href"]) for a in page.one(".summary").select("a")] == ["#message_id"]
        (told, *_) = [str(one["value"]) for one in page.all("#message_id option") if one["value"]]
        page = supervisor.submit(page.form("main form"), message_id=told)
    assert "已停止共享" in part(page, "recipients")
    assert "多次催办未回执" in part(page, "recipients")


def test_evidence_that_is_a_file_is_named_as_such(city, visit):
    number = case_in(city, "repair", "repaired")
    file = city.attach(number, "provider")
    provider = visit("provider")
    form = provider.get(path(number, "propose_revocation")).form("main form")
    said = {"ground": "false_materials", "reasons": "票据系伪造", "evidence": str(file)}
    page = provider.submit(form, **said)
    assert "罚没收入票据" in part(page, "hearing")
    assert f"证据：附件{file}" in part(page, "history")


def test_what_a_person_signs_is_said_in_its_own_name(city, visit):
    with transaction():
        subject = Subject(kind="person", name="买买提·㛃", code="441302199001011234")
        db.session.add(subject)
        db.session.flush()
        city.subject["person"] = subject.id
    record = city.repairable(subject="person", subject_kind="自然人", code="")
    page = visit("clerk").get(f"{NEW}?record_id={record}")
    assert "本人愿意承担违背承诺的相应责任" in part(page, "pledge")


# --- lists


def test_repairs_are_found_among_the_cases(city, visit):
    number = case_in(city, "repair", "submitted")
    case_in(city, "objection", "submitted")
    clerk = visit("clerk")
    for asked in ("kind=repair", "kind=repair.submitted", f"q={number}"):
        page = clerk.get(f"/cases?{asked}")
        assert [a.get_text() for a in page.all("main td .case-number")] == [number]
    record = clerk.get(f"/cases/{number}").one("article.item h3").get_text().strip()
    assert number in clerk.get(f"/cases?q={record}").text


def test_however_much_hangs_on_a_repair_its_page_asks_as_often(city, visit):
    record = city.repairable()
    city.sanction(record, city.record())
    few = city.repair(record)
    record = city.repairable()
    for place in range(6):
        city.sanction(record, city.record(), department=f"executor{'2' if place % 2 else ''}")
    many = city.repair(record)
    for _ in range(8):
        city.attach(many, "subject", "fine")
    subject = visit("subject")
    subject.get(f"/cases/{many}")
    counts = []
    for number in (few, many):
        with counted() as statements:
            subject.get(f"/cases/{number}")
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] < 70
    for page in (f"{NEW}?record_id={record}", f"/records/{record}"):
        with counted() as statements:
            subject.get(page)
        assert len(statements) < 40
