"""Issuing notices, and saying what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

import config
from app import clock
from app.db import add_rows, ask, db
from app.errors import Invalid
from app.notices import codes, numbering
from app.notices.drafts import Draft
from app.notices.models import Notice
from app.notices.queries import notices_of
from app.notices.render import render
from app.typesetting import faces

OPEN: Final = "（待编号）"
"""Stands where another notice of the same step will be named."""
_KEYS: Final = sa.select(Notice.id, Notice.number).where(
    Notice.number.in_(sa.bindparam("numbers", expanding=True))
)


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


def previewed(drafts: Sequence[Draft]) -> list[str]:
    """Notices as HTML before they are issued, each marked so and with its number left open.

    Raises as `issue`.
    """
    pages = []
    for draft in drafts:
        number = numbering.open_text(draft.series_word, clock.today().year)
        context = _dated(draft, number, dict.fromkeys(draft.cites, OPEN))
        pages.append(_page(draft, {**context, "notice": context["notice"] | {"draft": True}}))
    return pages


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


def _page(draft: Draft, context: Mapping[str, Any]) -> str:
    """The notice as HTML. Raises Invalid where it has a character that no font has."""
    html = render(draft.kind, draft.name, context)
    missing = faces.unprintable(html)
    if missing:
        raise Invalid(_unprintable(missing, context.get("input", {})))
    return html


def _unprintable(characters: Sequence[str], entered: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with which field; `""` where the character comes from elsewhere."""
    told = "、".join(f"“{one}”（U+{ord(one):04X}）" for one in characters)
    fields = [
        name for name, value in entered.items() if any(one in str(value) for one in characters)
    ]
    message = f"文书无法印出字符{told}：没有字体收录它。请改用其他写法后重试。"
    return dict.fromkeys(fields or [""], message)


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
        "html": _page(draft, context),
        "status": "valid",
        "replaces_id": draft.replaces,
        "code": context["notice"]["code"],
    }


def _addressee(draft: Draft) -> dict[str, int | None]:
    kinds = ("subject", "unit", "person")
    return {
        f"addressee_{kind}_id": draft.addressee_id if draft.addressee_kind == kind else None
        for kind in kinds
    }


def _completed(draft: Draft, number: str, cited: Mapping[str, str]) -> dict[str, Any]:
    """The context with all that issuing decides."""
    code = codes.new()
    proof = {"code": code, "verify_at": f"{config.current().public_base_url}/verify/{code}"}
    context = _dated(draft, number, cited)
    return {**context, "notice": context["notice"] | proof}


def _dated(draft: Draft, number: str, cited: Mapping[str, str]) -> dict[str, Any]:
    """The context with number and day."""
    said: Mapping[str, Any] = draft.context["notice"]
    notice = {
        **said,
        "kind": draft.kind,
        "name": draft.name,
        "title": draft.title,
        "number": number,
        "issued_on": clock.today().isoformat(),
        "issued_at": f"{clock.now().astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}",
        "code": "",
        "verify_at": "",
        "draft": False,
    }
    return {**draft.context, "notice": notice, "cited": dict(cited)}
