"""Only a token counts, it counts for its person, and only as long as it stands."""

from app.db import db, transaction
from app.people.commands import disable, withdraw_token
from app.people.models import Person, SignIn
from app.people.passwords import token_hash

ASKED = ["/me", "/records", "/records/1", "/cases", "/cases/x", "/cases/x/steps", "/messages"]


def test_somebody_is_told_who_they_are(city, program):
    assert program("clerk").get("/me") == {
        "person": {"id": city.actor["clerk"].person_id, "name": "clerk甲"},
        "unit": {"id": city.unit["office"], "name": "惠州市信用中心"},
        "roles": ["office.clerk"],
        "subjects": [],
    }
    me = program("subject").get("/me")
    assert (me["unit"], me["roles"]) == (None, ["subject"])
    assert [one["id"] for one in me["subjects"]] == [city.subject["company"]]


def test_without_a_token_nothing_is_told(nobody):
    for path in ASKED:
        answer = nobody.ask("GET", path, status=401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    nobody.post("/cases", status=401)


def test_another_kind_of_authorization_does_not_count(nobody):
    for given in ("Basic Y2xlcms6eA==", "Bearer", "Bearer x", "x"):
        nobody.ask("GET", "/me", status=401, headers={"Authorization": given})


def test_a_token_that_was_withdrawn_does_not_count(program):
    clerk = program("clerk")
    clerk.get("/me")
    with transaction():
        withdraw_token(clerk.token)
    clerk.get("/me", status=401)


def test_the_token_of_a_disabled_person_does_not_count(city, program):
    clerk = program("clerk")
    with transaction():
        disable(db.session.get_one(Person, city.actor["clerk"].person_id))
    clerk.get("/me", status=401)


def test_a_cookie_does_not_count(app, session, city):
    person = city.actor["clerk"].person_id
    with transaction():
        db.session.add(SignIn(person_id=person, token_hash=token_hash("of a browser")))
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "of a browser"
    session.rollback()
    with app.app_context():
        assert browser.get("/cases").status_code == 200
    with app.app_context():
        assert browser.get("/api/v1/me").status_code == 401
    with app.app_context():
        assert browser.post("/api/v1/cases", json={}).status_code == 401


def test_the_document_is_public(nobody):
    assert nobody.get("/openapi.json")["openapi"] == "3.1.0"


def test_a_subject_has_no_messages(program):
    program("subject").get("/messages", status=403)
