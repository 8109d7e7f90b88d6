"""Papers beside the notices: what an applicant fills in and signs, and what the office files."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

from app.cases import letters, particulars, parties
from app.cases.facts import CaseFacts
from app.cases.models import Case
from app.cases.projection import office_unit
from app.cases.queries import attachments_of, case_for, children_of
from app.cases.roles import OFFICE
from app.clock import SHANGHAI, today
from app.errors import NotFound
from app.notices import drawing
from app.notices.models import Notice
from app.notices.queries import notices_of
from app.notices.render import render
from app.people.actor import Actor
from workflows import definition_of

OF_APPLICANTS: Final = frozenset({"objection", "repair"})


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper by its name, which is that of its template; `filed`: the office alone has it."""

    name: str
    title: str
    kinds: frozenset[str]
    filed: bool = False


PAPERS: Final = (
    Paper(name="application", title="信用信息异议申请书", kinds=frozenset({"objection"})),
    Paper(name="commitment", title="异议申诉信用承诺书", kinds=frozenset({"objection"})),
    Paper(name="mandate", title="授权委托书", kinds=OF_APPLICANTS),
    Paper(name="representative", title="法定代表人身份证明书", kinds=OF_APPLICANTS),
    Paper(name="dossier", title="卷宗封面和归档目录", kinds=OF_APPLICANTS, filed=True),
)
"""law.md 6.2: N01, N02, N03, N29; an application for repair and its promise are notices."""


def papers_for(actor: Actor, facts: CaseFacts) -> list[Paper]:
    """The papers of a case that this person may print; of an organisation more than of a human."""
    office, kind = bool(actor.roles & OFFICE), facts.row.kind
    mine = [one for one in PAPERS if kind in one.kinds and (office or not one.filed)]
    if mine and parties.concerned(facts).natural:
        return [one for one in mine if one.name != "representative"]
    return mine


def drawn(actor: Actor, number: str, name: str) -> tuple[bytes, str]:
    """A paper of a case as PDF, and the name of the file. Raises NotFound, Undrawable."""
    facts = CaseFacts(case_for(actor, number), today())
    for one in papers_for(actor, facts):
        if one.name == name:
            html = render("papers", name, _context(facts, one))
            return drawing.paper(html, f"{number} {name}", today()), f"{one.title}{number}.pdf"
    message = "没有这份材料，或者您不能打印。"
    raise NotFound(message)


def _context(facts: CaseFacts, one: Paper) -> dict[str, Any]:
    case = facts.row
    office = parties.unit_as_json(parties.unit(office_unit()))
    head = {"title": one.title, "number": case.number, "issued_on": today().isoformat()}
    return {
        "notice": head | {"issuer": office, "copies": [], "draft": False},
        "case": letters.case_as_json(facts),
        "office": office,
        "natural": parties.concerned(facts).natural,
        "records": particulars.records(facts),
        "items": particulars.items(facts, whole=False),
        "attachments": particulars.attachments(facts),
        "state": definition_of(case).state(case.state).title,
        "contents": list(_contents(case)) if one.filed else [],
        "remedies": [],
    }


def _contents(case: Case) -> Iterator[dict[str, Any]]:
    """What the file of a case holds: its notices and those of its children, then what was added."""
    numbers = [case.number, *(child.number for child in children_of(case))]
    yield from _of_notices(notices_of(numbers))
    for one in attachments_of(case):
        added = one.at.astimezone(SHANGHAI).date()
        yield {"title": one.title, "number": "", "on": added.isoformat(), "pages": 0}


def _of_notices(notices: Sequence[Notice]) -> Iterator[dict[str, Any]]:
    for one in notices:
        data = drawing.kept(one)
        yield {
            "title": one.title,
            "number": one.number,
            "on": one.issued_on.isoformat(),
            "pages": _pages(data) if data else 0,
        }


def _pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)
