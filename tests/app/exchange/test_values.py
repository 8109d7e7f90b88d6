"""Values are read as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from app.exchange import values
from app.exchange.values import Refused
from tests.app.exchange.exports import citizen_id, firm_code


@pytest.mark.parametrize(
    "raw",
    [
        "2026/06/04",
        "2026/6/4",
        "2026-06-04",
        "20260604",
        "2026年6月4日",
        "2026年06月04日",
        " ２０２６－０６－０４　",
        "2026.06.04",
        "2026-06-04 00:00:00",
    ],
)
def test_a_day_is_read_in_every_shape_that_occurs(raw):
    assert values.day(raw) == date(2026, 6, 4)


@pytest.mark.parametrize(
    "raw", ["2025/02/30", "2026/13/01", "46177", "6月4日", "明天", "٢٠٢٦/06/04x"]
)
def test_what_is_no_day_is_refused(raw):
    with pytest.raises(Refused, match="2026-06-04"):
        values.day(raw)


@pytest.mark.parametrize("raw", ["", "无处罚期限", "1900-01-01", "1900/01/01", "长期"])
def test_some_days_of_the_exports_mean_that_there_is_none(raw):
    assert values.end_day(raw) is None


def test_a_day_that_stands_for_no_end_is_kept_as_it_is_written():
    assert values.end_day("2099/12/31") == date(2099, 12, 31)


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [
        ("6.97", "69700"),
        ("0", "0"),
        ("0.0001", "1"),
        ("0.2", "2000"),
        ("1,234.5", "12345000"),
        ("０．１２３４５６", "1234.56"),
        ("", None),
        ("100", "1000000"),
    ],
)
def test_amounts_in_ten_thousands_become_yuan(raw, yuan):
    assert values.yuan(raw) == yuan


@pytest.mark.parametrize(
    "raw",
    ["-3", "－3", "三万元整", "1e3", "NaN", "Infinity", "0.0000001", "1,23", "9" * 40, "1 000元"],
)
def test_what_is_no_amount_is_refused(raw):
    with pytest.raises(Refused):
        values.yuan(raw)


@given(st.decimals(0, 10**9, places=6))
def test_yuan_are_ten_thousand_times_what_the_file_says(amount):
    found = values.yuan(f"{amount:f}")
    assert found is not None
    assert Decimal(found) == amount * 10_000


def test_a_code_is_read_through_full_width_and_blanks():
    assert values.unified("　９１４４１３００Ｘ９ＣＮ４ＭＧＴ７Ｕ ") == "91441300X9CN4MGT7U"


@pytest.mark.parametrize("raw", ["91441300MA4W0CHM2Z", "9144130", "I1441300X9CN4MGT7U"])
def test_a_wrong_code_is_refused(raw):
    with pytest.raises(Refused, match="统一社会信用代码"):
        values.unified(raw)


@given(st.integers(0, 10**9 - 1))
def test_every_code_with_its_check_digit_is_taken_and_no_other(number):
    right = firm_code(number)
    assert values.unified(right) == right
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    with pytest.raises(Refused):
        values.unified(wrong)


def test_an_id_is_not_refused_for_a_region_that_came_later_than_its_holder():
    born_before_the_region = citizen_id("44130219500101001")
    assert values.citizen_id(born_before_the_region) == born_before_the_region


@pytest.mark.parametrize(
    "raw",
    [
        "441302198001010011",
        "44130219800230001X",
        "4413021980010",
        "A" * 18,
        "130503670401001",
        "44130219800101００１１",
    ],
)
def test_an_id_with_a_wrong_length_day_or_check_digit_is_refused(raw):
    with pytest.raises(Refused, match="身份证"):
        values.citizen_id(raw)


@pytest.mark.parametrize(
    "name", ["䶮测", "𬭼㛃", "惠州𠅤记商行", "阿卜杜拉·买买提", "=HYPERLINK(1)", "第一行\n第二行"]
)
def test_any_name_is_kept_as_it_is(name):
    assert values.text(f"　{name} ") == name


def test_composed_and_decomposed_characters_become_the_same():
    assert values.text("Cafe\u0301") == values.text("Café")


@pytest.mark.parametrize("raw", ["坏\ufffd字", "控\x00制", "响\x07铃", "半\ud840字"])
def test_what_no_database_can_keep_is_refused(raw):
    with pytest.raises(Refused):
        values.text(raw)


@given(st.text(max_size=40))
def test_whatever_comes_is_read_or_refused_with_a_reason(raw):
    for read in (
        values.text,
        values.code,
        values.unified,
        values.citizen_id,
        values.day,
        values.end_day,
        values.yuan,
        values.document_number,
    ):
        assert reason(read, raw) != ""


def reason(read, raw):
    """Why a value is refused; None where it is not."""
    try:
        read(raw)
    except Refused as refused:
        return str(refused)
    return None
