"""Numbers go up by one, whatever is rolled back and whoever takes them at the same time."""

from __future__ import annotations

import contextlib
import threading

import pytest

from app.db import transaction
from app.notices.numbering import take, take_numbers, text


def test_a_series_begins_at_one_and_goes_on(session):
    with transaction():
        assert list(take("YY-2026")) == [1]
        assert list(take("YY-2026", 3)) == [2, 3, 4]
        assert list(take("HS-2026")) == [1]


def test_several_series_are_taken_at_once_and_begin_anew_with_the_year(session):
    with transaction():
        assert take_numbers({"某信核函": 2, "某信异受": 1}, 2026) == {
            "某信异受": range(1, 2),
            "某信核函": range(1, 3),
        }
        assert take_numbers({"某信异受": 1}, 2027) == {"某信异受": range(1, 2)}
        assert take_numbers({"某信异受": 1}, 2026) == {"某信异受": range(2, 3)}


def test_what_is_rolled_back_leaves_no_gap(session):
    with transaction():
        take("某信异受〔2026〕", 2)
    with pytest.raises(ZeroDivisionError), transaction():
        take("某信异受〔2026〕", 5)
        raise ZeroDivisionError
    with transaction():
        assert list(take("某信异受〔2026〕")) == [3]


def test_a_number_is_written_without_leading_zeros_in_hexagonal_brackets():
    assert text("某信异受", 2026, 1) == "某信异受〔2026〕1号"


def test_no_number_at_all_cannot_be_taken(session):
    with pytest.raises(ValueError, match="cannot take 0"):
        take("YY-2026", 0)


def test_threads_that_roll_back_now_and_then_leave_no_gap_and_no_double(make_app):
    app = make_app()
    taken: list[int] = []

    def work(seed: int) -> None:
        with app.app_context():
            for turn in range(20):
                with contextlib.suppress(ZeroDivisionError):
                    with transaction():
                        (number,) = take("某信核函〔2026〕")
                        _ = 1 / ((turn + seed) % 5)
                    taken.append(number)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 65))
