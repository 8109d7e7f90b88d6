"""Every notice stands on the page as GB/T 9704-2012 has it, measured from the finished file."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Final

import pytest

from app.notices.drawing import SEAL
from app.sealing import picture
from app.typesetting.pages import Drawn
from app.typesetting.pdf import draw
from tests.notices.measuring import (
    BOTTOM,
    CHARACTER,
    LEFT,
    LINE,
    MILLIMETRE,
    NEAR,
    RIGHT,
    TOP,
    Row,
    Sheet,
    ink,
    sheets,
)
from tests.notices.samples import NOTICES, sample
from tests.notices.test_drawing import STYLE, page_of, simple

MIDDLE: Final = (LEFT + RIGHT) / 2
BODY, TITLE, SMALL, FOLIO = 16, 22, 14, 14
FOOT: Final = 0.38
"""How far the foot of a line is below the middle of its characters, in parts of their size."""


def shape(notice: str) -> str:
    """`notice`, `letter`, `form` or `own`, as its page of HTML says."""
    context = sample(notice)
    html = page_of(context).html
    return html.partition('<body class="')[2].partition('"')[0]


SHAPES: Final = {notice: shape(notice) for notice in NOTICES}
PLAIN: Final = [one for one in NOTICES if SHAPES[one] == "notice"]
LETTERS: Final = [one for one in NOTICES if SHAPES[one] == "letter"]
SEALED: Final = [one for one in NOTICES if SHAPES[one] != "own"]
ADDRESSED: Final = [one for one in NOTICES if 'class="to"' in page_of(sample(one)).html]
COPIED: Final = [one for one in NOTICES if sample(one)["notice"]["copies"]]


class Notice:
    """A notice as it was drawn, and as its pages measure."""

    def __init__(self, drawn: Drawn) -> None:
        self.pdf, self.places = drawn.pdf, drawn.places
        self.sheets = sheets(drawn.pdf)

    @property
    def first(self) -> Sheet:
        return self.sheets[0]

    def ending(self, notice: str) -> tuple[Sheet, list[Row]]:
        """The page of the seal, and its rows from top to bottom."""
        del notice
        page = self.sheets[self.places[SEAL].page]
        return page, list(page.rows)


@pytest.fixture(scope="module")
def notices() -> Callable[[str], Notice]:
    """Each notice, drawn when it is asked for and only once."""
    drawn: dict[str, Notice] = {}

    def of(name: str) -> Notice:
        if name not in drawn:
            drawn[name] = Notice(draw(page_of(sample(name))))
        return drawn[name]

    return of


def over(row: Row) -> float:
    """The upper edge of the squares that its characters stand in."""
    return row.foot - (0.5 + FOOT) * row.size * MILLIMETRE


def under(row: Row) -> float:
    """Their lower edge."""
    return row.foot + (0.5 - FOOT) * row.size * MILLIMETRE


def line_over(row: Row) -> float:
    """The upper edge of a line of the body, which is higher than its characters."""
    return row.foot - FOOT * row.size * MILLIMETRE - LINE / 2


def near(value: float | tuple[float, float]) -> Any:
    return pytest.approx(value, abs=NEAR)


def head(notice: str) -> dict[str, Any]:
    told: dict[str, Any] = sample(notice)["notice"]
    return told


def large(row: Row) -> bool:
    """Whether it is set in the size of the text."""
    return abs(row.size - BODY) < 0.1


def signature(notice: str, page: Sheet) -> tuple[Row, Row]:
    """The row of the name and the row of the date below the text."""
    date = [one for one in page.rows if one.text == "2026年11月21日" and large(one)][-1]
    names = [one for one in page.rows if one.text == head(notice)["issuer"]["name"]]
    return next(one for one in reversed(names) if one.foot < date.foot), date


# --- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize("notice", NOTICES)
def test_every_page_is_a4_and_nothing_stands_outside_of_the_area_of_type(notices, notice):
    for page in notices(notice).sheets:
        assert (page.width, page.height) == near((210, 297))
        for row in page.rows:
            if is_folio(row):
                continue
            assert row.left >= LEFT - 0.1, row.text
            assert row.right <= RIGHT + CHARACTER / 2, row.text  # a closing sign may stand out
            top = 30 if page.number == 1 and SHAPES[notice] == "letter" else TOP
            assert row.characters[0].red or top <= over(row) + NEAR, row.text
            assert under(row) <= BOTTOM + 0.1, row.text


def is_folio(row: Row) -> bool:
    return row.foot > BOTTOM and row.size == pytest.approx(FOLIO, abs=0.1) and row.of("宋体")


@pytest.mark.parametrize("notice", NOTICES)
def test_its_page_numbers_stand_seven_millimetres_below_outside(notices, notice):
    for page in notices(notice).sheets:
        found = [row for row in page.rows if is_folio(row)]
        if page.number == 1 and SHAPES[notice] == "letter":
            assert found == []
            continue
        (row,) = found
        assert row.text.replace(" ", "") == f"—{page.number}—"
        left, _, right, _ = ink(notices(notice).pdf, row)
        dash = Row(characters=(row.characters[0],))
        assert ink(notices(notice).pdf, dash)[1] == near(BOTTOM + 7)
        one = FOLIO * MILLIMETRE
        assert (RIGHT - right if page.number % 2 else left - LEFT) == near(one)


def test_a_full_line_has_28_characters_and_a_full_page_22_lines():
    text = "国" * 28 * 30
    html = f"<html lang='zh-CN'><body><p style='text-indent:0'>{text}</p></body></html>"
    page, *more = sheets(draw(simple(html, STYLE)).pdf)
    rows = [row for row in page.rows if not is_folio(row)]
    assert len(rows) == 22
    assert {len(row.text) for row in rows} == {28}
    assert [row.size for row in rows] == [pytest.approx(BODY, abs=0.1)] * 22
    assert (line_over(rows[0]), line_over(rows[-1]) + LINE) == near((TOP, BOTTOM))
    pitch = (rows[0].characters[-1].left - rows[0].left) / 27
    assert (rows[0].left, pitch) == pytest.approx((LEFT, CHARACTER), abs=0.01)
    assert len(more) == 1


def test_lines_stand_equally_far_apart_whatever_is_in_them():
    text = "国家机关2026年ABC“引号”䶮㛃𬭼𠅤鑫燚·" * 20
    html = f"<html lang='zh-CN'><body><p>{text}</p></body></html>"
    page, *_ = sheets(draw(simple(html, STYLE)).pdf)
    feet = [row.foot for row in page.rows if not is_folio(row)]
    steps = [after - before for before, after in itertools.pairwise(feet)]
    assert len(feet) > 10
    assert steps == pytest.approx([LINE] * len(steps), abs=0.05)


@pytest.mark.parametrize("notice", NOTICES)
def test_its_text_is_16_point_fangsong_and_its_title_22_point_song(notices, notice):
    pages = notices(notice).sheets
    sizes = [one for page in pages for one in page.characters if "仿宋" in one.font]
    body = [one for one in sizes if abs(one.size - BODY) < 0.1]
    assert len(body) > 0 or notice == "service.receipt"
    title = [row for row in pages[0].rows if row.of("小标宋") and not row.characters[0].red]
    assert {round(row.size, 1) for row in title} == {TITLE}
    assert [row.middle for row in title] == [near(MIDDLE)] * len(title)
    allowed = (7, 7.5, 9, 12, 14, 16, 22)
    for page in pages:
        for one in page.characters:
            assert one.red or min(abs(one.size - size) for size in allowed) < 0.1


@pytest.mark.parametrize("notice", NOTICES)
def test_no_line_begins_with_what_closes_and_none_ends_with_what_opens(notices, notice):
    for page in notices(notice).sheets:
        for row in page.rows:
            assert row.text[0] not in "、。，；：？！）》〕”’", row.text
            assert row.text.rstrip()[-1:] not in "（《〔“‘" or row.text.strip() == "", row.text


@pytest.mark.parametrize("notice", NOTICES)
def test_no_heading_stands_at_the_foot_of_a_page(notices, notice):
    for page in notices(notice).sheets[:-1]:
        last = [row for row in page.rows if not is_folio(row)][-1]
        assert not last.of("黑体"), last.text


# --- the head --------------------------------------------------------------------------------


@pytest.mark.parametrize("notice", PLAIN + LETTERS)
def test_its_mark_is_red_and_stands_at_its_height(notices, notice):
    one = notices(notice)
    (mark,) = [row for row in one.first.rows if row.characters[0].red]
    assert mark.text == head(notice)["issuer"]["name"]
    assert mark.of("小标宋")
    assert mark.middle == near(MIDDLE)
    _, top, _, _ = ink(one.pdf, mark)
    assert top == near(TOP + 35 if SHAPES[notice] == "notice" else 30)


@pytest.mark.parametrize("notice", PLAIN)
def test_its_number_red_line_title_and_addressee_follow_each_other(notices, notice):
    one = notices(notice)
    (mark,) = [row for row in one.first.rows if row.characters[0].red]
    number = one.first.row(head(notice)["number"])
    line = max((band for band in one.first.bands if band.red), key=lambda band: band.height)
    inside = min((band for band in one.first.bands if band.red), key=lambda band: band.height)
    red_line = (inside.bottom, line.bottom)
    assert number.middle == near(MIDDLE)
    assert line_over(number) - under(mark) == near(2 * LINE)
    assert red_line[0] - under(number) == near(4)
    assert red_line[1] - red_line[0] == pytest.approx(0.5, abs=0.05)
    assert (line.left, line.right) == near((LEFT, RIGHT))
    title = next(row for row in one.first.rows if row.of("小标宋") and not row.characters[0].red)
    assert line_over(title) - red_line[1] == near(2 * LINE)


@pytest.mark.parametrize("notice", LETTERS)
def test_a_letter_has_double_lines_above_and_below(notices, notice):
    one = notices(notice)
    (mark,) = [row for row in one.first.rows if row.characters[0].red]
    bands = sorted({(b.top, b.bottom, b.left, b.right) for b in one.first.bands if b.red})
    outer = sorted(bands, key=lambda band: band[1] - band[0])[-2:]
    above, below = sorted(outer)
    inner_above, inner_below = sorted(band for band in bands if band not in outer)
    for band in (above, below):
        assert band[3] - band[2] == near(170)
        assert (band[2] + band[3]) / 2 == near(105)
    assert above[0] - ink(one.pdf, mark)[3] == near(4)
    assert below[1] == near(297 - 20)
    assert inner_above[0] - above[0] > above[1] - inner_above[1], "the upper line is the thick one"
    assert inner_below[0] - below[0] < below[1] - inner_below[1], "the lower line is the thick one"
    assert one.first.row(head(notice)["number"]).right == near(RIGHT)
    assert all(not any(band.red for band in page.bands) for page in one.sheets[1:])


@pytest.mark.parametrize("notice", ADDRESSED)
def test_the_addressee_stands_flush_left_one_line_below_the_title(notices, notice):
    page = notices(notice).first
    title = [row for row in page.rows if row.of("小标宋") and not row.characters[0].red][-1]
    below = title
    if SHAPES[notice] in {"form", "own"}:
        below = page.row(head(notice)["number"])
    after = [row for row in page.rows if row.foot > below.foot + 1]
    to = after[0]
    assert to.left == near(LEFT)
    assert line_over(to) - (line_over(below) + LINE) == near(LINE), (to.text, below.text)
    told = ""
    for row in after:
        told += row.text
        if row.text.endswith("："):
            break
    assert told.endswith("：")
    assert told.startswith(head(notice)["addressee"]["name"])


# --- the end ---------------------------------------------------------------------------------


@pytest.mark.parametrize("notice", SEALED)
def test_its_name_stands_over_its_date_four_characters_from_the_right(notices, notice):
    page, _ = notices(notice).ending(notice)
    name, date = signature(notice, page)
    assert RIGHT - date.right == near(4 * CHARACTER)
    assert name.middle == near(date.middle)
    assert date.foot - name.foot == near(LINE)


@pytest.mark.parametrize("notice", SEALED)
def test_its_seal_presses_both_and_begins_within_a_line_of_the_text(notices, notice):
    one = notices(notice)
    page, rows = one.ending(notice)
    name, date = signature(notice, page)
    seal = one.places[SEAL]
    assert seal.x == near(date.middle)
    top, bottom = seal.y - picture.DIAMETER / 2, seal.y + picture.DIAMETER / 2
    text = [row for row in rows if row.foot < name.foot - 1 and row.size > 10]
    assert 0 <= top - under(text[-1]) <= LINE
    assert over(name) <= seal.y <= under(date)
    assert under(date) < bottom
    assert seal.x + picture.DIAMETER / 2 < 210


@pytest.mark.parametrize("notice", SEALED)
def test_two_lines_of_its_text_stand_before_its_signature(notices, notice):
    page, rows = notices(notice).ending(notice)
    name, _ = signature(notice, page)
    before = {round(row.foot) for row in rows if row.foot < name.foot - LINE}
    assert len(before) >= 2


def test_what_is_attached_is_named_one_line_below_the_text(notices):
    page, rows = notices("verification.request").ending("verification.request")
    row = page.begins("附件：")
    before = [one for one in rows if one.foot < row.foot - 1][-1]
    assert line_over(row) - (line_over(before) + LINE) == near(LINE)
    assert row.left == near(LEFT + 2 * CHARACTER)
    assert row.text[-1] not in "。；，"


@pytest.mark.parametrize("notice", COPIED)
def test_who_gets_a_copy_stands_at_the_foot_of_the_last_page(notices, notice):
    page = notices(notice).sheets[-1]
    row = page.begins("抄送：")
    assert row.size == pytest.approx(SMALL, abs=0.1)
    assert row.left == near(LEFT + SMALL * MILLIMETRE)
    assert row.text.endswith("。")
    outer = max((one for one in page.bands if not one.red), key=lambda one: one.height)
    inner = min((one for one in page.bands if not one.red), key=lambda one: one.height)
    assert outer.bottom == near(BOTTOM)
    assert (outer.left, outer.right) == near((LEFT, RIGHT))
    rules = (inner.top - outer.top, outer.bottom - inner.bottom)
    assert rules == pytest.approx((0.35, 0.35), abs=0.02)
