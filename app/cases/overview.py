"""All that the page of a case shows to one actor, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from app.cases import applying, measures, particulars, parties, presentation, submissions
from app.cases.choices import records_with
from app.cases.drawing import drawn, said
from app.cases.facts import CaseFacts
from app.cases.lists import lines, owner_told, owner_words
from app.cases.models import Attachment, Case, StepTaken
from app.cases.papers import papers_for
from app.cases.possibilities import possible_steps
from app.cases.projection import office_unit
from app.cases.queries import (
    addressed_notices,
    attachments_of,
    children_of,
    is_addressee,
    parents_of,
    readable_notices,
    steps_taken,
    visible_to,
)
from app.cases.roles import OFFICE
from app.cases.service import telling
from app.clock import today
from app.db import db
from app.delivery.queries import messages_of
from app.people.actor import Actor
from app.people.queries import names_of, units_by_id
from app.records.models import EndedBy, Recipient
from app.records.queries import visible_to as visible_records
from app.records.words import ENDINGS
from workflows import definition_of
from workflows.grammar import Party

Told: TypeAlias = dict[str, Any]
NOTHING: Final[Told] = {"checks": []}
"""What a kind shows of its own that has nothing of its own."""


def overview(case: Case, actor: Actor) -> Told:
    """What the template shows, by name; lists are empty where there is nothing."""
    facts = CaseFacts(case, today())
    related = _related(case, actor)
    notices = _notices(facts, actor, [line.case.number for line in related["children"]])
    steps, details = possible_steps(case, actor, facts), facts.case().details
    told = {
        "notices": notices,
        "finality": telling.standing(facts, [one["row"] for one in notices]),
        "attachments": _attachments(facts),
        "papers": papers_for(actor, facts),
        "handles": sees_whole(actor, case),
    }
    return {
        "case": case,
        "facts": facts,
        "details": details,
        "supplements": submissions.supplements(facts),
        "gaps": submissions.gaps(facts),
        "kinds": particulars.option_titles(facts.rules, "correction.kinds"),
        "head": head(facts, actor),
        "sent_back": submissions.sent_back(facts) if told["handles"] else None,
        "added": submissions.added(facts),
        "steps": steps,
        "titles": {one.step.name: presentation.button(one.step, details) for one in steps},
        "records": _records(facts, actor),
        "items": _items(facts, actor),
        "changes": _changes(facts, actor),
        "sanctions": measures.sanctions(facts, actor),
        "deadlines": _deadlines(facts),
        "messages": _messages(case),
        "timeline": _timeline(facts, actor, notices),
        "diagram": _diagram(facts, outside=not told["handles"]),
        "own": applying.of_repair(facts, steps, told) if case.kind == "repair" else NOTHING,
        **related,
        **told,
    }


def head(facts: CaseFacts, actor: Actor) -> Told:
    """The line above everything: who it is about, who must act, and what."""
    case, details = facts.row, facts.case().details
    (line,) = lines([case])
    units = units_by_id({case.unit_id, case.owner_unit_id or case.unit_id})
    owner = units.get(case.owner_unit_id or 0)
    words = owner_words if actor.unit_id else owner_told
    parent = facts.parent()
    source = (parent.details if parent else details).get("source", "")
    return {
        "title": presentation.title_of(facts.workflow, facts.history()),
        "about": line.about,
        "owner": words(case, owner.name if owner else ""),
        "expected": line.expected,
        "unit": units[case.unit_id].name,
        "filer": _filer(facts),
        "source": particulars.option_titles(facts.rules, "objection.sources").get(source, ""),
        "statement": (parent.details if parent else details).get("statement", ""),
        "submitted_on": submissions.submitted_on(facts),
        "ended": presentation.ended(case.kind, case.state),
        "stopped": presentation.stopped(facts.deadlines()),
    }


def _diagram(facts: CaseFacts, *, outside: bool) -> Told:
    """The way of the case through its kind, drawn and in words; what is internal looks the same."""
    kind, workflow = facts.row.kind, facts.workflow
    internal = {name for of, name in presentation.INTERNAL if outside and of == kind}
    gone = [
        (taken.source, name)
        for taken in facts.history()
        if not workflow.step(taken.step).beside
        for name in (internal if taken.step in internal else {taken.step})
    ]
    state = facts.row.state
    return {"picture": drawn(workflow, gone, state), "words": said(workflow, gone, state)}


def taken_since(case: Case, version: int, actor: Actor) -> list[Told]:
    """The steps taken after one had seen the case at a version: title, who, and when."""
    rows = steps_taken(case, version)
    handles = sees_whole(actor, case)
    who = _who(rows, named=handles)
    return [_entry(case, row, who, outside=not handles) for row in rows]


def _filer(facts: CaseFacts) -> str:
    root = parties.root_of(facts)
    if root.kind not in {"objection", "repair"}:
        return ""
    filer = parties.addressee_of(Party.FILER, facts, office_unit())
    return f"{filer.name}（{filer.code}）" if filer.code else filer.name


def _related(case: Case, actor: Actor) -> Told:
    """Children and parents, and the numbers of those that the actor may open."""
    children, parents = children_of(case), parents_of(case)
    keys = {one.id for one in (*children, *parents)}
    seen = visible_to(actor).with_only_columns(Case.number).where(Case.id.in_(keys))
    shown = lines([*children, *parents])
    return {
        "children": shown[: len(children)],
        "parents": shown[len(children) :],
        "seen": set(db.session.scalars(seen)),
    }


def sees_whole(actor: Actor, case: Case) -> bool:
    """The office and the unit that handles a case know who did what, and see values whole."""
    return bool(actor.roles & OFFICE) or actor.unit_id == case.unit_id is not None


def _records(facts: CaseFacts, actor: Actor) -> list[Told]:
    known = facts.records()
    keys = {one.id for one in known}
    seen = {one.id for one in records_with(keys, visible_records(actor, keys))}
    return [
        particulars.record(one)
        | {
            "id": one.id if one.id in seen else None,
            "fields": presentation.recorded(one.content),
            "annotated_by": sorted(one.annotated_by),
            "disclosed": one.disclosed,
            "ended": ENDINGS[EndedBy(one.ended_by)] if one.ended_by else "",
        }
        for one in known
    ]


def _items(facts: CaseFacts, actor: Actor) -> list[Told]:
    if facts.row.kind not in {"objection", "verification", "correction"}:
        return []
    told = particulars.items(facts, whole=sees_whole(actor, facts.row))
    return [
        said | {"id": fact.id, "outcome_title": presentation.OUTCOMES.get(fact.outcome or "", "")}
        for said, fact in zip(told, facts.items(), strict=True)
    ]


def _changes(facts: CaseFacts, actor: Actor) -> list[Told]:
    if facts.row.kind != "correction":
        return []
    return particulars.changes(facts, whole=sees_whole(actor, facts.row))


def _deadlines(facts: CaseFacts) -> list[Told]:
    rows = sorted(
        facts.deadlines().values(),
        key=lambda row: (row.ended_on is not None, row.due_on or date.max, row.clock),
    )
    return [
        {"title": presentation.clock_title(facts.row.kind, row.clock), "row": row} for row in rows
    ]


def _notices(facts: CaseFacts, actor: Actor, children: Sequence[str]) -> list[Told]:
    own = readable_notices(actor, facts.row)
    told = () if actor.roles & OFFICE else addressed_notices(actor, children)
    services = telling.services([*own, *told], actor, facts.rules)
    return [
        {
            "row": one,
            "to": one.context["notice"]["addressee"]["name"],
            "mine": is_addressee(actor, one) and telling.to_be_served(one),
            "became": applying.became(one, own),
            "service": services[one.id],
        }
        for one in (*own, *told)
    ]


def _attachments(facts: CaseFacts) -> list[Told]:
    files: Sequence[Attachment] = attachments_of(facts.row)
    names = names_of({one.by_id for one in files})
    proves = {"withdrawal": "撤回申请"} | _provable(facts)
    return [
        {
            "row": one,
            "by": names[one.by_id],
            "proves": proves.get(one.proves, one.proves),
        }
        for one in files
    ]


def _provable(facts: CaseFacts) -> dict[str, str]:
    """What a file of the case may prove: an item, or a duty or condition of a repair."""
    if facts.row.kind == "repair":
        return applying.proven_titles(facts)
    return {str(item.id): f"事项{item.position}" for item in facts.items()}


def _messages(case: Case) -> list[Told]:
    """What recipients of the record were sent, and whether they confirmed."""
    sent = messages_of([case.number]) if case.kind in {"correction", "repair"} else ()
    chosen = sa.select(Recipient.id, Recipient.name)
    rows = db.session.execute(chosen.where(Recipient.id.in_({one.recipient_id for one in sent})))
    names = {row.id: row.name for row in rows}
    return [
        {"row": one, "to": names[one.recipient_id], "about": one.subject.partition("：")[0]}
        for one in sent
    ]


def _timeline(facts: CaseFacts, actor: Actor, notices: Sequence[Told]) -> list[Told]:
    case, rows = facts.row, steps_taken(facts.row)
    handles = sees_whole(actor, case)
    who = _who(rows, named=handles)
    titles = {one["row"].id: one["row"].title for one in notices}
    entries = []
    for row in rows:
        entry = _entry(case, row, who, outside=not handles)
        if row.step == "served":
            title = titles.get(row.data["input"]["notice_id"])
            if title is None:
                continue  # to somebody else: none of the reader's business
            entry["title"] = f"《{title}》已送达"
            entry["who"] = presentation.served_how(row.data["input"]["how"])
            entry["note"] = presentation.served_note(row.data["input"]["served_on"], row.on)
        elif _may_read(case, row, actor):
            entry["note"] = presentation.step_note(
                facts.workflow.step(row.step), row.data, facts.rules
            )
        entries.append(entry)
    return entries


def _may_read(case: Case, row: StepTaken, actor: Actor) -> bool:
    """What was entered: for the office and the unit that handles; else what was told outside."""
    told = definition_of(case).step(row.step).notices
    return bool(sees_whole(actor, case) or told or row.actor_id == actor.person_id)


def _who(rows: Sequence[StepTaken], *, named: bool) -> dict[int, str]:
    """Who took each step, by its number: the unit, and the person's name where it is `named`."""
    names = names_of({row.actor_id for row in rows if row.actor_id})
    units = units_by_id({row.unit_id for row in rows if row.unit_id})
    said = {}
    for row in rows:
        unit = units[row.unit_id].name if row.unit_id else ""
        name = names[row.actor_id] if row.actor_id else ""
        outside = named or not unit
        said[row.seq] = f"{unit} {name if outside else ''}".strip() or "系统自动办理"
    return said


def _entry(case: Case, row: StepTaken, who: dict[int, str], *, outside: bool) -> Told:
    at: datetime = row.at
    title = presentation.step_title(definition_of(case), row.step, row.data, outside=outside)
    return {"title": title, "at": at, "who": who[row.seq], "note": ""}
