"""Under which version of the law a case was opened; those that are there, under the first."""

import sqlalchemy as sa
from alembic import op

revision = "0012_law_version"
down_revision = "0011_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "cases", sa.Column("law_version", sa.Integer(), server_default="1", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("cases", "law_version")
