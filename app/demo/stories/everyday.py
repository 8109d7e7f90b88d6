"""Objections as they come in day by day: the same way for all, the pace and the turns differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from app.demo import accounts
from app.demo.choosing import Chosen
from app.demo.routine import (
    Answers,
    accurate,
    acknowledge,
    approve,
    as_decided,
    endorse,
    finish_measures,
    groundless,
    report,
    restore,
    suspend,
    wrong,
)
from app.demo.stories import topics
from app.demo.stories.serving import received
from app.demo.stories.topics import Topic
from app.demo.town import Town
from workflows.grammar import Role

Beginning = Callable[[Town], Iterator[int]]

CLERKS: Final = ("clerk", "clerk", "clerk-2", "clerk-3")
APPROVERS: Final = ("approver", "approver-2")
AGENCIES: Final = tuple(username for username, _ in accounts.AGENCIES)
SOURCES: Final = {"counter": 12, "agency": 8, "complaint": 1, "referral": 1, "own_finding": 2}
"""How often an objection comes in this way."""
ENDS: Final = {"decided": 40, "refused": 4, "withdrawn": 3, "lapsed": 2}
TURNS: Final = {
    "supplement": 0.12,
    "extension": 0.08,
    "more_time": 0.1,
    "second_round": 0.07,
    "late_provider": 0.1,
    "late_department": 0.12,
    "late_correction": 0.1,
}
"""How likely each of the turns is that a case may take."""


@dataclass(frozen=True)
class Course:
    """How an objection will go."""

    rng: Random
    record: Chosen
    topic: Topic
    source: str
    ends: str
    turns: frozenset[str]
    clerk: str
    said: dict[str, str]

    @property
    def refusal(self) -> tuple[str, str, str, str]:
        """What it asks for where it is not accepted, and why it is not."""
        return topics.REFUSED[self.record.id % len(topics.REFUSED)]

    def told(self, wordings: tuple[str, ...]) -> str:
        """One of the wordings."""
        return topics.told(wordings, self.said, self.rng)

    def some(self, *days: int) -> int:
        """How long something takes."""
        return self.rng.choice(days)


def objection(seed: str, provider: str = "", department: str = "", **fixed: Any) -> Beginning:
    """An objection that goes as chance has it; what is `fixed` of its course is left to none."""

    def begin(town: Town) -> Iterator[int]:
        rng = Random(seed)  # noqa: S311 -- the same city each time
        yield from _told(town, _course(town, rng, provider, department, fixed))

    return begin


def _course(town: Town, rng: Random, provider: str, department: str, fixed: Any) -> Course:
    record = town.stock.take(provider, department)
    topic = rng.choice(topics.WRONG if rng.random() < 0.55 else topics.RIGHT)
    turns = frozenset(name for name, likely in TURNS.items() if rng.random() < likely)
    chosen = {
        "source": rng.choices(list(SOURCES), list(SOURCES.values()))[0],
        "ends": rng.choices(list(ENDS), list(ENDS.values()))[0],
        "turns": turns,
    }
    said = topics.words(record, rng)
    return Course(rng, record, topic, clerk=rng.choice(CLERKS), said=said, **(chosen | fixed))


def _told(town: Town, course: Course) -> Iterator[int]:
    number = _filed(town, course)
    yield course.some(0, 1, 1, 1, 2)
    if course.ends == "refused":
        _refuse(town, number, course)
        return
    if course.ends == "lapsed" or "supplement" in course.turns:
        yield from _gaps(town, number, course)
    if course.ends == "lapsed":
        return
    town.take(number, "accept", course.clerk)
    yield course.some(0, 0, 1)
    yield from _verified(town, number, course)
    if course.ends == "withdrawn":
        _withdraw(town, number, course)
    else:
        yield from _decided(town, number, course)
    yield from _carried_out(town, number, course)


def _filed(town: Town, course: Course) -> str:
    """By whoever files, with a paper or two, and submitted."""
    filer, said = _filer(town, course)
    statement, topic = course.told(course.topic.statements), course.topic
    if course.ends == "refused":
        statement = course.refusal[1]
    item = course.record.item(topic.field, topic.ground, topic.claim.format_map(course.said))
    number = town.file(filer, item, statement=statement, **said)
    name, *lines = course.rng.choice(topics.PAPERS)
    town.attach(number, filer, name, *(line.format_map(course.said) for line in lines))
    town.take(number, "submit", filer)
    return number


def _filer(town: Town, course: Course) -> tuple[str, dict[str, str]]:
    record, rng = course.record, course.rng
    match course.source:
        case "agency":
            agency = rng.choice(AGENCIES)
            town.authorise(agency, record)
            return agency, {"on_behalf_of": record.code}
        case "own_finding":
            handler = town.of_provider(record, Role.PROVIDER_HANDLER)
            return handler, {"source": "own_finding"}
        case "complaint":
            complainant = rng.choice(topics.COMPLAINANTS)
            return course.clerk, {"source": "complaint", "on_behalf_of": complainant}
        case "referral":
            return course.clerk, {"source": "referral", "on_behalf_of": "省公共信用信息平台"}
        case _:
            return course.clerk, {"on_behalf_of": record.code}


def _refuse(town: Town, number: str, course: Course) -> None:
    code, _, reason, body = course.refusal
    given = {"reason_code": code, "reason": reason, "right_body": body}
    town.take(number, "refuse", course.rng.choice(APPROVERS), **given)


def _gaps(town: Town, number: str, course: Course) -> Iterator[int]:
    """Asked for what is missing; what never comes ends the case once the clock has run."""
    gaps = list(course.rng.choice(topics.GAPS))
    town.take(number, "request_supplement", course.clerk, gaps=gaps)
    if course.ends == "lapsed":
        received(town, number, "supplement")
        return
    yield course.some(1, 2, 3, 5, 8)
    statement = course.told(topics.SUPPLIED)
    town.take(number, "supplement", _who_filed(town, number, course), statement=statement)
    yield 1


def _who_filed(town: Town, number: str, course: Course) -> str:
    """The agency that acts for the company, the provider's handler, else the counter."""
    match course.source:
        case "agency":
            subject = town.case(number).subject_id
            return next(one for one in AGENCIES if subject in town.actor(one).subjects)
        case "own_finding":
            return town.of_provider(course.record, Role.PROVIDER_HANDLER)
        case _:
            return course.clerk


def _verified(town: Town, number: str, course: Course) -> Iterator[int]:
    """The departments confirm while the provider looks into its files."""
    yield course.some(4, 6) if "late_provider" in course.turns else course.some(0, 0, 1)
    acknowledge(town, number)
    yield course.some(3, 5) if "late_department" in course.turns else course.some(0, 1)
    suspend(town, number)
    if "more_time" in course.turns:
        yield from _more_time(town, number, course)
    yield course.some(0, 1, 1, 2)
    if course.ends == "withdrawn":
        return
    report(town, number, _answers(course))
    yield course.some(0, 0, 1)
    endorse(town, number)
    yield course.some(1, 1, 2)
    if "second_round" in course.turns:
        yield from _asked_again(town, number, course)


def _answers(course: Course) -> Answers:
    topic, reasons = course.topic, course.told(course.topic.found)
    if topic.removes:
        return {topic.field: groundless(reasons)}
    if topic.wrong:
        return {topic.field: wrong(topic.right.format_map(course.said), reasons)}
    return {topic.field: accurate(reasons)}


def _more_time(town: Town, number: str, course: Course) -> Iterator[int]:
    asking = town.children(number, "verification", "verifying")
    for one in asking:
        town.take(one, "ask_for_time", reason=course.told(topics.SLOW_REASONS))
    yield course.some(0, 1)
    for one in asking:
        town.take(one, "grant_time", town.colleague(one, Role.PROVIDER_APPROVER))
    yield course.some(1, 2, 3)


def _asked_again(town: Town, number: str, course: Course) -> Iterator[int]:
    ids = [one.id for one in town.items(number)]
    reasons = course.told(topics.UNCONVINCED)
    town.take(number, "return_for_verification", "approver", items=ids, reasons=reasons)
    yield course.some(0, 1)
    acknowledge(town, number)
    yield course.some(0, 1, 2)
    report(town, number, _answers(course))
    endorse(town, number)
    yield 1


def _decided(town: Town, number: str, course: Course) -> Iterator[int]:
    if "extension" in course.turns:
        due_on = town.working_day_after(8).isoformat()
        reason = course.told(topics.LATE_REASONS)
        town.take(number, "extend", "approver-2", due_on=due_on, reason=reason)
        yield course.some(1, 3, 5)
    step = "uphold" if course.topic.wrong else "dismiss"
    reasons = course.told(course.topic.decided)
    town.take(number, step, course.rng.choice(APPROVERS), reasons=reasons)
    yield course.some(0, 1)


def _withdraw(town: Town, number: str, course: Course) -> None:
    """At the counter by a signed paper, online by whoever filed."""
    filer = _who_filed(town, number, course)
    if filer == course.clerk:
        wish = f"关于{course.said['no']}的异议，经内部核对，申请撤回。"
        town.attach(number, filer, "撤回异议申请书.pdf", wish, proves="withdrawal")
    reason = "自行核对后确认记录属实，申请撤回异议。"
    town.take(number, "withdraw", filer, reason=reason)


def _carried_out(town: Town, number: str, course: Course) -> Iterator[int]:
    """The record is put right, the measures go on or are lifted, and the world is told."""
    if course.source == "agency":
        town.read(number, _who_filed(town, number, course))
    yield course.some(3, 4) if "late_correction" in course.turns else course.some(0, 1)
    as_decided(town, number, f"{course.said['no']}案卷；异议处理结果告知书")
    yield course.some(0, 0, 1)
    approve(town, number)
    yield course.some(1, 3) if "late_department" in course.turns else course.some(0, 1, 1)
    finish_measures(town, number)
    yield 1
    corrected = f"{course.record.name}的公示记录（{course.said['no']}）经核实有误，"
    gone = "现已撤销，特此澄清，消除影响。" if course.topic.removes else "现已更正，特此说明。"
    restore(town, number, corrected + gone)
