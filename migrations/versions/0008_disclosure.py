"""An index for the list of what is disclosed today, the latest decision first."""

import sqlalchemy as sa
from alembic import op

revision = "0008_disclosure"
down_revision = "0007_imports"
branch_labels = None
depends_on = None

NAME = "ix_records_disclosed"
EVER_DISCLOSED = sa.text("disclosed_until IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        NAME,
        "records",
        ["decided_on", "id", "disclosed_until"],
        sqlite_where=EVER_DISCLOSED,
        postgresql_where=EVER_DISCLOSED,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="records")
