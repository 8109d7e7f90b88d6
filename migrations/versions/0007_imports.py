"""Files of records that were handed in, and what became of each line."""

import sqlalchemy as sa
from alembic import op

revision = "0007_imports"
down_revision = "0006_repair"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
NOTABLE = sa.text("notable")


def upgrade() -> None:
    _imports()
    _lines()


def downgrade() -> None:
    op.drop_table("import_lines")
    op.drop_table("imports")


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("fault", sa.Text()),
        sa.Column("reference", sa.String(8)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", MOMENT),
        sa.Column("total", sa.Integer()),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("notable", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(lease IS NULL) = (lease_until IS NULL)", name=op.f("ck_imports_lease_ends")
        ),
        sa.CheckConstraint("ended_at IS NULL OR lease IS NULL", name=op.f("ck_imports_ended")),
        sa.CheckConstraint("fault IS NULL OR ended_at IS NOT NULL", name=op.f("ck_imports_fault")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_imports_attempts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_imports_unit_id"),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name="fk_imports_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("ix_imports_unit_id_id", "imports", ["unit_id", "id"])
    op.create_index("ix_imports_unit_id_sha256", "imports", ["unit_id", "sha256"])
    op.create_index("ix_imports_open", "imports", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)


def _lines() -> None:
    op.create_table(
        "import_lines",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fate", sa.String(40), nullable=False),
        sa.Column("about", sa.String(250), server_default="", nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Integer()),
        sa.Column("notable", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "fate IN ('accept', 'update', 'skip', 'reject')", name=op.f("ck_import_lines_fate")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_lines_import_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_import_lines_record_id"),
        sa.PrimaryKeyConstraint("import_id", "line", name="pk_import_lines"),
    )
    op.create_index(
        "ix_import_lines_import_id_fate_line", "import_lines", ["import_id", "fate", "line"]
    )
    op.create_index(
        "ix_import_lines_notable",
        "import_lines",
        ["import_id", "line"],
        sqlite_where=NOTABLE,
        postgresql_where=NOTABLE,
    )
