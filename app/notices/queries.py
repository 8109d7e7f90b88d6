"""Reading notices; who may read a notice is decided by who may see its case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa

from app.db import db
from app.notices.models import Notice

_OF_CASES: Final = (
    sa.select(Notice)
    .where(Notice.case_number.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(Notice.id)
)
"""Built once: each notice asks it."""


def notices_of(case_numbers: Collection[str]) -> Sequence[Notice]:
    """The notices of these cases, oldest first."""
    return db.session.scalars(_OF_CASES, {"numbers": list(case_numbers)}).all()


def notice(notice_id: int) -> Notice | None:
    """A notice by its key."""
    return db.session.get(Notice, notice_id)


def notice_numbered(number: str) -> Notice | None:
    """A notice by its document number."""
    return db.session.scalars(sa.select(Notice).where(Notice.number == number)).one_or_none()
