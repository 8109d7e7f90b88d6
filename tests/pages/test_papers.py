"""What an applicant signs and what the office files is printed from the case."""

from __future__ import annotations

import io
import re
import unicodedata

import pypdf
import pytest

from tests.app.cases.states import case_in

WORDS = {
    "application": ("信用信息异议申请书", "异议事项", "收件回执", "一式两份"),
    "commitment": ("异议申诉信用承诺书", "材料真实、合法、有效"),
    "mandate": ("授权委托书", "委托权限", "委托期限"),
    "representative": ("法定代表人身份证明书",),
    "dossier": ("卷宗封面和归档目录", "归档目录", "异议受理通知书", "保管期限"),
}


def text_of(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(
        r"\s", "", unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages))
    )


@pytest.fixture
def number(city):
    return case_in(city, "objection", "verifying")


@pytest.mark.parametrize("name", WORDS)
def test_each_paper_is_linked_from_the_case_and_says_what_it_must(visit, number, name):
    client = visit("clerk")
    (link,) = client.get(f"/cases/{number}").all(f'a[href$="/papers/{name}.pdf"]')
    answer = client.open(link["href"])
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    told = text_of(answer.data)
    assert number in told or name == "representative"
    assert [one for one in WORDS[name] if unicodedata.normalize("NFKC", one) not in told] == []


def test_the_file_of_the_office_is_the_office_s_own(visit, number):
    client = visit("subject")
    assert client.open(f"/cases/{number}/papers/application.pdf").status_code == 200
    assert client.open(f"/cases/{number}/papers/dossier.pdf").status_code == 404
    assert "/papers/dossier.pdf" not in client.get(f"/cases/{number}").text


def test_nobody_prints_papers_of_a_case_that_he_may_not_see(visit, number):
    assert visit("executor2").open(f"/cases/{number}/papers/application.pdf").status_code == 404


def test_a_case_that_nobody_applies_for_has_no_papers(city, visit):
    child = case_in(city, "verification", "verifying")
    assert "打印材料" not in visit("provider").get(f"/cases/{child}").text
    assert visit("provider").open(f"/cases/{child}/papers/mandate.pdf").status_code == 404
