"""The index of names in the database's own full text search instead of a row for each pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010_names"
down_revision = "0009_unserved"

BATCH = 5_000
SUBJECTS = sa.table("subjects", sa.column("id"), sa.column("search_name"))
GRAMS = sa.table("subject_grams", sa.column("gram"), sa.column("subject_id"))
UNFIT = [
    code
    for code in range(0x3001)
    if chr(code).isspace() or (code < 0x80 and not chr(code).isalnum())
]
STAND_INS = {code: 0xE000 + place for place, code in enumerate(UNFIT)}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute(
            "CREATE VIRTUAL TABLE subject_names USING fts5("
            "grams, content='', columnsize=0, detail=none, prefix='1', tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE subject_names ("
            "rowid INTEGER CONSTRAINT pk_subject_names PRIMARY KEY"
            " CONSTRAINT fk_subject_names_rowid REFERENCES subjects ON DELETE CASCADE,"
            " grams TSVECTOR NOT NULL)"
        )
    value = ":grams" if sqlite else "CAST(:grams AS tsvector)"
    insert = sa.text(f"INSERT INTO subject_names (rowid, grams) VALUES (:id, {value})")  # noqa: S608 -- our own words
    _fill(insert, lambda key, name: [{"id": key, "grams": _grams(name)}])
    if not sqlite:
        op.execute("CREATE INDEX ix_subject_names_grams ON subject_names USING gin (grams)")
    op.drop_table("subject_grams")


def downgrade() -> None:
    op.create_table(
        "subject_grams",
        sa.Column("gram", sa.String(2), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "subject_id", name="pk_subject_grams"),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subjects.id"],
            name="fk_subject_grams_subject_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_subject_grams_subject_id", "subject_grams", ["subject_id"])
    _fill(sa.insert(GRAMS), _rows_of_before)
    op.execute("DROP TABLE subject_names")


def _fill(insert: sa.Executable, rows_of: Callable[[int, str], list[dict[str, Any]]]) -> None:
    for subjects in _subjects():
        op.get_bind().execute(insert, [row for one in subjects for row in rows_of(*one)])


def _subjects() -> Iterator[list[tuple[int, str]]]:
    """Keys and folded names of all, a batch at a time."""
    last = 0
    chosen = sa.select(SUBJECTS.c.id, SUBJECTS.c.search_name).order_by(SUBJECTS.c.id).limit(BATCH)
    while found := op.get_bind().execute(chosen.where(SUBJECTS.c.id > last)).all():
        yield [(row.id, row.search_name) for row in found]
        last = found[-1].id


def _grams(name: str) -> str:
    name = name.translate(STAND_INS)
    return " ".join(dict.fromkeys(name[place : place + 2] for place in range(len(name))))


def _rows_of_before(subject_id: int, name: str) -> list[dict[str, Any]]:
    pairs = {"".join(pair) for pair in pairwise(name)}
    return [{"gram": gram, "subject_id": subject_id} for gram in sorted({*name, *pairs})]
