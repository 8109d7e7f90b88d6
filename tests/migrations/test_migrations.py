"""The migrations lead to what the models say, and back, all at once."""

import re

import alembic.command
import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app

from app.db import Model, db
from app.factory import MIGRATIONS
from tests.conftest import type_of_database
from tests.migrations.schemas import (
    differences,
    everything_of,
    schema_of,
    table_of,
    triggers_of,
)


@pytest.fixture
def empty(make_app):
    """An application with an empty database."""
    with make_app(migrated=False).app_context():
        yield


def revisions() -> list[str]:
    """The migrations from the first to the last."""
    script = ScriptDirectory(str(MIGRATIONS))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def read(reader):
    with db.engine.connect() as connection:
        return reader(connection)


def assert_equal(found, expected, what=""):
    unequal = differences(found, expected)
    assert not unequal, "\n".join([what, *unequal])


def test_there_is_one_line_of_them():
    script = ScriptDirectory(str(MIGRATIONS))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert not any(revision.is_merge_point for revision in script.walk_revisions())


def test_they_are_numbered_without_gaps_and_called_by_their_files():
    for number, name in enumerate(revisions(), start=1):
        assert re.fullmatch(rf"{number:04}_[a-z_]+", name)
        assert (MIGRATIONS / "versions" / f"{name}.py").is_file()
    assert len(revisions()) == len(list((MIGRATIONS / "versions").glob("*.py")))


def test_they_import_nothing_of_the_program():
    """A migration says what was meant when it was written, not what is meant now."""
    for path in (MIGRATIONS / "versions").glob("*.py"):
        found = re.findall(
            r"^\s*(?:from|import) (?:app|workflows|config)\b", path.read_text(), re.MULTILINE
        )
        assert not found, path.name


def test_they_lead_to_the_tables_of_the_models(empty, make_app):
    flask_migrate.upgrade()
    migrated = read(schema_of)
    with make_app(migrated=False).app_context():
        Model.metadata.create_all(db.engine)
        meant = read(schema_of)
    assert_equal(migrated, meant)


def test_the_comparison_sees_each_kind_of_difference(empty):
    """A control: two tables that differ in everything but their columns' names."""
    one, other = sa.MetaData(), sa.MetaData()
    sa.Table("a", one, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("t", one, sa.Column("x", sa.Integer), sa.Column("y", sa.Integer))
    one.create_all(db.engine)
    before = read(lambda connection: table_of(sa.inspect(connection), "t"))
    one.tables["t"].drop(db.engine)
    sa.Table("a", other, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "t",
        other,
        sa.Column("x", sa.String(3), primary_key=True, server_default="a"),
        sa.Column("y", sa.Integer, sa.ForeignKey("a.id", name="fk"), index=True),
        sa.UniqueConstraint("x", "y", name="uq"),
        sa.CheckConstraint("y > 0", name="ck"),
    )
    other.create_all(db.engine)
    after = read(lambda connection: table_of(sa.inspect(connection), "t"))
    assert all(before[part] != after[part] for part in before)
    assert len(differences({"t": before}, {"t": after})) >= len(before)
    assert not differences({"t": after}, {"t": after})


def test_up_down_and_up_again_gives_the_same(empty):
    flask_migrate.upgrade()
    first = read(everything_of)
    assert first[0]
    flask_migrate.downgrade(revision="base")
    assert read(everything_of) == [{}, {}, {}]
    flask_migrate.upgrade()
    assert_equal(read(everything_of), first)


def test_each_step_down_undoes_its_step_up(empty):
    before = read(everything_of)
    for name in revisions():
        flask_migrate.upgrade(revision=name)
        after = read(everything_of)
        flask_migrate.downgrade(revision="-1")
        assert_equal(read(everything_of), before, name)
        flask_migrate.upgrade(revision=name)
        before = after


def test_no_migration_loses_a_trigger(empty):
    """Rebuilding a table on SQLite silently drops its triggers."""
    kept: set[tuple[str, str]] = set()
    for name in revisions():
        flask_migrate.upgrade(revision=name)
        tables = read(schema_of)
        kept = {key for key in kept if key[0] in tables}
        found = set(read(triggers_of))
        assert kept <= found, name
        kept = found


@pytest.fixture
def with_a_last_migration(empty, tmp_path):
    """Adds a migration after the last one, for this test alone."""

    def add(body: str) -> None:
        config = current_app.extensions["migrate"].migrate.get_config()
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}:{tmp_path}")
        (tmp_path / "last.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision, down_revision = 'last', {revisions()[-1]!r}\n"
            "def upgrade():\n" + body
        )
        alembic.command.upgrade(config, "last")

    return add


def test_an_upgrade_that_fails_changes_nothing(with_a_last_migration):
    body = "    op.create_table('half', sa.Column('x', sa.Integer))\n    raise ArithmeticError\n"
    with pytest.raises(ArithmeticError):
        with_a_last_migration(body)
    assert read(everything_of) == [{}, {}, {}]


def test_an_upgrade_that_leaves_rows_pointing_nowhere_changes_nothing(with_a_last_migration):
    body = (
        "    op.execute('CREATE TABLE parent (id INTEGER PRIMARY KEY)')\n"
        "    op.execute('CREATE TABLE child (id INTEGER REFERENCES parent (id))')\n"
        "    op.execute('INSERT INTO child VALUES (7)')\n"
    )
    with pytest.raises(sa.exc.IntegrityError):
        with_a_last_migration(body)
    assert read(everything_of) == [{}, {}, {}]


@pytest.mark.skipif(type_of_database != "sqlite", reason="only SQLite has to switch them off")
def test_foreign_keys_hold_again_after_an_upgrade(empty):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
