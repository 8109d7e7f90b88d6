"""How long a sanction runs when time under suspension is added."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.records.period import runs_until


@dataclass(frozen=True)
class Year:
    starts_on: date = date(2026, 1, 1)
    ends_on: date | None = date(2027, 1, 1)


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("holds", "end"),
    [
        ([], date(2027, 1, 1)),
        ([(date(2026, 3, 1), date(2026, 3, 11))], date(2027, 1, 11)),
        # two cases held the same days: they are added once
        (
            [
                (date(2026, 3, 1), date(2026, 3, 11)),
                (date(2026, 3, 5), date(2026, 3, 21)),
            ],
            date(2027, 1, 21),
        ),
        # an open hold counts up to today
        ([(date(2026, 11, 11), None)], date(2027, 1, 11)),
        # held before it began: only days of the period count
        ([(date(2025, 12, 1), date(2026, 1, 6))], date(2027, 1, 6)),
        # after the end nothing is left to add
        ([(date(2027, 2, 1), date(2027, 3, 1))], date(2027, 1, 1)),
        # a hold within the time that an earlier hold added
        (
            [
                (date(2026, 12, 1), date(2026, 12, 31)),
                (date(2027, 1, 15), date(2027, 1, 25)),
            ],
            date(2027, 2, 10),
        ),
    ],
)
def test_days_held_are_added_at_the_end(holds, end):
    assert runs_until(Year(), holds, TODAY, "no") == end


def test_nothing_is_added_where_suspended_time_counts():
    holds = [(date(2026, 3, 1), date(2026, 3, 11))]
    assert runs_until(Year(), holds, TODAY, "yes") == date(2027, 1, 1)


def test_a_sanction_without_end_stays_without_end():
    holds = [(date(2026, 3, 1), None)]
    assert runs_until(Year(ends_on=None), holds, TODAY, "no") is None


days = st.dates(date(2025, 11, 1), date(2027, 6, 1))
intervals = st.tuples(days, st.integers(0, 90)).map(lambda p: (p[0], p[0] + timedelta(days=p[1])))


@given(st.lists(intervals, max_size=6))
def test_the_sanction_is_executed_for_as_many_days_as_were_laid_down(holds):
    end = runs_until(Year(), holds, TODAY, "no")
    assert end is not None
    every_day = (Year().starts_on + timedelta(days=n) for n in range((end - Year().starts_on).days))
    executed = [day for day in every_day if not any(since <= day < until for since, until in holds)]
    assert len(executed) == 365
