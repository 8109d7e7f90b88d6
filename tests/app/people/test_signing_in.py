"""Signing in and out, and how long a session lives."""

import subprocess
import sys
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from app import clock
from app.audit.models import AuditEntry
from app.db import transaction
from app.errors import Invalid
from app.people import commands, passwords
from app.people.models import Person, SignIn
from app.people.routes import WRONG
from config import ROOT
from tests.accounts import PASSWORD, account, sign_in

NOON = datetime(2026, 11, 23, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def clerk(session):
    return account("clerk", "office.clerk")


def signed_in(client):
    """Whether the head of a page shows who is there: the error page does, and changes nothing."""
    return client.get("/no-such-page", status=404).has(".person")


def cookie(client):
    found = client.browser.get_cookie("redress")
    return found.value if found else None


def use_cookie(client, value):
    client.browser.set_cookie("redress", value)


def actions(session):
    chosen = sa.select(AuditEntry.action).order_by(AuditEntry.id)
    return [action for action in session.scalars(chosen) if action.startswith("person:session")]


def test_the_right_password_opens_a_session(client, session, clerk):
    sign_in(client)
    page = client.get("/no-such-page", status=404)
    assert page.one(".person-name").get_text() == "张三 · 惠州市信用中心"
    assert actions(session) == ["person:session:signed_in"]


@pytest.mark.parametrize(
    ("username", "password"),
    [("clerk", "wrong"), ("nobody", PASSWORD), ("clerk", "x" * 10_000), ("disabled", PASSWORD)],
)
def test_whatever_is_wrong_the_answer_is_the_same(client, session, clerk, username, password):
    person = account("disabled")
    with transaction():
        commands.disable(person)
    form = client.get("/login").form()
    page = client.submit(form, username=username, password=password, status=422)
    assert [item.get_text(strip=True) for item in page.all(".summary li")] == [WRONG]
    assert not signed_in(client)
    assert actions(session) == ["person:session:refused"]


def test_a_missing_password_is_named_at_its_field(client, clerk):
    page = client.submit(client.get("/login").form(), username="clerk", password="", status=422)
    assert page.one("#password-errors").get_text() == "请填写密码。"
    assert page.one("#password")["aria-describedby"] == "password-errors"


def test_a_password_is_never_sent_back(client, clerk):
    form = client.get("/login").form()
    page = client.submit(form, username="clerk", password="Geheim-9-Geheim", status=422)
    assert "Geheim-9" not in page.response.text


def test_signing_out_kills_the_session_and_not_only_the_cookie(client, session, clerk):
    sign_in(client)
    kept = cookie(client)
    page = client.submit(client.get("/logout").form("main form"))
    assert page.path == "/login"
    assert "您已安全退出" in page.text
    use_cookie(client, kept)
    assert not signed_in(client)
    assert actions(session)[-1] == "person:session:signed_out"


def test_the_button_in_the_head_signs_out(client, clerk):
    sign_in(client)
    form = client.get("/login").form(".person form")
    client.submit(form)
    assert not signed_in(client)


def test_a_cookie_from_before_is_worth_nothing_after_signing_in(client, clerk):
    client.get("/login")
    before = cookie(client)
    sign_in(client)
    assert signed_in(client)
    use_cookie(client, before)
    assert not signed_in(client)


def test_signing_in_again_ends_the_session_before(client, clerk):
    sign_in(client)
    first = cookie(client)
    sign_in(client)
    assert cookie(client) != first
    use_cookie(client, first)
    assert not signed_in(client)


def test_the_token_of_the_form_changes_with_the_session(client, clerk):
    before = client.get("/login").form().values["csrf_token"]
    sign_in(client)
    client.post("/logout", {"csrf_token": before}, status=400)
    assert signed_in(client)


def test_the_table_has_no_token_that_a_thief_could_use(client, session, clerk):
    sign_in(client)
    with client.browser.session_transaction() as kept:
        token = kept["_user_id"]
    row = session.scalars(sa.select(SignIn)).one()
    assert row.token_hash == passwords.token_hash(token)
    assert token not in {row.token_hash, str(row.id)}


@pytest.mark.parametrize("pause", [29, 31])
def test_a_session_ends_when_nobody_used_it_for_half_an_hour(client, clerk, pause):
    with clock.at(NOON):
        sign_in(client)
    with clock.at(NOON + timedelta(minutes=pause)):
        assert signed_in(client) == (pause < 30)


def test_a_session_ends_after_eight_hours_however_much_it_is_used(client, clerk):
    with clock.at(NOON):
        sign_in(client)
    for minutes in range(20, 480, 20):
        with clock.at(NOON + timedelta(minutes=minutes)):
            assert signed_in(client)
    with clock.at(NOON + timedelta(minutes=481)):
        assert not signed_in(client)


def test_when_somebody_was_seen_is_written_at_most_once_a_minute(client, session, clerk):
    with clock.at(NOON):
        sign_in(client)
    for seconds, written in [(30, 0), (59, 0), (61, 61), (90, 61), (121, 121)]:
        with clock.at(NOON + timedelta(seconds=seconds)):
            signed_in(client)
        session.rollback()
        row = session.scalars(sa.select(SignIn)).one()
        assert row.last_seen_at == NOON + timedelta(seconds=written), seconds


def test_a_disabled_person_is_out_at_once(client, session, clerk):
    sign_in(client)
    with transaction():
        commands.disable(session.get_one(Person, clerk.id))
    assert not signed_in(client)


def test_a_new_password_ends_all_sessions(client, session, clerk):
    sign_in(client)
    with transaction():
        commands.set_password(session.get_one(Person, clerk.id), "Another-2026!")
    assert not signed_in(client)


def test_a_role_that_is_taken_is_gone_with_the_next_page(client, session, clerk):
    sign_in(client)
    assert "案件" in client.get("/no-such-page", status=404).text
    with transaction():
        commands.remove_membership(session.get_one(Person, clerk.id), "office.clerk")
    assert "案件" not in client.get("/no-such-page", status=404).text


@pytest.mark.parametrize("parameter", ["next", "return_to", "url"])
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_else_says_where_signing_in_leads(client, clerk, parameter, target):
    form = client.get("/login", query_string={parameter: target}).form()
    values = {**form.values, "username": "clerk", "password": PASSWORD, parameter: target}
    answer = client.open("/login", method="POST", data=values, query_string={parameter: target})
    assert answer.status_code == 302
    assert answer.location == "/"


def test_a_weaker_hash_is_made_anew_at_sign_in(client, session, clerk):
    weak = PasswordHasher(time_cost=1, memory_cost=512).hash(PASSWORD)
    with transaction():
        session.get_one(Person, clerk.id).password_hash = weak
    sign_in(client)
    session.rollback()
    stored = session.get_one(Person, clerk.id).password_hash
    assert stored != weak
    assert not passwords.is_outdated(stored)
    sign_in(client)


def test_outside_of_tests_a_hash_costs_what_rfc_9106_asks_for():
    said = "from app.people.passwords import hash_password; print(hash_password(input()))"
    program = [sys.executable, "-c", said]
    made = subprocess.run(
        program, cwd=ROOT, input=PASSWORD, capture_output=True, text=True, check=True
    )
    assert made.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_full_width_letters_of_an_input_method_are_the_same_password():
    assert passwords.matches(passwords.hash_password(PASSWORD), "Ｒedress-2026！")


def test_an_unknown_account_costs_as_much_as_a_known_one():
    """The hash of nobody has the parameters of all others; time itself is not measured here."""
    parameters = passwords._nobodys_hash().rsplit("$", 2)[0]
    assert passwords.hash_password(PASSWORD).startswith(parameters)
    assert not passwords.matches(None, PASSWORD)


@pytest.mark.parametrize("weak", ["Short-1", "onlylowercase", "lowercase-and-sign", "A1-" * 50])
def test_a_weak_password_is_refused(weak):
    with pytest.raises(Invalid):
        passwords.hash_password(weak)


def test_the_name_typed_in_vain_is_not_kept(client, session, clerk):
    form = client.get("/login").form()
    client.submit(form, username="441300199001011234", password="x", status=422)
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.subject_ref == "person:unknown"
    assert entry.data == {}
