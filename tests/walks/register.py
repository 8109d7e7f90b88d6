"""What the tables say after a deed, as plain rows: read anew only where something was written."""

from __future__ import annotations

from collections import Counter as Counted, defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.correction.models import Correction
from app.cases.models import Case, CaseLink, StepTaken
from app.cases.objection.models import Item
from app.cases.repair.models import Repair
from app.cases.suspension.models import Suspension
from app.cases.verification.models import Verification
from app.deadlines.models import Deadline
from app.delivery.models import Message
from app.notices.models import Counter, Notice
from app.records.models import (
    Hold,
    Record,
    RecordVersion,
    Sanction,
    SanctionBasis,
    SanctionOrder,
    Share,
    SwitchPeriod,
)

Row = Any
"""A row as it was read; its columns by their names."""
_CASES = sa.select(
    *(getattr(Case, name) for name in ("id", "number", "kind", "state", "version", "parent_id")),
    *(getattr(Case, name) for name in ("unit_id", "subject_id", "filer_unit_id", "filed_on")),
    *(getattr(Case, name) for name in ("rules_digest", "owner_role", "owner_unit_id")),
    *(Case.due_on, Case.urge_on),
).order_by(Case.id)
_OPEN = _CASES.where(
    sa.or_(Case.owner_role.is_not(None), Case.id.in_(sa.bindparam("ids", expanding=True)))
)
_STEPS = sa.select(StepTaken.__table__).where(StepTaken.id > sa.bindparam("last"))
_NOTICES = sa.select(Notice.__table__).where(Notice.id > sa.bindparam("last")).order_by(Notice.id)
_DEADLINES = sa.select(Deadline.__table__)
_DEADLINES_OF = _DEADLINES.where(Deadline.case_number.in_(sa.bindparam("numbers", expanding=True)))
_VERSIONS = (
    sa.select(RecordVersion.record_id, RecordVersion.version, RecordVersion.content)
    .where(RecordVersion.id > sa.bindparam("last"))
    .order_by(RecordVersion.record_id, RecordVersion.version)
)
_LAST_VERSION = sa.select(sa.func.max(RecordVersion.id))
_WHOLE: dict[str, Any] = {
    "case_links": sa.select(CaseLink.__table__),
    "corrections": sa.select(
        *(Correction.case_id, Correction.record_id, Correction.decided_kind, Correction.by_office)
    ),
    "counters": sa.select(Counter.__table__),
    "holds": sa.select(Hold.__table__).order_by(Hold.id),
    "items": sa.select(
        *(Item.id, Item.case_id, Item.record_id, Item.unit_id, Item.finding, Item.outcome)
    ),
    "messages": sa.select(
        *(Message.id, Message.recipient_id, Message.record_id, Message.version),
        *(Message.case_number, Message.receipted_at, Message.cut_off_on),
    ).order_by(Message.id),
    "records": sa.select(Record.__table__),
    "repairs": sa.select(
        *(Repair.case_id, Repair.record_id, Repair.repaired_on, Repair.barred_until)
    ),
    "sanction_bases": sa.select(SanctionBasis.__table__),
    "sanction_orders": sa.select(SanctionOrder.__table__).order_by(SanctionOrder.id),
    "sanctions": sa.select(Sanction.__table__).order_by(Sanction.id),
    "shares": sa.select(Share.__table__).order_by(Share.id),
    "suspensions": sa.select(*(Suspension.case_id, Suspension.sanction_id, Suspension.open_on)),
    "switch_periods": sa.select(SwitchPeriod.__table__).order_by(SwitchPeriod.id),
    "verifications": sa.select(Verification.case_id, Verification.items, Verification.round),
}
"""Tables that are small in a walk: read whole wherever one of their rows was written."""


class Register:
    """All that truth asks of the database; `fresh` are the steps taken since the last reading."""

    def __init__(self) -> None:
        self.cases: dict[int, Row] = {}
        self.by_number: dict[str, Row] = {}
        self.steps: dict[int, list[Row]] = defaultdict(list)
        self.fresh: dict[int, list[Row]] = {}
        self.children: dict[int, list[int]] = defaultdict(list)
        self.notices: Sequence[Row] = ()
        self.deadlines: dict[str, dict[str, Row]] = defaultdict(dict)
        self.versions: dict[int, list[Row]] = defaultdict(list)
        self.whole: dict[str, Sequence[Row]] = {}
        self._last = {"steps": 0, "notices": 0, "versions": 0}

    def __getitem__(self, table: str) -> Sequence[Row]:
        return self.whole[table]

    def counted(self) -> Counted[tuple[str, str]]:
        """How often each step of each kind was taken."""
        return Counted(
            (self.cases[key].kind, row.step) for key, rows in self.steps.items() for row in rows
        )

    def read(self, session: Session, written: set[str] | None) -> None:
        """Read what was written since; None: everything, whoever wrote it."""
        for name, chosen in _WHOLE.items():
            if written is None or name in written or name not in self.whole:
                self.whole[name] = session.execute(chosen).all()
        self._read_steps(session)
        if written is None or "cases" in written or not self.cases:
            self._read_cases(session, everything=written is None or not self.cases)
        if written is None or "deadlines" in written:
            self._read_deadlines(session, everything=written is None)
        self._read_notices(session, written)
        if written is None or "record_versions" in written or not self.versions:
            for row in session.execute(_VERSIONS, {"last": self._last["versions"]}):
                self.versions[row.record_id].append(row)
            self._last["versions"] = session.scalar(_LAST_VERSION) or 0

    def _read_notices(self, session: Session, written: set[str] | None) -> None:
        self.notices = ()
        if written is None or "notices" in written:
            last = self._last["notices"]
            self.notices = session.execute(_NOTICES, {"last": last}).all()
            self._last["notices"] = max((one.id for one in self.notices), default=last)

    def _read_steps(self, session: Session) -> None:
        self.fresh = {}
        chosen = _STEPS.order_by(StepTaken.case_id, StepTaken.seq)
        for row in session.execute(chosen, {"last": self._last["steps"]}):
            self.fresh.setdefault(row.case_id, []).append(row)
            self._last["steps"] = max(self._last["steps"], row.id)
        for case, rows in self.fresh.items():
            self.steps[case] += rows

    def _read_cases(self, session: Session, *, everything: bool) -> None:
        # What is open, and what was open or was moved: nothing else changes.
        near = [key for key, row in self.cases.items() if row.owner_role is not None]
        chosen = _CASES if everything else _OPEN.params(ids=[*near, *self.fresh])
        for row in session.execute(chosen):
            if row.id not in self.cases and row.parent_id is not None:
                self.children[row.parent_id].append(row.id)
            self.cases[row.id] = self.by_number[row.number] = row

    def _read_deadlines(self, session: Session, *, everything: bool) -> None:
        numbers = [self.cases[key].number for key in self.fresh]
        chosen = _DEADLINES if everything else _DEADLINES_OF.params(numbers=numbers)
        for number in [*self.by_number] if everything else numbers:
            self.deadlines[number] = {}
        for row in session.execute(chosen):
            self.deadlines[row.case_number][row.clock] = row
