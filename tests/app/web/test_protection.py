"""Headers, sizes, hosts, cookies, and forms of other sites."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from app.people.models import SignIn
from app.web.headers import ALWAYS
from tests.accounts import PASSWORD, account

ANSWERS = [
    ("/healthz", 503),  # a demonstration waits for its city
    ("/login", 200),
    ("/mine", 302),
    ("/undeclared", 403),
    ("/nowhere", 404),
    ("/fail/413", 413),
    ("/api/v1/tried/mine", 401),
    ("/api/v1/nowhere", 404),
    ("/static/redress.css", 200),
    ("/bootstrap/static/css/bootstrap.min.css", 200),
]


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_is_protected(client, path, status):
    answer = client.open(path, buffered=True)
    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert (answer.headers["Cache-Control"] == "no-store") == ("static" not in path)


def test_a_method_that_is_not_there_and_a_bug_are_protected_too(app, client):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answers = [client.open("/mine", method="DELETE"), client.open("/fail/bug")]
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == ALWAYS["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a@evil.example"])
def test_a_foreign_host_is_refused(client, host):
    for path in ("/login", "/api/v1/tried/mine", "/nowhere"):
        answer = client.open(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_loads_nothing_from_elsewhere_and_nothing_inline(client):
    page = client.get("/login")
    assert not page.all("script, style, [style], [onclick], [onload]")
    sources = [tag.get("href") or tag.get("src") for tag in page.all("link, img")]
    assert sources
    assert all(source.startswith("/") for source in sources)
    for source in sources:
        assert client.open(source, buffered=True).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    header = client.open("/login").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


@pytest.mark.parametrize("size", [300 * 1024, 30 * 1024 * 1024])
def test_a_large_request_is_refused_where_no_file_is_expected(client, size):
    answer = client.open("/api/v1/tried/form", method="POST", data={"a": "x" * size})
    assert answer.status_code == 413


def test_an_upload_may_be_larger_but_not_endless(client):
    path = "/api/v1/tried/upload"
    for size, status in ((300 * 1024, 200), (450 * 1024, 413)):
        data = {"file": (BytesIO(b"x" * size), "a.pdf")}
        assert client.open(path, method="POST", data=data).status_code == status


@pytest.mark.parametrize("token", [None, "", "nonsense", "other"])
def test_a_form_without_the_token_of_its_session_changes_nothing(app, client, session, token):
    account("clerk")
    if token == "other":
        token = type(client)(app, session).get("/login").form().values["csrf_token"]
    client.get("/login")
    data = {"username": "clerk", "password": PASSWORD}
    if token is not None:
        data["csrf_token"] = token
    client.post("/login", data, status=400)
    assert session.scalar(sa.select(sa.func.count(SignIn.id))) == 0


def test_the_api_needs_no_token_of_a_form(client):
    assert client.open("/api/v1/tried/form", method="POST", data={"a": "1"}).text == "a"
