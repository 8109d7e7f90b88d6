"""Programs with tokens, in the small city in which cases are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import db, transaction
from app.people.commands import issue_token
from app.people.models import Person
from tests.app.cases.city import City, city_again

PROBLEM = "application/problem+json"


@dataclass
class Program:
    """Asks the API with the token of one person; every answer is checked for its form."""

    app: Flask
    session: Session
    token: str = ""

    def ask(self, method: str, path: str, *, status: int = 200, **options: Any) -> TestResponse:
        """Send a request; each has an application context of its own."""
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        self.session.rollback()
        with self.app.app_context():
            answer = self.app.test_client().open(
                f"/api/v1{path}", method=method, headers=headers, **options
            )
            answer.get_data()
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:2000]}"
        assert (answer.content_type == PROBLEM) == (status >= 400), answer.content_type
        return answer

    def get(self, path: str, **options: Any) -> Any:
        """What is answered to a question, as JSON."""
        return self.ask("GET", path, **options).json

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """What is answered to a JSON body."""
        return self.ask("POST", path, json=body if body is not None else {}, **options).json

    def take(self, number: str, step: str, body: Any = None, **options: Any) -> Any:
        """What is answered to a step."""
        return self.post(f"/cases/{number}/steps/{step}", body, **options)


@pytest.fixture
def city(session: Session) -> City:
    """An office with providers, departments and a company, nothing filed yet."""
    return city_again()


@pytest.fixture
def token(city: City) -> Callable[[str], str]:
    """Issues a token for somebody of the city."""

    def issue(name: str) -> str:
        with transaction():
            return issue_token(db.session.get_one(Person, city.actor[name].person_id))

    return issue


@pytest.fixture
def program(app: Flask, session: Session, token: Callable[[str], str]) -> Callable[..., Program]:
    """A program with the token of somebody of the city."""
    return lambda name: Program(app, session, token(name))


@pytest.fixture
def nobody(app: Flask, session: Session) -> Program:
    """A program without a token."""
    return Program(app, session)


def filing(*records: int, **said: Any) -> dict[str, Any]:
    """A body that opens an objection with an item per record."""
    items = [
        {"record_id": one, "field": "violation", "ground": "O1", "claim": "没有此行为"}
        for one in records
    ]
    body = {"kind": "objection", "source": "subject", "statement": "没有该行为。", "items": items}
    return body | said
