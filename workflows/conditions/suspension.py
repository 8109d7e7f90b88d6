"""When the steps of a suspension may be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.grammar import _, guard
from workflows.sources import SUPERVISION, SUSPENSION, TRIGGERS, TWO_LISTS

if TYPE_CHECKING:
    from workflows.grammar import Attempt, Guard, Source
    from workflows.inputs.suspension import Confirmation, Lifted, Resumed
    from workflows.office import Facts, SanctionFact


def office_owns(facts: Facts) -> bool:
    """Whether it lies with the office, which follows up what is suspended, not the department."""
    return facts.case().state == "suspended"


def sanction_of(attempt: Attempt[Any]) -> SanctionFact:
    """The one sanction that a suspension is about."""
    return attempt.facts.sanctions()[0]


@guard(_("只有强制性措施才能以法律规定为由不予暂停，推荐性措施应当暂停。"), basis=TWO_LISTS)
def the_measure_is_mandatory(attempt: Attempt[Any]) -> bool:
    """A policy document suspends what it recommends; statute may forbid the rest."""
    return sanction_of(attempt).mandatory


@guard(_("本单位已经确认暂停，不能再答复不予暂停。"), basis=SUSPENSION)
def it_was_never_confirmed(attempt: Attempt[Any]) -> bool:
    """Not once this suspension was confirmed."""
    return not any(one.step == "confirm" for one in attempt.facts.history())


@guard(_("还有案件要求暂停这项措施。"), basis=TRIGGERS)
def no_case_holds_it(attempt: Attempt[Any]) -> bool:
    """Only the end of the last hold asks for resumption."""
    return not sanction_of(attempt).holders


@guard(_("没有案件要求暂停这项措施。"), basis=TRIGGERS)
def a_case_holds_it(attempt: Attempt[Any]) -> bool:
    """Suspended anew only for somebody."""
    return bool(sanction_of(attempt).holders)


@guard(_("支持这项措施的记录已不存在，应当解除，不能恢复。"), basis=TRIGGERS)
def a_valid_record_supports_it(attempt: Attempt[Any]) -> bool:
    """What rests on nothing is lifted."""
    return sanction_of(attempt).supported


@guard(_("措施的期限已满，应当解除，不能恢复。"), basis=TRIGGERS)
def its_period_runs(attempt: Attempt[Any]) -> bool:
    """What is over is lifted."""
    return not sanction_of(attempt).over


@guard(_("措施仍有有效记录支持且期限未满，不能解除。"), basis=TRIGGERS)
def nothing_supports_it_any_more(attempt: Attempt[Any]) -> bool:
    """No valid record, or its period is over."""
    sanction = sanction_of(attempt)
    return not sanction.supported or sanction.over


ORDERS = frozenset({"open", "hold_again", "order_resume", "order_lift", "open_to_lift"})


def _the_day_reported(basis: Source) -> Guard:
    """What was ordered was done after the order, and by today."""

    @guard(_("填报的日期不能晚于今天，也不能早于通知发出之日。"), basis=basis, of_input=True)
    def the_day_reported_is_possible(attempt: Attempt[Confirmation | Resumed | Lifted]) -> bool:
        ordered = max(one.on for one in attempt.facts.history() if one.step in ORDERS)
        return ordered <= attempt.input.executed_on <= attempt.on

    return the_day_reported_is_possible


the_day_of_suspension_is_possible = _the_day_reported(SUSPENSION)
the_day_of_its_end_is_possible = _the_day_reported(SUPERVISION)
"""Resumed or lifted: no suspension is reported then, but what the office follows up."""
