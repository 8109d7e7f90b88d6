"""When each story begins, and how all of them are told together, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Final

from app.deadlines.calendar import national
from app.demo.stories import (
    begun,
    corrections,
    decided,
    ended,
    everyday,
    repairs,
    serving,
    verifying,
)
from app.demo.town import Town

Beginning = Callable[[Town], Iterator[int]]
Opening = tuple[int, Beginning]
"""How many working days before the last one a story begins."""

CURATED: Final[Sequence[Opening]] = (
    (38, ended.mistaken_identity),
    (36, ended.dismissed),
    (33, ended.lapsed),
    (31, ended.not_accepted),
    (29, ended.carried_out),
    (27, ended.never_answered),
    (24, ended.given_up),
    (20, ended.annulled),
    (16, corrections.overtaken),
    (9, verifying.silent),
    (8, serving.rounds),
    (6, decided.being_lifted),
    (5, decided.being_resumed),
    (5, decided.correction_proposed),
    (4, verifying.to_be_decided),
    (4, decided.being_told),
    (4, verifying.second_round),
    (4, decided.correction_ordered),
    (4, verifying.appraised),
    (4, begun.supplementing),
    (3, decided.own_error),
    (3, verifying.redirected),
    (3, verifying.more_time),
    (2, verifying.reported),
    (2, begun.drafted),
    (2, begun.noted_down),
    (1, verifying.just_accepted),
    (1, begun.found_by_the_provider),
    (1, begun.at_the_window),
    (0, begun.submitted),
)
"""What shows one thing each, so that every state and nearly every step is there on the last day."""
REPAIRS: Final[Sequence[Opening]] = (
    (48, repairs.repair("revoked", ends="revoked")),
    (47, repairs.repair("dropped", ends="dropped")),
    (38, repairs.repair("revoking", ends="revoked", until="revoking")),
    (30, repairs.repair("discontinued", ends="discontinued")),
    (28, repairs.repair("refused", ends="refused")),
    (26, repairs.repair("not accepted", ends="not_accepted")),
    (25, repairs.repair("withdrawn", ends="withdrawn")),
    (9, repairs.repair("executing", ends="repaired", until="executing")),
    (7, repairs.repair("approving", ends="repaired", until="approving")),
    (6, repairs.repair("proposed", ends="refused", until="proposed")),
    (5, repairs.repair("examining", ends="repaired", until="examining")),
    (3, repairs.repair("supplementing", ends="repaired", until="supplementing")),
    (2, repairs.repair("draft", ends="repaired", until="draft")),
    (1, repairs.repair("submitted", ends="repaired", until="submitted")),
)
"""The same, of repairs."""
PROVIDERS: Final = (
    *("惠州市市场监督管理局", "惠州市生态环境局", "惠州市住房和城乡建设局", "惠州市应急管理局"),
    *("惠州市人力资源和社会保障局", "惠州市交通运输局", "惠州市农业农村局", "惠州市卫生健康局"),
)
DEPARTMENTS: Final = (
    *("惠州市财政局", "惠州市市场监督管理局", "中国人民银行惠州市分行", "惠州市公共资源交易中心"),
    *("惠州市政务服务和数据管理局", "惠州市精神文明建设办公室", "惠州市自然资源局"),
)


@dataclass(frozen=True)
class Plan:
    """How much happens: over how many working days, and how many everyday cases of each sort."""

    days: int
    objections: int
    corrections: int
    repairs: int

    def openings(self) -> list[Opening]:
        """All stories, the earliest first."""
        rng = Random("plan")  # noqa: S311 -- the same city each time
        found = [*CURATED, *REPAIRS, *_on_every_desk(), *self._everyday(rng)]
        return sorted(found, key=lambda opening: -opening[0])

    def _everyday(self, rng: Random) -> Iterator[Opening]:
        """Busier weeks and quieter ones, the providers in turn."""
        busy = _rhythm(self.days, rng)
        providers = cycle(PROVIDERS)
        for number in range(self.objections):
            (ago,) = rng.choices(range(self.days), busy)
            yield ago, everyday.objection(f"objection {number}", next(providers))
        for number in range(self.corrections):
            (ago,) = rng.choices(range(self.days), busy)
            begin = corrections.annulled if number % 3 == 0 else corrections.own_error
            yield ago, begin(f"correction {number}", next(providers))
        for number in range(self.repairs):
            (ago,) = rng.choices(range(self.days), busy)
            yield ago, repairs.repair(f"repair {number}", next(providers))


FULL: Final = Plan(days=124, objections=45, corrections=8, repairs=38)
"""Half a year of work."""
SHORT: Final = Plan(days=50, objections=0, corrections=0, repairs=0)
"""What every state needs, and nothing more."""


def _rhythm(days: int, rng: Random) -> list[float]:
    """How likely a case begins on each day, counted back from the last.

    Few in the last weeks: what is written by hand and what lies on every desk begins then.
    """
    weeks = [rng.uniform(0.3, 1.7) for _ in range(days // 5 + 1)]
    likely = [weeks[ago // 5] * rng.uniform(0.5, 1.5) for ago in range(days)]
    return [
        chance * (0.1 if ago < 12 else 0.5 if ago < 40 else 1) for ago, chance in enumerate(likely)
    ]


def _on_every_desk() -> Iterator[Opening]:
    """On the last day something waits for everybody in every unit."""
    departments = cycle(DEPARTMENTS)
    for provider, ago in zip(PROVIDERS, cycle((2, 3, 4, 5, 6)), strict=False):
        seed = f"reported by {provider}"
        yield ago, verifying.to_be_endorsed(seed, provider, next(departments))
    for provider, department, ago in zip(PROVIDERS, departments, cycle((2, 3)), strict=False):
        yield ago, verifying.newly_accepted(f"asked of {provider}", provider, department)


def working_days_before(today: date, number: int) -> list[date]:
    """The working days on which the stories are told; the last one is before today."""
    days: list[date] = []
    day = today
    while len(days) < number:
        day -= timedelta(days=1)
        if national().is_working_day(day):
            days.insert(0, day)
    return days


def tell_all(
    town: Town,
    plan: Plan,
    days: Sequence[date],
    tell: Callable[[str], None],
    new_month: Callable[[date], None],
) -> None:
    """Let every story go on, day by day; what lies beyond the last day never happens."""
    last = len(days) - 1
    agenda: dict[int, list[Iterator[int]]] = defaultdict(list)
    for ago, begin in plan.openings():
        agenda[last - ago].append(begin(town))
    for number, day in enumerate(days):
        if number and day.month != days[number - 1].month:
            new_month(day)
        town.open(day)
        for story in agenda.pop(number, []):
            _go_on(story, number, agenda)
        if number < last:  # that evening is yet to come: the worker sends what is left
            town.close()
        if number % 10 == 9 or number == last:
            tell(f"  办理至 {day}（{number + 1}/{len(days)}）")


def _go_on(story: Iterator[int], day: int, agenda: dict[int, list[Iterator[int]]]) -> None:
    """Until it waits for another day."""
    for wait in story:
        if wait:
            agenda[day + wait].append(story)
            return
