"""Commands on due dates and on the calendar they are computed with."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast, get_args

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.deadlines.calendar import KNOWN, NOTICED, Calendar, OutOfCalendar, national
from app.deadlines.queries import calendar, imported_from
from workflows.rules import Length, LengthUnit

deadlines = AppGroup("deadlines", help="Due dates and how they come about.")
calendars = AppGroup("calendar", help="Which days are worked.")


def _day(_: click.Context, __: click.Parameter, value: datetime) -> date:
    return value.date()


@deadlines.command()
@click.argument("start", type=click.DateTime(["%Y-%m-%d"]), callback=_day)
@click.argument("length", type=click.IntRange(min=0))
@click.argument("unit", type=click.Choice(get_args(LengthUnit)))
def compute(start: date, length: int, unit: str) -> None:
    """Print the last day of a LENGTH in UNITs that begins on START."""
    try:
        end = _in_force().add(start, Length(length, cast("LengthUnit", unit)))
    except OutOfCalendar as error:
        raise click.ClickException(str(error)) from error
    click.echo(end.due_on.isoformat() + (" provisional" if end.provisional else ""))


def _in_force() -> Calendar:
    """The calendar with the years imported; one may compute before there is a database."""
    try:
        return calendar()
    except (OperationalError, ProgrammingError):
        return national()


@calendars.command("show")
@click.argument("year", type=int)
def show(year: int) -> None:
    """Print the days off and the weekends worked of a YEAR, and by which notice."""
    try:
        found = calendar().year(year)
    except KeyError:
        message = f"日历没有{year}年：从{KNOWN[0]}年到{KNOWN[-1]}年。"
        raise click.ClickException(message) from None
    click.echo(f"{year}年：{imported_from(year) or _known(year)}")
    for day, name in sorted(found.off.items()):
        click.echo(f"{day} 放假 {name}")
    for day in sorted(found.worked):
        click.echo(f"{day} 上班 调休")


def _known(year: int) -> str:
    if year in NOTICED:
        return "程序自带的放假安排"
    return "放假安排尚未公布或者尚未导入，只有法定节假日"
