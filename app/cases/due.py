"""What the clock does: SYSTEM steps that are due, each found by one query."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.cases.commands import hold_late, take_step, urge_late
from app.cases.correction.models import Correction
from app.cases.models import Case, CaseLink
from app.cases.objection.models import Item
from app.cases.queries import open_states
from app.cases.repair.models import Repair
from app.cases.service.commands import deem_served
from app.cases.suspension.models import Suspension
from app.clock import today
from app.db import db
from app.deadlines.queries import passed
from app.delivery.models import Message, ServiceAttempt
from app.errors import Busy, Conflict, NotFound, StepRefused
from app.notices.models import Notice
from app.people.actor import SYSTEM
from app.records.models import EndedBy, Hold, Record, Sanction, SanctionBasis, Switch, SwitchPeriod
from workflows.findings import Finding
from workflows.repair import UNDECIDED

log = logging.getLogger(__name__)

BEFORE_APPROVAL = ("ordered", "corrected")
MAKES_REPAIR_POINTLESS = (EndedBy.REVOKE, EndedBy.DELETE, EndedBy.REPAIR)
Candidates = Callable[[Any], sa.Select[Any]]
"""Gives the query for a day, which comes as a parameter: compare with it, nothing else."""


@dataclass(frozen=True)
class Duty:
    """A step the clock takes, and how the cases are found in which it may be due."""

    step: str
    candidates: Candidates
    do: Callable[[Any], object] | None = None

    @cached_property
    def query(self) -> sa.Select[Any]:
        """Built once: it is asked every few seconds."""
        return self.candidates(sa.bindparam("on", type_=sa.Date))


def tick() -> Counter[str]:
    """Take every SYSTEM step that is due and those that become due by them; count them by name.

    One case a transaction. Outside of any transaction. Twice changes nothing more.
    """
    taken: Counter[str] = Counter()
    while sum(_do(duty, taken) for duty in DUTIES):
        pass
    db.session.rollback()
    return taken


def _do(duty: Duty, taken: Counter[str]) -> int:
    numbers = list(db.session.scalars(duty.query, {"on": today()}))
    done = sum(_one(duty, number) for number in numbers)
    if done:
        taken[duty.step] += done
    return done


def _one(duty: Duty, number: str) -> bool:
    """Try it; a case that is not ready after all, or that somebody else moves, is left alone.

    The clock of another worker, too, may be at it: what is still due then is taken at the next tick.
    """
    try:
        if duty.do is not None:
            return bool(duty.do(number))
        take_step(number, duty.step, SYSTEM)
    except (StepRefused, NotFound, Conflict, Busy):
        return False
    except Exception:
        # One broken case must not keep the clock from the others; it is tried at the next tick.
        log.exception("the clock could not take %s of %s", duty.step, number)
        return False
    return True


def _in(kind: str, *states: str) -> sa.Select[Any]:
    return sa.select(Case.number).where(Case.kind == kind, Case.state.in_(states))


def _passed(clock: str, kind: str, *states: str) -> Candidates:
    return lambda on: _in(kind, *states).where(Case.number.in_(passed(clock, on)))


def _unanswered(kind: str) -> Candidates:
    """What was asked for did not come in time, though it was asked for in a notice that arrived."""
    unserved = sa.select(Notice.id).where(
        Notice.case_number == Case.number,
        Notice.name == "supplement",
        Notice.served_on.is_(None),
        Notice.status == "valid",
    )
    late = _passed(f"{kind}.supplement", kind, "supplementing")
    return lambda on: late(on).where(~unserved.exists())


def _any_passed(clock: str) -> Candidates:
    return lambda on: passed(clock, on)


def _open_child(kind: str) -> sa.Exists:
    child = sa.orm.aliased(Case)
    return (
        sa.select(CaseLink.child_id)
        .join(child, child.id == CaseLink.child_id)
        .where(
            CaseLink.parent_id == Case.id,
            child.kind == kind,
            child.state.in_(open_states(kind)),
        )
        .exists()
    )


def _findings_complete(_: Any) -> sa.Select[Any]:
    unfound = sa.or_(Item.finding.is_(None), Item.finding == Finding.NOT_OURS.value)
    missing = sa.select(Item.id).where(Item.case_id == Case.id, unfound).exists()
    return _in("objection", "verifying").where(~_open_child("verification"), ~missing)


def _close(_: Any) -> sa.Select[Any]:
    """No correction is open, and no suspension but of what another case holds."""
    child = sa.orm.aliased(Case)
    held = sa.select(Hold.id).where(
        Hold.sanction_id == Suspension.sanction_id,
        Hold.case_number != Case.number,
        Hold.until.is_(None),
    )
    unsettled = (
        sa.select(CaseLink.child_id)
        .join(child, child.id == CaseLink.child_id)
        .join(Suspension, Suspension.case_id == child.id)
        .where(
            CaseLink.parent_id == Case.id,
            Suspension.open_on.is_not(None),
            ~held.correlate(Suspension, Case).exists(),
        )
        .correlate(Case)
        .exists()
    )
    return _in("objection", "executing").where(~_open_child("correction"), ~unsettled)


def _urge(on: Any) -> sa.Select[Any]:
    return sa.select(Case.number).where(Case.urge_on <= on)


def _lift(on: Any) -> sa.Select[Any]:
    """Its period may be over, or no record supports it any more, as far as one can see from here."""
    supporting = (
        sa.select(SanctionBasis.record_id)
        .join(Record, Record.id == SanctionBasis.record_id)
        .where(
            SanctionBasis.sanction_id == Sanction.id,
            Record.subject_id == Sanction.subject_id,
            Record.ended_on.is_(None),
            sa.or_(Record.disclosed_until.is_(None), Record.disclosed_until >= on),
        )
        .exists()
    )
    return (
        _in("suspension", "ordered", "suspended", "resuming")
        .join(Suspension, Suspension.case_id == Case.id)
        .join(Sanction, Sanction.id == Suspension.open_on)
        .where(sa.or_(Sanction.ends_on < on, ~supporting))
    )


def _resume(_: Any) -> sa.Select[Any]:
    held = sa.select(Hold.id).where(Hold.sanction_id == Suspension.open_on, Hold.until.is_(None))
    return (
        _in("suspension", "ordered", "suspended")
        .join(Suspension, Suspension.case_id == Case.id)
        .where(~held.exists())
    )


def _hold_late(_: Any) -> sa.Select[Any]:
    """Cases that annotate a record on which a sanction rests that they have never held."""
    known = sa.select(Hold.id).where(
        Hold.sanction_id == Sanction.id, Hold.case_number == SwitchPeriod.case_number
    )
    return (
        sa.select(SwitchPeriod.case_number)
        .join(SanctionBasis, SanctionBasis.record_id == SwitchPeriod.record_id)
        .join(Sanction, Sanction.id == SanctionBasis.sanction_id)
        .where(
            SwitchPeriod.switch == Switch.ANNOTATION,
            SwitchPeriod.until.is_(None),
            Sanction.lifted_on.is_(None),
            ~known.exists(),
        )
        .distinct()
    )


def _moot(_: Any) -> sa.Select[Any]:
    """The record has another version than it was imported with, or has ended."""
    return (
        _in("correction", *BEFORE_APPROVAL)
        .join(Correction, Correction.case_id == Case.id)
        .join(Record, Record.id == Correction.record_id)
        .where(sa.or_(Record.ended_on.is_not(None), Record.version > 1))
    )


def _unsettled() -> sa.Exists:
    """A recipient has neither receipted nor been cut off."""
    waiting = sa.select(Message.id).where(
        Message.case_number == Case.number,
        Message.receipted_at.is_(None),
        Message.cut_off_on.is_(None),
    )
    return waiting.exists()


def _synchronised(_: Any) -> sa.Select[Any]:
    return _in("correction", "synchronising").where(~_unsettled())


def _finish(_: Any) -> sa.Select[Any]:
    return _in("repair", "executing").where(~_open_child("suspension"), ~_unsettled())


def _deemed(on: Any) -> sa.Select[Any]:
    """The attempts whose public notice has stood for its time: by key, not by case."""
    return sa.select(ServiceAttempt.id).where(
        ServiceAttempt.state == "sent", ServiceAttempt.deemed_on < on
    )


def _discontinue(_: Any) -> sa.Select[Any]:
    return (
        _in("repair", *(state.name for state in UNDECIDED))
        .join(Repair, Repair.case_id == Case.id)
        .join(Record, Record.id == Repair.record_id)
        .where(
            sa.or_(
                Record.ended_by.in_(MAKES_REPAIR_POINTLESS),
                Record.subject_id != Case.subject_id,
            )
        )
    )


DUTIES: Sequence[Duty] = (
    Duty("discard", _passed("draft.keep", "objection", "draft")),
    Duty("discard", _passed("draft.keep", "repair", "draft")),
    Duty("lapse", _unanswered("objection")),
    Duty("lapse", _unanswered("repair")),
    Duty("expire", _any_passed("verification.hard_stop")),
    Duty("restart_clock", _any_passed("clock.stopped")),
    Duty("hold", _hold_late, do=hold_late),
    Duty("findings_complete", _findings_complete),
    Duty("order_lift", _lift),
    Duty("order_resume", _resume),
    Duty("moot", _moot),
    Duty("synchronised", _synchronised),
    Duty("synchronised_harmless", _synchronised),
    Duty("close", _close),
    Duty("discontinue", _discontinue),
    Duty("finish", _finish),
    Duty("served", _deemed, do=deem_served),
    Duty("urge", _urge, do=urge_late),
)
