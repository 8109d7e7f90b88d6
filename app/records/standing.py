"""Whether a sanction is in force on a day, and if not, why (processes.md, Suspension; pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.records.models import OrderKind


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides whether a sanction is in force on one day."""

    begun: bool
    over: bool
    lifted: bool
    held_by: tuple[str, ...]
    order: OrderKind | None
    supported: bool

    @property
    def in_force(self) -> bool:
        """Every clause of the definition is met."""
        stopped = self.over or self.lifted or self.held_by or self.order
        return self.begun and self.supported and not stopped

    @property
    def held_only(self) -> bool:
        """A case holds it; nothing that weighs more keeps it from being executed."""
        return bool(self.held_by and self.supported) and not (
            self.lifted or self.order is OrderKind.LIFT
        )


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A record on which a sanction rests, and what decides whether it supports it."""

    record: int
    names_its_subject: bool
    ended_on: date | None
    disclosed_until: date | None

    def supports(self, on: date, past_maximum: str) -> bool:
        """Whether it supports the sanction on a day: it names its subject and is valid.

        `past_maximum` (the rule `record.past_maximum`): whether it still does once its disclosure
        is over.
        """
        if not self.names_its_subject or (self.ended_on is not None and self.ended_on <= on):
            return False
        disclosed = self.disclosed_until is None or self.disclosed_until >= on
        return disclosed or past_maximum != "ends"


class Terms(Protocol):
    """The days of a sanction; it runs through `runs_until`, else through `ends_on`."""

    starts_on: date
    ends_on: date | None
    runs_until: date | None
    lifted_on: date | None


def standing_of(
    sanction: Terms,
    on: date,
    *,
    held_by: tuple[str, ...] = (),
    order: OrderKind | None = None,
    supported: bool,
) -> Standing:
    """How a sanction stands on the day `on`, given who holds it then and what supports it."""
    end = sanction.runs_until or sanction.ends_on
    return Standing(
        begun=sanction.starts_on <= on,
        over=end is not None and end < on,
        lifted=sanction.lifted_on is not None and sanction.lifted_on <= on,
        held_by=held_by,
        order=order,
        supported=supported,
    )
