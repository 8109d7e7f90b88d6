"""Rows by the thousand, past the ORM: it would take longer over a row than the database.

Values come column by column. Of each column equal values are converted once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Final, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.engine import Dialect

from app.db import Model, db

Convert: TypeAlias = "Callable[[Any], Any] | None"
AS_TEXT: Final = (sa.JSON, TSVECTOR)
"""Types whose values are given as text in the form that the database keeps."""

SEPARATOR: Final = "\x1f"
"""Stands in no such text, so that nothing in it need be escaped."""


def table_of(model: type[Model]) -> sa.Table:
    """The table of a model."""
    return cast("sa.Table", model.__table__)


def next_ids(model: type[Model], count: int) -> list[int]:
    """Keys for so many new rows of a table; inside transaction(), where they are nobody else's."""
    table = table_of(model)
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        last = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
        return list(range(last + 1, last + count + 1))
    sequence = sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id"))
    numbers = sa.func.generate_series(1, count).table_valued("number")
    return list(connection.scalars(sa.select(sequence).select_from(numbers)))


def insert_all(table: sa.TableClause, columns: Mapping[str, Any]) -> None:
    """Insert rows, given as the values of each column; a text or number stands for all rows.

    A document of JSON is given as text. Raises IntegrityError as the database does.
    """
    size = max((len(values) for values in columns.values() if isinstance(values, list)), default=0)
    if size == 0:
        return
    connection = db.session.connection()
    names = tuple(
        column.name for column in table.c if column.name in columns
    )  # as the statement has them
    statement, converters = _prepared(table, names, connection.dialect)
    values = {
        name: _converted(columns[name], size, convert)
        for name, convert in zip(names, converters, strict=True)
    }
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(statement, list(zip(*values.values(), strict=True)))
    else:
        texts = [
            name for name in names if isinstance(_kind(table, name, connection.dialect), AS_TEXT)
        ]
        joined = {name: SEPARATOR.join(values[name]) for name in texts}
        connection.exec_driver_sql(statement, values | joined)


def _converted(given: Any, size: int, convert: Convert) -> list[Any]:
    if not isinstance(given, list):
        return list(repeat(given if convert is None else convert(given), size))
    if convert is None:
        return given
    known: dict[Hashable, Any] = {value: convert(value) for value in set(given)}
    return [known[value] for value in given]


@lru_cache(256)
def _prepared(
    table: sa.TableClause, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[Convert]]:
    """The statement in the words of the driver, and how values of each column are converted.

    PostgreSQL takes an array a column, several times as fast as row by row.
    """
    columns = [table.c[name] for name in names]
    kinds = [_kind(table, name, dialect) for name in names]
    as_text = [isinstance(kind, AS_TEXT) for kind in kinds]
    converters = [
        None if text else kind.bind_processor(dialect)
        for kind, text in zip(kinds, as_text, strict=True)
    ]
    if dialect.name == "sqlite":
        insert = sa.insert(table).compile(dialect=dialect, column_keys=list(names))
        return str(insert), converters
    separator = sa.func.chr(sa.literal_column(str(ord(SEPARATOR))))
    arrays = [
        sa.func.string_to_array(sa.bindparam(column.name, type_=sa.Text()), separator)
        if text
        else sa.bindparam(column.name, type_=ARRAY(column.type))
        for column, text in zip(columns, as_text, strict=True)
    ]
    given = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    chosen = sa.select(*(sa.cast(given.c[column.name], column.type) for column in columns))
    insert = sa.insert(table).from_select(names, chosen).compile(dialect=dialect)
    return str(insert), converters


def _kind(table: sa.TableClause, name: str, dialect: Dialect) -> sa.types.TypeEngine[Any]:
    return table.c[name].type.dialect_impl(dialect)
