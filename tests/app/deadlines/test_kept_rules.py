"""The rules that a case keeps, once a later release asks for more than there was on its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.clock import today
from app.db import transaction
from app.deadlines.commands import store
from app.deadlines.queries import stored
from workflows.rules import Rules, UnknownRule, catalogue

DAY = date(2026, 3, 2)


@pytest.fixture
def kept(session: Session) -> Callable[[Rules], Rules]:
    """What comes back of rules that were kept."""

    def keep(rules: Rules) -> Rules:
        with transaction():
            digest = store(rules)
        return stored(digest)

    return keep


def without(*names: str, profile: str = "national") -> Rules:
    rows = tuple(one for one in catalogue("national").on(DAY) if one.name not in names)
    return Rules(profile, rows)


def test_what_every_rule_set_has_by_now_and_words_of_new_notices_are_those_of_today(kept):
    names = ("verification.informs", "clock.amber", "series.repair.granted", "basis.repair.granted")
    now = catalogue("national").on(today())
    found = kept(without(*names))
    assert {name: found.row(name) for name in names} == {name: now.row(name) for name in names}


def test_what_was_there_is_as_it_was(kept):
    before = without("clock.amber")
    shorter = tuple(replace(r, value=1) if r.name == "objection.accept" else r for r in before)
    found = kept(replace(before, rows=shorter))
    assert found.length("objection.accept").value == 1
    assert found.text("basis.repair.granted") == before.text("basis.repair.granted")


def test_classes_and_regimes_that_came_later_stay_unknown(kept):
    found = kept(without("severity.罚款", "regime.36", "publicity.36.minor.minimum"))
    assert "severity.罚款" not in found
    with pytest.raises(UnknownRule):
        found.day("regime.36")


def test_rules_that_lack_nothing_come_back_the_same(kept):
    assert kept(without()) == without()


def test_rules_of_a_profile_that_is_gone_are_left_alone(kept):
    given = without("clock.amber", profile="atlantis")
    assert kept(given) == given
