"""A sanction is in force exactly as the definition says, clause by clause."""

from datetime import date, timedelta

import pytest

from app.db import db, transaction
from app.records.commands import end_order, end_record, give_order, new_version
from app.records.models import EndedBy, Hold, Record, Sanction, SanctionBasis
from app.records.queries import content, in_force, run_until, standings, supported
from tests.app.records.register import OTHER_FIRM, add_record, add_sanction

DAY = date(2026, 11, 21)
A_DAY = timedelta(days=1)


@pytest.fixture
def sanction(session) -> Sanction:
    with transaction():
        return add_sanction([add_record(1), add_record(2)])


def holds(sanction: Sanction, on: date = DAY, past_maximum: str = "supports") -> bool:
    return in_force([sanction.id], on, past_maximum)[sanction.id]


def hold(sanction: Sanction, number: str, since: date | None, until: date | None = None) -> None:
    db.session.add(Hold(sanction_id=sanction.id, case_number=number, since=since, until=until))
    db.session.flush()


def test_it_is_in_force_when_every_clause_is_met(sanction):
    assert holds(sanction)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 20), False),
        (date(2026, 6, 21), True),
        (date(2027, 6, 21), True),
        (date(2027, 6, 22), False),
    ],
)
def test_its_first_and_its_last_day_are_in_its_period(sanction, day, expected):
    assert holds(sanction, day) is expected


def test_suspended_time_that_was_added_lengthens_its_period(sanction):
    sanction.runs_until = date(2027, 7, 1)
    assert holds(sanction, date(2027, 7, 1))
    assert not holds(sanction, date(2027, 7, 2))


def test_it_is_not_in_force_from_the_day_it_is_lifted(sanction):
    sanction.lifted_on = DAY
    assert holds(sanction, DAY - A_DAY)
    assert not holds(sanction, DAY)


def test_an_open_hold_keeps_it_from_being_in_force_from_its_first_day(sanction):
    hold(sanction, "YY-2026-000001", DAY)
    assert holds(sanction, DAY - A_DAY)
    assert not holds(sanction, DAY)


def test_it_is_in_force_again_from_the_day_its_hold_ends(sanction):
    hold(sanction, "YY-2026-000001", DAY - 10 * A_DAY, DAY)
    assert not holds(sanction, DAY - A_DAY)
    assert holds(sanction, DAY)


def test_a_hold_that_waits_for_the_department_does_not_hold_yet(sanction):
    hold(sanction, "YY-2026-000001", None)
    assert holds(sanction)


def test_one_holder_of_two_that_ends_leaves_it_held(sanction):
    hold(sanction, "YY-2026-000001", DAY - 10 * A_DAY, DAY - A_DAY)
    hold(sanction, "YY-2026-000002", DAY - 5 * A_DAY)
    assert not holds(sanction)
    assert standings([sanction.id], DAY)[sanction.id].held_by == ("YY-2026-000002",)


@pytest.mark.parametrize("what", ["resume", "lift"])
def test_it_is_not_in_force_while_a_department_is_told_to_resume_or_lift(sanction, what):
    give_order(sanction, "ZT-2026-000001", what, DAY - A_DAY)
    assert not holds(sanction)
    end_order(sanction, DAY)
    assert holds(sanction)
    assert not holds(sanction, DAY - A_DAY)


def test_one_record_of_two_is_enough_to_support_it(sanction, session):
    first, second = records_of(sanction)
    end_record(first, EndedBy.REVOKE, DAY, "撤销决定")
    assert holds(sanction)
    end_record(second, EndedBy.REPAIR, DAY, "准予信用修复决定书")
    assert not holds(sanction)
    assert holds(sanction, DAY - A_DAY)


@pytest.mark.parametrize("by", list(EndedBy))
def test_no_record_that_has_ended_supports_it_however_it_ended(sanction, by):
    for record in records_of(sanction):
        end_record(record, by, DAY, "依据文件")
    assert not supported([sanction.id], DAY, "supports")[sanction.id]


def test_a_record_that_no_longer_names_its_subject_does_not_support_it(sanction):
    with transaction():
        for number, record in enumerate(records_of(sanction)):
            said = content(record) | {"code": OTHER_FIRM, "name": "惠州市启明丰湖印染有限公司"}
            new_version(record, said, "correction", "更正依据", f"GZ-2026-00000{number}")
            assert holds(sanction) is (number == 0)


def test_past_its_maximum_period_a_record_supports_it_unless_the_rule_says_it_ends(sanction):
    sanction.ends_on = date(2028, 6, 21)
    last = date(2027, 6, 21)
    assert holds(sanction, last, "ends")
    assert not holds(sanction, last + A_DAY, "ends")
    assert holds(sanction, last + A_DAY, "supports")


def test_many_sanctions_take_as_many_queries_as_one(sanction, session, count_queries):
    with transaction():
        ids = [add_sanction([record]).id for record in records_of(sanction) for _ in range(5)]
    ids.append(sanction.id)
    with count_queries() as one:
        in_force(ids[:1], DAY)
    with count_queries() as many:
        in_force(ids, DAY)
    assert one.number == many.number


def test_the_time_until_a_department_has_resumed_is_added_too(sanction):
    hold(sanction, "YY-2026-000001", DAY - 10 * A_DAY, DAY - 5 * A_DAY)
    give_order(sanction, "ZT-2026-000001", "resume", DAY - 5 * A_DAY)
    end_order(sanction, DAY - 2 * A_DAY)
    assert run_until([sanction.id], DAY, "no")[sanction.id] == date(2027, 6, 21) + 8 * A_DAY


def records_of(sanction):
    chosen = (
        db.select(Record)
        .join(SanctionBasis, SanctionBasis.record_id == Record.id)
        .where(SanctionBasis.sanction_id == sanction.id)
        .order_by(Record.id)
    )
    return list(db.session.scalars(chosen))
