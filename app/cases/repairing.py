"""What only the notices of a repair tell: plain JSON, days in ISO."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.cases import documents, particulars, parties
from app.cases.facts import CaseFacts
from app.cases.models import Case
from app.cases.repair.models import Repair
from app.db import db
from app.people.models import Person, Representation, Scope
from app.records.models import EndedBy, Record, Share
from app.records.words import ENDINGS
from workflows.conditions.repair import ALL_DUTIES, PUBLIC_SERVICE
from workflows.inputs.repair import CONDITIONS, REVOCATION_GROUNDS
from workflows.office import SanctionFact
from workflows.rules import duties_of

Told = dict[str, Any]
PROVEN: Final = {ALL_DUTIES: "全部义务已经履行", PUBLIC_SERVICE: "参加社会公益服务"}
"""What a file may prove besides a single duty."""
DECISIONS: Final = ("granted", "restored")
"""The notices by which a repair takes effect."""


def told(facts: CaseFacts) -> Told:
    """All that a notice of a repair may print beside what every notice does."""
    details, fact = facts.case().details, facts.records()[0]
    record = db.session.get_one(Record, fact.id)
    files = particulars.attachments(facts)
    return {
        "reasons": details["statement"],
        "natural": parties.concerned(facts).natural,
        "agent": agent(facts),
        "duties": _duties(facts, files),
        "materials": _materials(facts, files),
        "conditions": conditions(facts, details["conditions"]),
        "unmet": details["unmet"],
        "next_application_on": _iso(details["next_application_on"]),
        "barred_until": _iso(details["barred_until"]),
        "bar_years": facts.rules.length("repair.bar_years").value,
        "hearing": hearing(facts, details),
        "decision": _last_of(facts, DECISIONS),
        "revocation": _last_of(facts, ("revoked",)),
        "ended": _ended(facts),
        "disclosed_until": _rest_of_disclosure(record, facts.on),
        "recipients": _recipients(record),
        "unsettled": sorted({one.recipient for one in facts.messages() if not one.settled}),
        "lifted": _sanctions(facts, supported=False),
        "standing": _sanctions(facts, supported=True),
    }


def _ended(facts: CaseFacts) -> str:
    """Why the record needs no repair of this applicant any more; "" while it does."""
    (record,) = facts.records()
    if record.subject != facts.case().subject:
        return "经更正已不再属于申请人"
    return ENDINGS[EndedBy(record.ended_by)] if record.ended_by else ""


def repairs_of(record_ids: Collection[int]) -> dict[int, str]:
    """The number of the repair that stands, by record; records without one are not there."""
    if not record_ids:
        return {}
    chosen = (
        sa.select(Repair.record_id, Case.number)
        .join(Case, Case.id == Repair.case_id)
        .where(Repair.record_id.in_(record_ids), Repair.repaired_on.is_not(None))
        .order_by(Case.id)
    )
    return {row.record_id: row.number for row in db.session.execute(chosen)}


def _duties(facts: CaseFacts, files: Iterable[Told]) -> list[Told]:
    """Each duty that the record names, and what the files are called that prove it fulfilled."""
    return [
        {
            "title": duty.title,
            "proofs": [
                _called(one, duty.title) for one in files if one["proves"] in {duty.code, *PROVEN}
            ],
        }
        for duty in duties_of(facts.records()[0].content, facts.rules)
    ]


def _called(file: Told, beside: str) -> str:
    """The title of a file, or its name where the title only repeats what stands beside it."""
    return str(file["filename"] if beside in file["title"] else file["title"])


def _materials(facts: CaseFacts, files: Iterable[Told]) -> list[Told]:
    """The files handed in, oldest first, and what each of them proves."""
    titles = particulars.option_titles(facts.rules, "repair.duties") | PROVEN
    return [one | {"proves": titles.get(one["proves"], "")} for one in files]


def agent(facts: CaseFacts) -> Told:
    """Who acts for the subject by a document, where it does not act itself; empty texts else."""
    chosen = (
        sa.select(Person.name, Representation.document)
        .join(Representation, Representation.person_id == Person.id)
        .where(
            Person.id == facts.row.filer_person_id,
            Representation.subject_id == facts.row.subject_id,
            Representation.scope == Scope.AGENT,
        )
    )
    row = db.session.execute(chosen).first()
    return {"name": row.name, "document": row.document} if row else {"name": "", "document": ""}


def conditions(facts: CaseFacts, examined: Iterable[Mapping[str, Any]]) -> list[Told]:
    """What was examined, condition by condition, each with its proof as people read it."""
    titles = dict(CONDITIONS)
    return [
        {
            "title": titles[one["name"]],
            "met": one["met"],
            "proof": documents.as_read(facts, one["proof"]),
        }
        for one in examined
    ]


def hearing(facts: CaseFacts, details: Mapping[str, Any]) -> Told:
    """What the subject is heard about, and what it said, and when; empty texts where nothing."""
    said = details["accusation"] or {"ground": "", "reasons": "", "evidence": ""}
    answered = [one.on for one in facts.history() if one.step == "answer"]
    return {
        "ground": dict(REVOCATION_GROUNDS).get(said["ground"], ""),
        "facts": said["reasons"],
        "evidence": documents.as_read(facts, said["evidence"]),
        "answer": details["answer"],
        "answered_on": _iso(answered[-1]) if answered else None,
    }


def _last_of(facts: CaseFacts, names: Collection[str]) -> str:
    """Title and number of the last notice of these names in this case; "" before there is one."""
    found = [f"《{one.title}》（{one.number}）" for one in facts.issued() if one.name in names]
    return found[-1] if found else ""


def _rest_of_disclosure(record: Record, on: date) -> str | None:
    """Until when it is disclosed once no repair stands; None where nothing is left."""
    until = record.disclosed_until
    return until.isoformat() if until and until >= on else None


def _recipients(record: Record) -> int:
    """How many units and platforms get the record now."""
    chosen = sa.select(sa.func.count()).where(
        Share.record_id == record.id, Share.stopped_on.is_(None)
    )
    return db.session.scalar(chosen) or 0


def _sanctions(facts: CaseFacts, *, supported: bool) -> list[Told]:
    """The running sanctions that lost their last record, or that another valid one supports."""
    chosen = [one for one in facts.sanctions() if _running(one) and one.supported is supported]
    if not chosen:
        return []
    measures = particulars.measures(chosen, facts.rules)
    own = facts.case().subject
    return [
        one | {"of_another": sanction.subject != own}
        for one, sanction in zip(measures, chosen, strict=True)
    ]


def _running(sanction: SanctionFact) -> bool:
    return not (sanction.over or sanction.lifted)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
