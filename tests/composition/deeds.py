"""Who acts in the model, and what they enter: one of each kind of input that makes a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, Final

from tests.composition.world import Case, World
from tests.workflows.said import COMPANY, DEPARTMENT, OFFICE, PROVIDER, TODAY, Somebody
from workflows.common import Annulment, Reasons
from workflows.grammar import Nothing, Role, Step
from workflows.inputs.correction import CarryOut, Change, PublicWithdrawal, Restoration
from workflows.inputs.objection import (
    AnotherRound,
    OwnError,
    OwnErrorItem,
    Redirect,
    RedirectNowhere,
    Refusal,
)
from workflows.inputs.repair import (
    CONDITIONS,
    Accusation,
    Answer,
    Condition,
    Grant,
    Refusal as Unmet,
    RefusalOfAcceptance,
)
from workflows.inputs.suspension import Confirmation, Declining, Lifted, Resumed
from workflows.inputs.verification import FindingInput, Findings
from workflows.intake import Gaps, Supplement, Withdrawal
from workflows.receipts import CutOff


def _person(key: int, unit: int | None, role: Role) -> Somebody:
    return Somebody(key, unit, frozenset({role}))


SUBJECT: Final = Somebody(20, None, frozenset({Role.SUBJECT}), frozenset({COMPANY}))
PEOPLE: Final[Mapping[Role, Sequence[Somebody]]] = {
    Role.SUBJECT: (SUBJECT,),
    Role.FILER: (SUBJECT,),
    Role.OFFICE_CLERK: (_person(1, OFFICE, Role.OFFICE_CLERK),),
    Role.OFFICE_APPROVER: (
        _person(2, OFFICE, Role.OFFICE_APPROVER),
        _person(3, OFFICE, Role.OFFICE_APPROVER),
        _person(10, OFFICE, Role.OFFICE_APPROVER),
    ),
    Role.OFFICE_SUPERVISOR: (_person(4, OFFICE, Role.OFFICE_SUPERVISOR),),
    Role.PROVIDER_HANDLER: (_person(5, PROVIDER, Role.PROVIDER_HANDLER),),
    Role.PROVIDER_APPROVER: (
        _person(6, PROVIDER, Role.PROVIDER_APPROVER),
        _person(7, PROVIDER, Role.PROVIDER_APPROVER),
    ),
    Role.EXECUTOR_HANDLER: (_person(8, DEPARTMENT, Role.EXECUTOR_HANDLER),),
    Role.EXECUTOR_APPROVER: (_person(9, DEPARTMENT, Role.EXECUTOR_APPROVER),),
}
"""More of those who decide anew what was annulled."""

MET: Final = Grant(tuple(Condition(name, True, "缴款凭证") for name, _title in CONDITIONS))


def given(world: World, case: Case, step: Step) -> Sequence[Any]:
    """The inputs with which the step is tried; none where the model does not take it."""
    if step.takes in PLAIN:
        return (PLAIN[step.takes],)
    tried = TRIED.get(step.name)
    return tried(world, case) if tried else ()


def _findings(world: World, case: Case) -> Sequence[Findings]:
    return [
        Findings(
            tuple(
                FindingInput(item, finding, reasons="经查原始案卷")
                for item, finding in zip(case.says("items"), found, strict=True)
            ),
            "核实员",
        )
        for found in product(world.findings, repeat=len(case.says("items")))
    ]


def _change(world: World, case: Case) -> Sequence[Change]:
    kind = case.says("decided_kind") or "revoke"
    return [Change(kind, (), "文书")]


def _own_error(world: World, case: Case) -> Sequence[OwnError]:
    missing = [one.id for one in case.items if one.finding is None or one.unreviewed]
    return [OwnError(tuple(OwnErrorItem(item, "没有", "原始记录") for item in missing))]


def _another_round(world: World, case: Case) -> Sequence[AnotherRound]:
    return [AnotherRound(tuple(one.id for one in case.items), "理由")]


def _redirect(world: World, case: Case) -> Sequence[Redirect]:
    return [Redirect(one.id, str(PROVIDER), "证明") for one in case.items]


def _nowhere(world: World, case: Case) -> Sequence[RedirectNowhere]:
    return [RedirectNowhere(one.id, "理由") for one in case.items]


TRIED: Final[Mapping[str, Callable[[World, Case], Sequence[Any]]]] = {
    "report": _findings,
    "correct": _change,
    "correct_own_error": _own_error,
    "return_for_verification": _another_round,
    "redirect": _redirect,
    "redirect_nowhere": _nowhere,
}
"""Inputs that depend on the case; nothing is amended, for drafts are written already."""
PLAIN: Final[Mapping[type, Any]] = {Nothing: None} | {
    type(one): one
    for one in (
        Reasons("理由"),
        Annulment("行政复议决定书"),
        Refusal("other_body", "理由"),
        CarryOut("理由"),
        Restoration("已撤销", ("信用惠州",)),
        PublicWithdrawal("行政复议决定书", "理由"),
        RefusalOfAcceptance("incomplete", "材料不全"),
        MET,
        Unmet("罚款未缴"),
        Accusation("false_materials", "事实", "证据"),
        Answer("不知情"),
        Confirmation(TODAY, "已暂停"),
        Declining("《政府采购法》第二十二条"),
        Resumed(TODAY),
        Lifted(TODAY),
        Gaps(("营业执照",)),
        Supplement("已补"),
        Withdrawal(),
        CutOff(1, "逾期"),
    )
}
