"""The document that describes the API says what the API does."""

import re
from datetime import date

import pytest
from wtforms.fields.core import UnboundField

from app.api.inputs import field_list
from app.cases.choices import Choices
from app.cases.forms import step_form
from app.cases.inputs import fields_of
from app.web.permissions import permission_of
from workflows import WORKFLOWS
from workflows.rules import catalogue

TYPES = {"text": "string", "date": "string", "integer": "integer", "boolean": "boolean"}
STEPS = [
    pytest.param(kind, step, id=f"{kind}.{step.name}")
    for kind, workflow in WORKFLOWS.items()
    for step in workflow.steps
    if step.sources
]


@pytest.fixture
def document(nobody):
    return nobody.get("/openapi.json")


def references(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_address_of_the_api_is_described_and_no_other(app, document):
    described = {
        (re.sub(r"{[^}]*}", "{}", path), method.upper())
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    with app.app_context():
        answered = {
            (re.sub(r"<[^>]*>", "{}", rule.rule), method)
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/api/v1/") and rule.endpoint.startswith("api.")
            for method in rule.methods - {"HEAD", "OPTIONS"}
            if permission_of(rule.endpoint, method)
        }
    assert described == answered
    assert len(answered) == 17


def test_every_reference_leads_somewhere(document):
    for reference in references(document):
        node = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


def test_every_operation_tells_its_answers_and_its_problems(document):
    assert document["security"] == [{"token": []}]
    for path, item in document["paths"].items():
        placeholders = set(re.findall(r"{([^}]*)}", path))
        told = {one["name"] for one in item.get("parameters", []) if one["in"] == "path"}
        assert told == placeholders, path
        for method, operation in item.items():
            if method != "parameters":
                assert operation["summary"]
                assert {"default"} < operation["responses"].keys()
    problem = document["components"]["responses"]["PROBLEM"]["content"]
    assert list(problem) == ["application/problem+json"]


def test_the_bodies_of_all_steps_are_there(document):
    operation = document["paths"]["/api/v1/cases/{number}/steps/{step}"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    named = {one["$ref"].rpartition("/")[2] for one in schema["anyOf"]}
    assert named == {f"step.{one.id}" for one in STEPS}


@pytest.mark.parametrize(("kind", "step"), STEPS)
def test_form_schema_field_list_and_input_agree(kind, step, document):
    rules = catalogue("national").on(date(2026, 8, 3))
    schema = document["components"]["schemas"][f"step.{kind}.{step.name}"]
    agree(fields_of(step.takes), field_list(step, rules), schema)
    form = step_form(step.takes, Choices(rules))
    assert form.specs == fields_of(step.takes)
    asked = {name for name in dir(form) if isinstance(getattr(form, name), UnboundField)}
    assert asked == {"version", "once"} | schema["properties"].keys()


def agree(specs, told, schema):
    """Names, order, types and what is required are the same in all three."""
    assert schema["additionalProperties"] is False
    names = [spec.name for spec in specs]
    assert names == [one["name"] for one in told] == list(schema["properties"])
    required = [spec.name for spec in specs if spec.required]
    assert required == [one["name"] for one in told if one["required"]] == schema["required"]
    for spec, one in zip(specs, told, strict=True):
        assert (one["type"], one["title"]) == (spec.type, spec.entry.title)
        said = schema["properties"][spec.name]
        if spec.rows:
            agree(spec.rows, one["fields_"], said["items"])
        elif spec.type == "list":
            assert one["element"] == spec.element
            assert said["items"]["type"] == TYPES[spec.element]
        else:
            assert TYPES[spec.type] in said["type"]
