"""Opening a case in the browser."""

import pytest

from tests.app.cases.states import case_in

NEW = "/cases/new/objection"


def test_a_subject_ticks_its_records_and_saves_a_draft(city, visit):
    first, second, foreign = city.record(), city.record("provider2"), city.record(subject="other")
    browser = visit("subject")
    page = browser.get(NEW)
    offered = {str(one["value"]) for one in page.all("input[name=record]")}
    assert offered == {str(first), str(second)}
    assert str(foreign) not in offered
    form = browser.get(f"{NEW}?record={first}&record={second}").form("main form")
    items = {
        "items-0-field": "fine", "items-0-ground": "O1", "items-0-claim": "1000元",
        "items-1-field": "record", "items-1-ground": "O7", "items-1-claim": "不应公示",
    }  # fmt: skip
    page = browser.submit(form, statement="罚款金额有误。", **items)
    number = page.path.rpartition("/")[2]
    assert city.state(number) == "draft"
    assert "罚款金额（元）" in page.text
    assert "事项2：整条记录" in page.text
    assert page.has(f'a[href="/cases/{number}/steps/submit"]')
    assert page.has(f'a[href="/cases/{number}/steps/amend"]')
    assert page.has(f'form[action="/cases/{number}/attachments"]')
    browser.submit(browser.get(f"/cases/{number}/steps/submit").form("main form"))
    assert city.state(number) == "submitted"


def test_a_draft_may_have_gaps_but_is_not_submitted_with_them(city, visit):
    record = city.record()
    browser = visit("subject")
    page = browser.submit(browser.get(f"{NEW}?record={record}").form("main form"))
    number = page.path.rpartition("/")[2]
    assert "每一项异议都要写明" in page.text
    page = browser.get(f"/cases/{number}/steps/submit")
    assert "每一项异议都要写明" in page.text


def test_records_of_others_are_not_offered_and_not_taken(city, visit):
    own, foreign = city.record(), city.record(subject="other")
    browser = visit("subject")
    assert browser.get(f"{NEW}?record={foreign}").has("input[name=record]")
    form = browser.get(f"{NEW}?record={own}").form("main form")
    page = browser.submit(form, status=422, **{"items-0-record_id": str(foreign)})
    assert "没有这条记录" in page.text


def test_a_clerk_searches_first_and_files_for_somebody(city, visit):
    record = city.record()
    browser = visit("clerk")
    assert not browser.get(NEW).has("input[name=record]")
    for text in ("印染", "91441300MA4W0CHM2Z", "惠测罚〔2026〕1号"):
        page = browser.get(f"{NEW}?q={text}")
        assert [str(one["value"]) for one in page.all("input[name=record]")] == [str(record)]
    assert "没有找到" in browser.get(f"{NEW}?q=查无此人").text
    form = browser.get(f"{NEW}?record={record}").form("main form")
    assert form.values["on_behalf_of"] == "91441300MA4W0CHM2Z"
    page = browser.submit(form, on_behalf_of="谁也不是", status=422)
    assert "全称" in page.one(".summary").get_text()
    page = browser.submit(page.form("main form"), on_behalf_of="惠州市䶮测印染有限公司")
    number = page.path.rpartition("/")[2]
    assert city.case(number).subject_id == city.subject["company"]
    assert number in visit("subject").get("/").text


def test_a_department_reports_what_it_found_itself(city, visit):
    record = city.record()
    city.sanction(record)
    browser = visit("executor")
    form = browser.get(f"{NEW}?record={record}").form("main form")
    assert "source" not in form.values
    assert "on_behalf_of" not in form.values
    number = browser.submit(form).path.rpartition("/")[2]
    assert city.case(number).filer_unit_id == city.unit["executor"]


def test_only_sources_that_one_may_use_are_offered(city, visit):
    record = city.record()
    for who, expected in (
        ("subject", ["subject", "complaint"]),
        ("clerk", ["subject", "complaint", "own_finding", "referral"]),
    ):
        page = visit(who).get(f"{NEW}?record={record}")
        offered = [str(one["value"]) for one in page.all("#source option") if one["value"]]
        assert offered == expected


def test_two_clicks_open_one_case(city, visit):
    record = city.record()
    browser = visit("subject")
    form = browser.get(f"{NEW}?record={record}").form("main form")
    assert browser.submit(form).path == browser.submit(form).path


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("subject", "correction", 404),
        ("executor", "correction", 404),
        ("approver", "objection", 404),
        ("clerk", "verification", 404),
        ("clerk", "suspension", 404),
        ("clerk", "nonsense", 404),
        ("provider", "correction", 200),
        ("clerk", "correction", 200),
        ("provider", "objection", 200),
    ],
)
def test_only_who_may_open_a_kind_finds_its_page(city, visit, who, kind, status):
    visit(who).get(f"/cases/new/{kind}", status=status)


@pytest.mark.parametrize(("annulled", "step"), [(None, "open"), ("y", "open_annulled")])
def test_a_provider_corrects_its_own_error(city, visit, annulled, step):
    record = city.record()
    browser = visit("provider")
    form = browser.get(f"/cases/new/correction?record={record}").form("main form")
    page = browser.submit(form, basis="录入时写错金额", annulled=annulled)
    number = page.path.rpartition("/")[2]
    assert city.state(number) == "ordered"
    clock = "correction.annulled" if annulled else "correction.correct"
    assert {"open": "更正或者撤销信息", "open_annulled": "撤回公示"}[step] in page.text, clock


def test_a_correction_of_a_record_that_is_gone_is_refused_with_the_reason(city, visit):
    number = case_in(city, "correction", "done")
    record = city.case(number)
    browser = visit("provider")
    page = browser.get(f"/cases/{number}")
    key = str(page.one("a[href^='/records/']")["href"]).rpartition("/")[2]
    form = browser.get(f"/cases/new/correction?record={key}").form("main form")
    page = browser.submit(form, basis="再次更正", status=409)
    assert "已经撤销或者删除" in page.text
    assert page.form("main form").values["basis"] == "再次更正"
    assert record.kind == "correction"


def test_a_text_as_long_as_is_allowed_is_taken(city, visit):
    record = city.record()
    browser = visit("subject")
    form = browser.get(f"{NEW}?record={record}").form("main form")
    sent = {**form.values, "statement": "述" * 20000, "items-0-claim": "求" * 4000}
    answer = browser.open(form.action, method="POST", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302
