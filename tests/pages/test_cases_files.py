"""Files and notices in the browser."""

import io

import pytest

from app.cases.models import Attachment
from app.db import db
from app.notices.queries import notices_of
from tests.app.cases.samples import pdf
from tests.app.cases.states import case_in


def token_of(browser):
    return str(browser.get("/").one("header input[name=csrf_token]")["value"])


def upload(browser, number, name="证据.pdf", data=None, status=200, **said):
    said = {"title": "复议决定书", "csrf_token": token_of(browser)} | said
    said["file"] = (io.BytesIO(pdf() if data is None else data), name)
    return browser.post(f"/cases/{number}/attachments", said, status=status)


def test_a_file_is_added_and_given_back_as_it_was(city, visit):
    number = case_in(city, "objection", "draft")
    browser = visit("subject")
    item = str(browser.get(f"/cases/{number}").all("#proves option")[1]["value"])
    page = upload(browser, number, proves=item)
    (link,) = page.all("a[href^='/attachments/']")
    assert link.get_text() == "复议决定书"
    assert "证明事项1" in page.text
    answer = browser.open(str(link["href"]))
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert visit("stranger").open(str(link["href"])).status_code == 404


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"data": b"MZ"}, 415, "PDF"),
        ({"name": "a.exe"}, 415, "只接受PDF、JPG、PNG文件"),
        ({"title": ""}, 422, "请填写“附件名称”"),
    ],
)
def test_a_file_that_is_not_taken_is_explained_on_the_page(city, visit, said, status, words):
    number = case_in(city, "objection", "draft")
    page = upload(visit("subject"), number, status=status, **said)
    assert number in page.title
    assert words in page.one(".summary[autofocus]").get_text()
    assert not db.session.query(Attachment).count()


def test_a_form_without_a_file_says_so(city, visit):
    number = case_in(city, "objection", "draft")
    browser = visit("subject")
    sent = {"title": "材料", "csrf_token": token_of(browser)}
    page = browser.post(f"/cases/{number}/attachments", sent, status=422)
    assert "请选择要上传的文件" in page.one(".summary[autofocus]").get_text()
    assert str(page.one("#title")["value"]) == "材料"


def test_who_only_looks_on_has_no_form_for_files(city, visit):
    number = case_in(city, "objection", "not_accepted")
    browser = visit("subject")
    assert not browser.get(f"/cases/{number}").has(".upload")
    upload(browser, number, status=403)


def test_the_provider_sees_the_statement_and_the_evidence(city, visit):
    number = case_in(city, "objection", "submitted", statement="全部陈述在此。")
    upload(visit("clerk"), number)
    city.take(number, "accept", "clerk")
    (asked,) = city.children(number, "verification")
    page = visit("provider").get(f"/cases/{asked}")
    assert "全部陈述在此。" in page.text
    (link,) = page.all("a[href^='/attachments/']")
    assert visit("provider").open(str(link["href"])).data == pdf()


def test_a_notice_is_a_pdf_for_whoever_may_read_it(city, visit):
    number = case_in(city, "objection", "submitted")
    (receipt,) = notices_of([number])
    address = f"/notices/{receipt.id}.pdf"
    answer = visit("subject").open(address)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert visit("clerk").open(address).data == answer.data
    for who in ("stranger", "provider", "executor"):
        assert visit(who).open(address).status_code == 404


def test_the_addressee_alone_confirms_a_notice_once(city, visit):
    number = case_in(city, "objection", "submitted")
    key = notices_of([number])[0].id
    address = f"/notices/{key}/receipt"
    clerk, subject = visit("clerk"), visit("subject")
    assert not clerk.get(f"/cases/{number}").has(f'form[action="{address}"]')
    clerk.post(address, {"csrf_token": token_of(clerk)}, status=403)
    stranger = visit("stranger")
    stranger.post(address, {"csrf_token": token_of(stranger)}, status=404)
    assert subject.get(f"/cases/{number}").has(f'form[action="{address}"]')
    subject.post(address, {"csrf_token": token_of(subject)})
    page = subject.post(address, {"csrf_token": token_of(subject)})
    assert not page.has(f'form[action="{address}"]')
    assert page.one(".timeline").get_text().count("《收件凭证》已送达") == 1


def test_the_filer_finds_what_a_child_told_it_on_its_own_case(city, visit):
    asked = case_in(city, "verification", "verifying")
    city.take(asked, "ask_for_time", "provider", reason="案卷在档案馆")
    city.take(asked, "grant_time", "provider-approver")
    (more_time,) = [one for one in notices_of([asked]) if one.name == "more_time"]
    page = visit("subject").get("/cases")
    number = str(page.one("tbody a[href*='YY-']")["href"])
    subject = visit("subject")
    page = subject.get(number)
    assert "核实延期告知书" in page.text
    page = subject.submit(page.form(f'form[action="/notices/{more_time.id}/receipt"]'))
    assert page.path == number
    assert notices_of([asked])[-1].served_on is not None
