"""What effects may do, done: satisfies `workflows.office.Office`, inside the running transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from app.cases import holding
from app.cases.details import as_json
from app.cases.facts import CaseFacts
from app.cases.models import Case
from app.cases.objection.drafts import replace_items
from app.cases.objection.models import Item
from app.cases.repair.models import Repair
from app.cases.verification.models import Answer
from app.db import db
from app.delivery import commands as delivery
from app.delivery.models import Message
from app.delivery.queries import messages_of
from app.people.actor import Actor
from app.records import commands as registry
from app.records.models import Hold, Recipient, Record, RecordVersion, Sanction
from app.records.queries import content, recipients_with, run_until
from app.records.words import ENDINGS
from workflows.office import AnswerFact

REMOVALS = frozenset({"delete", "revoke", "end_disclosure", "remove_from_list"})


class Work(holding.Opens, Protocol):
    """What the office asks of the transaction that is under way."""

    def echo(self, parent_id: int, step: str, of: str) -> None:
        """Note in a parent's history what happened in its child."""


class CaseOffice:
    """The verbs of one case in one step."""

    def __init__(self, case: Case, facts: CaseFacts, actor: Actor, work: Work) -> None:
        self.row = case
        self.facts = facts
        self.actor = actor
        self.work = work

    # --- records and sanctions

    def annotate(self, records: Iterable[int]) -> None:
        """Mark records as contested by this case (异议标注)."""
        holding.annotate(self.row, list(records), self.work.on)
        self.facts.forget()

    def end_annotation(self, records: Iterable[int], of: str) -> None:
        """End the annotation of records by case ``of``."""
        holding.end_annotation(list(records), of, self.work.on)
        self.facts.forget()

    def hold(self, records: Iterable[int]) -> None:
        """Hold, for this case, each sanction on the records; open or renew its suspension."""
        holding.hold(self.facts, list(records), self.work)
        self.facts.forget()

    def release(self, sanctions: Iterable[int], of: str) -> None:
        """End the holds of case ``of``; the suspension of a sanction no longer held follows."""
        holding.release(sanctions, of, self.facts.rules, self.work)
        self.facts.forget()

    def settle(self, records: Iterable[int]) -> None:
        """Order lifted each sanction on the records that no valid record supports any more."""
        holding.settle(self.facts, list(records), self.work)
        self.facts.forget()

    def change_record(self, record: int, kind: str, values: Mapping[str, str], basis: str) -> None:
        """Make a new version of a record; disclosure and sharing follow the kind of change."""
        row = db.session.get_one(Record, record, with_for_update={"key_share": True})
        said = f"{self.row.number} {basis}".strip()
        origin = "reinstatement" if kind == "reinstate" else "correction"
        now = self._as_it_was(row) if kind == "reinstate" else content(row) | dict(values)
        registry.new_version(row, now, origin, said, self.row.number, made_by=self.actor.person_id)
        if kind in REMOVALS:
            registry.end_record(row, kind, self.work.on, said)
        elif kind == "reinstate" and row.ended_on is not None:
            registry.restore_record(row, self.work.on, said, self.row.number)
            holding.keep_unused(row, self.work.on)
        self.facts.forget()

    def _as_it_was(self, record: Record) -> Mapping[str, str | None]:
        chosen = sa.select(RecordVersion).where(
            RecordVersion.record_id == record.id,
            RecordVersion.version == self.facts.case().details["restores"],
        )
        return db.session.scalars(chosen).one().content

    def repair_record(self, record: int) -> None:
        """The record is repaired: disclosure, sharing and use end."""
        row = db.session.get_one(Record, record, with_for_update={"key_share": True})
        registry.end_record(row, "repair", self.work.on, f"信用修复{self.row.number}")
        self.facts.forget()

    def undo_repair(self, record: int) -> None:
        """The record is what it was without the repair: disclosed for the rest of its period.

        Where another repair of it stands, it stays repaired.
        """
        row = db.session.get_one(Record, record, with_for_update={"key_share": True})
        standing = sa.select(sa.func.min(Repair.repaired_on)).where(
            Repair.record_id == record, Repair.case_id != self.row.id
        )
        row.repaired_on = db.session.scalar(standing)
        if row.repaired_on is not None:
            return
        said = f"撤销信用修复{self.row.number}"
        registry.undo_repair(row, self.work.on, said, self.row.number)
        holding.keep_unused(row, self.work.on)
        self.facts.forget()

    # --- children and parents

    def open(self, kind: str, step: str, **details: Any) -> str:
        """Open a child by one of its opening steps; gives its number."""
        (child,) = self.work.open_children(self.facts, kind, step, [details])
        self.facts.forget()
        return child.number

    def order(self, number: str, step: str) -> None:
        """Take a SYSTEM step of a child in the same transaction."""
        self.work.order([(number, step)])
        self.facts.forget()

    def stop_parent(self, *, stopped: bool) -> None:
        """Let the clocks of the parent stand still too, or go on."""
        if self.row.parent_id is not None:
            step = "stop_clock" if stopped else "restart_clock"
            self.work.echo(self.row.parent_id, step, self.row.number)

    # --- what the case itself remembers

    def keep(self, **details: Any) -> None:
        """Remember values in the columns that only this kind of case has."""
        for name, value in details.items():
            setattr(self.facts.details, name, list(value) if isinstance(value, tuple) else value)
        db.session.flush()
        self.facts.forget()

    def keep_answers(self, answers: Iterable[AnswerFact]) -> None:
        """Replace what this verification reports."""
        db.session.execute(sa.delete(Answer).where(Answer.case_id == self.row.id))
        for one in answers:
            row = Answer(
                case_id=self.row.id,
                item_id=one.item,
                finding=one.finding,
                value=one.value,
                unit_id=one.unit,
                reasons=one.reasons,
                evidence=list(one.evidence),
            )
            db.session.add(row)
        db.session.flush()
        self.facts.forget()

    def keep_item(self, item: int, **values: Any) -> None:
        """Set finding, value, reasons, unit or outcome of an item of the objection."""
        row = db.session.get_one(Item, item)
        if values.get("finding") is not None and row.before is None:
            record = db.session.get_one(Record, row.record_id)
            row.before = content(record).get(row.field)
        for name, value in values.items():
            setattr(row, "unit_id" if name == "unit" else name, as_json(value))
        db.session.flush()
        self.facts.forget()

    def replace_draft(self, values: Mapping[str, Any]) -> None:
        """Save statement and items of an objection that is still a draft."""
        self.keep(statement=values["statement"])
        replace_items(self.row, values["items"], self.actor)
        self.facts.forget()

    # --- recipients

    def inform_recipients(self, records: Iterable[int]) -> None:
        """Send every recipient of the records a message that must be receipted."""
        for record_id in records:
            record = db.session.get_one(Record, record_id)
            delivery.send(
                recipients=recipients_with(record_id),
                record=record,
                case_number=self.row.number,
                subject=_title(record, self.row.kind),
                body=_told(record, self.row.kind),
            )
        self.facts.forget()

    def remind_recipients(self) -> None:
        """Send once more what is not settled."""
        delivery.remind([one for one in messages_of([self.row.number]) if not one.settled])

    def cut_off(self, message: int, reason: str) -> None:
        """End the sharing with the recipient of a message; stands for its receipt."""
        row = db.session.get_one(Message, message)
        record = db.session.get_one(Record, row.record_id)
        recipient = db.session.get_one(Recipient, row.recipient_id)
        registry.stop_sharing(record, recipient, self.work.on, reason)
        delivery.cut_off(row, reason)
        self.facts.forget()

    # --- the sanction of a suspension

    def order_sanction(self, what: str | None) -> None:
        """The order under way on the sanction of this suspension: resume, lift or none."""
        if what is None:
            registry.end_order(self._sanction(), self.work.on)
        else:
            registry.give_order(self._sanction(), self.row.number, what, self.work.on)
        self.facts.forget()

    def hold_as_confirmed(self) -> None:
        """Holds that wait for the confirmation of a mandatory measure take effect."""
        waiting = self._holds().where(Hold.since.is_(None)).values(since=self.work.on)
        db.session.execute(waiting)
        self.facts.forget()

    def end_holds(self) -> None:
        """The department declined: no case holds this sanction any more."""
        on = self.work.on
        ended = self._holds().values(until=on, since=sa.func.coalesce(Hold.since, on))
        db.session.execute(ended)
        self.facts.forget()

    def resume_sanction(self, on: date) -> None:
        """The sanction of this suspension is executed again."""
        sanction = self._sanction()
        registry.end_order(sanction, on)
        counts = self.facts.rules.choice("suspension.counts")
        sanction.runs_until = run_until([sanction.id], on, counts)[sanction.id]
        self.facts.forget()

    def end_sanction(self, on: date, places: Sequence[str]) -> None:
        """The sanction of this suspension is lifted for good."""
        sanction = self._sanction()
        sanction.lifted_on, sanction.places = on, list(places)
        registry.end_order(sanction, on)
        self.keep(executed_on=on, places=list(places))

    def _sanction(self) -> Sanction:
        return db.session.get_one(Sanction, self.facts.case().details["sanction"])

    def _holds(self) -> sa.Update:
        sanction = self.facts.case().details["sanction"]
        return sa.update(Hold).where(Hold.sanction_id == sanction, Hold.until.is_(None))


def _title(record: Record, kind: str) -> str:
    if kind != "repair":
        return f"信息更正（撤销）：{record.decision_no}"
    return f"{'信用修复' if record.repaired_on else '撤销信用修复'}：{record.decision_no}"


def _told(record: Record, kind: str) -> str:
    """What a recipient must do, without what the record said."""
    said = f"记录{record.decision_no}"
    if record.ended_by is not None:
        return f"{said}{ENDINGS[record.ended_by]}，请立即停止公示、共享和使用并回执。"
    if kind == "repair":
        return f"{said}的修复已经撤销，请自即日起恢复公示、共享和使用并回执。"
    return f"{said}已有第{record.version}版，请立即以新内容替换并回执。"
