"""When each story begins, and how all of them are told together, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from app.deadlines.calendar import national
from app.demo.stories import begun, decided, ended, verifying
from app.demo.town import Town

Beginning = Callable[[Town], Iterator[int]]

PLAN: Final[Sequence[tuple[int, Beginning]]] = (
    (38, ended.mistaken_identity),
    (36, ended.dismissed),
    (33, ended.lapsed),
    (31, ended.not_accepted),
    (29, ended.carried_out),
    (27, ended.never_answered),
    (24, ended.given_up),
    (20, ended.annulled),
    (9, verifying.silent),
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
    (1, verifying.just_accepted),
    (1, begun.found_by_the_provider),
    (1, begun.at_the_window),
    (0, begun.submitted),
)
"""How many working days before the last one each story begins."""


def working_days_before(today: date) -> list[date]:
    """The working days on which the stories are told; the last one is before today."""
    days: list[date] = []
    day = today
    while len(days) <= max(ago for ago, _ in PLAN):
        day -= timedelta(days=1)
        if national().is_working_day(day):
            days.insert(0, day)
    return days


def tell_all(town: Town, days: Sequence[date], tell: Callable[[str], None]) -> None:
    """Let every story go on, day by day; what lies beyond the last day never happens."""
    last = len(days) - 1
    agenda: dict[int, list[Iterator[int]]] = defaultdict(list)
    for ago, begin in PLAN:
        agenda[last - ago].append(begin(town))
    for number, day in enumerate(days):
        town.open(day)
        for story in agenda[number]:
            wait = next(story, None)
            if wait is not None:
                agenda[number + wait].append(story)
        if number < last:  # that evening is yet to come: the worker sends what is left
            town.close()
        if number % 5 == 4:
            tell(f"  办理至 {day}")
