"""What an import added and renewed, for its page: lines, links, and what became of the fields."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from app.db import db
from app.exchange.lines import Fate
from app.exchange.masking import without_names
from app.exchange.models import COUNTED, Import, ImportLine
from app.exchange.queries import records_seen_by
from app.records.display import Change, changes
from app.records.models import Origin, RecordVersion
from workflows.office import Actor

FIRST: Final = 50


@dataclass(frozen=True, slots=True)
class Writing:
    """A line that added or renewed a record; `changes`: what it changed, where it is known.

    `visible`: whether the reader may see the record.
    """

    line: ImportLine
    changes: Sequence[Change]
    visible: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The first lines of a fate, and how many more there are."""

    fate: Fate
    lines: Sequence[Writing]
    more: int


def written(actor: Actor, row: Import) -> Sequence[Written]:
    """The first lines that added and that renewed records; in at most four queries."""
    lines = {fate: _first(row, fate) for fate in (Fate.ACCEPT, Fate.UPDATE)}
    about = {one.record_id for found in lines.values() for one in found if one.record_id}
    visible = records_seen_by(actor, about)
    made = _changes(row, lines[Fate.UPDATE])
    return [
        Written(
            fate,
            [Writing(one, made.get(one.line, ()), one.record_id in visible) for one in found],
            getattr(row, COUNTED[fate]) - len(found),
        )
        for fate, found in lines.items()
        if found
    ]


def _first(row: Import, fate: Fate) -> Sequence[ImportLine]:
    if not getattr(row, COUNTED[fate]):
        return []
    chosen = sa.select(ImportLine).where(ImportLine.import_id == row.id, ImportLine.fate == fate)
    return db.session.scalars(chosen.order_by(ImportLine.line).limit(FIRST)).all()


def _changes(row: Import, lines: Sequence[ImportLine]) -> dict[int, Sequence[Change]]:
    """What each line changed, by its number; nothing for a trial, which made no versions.

    The versions that the import made of a record stand in the order of the lines about it.
    """
    if row.dry_run or not lines:
        return {}
    versions = _versions({one.record_id for one in lines if one.record_id})
    made: dict[int, Sequence[Change]] = {}
    seen: Counter[int] = Counter()
    for one in lines:
        record_id = one.record_id or 0
        pairs = [pair for pair in versions[record_id] if _made_by(row, pair[1])]
        if seen[record_id] < len(pairs):
            before, after = (without_names(v.content) for v in pairs[seen[record_id]])
            made[one.line] = changes(before, after, whole_numbers=False)
        seen[record_id] += 1
    return made


def _made_by(row: Import, version: RecordVersion) -> bool:
    begun, ended = row.started_at or row.handed_in_at, row.ended_at
    during = begun <= version.made_at and (ended is None or version.made_at <= ended)
    return version.origin is Origin.IMPORT and during


def _versions(ids: Collection[int]) -> dict[int, list[tuple[RecordVersion, RecordVersion]]]:
    """Each version but the first of the records with the one before it, oldest first."""
    chosen = sa.select(RecordVersion).where(RecordVersion.record_id.in_(ids))
    found: dict[int, list[tuple[RecordVersion, RecordVersion]]] = defaultdict(list)
    last: dict[int, RecordVersion] = {}
    for one in db.session.scalars(chosen.order_by(RecordVersion.version)):
        if one.record_id in last:
            found[one.record_id].append((last[one.record_id], one))
        last[one.record_id] = one
    return found
