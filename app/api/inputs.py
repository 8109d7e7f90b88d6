"""What steps take, told to programs: one schema from each input dataclass, and one field list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.cases.inputs import (
    LARGEST_INTEGER,
    LONGEST_LIST,
    FieldSpec,
    choices_of,
    fields_of,
)
from workflows import WORKFLOWS
from workflows.grammar import Shape, Step, _, entry
from workflows.inputs.correction import Opening
from workflows.inputs.objection import Filing
from workflows.inputs.repair import Filing as RepairFiling
from workflows.rules import Rules

Schema = dict[str, Any]

TYPES: Final = {"text": "string", "date": "string", "integer": "integer", "boolean": "boolean"}


@dataclass(frozen=True)
class Opened(Opening):
    """A correction without an objection, and whether the act itself was annulled."""

    annulled: bool = entry(_("原决定已被撤销、变更或者确认违法"), default=False)


FILED: Final = {"objection": Filing, "repair": RepairFiling, "correction": Opened}
"""What opens a case, by its kind."""

ALWAYS: Final = {
    "source",
    "statement",
    "items",
    "field",
    "ground",
    "claim",
    "reasons",
    "commitment",
}
"""What a page may leave open in a draft, but a program has to say."""


def schema_of(takes: type, rules: Rules) -> Schema:
    """The JSON schema of an input dataclass, from its field list."""
    return _object(fields_of(takes), rules)


def schema_of_filing(kind: str, rules: Rules) -> Schema:
    """The JSON schema of the body that opens a case of this kind."""
    schema = schema_of(FILED[kind], rules)
    _require(schema)
    schema["properties"] = {"kind": {"const": kind}, **schema["properties"]}
    schema["required"] = ["kind", *schema["required"]]
    return schema


def missing_in(kind: str, body: dict[str, Any]) -> dict[str, str]:
    """What a body that opens a case leaves out though a program has to say it, by path."""
    return dict(_missing(fields_of(FILED[kind]), body, ""))


def bodies(rules: Rules) -> dict[str, Schema]:
    """The schema of every step's input, by the name of its component."""
    return {name: {"title": step.title, **schema_of(step.takes, rules)} for name, step in _steps()}


def bodies_of_steps() -> list[str]:
    """The names of these components."""
    return [name for name, _step in _steps()]


def field_list(step: Step, rules: Rules) -> list[dict[str, Any]]:
    """The fields of a step's input for a program that asks what it may do."""
    return [_told(spec, rules) for spec in fields_of(step.takes)]


def _steps() -> Iterator[tuple[str, Step]]:
    """Every step but those that open a case, under the name of the component of its input."""
    for kind, workflow in WORKFLOWS.items():
        for step in workflow.steps:
            if step.sources:
                yield f"step.{kind}.{step.name}", step


def _told(spec: FieldSpec, rules: Rules) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": spec.name,
        "type": spec.type,
        "required": spec.required,
        "title": spec.entry.title,
    }
    choices = choices_of(spec.entry, rules)
    if choices is not None:
        told["choices"] = [{"value": value, "title": title} for value, title in choices]
    if spec.element:
        told["element"] = spec.element
    if spec.rows:
        told["fields_"] = [_told(inner, rules) for inner in spec.rows]
    return told


def _object(specs: tuple[FieldSpec, ...], rules: Rules) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [spec.name for spec in specs if spec.required],
        "properties": {spec.name: _field(spec, rules) for spec in specs},
    }


def _field(spec: FieldSpec, rules: Rules) -> Schema:
    schema = _value(spec, rules)
    schema["title"] = spec.entry.title
    if spec.entry.hint:
        schema["description"] = spec.entry.hint
    if not spec.required:
        schema["type"] = [*_listed(schema["type"]), "null"]
    return schema


def _value(spec: FieldSpec, rules: Rules) -> Schema:
    if spec.type not in {"rows", "list"}:
        return _scalar(spec, spec.type, rules)
    inner = _object(spec.rows, rules) if spec.rows else _scalar(spec, spec.element, rules)
    least = {"minItems": 1} if spec.required else {}
    return {"type": "array", "items": inner, "maxItems": LONGEST_LIST, **least}


def _scalar(spec: FieldSpec, kind: str, rules: Rules) -> Schema:
    schema: Schema = {"type": TYPES[kind]}
    if kind == "date":
        schema["format"] = "date"
    if kind == "integer":
        schema |= {"minimum": 1, "maximum": LARGEST_INTEGER}
    if kind == "text":
        schema |= _text(spec, rules)
    return schema


def _text(spec: FieldSpec, rules: Rules) -> Schema:
    schema: Schema = {"maxLength": spec.entry.maximum}
    if spec.required:
        schema["minLength"] = 1
    if spec.entry.shape in {Shape.DOCUMENT, Shape.UNIT}:
        schema["type"] = ["string", "integer"]
    choices = choices_of(spec.entry, rules)
    if choices is not None:
        # Each case keeps the rules of its day: these are those of today, so they do not bind.
        schema["examples"] = [value for value, _title in choices]
    return schema


def _listed(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else types


def _require(schema: Schema) -> None:
    for name, inner in schema["properties"].items():
        if name in ALWAYS:
            schema["required"] = list(dict.fromkeys([*schema["required"], name]))
            inner["type"] = next(one for one in _listed(inner["type"]) if one != "null")
        if "properties" in inner.get("items", {}):
            _require(inner["items"])


def _missing(specs: tuple[FieldSpec, ...], body: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(body, dict):
        return
    for spec in specs:
        given = body.get(spec.name)
        if spec.name in ALWAYS and given is None:
            yield path + spec.name, f"请填写“{spec.entry.title}”。"
        if spec.rows and isinstance(given, list):
            for index, row in enumerate(given):
                yield from _missing(spec.rows, row, f"{path}{spec.name}.{index}.")
