"""Due dates of cases, and the sets of rules that cases keep."""

import sqlalchemy as sa
from alembic import op

revision = "0003_deadlines"
down_revision = "0002_records"
branch_labels = None
depends_on = None

RUNNING = sa.text("ended_on IS NULL AND due_on IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "rule_sets",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_rule_sets"),
    )
    op.create_table(
        "deadlines",
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("clock", sa.String(60), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.PrimaryKeyConstraint("case_number", "clock", name="pk_deadlines"),
    )
    op.create_index(
        "ix_deadlines_clock_due_on",
        "deadlines",
        ["clock", "due_on"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def downgrade() -> None:
    op.drop_table("deadlines")
    op.drop_table("rule_sets")
