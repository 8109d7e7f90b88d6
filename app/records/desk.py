"""What the pages of records ask of the cases above them, who answer once the program is set up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from flask import Flask, current_app

from app.errors import Reason
from app.records.models import Record
from workflows.office import Actor

_NAME: Final = "redress-case-desk"


@dataclass(frozen=True, slots=True)
class Suspending:
    """The open suspension of a sanction; `confirmed_on`: when the department confirmed, if it has."""

    number: str
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Repairing:
    """Whether an application for repair may be handed in today.

    `reasons`: what stands in the way; `number`: of the repair that is open; empty where none is.
    """

    reasons: Sequence[Reason]
    number: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A repair that was revoked, and when."""

    number: str
    on: date


class CaseDesk(Protocol):
    """Knows the cases."""

    def openable(self, actor: Actor, numbers: Collection[str]) -> frozenset[str]:
        """Those of the case numbers whose case the actor may open."""

    def suspending(self, sanction_ids: Collection[int]) -> Mapping[int, Suspending]:
        """The open suspension of each sanction that has one."""

    def repairing(self, actor: Actor, record: Record) -> Repairing:
        """Whether the repair of a record may be applied for today."""

    def revoked(self, record: Record) -> Sequence[Revoked]:
        """The repairs of a record whose revocation stands, oldest first."""


def put_desk(app: Flask, desk: CaseDesk) -> None:
    """Let this desk answer."""
    app.extensions[_NAME] = desk


def case_desk() -> CaseDesk:
    """Whoever answers in the running application."""
    desk: CaseDesk = current_app.extensions[_NAME]
    return desk
