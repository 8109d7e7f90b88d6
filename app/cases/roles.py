"""Who stands in which role in a case, and who must act next (pure but for the facts)."""

from __future__ import annotations

from typing import Final

from app.errors import Reason
from app.people.actor import Actor
from workflows import definition_of
from workflows.grammar import Actors, By, Role, Step, bys
from workflows.office import CaseFact, Facts

OFFICE: Final = frozenset({Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR})
HANDLERS: Final = frozenset({Role.OFFICE_CLERK, Role.PROVIDER_HANDLER, Role.EXECUTOR_HANDLER})

TITLES: Final = {
    Role.SUBJECT: "信用主体",
    Role.FILER: "提出人",
    Role.OWNER: "当前办理人",
    Role.PROVIDER_HANDLER: "提供单位经办",
    Role.PROVIDER_APPROVER: "提供单位审核",
    Role.EXECUTOR_HANDLER: "实施部门经办",
    Role.EXECUTOR_APPROVER: "实施部门审核",
    Role.OFFICE_CLERK: "信用办经办",
    Role.OFFICE_APPROVER: "信用办审批",
    Role.OFFICE_SUPERVISOR: "信用办监督",
    Role.ADMIN_SYSTEM: "系统管理员",
    Role.ADMIN_SECURITY: "安全管理员",
    Role.ADMIN_AUDIT: "审计管理员",
    Role.SYSTEM: "系统",
}


def may_take(step: Step, facts: Facts, actor: Actor) -> bool:
    """Whether the actor is one of those who take the step in this case."""
    return _any_stands(step.by, facts, actor)


def takers(step: Step, facts: Facts) -> list[Role]:
    """The roles that take the step in this case."""
    return [by.role for by in bys(step.by) if by.applies(facts)]


def not_yours(step: Step, facts: Facts) -> Reason:
    """Whose step it is, for somebody whose it is not."""
    who = "、".join(TITLES[role] for role in takers(step, facts))
    return Reason("role", f"“{step.title}”由{who}办理。", "")


def owner_of(facts: Facts) -> By | None:
    """Who must act: the first owner of the state that applies; None where nobody is waited for."""
    case = facts.case()
    owner = definition_of(case).state(case.state).owner
    applying = (by for by in bys(owner or ()) if by.applies(facts))
    return next(applying, None)


def _any_stands(actors: Actors, facts: Facts, actor: Actor) -> bool:
    return any(by.applies(facts) and _stands(by.role, facts, actor) for by in bys(actors))


def _stands(role: Role, facts: Facts, actor: Actor) -> bool:
    case = facts.case()
    if role is Role.FILER:
        return _is_filer(case, actor)
    if role is Role.OWNER:
        owner = owner_of(facts)
        return owner is not None and _stands(owner.role, facts, actor)
    if role is Role.SUBJECT:
        return case.subject in actor.subjects
    if role not in actor.roles:
        return False
    if role is Role.SYSTEM or role in OFFICE:
        return True
    return actor.unit_id in {case.unit, case.filer_unit}


def _is_filer(case: CaseFact, actor: Actor) -> bool:
    """For whom it was filed, its agent, the unit that filed, or the counter that filed for it."""
    return case.subject in actor.subjects or (
        case.filer_unit == actor.unit_id is not None and bool(actor.roles & HANDLERS)
    )
