"""Runs the migrations: all of them in one transaction, so that an upgrade happens or does not.

Rules for `versions/`:

- a file is called by its number and what it is about, `0002_records.py`, and its `revision` is
  that name, `"0002_records"`; there is one line of them, without branches;
- it is written by hand, additive first, and imports nothing of `app`: what an enum means today is
  copied, because tomorrow it means something else;
- every constraint has the name that the naming convention of `app.db.Model` gives it; the name of
  a CHECK stands in `op.f(…)`, or the convention is applied to it a second time;
- a moment is `sa.DateTime(timezone=True)`, an enum `sa.String(40)` with a CHECK named
  `ck_<table>_<name>`;
- `downgrade()` undoes it;
- a batch migration drops the triggers of its table on SQLite: make them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from app.db import Model

UPGRADE_LOCK = 7_261_001
"""Any number, as long as it stays: two servers that start at once upgrade one after the other."""


def run_migrations() -> None:
    """Migrate the database of the running application."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        connection.execution_options(write=True)
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # It has no effect inside a transaction; SQLite advises it for rebuilding tables.
            _pragma(connection, "foreign_keys=OFF")
        try:
            _migrate(connection, sqlite=sqlite)
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys=ON")


def _migrate(connection: Connection, *, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            message = f"rows that point nowhere: {broken[:10]}"
            raise sa.exc.IntegrityError(message, None, Exception(message))


def _pragma(connection: Connection, text: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {text}")
    cursor.close()


run_migrations()
