"""Whether a record could be repaired, asked before anybody has applied."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.machine import NEW, unmet
from app.cases.models import Case
from app.cases.office import CaseOffice
from app.cases.proceedings import Proceedings
from app.cases.repair.models import Repair
from app.clock import today
from app.db import db
from app.deadlines.queries import calendar
from app.errors import Reason
from app.people.actor import Actor
from app.records.models import Record
from app.records.publication import earliest_repair
from app.records.queries import rules_today
from app.web.filters import day
from workflows import WORKFLOWS, versions
from workflows.conditions.repair import (
    class_and_regime_are_known,
    it_is_not_unrepairable,
    it_is_still_disclosed_or_shared,
    no_other_repair_is_open,
    the_minimum_period_is_over,
    the_subject_is_not_barred,
)
from workflows.grammar import Attempt
from workflows.rules import SEVERITIES, period_name, regime_of
from workflows.rules.periods import MINIMUM

OF_THE_RECORD: Final = (
    it_is_still_disclosed_or_shared,
    class_and_regime_are_known,
    the_minimum_period_is_over,
    the_subject_is_not_barred,
    it_is_not_unrepairable,
    no_other_repair_is_open,
)
"""The conditions of an application that follow from the record and its subject alone."""


def in_the_way(record: Record, actor: Actor) -> tuple[list[Reason], str]:
    """Why nobody can apply for its repair today, and the number of the repair that is open.

    The law is asked as it is when somebody applies, about a case that nobody stores.
    """
    step = replace(WORKFLOWS["repair"].step("submit"), guards=OF_THE_RECORD)
    case = Case(
        kind="repair",
        law_version=versions()[-1],
        state=NEW,
        number="",
        unit_id=record.provider_id,
        subject_id=record.subject_id,
        filed_on=today(),
    )
    facts, work = CaseFacts(case, today(), Repair(record_id=record.id)), Proceedings()
    office = CaseOffice(case, facts, actor, work)
    reasons = unmet(Attempt(step, today(), actor, None, facts, office, rules_today()))
    return reasons, next((one.number for one in facts.rivals() if one.open), "")


def terms() -> dict[str, str]:
    """How long a repair takes and from when it may be applied for, under the rules of today."""
    rules = rules_today()
    regime = regime_of(today(), rules)
    minima = {one: rules.length(period_name(regime, one, MINIMUM)) for one in SEVERITIES}
    lengths = {name: rules.length(f"repair.{name}") for name in ("accept", "total")}
    return {name: length.in_words for name, length in (lengths | minima).items() if length.value}


def notes_on(records: Sequence[Record]) -> dict[int, str]:
    """From when on the repair of each record may be applied for, in words, by its key.

    Empty where no period is known; in one query.
    """
    bars = _bars({record.subject_id for record in records})
    return {record.id: _from_when(record, bars.get(record.subject_id)) for record in records}


def advice(waits: Sequence[Reason]) -> str:
    """What to do meanwhile: keep a draft where it lives long enough, else come back later.

    Empty where time alone does not help.
    """
    days = [reason.holds_from for reason in waits if reason.holds_from]
    if not days or len(days) < len(waits):
        return ""
    kept = calendar().add(today(), rules_today().length("draft.keep")).due_on
    if max(days) <= kept:
        return f"您可以先保存草稿，自{day(max(days))}起提交；现在保存的草稿保留到{day(kept)}。"
    return f"请自{day(max(days))}起再来申请；现在保存的草稿只保留到{day(kept)}，等不到那一天。"


def _bars(subjects: Collection[int]) -> dict[int, date]:
    """The last day on which each subject may apply for no repair; those that may are left out."""
    chosen = (
        sa.select(Case.subject_id, sa.func.max(Repair.barred_until).label("until"))
        .join(Repair, Repair.case_id == Case.id)
        .where(Case.subject_id.in_(subjects), Repair.barred_until >= today())
        .group_by(Case.subject_id)
    )
    return {row.subject_id: row.until for row in db.session.execute(chosen)}


def _from_when(record: Record, barred_until: date | None) -> str:
    earliest = earliest_repair(record, rules_today())
    if barred_until:
        first = max(barred_until + timedelta(days=1), earliest or date.min)
        back = f"，最早可于{day(first)}申请修复" if earliest else ""
        return f"因此前的修复被撤销，{day(barred_until)}以前（含当日）不得申请信用修复{back}"
    if earliest is None:
        return ""
    over = earliest <= today()
    return "最短公示期已满" if over else f"最短公示期未满，最早可于{day(earliest)}申请修复"
