"""What the database promises: all or nothing, nothing lost, no unsafe mode."""

import enum
import importlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app import clock, db as database
from app.db import Model, UnsafeDatabase, after_commit, db, is_busy, transaction
from app.errors import Busy
from app.factory import create_app
from config import Config


class Colour(enum.Enum):
    RED = "red"


class TestModel(DeclarativeBase):
    """Tables of these tests alone: the program's own metadata stays as it is."""

    __test__ = False
    metadata = sa.MetaData(naming_convention=Model.metadata.naming_convention)
    type_annotation_map = Model.type_annotation_map


class Counter(TestModel):
    __tablename__ = "test_counter"
    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]
    at: Mapped[datetime | None]
    colour: Mapped[Colour | None]


@pytest.fixture
def counter(session: Session) -> Counter:
    TestModel.metadata.create_all(session.connection())
    session.commit()
    counter = Counter(id=1, value=0)
    with transaction() as session_:
        session_.add(counter)
    return counter


def with_counter(app: Flask) -> Flask:
    with app.app_context():
        TestModel.metadata.create_all(db.engine)
        with transaction() as session:
            session.add(Counter(id=1, value=0))
    return app


def value() -> int:
    return db.session.scalars(sa.select(Counter.value)).one()


def test_a_transaction_commits(counter):
    with transaction():
        counter.value = 5
    db.session.rollback()
    assert value() == 5


def test_any_exception_rolls_all_of_it_back(counter):
    with pytest.raises(KeyboardInterrupt), transaction() as session:
        counter.value = 5
        session.flush()
        raise KeyboardInterrupt
    assert value() == 0


def test_it_can_begin_after_something_was_read(counter):
    assert value() == 0
    with transaction():
        counter.value += 1
    assert value() == 1


def test_a_transaction_within_another_is_refused(counter):
    with pytest.raises(RuntimeError, match="inside"), transaction():
        counter.value = 5
        with transaction():
            pass
    assert value() == 0
    with transaction():
        counter.value = 6
    assert value() == 6


def test_changes_made_before_it_begins_are_refused(counter):
    counter.value = 5
    with pytest.raises(RuntimeError, match="before"), transaction():
        pass


def test_callbacks_run_after_the_commit_in_order(counter):
    seen: list[object] = []
    with transaction():
        counter.value = 5
        after_commit(lambda: seen.append(value()))
        after_commit(lambda: seen.append("second"))
        assert not seen
    assert seen == [5, "second"]


def test_callbacks_do_not_run_when_it_rolled_back(counter):
    seen = []
    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(lambda: seen.append(1))
        raise ZeroDivisionError
    with transaction():
        counter.value = 1
    assert not seen


def test_a_callback_that_fails_is_logged_and_stops_no_other(counter, caplog):
    seen = []
    with transaction():
        counter.value = 5
        after_commit(lambda: 1 / 0)
        after_commit(lambda: seen.append(1))
    assert seen == [1]
    assert "ZeroDivisionError" in caplog.text
    assert value() == 5


def test_a_callback_may_begin_a_transaction_of_its_own(counter):
    def again() -> None:
        with transaction():
            counter.value += 1

    with transaction():
        counter.value = 5
        after_commit(again)
    assert value() == 6


def test_a_callback_needs_a_transaction(session):
    with pytest.raises(RuntimeError, match="outside"):
        after_commit(lambda: None)


@pytest.mark.parametrize("zone", [UTC, clock.SHANGHAI])
def test_a_moment_comes_back_in_utc(counter, zone):
    moment = datetime(2026, 4, 1, 23, 30, 15, 123456, tzinfo=zone)
    with transaction():
        counter.at = moment
    assert counter.at == moment
    assert counter.at.tzinfo is UTC
    found = db.session.scalars(sa.select(Counter.id).where(Counter.at == moment)).all()
    assert found == [1]


def test_a_moment_without_a_time_zone_is_not_stored(counter):
    with pytest.raises(StatementError, match="time zone"), transaction():
        counter.at = datetime(2026, 4, 1)  # noqa: DTZ001 -- what is refused


def test_the_database_knows_the_values_of_an_enum(counter):
    with transaction():
        counter.colour = Colour.RED
    stored = db.session.execute(sa.text("SELECT colour FROM test_counter")).scalar_one()
    assert stored == "red"
    with pytest.raises(IntegrityError, match="ck_test_counter_"), transaction() as session:
        session.execute(sa.text("UPDATE test_counter SET colour = 'blue'"))


def test_no_update_is_lost_between_threads(make_app):
    """Each thread reads and then writes: deferred transactions would lose or refuse most."""
    own_app = with_counter(make_app())
    failures = []

    def add() -> None:
        try:
            for _ in range(50):
                with own_app.app_context():
                    value()  # as signing in does: a read transaction is open
                    with transaction() as session:
                        query = sa.select(Counter).with_for_update()
                        session.scalars(query).one().value += 1
        except Exception as error:  # noqa: BLE001 -- reported by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with own_app.app_context():
        assert value() == 200


def test_a_locked_database_is_busy_and_nothing_changed(monkeypatch, make_app):
    """Somebody holds the lock for longer than anyone waits."""
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "busy_timeout", 100)
    monkeypatch.setitem(database.POSTGRESQL_TIMEOUTS, "lock_timeout", "100ms")
    own_app = with_counter(make_app())
    with (
        own_app.app_context(),
        db.engine.connect().execution_options(write=True) as other,
        other.begin(),
    ):
        other.execute(sa.update(Counter).values(value=7))
        with pytest.raises(Busy), transaction() as session:
            session.execute(sa.update(Counter).values(value=8))
    with own_app.app_context():
        assert value() == 7


def test_only_a_passing_obstacle_is_busy():
    assert not is_busy(ValueError())
    assert not is_busy(IntegrityError("", None, Exception()))
    assert is_busy(sa.exc.TimeoutError())


def sqlite_app(path: Path, name: str = "safe.db") -> Flask:
    return create_app(Config.for_tests(path, f"sqlite:///{path / name}"))


def test_sqlite_is_opened_safely(tmp_path):
    app = sqlite_app(tmp_path)
    with app.app_context(), db.engine.connect() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

        safe = {name: pragma(name) for name in database.SQLITE_PRAGMAS}
        assert safe == database.SQLITE_PRAGMAS
        wal = database._sqlite().sqlite_version_info >= (3, 51, 3)
        assert (pragma("journal_mode"), pragma("synchronous")) == (
            ("wal", 2) if wal else ("delete", 3)
        )
    with app.app_context():
        db.engine.dispose()
    assert (tmp_path / "safe.db").stat().st_mode & 0o077 == 0


def test_an_old_sqlite_never_writes_a_wal(tmp_path, monkeypatch):
    """The file was left in WAL mode by a newer SQLite; the old one turns it back."""
    app = sqlite_app(tmp_path)
    with app.app_context():
        db.engine.dispose()
    old = importlib.import_module("sqlite3.dbapi2")
    monkeypatch.setattr(database, "_sqlite", lambda: old)
    monkeypatch.setattr(old, "sqlite_version_info", (3, 40, 1))
    app = sqlite_app(tmp_path)
    with app.app_context():
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "delete"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 3
        db.engine.dispose()


def test_an_unsafe_mode_stops_the_start(tmp_path, monkeypatch):
    """A reader holds a WAL file open, so that the old SQLite cannot leave WAL mode."""
    modern = database._sqlite()
    holder = modern.connect(str(tmp_path / "safe.db"), isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("CREATE TABLE t (x)")
    monkeypatch.setattr(database, "FIRST_SAFE_WAL", (99, 0, 0))
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "busy_timeout", 50)
    try:
        with pytest.raises((UnsafeDatabase, sa.exc.OperationalError), match=r"journal|locked"):
            sqlite_app(tmp_path)
    finally:
        holder.close()


@pytest.mark.parametrize("name", database.POSTGRESQL_MUST_NOT_BE_OFF)
def test_a_postgresql_that_forgets_stops_the_start(name):
    check: Any = database._check_postgresql

    class Forgetful:
        """The few words of a psycopg connection that the check needs."""

        def __init__(self, off: str) -> None:
            self.off = off

        def execute(self, query: str) -> Any:
            self.answer = "off" if query == f"SHOW {self.off}" else "on"
            return self

        def fetchone(self) -> tuple[str]:
            return (self.answer,)

        def rollback(self) -> None:
            pass

    check(Forgetful("nothing"))
    with pytest.raises(UnsafeDatabase, match=name):
        check(Forgetful(name))
