"""Messages are delivered, receipted, reminded of and given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from app.clock import at
from app.db import db, transaction
from app.delivery import commands
from app.delivery.models import Message
from app.delivery.queries import (
    message_for,
    messages_for,
    messages_of,
    open_for,
    unsettled_cases,
)
from app.people.actor import SYSTEM
from app.people.commands import create_person
from app.records.models import Recipient

CASE = "GZ-2026-000005"


@pytest.fixture
def real_life(app: Flask):
    """Not a demonstration: nobody receipts by itself."""
    config = app.config["REDRESS"]
    app.config["REDRESS"] = replace(config, demo=False)
    yield
    app.config["REDRESS"] = config


def test_a_message_tells_of_the_version_that_the_record_has(messages, record):
    assert [(one.record_id, one.version) for one in messages] == [(record.id, 2)] * 2
    assert [one.id for one in messages_of([CASE])] == [one.id for one in messages]


def test_it_waits_for_its_receipt(messages, real_life, department):
    commands.drain()
    assert all(one.sent_at for one in messages)
    assert not any(one.settled for one in messages)
    assert [one.id for one in open_for(department.id)] == [messages[0].id]
    assert unsettled_cases([CASE]) == {CASE}


def test_recipients_of_a_demonstration_receipt_at_once(messages, department):
    commands.drain()
    assert all(one.receipted_at for one in messages)
    assert open_for(department.id) == []
    assert unsettled_cases([CASE]) == set()


def test_a_second_receipt_changes_nothing(messages, real_life):
    with transaction():
        person = create_person("lijie", "李洁", "Redress-2026!")
    confirmer = replace(SYSTEM, person_id=person.id)
    with at(date(2026, 11, 21)), transaction():
        commands.receipt(messages[0], confirmer)
    first = messages[0].receipted_at
    with at(date(2026, 11, 23)), transaction():
        commands.receipt(messages[0], SYSTEM)
    assert (messages[0].receipted_at, messages[0].receipted_by) == (first, person.id)


def test_who_is_cut_off_is_waited_for_no_longer(messages, real_life, department):
    with at(date(2026, 11, 21)), transaction():
        commands.cut_off(messages[0], "逾期未确认")
    assert messages[0].settled
    assert messages[0].cut_off_on == date(2026, 11, 21)
    assert open_for(department.id) == []
    assert unsettled_cases([CASE]) == {CASE}


def test_who_has_receipted_is_not_cut_off(messages, real_life):
    with transaction():
        commands.receipt(messages[0], SYSTEM)
        commands.cut_off(messages[0], "逾期未确认")
    assert messages[0].cut_off_on is None


def test_a_reminder_is_delivered_to_whom_is_still_waited_for(messages, real_life):
    with at(date(2030, 11, 20)):
        commands.drain()
        with transaction():
            commands.receipt(messages[0], SYSTEM)
    before = [one.sent_at for one in messages]
    with at(date(2030, 11, 21)):
        with transaction():
            commands.remind(messages)
        assert commands.drain()["done"] == 1
    assert messages[0].sent_at == before[0]
    assert messages[1].sent_at > before[1]


def test_a_unit_finds_its_own_messages_page_by_page(messages, record, department):
    with transaction():
        more = [
            commands.send(
                recipients=[_recipient(messages[0])],
                record=record,
                case_number=f"GZ-2026-00000{n}",
                subject="信息更正",
                body="更正",
            )[0].id
            for n in range(6, 9)
        ]
    everything = [messages[0].id, *more]
    first = [one.id for one in messages_for(department.id, limit=2)]
    assert first == everything[:2]
    rest = messages_for(department.id, after=first[-1], limit=2)
    assert [one.id for one in rest] == everything[2:]
    assert messages_for(department.id, after=everything[-1]) == []


def test_nobody_gets_another_s_message(messages, department):
    own, other = messages
    assert message_for(own.id, department.id) == own
    assert message_for(other.id, department.id) is None
    assert message_for(own.id, department.id + 1000) is None


def _recipient(message: Message):
    return db.session.get_one(Recipient, message.recipient_id)
