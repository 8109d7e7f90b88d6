"""How the API describes what its code does not say by itself: parameters and bodies."""

from __future__ import annotations

from typing import Any, Final

from app.cases import attaching, files
from app.exchange import keeping

Described = dict[str, Any]


def parameter(name: str, description: str, *, where: str = "query", **schema: Any) -> Described:
    """A parameter that may be left out."""
    return {
        "name": name,
        "in": where,
        "description": description,
        "schema": {"type": "string", **schema},
    }


CURSOR: Final = parameter("cursor", "`next` of the page before")
IDEMPOTENCY_KEY: Final = parameter(
    "Idempotency-Key",
    "a repeat under the same key does nothing again and gives the same answer",
    where="header",
    maxLength=200,
)
IF_MATCH: Final = parameter(
    "If-Match", "the version of the case that was seen; 409 when it has moved on", where="header"
)
OPEN: Final = parameter("open", "1: only what still waits for a receipt", enum=["0", "1"])
INBOX: Final = parameter("inbox", "1: what waits for me or my unit", enum=["0", "1"])

PROVES: Final = (
    "what the file proves: the id of an item of an objection; of a repair the code of a duty as"
    " its `details` list them, `duties` for all of them at once, or another condition;"
    " `withdrawal` for the signed wish of the person for whom a clerk withdraws"
)
UPLOAD: Final[Described] = {
    "type": "object",
    "required": ["file", "title"],
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": f"PDF, JPEG or PNG, at most {files.LARGEST} bytes",
        },
        "title": {"type": "string", "minLength": 1, "maxLength": attaching.LONGEST_TITLE},
        "proves": {
            "type": "string",
            "maxLength": attaching.LONGEST_PROVES,
            "description": PROVES,
        },
    },
}
HANDED_IN: Final[Described] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": f"CSV, XLSX or XML, at most {keeping.LARGEST} bytes",
        },
        "dry_run": {
            "type": "string",
            "enum": ["0", "1"],
            "description": "1: only say what would become of each line",
        },
    },
}


def body(schema: Described, content_type: str = "application/json") -> Described:
    """A body that must be there."""
    return {"required": True, "content": {content_type: {"schema": schema}}}


def any_of(names: list[str]) -> Described:
    """One of these components."""
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}


def file_of(*content_types: str) -> Described:
    """An answer that is a file."""
    content = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "OK", "content": dict.fromkeys(content_types, content)}
