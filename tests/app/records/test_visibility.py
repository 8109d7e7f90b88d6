"""Who may see which record, and how records are searched."""

import pytest

from app.db import db, transaction
from app.people.commands import create_unit
from app.records.listing import listed
from app.records.queries import record_for, sees_numbers_of
from tests.app.records.register import (
    OTHER_FIRM,
    actor,
    add_record,
    add_sanction,
    firm,
    units,
)
from workflows.grammar import Role

OFFICE = actor(Role.OFFICE_CLERK)


@pytest.fixture
def register(session):
    """Two records; the second is another firm's, and a sanction rests on it."""
    with transaction():
        first = add_record(1)
        second = add_record(
            2, name="惠州市启明丰湖印染有限公司", code=OTHER_FIRM, decided_on="2026-07-01"
        )
        add_sanction([second])
    return first, second


def seen(who, **options):
    return [item.id for item in listed(who, **options).items]


def test_the_office_sees_every_record_the_latest_decision_first(register):
    first, second = register
    assert seen(OFFICE) == [second.id, first.id]


def test_a_provider_sees_its_own_records_and_no_other_unit_s(register):
    first, second = register
    provider, _ = units()
    with transaction():
        other = create_unit("惠州市生态环境局", "11441300A20Y55BB21", provides=True)
    assert seen(actor(Role.PROVIDER_HANDLER, unit=provider)) == [second.id, first.id]
    assert seen(actor(Role.PROVIDER_HANDLER, unit=other)) == []


def test_a_department_sees_the_records_on_which_its_sanctions_rest(register):
    _, second = register
    _, department = units()
    assert seen(actor(Role.EXECUTOR_HANDLER, unit=department)) == [second.id]


def test_a_subject_sees_its_own_records(register):
    first, second = register
    mine = actor(Role.SUBJECT, subjects=[firm().id])
    assert seen(mine) == [first.id]
    assert record_for(mine, second.id) is None


@pytest.mark.parametrize("role", [Role.ADMIN_SYSTEM, Role.ADMIN_SECURITY, Role.ADMIN_AUDIT])
def test_an_administrator_sees_none(register, role):
    provider, _ = units()
    assert seen(actor(role, unit=provider)) == []


def test_numbers_of_documents_are_whole_for_office_and_provider_alone(register):
    first, _ = register
    provider, department = units()
    assert sees_numbers_of(OFFICE, first)
    assert sees_numbers_of(actor(Role.PROVIDER_HANDLER, unit=provider), first)
    assert not sees_numbers_of(actor(Role.EXECUTOR_HANDLER, unit=department), first)
    assert not sees_numbers_of(actor(Role.SUBJECT, subjects=[firm().id]), first)


@pytest.mark.parametrize(
    "text", ["启明丰湖", OTHER_FIRM, "惠市监处罚〔2026〕2号", " 惠市监处罚[2026]2号 "]
)
def test_records_are_found_by_part_of_a_name_by_code_and_by_decision(register, text):
    _, second = register
    assert seen(OFFICE, text=text) == [second.id]


@pytest.mark.parametrize("text", ["%", "_", "不存在", "'; DROP TABLE records; --"])
def test_what_nobody_is_called_finds_nothing(register, text):
    assert seen(OFFICE, text=text) == []


def test_a_list_goes_on_after_its_last_record_though_days_are_equal(session):
    with transaction():
        ids = [add_record(number).id for number in range(1, 8)]
    found, cursor = [], ""
    while True:
        page = listed(OFFICE, cursor=cursor, limit=3)
        found += [item.id for item in page.items]
        if not (cursor := page.next):
            break
    assert found == ids[::-1]


@pytest.mark.parametrize("cursor", ["x", "2026-13-01.1", "2026-06-21.99999999999999999999"])
def test_a_cursor_that_is_none_begins_anew(register, cursor):
    assert len(seen(OFFICE, cursor=cursor)) == 2


def test_a_long_list_takes_as_many_queries_as_a_short_one(register, count_queries):
    with count_queries() as short:
        listed(OFFICE, limit=1)
    with transaction():
        for number in range(3, 10):
            add_record(number)
    db.session.rollback()
    with count_queries() as long:
        listed(OFFICE)
    assert long.number <= short.number
