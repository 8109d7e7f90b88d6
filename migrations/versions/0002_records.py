"""Records, their versions and switches; measures, sanctions, holds, orders; recipients."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002_records"
down_revision = "0001_people"

SEVERITIES = ("minor", "ordinary", "serious")
ENDINGS = ("revoke", "delete", "remove_from_list", "repair", "end_disclosure")
ORIGINS = ("import", "correction", "reinstatement")
SWITCHES = ("annotation", "disclosure", "sharing", "sanctions")
ORDERS = ("resume", "lift")
RECIPIENT_KINDS = ("unit", "platform", "third_party")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _records()
    _record_versions()
    _switch_periods()
    _sanctions()
    _holds_and_orders()
    _recipients()


def downgrade() -> None:
    for table in (
        "shares",
        "recipients",
        "sanction_orders",
        "holds",
        "sanction_bases",
        "sanctions",
        "measures",
        "switch_periods",
        "record_versions",
        "records",
    ):
        op.drop_table(table)


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_no", sa.String(128), nullable=False),
        sa.Column("authority_code", sa.String(18), nullable=False),
        sa.Column("subject_code", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("disclosed_until", sa.Date()),
        sa.Column("penalty_kind", sa.String(200), nullable=False),
        sa.Column("severity", sa.String(40)),
        sa.Column("regime", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_by", sa.String(40)),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.UniqueConstraint(
            "decision_no",
            "authority_code",
            "subject_code",
            name="uq_records_decision_no_authority_code_subject_code",
        ),
        _to("records", "subject_id", "subjects"),
        _to("records", "provider_id", "units"),
        _one_of("records", "severity", SEVERITIES, "severity"),
        _one_of("records", "ended_by", ENDINGS, "endedby"),
        _check("records", "ended", "(ended_on IS NULL) = (ended_by IS NULL)"),
        _check("records", "version", "version >= 1"),
    )
    _index("records", "decided_on", "id")
    _index("records", "provider_id", "decided_on", "id")
    _index("records", "subject_id", "decided_on", "id")


def _record_versions() -> None:
    op.create_table(
        "record_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("case_number", sa.String(20)),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_record_versions"),
        sa.UniqueConstraint("record_id", "version", name="uq_record_versions_record_id_version"),
        _to("record_versions", "record_id", "records"),
        _to("record_versions", "made_by", "persons"),
        _one_of("record_versions", "origin", ORIGINS, "origin"),
        _check("record_versions", "version", "version >= 1"),
    )
    _index("record_versions", "key")
    _index("record_versions", "case_number")


def _switch_periods() -> None:
    op.create_table(
        "switch_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("switch", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("ended_basis", sa.String()),
        sa.Column("case_number", sa.String(20)),
        sa.PrimaryKeyConstraint("id", name="pk_switch_periods"),
        _to("switch_periods", "record_id", "records"),
        _one_of("switch_periods", "switch", SWITCHES, "switch"),
        _check("switch_periods", "order", "until >= since"),
        _check("switch_periods", "ended", "ended_basis IS NULL OR until IS NOT NULL"),
        _check("switch_periods", "annotation", "switch <> 'annotation' OR case_number IS NOT NULL"),
    )
    _index("switch_periods", "record_id", "switch")
    _index("switch_periods", "case_number")
    _unique_while(
        "uq_switch_periods_open_annotation",
        "switch_periods",
        ["record_id", "case_number"],
        "switch = 'annotation' AND until IS NULL",
    )


def _sanctions() -> None:
    op.create_table(
        "measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_measures"),
        sa.UniqueConstraint("code", name="uq_measures_code"),
        _to("measures", "department_id", "units"),
    )
    op.create_table(
        "sanctions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("runs_until", sa.Date()),
        sa.Column("lifted_on", sa.Date()),
        sa.Column("places", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("id", name="pk_sanctions"),
        _to("sanctions", "subject_id", "subjects"),
        _to("sanctions", "measure_id", "measures"),
        _to("sanctions", "department_id", "units"),
        _check("sanctions", "period", "ends_on >= starts_on"),
        _check("sanctions", "runs_until", "runs_until >= ends_on"),
    )
    _index("sanctions", "department_id")
    op.create_index(
        "ix_sanctions_subject_id_measure_id",
        "sanctions",
        ["subject_id", "measure_id", "department_id"],
    )
    op.create_table(
        "sanction_bases",
        sa.Column("sanction_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sanction_id", "record_id", name="pk_sanction_bases"),
        _to("sanction_bases", "sanction_id", "sanctions"),
        _to("sanction_bases", "record_id", "records"),
    )
    _index("sanction_bases", "record_id")


def _holds_and_orders() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sanction_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
        _to("holds", "sanction_id", "sanctions"),
        _check("holds", "order", "until >= since"),
    )
    _index("holds", "sanction_id")
    _index("holds", "case_number")
    _unique_while("uq_holds_open", "holds", ["sanction_id", "case_number"], "until IS NULL")
    op.create_table(
        "sanction_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sanction_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_sanction_orders"),
        _to("sanction_orders", "sanction_id", "sanctions"),
        _one_of("sanction_orders", "what", ORDERS, "orderkind"),
        _check("sanction_orders", "order", "ended_on >= given_on"),
    )
    _index("sanction_orders", "sanction_id")
    _index("sanction_orders", "case_number")
    _unique_while("uq_sanction_orders_open", "sanction_orders", ["sanction_id"], "ended_on IS NULL")


def _recipients() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("unit_id", sa.Integer()),
        sa.Column("gets_everything", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recipients"),
        sa.UniqueConstraint("name", name="uq_recipients_name"),
        sa.UniqueConstraint("unit_id", name="uq_recipients_unit_id"),
        _to("recipients", "unit_id", "units"),
        _one_of("recipients", "kind", RECIPIENT_KINDS, "recipientkind"),
        _check("recipients", "unit", "(kind = 'unit') = (unit_id IS NOT NULL)"),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("stopped_on", sa.Date()),
        sa.Column("reason", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        _to("shares", "record_id", "records"),
        _to("shares", "recipient_id", "recipients"),
        _check("shares", "order", "stopped_on >= since"),
        _check("shares", "stopped", "(stopped_on IS NULL) = (reason IS NULL)"),
    )
    _index("shares", "record_id")
    _index("shares", "recipient_id")
    _unique_while("uq_shares_open", "shares", ["record_id", "recipient_id"], "stopped_on IS NULL")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _one_of(table: str, column: str, values: Sequence[str], name: str) -> sa.CheckConstraint:
    return _check(table, name, f"{column} IN ({', '.join(repr(value) for value in values)})")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _unique_while(name: str, table: str, columns: list[str], condition: str) -> None:
    """A unique index over the rows for which the condition holds."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
