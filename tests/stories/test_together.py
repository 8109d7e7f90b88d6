"""Two people who press the same button at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.db import db, transaction
from app.notices.models import Notice
from app.people.models import SignIn
from app.people.passwords import new_token, token_hash
from tests.app.cases.city import City, build_city


def signed_in(app: Flask, city: City, name: str) -> FlaskClient:
    """The browser of somebody who has signed in."""
    token = new_token()
    with transaction():
        row = SignIn(person_id=city.actor[name].person_id, token_hash=token_hash(token))
        db.session.add(row)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def fields(client: FlaskClient, path: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    soup = BeautifulSoup(client.get(path).text, "html.parser")
    return {str(one["name"]): str(one["value"]) for one in soup.select("main form input[name]")}


def at_once(send: Callable[[int], tuple[int, str]]) -> list[tuple[int, str]]:
    """What two threads are answered, each at the time that the test has set."""
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(copy_context().run, send, place) for place in range(2)]
        return [one.result() for one in asked]


def test_of_two_clerks_who_accept_at_once_one_does(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        city = build_city()
        record = city.record()
        city.sanction(record)
        number = city.objection(record)
        city.take(number, "submit", "subject")
        clients = [signed_in(app, city, name) for name in ("clerk", "clerk2")]
    path, both = f"/cases/{number}/steps/accept", Barrier(2)
    forms = [fields(client, path) for client in clients]

    def send(place: int) -> tuple[int, str]:
        both.wait()
        answer = clients[place].post(path, data=forms[place])
        return answer.status_code, answer.text

    (first, _), (second, text) = sorted(at_once(send))
    assert (first, second) == (302, 409)
    assert "您填写期间，案件有了新的进展" in text
    with app.app_context():
        assert city.case(number).version == 3
        chosen = sa.select(sa.func.count()).where(Notice.name == "acceptance")
        assert db.session.scalar(chosen) == 1


def test_a_double_click_is_one_click(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        city = build_city()
        number = city.objection(city.record())
        client = signed_in(app, city, "subject")
    path, both = f"/cases/{number}/steps/submit", Barrier(2)
    form = fields(client, path)
    cookie = client.get_cookie("redress")
    assert cookie is not None

    def click(_: int) -> tuple[int, str]:
        browser = app.test_client()
        browser.set_cookie("redress", cookie.value)
        both.wait()
        answer = browser.post(path, data=form)
        return answer.status_code, answer.location

    assert at_once(click) == [(302, f"/cases/{number}")] * 2
    with app.app_context():
        assert city.case(number).version == 2
