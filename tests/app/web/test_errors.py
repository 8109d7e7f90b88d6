"""What people and programs are told when something goes wrong."""

import json

import pytest
import sqlalchemy as sa

from app.people.models import Person
from tests.app.web.conftest import api, views
from tests.conftest import type_of_database

HTTP_ERRORS = [400, 401, 403, 404, 405, 413, 415, 429]


@pytest.fixture
def serving(app):
    """As in earnest: a bug is answered, not raised through."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = None


def problem(answer, status):
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert {"type", "title", "detail"} <= answer.json.keys()
    return answer.json


@pytest.mark.parametrize("status", HTTP_ERRORS)
def test_an_error_of_flask_is_a_page_for_people_and_a_problem_for_programs(client, status):
    page = client.get(f"/fail/{status}", status=status)
    assert f"错误代码 {status}" in page.text
    assert problem(client.open(f"/api/v1/tried/fail/{status}"), status)["title"] == page.title


def test_all_reasons_of_a_refused_step_are_told(client):
    page = client.get("/fail/refused", status=409)
    assert [item.get_text(" ", strip=True) for item in page.all(".reasons li")] == [
        "提出的期限已过。 依据：《办法》第一条",
        "材料不齐。",
    ]
    assert problem(client.open("/api/v1/tried/fail/refused"), 409)["reasons"] == [
        {
            "code": "in_time",
            "text": "提出的期限已过。",
            "basis": "《办法》第一条",
            "holds_from": None,
        },
        {"code": "complete", "text": "材料不齐。", "basis": "", "holds_from": None},
    ]


def test_a_fault_of_the_input_names_its_field(client):
    assert "请填写名称。" in client.get("/fail/invalid", status=422).text
    told = problem(client.open("/api/v1/tried/fail/invalid"), 422)
    assert told["errors"] == {"name": "请填写名称。"}


def test_problems_of_different_kinds_have_different_types(client):
    types = {
        client.open(f"/api/v1/tried/fail/{kind}").json["type"]
        for kind in ("refused", "invalid", "conflict", "404")
    }
    assert len(types) == 4


@pytest.mark.parametrize("prefix", ["", "/api/v1/tried"])
def test_a_method_that_is_not_there_tells_which_are(client, prefix):
    answer = client.open(f"{prefix}/number/1", method="DELETE")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_page_that_is_not_there(client):
    assert client.get("/nowhere", status=404).title == "没有找到"
    problem(client.open("/api/v1/nowhere"), 404)
    problem(client.open("/api/v1/tried/number/x"), 404)


@pytest.mark.usefixtures("serving")
def test_a_bug_is_told_by_a_reference_that_the_log_knows(client, capfd):
    page = client.get("/fail/bug", status=500)
    reference = page.one("main strong").get_text()
    logged = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    [entry] = [line for line in logged if line.get("error")]
    assert entry["reference"] == reference
    assert entry["error"]["type"] == "builtins.RuntimeError"
    assert entry["error"]["at"][-1].endswith(" fail")


@pytest.mark.usefixtures("serving")
def test_neither_answer_nor_log_quotes_what_the_bug_said(client, capfd):
    answer = client.open("/fail/bug")
    problem(client.open("/api/v1/tried/fail/bug"), 500)
    assert "441300199001011234" not in answer.text + capfd.readouterr().err


@pytest.mark.usefixtures("serving")
def test_a_bug_leaves_nothing_behind(client, session):
    client.open("/fail/bug")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_who_reads_while_the_database_goes_away_is_asked_to_come_back(make_app):
    app = make_app()
    app.register_blueprint(views)
    app.register_blueprint(api)
    browser = app.test_client()
    page = browser.get("/fail/gone")
    assert page.status_code == 503
    assert "系统繁忙，请稍后重试" in page.text
    problem(browser.get("/api/v1/tried/fail/gone"), 503)
    assert browser.get("/login").status_code == 200


@pytest.mark.skipif(type_of_database == "sqlite", reason="a file does not go away")
def test_who_has_read_gets_the_answer_though_the_database_went_away_since(make_app):
    app = make_app()
    app.register_blueprint(views)
    answers = [app.test_client().get("/read") for _ in range(2)]
    assert [one.text for one in answers] == ["read", "read"]


def test_what_people_send_is_not_in_the_log(client, capfd):
    client.open("/form?secret=441300199001011234", method="POST", data={"a": "李四的秘密"})
    client.open("/nowhere%0d%0ainjected")
    err = capfd.readouterr().err
    assert "441300199001011234" not in err
    assert "秘密" not in err
    assert all(json.loads(line)["at"] for line in err.splitlines())
