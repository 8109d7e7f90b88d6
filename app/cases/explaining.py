"""How the due dates of a case came about, day by day."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.facts import CaseFacts
from app.cases.parties import written
from app.cases.queries import case_for
from app.clock import today
from app.deadlines.calendar import national
from app.deadlines.clocks import Due, explain
from app.people.actor import SYSTEM
from workflows import WORKFLOWS
from workflows.rules import Row, Standing


def explained(number: str) -> list[str]:
    """A line for each clock of a case, and one for each day that it counted or did not.

    Raises NotFound for a case that does not exist.
    """
    return list(_lines(CaseFacts(case_for(SYSTEM, number), today())))


def _lines(facts: CaseFacts) -> Iterator[str]:
    events = facts.events()
    clocks = {clock.name: clock for clock in WORKFLOWS[facts.row.kind].clocks}
    dues = facts.dues()
    for due in dues:
        row, length = facts.rules.row(due.clock), written(facts.rules.length(due.clock))
        yield f"{due.clock}：{_when(due)}（{due.started_on}起，{length}；{_source(row)}）"
        for day in explain(clocks[due.clock], events, facts.rules, national(), dues):
            yield f"  {day.day} {'计入' if day.counts else '不计'} {day.why}"


def _when(due: Due) -> str:
    if due.due_on is None:
        return "期限中止，到期日待定"
    ended = f"，已于{due.ended_on}终结" if due.ended_on else ""
    return f"{due.due_on}到期{'（暂定）' if due.provisional else ''}{ended}"


def _source(row: Row) -> str:
    return row.source + ("" if row.standing is not Standing.UNVERIFIED else "〔待核〕")
