"""Reads a schema as it really is, with its checks and triggers, so that two can be compared."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Inspector

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgrelid::regclass::text, tgname,
               pg_get_triggerdef(pg_trigger.oid) || pg_get_functiondef(tgfoid)
          FROM pg_trigger WHERE NOT tgisinternal
    """,
}
FUNCTIONS = """
    SELECT proname, pg_get_functiondef(oid) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace
"""


def schema_of(connection: Connection) -> dict[str, Any]:
    """Each table by name, as plain values: equal schemas give equal dictionaries."""
    inspector = sa.inspect(connection)
    return {
        name: table_of(inspector, name)
        for name in sorted(inspector.get_table_names())
        if name != "alembic_version"
    }


def table_of(inspector: Inspector, name: str) -> dict[str, Any]:
    """One table: columns in their order, constraints and indexes by name."""
    return {
        "columns": [
            (c["name"], repr(c["type"]), c["nullable"], _text(c["default"]))
            for c in inspector.get_columns(name)
        ],
        "primary key": inspector.get_pk_constraint(name),
        "foreign keys": _by_name(inspector.get_foreign_keys(name)),
        "unique": _by_name(inspector.get_unique_constraints(name)),
        "indexes": _by_name(inspector.get_indexes(name)),
        "checks": {c["name"]: _text(c["sqltext"]) for c in inspector.get_check_constraints(name)},
    }


def triggers_of(connection: Connection) -> dict[tuple[str, str], str]:
    """Each trigger by table and name, with what it does."""
    found = connection.execute(sa.text(TRIGGERS[connection.dialect.name]))
    return {(table, name): _text(definition) for table, name, definition in found}


def functions_of(connection: Connection) -> dict[str, str]:
    """Each function by name; SQLite has none."""
    if connection.dialect.name == "sqlite":
        return {}
    return {name: _text(text) for name, text in connection.execute(sa.text(FUNCTIONS))}


def everything_of(connection: Connection) -> list[Any]:
    """The whole schema, for comparing it before and after."""
    return [schema_of(connection), triggers_of(connection), functions_of(connection)]


def _text(value: Any) -> str:
    return re.sub(r"\s+", " ", str(value)).strip()


def _by_name(found: list[Any]) -> dict[str, Any]:
    return {str(one["name"]): _plain(one) for one in found}


def _plain(value: Any) -> Any:
    """Values that compare: the condition of a partial index is an object each time anew."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return _text(value) if isinstance(value, sa.TextClause) else value


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two schemas differ, each place with both values."""
    if one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other}, key=str)
        pairs = [(f"{path} {name}", one.get(name), other.get(name)) for name in names]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(path, *pair) for pair in zip(one, other, strict=True)]
    else:
        return [f"{path}: {one!r} ≠ {other!r}"]
    return [text for name, a, b in pairs for text in differences(a, b, name)]
