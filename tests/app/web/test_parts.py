"""The parts that pages are made of, and how values are written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import render_template_string
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from app import clock
from app.errors import Reason
from app.web.filters import day, masked, masked_name, moment
from app.web.forms import Form

MONDAY = date(2026, 11, 23)


class Trial(Form):
    """Three fields."""

    name = StringField("名称", validators=[InputRequired("请填写名称。")])
    days = IntegerField("天数", validators=[InputRequired(), NumberRange(1, 9)])
    note = TextAreaField("说明", description="最多一句。")


@pytest.fixture
def part(app):
    def part(call, **values):
        names = "error_summary, field, deadline, state_badge, reasons, timeline, pager, fact"
        source = f'{{% from "_macros/parts.html" import {names} %}}{{{{ {call} }}}}'
        return " ".join(render_template_string(source, **values).split())

    with app.test_request_context("/", method="POST", data={"name": " 甲\0 ", "days": "x"}):
        yield part


def test_days_and_moments_are_written_in_chinese_and_in_shanghai():
    assert day(date(2026, 1, 2)) == "2026年1月2日"
    assert moment(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == "2026年11月22日 00:05"
    assert day(None) == moment(None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("441300199001011234", "4413**********1234"),
        ("91441300MA4X2K7L9P", "9144**********7L9P"),
        ("12345678", "********"),
        ("", ""),
        (None, ""),
    ],
)
def test_of_an_identity_number_only_the_ends_are_shown(value, shown):
    assert masked(value) == shown


def test_of_a_persons_name_only_the_first_character_is_shown():
    assert masked_name("𠅤三四") == "𠅤**"


@pytest.mark.parametrize(
    ("days", "text", "style"),
    [
        (10, "还剩 10 天", None),
        (3, "还剩 3 天", "due-amber"),
        (0, "今天到期", "due-amber"),
        (-1, "已超期 1 天", "due-over"),
    ],
)
def test_a_deadline_tells_how_near_it_is(part, days, text, style):
    due = {"due_on": MONDAY + timedelta(days), "provisional": False}
    with clock.at(MONDAY):
        html = part("deadline(d)", d=due)
    assert text in html
    assert [style for style in ("due-amber", "due-over") if style in html] == [style] * bool(style)


def test_a_deadline_may_stand_still_be_over_or_provisional(part):
    assert "期限中止" in part("deadline(d)", d={"due_on": None, "provisional": False})
    ended = {"due_on": MONDAY, "provisional": False, "ended_on": date(2026, 11, 20)}
    with clock.at(date(2027, 1, 1)):
        assert "due-over" not in part("deadline(d)", d=ended)
        assert "2026年11月20日办结" in part("deadline(d)", d=ended)
    assert "（暂定）" in part("deadline(d)", d={"due_on": MONDAY, "provisional": True})


def test_a_form_loses_blanks_and_tells_its_faults_in_chinese(part):
    form = Trial(meta={"csrf": False})
    assert not form.validate()
    assert form.name.data == "甲"
    form.refuse({"name": "名称已被使用。", "": "请改日再来。", "elsewhere": "别处有误。"})
    html = part("error_summary(form)", form=form)
    assert 'href="#name">名称：名称已被使用。' in html
    assert "请改日再来。" in html
    assert "别处有误。" in html
    assert "天数：" in html
    assert "Not a valid" not in html


def test_a_field_has_label_hint_and_message(part):
    form = Trial(meta={"csrf": False})
    form.validate()
    note = part("field(form.note)", form=form)
    assert '<label for="note">说明 <span class="hint">（选填）</span>' in note
    assert 'aria-describedby="note-hint"' in note
    days = part("field(form.days)", form=form)
    assert 'aria-invalid="true"' in days
    assert 'id="days-errors"' in days
    assert "选填" not in days


def test_what_people_wrote_is_never_markup(part):
    evil = "<script>alert(1)</script>"
    for html in (
        part("reasons(list)", list=[Reason("a", evil, evil)]),
        part("timeline(list)", list=[{"title": evil, "who": evil, "note": evil}]),
        part("fact('x', evil)", evil=evil),
        part("pager(evil)", evil=evil),
    ):
        assert "<script" not in html
        assert "&lt;script" in html


def test_a_state_has_its_title(part):
    assert "草稿" in part("state_badge('objection', 'draft')")
    with pytest.raises(KeyError):
        part("state_badge('objection', 'nowhere')")
