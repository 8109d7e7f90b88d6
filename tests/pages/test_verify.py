"""Anybody can ask whether a notice is genuine, and learns nothing of the person it is about."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.notices import genuine
from app.notices.drawing import draw
from app.notices.genuine import Finding
from app.notices.models import Notice
from app.notices.queries import notices_of
from tests.app.cases.states import case_in
from tests.pages import PageClient

GENUINE = "文件真实，内容未被改动，文书有效"
CHANGED = "文件与出具的文书不一致，请勿采信"
UNKNOWN = "没有查到这份文书"


@pytest.fixture
def anybody(app, session):
    return PageClient(app, session)


@pytest.fixture
def notice(city):
    number = case_in(city, "objection", "verifying")
    return next(one for one in notices_of([number]) if one.name == "acceptance")


def look(client, *, status=200, **fields):
    form = client.get("/verify").form()
    return client.submit(form, status=status, **fields)


def file_of(data: bytes):
    return io.BytesIO(data), "文书.pdf"


def test_the_code_on_a_notice_leads_to_what_anybody_may_know(anybody, notice):
    page = anybody.get(f"/verify/{notice.code}")
    for told in ("有这份文书，现在有效", notice.number, notice.title):
        assert told in page.text
    assert notice.context["notice"]["addressee"]["name"] not in page.text
    assert notice.case_number not in page.text


def test_a_code_is_read_however_it_is_typed(anybody, notice):
    typed = notice.code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert notice.number in look(anybody, code=typed).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "请输入核验码"), ("7K2M", "核验码是 16 位"), ("ÜÜÜÜ-QX0D-4RSE-9HBT", "核验码是 16 位")],
)
def test_what_is_no_code_is_explained_at_its_field(anybody, typed, told):
    page = look(anybody, code=typed, status=422)
    assert told in page.text


def test_a_code_that_no_notice_has_is_unknown(anybody):
    page = anybody.get("/verify/0000-0000-0000-0000", status=404)
    assert UNKNOWN in page.text


def test_a_file_is_genuine_until_one_byte_is_changed(anybody, notice):
    data = draw(notice)
    assert GENUINE in look(anybody, file=file_of(data)).text
    digit = data.index(b"/Contents <") + 400
    changed = data[:digit] + (b"0" if data[digit] != ord("0") else b"1") + data[digit + 1 :]
    assert CHANGED in look(anybody, file=file_of(changed)).text
    assert CHANGED in look(anybody, file=file_of(data + b"\n%more")).text
    assert UNKNOWN in look(anybody, file=file_of(b"%PDF-1.7 nothing of ours")).text


def test_the_file_without_its_seal_is_not_the_one_that_was_issued(notice):
    data = draw(notice)
    end = data.index(b"%%EOF") + len(b"%%EOF\n")
    assert genuine.of_file(data[:end]).finding is Finding.CHANGED


@pytest.mark.parametrize("status", ["withdrawn", "revoked", "replaced"])
def test_a_notice_that_is_in_force_no_more_says_so_and_not_why(anybody, notice, status):
    data = draw(notice)
    ended = {"status": status, "status_on": notice.issued_on, "status_reason": "张三提出的理由"}
    with transaction():
        db.session.execute(sa.update(Notice).where(Notice.id == notice.id).values(**ended))
    page = look(anybody, file=file_of(data))
    assert "文件真实，但文书已不再有效" in page.text
    assert "张三" not in page.text


def test_a_file_that_is_too_large_is_refused_with_the_reason(anybody):
    page = look(anybody, file=file_of(b"0" * (genuine.LARGEST + 8192)), status=413)
    assert "文件太大" in page.text
