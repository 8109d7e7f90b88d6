"""The browser of the tests: what it refuses, and that nothing leaks from request to request."""

import flask
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import g, redirect, request

from app.db import db
from tests.pages import Page, PageClient, faults_of

GOOD = """<!doctype html><html lang="zh-CN"><head><title>异议</title></head><body><main>
<h1>异议</h1>
<form action="/echo" method="post"><input type="hidden" name="token" value="t">
<label for="a">事项</label><input id="a" name="a" value="1">
<label>说明<textarea name="text">
 甲
乙</textarea></label>
<label for="k">种类</label><select id="k" name="k"><option value="x">甲</option>
<option value="y" selected>乙</option></select>
<label><input type="checkbox" name="many" value="1" checked>一</label>
<label><input type="checkbox" name="many" value="2" checked>二</label>
<label><input type="checkbox" name="many" value="3">三</label>
<button>提交</button></form></main></body></html>"""


def faults(html: str) -> list[str]:
    return faults_of(html, BeautifulSoup(html, "html.parser"))


def test_a_good_page_has_no_faults():
    assert not faults(GOOD)


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('lang="zh-CN"', 'lang="en"', "lang"),
        ("<h1>异议</h1>", "", "0 × h1"),
        ("<h1>", "<h1>一</h1><h1>", "2 × h1"),
        ("<title>异议</title>", "<title> </title>", "no title"),
        ("事项", "{{ item }}", "unrendered {{"),
        ("事项", "{% if %}", "unrendered {%"),
        ('id="k"', 'id="a"', "id a × 2"),
        (' action="/echo"', "", "without action"),
        (' method="post"', "", "without action or method"),
        ('for="a"', 'for="b"', "without a label"),
    ],
)
def test_a_fault_is_found(good, bad, fault):
    assert any(fault in found for found in faults(GOOD.replace(good, bad)))


@pytest.fixture
def echo(session):
    """A client of a small application that shows what it is sent."""
    app = flask.Flask("echo")
    app.add_url_rule("/", endpoint="home", view_func=lambda: GOOD)
    app.add_url_rule("/moved", endpoint="moved", view_func=lambda: redirect("/"))
    app.add_url_rule("/gone", endpoint="gone", view_func=lambda: (GOOD, 404))
    app.add_url_rule(
        "/plain", endpoint="plain", view_func=lambda: ("text", {"Content-Type": "text/plain"})
    )

    @app.post("/echo")
    def echo() -> str:
        sent = sorted(request.form.items(multi=True))
        return GOOD.replace("<h1>异议", f"<h1>{sent!r}")

    return PageClient(app, session)


def test_a_form_is_sent_as_a_browser_would(echo):
    form = echo.get("/").form()
    assert form.values == {
        "token": "t", "a": "1", "text": " 甲\n乙", "k": "y", "many": ["1", "2"]
    }  # fmt: skip
    page = echo.submit(form, a="2", text=None)
    sent = [("a", "2"), ("k", "y"), ("many", "1"), ("many", "2"), ("token", "t")]
    assert page.title == repr(sent)


def test_redirects_are_followed(echo):
    assert echo.get("/moved").path == "/"


def test_another_status_or_type_is_refused(echo):
    assert echo.get("/gone", status=404).status == 404
    with pytest.raises(AssertionError, match="404, not 200"):
        echo.get("/gone")
    with pytest.raises(AssertionError, match="text/plain"):
        echo.get("/plain")


def test_a_page_answers_by_selectors(echo):
    page = echo.get("/")
    assert isinstance(page, Page)
    assert page.has("button")
    assert page.one("button").get_text() == "提交"
    assert "甲 乙" in page.text
    with pytest.raises(AssertionError, match="2 × option"):
        page.one("option")


def test_nothing_leaks_from_one_request_into_the_next(app, session):
    seen = []

    def look() -> flask.Response:
        seen.append((getattr(g, "mark", None), id(db.session())))
        g.mark = "left behind"
        return flask.Response("")

    client = PageClient(app, session)
    app.before_request_funcs.setdefault(None, []).insert(0, look)
    try:
        client.open("/healthz")
        client.open("/healthz")
    finally:
        app.before_request_funcs[None].pop(0)
    assert [mark for mark, _ in seen] == [None, None]
    assert getattr(g, "mark", None) is None
    assert id(db.session()) == id(session)


def test_what_a_test_has_read_does_not_swallow_what_a_request_commits(app, session):
    """Both are savepoints of one transaction: an older one must not enclose a newer one."""
    session.execute(sa.text("CREATE TABLE written (x INTEGER)"))
    session.commit()
    assert not session.execute(sa.text("SELECT x FROM written")).all()

    def write() -> flask.Response:
        db.session.execute(sa.text("INSERT INTO written VALUES (1)"))
        db.session.commit()
        return flask.Response("")

    app.before_request_funcs.setdefault(None, []).insert(0, write)
    try:
        PageClient(app, session).open("/healthz")
    finally:
        app.before_request_funcs[None].pop(0)
    session.rollback()
    assert session.execute(sa.text("SELECT x FROM written")).all() == [(1,)]
