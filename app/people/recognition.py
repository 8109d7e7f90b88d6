"""Who sends a request: by a session row for pages, by a bearer token for programs."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from flask import Flask, Request, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from app.clock import now
from app.db import transaction
from app.errors import Busy
from app.people import commands, queries
from app.people.actor import Actor
from app.people.models import Person
from app.web.permissions import is_api

log = logging.getLogger(__name__)

SEEN_EVERY: Final = timedelta(minutes=1)


class Visitor(UserMixin):
    """Who is signed in, as Flask-Login knows it: by the token of the session, not by a person."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self.token = token

    def get_id(self) -> str:
        """The token; the browser's cookie carries it, signed."""
        return self.token


def init_app(app: Flask) -> None:
    """Let Flask-Login ask us."""
    manager = LoginManager(app)
    manager.session_protection = None  # the session row does that; addresses change on phones
    manager.user_loader(visitor_of_session)
    manager.request_loader(visitor_of_request)
    manager.unauthorized_handler(send_to_sign_in)


def visitor_of_session(token: str) -> Visitor | None:
    """Who is signed in with the cookie; nobody under /api, where a cookie counts for nothing."""
    sign_in = None if is_api() else queries.sign_in_of(token)
    if sign_in is None:
        return None
    person_id = sign_in.person_id
    if now() - sign_in.last_seen_at >= SEEN_EVERY:
        _see(token)
    return Visitor(queries.actor_of(person_id), token)


def visitor_of_request(incoming: Request) -> Visitor | None:
    """Whose token a program sends; only under /api."""
    given = incoming.authorization
    if not is_api() or given is None or given.type != "bearer" or not given.token:
        return None
    actor = queries.actor_of_token(given.token)
    return None if actor is None else Visitor(actor, given.token)


def send_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page; where the person wanted to go stays with us, never in the address."""
    if request.method == "GET" and request.endpoint:
        session["return_to"] = [request.endpoint, request.view_args or {}]
    return redirect(url_for("people.login"))


def let_in(person: Person, password: str) -> str:
    """Sign a person in with a new session and an empty cookie; gives the address to go on to."""
    endpoint, values = session.get("return_to", (None, {}))
    with transaction():
        _end_session()
        token = commands.sign_in(person, password)
    actor = queries.actor_of(person.id)
    session.clear()
    login_user(Visitor(actor, token))
    _renew_csrf_token()
    return url_for(endpoint, **values) if endpoint else "/"


def let_out() -> None:
    """End the session, here and in the browser."""
    with transaction():
        _end_session()
    logout_user()
    session.clear()


def _renew_csrf_token() -> None:
    """Now, not with the first page: two pages loaded at once would each make one."""
    g.pop("csrf_token", None)
    generate_csrf()


def _end_session() -> None:
    if token := session.get("_user_id"):
        commands.sign_out(token)


def _see(token: str) -> None:
    try:
        with transaction():
            commands.see(token)
    except Busy:
        log.info("last_seen_at is written with the next request: the database is busy")
