"""Repairs, and which records they have repaired."""

import sqlalchemy as sa
from alembic import op

revision = "0006_repair"
down_revision = "0005_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repairs",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Boolean(), nullable=False),
        sa.Column("committed_on", sa.Date()),
        sa.Column("proposal", sa.String(10)),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("unmet", sa.Text(), nullable=False),
        sa.Column("next_application_on", sa.Date()),
        sa.Column("repaired_on", sa.Date()),
        sa.Column("accusation", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("barred_until", sa.Date()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_repairs_case_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_repairs_record_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_repairs"),
    )
    op.create_index("ix_repairs_record_id", "repairs", ["record_id"])
    op.add_column("records", sa.Column("repaired_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("records", "repaired_on")
    op.drop_index("ix_repairs_record_id", "repairs")
    op.drop_table("repairs")
