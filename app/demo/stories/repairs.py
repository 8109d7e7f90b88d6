"""Repairs: the wrong was put right, and the subject asks that its record end early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from app.demo import accounts
from app.demo.choosing import Chosen, Wish
from app.demo.routine import lift
from app.demo.stories import topics
from app.demo.stories.repair_texts import (
    ACCUSED,
    ANSWERED,
    GAPS,
    LATE,
    MATERIALS,
    NOT_MET,
    REASONS,
    REFUSED,
    SUPPLIED,
)
from app.demo.stories.serving import received
from app.demo.town import Town
from app.records.queries import rules_today
from workflows.grammar import Role
from workflows.inputs.repair import CONDITIONS
from workflows.rules import governing_regime, repairable_from

Beginning = Callable[[Town], Iterator[int]]

AGENCIES: Final = tuple(username for username, _ in accounts.AGENCIES)
APPROVERS: Final = ("approver", "approver-2")
ENDS: Final = {"repaired": 30, "refused": 5, "not_accepted": 3, "withdrawn": 3, "lapsed": 1}
LEFT: Final = timedelta(days=45)
"""How long a record must still be disclosed for somebody to bother."""


@dataclass(frozen=True)
class Course:
    """How a repair will go, and at which state the story stops."""

    rng: Random
    record: Chosen
    filer: str
    ends: str
    until: str
    said: dict[str, str]

    def told(self, wordings: tuple[str, ...]) -> str:
        """One of the wordings."""
        return topics.told(wordings, self.said, self.rng)

    def likely(self, chance: float) -> bool:
        """Whether it comes to that."""
        return self.rng.random() < chance


def repair(seed: str, provider: str = "", ends: str = "", until: str = "") -> Beginning:
    """A repair that goes as chance has it, or ends as said, or is left in a state."""

    def begin(town: Town) -> Iterator[int]:
        rng = Random(seed)  # noqa: S311 -- the same city each time
        record = _repairable(town, rng, provider, sanctioned=until == "executing")
        if record is None:
            return
        way = ends or rng.choices(list(ENDS), list(ENDS.values()))[0]
        heard = way in {"revoked", "dropped"}
        filer = rng.choice((*AGENCIES, *("clerk", "clerk-2") * (not heard)))
        said = topics.words(record, rng)
        yield from _told(town, Course(rng, record, filer, way, until, said))

    return begin


def _told(town: Town, course: Course) -> Iterator[int]:
    number = _drafted(town, course)
    for wait in _way(town, number, course):
        if town.state(number) == course.until:
            return
        yield wait


def _repairable(town: Town, rng: Random, provider: str, *, sanctioned: bool) -> Chosen | None:
    """A record that may be repaired on this day, of the provider where it has one left.

    `sanctioned`: with a sanction, so that the departments have something to do.
    """
    rules = rules_today()

    def ready(one: Chosen) -> bool:
        if not one.severity or one.disclosed_until < town.day + LEFT:
            return False
        regime = governing_regime(one.regime, town.day, rules)
        return repairable_from(one.decided_on, one.severity, regime, rules) <= town.day

    def theirs(one: Chosen) -> bool:
        return one.provider == provider and ready(one)

    def burdened(one: Chosen) -> bool:
        return bool(one.sanctions) and ready(one)

    wishes: tuple[Wish, ...] = (burdened,) if sanctioned else (theirs, ready)
    found = (town.stock.take_any(wish, rng) for wish in wishes)
    return next((one for one in found if one), None)


def _drafted(town: Town, course: Course) -> str:
    """The application with a paper that proves each duty, not submitted yet."""
    if course.filer in AGENCIES:
        town.authorise(course.filer, course.record)
    number = town.file_repair(course.filer, course.record, course.told(REASONS))
    name, *lines = course.rng.choice(MATERIALS)
    filled = [line.format_map(course.said) for line in lines]
    town.attach(number, course.filer, name, *filled, proves="duties")
    return number


def _way(town: Town, number: str, course: Course) -> Iterator[int]:
    """Day by day, one step after the other."""
    rng = course.rng
    yield 0
    town.take(number, "submit", course.filer)
    yield rng.choice((0, 1, 1, 2))
    incomplete = course.ends in {"lapsed", "not_accepted"} or course.until == "supplementing"
    if incomplete or course.likely(0.12):
        town.take(number, "request_supplement", gaps=list(rng.choice(GAPS)))
        yield rng.choice((1, 2, 3))
        if course.ends == "lapsed":
            received(town, number, "supplement")
            return
        town.take(number, "supplement", course.filer, statement=course.told(SUPPLIED))
        yield rng.choice((0, 1))
    if course.ends == "not_accepted":
        code, reason = rng.choice(REFUSED)
        approver = town.colleague(number, Role.PROVIDER_APPROVER)
        town.take(number, "refuse_acceptance", approver, reason_code=code, reason=reason)
        return
    town.take(number, "accept")
    yield rng.choice((1, 1, 2, 3))
    yield from _examined(town, number, course)


def _examined(town: Town, number: str, course: Course) -> Iterator[int]:
    if course.ends == "withdrawn":
        _withdraw(town, number, course)
        return
    if course.ends == "discontinued":
        _annul(town, course)
        return
    if course.likely(0.1):
        approver = town.colleague(number, Role.PROVIDER_APPROVER)
        town.take(number, "extend", approver, reason=course.told(LATE))
        yield course.rng.choice((2, 4))
    _propose(town, number, course)
    yield course.rng.choice((0, 1, 1))
    if course.likely(0.07):
        town.take(number, "send_back", reasons="缴款凭证与系统登记的金额不一致，请核对后重新提出。")
        yield 1
        _propose(town, number, course)
        yield 1
    town.take(number, "endorse")
    yield course.rng.choice((0, 1, 1, 2, 5))
    yield from _decided(town, number, course)


def _propose(town: Town, number: str, course: Course) -> None:
    if course.ends == "refused":
        town.take(number, "propose_refusal", reasons=course.told(NOT_MET))
        return
    proof = MATERIALS[0][0].removesuffix(".pdf")
    conditions = [{"name": name, "met": True, "proof": proof} for name, _title in CONDITIONS]
    town.take(number, "propose_grant", conditions=conditions)


def _decided(town: Town, number: str, course: Course) -> Iterator[int]:
    approver = course.rng.choice(APPROVERS)
    if course.ends == "refused":
        town.take(number, "refuse", approver, reasons="同意认定单位意见，条件成就后可以再次申请。")
        yield 1
        _read(town, number, course)
        return
    town.take(number, "grant", approver)
    yield course.rng.choice((1, 1, 2))
    _read(town, number, course)
    lift(town, number)
    if course.ends in {"revoked", "dropped"}:
        yield course.rng.choice((10, 14))
        yield from _revocation(town, number, course, approver)


def _read(town: Town, number: str, course: Course) -> None:
    """Who applied online reads the decision there."""
    if course.filer in AGENCIES:
        town.read(number, course.filer)


def _revocation(town: Town, number: str, course: Course, decided: str) -> Iterator[int]:
    """The determining unit finds out something; the subject is heard, somebody else decides."""
    handler = town.of_provider(course.record, Role.PROVIDER_HANDLER)
    ground, reasons, evidence = course.rng.choice(ACCUSED)
    given = {"ground": ground, "reasons": reasons, "evidence": evidence}
    town.take(number, "propose_revocation", handler, **given)
    yield 2
    town.take(number, "answer", course.filer, statement=course.told(ANSWERED))
    yield 2
    step = "revoke" if course.ends == "revoked" else "drop_revocation"
    approver = next(one for one in APPROVERS if one != decided)
    why = "听取陈述申辩后查明情况属实，" if step == "revoke" else "主体作出了合理说明，"
    then = "依法撤销信用修复决定。" if step == "revoke" else "现有证据不足以撤销信用修复。"
    town.take(number, step, approver, reasons=why + then)


def _withdraw(town: Town, number: str, course: Course) -> None:
    given: dict[str, Any] = {"reason": "材料需要重新准备，先行撤回，备齐后再申请。"}
    if course.filer not in AGENCIES:
        wish = f"关于{course.said['no']}的信用修复申请，现申请撤回。"
        town.attach(number, course.filer, "撤回修复申请书.pdf", wish, proves="withdrawal")
    town.take(number, "withdraw", course.filer, **given)


def _annul(town: Town, course: Course) -> None:
    """A court annuls the act itself: nothing is left to repair."""
    handler = town.of_provider(course.record, Role.PROVIDER_HANDLER)
    document = f"（示例）行初字第{course.said['page']}号行政判决书"
    number = town.open_correction(handler, course.record, f"{document}：撤销该行政处罚决定")
    town.attach(number, handler, "行政判决书.pdf", "判决如下：撤销被诉行政处罚决定。")
    reasons = f"{course.said['no']}行政处罚决定被人民法院判决撤销，现撤回公示并说明理由。"
    approver = town.of_provider(course.record, Role.PROVIDER_APPROVER)
    town.take(number, "withdraw_publication", approver, document=document, reasons=reasons)
