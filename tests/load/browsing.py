"""Browsers over real sockets: each request is timed, and goes to the next of the web processes."""

from __future__ import annotations

import html
import itertools
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urlencode

from tests.accounts import PASSWORD
from tests.serving import HOST

TIMEOUT: Final = 120.0
_HIDDEN: Final = re.compile(r'<input\b[^>]*type="hidden"[^>]*>')
_ATTRIBUTE: Final = re.compile(r'([\w-]+)="([^"]*)"')


class Wrong(Exception):  # noqa: N818 -- reads as what was found
    """An answer that nobody expected, or none."""


@dataclass(frozen=True)
class Asked:
    """A request: what for, when it began, how many seconds the whole answer took, its status."""

    kind: str
    at: float
    seconds: float
    status: int


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    location: str
    cookies: Sequence[str]
    body: bytes


@dataclass
class Door:
    """Where everybody goes in: the web processes in turn, as a proxy chooses them."""

    ports: Sequence[int]
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.ports)

    def send(self, kind: str, request: tuple[str, str, str], headers: dict[str, str]) -> Answer:
        """The answer to method, path and body; raises Wrong where none comes."""
        begun, status = time.monotonic(), 0
        connection = HTTPConnection(HOST, next(self._turns), timeout=TIMEOUT)
        method, path, body = request
        try:
            connection.request(method, path, body or None, headers | dict(self.headers))
            answer = _read(connection.getresponse())
            status = answer.status
        except (OSError, HTTPException) as error:
            message = f"{kind}: {method} {path}: {error!r}"
            raise Wrong(message) from error
        finally:
            connection.close()
            self.asked.append(Asked(kind, begun, time.monotonic() - begun, status))
        return answer


@dataclass
class Browser:
    """The browser of one person; pages are text, what they hide in forms is sent with these."""

    door: Door
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, name: str) -> None:
        """By name and password, on the page for it."""
        form = self.get("page to sign in", "/login")
        self.post("sign in", "/login", form, username=name, password=PASSWORD)

    def get(self, kind: str, path: str) -> str:
        """A page, or the one to which it leads at once; raises Wrong for anything else."""
        answer = self._send(kind, ("GET", path, ""), 200, 302)
        if answer.status == 302:
            answer = self._send(kind, ("GET", answer.location, ""), 200)
        return answer.body.decode()

    def download(self, kind: str, path: str) -> bytes:
        """A file; raises Wrong where there is none."""
        return self._send(kind, ("GET", path, ""), 200).body

    def post(self, kind: str, path: str, page: str, **typed: str) -> str:
        """Send a form of the page; gives where it leads to. Raises Wrong where it is not taken."""
        body = urlencode(hidden_in(page) | typed)
        return self._send(kind, ("POST", path, body), 302).location

    def _send(self, kind: str, request: tuple[str, str, str], *wanted: int) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if request[2]:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.door.send(kind, request, headers)
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status not in wanted or answer.location.startswith("/login"):
            got = f"{answer.status} {answer.location}: {_said(answer)}"
            message = f"{kind}: {request[0]} {request[1]} gave {got}"
            raise Wrong(message)
        return answer


def hidden_in(page: str) -> dict[str, str]:
    """What the forms of a page carry unseen; the last of a name counts."""
    found = {}
    for tag in _HIDDEN.findall(page):
        said = dict(_ATTRIBUTE.findall(tag))
        found[said.get("name", "")] = html.unescape(said.get("value", ""))
    return found


def _said(answer: Answer) -> str:
    """The words of an error's page, as far as they may help."""
    text = re.sub(r"<[^>]*>|\s+", " ", answer.body.decode("utf-8", "replace"))
    return " ".join(text.split())[-600:]


def _read(response: HTTPResponse) -> Answer:
    cookies = response.headers.get_all("Set-Cookie", [])
    location = response.headers.get("Location", "")
    return Answer(response.status, location, cookies, response.read())
