"""Drawing notices against the bare renderer on the same HTML."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from weasyprint import CSS, HTML

from app import clock
from app.db import db
from app.notices import drawing
from app.notices.models import Notice
from app.notices.render import TEMPLATES
from tests.app.cases.city import build_city
from tests.app.cases.states import case_in
from tests.app.cases.telling import MONDAY
from tests.bench.databases import Place
from tests.bench.measuring import Measured, Tell, in_turns, rate

TURNS: Final = 10
STATES: Final = (("objection", "closed"), ("suspension", "resumed"), ("correction", "done"))


def notices(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """The PDF of notices of three kinds of case, each drawn in a process of its own."""
    turns = 3 if quick else TURNS
    with clock.at(MONDAY), place.opened() as app, app.app_context():
        tell("taking steps that issue notices")
        city = build_city()
        for kind, state in STATES:
            case_in(city, kind, state)
        rows = db.session.scalars(sa.select(Notice).order_by(Notice.id)).all()
        pages = list({(row.kind, row.name): row for row in rows}.values())
        tell(f"drawing {len(pages)} different notices")
        drawing.made(pages[0])

        def ours() -> None:
            for one in pages:
                drawing.made(one)

        def bare() -> None:
            for one in pages:
                sheet = CSS(filename=str(TEMPLATES / "_style.css"))
                HTML(string=one.html).write_pdf(stylesheets=[sheet])

        bare()
        measured = in_turns([ours] * turns, [bare] * turns)
    return [rate("notice drawn as PDF", len(pages), measured, elsewhere=True)]
