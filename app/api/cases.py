"""Cases as programs see them, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.api import cursors, repairs
from app.api.inputs import field_list
from app.cases import queries
from app.cases.details import as_json
from app.cases.facts import CaseFacts
from app.cases.models import Attachment, Case, CaseLink, StepTaken
from app.cases.possibilities import Possibility, possible_steps
from app.cases.queries import PAGE, Search
from app.cases.roles import OFFICE, takers
from app.cases.service import telling
from app.clock import today
from app.db import db
from app.delivery import serving
from app.errors import Invalid
from app.notices.models import Notice
from app.people.actor import Actor
from app.people.queries import names_of, units_by_id
from app.records.fields import PERSONAL
from app.web.filters import masked
from workflows import WORKFLOWS, definition_of, editions
from workflows.office import AnswerFact, ItemFact

Shown = dict[str, Any]

TOLD: Final = {
    "objection": ("source",),
    "verification": ("round",),
    "suspension": ("sanction_id", "confirmed_on", "executed_on", "note", "provision", "places"),
    "correction": ("record_id", "decided_kind", "decided_fields", "kind", "fields", "basis"),
}
"""What is told of the columns that only one kind of case has; of a repair see `repairs`."""


def page(actor: Actor, kind: str, state: str, cursor: str | None) -> Shown:
    """The cases that the actor may see, the newest first."""
    after = cursors.read(cursor, int)
    before = after[0] if after else None
    rows = queries.listed(actor, _search(kind, state), before=before, limit=PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return {"items": _briefs(rows[:PAGE]), "next": cursors.written(last.id) if last else None}


def inbox(actor: Actor, kind: str, state: str, cursor: str | None) -> Shown:
    """What waits for the actor or its unit, the most pressing first."""
    after: Any = cursors.read(cursor, date, int)
    rows = queries.inbox(actor, _search(kind, state), after=after, limit=PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = cursors.written(last.due_on or date.max, last.id) if last else None
    return {"items": _briefs(rows[:PAGE]), "next": following}


def one(actor: Actor, number: str) -> Shown:
    """A case, whole, as far as the actor may see it."""
    case = queries.case_for(actor, number)
    facts = CaseFacts(case, today())
    return {
        **_briefs([case])[0],
        "parent": facts.case().parent,
        "children": _children(actor, case),
        "statement": _statement(facts),
        "attachments": [attachment(one) for one in queries.attachments_of(case)],
        "items": _items(actor, facts),
        "deadlines": _deadlines(facts),
        "notices": notices(queries.readable_notices(actor, case)),
        "history": _history(actor, case),
        "details": _details(actor, facts),
    }


def steps(actor: Actor, number: str) -> Shown:
    """Every step from the state of a case: whose it is, and what stands in its way."""
    case = queries.case_for(actor, number)
    facts = CaseFacts(case, today())
    secret = repairs.withheld(case, handles=_handles(actor, case))
    found = possible_steps(case, actor, facts)
    return {"items": [_offered(one, facts, secret=secret) for one in found]}


def notices(rows: Sequence[Notice]) -> list[Shown]:
    """What is told of notices beside their text, with how each was served."""
    attempts = serving.attempts_of([one.id for one in rows])
    return [
        {
            "id": row.id,
            "type": row.name,
            "number": row.number,
            "sha256": row.sha256,
            "status": row.status,
            "title": row.title,
            "issued_on": row.issued_on,
            "served_on": row.served_on,
            "service": telling.state_of(row, attempts[row.id]),
            "replaces": row.replaces_id,
        }
        for row in rows
    ]


def attachment(row: Attachment) -> Shown:
    """What is told of a file beside its content."""
    return {
        "id": row.id,
        "title": row.title,
        "sha256": row.sha256,
        "proves": row.proves,
        "filename": row.filename,
        "media_type": row.media_type,
        "size": row.size,
    }


def _search(kind: str, state: str) -> Search:
    states = {one.name for workflow in editions() for one in workflow.states}
    faults = {}
    if kind and kind not in WORKFLOWS:
        faults["kind"] = f"没有这种案件，只有：{'、'.join(WORKFLOWS)}。"
    if state and state not in states:
        faults["state"] = "没有这种状态。"
    if faults:
        raise Invalid(faults)
    return Search(kind=kind, state=state)


def _briefs(rows: Sequence[Case]) -> list[Shown]:
    units = units_by_id(row.unit_id for row in rows)
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "state": row.state,
            "version": row.version,
            "title": definition_of(row).title,
            "state_title": definition_of(row).state(row.state).title,
            "unit": units[row.unit_id].name,
            "owner": row.owner_role,
            "filed_on": row.filed_on,
            "due_on": row.due_on,
            "provisional": row.provisional,
            "overdue": _is_past(row.due_on),
        }
        for row in rows
    ]


def _is_past(due_on: date | None) -> bool:
    return due_on is not None and due_on < today()


def _children(actor: Actor, case: Case) -> list[str]:
    """The numbers of those that the actor may see."""
    chosen = (
        queries.visible_to(actor)
        .with_only_columns(Case.number)
        .join(CaseLink, CaseLink.child_id == Case.id)
        .where(CaseLink.parent_id == case.id)
    )
    return list(db.session.scalars(chosen.order_by(Case.id)))


def _statement(facts: CaseFacts) -> str | None:
    """What the filer said; a provider that is asked sees it whole (processes.md, Verification)."""
    about = facts.parent() if facts.row.kind == "verification" else facts.case()
    return about.details["statement"] if about and about.kind in {"objection", "repair"} else None


def _items(actor: Actor, facts: CaseFacts) -> list[Shown]:
    """The contested points; of a verification with what it answers on them."""
    answers = {one.item: one for one in facts.answers()}
    units = units_by_id(one.unit for one in facts.items())
    whole = _handles(actor, facts.row)
    return [
        {
            "id": one.id,
            "record_id": one.record,
            "field": one.field,
            "ground": one.ground,
            "claim": one.claim,
            "outcome": one.outcome,
            "unit": units[one.unit].name,
            "unreviewed": one.unreviewed,
            **_found(one.field, answers.get(one.id, one), whole=whole),
        }
        for one in facts.items()
    ]


def _found(field: str, said: ItemFact | AnswerFact, *, whole: bool) -> Shown:
    value = said.value if said.value is None or whole else _masked(field, said.value)
    return {"finding": said.finding, "value": value, "reasons": said.reasons}


def _masked(field: str, value: str) -> str:
    return masked(value, 3) if field in PERSONAL else value


def _deadlines(facts: CaseFacts) -> list[Shown]:
    """The clocks that have not ended."""
    return [
        {
            "name": name,
            "due_on": row.due_on,
            "provisional": row.provisional,
            "overdue": _is_past(row.due_on),
        }
        for name, row in facts.deadlines().items()
        if row.ended_on is None
    ]


def _history(actor: Actor, case: Case) -> list[Shown]:
    taken = queries.steps_taken(case)
    units = units_by_id(row.unit_id for row in taken if row.unit_id)
    names = names_of(row.actor_id for row in taken if row.actor_id)
    known = names if _handles(actor, case) else {}
    titles = {key: unit.name for key, unit in units.items()}
    secret = repairs.withheld(case, handles=_handles(actor, case))
    return [
        {
            "seq": row.seq,
            "step": repairs.step_told(row.step) if secret else row.step,
            "from_": row.source,
            "to": row.to,
            "actor": _actor(row, known, titles),
            "on": row.on,
            "at": row.at,
        }
        for row in taken
    ]


def _actor(row: StepTaken, names: dict[int, str], units: dict[int, str]) -> str:
    """The person where names are known, else only where it works."""
    if row.actor_id is None:
        return "系统"
    return names.get(row.actor_id) or units.get(row.unit_id or 0) or "信用主体"


def _handles(actor: Actor, case: Case) -> bool:
    """The office and the unit that handles a case know who did what, and numbers whole."""
    return bool(actor.roles & OFFICE) or actor.unit_id == case.unit_id is not None


def _details(actor: Actor, facts: CaseFacts) -> Shown:
    if facts.row.kind == "repair":
        return repairs.told(facts, handles=_handles(actor, facts.row))
    known = facts.case().details
    told: Shown = as_json({name: known[name] for name in TOLD[facts.row.kind]})
    if not _handles(actor, facts.row):
        for name in {"fields", "decided_fields"} & told.keys():
            told[name] = {field: _masked(field, value) for field, value in told[name].items()}
    return told


def _offered(found: Possibility, facts: CaseFacts, *, secret: bool) -> Shown:
    """A step; where it is `secret` what was proposed, others are told no more than whose it is."""
    step = found.step
    return {
        "name": step.name,
        "title": step.title,
        "by": [role.value for role in takers(step, facts)],
        "allowed": found.allowed,
        "reasons": found.reasons[:1] if secret and not found.mine else found.reasons,
        "fields_": field_list(step, facts.rules),
    }
