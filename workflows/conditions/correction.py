"""When the steps of a correction may be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.common import record_of
from workflows.grammar import Role, _, guard
from workflows.sources import (
    COMPENSATION_35,
    OWN_RULE,
    PENALTY_48,
    SHANGHAI_36,
    SUPERVISION,
    TRIGGERS,
)

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.correction import Change, Restoration
    from workflows.office import Facts

REMOVALS = frozenset({"delete", "revoke", "end_disclosure", "remove_from_list"})
GONE = frozenset({"revoke", "delete"})


def office_carries_out(facts: Facts) -> bool:
    """Whether the platform itself was wrong, so that the office corrects."""
    return bool(facts.case().details["by_office"])


def office_owns(facts: Facts) -> bool:
    """Whether the office must act now: it corrects, or follows up what was corrected."""
    return office_carries_out(facts) or facts.case().state in {"synchronising", "restoring"}


def _proposal(facts: Facts) -> tuple[str | None, dict[str, str]]:
    details = facts.case().details
    return details["kind"], dict(details["fields"] or {})


def decision(facts: Facts) -> tuple[str | None, dict[str, str]]:
    """Kind and values that the objection decided; (None, {}) where none opened it."""
    details = facts.case().details
    return details["decided_kind"], dict(details["decided_fields"] or {})


def to_apply(facts: Facts) -> tuple[str | None, dict[str, str]]:
    """What the record is to become: as decided, otherwise as proposed."""
    kind, values = decision(facts)
    return (kind, values) if kind else _proposal(facts)


@guard(_("只能更正本单位提供的记录。"), basis=TRIGGERS)
def the_record_is_its_own(attempt: Attempt[Any]) -> bool:
    """A provider corrects what it provided; the office any record."""
    if attempt.actor.person_id is None or Role.OFFICE_CLERK in attempt.actor.roles:
        return True
    return record_of(attempt.facts).provider == attempt.actor.unit_id


@guard(_("该记录已经撤销或者删除，不能再更正。"), basis=SHANGHAI_36)
def the_record_is_not_gone(attempt: Attempt[Any]) -> bool:
    """Nothing is left to correct; what an objection decided becomes moot then."""
    return attempt.actor.person_id is None or record_of(attempt.facts).ended_by not in GONE


def _applied_by(facts: Facts, kind: str | None) -> bool:
    """Whether another correction of the same objection has changed this record in this way."""
    own = facts.case()
    return any(
        one.number != own.number
        and one.details["record"] == own.details["record"]
        and one.details["kind"] == kind
        and one.state in {"synchronising", "restoring", "done"}
        for one in facts.siblings("correction")
    )


def revoked_meanwhile(facts: Facts) -> bool:
    """Whether the record is gone; what an annulled decision revoked is to come back, though."""
    ended_by = record_of(facts).ended_by
    if decision(facts)[0] == "reinstate" and _applied_by(facts, ended_by):
        return False
    return ended_by in GONE


@guard(_("该记录在此期间已经撤销或者删除，无须再更正。"), basis=SHANGHAI_36)
def the_record_was_not_revoked(attempt: Attempt[Any]) -> bool:
    """What is gone is not put right any more: the correction becomes moot."""
    return not revoked_meanwhile(attempt.facts)


@guard(_("处理方式和内容应当与异议处理结果一致。"), basis=TRIGGERS, of_input=True)
def it_is_as_decided(attempt: Attempt[Change]) -> bool:
    """Where an objection opened it, kind and values are those decided."""
    kind, values = decision(attempt.facts)
    said = {one.field: one.value for one in attempt.input.fields}
    return kind is None or (attempt.input.kind == kind and said in ({}, values))


@guard(_("恢复原记录只能依据撤销原处理的决定办理。"), basis=OWN_RULE, of_input=True)
def reinstatement_was_decided(attempt: Attempt[Change]) -> bool:
    """Nobody brings back a record of his own accord."""
    return attempt.input.kind != "reinstate" or decision(attempt.facts)[0] == "reinstate"


@guard(
    _("更正、补充要写明信息项目和新的内容，且每个项目只能写一次。"),
    basis=SHANGHAI_36,
    of_input=True,
)
def what_changes_is_said(attempt: Attempt[Change]) -> bool:
    """A correction or supplement names the fields."""
    if attempt.input.kind not in {"correct", "supplement"}:
        return True
    named = [one.field for one in attempt.input.fields] or list(decision(attempt.facts)[1])
    return bool(named) and len(named) == len(set(named))


@guard(
    lambda attempt: (
        "这些项目的内容格式不对："
        + "、".join(
            attempt.facts.unstorable({one.field: one.value for one in attempt.input.fields})
        )
        + "。日期写成2026-03-01，金额以元为单位写数字。"
    ),
    basis=OWN_RULE,
    of_input=True,
)
def each_value_can_be_stored(attempt: Attempt[Change]) -> bool:
    """Dates are dates, amounts are amounts."""
    return not attempt.facts.unstorable({one.field: one.value for one in attempt.input.fields})


@guard(_("更正要写明依据文书。"), basis=SHANGHAI_36, of_input=True)
def it_rests_on_a_document(attempt: Attempt[Change]) -> bool:
    """The input names it, or an objection decided it."""
    return bool(attempt.input.basis.strip()) or decision(attempt.facts)[0] is not None


@guard(
    _("记录在提出更正之后又有了新的版本，请退回经办重新核对。"),
    basis=OWN_RULE,
)
def the_record_has_not_moved_on(attempt: Attempt[Any]) -> bool:
    """Approved is what was seen."""
    seen = attempt.facts.case().details["seen_version"]
    return bool(seen == record_of(attempt.facts).version)


@guard(
    _("更正期限尚未届满，应由提供单位自行更正。"),
    basis=SUPERVISION,
    clocks=("correction.correct", "correction.annulled"),
)
def its_time_has_passed(attempt: Attempt[Any]) -> bool:
    """The office acts in the provider's place only when it let its time pass."""
    return attempt.facts.passed("correction.correct") or attempt.facts.passed("correction.annulled")


@guard(_("还没有决定或者提出更正的内容，不能代为更正。"), basis=SUPERVISION)
def it_is_known_what_to_do(attempt: Attempt[Any]) -> bool:
    """Decided by an objection, or proposed."""
    return to_apply(attempt.facts)[0] is not None


@guard(_("记录既没有被撤销，也还不是决定更正后的样子。"), basis=TRIGGERS)
def nothing_is_left_to_correct(attempt: Attempt[Any]) -> bool:
    """Revoked meanwhile, or it reads as decided."""
    record, (kind, values) = record_of(attempt.facts), decision(attempt.facts)
    if revoked_meanwhile(attempt.facts):
        return True
    if kind in {None, "reinstate"} or (kind in REMOVALS and record.ended_by != kind):
        return False
    changes = bool(values) or kind in REMOVALS
    return changes and all(record.content.get(name) == value for name, value in values.items())


def _harm(attempt: Attempt[Any]) -> bool:
    reinstates = to_apply(attempt.facts)[0] == "reinstate"
    return not reinstates and attempt.facts.was_executed(record_of(attempt.facts).id)


@guard(_("没有依据错误信息执行过惩戒措施，无须消除影响。"), basis=COMPENSATION_35)
def a_sanction_was_executed(attempt: Attempt[Any]) -> bool:
    """Harm was done on the wrong data."""
    return _harm(attempt)


@guard(_("曾依据错误信息执行惩戒措施，须先消除影响、恢复信誉。"), basis=COMPENSATION_35)
def no_sanction_was_executed(attempt: Attempt[Any]) -> bool:
    """No harm was done."""
    return not _harm(attempt)


@guard(_("至少写明一处发布范围。"), basis=COMPENSATION_35, of_input=True)
def it_reaches_somewhere(attempt: Attempt[Restoration]) -> bool:
    """The same reach as the wrong publication."""
    return any(place.strip() for place in attempt.input.places)


@guard(_("异议处理结果不是撤销该记录的，应按处理结果更正。"), basis=PENALTY_48)
def nothing_else_was_decided(attempt: Attempt[Any]) -> bool:
    """What an objection decided otherwise is not withdrawn whole; to reinstate least of all."""
    return decision(attempt.facts)[0] in {None, "revoke", "delete"}
