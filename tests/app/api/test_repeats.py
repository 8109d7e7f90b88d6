"""A request that comes twice under one key is carried out once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from app.cases.models import Case
from app.db import db, transaction
from app.people.commands import issue_token
from app.people.models import Person
from tests.app.api.conftest import filing
from tests.app.cases.city import build_city

KEY = {"headers": {"Idempotency-Key": "7f3c"}}


def cases():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Case))


def test_a_repeat_gives_the_same_answer_and_one_case(city, program):
    subject, body = program("subject"), filing(city.record())
    first = subject.ask("POST", "/cases", json=body, status=201, **KEY)
    again = subject.ask("POST", "/cases", json=body, status=201, **KEY)
    assert again.json == first.json
    assert again.headers["Location"] == first.headers["Location"]
    assert cases() == 1


def test_the_same_key_with_another_body_is_refused(city, program):
    subject, body = program("subject"), filing(city.record())
    number = subject.post("/cases", body, status=201, **KEY)["number"]
    subject.post("/cases", body | {"statement": "另一份"}, status=409, **KEY)
    subject.take(number, "submit", status=409, **KEY)
    assert (cases(), city.state(number)) == (1, "draft")


def test_a_key_is_of_one_person(city, program):
    body = filing(city.record(), on_behalf_of="91441300MA4W0CHM2Z")
    for who in ("subject", "clerk"):
        program(who).post("/cases", body, status=201, **KEY)
    assert cases() == 2


def test_a_key_that_failed_is_free_again(city, program):
    subject, body = program("subject"), filing(city.record())
    subject.post("/cases", body | {"source": "own_finding"}, status=403, **KEY)
    subject.post("/cases", body, status=201, **KEY)


def test_a_key_is_short_and_visible(city, program):
    subject, body = program("subject"), filing(city.record())
    for key in ("", "长", "x" * 201):
        answer = subject.post("/cases", body, status=422, headers={"Idempotency-Key": key})
        assert "Idempotency-Key" in answer["errors"]
    assert cases() == 0


def test_a_step_repeated_is_taken_once_even_with_the_version_it_saw(city, program):
    subject = program("subject")
    number = subject.post("/cases", filing(city.record()), status=201)["number"]
    headers = {"headers": {"Idempotency-Key": "once", "If-Match": "1"}}
    first = subject.take(number, "submit", **headers)
    assert subject.take(number, "submit", **headers) == first
    assert first["version"] == 2


def test_two_at_once_are_one(make_app):
    app = make_app()
    with app.app_context():
        city = build_city()
        body = filing(city.record())
        with transaction():
            token = issue_token(db.session.get_one(Person, city.actor["subject"].person_id))
    both = Barrier(2)

    def send(path, sent):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": path}
        both.wait()
        answer = app.test_client().post(f"/api/v1{path}", json=sent, headers=headers)
        return answer.status_code, answer.json

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: send("/cases", body), range(2))
        assert first == second
        assert first[0] == 201
        submit = f"/cases/{first[1]['number']}/steps/submit"
        assert list(threads.map(lambda _: send(submit, {})[0], range(2))) == [200, 200]
    with app.app_context():
        assert cases() == 1
        assert city.case(first[1]["number"]).version == 2
