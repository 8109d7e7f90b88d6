"""The inbox, the list, and what recipients confirm there."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import clock
from app.cases import routes
from app.delivery.queries import open_for
from tests.app.cases.states import case_in
from tests.pages import PageClient


@contextmanager
def counted():
    """How many statements are sent to the database."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_who_is_not_signed_in_gets_the_public_page(client):
    assert "提出异议" in client.get("/").text


@pytest.mark.parametrize("address", ["/cases", "/cases/new/objection", "/cases/YY-2026-000001"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client, address):
    assert client.get(address).path == "/login"


@pytest.mark.parametrize(
    ("kind", "state", "who", "expected"),
    [
        ("objection", "draft", "subject", "补充内容和材料后提交"),
        ("objection", "submitted", "clerk", "审查材料"),
        ("objection", "deciding", "approver", "作出处理决定"),
        ("verification", "issued", "provider", "签收核实函"),
        ("verification", "reported", "provider-approver", "审核结论并反馈"),
        ("suspension", "ordered", "executor", "暂停执行并反馈"),
        ("correction", "corrected", "provider-approver", "审批更正内容"),
    ],
)
def test_the_inbox_says_what_waits_for_whom(city, visit, kind, state, who, expected):
    number = case_in(city, kind, state)
    page = visit(who).get("/")
    row = next(row for row in page.all("tbody tr") if number in row.get_text())
    assert expected in row.get_text()
    assert "还剩" in row.get_text()


def test_the_inbox_of_others_does_not_have_it(city, visit):
    number = case_in(city, "verification", "issued")
    for who in ("provider2", "executor", "approver", "subject", "stranger"):
        assert number not in visit(who).get("/").text


def test_lateness_is_told_in_words(city, visit):
    number = case_in(city, "objection", "submitted")
    due_on = city.case(number).due_on
    browser = visit("clerk")
    for days, words in ((0, "今天到期"), (-1, "还剩 1 天"), (2, "已超期 2 天")):
        with clock.at(due_on + timedelta(days=days)):
            assert words in visit("clerk").get("/").text
    with clock.at(due_on + timedelta(days=1)):
        browser = visit("clerk")
        assert number in browser.get("/cases?overdue=1").text
    with clock.at(due_on):
        browser = visit("clerk")
        assert number not in browser.get("/cases?overdue=1").text


def test_a_list_is_narrowed_by_kind_state_and_text(city, visit):
    draft, number = case_in(city, "objection", "draft"), case_in(city, "objection", "verifying")
    asked = city.children(number, "verification")[0]
    browser = visit("clerk")
    company = "91441300MA4W0CHM2Z"
    shown = {
        "": {number, asked},
        "?kind=objection": {number},
        "?kind=objection.verifying": {number},
        "?kind=objection&state=submitted": set(),
        "?kind=verification": {asked},
        f"?q={number}": {number},
        f"?q={company}": {number, asked},
        "?q=印染": {number, asked},
        "?q=惠测罚〔2026〕3号": {number, asked},
        "?q=查无此人": set(),
        "?kind=nonsense&state=none": {number, asked},
    }
    for query, expected in shown.items():
        text = browser.get(f"/cases{query}").text
        assert {one for one in (number, asked) if one in text} == expected, query
        assert draft not in text


def test_a_long_list_goes_on_page_by_page(city, visit, monkeypatch):
    numbers = [case_in(city, "objection", "submitted") for _ in range(5)]
    monkeypatch.setattr(routes, "PAGE", 2)
    for start in ("/cases?kind=objection", "/"):
        browser, address, found = visit("clerk"), start, []
        while address:
            page = browser.get(address)
            found += [a.get_text() for a in page.all("tbody td:first-child a")]
            following = page.all("a[rel=next]")
            address = str(following[0]["href"]) if following else ""
        assert sorted(found) == numbers, start


def test_a_key_that_is_none_begins_anew(city, visit):
    number = case_in(city, "objection", "submitted")
    for address in ("/?after=nonsense", "/?after=2026-99-99_1", "/cases?before=x"):
        assert number in visit("clerk").get(address).text


@pytest.mark.parametrize("address", ["/", "/cases"])
def test_a_longer_list_asks_no_more_questions(city, visit, address):
    case_in(city, "objection", "submitted")
    browser = visit("clerk")
    browser.get(address)
    with counted() as few:
        browser.get(address)
    for _ in range(3):
        case_in(city, "objection", "submitted")
    with counted() as many:
        browser.get(address)
    assert len(many) == len(few)


def test_a_larger_case_asks_no_more_questions(city, visit):
    browser = visit("clerk")
    lengths = []
    for several in (1, 3):
        records = [city.record() for _ in range(several)]
        for record in records:
            city.sanction(record)
        number = city.objection(*records)
        city.take(number, "submit", "subject")
        city.take(number, "accept", "clerk")
        with counted() as asked:
            browser.get(f"/cases/{number}")
        lengths.append(len(asked))
    assert lengths[0] == lengths[1]
    assert lengths[0] < 70


def test_a_recipient_confirms_in_its_inbox(city, visit):
    case_in(city, "correction", "synchronising")
    browser = visit("executor")
    page = browser.get("/")
    assert "信息更正（撤销）" in page.text
    (form,) = page.all("form[action^='/messages/']")
    token = str(form.select_one("input[name=csrf_token]")["value"])
    browser.post(str(form["action"]), {"csrf_token": token})
    assert not open_for(city.unit["executor"])
    token = str(visit("provider2").get("/").one("header input[name=csrf_token]")["value"])
    other = visit("provider2")
    token = str(other.get("/").one("header input[name=csrf_token]")["value"])
    other.post(str(form["action"]), {"csrf_token": token}, status=404)


def test_administrators_see_no_cases(app, session, city):
    number = case_in(city, "objection", "submitted")
    assert PageClient(app, session).get(f"/cases/{number}").path == "/login"
