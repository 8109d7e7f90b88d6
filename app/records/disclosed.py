"""What is disclosed to the public on a day: the latest decision first, searched, page by page."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.clock import today
from app.db import db
from app.people.models import Subject, SubjectKind, Unit
from app.people.queries import find_subjects
from app.records.listing import MOST_SUBJECTS, PAGE, Page, numbered, place_after, written_place
from app.records.models import Record, Switch, SwitchPeriod
from app.records.period import day_before
from app.records.queries import annotated
from app.records.words import SEVERITIES, kinds
from app.tables import write_csv
from app.web.filters import masked_name

_Found: TypeAlias = "sa.Select[*tuple[Any, ...]]"

CHUNK: Final = 1000
FIRST: Final = (date.max, 0)
"""The place before all of the list."""
UNKNOWN: Final = "未定"
_CITIZEN_ID: Final = re.compile(r"\d{17}[\dXx]|\d{15}", re.ASCII)
_UNIFIED: Final = re.compile(r"[0-9A-Z]{18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A record as the public sees it: no number of a person, and no person's whole name."""

    subject: str
    code: str
    decision_no: str
    authority: str
    penalty_kind: str
    decided_on: date
    severity: str
    disclosed_until: date | None
    contested: bool


HEADER: Final = (
    "主体名称",
    "统一社会信用代码",
    "行政处罚决定书文号",
    "处罚机关",
    "处罚类别",
    "处罚决定日期",
    "失信程度",
    "公示截止",
    "异议处理中",
)
"""What the fields are called, in their order."""


def disclosed(text: str = "", cursor: str = "", limit: int = PAGE) -> Page[Disclosed]:
    """What is disclosed today; in two queries, with a text in four.

    `text`: part of the name of an organisation, its code, or a decision number. A cursor that
    is none begins anew.
    """
    rows = db.session.execute(chosen(text.strip(), cursor, limit + 1)).all()
    more = len(rows) > limit
    return Page(_shown(rows[:limit]), _place(rows[limit - 1]) if more else "")


def as_csv(text: str = "") -> Iterator[bytes]:
    """The whole list as a file that spreadsheets open, read and written part by part."""
    yield codecs.BOM_UTF8 + _written([HEADER])
    page = disclosed(text, limit=CHUNK)
    while True:
        yield _written(_cells(page.items))
        if not page.next:
            return
        page = disclosed(text, page.next, CHUNK)


def chosen(text: str, cursor: str, limit: int) -> _Found:
    """The first so many after a place of what is disclosed today and a text finds."""
    key, on, place = (Record.decided_on, Record.id), today(), place_after(cursor) or FIRST
    running = _running(on)
    found = (
        sa.select(
            Record.id,
            running.with_only_columns(sa.func.max(SwitchPeriod.until))
            .scalar_subquery()
            .label("until"),
            Record.decision_no,
            Record.penalty_kind,
            Record.decided_on,
            Record.severity,
            Subject.kind,
            Subject.name.label("subject"),
            Subject.code,
            Unit.name.label("authority"),
        )
        # Outer joins, which every record has: SQLite would begin with the subjects and sort them all.
        .outerjoin(Subject, Subject.id == Record.subject_id)
        .outerjoin(Unit, Unit.id == Record.provider_id)
        # What is over is passed over in the index, without a look at its periods.
        .where(Record.disclosed_until >= on, running.exists(), sa.tuple_(*key) < place)
    )
    if text:
        found = found.where(Record.id.in_(_matching(text)))
    return found.order_by(*(column.desc() for column in key)).limit(limit)


def _running(on: date) -> sa.Select[int]:
    """The disclosure of a record that is on; correlated, so that the records are walked."""
    return (
        sa.select(SwitchPeriod.id)
        .where(
            SwitchPeriod.record_id == Record.id,
            SwitchPeriod.switch == Switch.DISCLOSURE,
            SwitchPeriod.since <= on,
            sa.or_(SwitchPeriod.until.is_(None), SwitchPeriod.until > on),
        )
        .correlate(Record)
    )


def _place(row: Any) -> str:
    return written_place(row.decided_on, row.id)


def _matching(text: str) -> sa.Select[int]:
    """The records of organisations that a text finds, or of the decision whose number it is.

    A natural person is not found by name or number: that would undo what is masked.
    """
    firms = (SubjectKind.ORGANISATION, SubjectKind.SOLE_TRADER)
    found = [] if _CITIZEN_ID.fullmatch(text) else find_subjects(text, MOST_SUBJECTS, firms)
    return sa.select(Record.id).where(numbered([one.id for one in found], text))


def _shown(rows: Sequence[Any]) -> list[Disclosed]:
    contested = annotated([row.id for row in rows])
    return [
        Disclosed(
            subject=masked_name(row.subject) if row.kind is SubjectKind.PERSON else row.subject,
            code=_public_code(row.kind, row.code),
            decision_no=row.decision_no,
            authority=row.authority,
            penalty_kind=kinds(row.penalty_kind),
            decided_on=row.decided_on,
            severity=SEVERITIES.get(row.severity, UNKNOWN),
            disclosed_until=day_before(row.until),
            contested=row.id in contested,
        )
        for row in rows
    ]


def _public_code(kind: SubjectKind, code: str) -> str:
    """The unified code of an organisation; nothing that may be the number of a person.

    A sole trader without a code of its own is known by the number of its owner.
    """
    personal = kind is SubjectKind.PERSON or not _UNIFIED.fullmatch(code)
    if personal or (kind is SubjectKind.SOLE_TRADER and _CITIZEN_ID.fullmatch(code)):
        return ""
    return code


def _cells(items: Iterable[Disclosed]) -> Iterator[Sequence[object]]:
    for one in items:
        values = [getattr(one, field.name) for field in fields(one)]
        yield [*values[:-1], "是" if one.contested else "否"]


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    stream = io.StringIO()
    write_csv(stream, rows)
    return stream.getvalue().encode()
