"""Answers what the pages of records ask of cases."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import sqlalchemy as sa
from flask import Flask

from app.cases.models import Case, StepTaken
from app.cases.queries import visible_to
from app.cases.repair.models import Repair
from app.cases.repairable import in_the_way
from app.cases.suspension.models import Suspension
from app.db import db
from app.people.actor import Actor as Person
from app.records.desk import Repairing, Revoked, Suspending, put_desk
from app.records.models import Record
from workflows.office import Actor


def init_app(app: Flask) -> None:
    """Let the pages of records ask."""
    put_desk(app, Desk())


class Desk:
    """Fulfils `app.records.desk.CaseDesk`, each answer in one query."""

    def openable(self, actor: Actor, numbers: Collection[str]) -> frozenset[str]:
        """Those of the case numbers whose case the actor may open."""
        person = cast("Person", actor)
        chosen = visible_to(person).with_only_columns(Case.number).where(Case.number.in_(numbers))
        return frozenset(db.session.scalars(chosen))

    def suspending(self, sanction_ids: Collection[int]) -> dict[int, Suspending]:
        """The open suspension of each sanction that has one.

        The confirmation of an earlier order says nothing of one that was given again.
        """
        chosen = (
            sa.select(Suspension.sanction_id, Suspension.confirmed_on, Case.number, Case.state)
            .join(Case, Case.id == Suspension.case_id)
            .where(Suspension.open_on.in_(sanction_ids))
        )
        return {
            row.sanction_id: Suspending(
                row.number, None if row.state == "ordered" else row.confirmed_on
            )
            for row in db.session.execute(chosen)
        }

    def repairing(self, actor: Actor, record: Record) -> Repairing:
        """Whether the repair of a record may be applied for today."""
        return Repairing(*in_the_way(record, cast("Person", actor)))

    def revoked(self, record: Record) -> list[Revoked]:
        """The repairs of a record whose revocation stands, oldest first."""
        chosen = (
            sa.select(Case.number, sa.func.max(StepTaken.on).label("on"))
            .join(Repair, Repair.case_id == Case.id)
            .join(StepTaken, StepTaken.case_id == Case.id)
            .where(
                Repair.record_id == record.id,
                Case.state == "revoked",
                StepTaken.step == "revoke",
            )
            .group_by(Case.id, Case.number)
            .order_by(Case.id)
        )
        return [Revoked(row.number, row.on) for row in db.session.execute(chosen)]
