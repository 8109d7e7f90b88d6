"""Taking a notice out of force: its number is void, or another notice says what is right."""

from __future__ import annotations

from typing import Any, Final

from app import clock
from app.audit.commands import Action, record as note
from app.cases.commands import Prove, about_notice
from app.db import db
from app.delivery import commands as delivery, serving
from app.errors import Conflict, Invalid, NotAllowed
from app.notices.drafts import Draft
from app.notices.models import Notice
from app.people.actor import Actor
from workflows import WORKFLOWS
from workflows.grammar import Role

APPROVERS: Final = frozenset({Role.OFFICE_APPROVER, Role.PROVIDER_APPROVER, Role.EXECUTOR_APPROVER})
LONGEST: Final = 500
REPLACEMENT: Final = "更正通知书"
KIND: Final = "service"
NAME: Final = "replacement"


def may_end(actor: Actor, notice: Notice) -> bool:
    """Whether the actor takes this notice out of force: an approver of the unit that issued it."""
    return bool(actor.roles & APPROVERS) and actor.unit_id == notice.issuer_id


def void(actor: Actor, notice_id: int, reason: str) -> None:
    """The number of a notice says nothing, and is never used again (law.md 6.4).

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict for a notice that was served,
    is not in force, or on which a decision rests: no decision is without its notice.
    """
    reason = _written({"reason": reason})["reason"]

    def work(found: Notice, _: Prove) -> None:
        _check(actor, found)
        if found.served_on is not None:
            message = "文书已经送达，不能作废；内容有误的，请出具更正通知书。"
            raise Conflict(message)
        if is_decision(found):
            message = "处理决定不能没有文书，不能作废；内容有误的，请出具更正通知书。"
            raise Conflict(message)
        end(found, "void", reason, actor)
        note(Action.NOTICE_ENDED, actor, f"notice:{found.id}", status="void")

    about_notice(notice_id, actor, work)


def replace(actor: Actor, notice_id: int, before: str, after: str, reason: str) -> int:
    """A new notice, numbered in the same series, says what is right; gives its key.

    It names the old one, which is not in force any more, and is served anew. Raises as `void`.
    """
    said = _written({"before": before, "after": after, "reason": reason})
    issued: list[int] = []

    def work(found: Notice, _: Prove) -> None:
        _check(actor, found)
        (key,) = delivery.issue([_draft(found, said)])
        end(found, "replaced", said["reason"], actor)
        note(Action.NOTICE_ENDED, actor, f"notice:{found.id}", status="replaced", by=key)
        issued.append(key)

    about_notice(notice_id, actor, work)
    return issued[-1]


def is_decision(notice: Notice) -> bool:
    """Whether a decision rests on it."""
    steps = WORKFLOWS[notice.kind].steps if notice.kind in WORKFLOWS else ()
    decided = any(step.decides for step in steps for one in step.notices if one.name == notice.name)
    return decided or bool(notice.context.get("remedies"))


def end(notice: Notice, status: str, reason: str, actor: Actor) -> None:
    """A notice is not in force any more; inside a transaction."""
    notice.status, notice.status_on = status, clock.today()
    notice.status_reason, notice.status_by_id = reason, actor.person_id
    serving.settle(notice)
    db.session.flush()


def _check(actor: Actor, notice: Notice) -> None:
    if not may_end(actor, notice):
        message = "文书的作废和更正由出具单位的审批人员办理。"
        raise NotAllowed(message)
    if notice.status != "valid":
        message = "这份文书已经失效，不能再次办理。"
        raise Conflict(message)


def _written(said: dict[str, str]) -> dict[str, str]:
    """Each text without blanks around it; raises Invalid for those that are empty or too long."""
    texts = {name: text.strip() for name, text in said.items()}
    faults = {name: "请填写，不能留空。" for name, text in texts.items() if not text}
    faults |= {
        name: f"不能超过{LONGEST}个字。" for name, text in texts.items() if len(text) > LONGEST
    }
    if faults:
        raise Invalid(faults)
    return texts


def _draft(old: Notice, said: dict[str, str]) -> Draft:
    """What is frozen of the old notice, and what is said of it now."""
    head: dict[str, Any] = {
        name: old.context["notice"][name] for name in ("issuer", "addressee", "copies")
    }
    return Draft(
        case_number=old.case_number,
        seq=old.seq,
        kind=KIND,
        name=NAME,
        title=REPLACEMENT,
        series_word=old.series.removesuffix(f"〔{old.year}〕"),
        issuer_id=old.issuer_id,
        addressee_kind=old.addressee_kind,
        addressee_id=old.addressee_subject_id or old.addressee_unit_id or old.addressee_person_id,
        replaces=old.id,
        context={
            "notice": head,
            "old": {
                "title": old.title,
                "number": old.number,
                "issued_on": old.issued_on.isoformat(),
            },
            "correction": said,
            "case": {"number": old.case_number},
            "basis": list(old.context.get("basis", ())),
            "remedies": list(old.context.get("remedies", ())),
        },
    )
