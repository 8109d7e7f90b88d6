"""Chooses from the exports what each story is about: by query, whatever day it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

import sqlalchemy as sa

from app.db import db
from app.people.models import SubjectKind
from app.people.queries import subjects_by_id, units_by_id
from app.records.identity import Content
from app.records.models import Measure, Record, Sanction
from app.records.queries import contents, records_of, sanctions_on, standings

ENOUGH: Final = 2
"""Sanctions in force on the record that `subject` leaves alone."""


@dataclass(frozen=True)
class Resting:
    """A sanction in force; `alone`: it rests on no other record."""

    department: str
    mandatory: bool
    ends_on: date
    alone: bool


@dataclass(frozen=True)
class Chosen:
    """A record, whom it is about and which sanctions rest on it."""

    id: int
    kind: SubjectKind
    subject_id: int
    name: str
    code: str
    provider: str
    content: Content
    decided_on: date
    severity: str
    regime: str
    disclosed_until: date
    sanctions: tuple[Resting, ...]

    def says(self, field: str) -> str:
        """What the record says in a field."""
        return self.content[field] or ""

    def item(self, field: str, ground: str, claim: str) -> dict[str, object]:
        """A contested point of it."""
        return {"record_id": self.id, "field": field, "ground": ground, "claim": claim}

    @property
    def lasts(self) -> date:
        """Until when it is disclosed with enough sanctions that rest on it alone."""
        ends = sorted((one.ends_on for one in self.sanctions if one.alone), reverse=True)
        return min(self.disclosed_until, ends[ENOUGH - 1]) if len(ends) >= ENOUGH else date.min

    @property
    def stands_alone(self) -> bool:
        """Whether nothing that rests on it rests on another record, too."""
        return all(one.alone for one in self.sanctions)


Wish = Callable[[Chosen], bool]


class Stock:
    """The valid records of the city as of a day; each subject is taken once."""

    def __init__(self, day: date) -> None:
        self._taken: set[int] = set()
        self.look(day)

    def look(self, day: date) -> None:
        """See what there is on a day: what came in meanwhile, and what is still in force."""
        found = (one for one in _chosen(day) if one.subject_id not in self._taken)
        self._left = sorted(found, key=_order)

    def take_for_subject(self) -> tuple[Chosen, Chosen]:
        """Of a company with two records: the one to be left alone the longest, and the other."""
        pairs = self._pairs(SubjectKind.ORGANISATION)
        either = [two for a, b in pairs for two in ((a, b), (b, a))]
        return self._both(max(either, key=lambda two: _left_alone_best(*two)))

    def take_for_person(self, provider: str, department: str) -> Chosen:
        """Of a natural person."""
        people = [one for one in self._left if one.kind is SubjectKind.PERSON]
        return self._one(_best(people, _wishes(provider, department, mandatory=True)))

    def take(self, provider: str = "", department: str = "", *, mandatory: bool = False) -> Chosen:
        """Of an organisation: as wished, or as near to it as there is."""
        companies = [one for one in self._left if one.kind is SubjectKind.ORGANISATION]
        return self._one(_best(companies, _wishes(provider, department, mandatory)))

    def take_any(self, fits: Wish, rng: Random) -> Chosen | None:
        """Any that fits, of whomever; None where there is none left."""
        fitting = [one for one in self._left if fits(one)]
        return self._one(rng.choice(fitting)) if fitting else None

    def take_two(self) -> tuple[Chosen, Chosen]:
        """Of one organisation, from two providers where there are such."""
        pairs = self._pairs(SubjectKind.ORGANISATION)
        apart = [two for two in pairs if two[0].provider != two[1].provider] or pairs
        return self._both(max(apart, key=lambda two: len(two[0].sanctions + two[1].sanctions)))

    def _pairs(self, kind: SubjectKind) -> list[tuple[Chosen, Chosen]]:
        of: dict[int, list[Chosen]] = defaultdict(list)
        for one in self._left:
            if one.kind is kind:
                of[one.subject_id].append(one)
        return [(several[0], several[1]) for several in of.values() if len(several) > 1]

    def _both(self, two: tuple[Chosen, Chosen]) -> tuple[Chosen, Chosen]:
        self._one(two[0])
        return two

    def _one(self, chosen: Chosen) -> Chosen:
        self._taken.add(chosen.subject_id)
        self._left = [one for one in self._left if one.subject_id != chosen.subject_id]
        return chosen


def _wishes(provider: str, department: str, mandatory: bool) -> list[Wish]:
    """The most important one first."""
    return [
        lambda one: not provider or one.provider == provider,
        lambda one: bool(one.sanctions),
        lambda one: not department or any(r.department == department for r in one.sanctions),
        lambda one: not mandatory or any(r.mandatory for r in one.sanctions),
    ]


def _best(records: Sequence[Chosen], wishes: Sequence[Wish]) -> Chosen:
    """The first that fulfils all wishes, or all but the last, and so on."""
    for number in range(len(wishes), 0, -1):
        for one in records:
            if all(wish(one) for wish in wishes[:number]):
                return one
    return records[0]


def _left_alone_best(one: Chosen, other: Chosen) -> tuple[bool, bool, bool, date]:
    """What matters most comes first: enough sanctions on the one, then one on the other."""
    return one.lasts > date.min, one.stands_alone, bool(other.sanctions), one.lasts


def _order(one: Chosen) -> tuple[int, int]:
    """Few sanctions first, so that a story stays short; then those that last."""
    return len(one.sanctions), -min(
        (rest.ends_on for rest in one.sanctions), default=date.min
    ).toordinal()


def _chosen(day: date) -> Iterator[Chosen]:
    records = list(db.session.scalars(sa.select(Record).where(Record.ended_on.is_(None))))
    subjects = subjects_by_id(record.subject_id for record in records)
    providers = units_by_id(record.provider_id for record in records)
    says = contents(records)
    resting = _resting([record.id for record in records], day)
    for record in records:
        yield Chosen(
            record.id,
            subjects[record.subject_id].kind,
            record.subject_id,
            subjects[record.subject_id].name,
            record.subject_code,
            providers[record.provider_id].name,
            says[record.id],
            record.decided_on,
            record.severity.value if record.severity else "",
            record.regime or "",
            record.disclosed_until or date.max,
            tuple(resting[record.id]),
        )


def _resting(record_ids: list[int], day: date) -> dict[int, list[Resting]]:
    """The sanctions on each record that are in force on a day."""
    on = sanctions_on(record_ids)
    sanctions = {one.id: one for several in on.values() for one in several}
    now, bases = standings(sanctions, day), records_of(sanctions)
    departments = units_by_id(one.department_id for one in sanctions.values())
    mandatory = {row.id: row.mandatory for row in db.session.scalars(sa.select(Measure))}

    def told(one: Sanction) -> Resting:
        return Resting(
            departments[one.department_id].name,
            mandatory[one.measure_id],
            one.ends_on or date.max,
            alone=len(bases[one.id]) == 1,
        )

    return {
        record_id: [told(one) for one in several if now[one.id].in_force]
        for record_id, several in on.items()
    }
