"""People and the clock do whatever the law allows, in any order: the invariants hold throughout."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.cases import commands
from app.cases.due import tick
from app.cases.facts import CaseFacts
from app.cases.inputs import parse
from app.cases.models import Case
from app.cases.possibilities import possible_steps
from app.clock import today
from app.db import db, transaction
from app.delivery import commands as delivery
from app.delivery.queries import messages_of
from app.errors import Conflict, Invalid, NotAllowed, NotFound, StepRefused
from app.people.actor import SYSTEM
from tests.app.cases.city import City
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.states import ACCUSED, MET
from tests.app.cases.telling import REASONS, under
from workflows.grammar import Step
from workflows.inputs.correction import Opening

FINDINGS = ("accurate", "wrong_correct", "wrong_revoke", "unverifiable", "not_ours")
CHOICES: dict[str, tuple[str, str]] = {
    "suspension__mandatory": ("held_until_declined", "held_when_confirmed"),
    "suspension__shared": ("hold", "only_if_all_contested"),
    "suspension__counts": ("no", "yes"),
    "objection__unverifiable": ("end_disclosure", "keep_with_note"),
    "repair__decides": ("unit_with_office_approval", "unit_alone"),
}
LONG = 60


class Walk:
    """One walk: a small city and a source of chance."""

    def __init__(self, city: City, seed: int) -> None:
        self.city = city
        self.chance = random.Random(seed)
        self.taken: Counter[str] = Counter()
        self.records = [city.record(), city.repairable(), city.repairable("provider2")]
        for _ in range(4):
            self.impose()

    def impose(self) -> None:
        """A department imposes a sanction on some of the records."""
        records = self.chance.sample(self.records, self.chance.randint(1, 2))
        self.city.sanction(
            *records,
            department=self.chance.choice(["executor", "executor2"]),
            mandatory=self.chance.random() < 0.4,
            starts_on=self.chance.choice([date(2026, 1, 1), today(), today() + timedelta(days=9)]),
            ends_on=self.chance.choice([None, date(2029, 1, 1), today() + timedelta(days=20)]),
        )

    def file(self) -> None:
        """Somebody objects."""
        some = self.chance.sample(self.records, self.chance.randint(1, 2))
        ground = self.chance.choice(["O1", "O2", "O3"])
        self.vary(self.city.objection(*some, ground=ground))

    def apply(self) -> None:
        """The company, or the counter for it, applies for a repair, with proof or without."""
        who = self.chance.choice(["subject", "subject", "clerk"])
        proves = self.chance.choice([("duties",), ("duties",), ("corrected",)])
        record = self.chance.choice(self.records)
        self.vary(self.city.repair(record, who, proves=proves))

    def vary(self, number: str) -> None:
        """Let a case be handled under the rules of some city."""
        rules = {name: self.chance.choice(values) for name, values in CHOICES.items()}
        under(self.city, number, **rules)

    def open_correction(self) -> None:
        """A unit finds its own error, or its act was annulled."""
        who = self.chance.choice(["provider", "provider2", "clerk"])
        given = Opening(self.chance.choice(self.records), "发现错误")
        annulled = self.chance.random() < 0.5
        commands.open_correction(self.city.actor[who], given, annulled=annulled)

    def receipt(self) -> None:
        """Recipients confirm what a case sent."""
        numbers = list(db.session.scalars(sa.select(Case.number)))
        db.session.rollback()
        with transaction():
            for message in messages_of(numbers):
                if self.chance.random() < 0.6:
                    delivery.receipt(message, SYSTEM)

    def step(self) -> None:
        """Somebody takes a step that is possible, if it is with this input."""
        chosen = sa.select(Case.number).order_by(Case.id)
        if self.chance.random() < 0.3:
            chosen = chosen.where(Case.kind == "repair")
        cases = list(db.session.scalars(chosen))
        number = self.chance.choice(cases) if cases else ""
        options = self.options(number) if number else []
        if not options:
            return
        who, step = self.chance.choice(options)
        facts = CaseFacts(self.city.case(number), today())
        given = parse(step.takes, self.given(step, facts), facts.rules)
        db.session.rollback()
        commands.take_step(number, step.name, self.city.actor[who], given)
        self.taken[step.name] += 1

    def options(self, number: str) -> list[tuple[str, Step]]:
        """Who may take which step; what only stands beside the states comes rarely."""
        rare = {"note_review", "note_review_ended", "stop_clock", "urge", "withdraw", "amend"}
        rare |= {"discard", "withdraw_publication", "request_supplement", "send_back"}
        case = self.city.case(number)
        facts = CaseFacts(case, today())
        return [
            (who, one.step)
            for who, actor in sorted(self.city.actor.items())
            for one in possible_steps(case, actor, facts)
            if one.allowed and (one.step.name not in rare or self.chance.random() < 0.02)
        ]

    def given(self, step: Step, facts: CaseFacts) -> dict[str, Any]:
        """Something that may be entered."""
        items = [one.id for one in facts.items()]
        text, day = "如附件所述，见案卷第3页", today().isoformat()
        some = self.chance.choice(items) if items else 1
        own = facts.case().details
        unit = str(self.city.unit[self.chance.choice(["provider", "provider2"])])
        late = (facts.due("objection.total") or today()) + timedelta(days=2)
        kind = own.get("decided_kind") or self.chance.choice(["correct", "revoke"])
        values = [] if own.get("decided_kind") or kind == "revoke" else [_penalty(self.chance)]
        known: dict[str, Callable[[], dict[str, Any]]] = {
            "request_supplement": lambda: {"gaps": [text]},
            "supplement": lambda: {"statement": text},
            "refuse": lambda: {"reason_code": "other_body", "reason": text},
            "correct_own_error": lambda: {"items": self.values(facts)},
            "redirect": lambda: {"item_id": some, "unit": unit, "proof": text},
            "redirect_nowhere": lambda: {"item_id": some, "reasons": text},
            "extend": lambda: {"due_on": late.isoformat(), "reason": text},
            "return_for_verification": lambda: {"items": items, "reasons": text},
            "reopen": lambda: {"document": text},
            "reopen_acceptance": lambda: {"document": text},
            "ask_for_time": lambda: {"reason": text},
            "report": lambda: {"officer": "某人", "findings": [self.found(one) for one in items]},
            "confirm": lambda: {"executed_on": day, "note": text},
            "decline": lambda: {"provision": text},
            "confirm_resumed": lambda: {"executed_on": day},
            "confirm_lifted": lambda: {"executed_on": day},
            "correct": lambda: {"kind": kind, "fields": values, "basis": text},
            "restore": lambda: {"statement": text, "places": ["网站"]},
            "withdraw_publication": lambda: {"document": text, "reasons": text},
            "cut_off": lambda: {"message_id": facts.messages()[0].id, "reasons": text},
            "note_review": lambda: {"path": "review", "begun_on": day, "document": text},
            "note_review_ended": lambda: {"ended_on": day, "document": text, "outcome": text},
            "stop_clock": lambda: {"ground": "court", "document": text, "reasons": text},
            "amend": lambda: {"items": [self.contested(facts)]},
        }
        if facts.row.kind == "repair":
            known |= of_repair(text)
        reasons = {"send_back", "uphold", "dismiss", "carry_out"}
        return {"reasons": text} if step.name in reasons else known.get(step.name, dict)()

    def values(self, facts: CaseFacts) -> list[dict[str, Any]]:
        """The right value of each item without an endorsed finding."""
        missing = [
            one.id for one in facts.items() if one.finding in {None, "not_ours"} or one.unreviewed
        ]
        return [{"item_id": one, "value": "警告", "proof": "截图"} for one in missing]

    def found(self, item: int) -> dict[str, Any]:
        """A finding about an item."""
        finding = self.chance.choice(FINDINGS)
        value = {"value": "警告"} if finding == "wrong_correct" else {}
        return {"item_id": item, "finding": finding, "reasons": REASONS} | value

    def contested(self, facts: CaseFacts) -> dict[str, Any]:
        """The first item again."""
        first = facts.items()[0]
        return {
            "record_id": first.record,
            "field": first.field,
            "ground": first.ground,
            "claim": first.claim,
        }


def of_repair(text: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """What may be entered in the steps that only a repair has, or takes otherwise."""
    because = ("propose_refusal", "return_proposal", "refuse", "revoke", "drop_revocation")
    return {
        "amend": lambda: {"reasons": text, "commitment": True},
        "refuse_acceptance": lambda: {"reason_code": "incomplete", "reason": text},
        "extend": lambda: {"reason": text},
        "propose_grant": lambda: MET,
        "propose_revocation": lambda: ACCUSED,
        "answer": lambda: {"statement": text},
        "restore_repair": lambda: {"document": text},
        **dict.fromkeys(because, lambda: {"reasons": text}),
    }


def _penalty(chance: random.Random) -> dict[str, str]:
    said = [("penalty", "警告"), ("penalty", "通报批评"), ("decided_on", "2026-07-20")]
    field, value = chance.choice(said)
    return {"field": field, "value": value}


def walked(city: City, session: Session, seed: int, length: int) -> Walk:
    """Walk on for so many deeds, looking at the invariants now and then."""
    with clock.at(date(2026, 8, 3)):
        walk = Walk(city, seed)
        walk.file()
        walk.apply()
    now = date(2026, 8, 3)
    deeds: list[Callable[[], object]] = [
        *[walk.step] * 30,
        walk.file,
        walk.apply,
        walk.impose,
        walk.receipt,
        walk.receipt,
    ]
    deeds += [walk.open_correction, tick, tick]
    for number in range(length):
        if walk.chance.random() < 0.12:
            now += timedelta(days=walk.chance.choice([1, 1, 2, 5, 12]))
        with clock.at(now):
            deed = walk.chance.choice(deeds)
            try:
                deed()
            except (StepRefused, Invalid, Conflict, NotAllowed, NotFound):
                session.rollback()
            if number % 10 == 0:
                assert_invariants(session)
    return walk


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_invariants_hold(city, session, seed):
    assert walked(city, session, seed, LONG).taken
