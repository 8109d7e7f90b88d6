"""What was recorded cannot be changed, and where somebody managed to, it shows."""

import dataclasses
from datetime import UTC, date, datetime
from typing import cast

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes, hmac
from sqlalchemy.exc import DatabaseError

import config
from app.audit import queries
from app.audit.chain import Break, canonical, verify_chain
from app.audit.commands import Action, record
from app.audit.models import AuditEntry
from app.db import transaction
from app.people.actor import SYSTEM, Actor

ANNA = Actor(1, "安娜")
BERT = Actor(2, "贝特")


@pytest.fixture
def links(session):
    """Three entries of Anna, two of Bert, one of the machine, interleaved."""
    with transaction():
        for number, actor in enumerate([ANNA, BERT, ANNA, SYSTEM, ANNA, BERT]):
            record(Action.EXPORTED, actor, f"case:{number}", rows=number, on=date(2026, 11, 23))
    return list(queries.links())


def test_each_actor_has_a_chain_that_counts_from_one(links):
    assert [(link.chain, link.seq) for link in links] == [
        ("person:1", 1),
        ("person:1", 2),
        ("person:1", 3),
        ("person:2", 1),
        ("person:2", 2),
        ("system", 1),
    ]


def test_what_nobody_touched_is_whole(links):
    assert verify_chain(links) is None
    assert verify_chain([]) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action", "data:file:imported"),
        ("actor_id", 7),
        ("subject_ref", "case:9"),
        ("at", datetime(2020, 1, 1, tzinfo=UTC)),
        ("data", {"rows": 5}),
        ("chain", "person:3"),
        ("seq", 9),
    ],
)
def test_a_changed_entry_shows(links, name, value):
    links[1] = dataclasses.replace(links[1], row={**links[1].row, name: value})
    assert verify_chain(links) == Break("person:1", 2)


def test_a_missing_entry_shows(links):
    del links[1]
    assert verify_chain(links) == Break("person:1", 2)
    del links[0]
    assert verify_chain(links) == Break("person:1", 1)


def test_two_entries_that_changed_places_show(links):
    links[0], links[1] = links[1], links[0]
    assert verify_chain(links) == Break("person:1", 1)


def test_an_entry_sealed_with_another_key_shows(links, monkeypatch):
    other = config.derived("audit", "another key of somebody who has the database")
    settings = dataclasses.replace(config.current(), audit_key=other)
    monkeypatch.setattr(config, "current", lambda: settings)
    assert verify_chain(links) == Break("person:1", 1)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET data = '{}'", "DELETE FROM audit_entries"]
)
def test_the_database_refuses_to_change_or_remove_an_entry(session, links, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.execute(sa.text(statement))
    assert session.scalar(sa.select(sa.func.count(AuditEntry.id))) == 6


def test_the_database_refuses_to_empty_the_table(session, links):
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.execute(sa.text("TRUNCATE audit_entries"))


def test_an_action_that_is_not_listed_is_not_recorded(session):
    with pytest.raises(ValueError, match="case:secret:sold"), transaction():
        record(cast("Action", "case:secret:sold"), ANNA, "case:1")


def test_what_is_undone_leaves_no_entry(session):
    with pytest.raises(ZeroDivisionError), transaction():
        record(Action.EXPORTED, ANNA, "case:1")
        raise ZeroDivisionError
    assert list(queries.links()) == []


def test_the_seal_is_hmac_sm3_over_what_stands_before_and_the_row(session, links):
    mac = hmac.HMAC(config.current().audit_key, hashes.SM3())
    mac.update(bytes.fromhex(links[0].mac) + b"\n" + canonical(links[1].row))
    assert mac.finalize().hex() == links[1].mac


def test_the_same_values_have_the_same_bytes():
    moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
    one = canonical({"b": "䶮", "a": moment})
    assert one == '{"a":"2026-11-23T08:00:00+00:00","b":"䶮"}'.encode()
    with pytest.raises(TypeError):
        canonical({"a": object()})


def test_the_command_says_that_all_is_whole(app, links, session):
    session.rollback()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0, result.output
    assert "audit: whole" in result.output


def test_the_command_fails_at_the_first_break(app, links, session):
    """Somebody who owns the database takes the triggers away first."""
    with transaction():
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sa.text("DROP TRIGGER audit_entries_no_update"))
        else:
            session.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        session.execute(
            sa.text("UPDATE audit_entries SET actor_id = 2 WHERE chain = 'person:1' AND seq = 2")
        )
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "chain person:1 is broken at entry 2" in result.output
