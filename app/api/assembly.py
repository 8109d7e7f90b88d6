"""Puts the API into the application, with the document that describes it."""

from __future__ import annotations

from typing import Any, Final

import flask_smorest
from flask import Flask, Response, current_app, json
from flask.blueprints import Blueprint

from app.api import shapes
from app.api.inputs import FILED, bodies, schema_of_filing
from app.api.routes import api
from app.clock import today
from app.web.permissions import PUBLIC, permit
from config import Config
from workflows.rules import Rules, catalogue

ABOUT: Final = """\
A token stands for a person in a unit and may do what that person may do. Every list is
`{items, next}`: ask again with `cursor=next`. Days are days of Asia/Shanghai. Errors are problem
documents (RFC 9457); a refused step names all `reasons`, a bad input all `errors` by field.
"""
description = Blueprint("api_description", __name__, url_prefix="/api/v1")


class Api(flask_smorest.Api):
    """The document alone: `app.web.errors` answers errors, `app.api.reading` reads requests."""

    DEFAULT_ERROR_RESPONSE_NAME = "PROBLEM"

    def _register_error_handlers(self) -> None:
        """None: flask-smorest's would answer the errors of every page, too."""


@description.get("/openapi.json")
@permit(GET=PUBLIC)
def openapi() -> Response:
    """The document that describes the API (OpenAPI 3.1)."""
    return Response(current_app.extensions["redress-openapi"], content_type="application/json")


def init_app(app: Flask) -> None:
    """Add the addresses, and write the document once."""
    config: Config = app.config["REDRESS"]
    document = Api(
        app,
        spec_kwargs={
            "title": "Redress",
            "version": "v1",
            "openapi_version": "3.1.0",
            "info": {"description": ABOUT},
            "servers": [{"url": config.public_base_url}],
            "security": [{"token": []}],
        },
    )
    _describe(document.spec, catalogue(config.rules).on(today()))
    document.register_blueprint(api)
    app.register_blueprint(description)
    app.extensions["redress-openapi"] = json.dumps(document.spec.to_dict())


def _describe(spec: Any, rules: Rules) -> None:
    components = spec.components
    components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    components.schema("Problem", schema=shapes.Problem)
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    components.response(
        "PROBLEM",
        {"description": "A problem", "content": {"application/problem+json": problem}},
    )
    for name, schema in bodies(rules).items():
        components.schema(name, schema)
    for kind in FILED:
        components.schema(f"filing.{kind}", schema_of_filing(kind, rules))
