"""A database that is put back to what it was, as often as wanted, and what it says in short."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from app.cases.models import Case
from app.db import Moment, db
from tests.conftest import VACUUM_EVERY, forget_what_is_dead

BY_CHANCE: Final = {"id", "mac", "html", "ref_id", "token", "pdf_sha256"}
"""Columns that differ though the same was done: keys, seals over moments, what names by key."""
CODE: Final = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")
"""That of a notice is chance, wherever it stands."""

PUT_BACK: Final = """
DO $$ DECLARE one text; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = '{kept}' LOOP
    EXECUTE format('DELETE FROM public.%%1$I t WHERE t::text NOT IN (SELECT k::text FROM {kept}.%%1$I k)', one);
    EXECUTE format('INSERT INTO public.%%1$I SELECT k.* FROM {kept}.%%1$I k
                    WHERE k::text NOT IN (SELECT t::text FROM public.%%1$I t)', one);
  END LOOP;
END $$
"""
KEEP: Final = """
DO $$ DECLARE one text; BEGIN
  DROP SCHEMA IF EXISTS {kept} CASCADE; CREATE SCHEMA {kept};
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE {kept}.%%1$I AS TABLE public.%%1$I', one);
  END LOOP;
END $$
"""
_done = itertools.count(1)
Back = Callable[[], None]
Said = frozenset[str]
"""The rows of all tables."""


def keep(under: str) -> Back:
    """Remember all rows of all tables; gives what puts them back. Outside of any transaction.

    `under`: a short name; what was remembered under it before is forgotten.
    """
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        return _keep_file()
    _do(KEEP, under)
    return partial(_do, PUT_BACK, under)


def _do(statement: str, under: str) -> None:
    with _without_triggers() as connection:
        connection.exec_driver_sql(statement.replace("{kept}", f"kept_{under}"))
    if next(_done) % VACUUM_EVERY == 0:
        forget_what_is_dead(db.engine)


@contextmanager
def _without_triggers() -> Iterator[sa.Connection]:
    """What is append-only is not, and no key is checked, for who puts all rows back together."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL client_min_messages = warning")
        yield connection


def _keep_file() -> Back:
    kept: Any = None

    def copy(*, back: bool) -> None:
        nonlocal kept
        with closing(db.engine.raw_connection()) as raw:
            there: Any = raw.driver_connection
            kept = kept or type(there)(":memory:", check_same_thread=False)
            there.execute("PRAGMA synchronous=OFF")
            (kept if back else there).backup(there if back else kept)
            there.execute("PRAGMA synchronous=FULL")

    copy(back=False)
    return partial(copy, back=True)


def says() -> Said:
    """What all tables say, but for what is chance: the same where the same has happened."""
    numbers = {row.id: row.number for row in db.session.execute(sa.select(Case.id, Case.number))}
    told = frozenset(
        CODE.sub(
            "",
            f"{name} {[numbers.get(value, value) if n in cases else value for n, value in enumerate(row)]}",
        )
        for name, chosen, cases in _SAYING
        for row in db.session.execute(chosen)
    )
    db.session.rollback()
    return told


def _saying() -> Iterator[tuple[str, sa.Select[Any], frozenset[int]]]:
    """For each table its columns that tell something, and which of them are keys of cases."""
    for table in db.metadata.sorted_tables:
        told = [
            column
            for column in table.columns
            if column.name not in BY_CHANCE and not isinstance(column.type, Moment)
        ]
        keys = {
            place
            for place, column in enumerate(told)
            if any(key.target_fullname == "cases.id" for key in column.foreign_keys)
        }
        yield table.name, sa.select(*told), frozenset(keys)


_SAYING: Final = tuple(_saying())
