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
        "2026-6-4 9:30",
        "2026/06/04 10:20:30",
        "2026-06-04T10:20:30.123",
        "2026-06-03T16:00:00Z",
        "2026-06-04T00:00:00.000+08:00",
        "20260604102030",
        "2026年6月4号",
        "2026年6月4日 10时20分",
        "二〇二六年六月四日",
        "二○二六年六月四日",
        "二零二六年六月四日",
        "46177",
        "46177.4375",
    ],
)
def test_a_day_is_read_in_every_shape_that_occurs(raw):
    assert values.day(raw) == date(2026, 6, 4)


@pytest.mark.parametrize(
    "raw",
    ["2025/02/30", "2026/13/01", "4617", "6月4日", "明天", "٢٠٢٦/06/04x", "二〇二六年十三月一日"],
)
def test_what_is_no_day_is_refused(raw):
    with pytest.raises(Refused, match="2026-06-04"):
        values.day(raw)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("二〇二五年十月十日", date(2025, 10, 10)),
        ("二〇二五年十二月三十一日", date(2025, 12, 31)),
        ("二〇二五年十一月二十日", date(2025, 11, 20)),
    ],
)
def test_a_day_is_read_in_characters(raw, found):
    assert values.day(raw) == found


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "无处罚期限",
        "1900-01-01",
        "1900/01/01",
        "1900-01-01 00:00:00",
        "19000101",
        "长期",
        "长期有效",
        "无",
        "/",
        "9999年12月31日",
    ],
)
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
        ("6.97万元", "69700"),
        ("6.97 万", "69700"),
        ("69700元", "69700"),
        ("69,700.50元", "69700.5"),
        ("１，２３４．５", "12345000"),
        ("人民币69700元", "69700"),
        ("￥69,700元", "69700"),
        ("/", None),
        ("无", None),
    ],
)
def test_amounts_in_ten_thousands_become_yuan(raw, yuan):
    assert values.yuan(raw) == yuan


@pytest.mark.parametrize(
    "raw",
    [
        "-3",
        "－3",
        "三万元整",
        "1e3",
        "NaN",
        "Infinity",
        "0.0000001",
        "1,23",
        "9" * 40,
        "￥5",
        "0.001元",
        "5美元",
    ],
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


@pytest.mark.parametrize("raw", ["0" * 18, "/", "无", "—"])
def test_what_stands_for_no_code_is_none(raw):
    """Eighteen zeros have the right check digit."""
    assert values.unified(raw) is None


@pytest.mark.parametrize("raw", ["M000100Y-4", "M000100Y4", "ｍ000100Y－４", "91350100M000100Y43"])
def test_a_code_of_an_organisation_is_read_with_its_check_digit(raw):
    assert values.organisation(raw) == values.narrow(raw).upper()


@pytest.mark.parametrize("raw", ["M000100Y-5", "12345678", "M000100Y44"])
def test_a_wrong_code_of_an_organisation_is_refused(raw):
    with pytest.raises(Refused, match="组织机构代码"):
        values.organisation(raw)


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
        values.plain_yuan,
        values.organisation,
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
