"""What changing a record brings with it."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app.clock import at
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.people.models import Subject
from app.people.queries import find_subjects, subject_by_code
from app.records import commands
from app.records.models import Hold, Recipient, Record, SanctionOrder, Severity, Share, Switch
from app.records.queries import annotated, content, switches, versions
from tests.app.records.register import FIRM, OTHER_FIRM, add_record, add_sanction, firm, units

DAY = date(2026, 11, 21)


@pytest.fixture
def record(session) -> Record:
    with transaction():
        return add_record()


def switch(record: Record, which: Switch, on: date = DAY):
    return switches([record.id], on)[record.id][which]


def test_a_new_record_is_disclosed_from_the_decision_to_the_day_it_says(record):
    now = switch(record, Switch.DISCLOSURE)
    assert (now.on, now.since, now.until) == (True, date(2026, 6, 21), date(2027, 6, 21))
    assert switch(record, Switch.DISCLOSURE, date(2027, 6, 21)).on
    assert not switch(record, Switch.DISCLOSURE, date(2027, 6, 22)).on
    assert switch(record, Switch.SHARING, date(2030, 1, 1)).on
    assert not switch(record, Switch.ANNOTATION).on


@pytest.mark.parametrize(
    ("penalty", "until"),
    [
        ("罚款", date(2027, 6, 21)),
        ("警告;罚款;吊销许可证件", date(2029, 6, 21)),
    ],
)
@pytest.mark.parametrize("said", [None, "2099-12-31"])
def test_without_an_end_a_record_is_disclosed_for_the_longest_period_of_its_class(
    session, penalty, until, said
):
    with transaction():
        record = add_record(penalty_kind=penalty, disclosed_until=said)
    assert record.disclosed_until == until


def test_the_gravest_of_several_penalties_decides_the_class(session):
    with transaction():
        assert add_record(1, penalty_kind="警告").severity is Severity.MINOR
        assert add_record(2, penalty_kind="警告;罚款").severity is Severity.ORDINARY
        assert add_record(3, penalty_kind="罚款;限制从业").severity is Severity.SERIOUS


def test_a_new_version_keeps_the_old_one_and_moves_the_end_of_disclosure(record):
    said = content(record)
    with transaction():
        new = dict(said) | {"disclosed_until": "2026-12-31", "fine": "1"}
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")
    first, second = versions(record)
    assert (first.content, second.content) == (said, new)
    assert (second.version, record.version) == (2, 2)
    assert switch(record, Switch.DISCLOSURE).until == date(2026, 12, 31)


def test_disclosure_that_was_ended_stays_ended_when_the_day_is_corrected(record):
    with transaction():
        commands.turn_off(record, Switch.DISCLOSURE, DAY, "终止公示")
        new = content(record) | {"disclosed_until": "2028-12-31"}
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")
    assert not switch(record, Switch.DISCLOSURE).on


def test_a_record_corrected_to_another_subject_belongs_to_that_one(record):
    with transaction():
        new = content(record) | {"name": "惠州市启明丰湖印染有限公司", "code": OTHER_FIRM}
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")
    other = subject_by_code(OTHER_FIRM)
    assert other is not None
    assert (record.subject_id, record.subject_code) == (other.id, OTHER_FIRM)


def test_a_name_that_is_corrected_is_the_name_under_which_the_subject_is_found(record):
    with transaction():
        new = content(record) | {"name": "惠州市永利䶮材有限公司"}
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")
    assert firm().name == "惠州市永利䶮材有限公司"


def test_a_record_cannot_become_the_same_as_another(record):
    with transaction():
        add_record(2)
    with pytest.raises(Conflict), transaction():
        new = content(record) | {"decision_no": "惠市监处罚〔2026〕2号"}
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"authority_code": "11441300000000000X"}, "authority_code"), ({"surplus": "x"}, "")],
)
def test_a_version_of_an_unknown_authority_or_with_other_fields_is_refused(record, change, field):
    with pytest.raises(Invalid) as refused, transaction():
        new = content(record) | change
        commands.new_version(record, new, "correction", "更正依据", "GZ-2026-000001")
    assert list(refused.value.faults) == [field]


def test_a_record_is_marked_as_contested_until_the_last_case_that_contests_it_has_ended(record):
    with transaction():
        for number in ("YY-2026-000001", "YY-2026-000002", "YY-2026-000001"):
            commands.turn_on(record, Switch.ANNOTATION, DAY, None, f"异议{number}", number)
    assert annotated([record.id]) == {record.id: ("YY-2026-000001", "YY-2026-000002")}
    with transaction():
        commands.turn_off(record, Switch.ANNOTATION, DAY, "异议核实结束", "YY-2026-000001")
    assert switch(record, Switch.ANNOTATION).cases == ("YY-2026-000002",)
    with transaction():
        commands.turn_off(record, Switch.ANNOTATION, DAY, "异议核实结束", "YY-2026-000002")
    assert not switch(record, Switch.ANNOTATION).on
    assert annotated([record.id]) == {}


def test_the_end_of_a_record_ends_disclosure_sharing_and_use_and_a_second_changes_nothing(record):
    with transaction():
        commands.end_record(record, "revoke", DAY, "撤销决定")
        commands.end_record(record, "repair", DAY, "修复决定")
    for which in (Switch.DISCLOSURE, Switch.SHARING, Switch.SANCTIONS):
        now = switch(record, which)
        assert (now.on, now.since, now.basis) == (False, DAY, "撤销决定")
    assert record.ended_by == "revoke"


def test_a_restored_record_is_disclosed_for_the_rest_of_its_period(record):
    with transaction():
        commands.end_record(record, "repair", date(2026, 10, 1), "修复决定")
        commands.undo_repair(record, DAY, "撤销修复决定", "XF-2026-000001")
    assert (record.ended_on, record.ended_by) == (None, None)
    assert not switch(record, Switch.DISCLOSURE, date(2026, 11, 1)).on
    assert switch(record, Switch.DISCLOSURE).until == date(2027, 6, 21)


def test_what_is_brought_back_while_a_repair_stands_is_repaired(record):
    with transaction():
        commands.end_record(record, "repair", date(2026, 10, 1), "修复决定")
        commands.end_record(record, "revoke", date(2026, 10, 9), "撤销决定")
    assert (record.ended_by, record.repaired_on) == ("revoke", date(2026, 10, 1))
    with transaction():
        commands.restore_record(record, DAY, "撤销决定被撤销")
    assert (record.ended_on, record.ended_by) == (date(2026, 10, 1), "repair")
    assert not switch(record, Switch.SHARING).on


def test_what_was_revoked_is_not_brought_back_with_its_repair(record):
    with transaction():
        commands.end_record(record, "repair", date(2026, 10, 1), "修复决定")
        commands.end_record(record, "revoke", date(2026, 10, 9), "撤销决定")
        commands.undo_repair(record, DAY, "撤销修复决定", "XF-2026-000001")
    assert (record.ended_by, record.repaired_on) == ("revoke", None)
    assert not switch(record, Switch.DISCLOSURE).on


def test_a_record_restored_past_its_period_is_not_disclosed_again(record):
    with transaction():
        commands.end_record(record, "repair", DAY, "修复决定")
        commands.undo_repair(record, date(2027, 6, 22), "撤销修复决定", "XF-2026-000001")
    assert not switch(record, Switch.DISCLOSURE, date(2027, 6, 22)).on
    assert switch(record, Switch.SHARING, date(2027, 6, 22)).on


def test_a_record_is_shared_with_everybody_who_gets_everything(session):
    with transaction():
        platform = Recipient(name="省信用平台", kind="platform", gets_everything=True)
        db.session.add_all([platform, Recipient(name="某征信公司", kind="third_party")])
        with at(DAY):
            record = add_record()
    assert [share.recipient_id for share in db.session.query(Share).all()] == [platform.id]
    with at(DAY), transaction():
        commands.stop_sharing(record, platform, DAY, "逾期未回执")
        commands.share_all([(record.id, platform.id)] * 2)
        commands.share_all([(record.id, platform.id)])
    assert [share.stopped_on for share in db.session.query(Share).order_by(Share.id)] == [DAY, None]


def test_a_department_becomes_a_recipient_once(session):
    with transaction():
        _, department = units()
        first = commands.recipients_of([department])[department.id]
        assert commands.recipients_of([department])[department.id] is first
    assert first.name == "惠州市财政局"


def test_a_case_holds_a_sanction_once_at_a_time(record):
    with pytest.raises(IntegrityError), transaction():
        sanction = add_sanction([record])
        for _ in range(2):
            db.session.add(Hold(sanction_id=sanction.id, case_number="YY-2026-000001", since=DAY))
        db.session.flush()


def test_a_sanction_has_one_order_at_a_time(record):
    with transaction():
        sanction = add_sanction([record])
        commands.give_order(sanction, "ZT-2026-000001", "resume", DAY)
        commands.give_order(sanction, "ZT-2026-000001", "lift", DAY)
    orders = db.session.query(SanctionOrder).order_by(SanctionOrder.id).all()
    assert [(order.what, order.ended_on) for order in orders] == [("resume", DAY), ("lift", None)]


def test_subjects_of_new_records_are_found_by_part_of_their_names(record):
    subject = db.session.query(Subject).filter_by(code=FIRM).one()
    assert find_subjects(subject.name[1:-1]) == [subject]
