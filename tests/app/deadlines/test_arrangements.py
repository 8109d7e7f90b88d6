"""A year's arrangement of holidays as a file: read whole, or refused with every fault."""

from datetime import date

import pytest

from app.deadlines.arrangements import read, year_from
from app.deadlines.calendar import national
from app.errors import Invalid
from tests.app.deadlines.arranged import OF_2027
from workflows.rules import Length


def faults(text):
    with pytest.raises(Invalid) as refused:
        read(text)
    return refused.value.faults


def test_a_notice_tells_which_days_are_off_and_which_weekends_are_worked():
    found = read(OF_2027)
    assert found.source == "关于2027年部分节假日安排的通知（示例）"
    year = found.year
    assert year.noticed
    assert year.off[date(2027, 2, 11)] == "春节"
    assert date(2027, 2, 14) in year.worked
    assert not year.works(date(2027, 2, 11))
    assert year.works(date(2027, 2, 14))


def test_a_year_comes_back_from_how_it_is_kept():
    found = read(OF_2027)
    assert year_from(2027, found.as_json()) == found.year
    assert found.digest == read(OF_2027 + "\n# 备注\n").digest
    assert found.digest != read(OF_2027.replace("示例", "更正")).digest


def test_what_lies_in_the_year_is_no_longer_provisional():
    then = national().with_years([read(OF_2027).year])
    before, after = (
        one.add(date(2026, 12, 30), Length(3, "working_day")) for one in (national(), then)
    )
    assert (before.due_on, before.provisional) == (date(2027, 1, 5), True)
    assert (after.due_on, after.provisional) == (date(2027, 1, 6), False)


def test_other_years_stay_as_they_are():
    then = national().with_years([read(OF_2027).year])
    assert then.year(2026) == national().year(2026)
    assert then.add(date(2028, 1, 3), Length(5, "working_day")).provisional


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("year = 2027", "year = 2026", "year", "程序已有"),
        ("year = 2027", "year = 3027", "year", "只到2099年"),
        ("year = 2027", 'year = "2027"', "year", "请写明年份"),
        ("year = 2027", "year = 2028", "holiday[1].from", "不在2028年内"),
        ("year = 2027", "year = 2027\ncolour = 1", "colour", "不认识的项目"),
        ('"关于2027年部分节假日安排的通知（示例）"', '" "', "source", "标题和文号"),
        ("[[holiday]]", "[[feast]]", "holiday", "没有节日"),
        ('name = "元旦"', 'name = ""', "holiday[1].name", "节日名称"),
        ('name = "元旦"', 'name = "元旦"\nsort = 1', "holiday[1].sort", "不认识的项目"),
        ("from = 2027-01-01", 'from = "2027-01-01"', "holiday[1].from", "不加引号"),
        ("from = 2027-01-01", "from = 2027-01-01T00:00:00", "holiday[1].from", "不加引号"),
        ("to = 2027-01-04", "to = 2026-01-04", "holiday[1].to", "不在2027年内"),
        ("to = 2027-10-07", "to = 2027-09-30", "holiday[7].to", "早于放假的第一天"),
        ("worked = [2027-05-08]", "worked = 2027-05-08", "holiday[4].worked", "日期的列表"),
        ("worked = [2027-02-14", "worked = [2027-02-15", "holiday[2].worked", "不是周末"),
        ("worked = [2027-02-14", 'worked = ["x"', "holiday[2].worked", "不加引号"),
        ("worked = [2027-02-14", "worked = [2027-02-07", "holiday", "既放假又上班"),
        ("from = 2027-06-09", "from = 2027-05-04", "holiday[5]", "出现了两次"),
        (
            "from = 2027-09-15",
            "from = 2027-09-16",
            "holiday",
            "缺少法定节假日：2027-09-15（中秋节）",
        ),
    ],
)
def test_what_cannot_be_right_is_told_field_by_field(old, new, field, said):
    text = OF_2027.replace(old, new)
    assert text != OF_2027
    found = faults(text)
    assert said in found[field], found


def test_what_is_no_toml_is_refused_as_a_whole():
    assert "不是有效的 TOML" in faults("year = ")[""]


def test_a_holiday_is_written_as_a_table():
    found = faults('year = 2027\nsource = "通知"\nholiday = [1]\n')
    assert "[[holiday]]" in found["holiday[1]."]
