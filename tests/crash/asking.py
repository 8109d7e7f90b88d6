"""Requests over real sockets, as programs and browsers send them; an answer counts when it is whole."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode

from tests.crash.town import PASSWORD, Somebody

TIMEOUT = 45.0
_FIELD = re.compile(r'<input\b[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class Silence(Exception):  # noqa: N818 -- reads as what happened
    """No whole answer came; `sent`: the request may have arrived."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__()
        self.sent = sent


@dataclass(frozen=True)
class Request:
    """What can be sent again, byte by byte."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """Status, where it leads to, and the body."""

    status: int
    location: str
    body: bytes
    cookies: tuple[str, ...]

    @property
    def json(self) -> Any:
        """The body of an API's answer."""
        return json.loads(self.body)


def ask(port: int, request: Request) -> Answer:
    """Send a request on a connection of its own; raises Silence."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    sent = False
    try:
        connection.connect()
        sent = True
        connection.request(request.method, request.path, request.body, dict(request.headers))
        with connection.getresponse() as response:
            return _read(response)
    except (OSError, HTTPException):
        raise Silence(sent=sent) from None
    finally:
        connection.close()


def _read(response: HTTPResponse) -> Answer:
    cookies = tuple(response.headers.get_all("Set-Cookie", []))
    return Answer(response.status, response.headers.get("Location", ""), response.read(), cookies)


def call(
    who: Somebody, method: str, path: str, body: object = None, once: str | None = None
) -> Request:
    """A request to the API; `once` is its Idempotency-Key."""
    headers = [("Authorization", f"Bearer {who.token}")]
    if once:
        headers.append(("Idempotency-Key", once))
    if body is None:
        return Request(method, f"/api/v1{path}", b"", tuple(headers))
    headers.append(("Content-Type", "application/json"))
    return Request(method, f"/api/v1{path}", json.dumps(body).encode(), tuple(headers))


def upload(who: Somebody, path: str, file: tuple[str, bytes], **said: str) -> Request:
    """A request to the API that brings a file."""
    edge = "edge-of-a-part-7b1f"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in said.items()
    ]
    name, data = file
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = b"".join([*parts, head.encode(), data, f"\r\n--{edge}--\r\n".encode()])
    headers = (
        ("Authorization", f"Bearer {who.token}"),
        ("Content-Type", f"multipart/form-data; boundary={edge}"),
    )
    return Request("POST", f"/api/v1{path}", body, headers)


@dataclass
class Browser:
    """Somebody who signed in on the page for it and fills in forms."""

    port: int
    who: Somebody
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        """By name and password; raises Silence."""
        self.cookies.clear()
        hidden = self._hidden(self._go("/login"))
        typed = {"username": self.who.name, "password": PASSWORD}
        answer = self._keep(ask(self.port, self.form("/login", hidden | typed)))
        if answer.status == 503:
            self.cookies.clear()
            raise Silence(sent=True)
        assert answer.status == 302, f"{self.who.name} could not sign in: {answer.status}"

    def hidden_fields(self, path: str) -> dict[str, str] | None:
        """What the form on a page carries unseen; None where there is no such page for it now."""
        if not self.cookies:
            self.sign_in()
        answer = self._go(path)
        if answer.status == 302 and answer.location.startswith("/"):
            assert not answer.location.startswith("/login"), f"{self.who.name} was signed out"
            answer = self._go(answer.location)
        return self._hidden(answer) if answer.status == 200 else None

    def form(self, path: str, fields: dict[str, str]) -> Request:
        """The request that sends a form."""
        headers = (
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())),
        )
        return Request("POST", path, urlencode(fields).encode(), headers)

    def _go(self, path: str) -> Answer:
        said = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self._keep(ask(self.port, Request("GET", path, b"", (("Cookie", said),))))

    def _keep(self, answer: Answer) -> Answer:
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def _hidden(self, answer: Answer) -> dict[str, str]:
        found = {}
        for tag in _FIELD.findall(answer.body.decode()):
            said = dict(_ATTRIBUTE.findall(tag))
            found[said.get("name", "")] = html.unescape(said.get("value", ""))
        return found
