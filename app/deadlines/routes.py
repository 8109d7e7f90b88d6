"""The pages of rules and of the calendar: what is in force, and when something is due."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import today
from app.deadlines.calendar import OutOfCalendar
from app.deadlines.forms import CalculatorForm, RulesForm
from app.deadlines.picture import months
from app.deadlines.queries import calendar, near_until
from app.deadlines.rulebook import book
from app.web.permissions import permit, roles
from config import current
from workflows.grammar import Role
from workflows.rules import UnknownRule

deadlines = Blueprint("deadlines", __name__)

OFFICE: Final = roles(
    Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR, Role.ADMIN_SYSTEM
)
STAFF: Final = roles(
    Role.PROVIDER_HANDLER,
    Role.PROVIDER_APPROVER,
    Role.EXECUTOR_HANDLER,
    Role.EXECUTOR_APPROVER,
    Role.OFFICE_CLERK,
    Role.OFFICE_APPROVER,
    Role.OFFICE_SUPERVISOR,
)


@deadlines.app_template_filter()
def near(due_on: date) -> bool:
    """Whether a day is near; asked once a day of each request, for a page shows many."""
    known: dict[date, date] = g.setdefault("near_until", {})
    if today() not in known:
        known[today()] = near_until()
    return due_on <= known[today()]


@deadlines.route("/rules")
@permit(GET=OFFICE)
def rules() -> ResponseReturnValue:
    """Every rule in force on a day, with source, standing and history."""
    form, shown = RulesForm(request.args), None
    if form.validate():
        try:
            shown = book(current().rules, form.on.data or today(), form.standing)
        except UnknownRule:
            form.refuse({"on": "这一天还没有规则，请选择较晚的日期。"})
    return render_template("deadlines/rules.html", form=form, book=shown), 200 if shown else 422


@deadlines.route("/deadlines")
@permit(GET=STAFF)
def calculator() -> ResponseReturnValue:
    """When a length that begins on a day is over, drawn day by day."""
    form = CalculatorForm(request.args)
    if not request.args:
        return render_template("deadlines/calculator.html", form=CalculatorForm(), end=None)
    if not form.validate():
        return render_template("deadlines/calculator.html", form=form, end=None), 422
    start, length = form.asked
    try:
        end, days = calendar().add(start, length), calendar().explain(start, length)
    except OutOfCalendar:
        form.refuse({"start": "日历中没有这么早或者这么晚的日期。"})
        return render_template("deadlines/calculator.html", form=form, end=None), 422
    drawn = months(days, end.due_on)
    return render_template("deadlines/calculator.html", form=form, end=end, days=days, drawn=drawn)
