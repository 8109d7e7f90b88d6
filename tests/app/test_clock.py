"""The clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_day_ends_at_midnight_in_shanghai():
    assert clock.day_of(datetime(2026, 4, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 4, 1)
    assert clock.day_of(datetime(2026, 4, 1, 16, 0, tzinfo=UTC)) == date(2026, 4, 2)


def test_the_clock_can_stand_at_a_moment():
    with clock.at(datetime(2026, 4, 1, 23, 30, tzinfo=clock.SHANGHAI)):
        assert clock.now() == datetime(2026, 4, 1, 15, 30, tzinfo=UTC)
        assert clock.now().utcoffset() == timedelta(0)
        assert clock.today() == date(2026, 4, 1)


def test_the_clock_can_stand_on_a_day():
    with clock.at(date(2026, 2, 17)):
        assert clock.today() == date(2026, 2, 17)
        assert clock.now() == datetime(2026, 2, 17, 1, 0, tzinfo=UTC)


def test_it_runs_on_afterwards_even_after_a_fault():
    with pytest.raises(ZeroDivisionError), clock.at(date(2026, 2, 17)), clock.at(date(2026, 3, 1)):
        raise ZeroDivisionError
    assert clock.today() != date(2026, 2, 17)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 4, 1)):  # noqa: DTZ001 -- what is refused
        pass
    with pytest.raises(ValueError, match="time zone"):
        clock.day_of(datetime(2026, 4, 1))  # noqa: DTZ001 -- what is refused
