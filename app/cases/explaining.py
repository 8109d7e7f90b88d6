"""How the due dates of a case came about, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.cases.facts import CaseFacts
from app.cases.presentation import clock_title
from app.cases.queries import case_for
from app.clock import today
from app.deadlines.calendar import Counted
from app.deadlines.clocks import Due, explain
from app.deadlines.picture import Month, months
from app.deadlines.queries import calendar
from app.people.actor import SYSTEM
from workflows.rules import Row, Standing

_STOPPED = "期限中止"


@dataclass(frozen=True)
class Reckoned:
    """A clock of a case: how it stands, by which rule, and each day on the way.

    ``drawn``: the months of these days, empty where they are too many to draw.
    """

    title: str
    due: Due
    rule: Row
    length: str
    days: Sequence[Counted]
    drawn: Sequence[Month]


def explained(number: str) -> list[str]:
    """A line for each clock of a case, and one for each day that it counted or did not.

    Raises NotFound for a case that does not exist.
    """
    return list(_lines(CaseFacts(case_for(SYSTEM, number), today())))


def reckoned(facts: CaseFacts, *, whole: bool = True) -> list[Reckoned]:
    """Every clock of a case, running ones first. `whole`: with the numbers of its children."""
    events, dues = facts.events(), facts.dues()
    clocks = {clock.name: clock for clock in facts.workflow.clocks}
    found = []
    for due in sorted(dues, key=lambda one: one.ended_on is not None):
        days = explain(clocks[due.clock], events, facts.rules, calendar(), dues)
        days = days if whole else tuple(map(_without_number, days))
        found.append(
            Reckoned(
                clock_title(facts.row.kind, due.clock),
                due,
                facts.rules.row(due.clock),
                facts.rules.length(due.clock).in_words,
                days,
                months(days, due.due_on),
            )
        )
    return found


def _without_number(day: Counted) -> Counted:
    return replace(day, why=_STOPPED) if day.why.endswith(_STOPPED) else day


def _lines(facts: CaseFacts) -> Iterator[str]:
    for one in reckoned(facts):
        due = one.due
        yield f"{due.clock}：{_when(due)}（{due.started_on}起，{one.length}；{_source(one.rule)}）"
        for day in one.days:
            yield f"  {day.day} {'计入' if day.counts else '不计'} {day.why}"


def _when(due: Due) -> str:
    if due.due_on is None:
        return "期限中止，到期日待定"
    ended = f"，已于{due.ended_on}终结" if due.ended_on else ""
    return f"{due.due_on}到期{'（暂定）' if due.provisional else ''}{ended}"


def _source(row: Row) -> str:
    return row.source + ("" if row.standing is not Standing.UNVERIFIED else "〔待核〕")
