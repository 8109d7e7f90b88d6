"""When disclosure of a record begins and ends, at its import and with each new version."""

from datetime import date, timedelta

import pytest

from app.clock import at
from app.db import transaction
from app.records import commands
from app.records.batches import renew_records
from app.records.identity import said
from app.records.models import Record, Switch
from app.records.queries import content, switches
from tests.app.records.register import add_record, content as saying

DAY = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _on_a_day():
    with at(DAY):
        yield


def disclosure(record: Record, on: date = DAY):
    return switches([record.id], on)[record.id][Switch.DISCLOSURE]


def correct(record: Record, **fields: str | None) -> None:
    with transaction():
        new = content(record) | fields
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2027-06-21", date(2027, 6, 21)),
        ("2027-06-22", date(2027, 6, 21)),
        ("2099-12-31", date(2027, 6, 21)),
        (None, date(2027, 6, 21)),
    ],
)
def test_a_record_is_disclosed_from_its_determination_and_never_beyond_the_maximum(
    session, said, last
):
    with transaction():
        record = add_record(disclosed_until=said)
    assert disclosure(record).since == date(2026, 6, 21)
    assert disclosure(record, last).on
    assert not disclosure(record, last + timedelta(days=1)).on
    assert record.disclosed_until == last
    assert switches([record.id], date(2030, 1, 1))[record.id][Switch.SHARING].on
    assert record.ended_on is None


@pytest.mark.parametrize("said", [None, "2099-12-31"])
def test_a_minor_record_is_not_disclosed_unless_an_end_is_given(session, said):
    with transaction():
        record = add_record(penalty_kind="通报批评", disclosed_until=said)
    assert record.disclosed_until is None
    assert not disclosure(record).on
    assert switches([record.id], DAY)[record.id][Switch.SHARING].on


@pytest.mark.parametrize(
    ("said", "last"), [("2026-08-01", date(2026, 8, 1)), ("2027-06-21", date(2026, 9, 21))]
)
def test_a_minor_record_with_an_end_is_disclosed_for_three_months_at_most(session, said, last):
    with transaction():
        record = add_record(penalty_kind="通报批评", disclosed_until=said)
    assert record.disclosed_until == last
    assert disclosure(record).on


def test_a_warning_of_market_regulation_is_not_shown_even_with_an_end(session):
    with transaction():
        record = add_record(penalty_kind="警告", disclosed_until="2026-08-01")
    assert (record.regime, record.severity) == ("SAMR107", "minor")
    assert not disclosure(record).on


def test_a_record_older_than_all_regimes_has_no_class_and_the_end_it_was_given(session):
    with transaction():
        open_end = add_record(1, decided_on="2018-06-21", disclosed_until=None)
        given = add_record(2, decided_on="2018-06-21", disclosed_until="2026-12-31")
    assert (open_end.severity, open_end.regime) == (None, "earlier")
    assert not disclosure(open_end).on
    assert disclosure(given).until == date(2026, 12, 31)


def test_a_corrected_penalty_or_decision_date_moves_the_end(session):
    with transaction():
        record = add_record(penalty_kind="罚款;吊销许可证件", disclosed_until=None)
    assert disclosure(record).until == date(2029, 6, 21)
    correct(record, penalty_kind="罚款")
    assert disclosure(record).until == date(2027, 6, 21)
    correct(record, decided_on="2025-12-24")
    assert (record.regime, disclosure(record).until) == ("SAMR21", date(2026, 12, 24))


def test_a_record_corrected_to_a_minor_one_is_not_disclosed_from_that_day(session):
    with transaction():
        record = add_record(disclosed_until=None)
    correct(record, penalty_kind="通报批评")
    assert disclosure(record, DAY - timedelta(days=1)).on
    assert not disclosure(record, DAY).on


def test_what_is_over_already_does_not_last_longer_for_being_minor(session):
    with transaction():
        record = add_record(decided_on="2025-12-25", disclosed_until="2026-06-21")
    correct(record, penalty_kind="通报批评", disclosed_until=None)
    assert not disclosure(record, date(2026, 6, 22)).on


def test_a_minor_record_corrected_to_a_graver_one_is_disclosed_from_that_day(session):
    with transaction():
        record = add_record(penalty_kind="通报批评", disclosed_until=None)
    correct(record, penalty_kind="罚款")
    assert not disclosure(record, DAY - timedelta(days=1)).on
    now = disclosure(record)
    assert (now.on, now.since, now.until) == (True, DAY, date(2027, 6, 21))


def test_a_corrected_record_that_has_ended_is_not_disclosed_again(session):
    with transaction():
        record = add_record(penalty_kind="通报批评", disclosed_until=None)
        commands.end_record(record, "revoke", DAY, "撤销决定")
    correct(record, penalty_kind="罚款")
    assert not disclosure(record).on


def test_an_import_that_names_an_end_for_a_minor_record_discloses_it(session):
    with transaction():
        record = add_record(penalty_kind="通报批评", disclosed_until=None)
        new = saying(penalty_kind="通报批评", disclosed_until="2026-08-01")
        renew_records([(record, said(new))])
    now = disclosure(record)
    assert (now.on, now.since, now.until) == (True, DAY, date(2026, 8, 1))


def test_a_minor_record_restored_after_a_mistake_is_still_not_disclosed(session):
    with transaction():
        record = add_record(penalty_kind="通报批评", disclosed_until=None)
        commands.end_record(record, "revoke", DAY, "撤销决定")
        commands.restore_record(record, DAY, "恢复决定")
    assert not disclosure(record).on
    assert switches([record.id], DAY)[record.id][Switch.SHARING].on
