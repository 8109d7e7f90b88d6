"""The index of names is made anew from the names that are there, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.people.names import folded
from app.people.queries import find_subjects

NAMES = ("惠州市䶮𠅤建筑（集团）有限公司", "Acme & Co. 电子", "甲")


@pytest.fixture
def before(make_app: Callable[..., Flask]) -> Iterator[None]:
    """A database that was never migrated this far, with subjects."""
    with make_app(migrated=False).app_context():
        flask_migrate.upgrade(revision="0009_unserved")
        columns = ("id", "kind", "name", "code", "search_name")
        subjects = sa.table("subjects", *map(sa.column, columns))
        rows = [
            dict(
                zip(columns, (7 * key, "organisation", name, f"C{key}", folded(name)), strict=True)
            )
            for key, name in enumerate(NAMES, 1)
        ]
        with db.engine.connect() as connection:
            connection.execution_options(write=True)
            connection.execute(sa.insert(subjects), rows)
            connection.commit()
        yield


def grams() -> list[tuple[str, int]]:
    """What the index held before, in order."""
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT gram, subject_id FROM subject_grams")
        return sorted((gram, key) for gram, key in rows)


@pytest.mark.parametrize("text", ["䶮𠅤", "建筑(集团)有限公司", "& co. 电", "甲", "司"])
def test_subjects_that_were_there_are_found_after_the_upgrade(before: None, text: str) -> None:
    flask_migrate.upgrade()
    expected = [name for name in NAMES if folded(text) in folded(name)]
    assert [subject.name for subject in find_subjects(text)] == expected


def test_the_way_back_restores_what_was_indexed_before(before: None) -> None:
    flask_migrate.upgrade(revision="0010_names")
    flask_migrate.downgrade(revision="0009_unserved")
    found = grams()
    assert {gram for gram, key in found if key == 21} == {"甲"}
    assert {gram for gram, key in found if key == 7} >= {"惠", "惠州", "䶮𠅤", "(集"}
    assert len(found) == len(set(found))
