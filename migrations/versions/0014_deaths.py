"""How often a worker died over a row of the outbox, and an index for what was given up."""

import sqlalchemy as sa
from alembic import op

revision = "0014_deaths"
down_revision = "0013_service"
branch_labels = None
depends_on = None

NAME = "ix_outbox_failed"
FAILED = sa.text("failed_at IS NOT NULL")


def upgrade() -> None:
    deaths = sa.Column("deaths", sa.Integer(), server_default="0", nullable=False)
    op.add_column("outbox", deaths)
    op.create_index(
        NAME, "outbox", ["failed_at", "id"], sqlite_where=FAILED, postgresql_where=FAILED
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="outbox")
    op.drop_column("outbox", "deaths")
