"""Files of records, as programs of provider units hand them in."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from app.exchange import commands, queries
from app.exchange.models import Import
from app.exchange.reports import CSV, report_csv
from app.people.actor import Actor
from app.web.downloads import download


def add(actor: Actor, file: FileStorage, *, dry_run: bool) -> dict[str, Any]:
    """Hand a file in for the actor's unit; raises what `commands.hand_in` does."""
    key = commands.hand_in(actor, file.filename or "", file.stream, dry_run=dry_run)
    return one(actor, key)


def one(actor: Actor, key: int) -> dict[str, Any]:
    """An import that the actor may see."""
    return _shown(queries.import_for(actor, key))


def report(actor: Actor, key: int) -> Response:
    """What became of each line of an import that has ended; NotFound for any other."""
    row = queries.ended_for(actor, key)
    return download(report_csv(queries.report(row)), CSV, f"import-{row.id}.csv")


def _shown(row: Import) -> dict[str, Any]:
    return {
        "id": row.id,
        "filename": row.filename,
        "sha256": row.sha256,
        "dry_run": row.dry_run,
        "state": row.state.value,
        "lines": row.total,
        "counts": {fate.value: count for fate, count in row.counts.items()},
        "fault": row.fault,
        "reference": row.reference,
        "handed_in_at": row.handed_in_at,
        "ended_at": row.ended_at,
    }
