"""Cases of the four kinds, their history, files and keys."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import drop_append_only, make_append_only

revision = "0005_cases"
down_revision = "0004_notices"
branch_labels = None
depends_on = None

WAITING = sa.text("owner_role IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer()),
        sa.Column("filer_unit_id", sa.Integer()),
        sa.Column("filer_person_id", sa.Integer()),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("rules_digest", sa.String(64), nullable=False),
        sa.Column("owner_role", sa.String(30)),
        sa.Column("owner_unit_id", sa.Integer()),
        sa.Column("due_on", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("urge_on", sa.Date()),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 0", name=op.f("ck_cases_version")),
        sa.ForeignKeyConstraint(
            ["filer_person_id"], ["persons.id"], name="fk_cases_filer_person_id"
        ),
        sa.ForeignKeyConstraint(["filer_unit_id"], ["units.id"], name="fk_cases_filer_unit_id"),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["units.id"], name="fk_cases_owner_unit_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["cases.id"], name="fk_cases_parent_id"),
        sa.ForeignKeyConstraint(
            ["rules_digest"], ["rule_sets.digest"], name="fk_cases_rules_digest"
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_cases_subject_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_cases_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_filer_person_id_id", "cases", ["filer_person_id", "id"])
    op.create_index("ix_cases_filer_unit_id_id", "cases", ["filer_unit_id", "id"])
    op.create_index(
        "ix_cases_inbox",
        "cases",
        ["owner_unit_id", "owner_role", "due_on", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_cases_kind_state_id", "cases", ["kind", "state", "id"])
    op.create_index("ix_cases_parent_id", "cases", ["parent_id"])
    op.create_index("ix_cases_subject_id_id", "cases", ["subject_id", "id"])
    op.create_index("ix_cases_unit_id_id", "cases", ["unit_id", "id"])
    op.create_index("ix_cases_urge_on", "cases", ["urge_on"])
    op.create_table(
        "idempotency_keys",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_idempotency_keys_person_id"
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_idempotency_keys"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("proves", sa.String(60), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name="fk_attachments_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_attachments_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_case_id_id", "attachments", ["case_id", "id"])
    op.create_table(
        "case_links",
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["cases.id"], name="fk_case_links_child_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["cases.id"], name="fk_case_links_parent_id"),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name="pk_case_links"),
    )
    op.create_index("ix_case_links_child_id", "case_links", ["child_id"])
    op.create_table(
        "corrections",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("decided_kind", sa.String(20)),
        sa.Column("decided_fields", sa.JSON(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("restores", sa.Integer()),
        sa.Column("kind", sa.String(20)),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("seen_version", sa.Integer()),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_corrections_case_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_corrections_record_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_record_id", "corrections", ["record_id"])
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(10), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(20)),
        sa.Column("value", sa.Text()),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("officer", sa.String(100), nullable=False),
        sa.Column("own_error", sa.Boolean(), nullable=False),
        sa.Column("unreviewed", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_items_case_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_items_record_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_items_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("case_id", "position", name="uq_items_case_id_position"),
    )
    op.create_index("ix_items_record_id", "items", ["record_id"])
    op.create_table(
        "objections",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("filer_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_objections_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_objections"),
    )
    op.create_table(
        "steps_taken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("source", sa.String(20)),
        sa.Column("to", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("unit_id", sa.Integer()),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("data_digest", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name="fk_steps_taken_actor_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_steps_taken_case_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_steps_taken_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_steps_taken"),
        sa.UniqueConstraint("case_id", "seq", name="uq_steps_taken_case_id_seq"),
    )
    op.create_index("ix_steps_taken_actor_id", "steps_taken", ["actor_id"])
    op.create_table(
        "verifications",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("hard_stop_from", sa.String(10), nullable=False),
        sa.Column("not_after", sa.String(10)),
        sa.Column("officer", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_verifications_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_verifications"),
    )
    op.create_table(
        "answers",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(20), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("unit_id", sa.Integer()),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_answers_case_id"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_answers_item_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_answers_unit_id"),
        sa.PrimaryKeyConstraint("case_id", "item_id", name="pk_answers"),
    )
    op.create_table(
        "suspensions",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sanction_id", sa.Integer(), nullable=False),
        sa.Column("open_on", sa.Integer()),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("executed_on", sa.Date()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("provision", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_suspensions_case_id"),
        sa.ForeignKeyConstraint(["open_on"], ["sanctions.id"], name="fk_suspensions_open_on"),
        sa.ForeignKeyConstraint(
            ["sanction_id"], ["sanctions.id"], name="fk_suspensions_sanction_id"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_suspensions"),
        sa.UniqueConstraint("open_on", name="uq_suspensions_open_on"),
    )
    op.create_index("ix_suspensions_sanction_id", "suspensions", ["sanction_id"])
    make_append_only("steps_taken")


def downgrade() -> None:
    drop_append_only("steps_taken")
    op.drop_table("suspensions")
    op.drop_table("answers")
    op.drop_table("verifications")
    op.drop_table("steps_taken")
    op.drop_table("objections")
    op.drop_table("items")
    op.drop_table("corrections")
    op.drop_table("case_links")
    op.drop_table("attachments")
    op.drop_table("idempotency_keys")
    op.drop_table("cases")
