"""How each notice was served, who agreed to be served electronically, and what became of numbers."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0013_service"
down_revision = "0012_law_version"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BEFORE = "status IN ('valid', 'withdrawn')"
SINCE = "status IN ('valid', 'withdrawn', 'replaced', 'revoked', 'void')"
ENDED = (
    "(status_on IS NULL) = (status = 'valid')"
    " AND (status_reason IS NULL) = (status = 'valid')"
    " AND (status <> 'void' OR status_by_id IS NOT NULL)"
)
COLUMNS = (
    ("replaces_id", "INTEGER"),
    ("status_on", "DATE"),
    ("status_reason", "TEXT"),
    ("status_by_id", "INTEGER"),
)
CONSTRAINTS = (
    ("uq_notices_replaces_id", "UNIQUE (replaces_id)"),
    ("fk_notices_replaces_id", "FOREIGN KEY(replaces_id) REFERENCES notices (id)"),
    ("fk_notices_status_by_id", "FOREIGN KEY(status_by_id) REFERENCES persons (id)"),
    ("ck_notices_ended", f"CHECK ({ENDED})"),
)
KEEP = (
    "CREATE TRIGGER notices_keep BEFORE UPDATE OF case_number, seq, kind, name, title, number,"
    " series, year, ordinal, issuer_id, addressee_kind, addressee_subject_id, addressee_unit_id,"
    " addressee_person_id, issued_on, context, html, replaces_id ON notices"
)
KEPT_BEFORE = KEEP.replace(", replaces_id ON", " ON")
PROVEN = "served_on IS NOT NULL"
CAME_BACK = "came_back_on IS NOT NULL AND settled_at IS NULL"
DEEMED = "state = 'sent' AND deemed_on IS NOT NULL"
OPEN = "withdrawn_on IS NULL"
NOT_VALID = "status <> 'valid'"


def upgrade() -> None:
    """Widen what may become of a notice, then the tables of consents and attempts."""
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(_widened)
    else:
        _keep("")
        for name, kind in COLUMNS:
            op.execute(f"ALTER TABLE notices ADD COLUMN {name} {kind}")
        for name, what in CONSTRAINTS:
            op.execute(f"ALTER TABLE notices ADD CONSTRAINT {name} {what}")
        _status(SINCE)
    _keep(KEEP)
    _partial("ix_notices_ended", "notices", ["series", "ordinal"], NOT_VALID)
    _consents()
    _attempts()


def downgrade() -> None:
    """What is not in force any more is called withdrawn, as it was before."""
    op.drop_table("service_attempts")
    op.drop_table("consents")
    op.drop_index("ix_notices_ended", table_name="notices")
    _keep("")
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(_narrowed)
    else:
        op.execute("ALTER TABLE notices DROP CONSTRAINT ck_notices_ended")
        op.execute("ALTER TABLE notices DROP CONSTRAINT ck_notices_status")
        op.execute("UPDATE notices SET status = 'withdrawn' WHERE status <> 'valid'")
        for name, _ in COLUMNS:
            op.execute(f"ALTER TABLE notices DROP COLUMN {name}")
        op.execute(f"ALTER TABLE notices ADD CONSTRAINT ck_notices_status CHECK ({BEFORE})")
    _keep(KEPT_BEFORE)


def _status(allowed: str) -> None:
    op.execute("ALTER TABLE notices DROP CONSTRAINT ck_notices_status")
    op.execute(f"ALTER TABLE notices ADD CONSTRAINT ck_notices_status CHECK ({allowed})")


def _keep(trigger: str) -> None:
    """What was issued does not change: by this trigger, or by none meanwhile."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS notices_keep")
        tail = " BEGIN SELECT RAISE(ABORT, 'an issued notice does not change'); END"
    else:
        op.execute("DROP TRIGGER IF EXISTS notices_keep ON notices")
        tail = " FOR EACH ROW EXECUTE FUNCTION notices_keep()"
    if trigger:
        op.execute(trigger + tail)


def _widened(table: str) -> tuple[str, str]:
    """The table as it is now with what is new, and what its rows are made of."""
    columns = "".join(f"{name} {kind}, \n\t" for name, kind in COLUMNS)
    constraints = "".join(f", \n\tCONSTRAINT {name} {what}" for name, what in CONSTRAINTS)
    first = "CONSTRAINT pk_notices"
    table = table.replace(BEFORE, SINCE).replace(first, columns + first, 1)
    return table[: table.rindex("\n)")] + constraints + "\n)", "*" + ", NULL" * len(COLUMNS)


def _narrowed(table: str) -> tuple[str, str]:
    """The counterpart of _widened: its columns are the last ones."""
    for name, kind in COLUMNS:
        table = table.replace(f"{name} {kind}, \n\t", "")
    for name, what in CONSTRAINTS:
        table = table.replace(f", \n\tCONSTRAINT {name} {what}", "")
    new = {name for name, _ in COLUMNS}
    known = [row[1] for row in op.get_bind().execute(sa.text("PRAGMA table_info(notices)"))]
    status = "CASE status WHEN 'valid' THEN status ELSE 'withdrawn' END"
    kept = [status if name == "status" else name for name in known if name not in new]
    return table.replace(SINCE, BEFORE), ", ".join(kept)


def _made_anew(changed: Callable[[str], tuple[str, str]]) -> None:
    """SQLite changes no constraint: a new table takes the rows, with its indexes and triggers."""
    bind = op.get_bind()
    parts = bind.execute(
        sa.text(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'notices' AND sql IS NOT NULL"
        )
    ).all()
    ((_, table),) = [part for part in parts if part.type == "table"]
    table = table.replace('CREATE TABLE "notices"', "CREATE TABLE notices")
    new, values = changed(table)
    bind.exec_driver_sql(new.replace("CREATE TABLE notices", "CREATE TABLE notices_anew", 1))
    bind.exec_driver_sql(f"INSERT INTO notices_anew SELECT {values} FROM notices")  # noqa: S608 -- our own words
    bind.exec_driver_sql("DROP TABLE notices")
    bind.exec_driver_sql("ALTER TABLE notices_anew RENAME TO notices")
    for kind, text in parts:
        if kind != "table":
            bind.exec_driver_sql(text)


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject_id", sa.Integer),
        sa.Column("person_id", sa.Integer),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer, nullable=False),
        sa.Column("withdrawn_on", sa.Date),
        sa.Column("withdrawn_by_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        _key("consents", "subject_id", "subjects"),
        _key("consents", "person_id", "persons"),
        _key("consents", "recorded_by_id", "persons"),
        _key("consents", "withdrawn_by_id", "persons"),
        _check("consents", "whose", "(subject_id IS NULL) <> (person_id IS NULL)"),
        _check(
            "consents",
            "withdrawn",
            "(withdrawn_on IS NULL) = (withdrawn_by_id IS NULL)"
            " AND (withdrawn_on IS NULL OR withdrawn_on >= given_on)",
        ),
    )
    for whose in ("subject", "person"):
        column = f"{whose}_id"
        op.create_index(f"ix_consents_{column}", "consents", [column])
        _partial(f"uq_consents_{whose}_open", "consents", [column], OPEN, unique=True)


def _attempts() -> None:
    table = "service_attempts"
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("notice_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("address", sa.String(300)),
        sa.Column("sent_on", sa.Date),
        sa.Column("tracking_no", sa.String(60)),
        sa.Column("ground", sa.String(20)),
        sa.Column("deemed_on", sa.Date),
        sa.Column("served_on", sa.Date),
        sa.Column("read_at", MOMENT),
        sa.Column("receiver", sa.String(100)),
        sa.Column("witnesses", sa.String(200)),
        sa.Column("filmed", sa.Boolean, nullable=False),
        sa.Column("came_back_on", sa.Date),
        sa.Column("reasons", sa.Text),
        sa.Column("settled_at", MOMENT),
        sa.Column("consent_id", sa.Integer),
        sa.Column("proof_name", sa.String(200)),
        sa.Column("proof_type", sa.String(40)),
        sa.Column("proof_sha256", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_service_attempts"),
        _key(table, "notice_id", "notices"),
        _key(table, "unit_id", "units"),
        _key(table, "by_id", "persons"),
        _key(table, "consent_id", "consents"),
        *_checks(table),
    )
    op.create_index("ix_service_attempts_notice_id", table, ["notice_id"])
    _partial("uq_service_attempts_proven", table, ["notice_id"], PROVEN, unique=True)
    _partial("ix_service_attempts_came_back", table, ["unit_id", "id"], CAME_BACK)
    _partial("ix_service_attempts_deemed", table, ["deemed_on"], DEEMED)


def _checks(table: str) -> list[sa.CheckConstraint]:
    """What a proof must have, channel by channel."""
    conditions = {
        "channel": "channel IN ('portal', 'counter', 'post', 'leaving', 'announcement')",
        "state": "state IN ('created', 'sent', 'delivered', 'read', 'refused', 'returned', 'failed')",
        "served": "(served_on IS NOT NULL) = (state IN ('delivered', 'read'))",
        "came_back": "(came_back_on IS NOT NULL) = (state IN ('refused', 'returned', 'failed'))"
        " AND (came_back_on IS NULL OR reasons IS NOT NULL)",
        "proven": "served_on IS NULL OR channel = 'portal' OR proof_sha256 IS NOT NULL",
        "proof": "(proof_sha256 IS NULL) = (proof_name IS NULL)"
        " AND (proof_sha256 IS NULL) = (proof_type IS NULL)",
        "portal": "channel <> 'portal' OR consent_id IS NOT NULL OR read_at IS NOT NULL",
        "post": "channel <> 'post' OR (sent_on IS NOT NULL AND tracking_no IS NOT NULL)",
        "leaving": "channel <> 'leaving' OR served_on IS NULL OR filmed OR witnesses IS NOT NULL",
        "announcement": "channel <> 'announcement' OR (ground IS NOT NULL AND reasons IS NOT NULL"
        " AND deemed_on IS NOT NULL AND proof_sha256 IS NOT NULL)",
    }
    return [_check(table, name, condition) for name, condition in conditions.items()]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _partial(
    name: str, table: str, columns: list[str], condition: str, *, unique: bool = False
) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
