"""What the page of a record says while cases contest it, hold its sanctions and change it."""

from datetime import date

import pytest
import sqlalchemy as sa

from app import clock
from app.cases.due import tick
from app.cases.models import Case
from app.db import db
from app.records.models import Record
from tests.app.cases.states import case_in
from tests.app.cases.telling import accepted, answered, confirmed, day


def page_of(visit, who, record=None):
    """The page of a record; of the latest, where none is named."""
    record = record or db.session.execute(sa.select(sa.func.max(Record.id))).scalar_one()
    return visit(who).get(f"/records/{record}")


def cell(page, label):
    """The text in the first cell with a label, without spaces."""
    return "".join(page.all(f'td[data-label="{label}"]')[0].get_text().split())


def used(page):
    """What the line says of the use for sanctions: state, since, until, and why."""
    line = page.all("main table")[0].select("tbody tr")[3]
    return ["".join(one.get_text().split()) for one in line.select("td")][1:]


def revoked(city, *records):
    """An objection to the first record, which was revoked; gives the number of the correction."""
    parent = accepted(city, records[0])
    for asked in city.children(parent, "verification"):
        answered(city, asked, "wrong_revoke")
    tick()
    city.take(parent, "uphold", "approver", reasons="记录有误。")
    (fix,) = city.children(parent, "correction")
    city.take(fix, "correct", "provider", kind="revoke", basis="撤销决定书")
    city.take(fix, "approve", "provider-approver")
    return fix


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("ordered", "已要求暂停，待部门确认"),
        ("suspended", "已暂停（部门于2026年8月3日确认）"),
        ("declined", "执行中"),
        ("resuming", "已通知恢复，待部门确认"),
        ("lifting", "已通知解除，待部门确认"),
        ("lifted", "已解除"),
    ],
)
def test_it_tells_a_request_from_what_the_department_confirmed(city, visit, state, said):
    case_in(city, "suspension", state)
    assert cell(page_of(visit, "subject"), "执行情况").startswith(said)


def test_a_department_that_declined_is_told_with_the_case(city, visit):
    number = case_in(city, "suspension", "declined")
    parent = number.replace("ZT", "YY")
    page = page_of(visit, "subject")
    assert "部门不予暂停" in cell(page, "执行情况")
    assert page.has(f'td[data-label="执行情况"] a[href="/cases/{parent}"]')


def test_nothing_is_said_of_declining_once_the_contest_is_over(city, visit):
    case_in(city, "suspension", "resumed")
    assert "不予暂停" not in page_of(visit, "subject").text


def test_cases_are_links_for_whoever_may_open_them(city, visit):
    number = case_in(city, "suspension", "ordered")
    suspension = f'a[href="/cases/{number}"]'
    assert page_of(visit, "clerk").has(suspension)
    assert page_of(visit, "executor").has(suspension)
    other = page_of(visit, "provider")
    assert number in other.text
    assert not other.has(suspension)


def test_the_last_day_is_that_with_the_suspended_time(city, visit):
    record = city.record()
    city.sanction(record, ends_on=date(2026, 12, 31))
    number = accepted(city, record)
    confirmed(city, number)
    assert "顺延" not in page_of(visit, "subject", record).text
    with clock.at(day(13)):
        period = cell(page_of(visit, "subject", record), "期限")
    assert period == "2026年1月1日起，2027年1月10日止（因暂停执行顺延）"


def test_the_use_of_a_contested_record_is_paused(city, visit):
    record = city.record()
    city.sanction(record)
    number = accepted(city, record)
    state, since, _, why = used(page_of(visit, "subject", record))
    assert (state, since, why) == (
        "暂停",
        "2026年8月3日",
        f"异议核实期间不据以执行惩戒措施{number}",
    )


def test_a_revoked_record_says_what_stopped_its_use_and_names_each_case_once(city, visit):
    record = city.record()
    city.sanction(record)
    fix = revoked(city, record)
    page = page_of(visit, "subject", record)
    assert used(page) == ["已停止", "2026年8月3日", "—", f"记录已撤销：撤销决定书{fix}"]
    assert "可据以惩戒" not in page.text
    version = page.all(".timeline li")[0].get_text()
    assert "第2版 · 撤销" in version
    assert version.count(fix) == 1


def test_nobody_is_asked_to_object_to_what_has_ended(city, visit):
    record = city.record()
    revoked(city, record)
    page = page_of(visit, "subject", record)
    assert not page.has("main a[href*='/cases/new']")
    assert "本记录已撤销" in page.text


def test_a_sanction_names_the_other_records_on_which_it_rests(city, visit):
    record, other = city.record(), city.record("provider2")
    city.sanction(record, other)
    link = f'td a[href="/records/{other}"]'
    assert page_of(visit, "subject", record).has(link)
    unseen = page_of(visit, "provider", record)
    assert not unseen.has(link)
    assert "1条其他单位的记录" in unseen.text


def test_a_sanction_that_goes_on_without_a_revoked_record_says_so(city, visit):
    record, other = city.record(), city.record()
    city.sanction(record, other)
    revoked(city, record)
    page = page_of(visit, "subject", record)
    assert cell(page, "执行情况").startswith("已通知恢复")
    suspension = db.session.scalars(sa.select(Case.number).where(Case.kind == "suspension")).one()
    city.take(suspension, "confirm_resumed", "executor", executed_on="2026-08-03")
    said = cell(page_of(visit, "subject", record), "执行情况")
    assert said.startswith("执行中")
    assert "依据其他有效记录" in said
    ended = page_of(visit, "subject", other)
    assert "已撤销" in cell(ended, "同时依据的其他记录")


@pytest.mark.parametrize("address", ["/records", "/records/{}"])
def test_kinds_of_penalty_are_parted_as_chinese_does(city, visit, address):
    record = city.record(penalty_kind="罚款;责令停产停业", valid_until="2099-12-31")
    page = visit("subject").get(address.format(record))
    assert "罚款、责令停产停业" in page.text
    assert "2099" not in page.text


def test_a_day_that_stands_for_no_end_is_called_so(city, visit):
    record = city.record(valid_until="2099-12-31")
    assert "长期" in page_of(visit, "subject", record).text
