"""Who may take a step by the API, what is told of it, and what a refusal says."""

import pytest
from sqlalchemy import event

from app.db import db
from tests.app.api.conftest import filing


@pytest.fixture
def draft(city, program):
    """An objection that the company has filed."""
    return program("subject").post("/cases", filing(city.record()), status=201)["number"]


@pytest.fixture
def submitted(draft, program):
    """One that waits for the office."""
    program("subject").take(draft, "submit")
    return draft


def test_a_case_is_made_and_can_be_found_at_its_location(city, program):
    subject = program("subject")
    answer = subject.ask("POST", "/cases", json=filing(city.record()), status=201)
    where = answer.headers["Location"]
    assert where == f"/api/v1/cases/{answer.json['number']}"
    assert subject.get(where.removeprefix("/api/v1")) == answer.json


def test_a_case_is_told_whole(submitted, program):
    case = program("subject").get(f"/cases/{submitted}")
    assert case["number"] == submitted
    assert (case["kind"], case["state"], case["version"]) == ("objection", "submitted", 2)
    assert (case["parent"], case["children"]) == (None, [])
    assert case["statement"] == "没有该行为。"
    assert {"id", "record_id", "field", "ground", "claim", "finding", "value", "outcome"} <= (
        case["items"][0].keys()
    )
    assert {one["name"] for one in case["deadlines"]} >= {"objection.accept", "objection.total"}
    assert all({"due_on", "provisional", "overdue"} <= one.keys() for one in case["deadlines"])
    (receipt,) = case["notices"]
    assert {"id", "type", "number", "sha256", "status"} <= receipt.keys()
    assert (receipt["type"], receipt["sha256"], receipt["status"]) == ("receipt", None, "valid")
    first = case["history"][0]
    assert (first["seq"], first["step"], first["from"], first["to"]) == (1, "file", None, "draft")


def test_names_are_known_to_the_office_alone(submitted, program):
    program("clerk").take(submitted, "accept")
    seen = {
        who: [one["actor"] for one in program(who).get(f"/cases/{submitted}")["history"]]
        for who in ("clerk", "subject")
    }
    assert seen["clerk"] == ["subject甲", "subject甲", "clerk甲"]
    assert seen["subject"] == ["信用主体", "信用主体", "惠州市信用中心"]


def test_a_clerk_files_for_somebody_at_the_counter(city, program):
    body = filing(city.record(), on_behalf_of="91441300MA4W0CHM2Z")
    number = program("clerk").post("/cases", body, status=201)["number"]
    program("subject").get(f"/cases/{number}")
    program("stranger").get(f"/cases/{number}", status=404)


def test_somebody_elses_case_is_not_there(submitted, program):
    stranger = program("stranger")
    there = stranger.get(f"/cases/{submitted}", status=404)
    nowhere = stranger.get("/cases/YY-2026-999999", status=404)
    assert there.keys() == nowhere.keys()
    stranger.get(f"/cases/{submitted}/steps", status=404)
    stranger.take(submitted, "withdraw", status=404)
    program("executor").take(submitted, "accept", status=404)
    assert stranger.get("/cases")["items"] == []


def test_a_step_that_is_not_mine_is_not_allowed(city, submitted, program):
    assert "信用办经办" in program("subject").take(submitted, "accept", status=403)["detail"]
    program("subject").take(submitted, "refuse", {"nonsense": 1}, status=403)
    program("clerk").take(submitted, "served", status=403)
    assert city.state(submitted) == "submitted"


def test_a_step_that_is_none_is_not_found(submitted, program):
    clerk = program("clerk")
    for step in ("file", "dance", "open"):
        clerk.take(submitted, step, status=404)


def test_a_refusal_names_all_reasons(city, program):
    subject = program("subject")
    good = filing(city.record())
    bad = good["items"][0] | {"claim": "", "ground": ""}
    number = subject.post("/cases", good | {"items": [bad]}, status=201)["number"]
    answer = subject.take(number, "submit", status=409)
    assert [one["code"] for one in answer["reasons"]] == ["each_item_is_complete"]
    assert all(one["text"] and one["basis"] for one in answer["reasons"])
    assert answer["type"] == "urn:redress:problem:step-refused"
    assert city.state(number) == "draft"


def test_a_step_from_another_state_is_refused(submitted, program):
    answer = program("approver").take(submitted, "uphold", {"reasons": "x"}, status=409)
    assert [one["code"] for one in answer["reasons"]] == ["state"]


def test_an_input_that_is_wrong_is_named_and_changes_nothing(city, submitted, program):
    clerk = program("clerk")
    for body, path in (
        ({"gaps": []}, "gaps"),
        ({}, "gaps"),
        ({"gaps": ["缺营业执照"], "state": "closed"}, "state"),
        ({"gaps": [7]}, "gaps.0"),
        ([], ""),
    ):
        answer = clerk.take(submitted, "request_supplement", body, status=422)
        assert path in answer["errors"]
    assert "x" in clerk.take(submitted, "accept", {"x": 1}, status=422)["errors"]
    assert city.case(submitted).version == 2


def test_a_version_that_is_stale_is_refused(city, submitted, program):
    clerk = program("clerk")
    for stale in ("1", '"1"', 'W/"3"'):
        clerk.take(submitted, "accept", status=409, headers={"If-Match": stale})
    assert (
        "If-Match"
        in clerk.take(submitted, "accept", status=422, headers={"If-Match": "new"})["errors"]
    )
    assert city.case(submitted).version == 2
    seen = clerk.ask("GET", f"/cases/{submitted}").headers["ETag"]
    assert clerk.take(submitted, "accept", headers={"If-Match": seen})["version"] == 3


def test_the_steps_tell_what_may_be_done(submitted, program):
    steps = {
        who: {one["name"]: one for one in program(who).get(f"/cases/{submitted}/steps")["items"]}
        for who in ("clerk", "approver", "subject")
    }
    accept = steps["clerk"]["accept"]
    assert (accept["allowed"], accept["by"], accept["reasons"]) == (True, ["office.clerk"], [])
    assert not steps["subject"]["accept"]["allowed"]
    assert steps["subject"]["accept"]["reasons"][0]["code"] == "role"
    assert steps["subject"]["withdraw"]["allowed"]
    fields = {one["name"]: one for one in steps["approver"]["refuse"]["fields"]}
    assert fields["reason"]["required"]
    assert not fields["right_body"]["required"]
    assert fields["reason_code"]["choices"]
    (items,) = steps["clerk"]["correct_own_error"]["fields"]
    assert (items["type"], [one["name"] for one in items["fields"]]) == (
        "rows",
        ["item_id", "value", "proof"],
    )


def test_a_provider_opens_a_correction_of_its_own_record(city, program):
    record = city.record()
    body = {"kind": "correction", "record_id": record, "basis": "录入有误"}
    case = program("provider").post("/cases", body, status=201)
    assert (case["kind"], case["state"]) == ("correction", "ordered")
    assert case["details"]["record_id"] == record
    assert [one["name"] for one in case["deadlines"]] == ["correction.correct"]
    body = {"kind": "correction", "record_id": city.record(), "basis": "判决", "annulled": True}
    case = program("clerk").post("/cases", body, status=201)
    assert [one["name"] for one in case["deadlines"]] == ["correction.annulled"]


def test_nobody_else_opens_a_correction(city, program):
    body = {"kind": "correction", "record_id": city.record(), "basis": "录入有误"}
    program("subject").post("/cases", body, status=403)
    assert "record_id" in program("provider2").post("/cases", body, status=422)["errors"]
    wrong = body | {"annulled": "yes"}
    assert "annulled" in program("provider").post("/cases", wrong, status=422)["errors"]


def test_lists_go_on_where_they_stopped(city, program, monkeypatch):
    monkeypatch.setattr("app.api.cases.PAGE", 2)
    subject = program("subject")
    record = city.record()
    numbers = [subject.post("/cases", filing(record), status=201)["number"] for _ in range(5)]
    for extra, wanted in (("", numbers[::-1]), ("&inbox=1", numbers)):
        seen, cursor = [], ""
        while True:
            page = subject.get(f"/cases?kind=objection&state=draft{extra}{cursor}")
            seen += [one["number"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert seen == wanted
    assert subject.get("/cases?kind=suspension")["items"] == []


def test_a_list_asks_as_often_for_many_as_for_one(city, program):
    subject, record = program("subject"), city.record()
    counts = []
    for more in (1, 4):
        for _ in range(more):
            subject.post("/cases", filing(record), status=201)
        counts += [_queries(lambda path=path: subject.get(path)) for path in ("/cases", "/records")]
    assert counts[:2] == counts[2:]
    assert all(3 < count < 30 for count in counts), counts


def _queries(ask):
    asked = []

    def count(*_):
        asked.append(1)

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", count)
    try:
        ask()
    finally:
        event.remove(connection, "before_cursor_execute", count)
    return len(asked)
