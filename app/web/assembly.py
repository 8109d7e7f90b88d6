"""Puts the parts of `app.web` together."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5

from app.web import addresses, csrf, errors, filters, headers, health, logs, navigation, permissions


def init_app(app: Flask) -> None:
    """The order is that in which a request meets them."""
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    Babel(app, default_locale="zh_CN", default_timezone="Asia/Shanghai")
    addresses.init_app(app)
    logs.init_app(app)
    permissions.init_app(app)
    csrf.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    navigation.init_app(app)
    health.init_app(app)
