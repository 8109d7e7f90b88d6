"""Who may call what: every view declares a permission per method, the rest is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar, cast

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, Unauthorized

from app.errors import NotAllowed
from workflows import office
from workflows.grammar import Role

View = TypeVar("View", bound=Callable[..., Any])

OPEN_ENDPOINTS: Final = frozenset({"static", "bootstrap.static"})
"""Files that come with the program."""

SMALL: Final = 256 * 1024
"""Bytes of a request that brings no file."""


class Actor(office.Actor, Protocol):
    """Whoever sends the request, as pages know them."""

    @property
    def name(self) -> str:
        """What people call them."""

    @property
    def unit_name(self) -> str:
        """The unit in which they hold their roles; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Whoever is not signed in."""

    person_id: None = None
    name: str = ""
    unit_id: None = None
    unit_name: str = ""
    roles: frozenset[Role] = frozenset()
    subjects: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Permission:
    """A condition on the actor; what it may do with a single row is the queries' business."""

    name: str
    allows: Callable[[Actor], bool]


PUBLIC: Final = Permission("public", lambda _: True)
SIGNED_IN: Final = Permission("signed in", lambda actor: actor.person_id is not None)


def roles(*wanted: Role) -> Permission:
    """Somebody who holds one of these roles."""
    name = " or ".join(role.value for role in wanted)
    return Permission(name, lambda actor: not actor.roles.isdisjoint(wanted))


def permit(**permissions: Permission) -> Callable[[View], View]:
    """Declare who may call a view, method by method: `@permit(GET=PUBLIC, POST=SIGNED_IN)`.

    Goes below the line of the route; on a MethodView it decorates the class.
    """

    def declare(view: View) -> View:
        cast("Any", view).permissions = permissions
        return view

    return declare


def accepts_upload(size: int, way_out: str = "") -> Callable[[View], View]:
    """Let the requests to a view be larger than all others: up to `size` bytes.

    `way_out`: what to tell whoever sends more, instead of what is told everywhere.
    """

    def declare(view: View) -> View:
        cast("Any", view).max_content_length = size
        cast("Any", view).too_large = way_out
        return view

    return declare


def declared(view: Callable[..., Any], name: str) -> Any:
    """What a decorator declared of a view, or of the class behind it; None where it did not."""
    found = getattr(view, name, None)
    return getattr(getattr(view, "view_class", None), name, None) if found is None else found


def permission_of(endpoint: str, method: str) -> Permission | None:
    """The permission that an endpoint asks for; None where it declares none."""
    if endpoint in OPEN_ENDPOINTS:
        return PUBLIC
    permissions = declared(current_app.view_functions[endpoint], "permissions") or {}
    found: Permission | None = permissions.get("GET" if method == "HEAD" else method)
    return found


def current_actor() -> Actor:
    """Who sends this request; Nobody where no session and no token says so."""
    actor: Actor = getattr(current_user, "actor", None) or Nobody()
    return actor


def is_api() -> bool:
    """Whether a program asks: it gets problem documents, and its cookies count for nothing."""
    return request.path.startswith("/api/")


def check() -> ResponseReturnValue | None:
    """Let the request pass, send the person to sign in, or raise 401 or NotAllowed."""
    if request.routing_exception is not None or request.endpoint is None:
        return None  # it is raised when the view should be called
    permission = permission_of(request.endpoint, request.method)
    actor = current_actor()
    if permission is not None and permission.allows(actor):
        return None
    if actor.person_id is not None or permission is None:
        raise NotAllowed
    if is_api():
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # Flask-Login puts it there
    return answer


def limit_size() -> None:
    """Requests are small, but for uploads: before anything reads the form."""
    view = current_app.view_functions.get(request.endpoint or "")
    size = declared(view, "max_content_length") if view else None
    if size is not None:
        request.max_content_length = size


def refuse_nul() -> None:
    """Raises 400 for an address with NUL in it: no name has one, and PostgreSQL refuses it."""
    values = (value for several in request.args.listvalues() for value in several)
    if any("\0" in text for text in (request.path, *values)):
        raise BadRequest


def init_app(app: Flask) -> None:
    """Check every request before its view is called."""
    app.config["MAX_CONTENT_LENGTH"] = SMALL
    app.config["MAX_FORM_MEMORY_SIZE"] = SMALL
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # a method that is not declared is refused
    app.before_request(refuse_nul)
    app.before_request(limit_size)
    app.before_request(check)
