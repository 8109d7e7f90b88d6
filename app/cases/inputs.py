"""From what came in to the dataclass that a step takes; the field list is derived here, too."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import NoneType
from typing import Any, Final, TypeAlias, cast, get_args, get_origin, get_type_hints

from app.errors import Invalid
from app.records.fields import FIELDS
from workflows.grammar import Entry, From, Shape, entries
from workflows.rules import Rules

WHOLE_RECORD: Final = ("record", "整条记录")
LONGEST_LIST: Final = 500
LARGEST_INTEGER: Final = 2**31 - 1

Path: TypeAlias = tuple[str | int, ...]


@dataclasses.dataclass(frozen=True)
class FieldSpec:
    """A field of an input: `type` is text, date, integer, boolean, list or rows.

    `rows`: the fields of one row; `element`: the type of an element of a list.
    """

    name: str
    type: str
    required: bool
    entry: Entry
    element: str = ""
    rows: tuple[FieldSpec, ...] = ()


def fields_of(takes: type) -> tuple[FieldSpec, ...]:
    """The fields of an input dataclass, in order: what form, API schema and checks go by."""
    hints = get_type_hints(takes)
    return tuple(_spec(field, said, hints[field.name]) for field, said in entries(takes))


def parse(takes: type, raw: object, rules: Rules) -> Any:
    """The input as its dataclass, from JSON or a form that was put into the same shape.

    Raises Invalid with one sentence for each field at fault, under its path ("items.0.claim").
    """
    faults: dict[str, str] = {}
    parsed = _object(takes, raw, rules, (), faults)
    if faults:
        raise Invalid(faults)
    return parsed


def choices_of(said: Entry, rules: Rules) -> list[tuple[str, str]] | None:
    """What may be chosen, where that does not depend on the case; None where anything may."""
    match said.choices:
        case str(name):
            return [(option.code, option.title) for option in rules.options(name)]
        case From.RECORD_FIELDS:
            return [WHOLE_RECORD, *FIELDS.items()]
        case tuple(pairs):
            return list(pairs)
        case _:
            return None


def _spec(field: dataclasses.Field[Any], said: Entry, hint: Any) -> FieldSpec:
    required = field.default is dataclasses.MISSING
    inner = [arg for arg in get_args(hint) if arg not in {NoneType, Ellipsis}]
    if get_origin(hint) is tuple:
        if dataclasses.is_dataclass(inner[0]):
            return FieldSpec(
                field.name, "rows", required, said, rows=fields_of(cast("type", inner[0]))
            )
        return FieldSpec(field.name, "list", required, said, element=_scalar(inner[0]))
    return FieldSpec(field.name, _scalar(inner[0] if inner else hint), required, said)


def _scalar(hint: Any) -> str:
    return {str: "text", date: "date", int: "integer", bool: "boolean"}[hint]


def _object(takes: Any, raw: object, rules: Rules, path: Path, faults: dict[str, str]) -> Any:
    if not isinstance(raw, Mapping):
        faults[_said(path)] = "应为由字段组成的对象。"
        return None
    specs = fields_of(takes)
    for name in sorted(set(raw) - {spec.name for spec in specs}):
        faults[_said((*path, name))] = "没有这个字段。"
    values: dict[str, Any] = {}
    for spec in specs:
        here = (*path, spec.name)
        given = raw.get(spec.name)
        if given is None or (given in ("", []) and spec.required):
            if spec.required:
                faults[_said(here)] = f"请填写“{spec.entry.title}”。"
            continue
        values[spec.name] = _value(takes, spec, given, rules, here, faults)
    return takes(**values) if not faults else None


def _value(
    takes: Any, spec: FieldSpec, given: object, rules: Rules, path: Path, faults: dict[str, str]
) -> Any:
    if spec.type not in {"rows", "list"}:
        return _one(spec, spec.type, given, rules, path, faults)
    if not isinstance(given, Sequence) or isinstance(given, str):
        faults[_said(path)] = f"“{spec.entry.title}”应为列表。"
        return ()
    if len(given) > LONGEST_LIST:
        faults[_said(path)] = f"“{spec.entry.title}”不能超过{LONGEST_LIST}项。"
        return ()
    return tuple(_elements(takes, spec, given, rules, path, faults))


def _elements(
    takes: Any,
    spec: FieldSpec,
    given: Sequence[object],
    rules: Rules,
    path: Path,
    faults: dict[str, str],
) -> Iterator[Any]:
    row = next(iter(get_args(get_type_hints(takes)[spec.name])))
    for index, one in enumerate(given):
        here = (*path, index)
        if spec.type == "rows":
            yield _object(row, one, rules, here, faults)
        else:
            yield _one(spec, spec.element, one, rules, here, faults)


def _one(
    spec: FieldSpec, kind: str, given: object, rules: Rules, path: Path, faults: dict[str, str]
) -> Any:
    """A scalar of the type named, or a fault under its path."""
    title = spec.entry.title
    if kind == "boolean":
        return _boolean(given, title, path, faults)
    if kind == "integer":
        return _integer(given, title, path, faults)
    if kind == "date":
        return _date(given, title, path, faults)
    return _text(spec, given, rules, path, faults)


def _boolean(given: object, title: str, path: Path, faults: dict[str, str]) -> bool:
    if not isinstance(given, bool):
        faults[_said(path)] = f"“{title}”应为是或否。"
        return False
    return given


def _integer(given: object, title: str, path: Path, faults: dict[str, str]) -> int:
    whole = isinstance(given, int) and not isinstance(given, bool)
    if not whole or not 0 < int(str(given)) <= LARGEST_INTEGER:
        faults[_said(path)] = f"“{title}”应为编号（正整数）。"
        return 0
    return int(str(given))


def _date(given: object, title: str, path: Path, faults: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        faults[_said(path)] = f"“{title}”应为日期，写成2026-03-01的形式。"
    return day


def _text(spec: FieldSpec, given: object, rules: Rules, path: Path, faults: dict[str, str]) -> str:
    said = spec.entry
    if isinstance(given, int) and not isinstance(given, bool):
        # A document may be named by the number of its attachment, a unit by its own.
        given = str(given) if said.shape in {Shape.DOCUMENT, Shape.UNIT} else given
    if not isinstance(given, str):
        faults[_said(path)] = f"“{said.title}”应为文字。"
        return ""
    text = given.strip()
    if fault := _fault_of_text(spec, text, rules, blank=bool(given) and not text):
        faults[_said(path)] = fault
    return text


def _fault_of_text(spec: FieldSpec, text: str, rules: Rules, *, blank: bool) -> str:
    title = spec.entry.title
    if spec.required and not text:
        return f"请填写“{title}”。"
    if blank and spec.entry.shape is Shape.TEXT:
        return f"“{title}”不能只有空格，请写明内容，或者留空。"
    if len(text) > spec.entry.maximum:
        return f"“{title}”不能超过{spec.entry.maximum}个字。"
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in text):
        return f"“{title}”含有不能显示的控制字符。"
    allowed = choices_of(spec.entry, rules)
    if text and allowed is not None and text not in dict(allowed):
        return f"“{title}”只能是：{'、'.join(code for code, _ in allowed[:30])}。"
    return ""


def _said(path: Path) -> str:
    return ".".join(str(part) for part in path)
