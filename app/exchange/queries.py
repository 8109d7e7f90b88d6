"""Which imports somebody may see, and what is told of them; in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from app.db import db
from app.errors import NotFound
from app.exchange.models import Import, ImportLine
from app.people.models import Person, Unit
from app.records.models import Record
from app.records.queries import OFFICE, PROVIDER, visible_to as visible_records
from workflows.office import Actor

PAGE: Final = 50
AT_ONCE: Final = 5_000
"""Lines of a report that are fetched together."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An import with the names of the unit and the person that handed it in."""

    row: Import
    unit: str
    by: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Part of the lines that somebody should read, and the last of them where more follow.

    `visible`: the records among those they are about that the reader may see.
    """

    lines: Sequence[ImportLine]
    next: int | None
    visible: frozenset[int]


def visible_to(actor: Actor) -> sa.Select[Import]:
    """The imports that somebody may see: the office all, a provider those of its unit."""
    chosen = sa.select(Import)
    if actor.roles & OFFICE:
        return chosen
    if actor.roles & PROVIDER:
        return chosen.where(Import.unit_id == actor.unit_id)
    return chosen.where(sa.false())


def import_for(actor: Actor, import_id: int) -> Import:
    """An import by its key; raises NotFound where there is none that the actor may see."""
    found = db.session.scalar(visible_to(actor).where(Import.id == import_id))
    if found is None:
        message = "没有这次报送，或者您不能查看。"
        raise NotFound(message)
    return found


def ended_for(actor: Actor, import_id: int) -> Import:
    """An import that has ended; raises NotFound as `import_for`, and while it has not."""
    found = import_for(actor, import_id)
    if found.ended_at is None:
        message = "这次报送还没有处理完，报告要等处理完才能下载。"
        raise NotFound(message)
    return found


def listed(actor: Actor, before: int | None = None, limit: int = PAGE) -> Sequence[Listed]:
    """The imports that the actor may see, the newest first; in one query."""
    chosen = _with_names(visible_to(actor))
    if before is not None:
        chosen = chosen.where(Import.id < before)
    rows = db.session.execute(chosen.order_by(Import.id.desc()).limit(limit))
    return [Listed(row, unit, by) for row, unit, by in rows]


def told(actor: Actor, import_id: int) -> Listed:
    """An import with its names; raises NotFound as `import_for`."""
    import_for(actor, import_id)
    row, unit, by = db.session.execute(
        _with_names(visible_to(actor)).where(Import.id == import_id)
    ).one()
    return Listed(row, unit, by)


def earlier(row: Import) -> Import | None:
    """The last time before that the same unit handed in the same file."""
    same = sa.select(Import).where(Import.unit_id == row.unit_id, Import.sha256 == row.sha256)
    return db.session.scalar(same.where(Import.id < row.id).order_by(Import.id.desc()).limit(1))


def notable_lines(actor: Actor, row: Import, after: int = 0, limit: int = PAGE) -> Lines:
    """The lines of an import that somebody should read, in their order; in two queries."""
    chosen = sa.select(ImportLine).where(
        ImportLine.import_id == row.id, ImportLine.notable, ImportLine.line > after
    )
    found = db.session.scalars(chosen.order_by(ImportLine.line).limit(limit + 1)).all()
    shown = found[:limit]
    about = {one.record_id for one in shown if one.record_id is not None}
    return Lines(
        shown, shown[-1].line if len(found) > limit else None, records_seen_by(actor, about)
    )


def report(row: Import) -> Iterator[tuple[int, str, str]]:
    """Number, fate and reason of every line of an import that has its fate, in their order."""
    columns = ImportLine.line, ImportLine.fate, ImportLine.why
    chosen = sa.select(*columns).where(ImportLine.import_id == row.id).order_by(ImportLine.line)
    for line, fate, why in db.session.execute(chosen, execution_options={"yield_per": AT_ONCE}):
        yield line, fate.value, why


def records_seen_by(actor: Actor, ids: Collection[int]) -> frozenset[int]:
    """Which of the records with these keys somebody may see; in one query."""
    if not ids:
        return frozenset()
    chosen = visible_records(actor, ids).with_only_columns(Record.id)
    return frozenset(db.session.scalars(chosen))


def _with_names(chosen: sa.Select[Import]) -> sa.Select[Import, str, str]:
    return (
        chosen.join(Unit, Unit.id == Import.unit_id)
        .join(Person, Person.id == Import.by_id)
        .add_columns(Unit.name, Person.name)
    )
