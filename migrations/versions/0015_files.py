"""What the file of a notice was made with, and the code by which anybody can check it."""

import sqlalchemy as sa
from alembic import op

revision = "0015_files"
down_revision = "0014_deaths"
branch_labels = None
depends_on = None

KEPT = (
    "case_number, seq, kind, name, title, number, series, year, ordinal, issuer_id,"
    " addressee_kind, addressee_subject_id, addressee_unit_id, addressee_person_id, issued_on,"
    " context, html, replaces_id"
)


def upgrade() -> None:
    """Notices of before have no code: theirs was not printed."""
    op.execute("ALTER TABLE notices ADD COLUMN code VARCHAR(19)")
    op.create_index("uq_notices_code", "notices", ["code"], unique=True)
    op.create_index("ix_notices_sha256", "notices", ["sha256"])
    _keep(f"{KEPT}, code")
    op.create_table(
        "style_sheets",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_style_sheets"),
        sa.UniqueConstraint("sha256", name="uq_style_sheets_sha256"),
    )
    op.create_table(
        "notice_files",
        sa.Column("notice_id", sa.Integer, nullable=False),
        sa.Column("style_sheet_id", sa.Integer, nullable=False),
        sa.Column("fonts", sa.String(64), nullable=False),
        sa.Column("renderer", sa.String(200), nullable=False),
        sa.Column("drawn_sha256", sa.String(64), nullable=False),
        sa.Column("drawn_size", sa.Integer, nullable=False),
        sa.Column("certificate", sa.String(64)),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice_files"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_notice_files_notice_id"),
        sa.ForeignKeyConstraint(
            ["style_sheet_id"], ["style_sheets.id"], name="fk_notice_files_style_sheet_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("notice_files")
    op.drop_table("style_sheets")
    _keep(KEPT)
    op.drop_index("ix_notices_sha256", table_name="notices")
    op.drop_index("uq_notices_code", table_name="notices")
    op.execute("ALTER TABLE notices DROP COLUMN code")


def _keep(columns: str) -> None:
    """What was issued does not change."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS notices_keep")
        tail = " BEGIN SELECT RAISE(ABORT, 'an issued notice does not change'); END"
    else:
        op.execute("DROP TRIGGER IF EXISTS notices_keep ON notices")
        tail = " FOR EACH ROW EXECUTE FUNCTION notices_keep()"
    op.execute(f"CREATE TRIGGER notices_keep BEFORE UPDATE OF {columns} ON notices{tail}")
