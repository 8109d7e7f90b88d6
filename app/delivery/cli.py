"""`flask outbox run`."""

from __future__ import annotations

from typing import Final

import click
from flask import current_app
from flask.cli import AppGroup

from app.db import transaction
from app.delivery import commands, outbox as work

ALSO: Final = "redress.also"
"""Under this name of `app.extensions` stand more works of a drain, for which delivery knows nobody:
functions that count what they did as `commands.drain` does."""

outbox = AppGroup("outbox", help="Work that committed transactions left behind.")


@outbox.command("run")
@click.option("--limit", default=100_000, show_default=True, help="Stop after so many rows.")
def run(limit: int) -> None:
    """Draw PDFs and deliver messages that are due, and take in what was handed in, once."""
    counts = commands.drain(limit)
    for also in current_app.extensions.get(ALSO, ()):
        counts += also()
    click.echo(" ".join(f"{name}={counts[name]}" for name in ("done", "again", "failed", "lost")))


@outbox.command("retry")
def retry() -> None:
    """Let workers do once more all that was given up, once the cause is gone."""
    with transaction():
        count = work.failed_again()
    click.echo(f"again={count}")
