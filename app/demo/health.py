"""A demonstration is ready once its city is there."""

from __future__ import annotations

from flask import Flask

from app.demo.queries import Standing, standing
from app.web.health import ready_checks
from config import Config


def init_app(app: Flask) -> None:
    """Let `/healthz` wait for the city, where this is a demonstration."""
    config: Config = app.config["REDRESS"]
    if config.demo:
        ready_checks(app).append(Inhabited())


class Inhabited:
    """Whether the city is there, or somebody's own data; what was once true is not asked again."""

    def __init__(self) -> None:
        self._seen = False

    def __call__(self) -> bool:
        """Look, until it is so."""
        self._seen = self._seen or standing() in {Standing.LOADED, Standing.OTHER}
        return self._seen
