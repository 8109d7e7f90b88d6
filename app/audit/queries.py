"""Reading the audit entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.audit.chain import Link, source
from app.audit.models import AuditEntry
from app.db import db


def head(chain: str) -> AuditEntry | None:
    """The newest entry of a chain."""
    return db.session.scalar(
        sa.select(AuditEntry)
        .where(AuditEntry.chain == chain)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )


def entries_about(ref: str, limit: int = 100) -> list[AuditEntry]:
    """What was recorded about a thing, newest first."""
    return list(
        db.session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.subject_ref == ref)
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
    )


@source("audit")
def links() -> Iterator[Link]:
    """All entries as links of their chains."""
    chosen = sa.select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq)
    with db.session.scalars(chosen.execution_options(yield_per=1000)) as entries:
        for entry in entries:
            yield Link(entry.chain, entry.seq, _row(entry), entry.mac)


def _row(entry: AuditEntry) -> dict[str, Any]:
    """All that is sealed of an entry."""
    return {
        "chain": entry.chain,
        "seq": entry.seq,
        "action": entry.action,
        "actor_id": entry.actor_id,
        "subject_ref": entry.subject_ref,
        "at": entry.at,
        "data": entry.data,
    }
