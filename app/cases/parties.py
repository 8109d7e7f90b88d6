"""Who issues a notice, who gets it, and where whoever is burdened by it may turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.cases.facts import CaseFacts
from app.db import db
from app.people.models import Person, Subject, SubjectKind, Unit
from app.web.filters import masked
from workflows.grammar import Notice, Party
from workflows.office import CaseFact
from workflows.rules import Rules


@dataclass(frozen=True)
class Addressee:
    """Whom a notice is for: `kind` and `id` as in `app.notices.drafts.Draft`; `natural`: a human."""

    kind: str
    id: int | None
    name: str
    code: str = ""
    natural: bool = False

    def as_json(self) -> dict[str, str]:
        """As a notice prints it; the number of a natural person is masked already."""
        title = "证件号码" if "*" in self.code else "统一社会信用代码" if self.code else ""
        return {
            "kind": self.kind,
            "name": self.name,
            "code": self.code,
            "code_title": title,
            "you": "你" if self.natural else "你单位",
        }


EVERYBODY: Final = Addressee("public", None, "社会公众")


def root_of(facts: CaseFacts) -> CaseFact:
    """The case that somebody filed: the parent of a child, else the case itself."""
    return facts.parent() or facts.case()


def issuer_of(notice: Notice, facts: CaseFacts, office: int) -> Unit:
    """The unit in whose name the notice goes out."""
    if notice.issuer is Party.INFORMER:
        return _informer(facts) or unit(office)
    return unit(office if notice.issuer is Party.OFFICE else facts.row.unit_id)


def _informer(facts: CaseFacts) -> Unit | None:
    """The department that found the error itself, where the rules let it tell the provider."""
    filed_by = root_of(facts).filer_unit
    if filed_by is None or facts.rules.choice("verification.informs") == "office":
        return None
    department = unit(filed_by)
    return department if department.executes and not department.is_office else None


def addressee_of(party: Party, facts: CaseFacts, office: int) -> Addressee:
    """Who stands behind a party in this case."""
    match party:
        case Party.FILER:
            return _filer(root_of(facts))
        case Party.SUBJECT:
            return concerned(facts)
        case Party.OFFICE:
            return _unit(office)
        case Party.UNIT:
            return _unit(facts.row.unit_id)
        case Party.OWNER:
            return _unit(facts.row.owner_unit_id or facts.row.unit_id)
    return EVERYBODY


def concerned(facts: CaseFacts) -> Addressee:
    """The subject whom the records or the sanction of the case are about."""
    own = facts.case().subject if facts.row.kind in {"suspension", "correction", "repair"} else None
    records = facts.records()
    return subject(own or records[0].subject) if own or records else EVERYBODY


def unit(unit_id: int) -> Unit:
    """A unit that exists."""
    return db.session.get_one(Unit, unit_id)


def subject(subject_id: int) -> Addressee:
    """A subject; the number of a natural person is masked."""
    row = db.session.get_one(Subject, subject_id)
    person = row.kind is SubjectKind.PERSON
    code = masked(row.code, 3) if person else row.code
    return Addressee("subject", row.id, row.name, code, natural=person)


def unit_as_json(row: Unit) -> dict[str, str]:
    """A unit as a notice prints it."""
    return {
        "name": row.name,
        "code": row.code,
        "address": row.address or "",
        "phone": row.phone or "",
    }


def remedies(issuer: Unit, rules: Rules) -> list[dict[str, str]]:
    """Review and lawsuit against a decision of this unit (行政复议法 20, 22; 行政诉讼法 45, 46)."""
    after_review = rules.length("remedy.litigation.after_review").in_words
    return [
        {
            "kind": "review",
            "title": "行政复议",
            "body": issuer.review_body or rules.text("remedy.review.body"),
            "verb": "申请行政复议",
            "period": rules.length("remedy.review.period").in_words,
            "channel": rules.text("remedy.review.channel"),
            "note": "",
        },
        {
            "kind": "litigation",
            "title": "行政诉讼",
            "body": issuer.court or rules.text("remedy.litigation.court"),
            "verb": "提起行政诉讼",
            "period": rules.length("remedy.litigation.period").in_words,
            "channel": "",
            "note": f"先申请行政复议、对复议决定不服的，自收到复议决定书之日起{after_review}内提起",
        },
    ]


def _unit(unit_id: int) -> Addressee:
    return Addressee("unit", unit_id, unit(unit_id).name)


def _filer(root: CaseFact) -> Addressee:
    """For whom it was filed; a complainant or a higher platform may be nobody we have on file."""
    named: Any = root.details.get("filer_name")
    if root.subject is not None:
        return subject(root.subject)
    of_unit = _unit(root.filer_unit) if root.filer_unit is not None else None
    if of_unit and named in {None, "", of_unit.name}:
        return of_unit
    if named:
        return Addressee(
            "person", None if of_unit else root.filer_person, named, natural=not of_unit
        )
    if root.filer_person is not None:
        person = db.session.get_one(Person, root.filer_person)
        return Addressee("person", person.id, person.name, natural=True)
    return _unit(root.unit)
