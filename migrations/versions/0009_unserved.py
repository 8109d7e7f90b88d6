"""An index for the notices to a unit whose receipt it has not confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0009_unserved"
down_revision = "0008_disclosure"
branch_labels = None
depends_on = None

NAME = "ix_notices_unserved"
UNSERVED = sa.text("served_on IS NULL")


def upgrade() -> None:
    op.create_index(
        NAME,
        "notices",
        ["addressee_unit_id", "id"],
        sqlite_where=UNSERVED,
        postgresql_where=UNSERVED,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="notices")
