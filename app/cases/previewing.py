"""How the notices of a step would look, before it is taken: nothing is changed, no number used."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any, Final

import pikepdf

from app.cases.commands import locked, step_of
from app.cases.proceedings import Proceedings
from app.clock import today
from app.db import transaction
from app.errors import Conflict
from app.notices import commands as notices
from app.notices.drawing import paper
from app.people.actor import Actor

NONE: Final = "这一步不出具文书，不需要预览。"


class _TakenBack(Exception):  # noqa: N818 -- reads as what happened
    """Ends the transaction of a step that was only tried."""


def preview(number: str, name: str, actor: Actor, given: Any) -> bytes:
    """The notices of a case that a step would issue, in one PDF, each with its number left open.

    Raises what taking the step raises, and Conflict where it issues none.
    """
    pages = _pages(number, name, actor, given)
    if not pages:
        raise Conflict(NONE)
    whole = pikepdf.new()
    for place, html in enumerate(pages):
        drawn = paper(html, f"{number} {name} {place}", today())
        whole.pages.extend(pikepdf.open(io.BytesIO(drawn)).pages)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _pages(number: str, name: str, actor: Actor, given: Any) -> list[str]:
    pages: list[str] = []
    with suppress(_TakenBack), transaction():
        proceedings = Proceedings()
        case = locked(number, name, actor)
        proceedings.advance(case, step_of(case, name), actor, given)
        pages += notices.previewed(proceedings.rehearse(number))
        raise _TakenBack
    return pages
