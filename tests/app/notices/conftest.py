"""A city with an office, and drafts of notices to a company."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.db import transaction
from app.notices.drafts import Draft
from app.people.commands import create_unit, ensure_subject
from tests.notices.samples import COMPANY, sample


@pytest.fixture
def drafts(session: Session) -> Callable[..., list[Draft]]:
    """Drafts of the notices named, addressed to the company and issued by the office."""
    with transaction():
        office = create_unit("某市信用建设办公室", "11441300MB2C000012", is_office=True).id
        subject = ensure_subject("organisation", COMPANY, "91441300MA4UK5XC8N").id

    def made(*notices: str) -> list[Draft]:
        return [_draft(notice, office, subject) for notice in notices]

    return made


def _draft(notice: str, office: int, subject: int) -> Draft:
    context = sample(notice)
    head = context["notice"]
    word = head.pop("number").split("〔")[0]
    return Draft(
        case_number="YY-2026-000042",
        seq=3,
        kind=head["kind"],
        name=head["name"],
        title=head["title"],
        series_word=word,
        issuer_id=office,
        addressee_kind="subject",
        addressee_id=subject,
        context=context,
    )
