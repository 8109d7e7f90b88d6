"""The order no. 36 comes into force, on 2026-04-01, while applications for repair are under way.

Before it the order no. 58 held: whatever the class, a record could be repaired after three months.
By the new one what is serious waits a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.deadlines.queries import stored
from app.errors import StepRefused
from app.notices.models import Notice
from tests.app.cases.city import City
from tests.app.cases.states import MET
from workflows.rules import catalogue

BEFORE, AFTER = date(2026, 3, 30), date(2026, 4, 7)
"""A Monday, and the second working day after the Tomb-sweeping days, on which it is in force."""
DECIDED, IN_A_YEAR = "2025-10-15", date(2026, 10, 15)
ORDER_36 = "《信用修复管理办法》（国家发展改革委令第36号）"


@pytest.fixture(autouse=True)
def _before_the_order() -> Iterator[None]:
    with clock.at(BEFORE):
        yield


def serious(city: City) -> int:
    """A record of half a year ago, of a provider that has no order of its own."""
    said = {"penalty_kind": "吊销许可证件", "decided_on": DECIDED}
    return city.record("provider2", **said)


def bases(number: str) -> dict[str, Any]:
    """What each notice of a case rests on, by its name."""
    rows = db.session.scalars(sa.select(Notice).where(Notice.case_number == number))
    return {one.name: one.context["basis"] for one in rows}


def test_what_was_handed_in_before_is_decided_by_the_law_of_that_day(city: City) -> None:
    number = city.repair(serious(city))
    city.take(number, "submit", "subject")
    with clock.at(AFTER):
        city.take(number, "accept", "provider2")
        city.take(number, "propose_grant", "provider2", **MET)
        city.take(number, "endorse", "provider2-approver")
        city.take(number, "grant", "approver")
    assert city.state(number) == "executing"
    assert stored(city.case(number).rules_digest) == catalogue("national").on(BEFORE)
    issued = bases(number)
    assert {"receipt", "acceptance", "granted"} <= issued.keys()
    assert not [name for name, basis in issued.items() if ORDER_36 in basis]


def test_what_is_handed_in_afterwards_is_judged_by_the_new_law(city: City) -> None:
    record, ordinary = (
        serious(city),
        city.record("provider2", penalty_kind="罚款", decided_on=DECIDED),
    )
    with clock.at(AFTER):
        refused = city.repair(record)
        with pytest.raises(StepRefused) as refusal:
            city.take(refused, "submit", "subject")
        number = city.repair(ordinary)
        city.take(number, "submit", "subject")
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.holds_from) == ("the_minimum_period_is_over", IN_A_YEAR)
    assert stored(city.case(number).rules_digest) == catalogue("national").on(AFTER)
    assert all(ORDER_36 in basis for basis in bases(number).values())


def test_a_draft_of_before_is_judged_by_the_law_of_the_day_on_which_it_is_handed_in(
    city: City,
) -> None:
    number = city.repair(serious(city))
    with clock.at(AFTER), pytest.raises(StepRefused) as refusal:
        city.take(number, "submit", "subject")
    assert [one.holds_from for one in refusal.value.reasons] == [IN_A_YEAR]


def test_whoever_is_refused_is_told_when_the_new_law_lets_him_apply_again(city: City) -> None:
    number = city.repair(serious(city))
    city.take(number, "submit", "subject")
    with clock.at(AFTER):
        city.take(number, "accept", "provider2")
        city.take(number, "propose_refusal", "provider2", reasons="罚款尚未缴清。")
        city.take(number, "endorse", "provider2-approver")
        city.take(number, "refuse", "approver", reasons="罚款尚未缴清。")
    from_then = db.session.scalars(sa.select(Notice).where(Notice.case_number == number)).all()[-1]
    assert IN_A_YEAR.isoformat() in str(from_then.context)
