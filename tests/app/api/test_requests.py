"""What a program sends is read in one way or refused, with the field named, and changes nothing."""

import json

import pytest
import sqlalchemy as sa

from app.cases.models import Attachment, Case, IdempotencyKey, StepTaken
from app.db import db
from tests.app.api.conftest import filing

JSON = {"content_type": "application/json"}


def counted():
    tables = (Case, StepTaken, Attachment, IdempotencyKey)
    return [db.session.scalar(sa.select(sa.func.count()).select_from(one)) for one in tables]


@pytest.fixture
def refused(city, program):
    """Sends a body that must be refused, to file a case; gives the answer."""
    record = city.record()
    clerk = program("subject")
    before = counted()

    def send(status, *, body=None, **options):
        if body is not None:
            options["json"] = body(record)
        answer = clerk.ask("POST", "/cases", status=status, **options).json
        assert counted() == before
        return answer

    return send


def nested(depth):
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind=objection",
        "{'kind': 'objection'}",
        '{"kind": "objection",}',
        '{"kind": NaN}',
        '{"kind": "objection"} {}',
        '{"kind": ' + "9" * 5000 + "}",
        nested(100_000),
    ],
)
def test_what_is_not_json_is_a_bad_request(refused, text):
    refused(400, data=text, **JSON)


def test_bytes_that_are_no_text_are_a_bad_request(refused):
    refused(400, data=b'{"kind": "\xff"}', **JSON)


def test_half_a_character_is_named(refused):
    answer = refused(400, data='{"kind": "objection", "statement": "\\ud800"}', **JSON)
    assert list(answer["errors"]) == ["statement"]


def test_another_content_type_is_not_supported(refused):
    refused(415, data=json.dumps(filing(1)), content_type="text/plain")
    refused(415, data={"kind": "objection"})


def test_too_large_a_body_is_refused(refused):
    refused(413, data=json.dumps(filing(1, statement="长" * 100_000)), **JSON)


def test_a_field_named_twice_is_named(refused):
    answer = refused(400, data='{"kind": "objection", "source": "subject", "source": "x"}', **JSON)
    assert list(answer["errors"]) == ["source"]


def test_what_is_nested_too_deep_is_refused(refused):
    answer = refused(400, data='{"items": ' + nested(30) + "}", **JSON)
    assert "嵌套" in answer["detail"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"state": "closed"}, "state"),
        ({"version": 7}, "version"),
        ({"kind": None}, "kind"),
        ({"kind": "suspension"}, "kind"),
        ({"kind": ["objection"]}, "kind"),
        ({"source": None}, "source"),
        ({"source": "rumour"}, "source"),
        ({"source": ["subject"]}, "source"),
        ({"statement": None}, "statement"),
        ({"statement": {"text": "x"}}, "statement"),
        ({"statement": "长" * 20_001}, "statement"),
        ({"statement": "\u0000"}, "statement"),
        ({"items": None}, "items"),
        ({"items": {"record_id": 1}}, "items"),
        ({"items": ["x"]}, "items.0"),
        ({"on_behalf_of": "nobody"}, "on_behalf_of"),
    ],
)
def test_a_field_that_is_wrong_is_named(refused, change, path):
    answer = refused(422, body=lambda record: filing(record) | change)
    assert path in answer["errors"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"record_id": None}, "items.0.record_id"),
        ({"record_id": "1"}, "items.0.record_id"),
        ({"record_id": True}, "items.0.record_id"),
        ({"record_id": 2**80}, "items.0.record_id"),
        ({"record_id": 999_999}, "items.0.record_id"),
        ({"field": "colour"}, "items.0.field"),
        ({"ground": "O99"}, "items.0.ground"),
        ({"claim": None}, "items.0.claim"),
        ({"claim": 7.5}, "items.0.claim"),
        ({"outcome": "upheld"}, "items.0.outcome"),
    ],
)
def test_a_field_of_an_item_that_is_wrong_is_named(refused, change, path):
    def body(record):
        good = filing(record)
        return good | {"items": [good["items"][0] | change]}

    assert path in refused(422, body=body)["errors"]


def test_a_list_is_no_filing(refused):
    assert refused(422, body=lambda _: [1])["errors"] == {"": "应为由字段组成的对象。"}


def test_a_parameter_is_known_and_comes_once(program):
    clerk = program("clerk")
    for path in ("/cases", "/records", "/messages"):
        assert "colour" in clerk.get(f"{path}?colour=red", status=422)["errors"]
        assert "cursor" in clerk.get(f"{path}?cursor=a&cursor=b", status=400)["errors"]
    assert "kind" in clerk.get("/cases?kind=divorce", status=422)["errors"]
    assert "state" in clerk.get("/cases?state=happy", status=422)["errors"]
    assert "inbox" in clerk.get("/cases?inbox=yes", status=422)["errors"]
    assert "open" in clerk.get("/messages?open=yes", status=422)["errors"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "!", "", "W10", "WzFd.", "W10" * 99, "WyJ4IiwxXQ", "W1tdXQ", "WzEuNV0", "WzFlOTld"],
)
def test_a_cursor_that_we_did_not_write_is_refused(program, cursor):
    clerk = program("clerk")
    for path in ("/cases?", "/cases?inbox=1&", "/records?", "/messages?"):
        assert "cursor" in clerk.get(f"{path}cursor={cursor}", status=422)["errors"], path


def test_addresses_that_are_no_addresses_are_not_found(program):
    clerk = program("clerk")
    for path in ("/records/99999999999999999999", "/notices/0", "/attachments/x", "/cases/%FF"):
        clerk.get(path, status=404)
    clerk.ask("DELETE", "/cases", status=405)
    clerk.get("/cases/%00", status=400)
