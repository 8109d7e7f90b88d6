"""Forms of other sites are refused: every form of ours carries a token."""

from __future__ import annotations

from flask import Flask, request
from flask_wtf import CSRFProtect

from app.web.permissions import is_api

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Check the token of every unsafe request but those of the API, which knows no cookie."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # it lives as long as the session
    app.config["WTF_I18N_ENABLED"] = False  # WTForms' own Chinese texts, see forms.py
    csrf.init_app(app)
    app.before_request(check)


def check() -> None:
    """Raises 400 where the token is missing or of another session."""
    if request.routing_exception is None and not is_api():
        csrf.protect()
