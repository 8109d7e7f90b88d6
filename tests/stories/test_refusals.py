"""What pages answer to what they cannot take: said clearly, and nothing has changed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.notices import render
from app.people.commands import withdraw_token
from tests.app.api.conftest import Program
from tests.app.cases.city import City
from tests.app.cases.samples import pdf
from tests.pages import PageClient
from tests.stories.desks import Desks
from tests.stories.reading import CasePage, words

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
VIOLATION = {"field": "violation", "ground": "O1", "claim": "没有此行为"}
SINCE = "您填写期间，案件有了新的进展，刚才的内容没有提交"


def everything(session: Session) -> dict[str, list[str]]:
    """All rows of all tables but those that tell who is signed in."""
    session.rollback()
    found = {
        name: sorted(str(tuple(row)) for row in session.execute(sa.select(table)))
        for name, table in db.metadata.tables.items()
        if name != "sign_ins"
    }
    session.rollback()
    return found


@contextmanager
def nothing_changes(session: Session) -> Iterator[None]:
    """What is done inside leaves every table as it was."""
    before = everything(session)
    yield
    after = everything(session)
    assert {name for name in after if after[name] != before[name]} == set()


@pytest.fixture
def submitted(city: City, desk: Desks) -> str:
    """An objection that waits for acceptance, with a sanction to hold."""
    record = city.record()
    city.sanction(record)
    number = desk("subject").object_to([record], [VIOLATION])
    desk("subject").take(number, "submit")
    return number


# --- conflicts


def test_a_form_that_came_too_late_tells_what_changed_and_keeps_the_text(
    submitted: str, desk: Desks, session: Session
) -> None:
    form = desk("clerk2").form(submitted, "request_supplement")
    desk("clerk").take(submitted, "accept")
    with nothing_changes(session):
        page = desk("clerk2").client.submit(form, gaps="缺营业执照\n缺授权书", status=409)
    box = page.one("section[aria-labelledby=since]")
    assert SINCE in words(box)
    assert "受理" in words(box)
    assert "clerk甲" in words(box)
    assert page.one("textarea[name=gaps]").get_text().split() == ["缺营业执照", "缺授权书"]
    assert "核实中" in words(page.one(".reasons"))


def test_who_has_seen_what_changed_may_send_the_same_again(submitted: str, desk: Desks) -> None:
    form = desk("clerk2").form(submitted, "request_supplement")
    said = {"path": "review", "begun_on": "2026-08-03", "document": "复议受理通知书"}
    desk("clerk").take(submitted, "note_review", said)
    page = desk("clerk2").client.submit(form, gaps="缺营业执照", status=409)
    page = desk("clerk2").client.submit(page.form())
    assert CasePage(page).state == "待补正"
    assert CasePage(page).history.count("要求补正") == 1


def test_a_form_sent_twice_has_one_effect_and_leads_to_the_same_page(
    submitted: str, desk: Desks, session: Session
) -> None:
    clerk = desk("clerk")
    form = clerk.form(submitted, "accept")
    first = clerk.client.submit(form)
    with nothing_changes(session):
        second = clerk.client.submit(form)
    assert (first.path, first.status) == (second.path, second.status)
    told = [(one.number, one.title) for one in CasePage(first).letters]
    assert [(one.number, one.title) for one in CasePage(second).letters] == told
    assert CasePage(second).history == CasePage(first).history


def test_a_draft_kept_twice_is_one_case(city: City, desk: Desks, session: Session) -> None:
    client = desk("subject").client
    form = client.get(f"/cases/new/objection?record={city.record()}").form()
    first = client.submit(form, statement="本公司没有该违法行为。")
    with nothing_changes(session):
        assert client.submit(form).path == first.path
    again = client.submit(form, statement="另一份")
    assert again.path == first.path
    assert "另一份" in again.text


def test_of_two_people_only_the_first_decides(
    submitted: str, city: City, desk: Desks, session: Session
) -> None:
    accepting = desk("clerk").form(submitted, "accept")
    refusing = desk("approver").form(submitted, "refuse")
    desk("clerk").client.submit(accepting)
    refusing.fill(reason_code="not_contestable", reason="不属于异议范围。")
    with nothing_changes(session):
        page = desk("approver").client.submit(refusing, status=409)
    assert page.one("textarea[name=reason]").get_text().strip() == "不属于异议范围。"
    assert city.state(submitted) == "verifying"


# --- a notice that cannot be printed


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Breaks the template of the notice of acceptance; the test may mend it again."""
    environment = render._environment
    other = DictLoader({"objection/acceptance.html": "{{ nothing_of_that_name }}"})
    assert environment.loader is not None
    monkeypatch.setattr(environment, "loader", ChoiceLoader([other, environment.loader]))
    return monkeypatch.undo


def test_a_notice_that_cannot_be_printed_leaves_nothing_behind(
    submitted: str,
    app: Flask,
    desk: Desks,
    program: Callable[[str], Program],
    session: Session,
    broken: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clerk, tokens = desk("clerk"), program("clerk")
    form = clerk.form(submitted, "accept")
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with nothing_changes(session):
        page = clerk.client.submit(form, status=500)
        assert tokens.take(submitted, "accept", status=500)["status"] == 500
    assert "您刚才的操作没有生效" in page.text
    assert clerk.case(submitted).state == "待受理"
    broken()
    page = clerk.client.submit(form)
    assert [one.number for one in CasePage(page).letters][-1] == "某信异受〔2026〕1号"


# --- what makes no sense


def test_a_step_that_does_not_exist_is_not_found(
    submitted: str, desk: Desks, program: Callable[[str], Program], session: Session
) -> None:
    client = desk("clerk").client
    csrf = client.get(f"/cases/{submitted}").one("header input[name=csrf_token]")["value"]
    tokens = program("clerk")
    with nothing_changes(session):
        for name in ("dance", "file", "open"):
            assert "没有找到" in client.get(f"/cases/{submitted}/steps/{name}", status=404).title
            client.post(f"/cases/{submitted}/steps/{name}", {"csrf_token": csrf}, status=404)
            assert tokens.take(submitted, name, status=404)["detail"]


def test_the_case_of_somebody_else_is_not_there(
    submitted: str, desk: Desks, program: Callable[[str], Program], session: Session
) -> None:
    stranger, tokens = desk("stranger").client, program("stranger")
    csrf = stranger.get("/").one("header input[name=csrf_token]")["value"]
    with nothing_changes(session):
        for path in ("", "/steps/withdraw"):
            theirs = stranger.get(f"/cases/{submitted}{path}", status=404)
            nowhere = stranger.get(f"/cases/YY-2026-999999{path}", status=404)
            assert theirs.title == nowhere.title
        for path in ("/steps/withdraw", "/attachments"):
            stranger.post(f"/cases/{submitted}{path}", {"csrf_token": csrf}, status=404)
        tokens.take(submitted, "withdraw", status=404)
        key = desk("subject").case(submitted).letters[0].key
        stranger.get(f"/notices/{key}.pdf", status=404)


def test_a_step_that_is_somebody_elses_is_not_taken(
    submitted: str, desk: Desks, session: Session
) -> None:
    form = desk("clerk").form(submitted, "accept")
    subject = desk("subject").client
    csrf = subject.get("/").one("header input[name=csrf_token]")["value"]
    with nothing_changes(session):
        subject.get(f"/cases/{submitted}/steps/accept", status=403)
        page = subject.post(form.action, form.values | {"csrf_token": csrf}, status=403)
    assert "信用办经办" in page.text


def test_a_token_that_was_withdrawn_does_nothing(
    submitted: str, program: Callable[[str], Program], session: Session
) -> None:
    clerk = program("clerk")
    with transaction():
        withdraw_token(clerk.token)
    with nothing_changes(session):
        answer = clerk.take(submitted, "accept", status=401)
    assert (answer["title"], answer["status"]) == ("请先登录", 401)


def test_a_page_named_pdf_is_no_attachment(
    submitted: str, desk: Desks, program: Callable[[str], Program], session: Session
) -> None:
    subject, tokens = desk("subject"), program("subject")
    with nothing_changes(session):
        page = subject.attach(submitted, HTML, "证据.pdf", status=415)
        sent = {"file": (io.BytesIO(HTML), "证据.pdf"), "title": "证据"}
        tokens.ask("POST", f"/cases/{submitted}/attachments", data=sent, status=415)
    assert "PDF" in words(page.one("#summary"))
    assert page.one("input[name=title]")["value"] == "监测报告"
    subject.attach(submitted, pdf(), "证据.pdf")


def test_a_field_that_is_missing_is_named_at_its_place(
    submitted: str, desk: Desks, program: Callable[[str], Program], session: Session
) -> None:
    clerk, tokens = desk("clerk"), program("clerk")
    form = clerk.form(submitted, "request_supplement")
    with nothing_changes(session):
        page = clerk.client.submit(form, gaps="  ", status=422)
        answer = tokens.take(submitted, "request_supplement", {}, status=422)
    assert "gaps" in answer["errors"]
    link = page.one("#summary a")
    assert "需要补正的全部内容" in words(link)
    assert page.has(f"textarea{link['href']}[aria-invalid=true]")


def test_a_field_too_many_is_named(
    submitted: str, program: Callable[[str], Program], session: Session
) -> None:
    clerk = program("clerk")
    with nothing_changes(session):
        body = {"gaps": ["缺营业执照"], "state": "closed"}
        assert list(clerk.take(submitted, "request_supplement", body, status=422)["errors"]) == [
            "state"
        ]
        clerk.take(submitted, "accept", {"version": 1}, status=422)


def test_a_form_without_its_token_is_of_another_site(
    submitted: str, desk: Desks, session: Session
) -> None:
    form = desk("clerk").form(submitted, "accept")
    with nothing_changes(session):
        page = desk("clerk").client.submit(form, csrf_token=None, status=400)
    assert "刚才的操作没有生效" in page.text


def test_whoever_is_not_signed_in_is_sent_to_sign_in(
    submitted: str, app: Flask, session: Session
) -> None:
    nobody = PageClient(app, session)
    with nothing_changes(session):
        assert nobody.get(f"/cases/{submitted}").path == "/login"
