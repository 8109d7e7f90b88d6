"""The index of names: by every two neighbouring characters, parts of names are found.

SQLite keeps it in FTS5, PostgreSQL in a GIN index: a row for each subject, whose key is its
`rowid`. What the index finds is compared with the name itself afterwards.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.engine import Connection

INDEX: Final = sa.table(
    "subject_names",
    sa.column("rowid", sa.Integer()),
    sa.column("grams", sa.Text().with_variant(TSVECTOR(), "postgresql")),
)
DEFINITIONS: Final = {
    # Neither places nor lengths: only a ranking would need them.
    "sqlite": """
        CREATE VIRTUAL TABLE subject_names USING fts5(
            grams, content='', columnsize=0, detail=none, prefix='1', tokenize='ascii'
        )
    """,
    "postgresql": """
        CREATE TABLE subject_names (
            rowid INTEGER CONSTRAINT pk_subject_names PRIMARY KEY
                CONSTRAINT fk_subject_names_rowid REFERENCES subjects ON DELETE CASCADE,
            grams TSVECTOR NOT NULL
        );
        CREATE INDEX ix_subject_names_grams ON subject_names USING gin (grams)
    """,
}
MOST_GRAMS: Final = 4
"""Of those of a text that is looked for: more narrow it down no further, but all are read."""

_UNFIT: Final = [
    code
    for code in range(0x3001)
    if chr(code).isspace() or (code < 0x80 and not chr(code).isalnum())
]
_STAND_INS: Final = {code: 0xE000 + place for place, code in enumerate(_UNFIT)}
"""Blanks and punctuation would end a gram, or mean something in a query."""


def folded(text: str) -> str:
    """A name as searched: width, case and outer blanks do not matter, （ equals (."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def grams(name: str) -> list[str]:
    """Each character of a folded name with the one behind it, in order; the last one alone.

    A character outside the BMP is one.
    """
    if not name.isalnum():
        name = name.translate(_STAND_INS)
    return [name[place : place + 2] for place in range(len(name))]


def indexed(name: str) -> str:
    """What the index keeps of a folded name."""
    return " ".join(grams(name))


def add(connection: Connection, subject_id: int, name: str) -> None:
    """A subject is found by this folded name from now on."""
    connection.execute(sa.insert(INDEX), [{"rowid": subject_id, "grams": indexed(name)}])


def remove(connection: Connection, subject_id: int, name: str) -> None:
    """A subject is not found by this folded name any more."""
    if connection.dialect.name == "sqlite":
        # FTS5 keeps no text, so it must be told which one to forget.
        forget = sa.text(
            "INSERT INTO subject_names (subject_names, rowid, grams) VALUES ('delete', :id, :grams)"
        )
        connection.execute(forget, {"id": subject_id, "grams": indexed(name)})
    else:
        connection.execute(sa.delete(INDEX).where(INDEX.c.rowid == subject_id))


def has(text: str, dialect: str) -> sa.ColumnElement[bool]:
    """Whether a name has what tells a folded text; more than those with the text itself have it."""
    wanted = grams(text)[:-1] or grams(text)
    telling = wanted[:: max(1, len(wanted) // MOST_GRAMS)][:MOST_GRAMS]
    if dialect == "sqlite":
        query = sa.literal(" ".join(f'"{gram}"' for gram in telling) + "*" * (len(text) == 1))
        return sa.literal_column(INDEX.name).op("MATCH", is_comparison=True)(query)
    query = sa.literal(" & ".join(f"'{gram}'" for gram in telling) + ":*" * (len(text) == 1))
    return INDEX.c.grams.op("@@", is_comparison=True)(sa.cast(query, TSQUERY))
