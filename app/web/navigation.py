"""What the head of every page leads to."""

from __future__ import annotations

from typing import Final

from flask import Flask

from app.web.permissions import Actor
from workflows import state_of
from workflows.grammar import Role

ADMINISTRATORS: Final = frozenset({Role.ADMIN_SYSTEM, Role.ADMIN_SECURITY, Role.ADMIN_AUDIT})
PROVIDERS: Final = frozenset({Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER})
OFFICE: Final = frozenset({Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR})
FILERS: Final = frozenset({Role.SUBJECT, Role.OFFICE_CLERK})


def places(actor: Actor) -> list[tuple[str, str]]:
    """Address and name of each section that is of use to the actor."""
    found = [("/", "待办")]
    if actor.roles - ADMINISTRATORS:
        found += [("/cases", "案件"), ("/records", "失信记录")]
    if actor.roles & (PROVIDERS | OFFICE):
        found.append(("/imports", "数据报送"))
    if actor.roles & OFFICE:
        found += [("/register", "文号登记"), ("/rules", "规则")]
    if actor.roles & FILERS:
        found += [("/cases/new/objection", "新建异议"), ("/cases/new/repair", "申请修复")]
    if Role.SUBJECT in actor.roles:
        found.append(("/consent", "电子送达"))
    return found


def init_app(app: Flask) -> None:
    """Give both to all templates."""
    app.jinja_env.globals.update(places=places, state_of=state_of)
