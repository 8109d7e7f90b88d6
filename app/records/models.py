"""Tables of records and their versions, switches, measures, sanctions, holds and recipients."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Severity(StrEnum):
    """How serious the breach is; it decides how long a record is disclosed (law.md 2.2)."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    SERIOUS = "serious"


class EndedBy(StrEnum):
    """What made a record invalid."""

    REVOKE = "revoke"
    DELETE = "delete"
    REMOVE_FROM_LIST = "remove_from_list"
    REPAIR = "repair"
    END_DISCLOSURE = "end_disclosure"


class Origin(StrEnum):
    """Where a version of a record comes from."""

    IMPORT = "import"
    CORRECTION = "correction"
    REINSTATEMENT = "reinstatement"


class Switch(StrEnum):
    """What can be on or off on a record, each for itself."""

    ANNOTATION = "annotation"
    DISCLOSURE = "disclosure"
    SHARING = "sharing"
    SANCTIONS = "sanctions"


class OrderKind(StrEnum):
    """What a department was told to do with a sanction that it suspended."""

    RESUME = "resume"
    LIFT = "lift"


class RecipientKind(StrEnum):
    """Who gets records: a department, another platform, a third party."""

    UNIT = "unit"
    PLATFORM = "platform"
    THIRD_PARTY = "third_party"


class Record(Model):
    """One piece of adverse information; its columns mirror what its current version says.

    `disclosed_until`: the last day of disclosure, None where it is not disclosed at all;
    `severity` and `regime`: None and `earlier` for what is older than all regimes;
    `ended_on` and `ended_by`: since when and why it is not valid; `repaired_on`: since when a
    repair of it stands, whatever else ended it.
    """

    __tablename__ = "records"
    __table_args__ = (
        UniqueConstraint("decision_no", "authority_code", "subject_code"),
        CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", name="ended"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_records_decided_on_id", "decided_on", "id"),
        Index(
            "ix_records_disclosed",
            "decided_on",
            "id",
            "disclosed_until",
            sqlite_where=text("disclosed_until IS NOT NULL"),
            postgresql_where=text("disclosed_until IS NOT NULL"),
        ),
        Index("ix_records_provider_id_decided_on_id", "provider_id", "decided_on", "id"),
        Index("ix_records_subject_id_decided_on_id", "subject_id", "decided_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_no: Mapped[str] = mapped_column(String(128))
    authority_code: Mapped[str] = mapped_column(String(18))
    subject_code: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    decided_on: Mapped[date]
    disclosed_until: Mapped[date | None]
    penalty_kind: Mapped[str] = mapped_column(String(200))
    severity: Mapped[Severity | None]
    regime: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    ended_on: Mapped[date | None]
    ended_by: Mapped[EndedBy | None]
    imported_at: Mapped[datetime]
    repaired_on: Mapped[date | None]


class RecordVersion(Model):
    """What a record said from a moment on; `content` has exactly the names of `FIELDS`.

    `key` is the digest of decision, authority and subject: by it an export that was never put
    right is recognised after a correction changed one of the three.
    """

    __tablename__ = "record_versions"
    __table_args__ = (
        UniqueConstraint("record_id", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"))
    version: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    origin: Mapped[Origin]
    case_number: Mapped[str | None] = mapped_column(String(20), index=True)
    basis: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class SwitchPeriod(Model):
    """A switch of a record is on from `since` to the day before `until`."""

    __tablename__ = "switch_periods"
    __table_args__ = (
        CheckConstraint("until >= since", name="order"),
        CheckConstraint("ended_basis IS NULL OR until IS NOT NULL", name="ended"),
        CheckConstraint("switch <> 'annotation' OR case_number IS NOT NULL", name="annotation"),
        Index("ix_switch_periods_record_id_switch", "record_id", "switch"),
        Index(
            "uq_switch_periods_open_annotation",
            "record_id",
            "case_number",
            unique=True,
            sqlite_where=text("switch = 'annotation' AND until IS NULL"),
            postgresql_where=text("switch = 'annotation' AND until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"))
    switch: Mapped[Switch]
    since: Mapped[date]
    until: Mapped[date | None]
    basis: Mapped[str]
    ended_basis: Mapped[str | None]
    case_number: Mapped[str | None] = mapped_column(String(20), index=True)


class Measure(Model):
    """An entry of the catalogue of measures; a mandatory one rests on statute."""

    __tablename__ = "measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    mandatory: Mapped[bool]
    basis: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("units.id"))


class Sanction(Model):
    """A measure that a department applies to a subject.

    It runs from `starts_on` through `runs_until`, or through `ends_on` while no
    suspended time was added. `places`: where it had been passed on, once it was lifted.
    """

    __tablename__ = "sanctions"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("runs_until >= ends_on", name="runs_until"),
        Index("ix_sanctions_subject_id_measure_id", "subject_id", "measure_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    runs_until: Mapped[date | None]
    lifted_on: Mapped[date | None]
    places: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class SanctionBasis(Model):
    """A sanction rests on a record."""

    __tablename__ = "sanction_bases"

    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanctions.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), primary_key=True, index=True)


class Hold(Model):
    """A case keeps a sanction from being executed, from `since` to the day before `until`.

    Without `since` it waits for the department to confirm (rule `suspension.mandatory`).
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("until >= since", name="order"),
        Index("ix_holds_sanction_id", "sanction_id"),
        Index(
            "uq_holds_open",
            "sanction_id",
            "case_number",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanctions.id"))
    case_number: Mapped[str] = mapped_column(String(20), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]


class SanctionOrder(Model):
    """A department was told to resume or lift; until it has, the sanction is not in force."""

    __tablename__ = "sanction_orders"
    __table_args__ = (
        CheckConstraint("ended_on >= given_on", name="order"),
        Index("ix_sanction_orders_sanction_id", "sanction_id"),
        Index(
            "uq_sanction_orders_open",
            "sanction_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanctions.id"))
    case_number: Mapped[str] = mapped_column(String(20), index=True)
    what: Mapped[OrderKind]
    given_on: Mapped[date]
    ended_on: Mapped[date | None]


class Recipient(Model):
    """Who gets records; `gets_everything`: each record, as soon as it is imported."""

    __tablename__ = "recipients"
    __table_args__ = (CheckConstraint("(kind = 'unit') = (unit_id IS NOT NULL)", name="unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[RecipientKind]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), unique=True)
    gets_everything: Mapped[bool] = mapped_column(default=False)


class Share(Model):
    """A recipient got a record, and is told of its changes until the sharing is stopped."""

    __tablename__ = "shares"
    __table_args__ = (
        CheckConstraint("stopped_on >= since", name="order"),
        CheckConstraint("(stopped_on IS NULL) = (reason IS NULL)", name="stopped"),
        Index(
            "uq_shares_open",
            "record_id",
            "recipient_id",
            unique=True,
            sqlite_where=text("stopped_on IS NULL"),
            postgresql_where=text("stopped_on IS NULL"),
        ),
        Index("ix_shares_recipient_id", "recipient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    since: Mapped[date]
    stopped_on: Mapped[date | None]
    reason: Mapped[str | None]
