"""When the steps of an objection may be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.findings import WRONG, Finding
from workflows.grammar import _, guard
from workflows.sources import OWN_RULE, SHANGHAI_36, SHENZHEN_48, TRIGGERS, ZHEJIANG_30

if TYPE_CHECKING:
    from workflows.grammar import Attempt
    from workflows.inputs.objection import AnotherRound, Extension, OwnError, Redirect
    from workflows.office import Facts, ItemFact


def wrong_items(attempt: Attempt[Any]) -> list[ItemFact]:
    """The items that are wrong by their finding; ``unverifiable`` as the rule says."""
    ends = attempt.rules.choice("objection.unverifiable") == "end_disclosure"
    wrong = WRONG | {Finding.UNVERIFIABLE} if ends else WRONG
    return [item for item in attempt.facts.items() if item.finding in wrong]


def _has_finding(item: ItemFact) -> bool:
    return item.finding is not None and item.finding != Finding.NOT_OURS


def _has_endorsed_finding(item: ItemFact) -> bool:
    """A finding that stands: endorsed by its provider, or found by the office itself."""
    return _has_finding(item) and not item.unreviewed


def open_verifications_of(facts: Facts) -> list[str]:
    """The numbers of the verifications that have not ended."""
    return [one.number for one in facts.children("verification") if one.open]


def reopened_at(facts: Facts) -> int:
    """The step with which the case was last reopened; 0 where it never was."""
    return max((one.seq for one in facts.history() if one.step == "reopen"), default=0)


@guard(_("至少要有一项异议事项。"), basis=ZHEJIANG_30)
def it_has_an_item(attempt: Attempt[Any]) -> bool:
    """An objection is about something."""
    return bool(attempt.facts.items())


@guard(_("每一项异议都要写明对应的记录、异议理由和认为正确的内容。"), basis=SHANGHAI_36)
def each_item_is_complete(attempt: Attempt[Any]) -> bool:
    """Record, field, ground and claim."""
    return all(
        item.field.strip() and item.ground and item.claim.strip() for item in attempt.facts.items()
    )


@guard(
    _(
        "只有记录的信用主体、因该记录受惩戒的主体及其代理人，或者发现、接到投诉、上级转来的单位，才能提出异议。"
    ),
    basis=TRIGGERS,
)
def filer_is_entitled(attempt: Attempt[Any]) -> bool:
    """The subject of each record or of a sanction on it, its agent; or entitled by the source."""
    facts, case = attempt.facts, attempt.facts.case()
    source = case.details["source"]
    office = facts.unit(case.filer_unit) if case.filer_unit else None
    if source == "referral":
        return office is not None and office.office
    if source == "complaint":
        return case.filer_unit is None or (office is not None and office.office)
    who = case.subject if source == "subject" else case.filer_unit
    return who is not None and all(
        who in _concerned(facts, record.id, units=source == "own_finding")
        for record in facts.records()
    )


def _concerned(facts: Facts, record: int, *, units: bool) -> set[int]:
    """Subjects (or units) that a record touches: its own, and those of sanctions resting on it."""
    own = {one.provider if units else one.subject for one in facts.records() if one.id == record}
    resting = [one for one in facts.sanctions() if record in one.records]
    return own | {one.department if units else one.subject for one in resting}


@guard(_("异议涉及的记录已经撤销或者删除，无须再提异议。"), basis=SHANGHAI_36)
def no_record_is_revoked(attempt: Attempt[Any]) -> bool:
    """What is gone cannot be contested."""
    return all(one.ended_by not in {"revoke", "delete"} for one in attempt.facts.records())


@guard(_("同一记录、同一理由的异议正在办理，请等待办理结果。"), basis=SHENZHEN_48)
def no_open_objection_on_the_same(attempt: Attempt[Any]) -> bool:
    """One open objection per record and ground."""
    return not any(one.open for one in attempt.facts.rivals())


@guard(
    _("同一记录、同一理由的异议已经作出不成立的处理，再次提出须附新的证据材料。"), basis=OWN_RULE
)
def nothing_dismissed_or_new_evidence(attempt: Attempt[Any]) -> bool:
    """What was dismissed comes back only with something new."""
    dismissed = any(one.dismissed for one in attempt.facts.rivals())
    return not dismissed or bool(attempt.facts.attachments())


@guard(
    _("每一项尚无核实结论的事项都要填写提供单位原始记录的内容，且不能多填。"),
    basis=SHANGHAI_36,
    of_input=True,
)
def every_open_item_differs(attempt: Attempt[OwnError]) -> bool:
    """Own error covers exactly the items that have no endorsed finding yet."""
    named = [one.item_id for one in attempt.input.items]
    missing = {item.id for item in attempt.facts.items() if not _has_endorsed_finding(item)}
    return len(named) == len(set(named)) and set(named) == missing


@guard(_("所有事项都已有核实结论，不能再按平台差错处理。"), basis=SHANGHAI_36)
def an_item_has_no_finding(attempt: Attempt[Any]) -> bool:
    """There is something left that the platform may have got wrong."""
    return any(not _has_endorsed_finding(item) for item in attempt.facts.items())


def _not_ours(attempt: Attempt[Any]) -> set[int]:
    return {item.id for item in attempt.facts.items() if item.finding == Finding.NOT_OURS}


@guard(_("没有被提供单位答复“非本单位信息”的事项。"), basis=SHENZHEN_48)
def an_item_is_not_theirs(attempt: Attempt[Any]) -> bool:
    """Only what a provider disowned is redirected."""
    return bool(_not_ours(attempt))


@guard(_("该事项没有被答复“非本单位信息”，不能转交。"), basis=SHENZHEN_48, of_input=True)
def the_item_is_not_theirs(attempt: Attempt[Any]) -> bool:
    """The item named is one of them."""
    return attempt.input.item_id in _not_ours(attempt)


@guard(_("转交单位应当是系统中的信息提供单位。"), basis=SHENZHEN_48, of_input=True)
def the_unit_provides_records(attempt: Attempt[Redirect]) -> bool:
    """A verification goes to a provider."""
    unit = attempt.facts.unit(attempt.input.unit)
    return unit is not None and unit.provides


@guard(_("再次交给同一单位核实，须附属于该单位信息的证明。"), basis=OWN_RULE, of_input=True)
def the_same_unit_gets_proof(attempt: Attempt[Redirect]) -> bool:
    """Sent back to the unit that disowned it only with the proof."""
    unit = attempt.facts.unit(attempt.input.unit)
    asked = {
        one.unit
        for one in attempt.facts.children("verification")
        if attempt.input.item_id in one.details["items"]
    }
    return bool(attempt.input.proof.strip()) or unit is None or unit.id not in asked


@guard(
    _("新的期限应当晚于今天和原期限，且不超过办理的最长期限；期限中止的，恢复后再延长。"),
    basis=ZHEJIANG_30,
    of_input=True,
    clocks=("objection.total", "objection.longest"),
)
def the_new_date_is_possible(attempt: Attempt[Extension]) -> bool:
    """Later than the date it replaces, never beyond objection.longest."""
    before = attempt.facts.due("objection.total")
    longest = attempt.facts.due("objection.longest")
    if before is None or longest is None:
        return False
    return max(before, attempt.on) < attempt.input.due_on <= longest


@guard(_("还有核实函没有办结。"), basis=TRIGGERS, awaits=("verification",))
def every_verification_has_ended(attempt: Attempt[Any]) -> bool:
    """No provider is still at work."""
    return not open_verifications_of(attempt.facts)


@guard(_("还有事项没有核实结论，或者被答复“非本单位信息”尚未处理。"), basis=TRIGGERS)
def every_item_has_a_finding(attempt: Attempt[Any]) -> bool:
    """A finding other than not_ours for each."""
    return all(_has_finding(item) for item in attempt.facts.items())


@guard(_("核实已达规定轮次，应当依现有材料作出处理。"), basis=OWN_RULE)
def a_round_is_left(attempt: Attempt[Any]) -> bool:
    """At most verification.rounds, counted anew from a reopening."""
    anew, asking = reopened_at(attempt.facts), {"accept", "return_for_verification"}
    rounds = sum(one.step in asking and one.seq > anew for one in attempt.facts.history())
    return rounds < attempt.rules.number("verification.rounds")


@guard(_("请选择本案的异议事项，至少一项。"), basis=OWN_RULE, of_input=True)
def the_items_are_of_this_case(attempt: Attempt[AnotherRound]) -> bool:
    """Items of this objection, at least one."""
    own = {item.id for item in attempt.facts.items()}
    return bool(attempt.input.items) and set(attempt.input.items) <= own


@guard(_("没有一项核实为有误，不能作出异议成立的处理。"), basis=ZHEJIANG_30)
def at_least_one_item_is_wrong(attempt: Attempt[Any]) -> bool:
    """Upheld means that something was wrong."""
    return bool(wrong_items(attempt))


@guard(_("有事项核实为有误，应当作出异议成立的处理。"), basis=ZHEJIANG_30)
def no_item_is_wrong(attempt: Attempt[Any]) -> bool:
    """Dismissed means that nothing was wrong."""
    return not wrong_items(attempt)


@guard(_("还有更正（撤销）没有办完。"), basis=TRIGGERS, awaits=("correction",))
def every_correction_has_ended(attempt: Attempt[Any]) -> bool:
    """Done or moot."""
    return not any(one.open for one in attempt.facts.children("correction"))


@guard(_("还有惩戒措施的恢复、解除没有得到实施部门确认。"), basis=TRIGGERS)
def every_sanction_it_held_is_settled(attempt: Attempt[Any]) -> bool:
    """Held by another open case, or its suspension has ended."""
    own = attempt.facts.case().number
    held = [one for one in attempt.facts.sanctions() if own in one.held_by]
    return all(one.holders - {own} or one.suspension is None for one in held)


@guard(_("提供单位已经核实认定信息有误，须继续办理，不能撤回。"), basis=TRIGGERS)
def no_item_was_found_wrong(attempt: Attempt[Any]) -> bool:
    """Once a provider endorsed that an item is wrong, the office goes on."""
    items = attempt.facts.items()
    return not any(item.finding in WRONG and not item.unreviewed for item in items)
