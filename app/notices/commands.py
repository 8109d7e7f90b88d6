"""Issuing notices, and putting their files where they are read."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from app import clock
from app.db import add_rows, ask, db, transaction
from app.notices import drawing, files, numbering
from app.notices.drafts import Draft
from app.notices.models import Notice
from app.notices.queries import notices_of
from app.notices.render import render

log = logging.getLogger(__name__)
_KEYS: Final = sa.select(Notice.id, Notice.number).where(
    Notice.number.in_(sa.bindparam("numbers", expanding=True))
)


class DrawnDifferently(Exception):  # noqa: N818 -- reads as what happened
    """The file of a notice cannot be made again byte by byte: fonts or renderer have changed."""


def issue(drafts: Sequence[Draft]) -> list[int]:
    """Number, render and store notices, in the order given, and give their keys.

    Inside a transaction, late in it. The day of issue and the year of the number are today's. What `render.render` raises stops
    the step. Call `app.delivery.commands.issue` to have them drawn after the commit, too.
    """
    if not drafts:
        return []
    today = clock.today()
    words = Counter(draft.series_word for draft in drafts)
    left = {
        word: iter(ordinals) for word, ordinals in numbering.take_numbers(words, today.year).items()
    }
    ordinals = [next(left[draft.series_word]) for draft in drafts]
    cited = _cited(drafts, ordinals, today.year)
    rows = [
        _row(draft, ordinal, {case: cited.get(case, "") for case in draft.cites})
        for draft, ordinal in zip(drafts, ordinals, strict=True)
    ]
    add_rows(Notice, rows)
    keys = {row.number: row.id for row in ask(_KEYS, {"numbers": [row["number"] for row in rows]})}
    return [keys[row["number"]] for row in rows]


def draw(notice: Notice) -> bytes:
    """The PDF of a notice: its file, or drawn now where there is none; same bytes every time.

    Outside of any transaction: it writes a file, then the hash in a transaction of its own.
    Raises DrawnDifferently, drawing.Undrawable.
    """
    notice_id, known = notice.id, notice.sha256
    data = drawn(notice)
    if known is None:
        with transaction():
            keep_hash(notice_id, data)
    return data


def drawn(notice: Notice) -> bytes:
    """The file of a notice, or one drawn and published now; writes nothing to the database."""
    kept = files.read(notice.id, notice.sha256)
    if kept is not None:
        return kept
    data = drawing.draw(notice.html, notice.number)
    if notice.sha256 not in {None, hashlib.sha256(data).hexdigest()}:
        message = f"notice {notice.id}"
        raise DrawnDifferently(message)
    files.publish(notice.id, data)
    return data


def keep_hash(notice_id: int, data: bytes) -> None:
    """Remember the hash of a file, once; inside a transaction.

    Two that draw at the same time come to the same bytes, so the first to say so suffices.
    """
    digest = hashlib.sha256(data).hexdigest()
    first = (
        sa.update(Notice)
        .where(Notice.id == notice_id, Notice.sha256.is_(None))
        .values(sha256=digest, drawn_at=clock.now())
    )
    db.session.execute(first)
    if db.session.scalar(sa.select(Notice.sha256).where(Notice.id == notice_id)) != digest:
        message = f"notice {notice_id}"
        raise DrawnDifferently(message)


def revoke(case_number: str, names: Collection[str], reason: str) -> None:
    """The notices of a case by these names are not in force any more; inside a transaction."""
    gone = sa.update(Notice).where(
        Notice.case_number == case_number, Notice.name.in_(names), Notice.status == "valid"
    )
    ended = {"status": "revoked", "status_on": clock.today(), "status_reason": reason}
    db.session.execute(gone.values(**ended))


def restore(case_number: str, names: Collection[str]) -> None:
    """What was revoked of the notices by these names is in force again; inside a transaction."""
    back = sa.update(Notice).where(
        Notice.case_number == case_number, Notice.name.in_(names), Notice.status == "revoked"
    )
    valid = {"status": "valid", "status_on": None, "status_reason": None, "status_by_id": None}
    db.session.execute(back.values(**valid))


def _cited(drafts: Sequence[Draft], ordinals: Sequence[int], year: int) -> dict[str, str]:
    """The number of the last notice that the drafts name, by case; some are issued with them."""
    named = {key: names for draft in drafts for key, names in draft.cites.items()}
    issued = [(one.case_number, one.name, one.number) for one in notices_of(named)] if named else []
    issued += [
        (draft.case_number, draft.name, numbering.text(draft.series_word, year, ordinal))
        for draft, ordinal in zip(drafts, ordinals, strict=True)
    ]
    return {case: number for case, name, number in issued if name in named.get(case, ())}


def _row(draft: Draft, ordinal: int, cited: Mapping[str, str]) -> dict[str, Any]:
    today = clock.today()
    number = numbering.text(draft.series_word, today.year, ordinal)
    context = _completed(draft, number, cited)
    return {
        "case_number": draft.case_number,
        "seq": draft.seq,
        "kind": draft.kind,
        "name": draft.name,
        "title": draft.title,
        "number": number,
        "series": numbering.series(draft.series_word, today.year),
        "year": today.year,
        "ordinal": ordinal,
        "issuer_id": draft.issuer_id,
        "addressee_kind": draft.addressee_kind,
        **_addressee(draft),
        "issued_on": today,
        "context": context,
        "html": render(draft.kind, draft.name, context),
        "status": "valid",
        "replaces_id": draft.replaces,
    }


def _addressee(draft: Draft) -> dict[str, int | None]:
    kinds = ("subject", "unit", "person")
    return {
        f"addressee_{kind}_id": draft.addressee_id if draft.addressee_kind == kind else None
        for kind in kinds
    }


def _completed(draft: Draft, number: str, cited: Mapping[str, str]) -> dict[str, Any]:
    """The context with all that issuing decides."""
    said: Mapping[str, Any] = draft.context["notice"]
    notice = {
        **said,
        "kind": draft.kind,
        "name": draft.name,
        "title": draft.title,
        "number": number,
        "issued_on": clock.today().isoformat(),
        "issued_at": f"{clock.now().astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}",
    }
    return {**draft.context, "notice": notice, "cited": dict(cited)}
