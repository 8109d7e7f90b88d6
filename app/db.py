"""The database: how it is opened safely, and `transaction()`, the only commit in the program."""

from __future__ import annotations

import enum
import importlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.errors import Busy
from config import Config

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]

# SQLite 3.7.0 to 3.51.2 can lose a commit or damage a file in WAL mode.
FIRST_SAFE_WAL: Final = (3, 51, 3)
SQLITE_PRAGMAS: Final = {
    "busy_timeout": 5000,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
    "cell_size_check": 1,
}
SQLITE_NORMAL: Final = 1
SQLITE_FULL: Final = 2
SQLITE_EXTRA: Final = 3
SQLITE_BUSY: Final = 5
SQLITE_LOCKED: Final = 6
LONGEST_QUEUE: Final = 30
"""Seconds for which a thread waits for its turn to write on SQLite, or for a connection."""
CONNECTIONS: Final = 15
"""Of one process, kept open: to open one takes as long as a step. Further threads wait for one."""
POSTGRESQL_TIMEOUTS: Final = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
POSTGRESQL_MUST_NOT_BE_OFF: Final = ("fsync", "full_page_writes", "synchronous_commit")
POSTGRESQL_BUSY: Final = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
)


class UnsafeDatabase(Exception):  # noqa: N818 -- reads as what was found
    """The database would lose or damage data that it has acknowledged."""


class Moment(sa.TypeDecorator[datetime]):
    """A moment: aware and in UTC on both sides, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what has no time zone; SQLite has none to store, so it gets UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment needs its time zone: {value.isoformat()}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Model(DeclarativeBase):
    """The base of all tables."""

    metadata = sa.MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        },
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy declares it without ClassVar
        datetime: Moment(),
        enum.Enum: sa.Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


db = SQLAlchemy(metadata=Model.metadata)
_writing = threading.Lock()


@event.listens_for(db.session, "loaded_as_persistent")
@event.listens_for(db.session, "pending_to_persistent")
def _keep_in_reach(session: Session, row: object) -> None:
    """What a transaction has read or added it need not read by key: the session alone forgets it."""
    if (rows := session.info.get("rows")) is not None:
        rows.append(row)


def init_app(app: Flask, config: Config) -> None:
    """Open the database of the application; raises UnsafeDatabase where it would lose data."""
    url = make_url(config.database_url)
    if url.database and url.drivername == "sqlite":
        file = Path(url.database)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    app.teardown_appcontext(_let_go)
    with app.app_context():
        event.listen(db.engine, "connect", _on_connect(url.get_backend_name()))
        event.listen(db.engine, "begin", _begin)
        db.engine.connect().close()
        # A server may load the program and then fork: no two processes share a connection.
        db.engine.dispose()


def _let_go(_: BaseException | None) -> None:
    """Whoever has its answer keeps it, even where the database went away since."""
    try:
        db.session.remove()
    except DBAPIError as error:
        if not is_busy(error):
            raise
        log.warning("a connection was lost: %s", type(error.orig).__name__)
        db.session.remove()


@contextmanager
def transaction() -> Iterator[Session]:
    """All of it or nothing: commits at the end, rolls back on any exception.

    On SQLite the whole transaction holds the write lock, so what it reads stays true; on
    PostgreSQL lock the rows, with `key_share`, so that rows that point at them may be added. Raises
    Busy when the database could not do it now, RuntimeError inside another transaction or after
    changes made outside of one.
    """
    session = db.session()
    if "after_commit" in session.info:
        message = "transaction() inside transaction(): the outer one alone commits"
        raise RuntimeError(message)
    if session.new or session.dirty or session.deleted:
        message = "something was changed before transaction() began, and would be lost"
        raise RuntimeError(message)
    # Signing in has read already: its transaction must end before one that writes begins.
    session.rollback()
    callbacks: list[Callable[[], object]] = []
    with _turn(session):
        session.info["after_commit"] = callbacks
        session.info["rows"], session.info["answers"] = [], {}
        try:
            session.connection(execution_options={"write": True})
            yield session
            session.commit()
        except (DBAPIError, PoolTimeoutError) as error:
            session.rollback()
            if is_busy(error):
                raise Busy from error
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            for name in ("after_commit", "rows", "answers"):
                del session.info[name]
    for callback in callbacks:
        _run(callback)


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """One writer of this process after the other, where SQLite lets only one write.

    SQLite has no queue: who waits looks again from time to time, and among many somebody always
    comes too late. Here they queue, without a connection. Raises Busy.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    if not _writing.acquire(timeout=LONGEST_QUEUE):
        raise Busy
    try:
        yield
    finally:
        _writing.release()


@contextmanager
def not_waiting_for_the_disk() -> Iterator[None]:
    """Meanwhile a commit may be lost with the power, though nothing that is there is damaged.

    Only for what is begun again from empty tables when it was interrupted. The first commit
    afterwards is safe, and so is all before it. Outside of any transaction, in a process that
    does nothing else; an old SQLite that has no write-ahead log waits as ever.
    """
    db.session.remove()
    if db.engine.url.get_backend_name() == "postgresql":
        at_once = db.engine.execution_options(isolation_level="AUTOCOMMIT")
        with at_once.connect() as session:  # what is set in a transaction would fall with it
            session.exec_driver_sql("SET synchronous_commit = off")
    else:
        with closing(db.engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
            if cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                cursor.execute(f"PRAGMA synchronous={SQLITE_NORMAL}")
    try:
        yield
    finally:
        db.session.remove()
        db.engine.dispose()  # whoever connects from now on waits again


def ask(
    statement: sa.Executable, given: Mapping[str, Any] | None = None
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Rows of plain columns, past the session, whose loading takes twice as long as asking.

    What was changed so far is written first, as before each query of the session.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, given)


def add_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that nobody needs as objects, in one statement; each names the same columns."""
    if rows:
        session = db.session()
        session.flush()
        session.connection().execute(_insert(model), rows)


_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_unless_there(model: type[Model], row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its keys is there; two that come at once bring the same row."""
    insert = _INSERT[db.session.get_bind().dialect.name](model)
    added = insert.values(row).on_conflict_do_nothing().returning(sa.literal(1))
    return db.session.connection().execute(added).first() is not None


@cache
def _insert(model: type[Model]) -> sa.Insert:
    return sa.insert(model.metadata.tables[model.__tablename__])


def once_a_transaction(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """Asks the database once in each transaction; outside of any it asks every time."""

    @wraps(ask)
    def answer() -> Answer:
        answers = db.session().info.get("answers")
        if answers is None:
            return ask()
        if ask not in answers:
            answers[ask] = ask()
        known: Answer = answers[ask]
        return known

    return answer


def after_commit(callback: Callable[[], object]) -> None:
    """Call it once the running transaction() is committed, and never if it is not.

    It may begin a transaction() of its own. What it raises is logged: the commit stands.
    """
    callbacks = db.session().info.get("after_commit")
    if callbacks is None:
        message = "after_commit() outside of transaction()"
        raise RuntimeError(message)
    callbacks.append(callback)


def is_busy(error: BaseException) -> bool:
    """Whether the database was locked, deadlocked or out of reach: trying again may help."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error.orig, POSTGRESQL_BUSY):
        return True
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in {SQLITE_BUSY, SQLITE_LOCKED}


def _run(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:
        log.exception("after the commit: %r failed", callback)


def _engine_options(url: sa.URL) -> dict[str, Any]:
    pool = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": LONGEST_QUEUE}
    if url.get_backend_name() == "sqlite":
        return pool | {"module": _sqlite(), "connect_args": {"isolation_level": None}}
    settings = " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_TIMEOUTS.items())
    return pool | {"pool_pre_ping": True, "connect_args": {"options": settings}}


def _sqlite() -> Any:
    """The newest SQLite at hand; pysqlite3 brings its own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


def _begin(connection: Connection) -> None:
    """Begin in the database's own words: the driver is told to leave that to us."""
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _on_connect(backend: str) -> Callable[[Any, ConnectionPoolEntry], None]:
    prepare = _prepare_sqlite if backend == "sqlite" else _check_postgresql

    def on_connect(connection: Any, _: ConnectionPoolEntry) -> None:
        prepare(connection)

    return on_connect


def _prepare_sqlite(connection: Any) -> None:
    """Set what keeps data whole, and read it back."""
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    wal = _sqlite().sqlite_version_info >= FIRST_SAFE_WAL
    journal, synchronous = ("wal", SQLITE_FULL) if wal else ("delete", SQLITE_EXTRA)
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    wanted = {**SQLITE_PRAGMAS, "journal_mode": journal, "synchronous": synchronous}
    for name, expected in wanted.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != expected:
            message = f"SQLite runs with {name}={found}, not {expected}"
            raise UnsafeDatabase(message)


def _check_postgresql(connection: psycopg.Connection[tuple[str]]) -> None:
    for name in POSTGRESQL_MUST_NOT_BE_OFF:
        row = connection.execute(f"SHOW {name}").fetchone()
        if row is None or row[0] == "off":
            message = f"PostgreSQL runs with {name}=off: it would lose what it acknowledged"
            raise UnsafeDatabase(message)
    connection.rollback()
