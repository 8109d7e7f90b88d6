"""Who may call what."""

import pytest

from app.db import transaction
from app.people import commands
from tests.accounts import account, sign_in

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@pytest.fixture
def token(session):
    person = account("clerk", "office.clerk")
    with transaction():
        return commands.issue_token(person)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_view_that_declares_nothing_is_closed_to_all(client, token):
    assert client.open("/undeclared").status_code == 403
    assert client.open("/api/v1/tried/undeclared", headers=bearer(token)).status_code == 403
    sign_in(client)
    assert client.open("/undeclared").status_code == 403


def test_a_permission_for_one_method_is_none_for_another(client, token):
    headers = bearer(token)
    assert client.open("/api/v1/tried/half", headers=headers).status_code == 200
    assert client.open("/api/v1/tried/half", method="POST", headers=headers).status_code == 403


def test_a_class_declares_for_its_methods(client, token):
    assert client.open("/api/v1/tried/things").text == "things"
    answer = client.open("/api/v1/tried/things", method="POST", headers=bearer(token))
    assert answer.status_code == 403


@pytest.mark.parametrize("method", METHODS)
def test_no_method_opens_what_is_closed(client, method):
    assert client.open("/undeclared", method=method).status_code in {403, 405}
    assert client.open("/mine", method=method).status_code in {302, 405}


def test_a_person_is_sent_to_sign_in_and_then_on_to_the_page(client, token):
    answer = client.open("/mine")
    assert (answer.status_code, answer.location) == (302, "/login")
    form = client.get("/login").form()
    form.fill(username="clerk", password="Redress-2026!")
    answer = client.open("/login", method="POST", data=form.values)
    assert answer.location == "/mine"


def test_a_program_without_a_token_is_asked_for_one(client):
    answer = client.open("/api/v1/tried/mine")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer nonsense", "Basic Y2xlcms6eA==", "Bearer a b", "x"]
)
def test_only_a_token_of_ours_counts(client, token, header):
    answer = client.open("/api/v1/tried/mine", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_token_stands_for_its_person(client, token):
    assert client.open("/api/v1/tried/mine", headers=bearer(token)).text == "mine"
    assert client.open("/api/v1/tried/office", headers=bearer(token)).text == "office"


def test_a_withdrawn_token_is_worth_nothing(client, token):
    with transaction():
        commands.withdraw_token(token)
    assert client.open("/api/v1/tried/mine", headers=bearer(token)).status_code == 401


def test_the_cookie_of_a_session_is_nobody_under_api(client, token):
    sign_in(client)
    assert client.open("/mine").text == "mine"
    assert client.open("/api/v1/tried/mine").status_code == 401
    assert client.open("/api/v1/tried/mine", method="POST").status_code == 401


def test_a_token_is_nobody_on_pages(client, token):
    assert client.open("/mine", headers=bearer(token)).status_code == 302


def test_a_role_is_asked_for(client, session):
    account("visitor")
    sign_in(client, "visitor")
    assert client.get("/office", status=403).title == "没有权限"


def test_nul_in_an_address_is_refused(client):
    assert client.open("/fail/%00").status_code == 400
    assert client.open("/login?q=%00").status_code == 400
