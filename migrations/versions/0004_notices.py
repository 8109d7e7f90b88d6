"""Counters, notices, the outbox and messages to recipients."""

import sqlalchemy as sa
from alembic import op

revision = "0004_notices"
down_revision = "0003_deadlines"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ISSUED = (
    "case_number, seq, kind, name, title, number, series, year, ordinal, issuer_id, "
    "addressee_kind, addressee_subject_id, addressee_unit_id, addressee_person_id, "
    "issued_on, context, html"
)
KEEP = f"CREATE TRIGGER notices_keep BEFORE UPDATE OF {ISSUED} ON notices"
STAY = "CREATE TRIGGER notices_stay BEFORE DELETE ON notices"
REFUSED = "an issued notice does not change"
TRIGGERS = {
    "sqlite": (
        f"{KEEP} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
        f"{STAY} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    ),
    "postgresql": (
        f"""
        CREATE FUNCTION notices_keep() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$
        """,
        f"{KEEP} FOR EACH ROW EXECUTE FUNCTION notices_keep()",
        f"{STAY} FOR EACH ROW EXECUTE FUNCTION notices_keep()",
    ),
}


def upgrade() -> None:
    """Tables, then the triggers that keep what was issued."""
    _counters()
    _notices()
    _outbox()
    _messages()
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """The triggers go with their table."""
    op.drop_table("messages")
    op.drop_table("outbox")
    op.drop_table("notices")
    op.drop_table("counters")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION notices_keep()")


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("series", sa.String(60), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_counters"),
        sa.CheckConstraint("value >= 0", name=op.f("ck_counters_not_negative")),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("series", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("issuer_id", sa.Integer, nullable=False),
        sa.Column("addressee_kind", sa.String(10), nullable=False),
        sa.Column("addressee_subject_id", sa.Integer),
        sa.Column("addressee_unit_id", sa.Integer),
        sa.Column("addressee_person_id", sa.Integer),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("context", sa.JSON, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("drawn_at", MOMENT),
        sa.Column("sha256", sa.String(64)),
        sa.Column("served_on", sa.Date),
        sa.Column("served_how", sa.String(20)),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("number", name="uq_notices_number"),
        sa.UniqueConstraint("series", "ordinal", name="uq_notices_series_ordinal"),
        _key("notices", "issuer_id", "units"),
        _key("notices", "addressee_subject_id", "subjects"),
        _key("notices", "addressee_unit_id", "units"),
        _key("notices", "addressee_person_id", "persons"),
        sa.CheckConstraint(
            "addressee_kind IN ('subject', 'unit', 'person', 'public')",
            name=op.f("ck_notices_addressee_kind"),
        ),
        sa.CheckConstraint("status IN ('valid', 'withdrawn')", name=op.f("ck_notices_status")),
        sa.CheckConstraint(
            "(addressee_subject_id IS NOT NULL) = (addressee_kind = 'subject')"
            " AND (addressee_unit_id IS NOT NULL) = (addressee_kind = 'unit')"
            " AND (addressee_person_id IS NULL OR addressee_kind = 'person')",
            name=op.f("ck_notices_one_addressee"),
        ),
        sa.CheckConstraint("(drawn_at IS NULL) = (sha256 IS NULL)", name=op.f("ck_notices_drawn")),
        sa.CheckConstraint(
            "(served_on IS NULL) = (served_how IS NULL)", name=op.f("ck_notices_served")
        ),
    )
    op.create_index("ix_notices_case_number_seq", "notices", ["case_number", "seq"])
    for kind in ("subject", "unit", "person"):
        column = f"addressee_{kind}_id"
        op.create_index(f"ix_notices_{column}", "notices", [column])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("ref_id", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("lease", sa.String(32)),
        sa.Column("done_at", MOMENT),
        sa.Column("failed_at", MOMENT),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("task", "ref_id", name="uq_outbox_task_ref_id"),
        sa.CheckConstraint(
            "task IN ('draw_notice', 'deliver_message')", name=op.f("ck_outbox_task")
        ),
        sa.CheckConstraint("done_at IS NULL OR failed_at IS NULL", name=op.f("ck_outbox_one_end")),
        sa.CheckConstraint(
            "(lease IS NULL) = (lease_until IS NULL)", name=op.f("ck_outbox_lease_ends")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
    )
    _open_index("outbox", ["due_at", "id"], "done_at IS NULL AND failed_at IS NULL")


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("recipient_id", sa.Integer, nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("receipted_at", MOMENT),
        sa.Column("receipted_by", sa.Integer),
        sa.Column("cut_off_on", sa.Date),
        sa.Column("cut_off_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        _key("messages", "recipient_id", "recipients"),
        _key("messages", "record_id", "records"),
        _key("messages", "receipted_by", "persons"),
        sa.CheckConstraint(
            "(cut_off_on IS NULL) = (cut_off_reason IS NULL)", name=op.f("ck_messages_cut_off")
        ),
        sa.CheckConstraint(
            "receipted_at IS NULL OR sent_at IS NOT NULL", name=op.f("ck_messages_sent_first")
        ),
    )
    op.create_index("ix_messages_recipient_id_id", "messages", ["recipient_id", "id"])
    op.create_index("ix_messages_record_id", "messages", ["record_id"])
    op.create_index("ix_messages_case_number", "messages", ["case_number"])
    _open_index("messages", ["recipient_id", "id"], "receipted_at IS NULL AND cut_off_on IS NULL")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _open_index(table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(f"ix_{table}_open", table, columns, sqlite_where=where, postgresql_where=where)
