"""`/healthz`: whether the program can serve."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
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


@health.get("/healthz")
@permit(GET=PUBLIC)
def healthz() -> ResponseReturnValue:
    """200 and "ok" when requests can be served, else 503."""
    db.session.execute(sa.select(1))
    if all(check() for check in ready_checks(current_app)):
        return "ok\n", 200, {"Content-Type": "text/plain"}
    return "not ready\n", 503, {"Content-Type": "text/plain"}
