"""Commands on due dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast, get_args

import click
from flask.cli import AppGroup

from app.deadlines.calendar import OutOfCalendar, national
from workflows.rules import Length, LengthUnit

deadlines = AppGroup("deadlines", help="Due dates and how they come about.")


def _day(_: click.Context, __: click.Parameter, value: datetime) -> date:
    return value.date()


@deadlines.command(with_appcontext=False)
@click.argument("start", type=click.DateTime(["%Y-%m-%d"]), callback=_day)
@click.argument("length", type=click.IntRange(min=0))
@click.argument("unit", type=click.Choice(get_args(LengthUnit)))
def compute(start: date, length: int, unit: str) -> None:
    """Print the last day of a LENGTH in UNITs that begins on START."""
    try:
        end = national().add(start, Length(length, cast("LengthUnit", unit)))
    except OutOfCalendar as error:
        raise click.ClickException(str(error)) from error
    click.echo(end.due_on.isoformat() + (" provisional" if end.provisional else ""))
