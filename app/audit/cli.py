"""`flask audit …`."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.audit import queries  # noqa: F401 -- its rows join what is walked
from app.audit.chain import sources, verify_chain

audit = AppGroup("audit", help="What was done or seen.")


@audit.command("verify")
def verify() -> None:
    """Walk every chain; the exit status is 1 where one is broken."""
    for name, links in sources():
        found = verify_chain(links)
        if found:
            click.echo(f"{name}: chain {found.chain} is broken at entry {found.seq}")
            sys.exit(1)
        click.echo(f"{name}: whole")
