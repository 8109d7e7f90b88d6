"""`/healthz`: whether the program can serve."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue

from app.db import db
from app.web.permissions import PUBLIC, permit

health = Blueprint("health", __name__)

Check = Callable[[], bool]


def ready_checks(app: Flask) -> list[Check]:
    """What must hold besides an answering database; parts append to it when they are set up."""
    checks: list[Check] = app.extensions.setdefault("redress-ready", [])
    return checks


def init_app(app: Flask) -> None:
    """Let `/healthz` wait for the migrations, before it looks at what stands in their tables."""
    ready_checks(app).append(Migrated())


class Migrated:
    """Whether all migrations have run; what was once true is not asked again.

    A version that this program does not know is of a later one, whose migrations only add.
    """

    def __init__(self) -> None:
        self._seen = False

    def __call__(self) -> bool:
        """Look, until it is so."""
        self._seen = self._seen or self._look()
        return self._seen

    def _look(self) -> bool:
        migrations = ScriptDirectory(current_app.extensions["migrate"].directory)
        known = {one.revision for one in migrations.walk_revisions()}
        found = set(MigrationContext.configure(db.session.connection()).get_current_heads())
        return bool(found) and not found & (known - set(migrations.get_heads()))


@health.get("/healthz")
@permit(GET=PUBLIC)
def healthz() -> ResponseReturnValue:
    """200 and "ok" when requests can be served, else 503."""
    db.session.execute(sa.select(1))
    if all(check() for check in ready_checks(current_app)):
        return "ok\n", 200, {"Content-Type": "text/plain"}
    return "not ready\n", 503, {"Content-Type": "text/plain"}
