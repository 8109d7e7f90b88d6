"""Units, subjects, persons, roles, sign-ins and tokens; audit entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import drop_append_only, make_append_only

revision = "0001_people"
down_revision = None

ROLES = (
    "provider.handler",
    "provider.approver",
    "executor.handler",
    "executor.approver",
    "office.clerk",
    "office.approver",
    "office.supervisor",
    "admin.system",
    "admin.security",
    "admin.audit",
)
SUBJECT_KINDS = ("organisation", "sole_trader", "person")
SCOPES = ("self", "agent")
MOMENT = sa.DateTime(timezone=True)

# A person has its roles in one unit, and an administrator has no other role.
DISAGREES = """
    SELECT 1 FROM memberships AS other
    WHERE other.person_id = NEW.person_id AND other.id <> NEW.id
    AND (other.unit_id <> NEW.unit_id OR other.role LIKE 'admin.%' OR NEW.role LIKE 'admin.%')
"""
REFUSAL = "a person has one unit, and an administrator no other role"


def upgrade() -> None:
    _units_and_subjects()
    _persons()
    _recognition()
    _audit()
    _let_memberships_agree()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER memberships_agree ON memberships")
        op.execute("DROP FUNCTION memberships_agree()")
    drop_append_only("audit_entries")
    for table in (
        "audit_entries",
        "api_tokens",
        "sign_ins",
        "representations",
        "memberships",
        "persons",
        "subject_grams",
        "subjects",
        "units",
    ):
        op.drop_table(table)


def _units_and_subjects() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("code", sa.String(18), nullable=False),
        sa.Column("provides", sa.Boolean(), nullable=False),
        sa.Column("executes", sa.Boolean(), nullable=False),
        sa.Column("is_office", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(300)),
        sa.Column("phone", sa.String(60)),
        sa.Column("review_body", sa.String(200)),
        sa.Column("court", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("name", name="uq_units_name"),
        sa.UniqueConstraint("code", name="uq_units_code"),
    )
    op.create_table(
        "subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("search_name", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
        sa.UniqueConstraint("code", name="uq_subjects_code"),
        _one_of("subjects", "kind", SUBJECT_KINDS, "subjectkind"),
    )
    op.create_table(
        "subject_grams",
        sa.Column("gram", sa.String(2), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "subject_id", name="pk_subject_grams"),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subjects.id"],
            name="fk_subject_grams_subject_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_subject_grams_subject_id", "subject_grams", ["subject_id"])


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.UniqueConstraint("username", name="uq_persons_username"),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.UniqueConstraint("person_id", "role", name="uq_memberships_person_id_role"),
        _to("memberships", "person_id", "persons"),
        _to("memberships", "unit_id", "units"),
        _one_of("memberships", "role", ROLES),
    )
    op.create_index("ix_memberships_unit_id", "memberships", ["unit_id"])
    op.create_table(
        "representations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("document", sa.String(300), nullable=False),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_representations"),
        sa.UniqueConstraint(
            "person_id", "subject_id", name="uq_representations_person_id_subject_id"
        ),
        _to("representations", "person_id", "persons"),
        _to("representations", "subject_id", "subjects"),
        _one_of("representations", "scope", SCOPES),
    )
    op.create_index("ix_representations_subject_id", "representations", ["subject_id"])


def _recognition() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("token_hash", name="uq_sign_ins_token_hash"),
        _to("sign_ins", "person_id", "persons"),
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        _to("api_tokens", "person_id", "persons"),
    )
    op.create_index("ix_api_tokens_person_id", "api_tokens", ["person_id"])


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("subject_ref", sa.String(80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.UniqueConstraint("chain", "seq", name="uq_audit_entries_chain_seq"),
    )
    for column in ("action", "actor_id", "subject_ref"):
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", [column])
    make_append_only("audit_entries")


def _let_memberships_agree() -> None:
    """On PostgreSQL the row of the person is locked, so that two who add a role see each other."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER memberships_agree_on_{verb.lower()} "
                f"AFTER {verb} ON memberships WHEN EXISTS ({DISAGREES}) "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION memberships_agree() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM persons WHERE id = NEW.person_id FOR UPDATE; "
        f"IF EXISTS ({DISAGREES}) THEN RAISE EXCEPTION '{REFUSAL}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER memberships_agree AFTER INSERT OR UPDATE ON memberships "
        "FOR EACH ROW EXECUTE FUNCTION memberships_agree()"
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _one_of(
    table: str, column: str, values: tuple[str, ...], name: str | None = None
) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{name or column}"))
