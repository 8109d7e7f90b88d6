"""A browser for tests: it follows the program's pages and checks every page it loads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Self

from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

UNRENDERED = re.compile(r"\{\{|\}\}|\{%|%\}")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
REDIRECTS = {301, 302, 303, 307, 308}


class Page:
    """An HTML answer that has been checked, and what a test wants to know of it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.soup = BeautifulSoup(response.text, "html.parser")
        faults = list(faults_of(response.text, self.soup))
        assert not faults, f"{self.path} ({self.status}): " + "; ".join(faults)

    @property
    def text(self) -> str:
        """What a person reads, each run of white space one blank."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def title(self) -> str:
        """The text of its one heading of the first level."""
        return " ".join(self.one("h1").get_text(" ").split())

    def all(self, selector: str) -> list[Tag]:
        """Every element that a CSS selector finds."""
        return list(self.soup.select(selector))

    def one(self, selector: str) -> Tag:
        """The only element that a CSS selector finds."""
        found = self.all(selector)
        assert len(found) == 1, f"{self.path}: {len(found)} × {selector}"
        return found[0]

    def has(self, selector: str) -> bool:
        """Whether a CSS selector finds anything."""
        return self.soup.select_one(selector) is not None

    def form(self, selector: str = "main form") -> Form:
        """The only form that a CSS selector finds, with what stands in its fields."""
        return Form(self, self.one(selector))


class Form:
    """A form as it was loaded, and what a test fills in."""

    def __init__(self, page: Page, element: Tag) -> None:
        self.action = str(element.get("action") or page.path)
        self.method = str(element.get("method", "get")).lower()
        self.values: dict[str, Any] = {}
        for field in element.select("input, textarea, select"):
            self._read(field)

    def _read(self, field: Tag) -> None:
        name, kind = str(field.get("name", "")), str(field.get("type", field.name))
        if not name or kind in {"submit", "button", "reset", "image", "file"}:
            return
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            return
        if kind == "textarea":
            self._keep(name, field.get_text().replace("\r\n", "\n").removeprefix("\n"))
        elif kind == "select":
            self._read_choices(name, field)
        else:
            self._keep(name, str(field.get("value", "on" if kind == "checkbox" else "")))

    def _read_choices(self, name: str, field: Tag) -> None:
        chosen = field.select("option[selected]")
        if not chosen and not field.has_attr("multiple"):
            chosen = field.select("option", limit=1)
        for option in chosen:
            self._keep(name, str(option.get("value", option.get_text())))

    def _keep(self, name: str, value: str) -> None:
        """A name that comes again has several values."""
        if name not in self.values:
            self.values[name] = value
        elif isinstance(self.values[name], list):
            self.values[name].append(value)
        else:
            self.values[name] = [self.values[name], value]

    def fill(self, **values: Any) -> Self:
        """Put values into fields; None leaves a field out."""
        for name, value in values.items():
            if value is None:
                self.values.pop(name, None)
            else:
                self.values[name] = value
        return self


class PageClient:
    """Loads pages as a person would: redirects are followed, a form keeps its hidden fields."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session
        self.browser = app.test_client()

    def open(self, path: str, **options: Any) -> TestResponse:
        """The bare answer, for what is no page: a file, a redirect, the API.

        Each request has an application context of its own, hence a session and a `g` of its own.
        """
        # What the test has read is a savepoint: it must not enclose that of the request.
        self.session.rollback()
        with self.app.app_context():
            response = self.browser.open(path, **options)
            response.get_data()
        return response

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        """Load a page; the status is that of the last answer."""
        return self._page(path, status, method="GET", **options)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        **options: Any,
    ) -> Page:
        """Send bare fields to a page; most tests rather `submit` a form that they loaded."""
        return self._page(path, status, method="POST", data=dict(data or {}), **options)

    def submit(self, form: Form, *, status: int = 200, **values: Any) -> Page:
        """Fill in a form and send it where it wants to go."""
        form.fill(**values)
        if form.method == "get":
            return self.get(form.action, query_string=form.values, status=status)
        return self.post(form.action, form.values, status=status)

    def _page(self, path: str, status: int, **options: Any) -> Page:
        response = self.open(path, **options)
        for _ in range(10):
            if response.status_code not in REDIRECTS:
                break
            response = self.open(response.location)
        assert response.status_code == status, (
            f"{path}: {response.status_code}, not {status}: {response.text[:2000]}"
        )
        assert response.mimetype == "text/html", f"{path}: {response.mimetype}"
        return Page(response)


def faults_of(html: str, soup: BeautifulSoup) -> list[str]:
    """What is wrong with a page, whatever it is about."""
    faults = []
    if (root := soup.find("html")) is None or root.get("lang") != "zh-CN":
        faults.append('no <html lang="zh-CN">')
    if (headings := len(soup.find_all("h1"))) != 1:
        faults.append(f"{headings} × h1")
    if soup.title is None or not soup.title.get_text(strip=True):
        faults.append("no title")
    if found := UNRENDERED.search(html):
        faults.append(f"unrendered {found.group()} near {html[found.start() - 40 : found.end()]}")
    ids = Counter(str(element["id"]) for element in soup.select("[id]"))
    faults += [f"id {name} × {times}" for name, times in ids.items() if times > 1]
    faults += _faults_of_forms(soup)
    return faults


def _faults_of_forms(soup: BeautifulSoup) -> list[str]:
    faults = [
        f"a form without action or method: {form.attrs}"
        for form in soup.select("form")
        if not form.get("action") or str(form.get("method")).lower() not in {"get", "post"}
    ]
    labelled = {label.get("for") for label in soup.select("label[for]")}
    for field in soup.select("input, select, textarea"):
        if field.get("type") in UNLABELLED or field.get("id") in labelled:
            continue
        if not (
            field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
        ):
            faults.append(f"a field without a label: {field.attrs}")
    return faults
