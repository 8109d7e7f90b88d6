"""`create_app()`: puts the parts together; the only module that knows all of them.

A part joins by adding a line to the lists below, in the order of `app/__init__.py`:

- `_models()`: the module with its tables, so that migrations see them;
- `_set_up()`: a function that takes the Flask application, for extensions, filters, error
  answers and whatever else is done once;
- `_pages()`: its blueprint;
- `_commands()`: its command or group of commands for `flask --app wsgi …`.

Imports stand inside the functions, here alone: a part may then import `app.factory` for nothing,
and what fails to import names its list.
"""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import Blueprint, Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from app import db
from config import ROOT, Config

MIGRATIONS = ROOT / "migrations"


def create_app(config: Config) -> Flask:
    """An application whose database is open; it is not migrated yet."""
    app = Flask(
        "app",
        instance_path=str(config.data_dir),
        root_path=str(ROOT / "app"),
        static_folder="web/static",
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_mapping(_settings(config))
    app.jinja_options = {"undefined": StrictUndefined}
    db.init_app(app, config)
    _models()
    Migrate(app, db.db, directory=str(MIGRATIONS))
    for set_up in _set_up():
        set_up(app)
    for blueprint in _pages():
        app.register_blueprint(blueprint)
    for command in _commands():
        app.cli.add_command(command)
    return app


def _settings(config: Config) -> dict[str, object]:
    return {
        "REDRESS": config,
        "SECRET_KEY": config.secret_key,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "PREFERRED_URL_SCHEME": "https" if config.https else "http",
        "SESSION_COOKIE_NAME": "__Host-redress" if config.https else "redress",
        "SESSION_COOKIE_SECURE": config.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def _models() -> list[object]:
    from app.audit import models as audit
    from app.cases import details, history, models as cases
    from app.deadlines import models as deadlines
    from app.delivery import models as delivery
    from app.exchange import models as exchange
    from app.notices import models as notices
    from app.people import models as people
    from app.records import models as records

    return [
        audit,
        cases,
        details,
        history,
        deadlines,
        delivery,
        exchange,
        notices,
        people,
        records,
    ]


def _set_up() -> list[Callable[[Flask], None]]:
    from app import worker
    from app.api import assembly as api
    from app.cases import checking, desk
    from app.demo import health as city
    from app.people import recognition
    from app.web import assembly

    return [
        assembly.init_app,
        recognition.init_app,
        worker.init_app,
        api.init_app,
        checking.init_app,
        desk.init_app,
        city.init_app,
    ]


def _pages() -> list[Blueprint]:
    from app.cases.routes import cases
    from app.cases.service.routes import service
    from app.deadlines.routes import deadlines
    from app.exchange.routes import imports
    from app.notices.routes import numbers, verifying
    from app.people.routes import people
    from app.records.routes import records
    from app.web.health import health

    return [
        health,
        people,
        records,
        cases,
        service,
        numbers,
        verifying,
        deadlines,
        imports,
    ]


def _commands() -> list[click.Command]:
    from app import worker
    from app.audit.cli import audit
    from app.cases.cli import cases, rules, workflows
    from app.deadlines.cli import calendars, deadlines
    from app.delivery.cli import outbox
    from app.demo.cli import demo
    from app.exchange.cli import measures, records, sanctions, units
    from app.notices.cli import notices
    from app.people.cli import api_token, user

    return [
        cases,
        deadlines,
        calendars,
        rules,
        workflows,
        outbox,
        notices,
        worker.worker,
        audit,
        user,
        api_token,
        units,
        records,
        measures,
        sanctions,
        demo,
    ]
