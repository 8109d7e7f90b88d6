"""The calendar: which days are worked in China, and when a length is over."""

from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]  # it says nothing of its types
import pytest
from hypothesis import given, strategies as st

from app.deadlines.calendar import (
    KNOWN,
    NOTICED,
    Calendar,
    Counted,
    End,
    OutOfCalendar,
    Year,
    national,
)
from workflows.rules import Length

DAYS = st.dates(date(2013, 1, 1), date(2060, 12, 31))
NUMBERS = st.integers(0, 400)
UNITS = st.sampled_from(["working_day", "calendar_day", "month", "year"])


def working_days(number: int) -> Length:
    return Length(number, "working_day")


@pytest.mark.parametrize(
    ("start", "number", "due_on"),
    [
        ("2026-09-18", 3, "2026-09-22"),  # 09-20 is a Sunday that is worked
        ("2026-09-24", 7, "2026-10-12"),
        ("2026-09-29", 5, "2026-10-12"),
        ("2026-11-20", 7, "2026-12-01"),
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
        ("2026-01-03", 0, "2026-01-03"),
    ],
)
def test_working_days_are_counted_as_the_state_council_arranged_them(start, number, due_on):
    end = national().add(date.fromisoformat(start), working_days(number))
    assert end == End(date.fromisoformat(due_on), provisional=False)


@pytest.mark.parametrize("year", NOTICED)
def test_it_agrees_with_a_second_package_on_each_day_of_a_year_with_a_notice(year):
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    assert [day for day in days if national().is_working_day(day)] == [
        day for day in days if chinese_calendar.is_workday(day)
    ]


def test_monday_to_friday_would_be_wrong():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    off = {day for day in days if day.weekday() < 5 and not national().is_working_day(day)}
    worked = {day for day in days if day.weekday() >= 5 and national().is_working_day(day)}
    assert len(off) == 19
    assert worked == {
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    }


@pytest.mark.parametrize(
    ("start", "length", "due_on"),
    [
        ("2026-01-31", Length(1, "month"), "2026-02-28"),
        ("2024-01-31", Length(1, "month"), "2024-02-29"),
        ("2026-11-30", Length(3, "month"), "2027-02-28"),
        ("2024-02-29", Length(1, "year"), "2025-02-28"),
        ("2026-08-31", Length(6, "month"), "2027-02-28"),
        ("2026-06-04", Length(1, "year"), "2027-06-04"),
        ("2026-10-03", Length(60, "calendar_day"), "2026-12-02"),
        ("2026-09-01", Length(30, "calendar_day"), "2026-10-01"),  # a holiday, and not rolled
    ],
)
def test_calendar_lengths_end_on_the_same_number_or_the_last_of_the_month(start, length, due_on):
    end = national().add(date.fromisoformat(start), length)
    assert end == End(date.fromisoformat(due_on), provisional=False)


@pytest.mark.parametrize(
    ("start", "length", "provisional"),
    [
        (date(2026, 12, 30), working_days(1), False),
        (date(2026, 12, 31), working_days(1), True),
        (date(2026, 12, 31), working_days(0), False),
        (date(2026, 12, 31), Length(1, "month"), False),
        (date(2027, 5, 1), Length(60, "calendar_day"), False),
        (date(2028, 5, 1), working_days(3), True),
    ],
)
def test_working_days_of_a_year_without_a_notice_are_provisional(start, length, provisional):
    assert national().add(start, length).provisional is provisional


def test_a_notice_settles_what_was_provisional():
    unsettled = Calendar([Year(2026, {}, frozenset(), noticed=False)])
    settled = Calendar([Year(2026, {date(2026, 1, 2): "元旦"}, frozenset(), noticed=True)])
    assert unsettled.add(date(2026, 1, 1), working_days(1)) == End(date(2026, 1, 2), True)
    assert settled.add(date(2026, 1, 1), working_days(1)) == End(date(2026, 1, 5), False)


def test_it_does_not_guess_beyond_the_years_it_knows():
    calendar = national()
    before, after = date(KNOWN[0] - 1, 12, 31), date(KNOWN[-1] + 1, 1, 1)
    for day in (before, after):
        with pytest.raises(OutOfCalendar):
            calendar.is_working_day(day)
    with pytest.raises(OutOfCalendar):
        calendar.add(before, working_days(1))
    with pytest.raises(OutOfCalendar):
        calendar.add(date(2026, 1, 1), working_days(100_000))
    with pytest.raises(OutOfCalendar):
        calendar.add(date(2026, 1, 1), Length(9000, "year"))


def test_calendar_lengths_need_no_holidays():
    assert national().add(date(1999, 3, 31), Length(1, "year")).due_on == date(2000, 3, 31)


def test_years_must_follow_each_other():
    with pytest.raises(ValueError, match="follow"):
        Calendar([Year(2024, {}, frozenset(), True), Year(2026, {}, frozenset(), True)])


def test_it_explains_each_day_on_the_way():
    days = national().explain(date(2026, 9, 18), working_days(3))
    assert days == (
        Counted(date(2026, 9, 18), False, "起算日不计"),
        Counted(date(2026, 9, 19), False, "周末"),
        Counted(date(2026, 9, 20), True, "调休上班"),
        Counted(date(2026, 9, 21), True, "工作日"),
        Counted(date(2026, 9, 22), True, "工作日"),
    )


def test_it_names_the_holiday_and_the_missing_notice():
    assert national().why(date(2026, 10, 1)) == "国庆节"
    assert national().why(date(2027, 10, 1)) == "国庆节（2027年放假安排尚未公布）"


def test_it_explains_where_a_month_without_that_day_ends():
    start, end = national().explain(date(2026, 1, 31), Length(1, "month"))
    assert (start.counts, end.day, end.why) == (False, date(2026, 2, 28), "当月末日届满")
    assert len(national().explain(date(2026, 1, 1), Length(60, "calendar_day"))) == 61


@given(DAYS, DAYS, NUMBERS, UNITS)
def test_whoever_begins_later_never_ends_earlier(one, other, number, unit):
    first, second = sorted((one, other))
    length = Length(number, unit)
    assert national().add(first, length).due_on <= national().add(second, length).due_on


@given(DAYS, NUMBERS, NUMBERS, UNITS)
def test_a_longer_length_never_ends_earlier(start, one, other, unit):
    shorter, longer = (Length(number, unit) for number in sorted((one, other)))
    assert national().add(start, shorter).due_on <= national().add(start, longer).due_on


@given(DAYS, NUMBERS)
def test_as_many_working_days_lie_between_as_were_added(start, number):
    end = national().add(start, working_days(number)).due_on
    assert national().working_days_between(start, end) == number
    assert national().working_days_between(end, start) == -number
    assert number == 0 or national().is_working_day(end)


@given(DAYS, NUMBERS, NUMBERS)
def test_working_days_may_be_added_in_parts(start, one, other):
    halfway = national().add(start, working_days(one)).due_on
    whole = national().add(start, working_days(one + other)).due_on
    assert national().add(halfway, working_days(other)).due_on == whole


@given(DAYS, st.integers(0, 60), st.sampled_from(["working_day", "calendar_day"]))
def test_the_explanation_counts_what_was_added(start, number, unit):
    days = national().explain(start, Length(number, unit))
    assert sum(day.counts for day in days) == number
    assert days[-1].day == national().add(start, Length(number, unit)).due_on
