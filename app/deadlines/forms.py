"""What the calculator and the page of rules are asked: by GET, for neither changes anything."""

from __future__ import annotations

from datetime import date
from typing import Final, cast

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.deadlines.rulebook import STANDINGS
from app.web.forms import Form
from workflows.rules import Length, LengthUnit, Standing
from workflows.rules.spans import UNITS

LONGEST: Final = 2000
_UNITS: Final = {**UNITS, "calendar_day": "日（自然日）"}


class _Asked(Form):
    class Meta(Form.Meta):
        """Nothing is changed, so nothing needs to be protected."""

        csrf = False


class RulesForm(_Asked):
    """On which day, and which rules."""

    on = DateField("哪一天的规则", validators=[Optional()])
    only = SelectField(
        "范围",
        choices=[
            SelectChoice("", "全部规则"),
            *(SelectChoice(one.value, title) for one, title in STANDINGS.items()),
        ],
        default="",
    )

    @property
    def standing(self) -> Standing | None:
        """Only rules of this standing; None for all."""
        return Standing(self.only.data) if self.only.data else None


class CalculatorForm(_Asked):
    """A day on which something begins, and a length."""

    start = DateField(
        "起算日",
        validators=[InputRequired("请填写起算日。")],
        description="收到、提交或者作出之日；当日不计。",
    )
    length = IntegerField(
        "期限",
        validators=[
            InputRequired("请填写期限的数字。"),
            NumberRange(0, LONGEST, f"请填写 0 至 {LONGEST} 的整数。"),
        ],
    )
    unit = SelectField(
        "单位",
        choices=[SelectChoice(unit, title) for unit, title in _UNITS.items()],
        validators=[InputRequired("请选择期限的单位。")],
        default="working_day",
    )

    @property
    def asked(self) -> tuple[date, Length]:
        """The day and the length, once the form is valid."""
        unit = cast("LengthUnit", self.unit.data)
        return cast("date", self.start.data), Length(cast("int", self.length.data), unit)
