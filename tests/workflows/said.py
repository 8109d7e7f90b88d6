"""Facts as a jurist would state them: what is not said is not so. No database, no office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from workflows import WORKFLOWS
from workflows.grammar import Attempt, Guard, Role
from workflows.office import (
    AnswerFact,
    AttachmentFact,
    CaseFact,
    ItemFact,
    MessageFact,
    RecordFact,
    RivalFact,
    SanctionFact,
    TakenFact,
    UnitFact,
)
from workflows.rules import Rules, catalogue

TODAY = date(2026, 8, 3)
OFFICE, PROVIDER, OTHER_PROVIDER, DEPARTMENT = 1, 2, 3, 4
COMPANY, STRANGER = 70, 71
CLERK, HANDLER, APPROVER = 10, 11, 12
NATIONAL = catalogue("national").on(TODAY)
UNITS = {
    OFFICE: UnitFact(OFFICE, "信用中心", provides=False, executes=False, office=True),
    PROVIDER: UnitFact(PROVIDER, "市场监管局", provides=True, executes=False, office=False),
    OTHER_PROVIDER: UnitFact(OTHER_PROVIDER, "环保局", provides=True, executes=False, office=False),
    DEPARTMENT: UnitFact(DEPARTMENT, "财政局", provides=False, executes=True, office=False),
}
DETAILS: Mapping[str, Mapping[str, Any]] = {
    "objection": {"source": "subject", "statement": "不属实"},
    "verification": {"items": [1], "round": 1, "officer": "", "hard_stop_from": "2026-08-03"},
    "suspension": {"sanction": 50},
    "correction": {
        "record": 30,
        "by_office": False,
        "decided_kind": None,
        "decided_fields": {},
        "kind": None,
        "fields": {},
        "basis": "",
        "seen_version": None,
    },
    "repair": {
        "record": 30,
        "statement": "已经缴清罚款",
        "commitment": True,
        "proposal": None,
        "conditions": [],
        "unmet": "",
        "repaired_on": None,
    },
}


@dataclass(frozen=True)
class Somebody:
    """An actor."""

    person_id: int | None
    unit_id: int | None = None
    roles: frozenset[Role] = frozenset()
    subjects: frozenset[int] = frozenset()


CLOCK = Somebody(None, None, frozenset({Role.SYSTEM}))


def somebody(*roles: Role, person: int = APPROVER, unit: int | None = None) -> Somebody:
    """A person with roles in a unit."""
    return Somebody(person, unit, frozenset(roles))


@dataclass(frozen=True)
class Said:
    """The facts of a case; satisfies `workflows.office.Facts`."""

    own: CaseFact
    above: CaseFact | None = None
    below: tuple[CaseFact, ...] = ()
    beside: tuple[CaseFact, ...] = ()
    contested: tuple[ItemFact, ...] = ()
    told: tuple[AnswerFact, ...] = ()
    register: tuple[RecordFact, ...] = ()
    harmed: tuple[int, ...] = ()
    punished: tuple[SanctionFact, ...] = ()
    past: tuple[TakenFact, ...] = ()
    others: tuple[RivalFact, ...] = ()
    files: tuple[AttachmentFact, ...] = ()
    sent: tuple[MessageFact, ...] = ()
    barred: date | None = None
    dues: Mapping[str, date] = field(default_factory=dict)
    on: date = TODAY

    def case(self) -> CaseFact:
        return self.own

    def parent(self) -> CaseFact | None:
        return self.above

    def children(self, kind: str) -> Sequence[CaseFact]:
        return [one for one in self.below if one.kind == kind]

    def siblings(self, kind: str) -> Sequence[CaseFact]:
        return [one for one in self.beside if one.kind == kind]

    def items(self) -> Sequence[ItemFact]:
        return self.contested

    def answers(self) -> Sequence[AnswerFact]:
        return self.told

    def records(self) -> Sequence[RecordFact]:
        return self.register

    def was_executed(self, record: int) -> bool:
        return record in self.harmed

    def sanctions(self) -> Sequence[SanctionFact]:
        return self.punished

    def history(self) -> Sequence[TakenFact]:
        return self.past

    def rivals(self) -> Sequence[RivalFact]:
        return self.others

    def attachments(self) -> Sequence[AttachmentFact]:
        return self.files

    def barred_until(self) -> date | None:
        return self.barred

    def messages(self) -> Sequence[MessageFact]:
        return self.sent

    def due(self, clock: str) -> date | None:
        return self.dues.get(clock)

    def passed(self, clock: str) -> bool:
        due = self.due(clock)
        return due is not None and due < self.on

    def unstorable(self, values: Mapping[str, str]) -> Sequence[str]:
        return [name for name, value in values.items() if "昨天" in value]

    def unit(self, reference: str | int) -> UnitFact | None:
        return UNITS.get(int(reference)) if str(reference).isdecimal() else None


def case(kind: str = "objection", state: str = "submitted", /, **said: Any) -> CaseFact:
    """A case; details of its kind by their names."""
    known = {name: said.pop(name) for name in list(said) if name in DETAILS[kind]}
    plain: dict[str, Any] = {
        "number": "YY-2026-000001",
        "law_version": WORKFLOWS[kind].version,
        "unit": OFFICE,
        "parent": None,
        "subject": COMPANY,
        "filer_person": None,
        "filer_unit": None,
        "filed_on": TODAY,
        "open": WORKFLOWS[kind].state(state).waiting,
    }
    return CaseFact(kind=kind, state=state, details={**DETAILS[kind], **known}, **(plain | said))


def item(key: int = 1, **said: Any) -> ItemFact:
    """A contested item of record 30, not found about yet."""
    whole = ItemFact(
        id=key,
        position=key,
        record=30,
        field="penalty",
        ground="O1",
        claim="没有",
        unit=PROVIDER,
        finding=None,
        value=None,
        reasons="",
        own_error=False,
        unreviewed=False,
        outcome=None,
    )
    return replace(whole, **said)


def record(key: int = 30, **said: Any) -> RecordFact:
    """A valid record of the company."""
    whole = RecordFact(
        id=key,
        label="惠测罚〔2026〕1号",
        version=1,
        provider=PROVIDER,
        subject=COMPANY,
        content={
            "subject_kind": "法人及非法人组织",
            "penalty": "罚款",
            "penalty_kind": "罚款",
            "fine": "5000.00",
            "confiscated": None,
        },
        decided_on=date(2026, 4, 1),
        severity="ordinary",
        regime="36",
        ended_on=None,
        ended_by=None,
        annotated_by=frozenset(),
        disclosed=True,
        disclosed_until=date(2029, 4, 1),
        shared=True,
    )
    return replace(whole, **said)


def sanction(**said: Any) -> SanctionFact:
    """A sanction of the company resting on record 30, in force."""
    whole = SanctionFact(
        id=50,
        label="限制补贴",
        mandatory=False,
        department=DEPARTMENT,
        subject=COMPANY,
        starts_on=date(2026, 1, 1),
        ends_on=None,
        over=False,
        lifted=False,
        supported=True,
        records=frozenset({30}),
        holders=frozenset(),
        held_by=frozenset(),
        suspension=None,
        suspension_state=None,
        measure="限制补贴",
        basis="《惠州市失信联合惩戒措施清单》",
        by="市发展和改革局",
        runs_until=None,
    )
    return replace(whole, **said)


def steps(*names: str | tuple[str, int | None], **data: Any) -> tuple[TakenFact, ...]:
    """A history: step names, each with the person who took it where that matters."""
    pairs = [one if isinstance(one, tuple) else (one, CLERK) for one in names]
    return tuple(
        TakenFact(seq, name, "submitted", "submitted", who, TODAY, data)
        for seq, (name, who) in enumerate(pairs, start=1)
    )


def attempt(
    kind: str,
    step: str,
    facts: Said | None = None,
    given: Any = None,
    actor: Somebody | None = None,
    **choices: str,
) -> Attempt[Any]:
    """One try; `choices` are switches of policy, `objection__unverifiable="keep_with_note"`."""
    return Attempt(
        WORKFLOWS[kind].step(step),
        TODAY,
        actor or somebody(),
        given,
        facts or Said(case(kind, WORKFLOWS[kind].states[0].name)),
        None,  # type: ignore[arg-type]  # a guard asks, it does nothing
        rules(**choices),
    )


def rules(**choices: str) -> Rules:
    """The national rules with other choices of policy."""
    wanted = {name.replace("__", "."): value for name, value in choices.items()}
    rows = [replace(row, value=wanted.get(row.name, row.value)) for row in NATIONAL]
    return Rules(NATIONAL.profile, tuple(rows))


Trial = tuple[Attempt[Any], Attempt[Any]]


def guard_of(trial: Attempt[Any], code: str) -> Guard:
    """The guard of a step by the name of its condition."""
    return next(one for one in trial.step.guards if one.code == code)


def assert_met_and_unmet(code: str, trial: Trial) -> None:
    """Met in the first attempt, not in the second, which is told in Chinese with its basis."""
    met, unmet = trial
    assert guard_of(met, code).check(met)
    refusing = guard_of(unmet, code)
    assert not refusing.check(unmet)
    sentence = refusing.sentence(unmet)
    assert any("一" <= sign <= "鿿" for sign in sentence)
    assert sentence.endswith("。")
    assert refusing.basis.citation


def codes_of(kind: str) -> set[str]:
    """Every condition that a kind knows."""
    return {guard.code for step in WORKFLOWS[kind].steps for guard in step.guards}
