"""`flask outbox run`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.delivery import commands

outbox = AppGroup("outbox", help="Work that committed transactions left behind.")


@outbox.command("run")
@click.option("--limit", default=100_000, show_default=True, help="Stop after so many rows.")
def run(limit: int) -> None:
    """Draw PDFs and deliver messages that are due, once."""
    counts = commands.drain(limit)
    click.echo(" ".join(f"{name}={counts[name]}" for name in ("done", "again", "failed", "lost")))
