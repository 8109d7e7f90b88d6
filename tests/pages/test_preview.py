"""A notice can be read before its step is taken; nothing is changed by it, no number used."""

from __future__ import annotations

import io

import pypdf
import pytest
import sqlalchemy as sa

from app.cases.models import Case, StepTaken
from app.notices.models import Counter, Notice
from tests.app.cases.states import case_in


@pytest.fixture
def number(city):
    return case_in(city, "objection", "submitted")


def everything(session):
    session.rollback()
    counted = [
        session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (StepTaken, Notice)
    ]
    counters = sorted(session.execute(sa.select(Counter.series, Counter.value)).all())
    return counted, counters, session.scalars(sa.select(Case.version).order_by(Case.id)).all()


def previewed(client, number, step, **values):
    form = client.get(f"/cases/{number}/steps/{step}").form(f'form[action$="/steps/{step}"]')
    form.fill(**values)
    return client.open(f"/cases/{number}/steps/{step}/preview", method="POST", data=form.values)


def test_it_is_read_with_its_number_left_open(session, visit, number):
    before = everything(session)
    answer = previewed(visit("clerk"), number, "accept")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    assert "异议受理通知书" in text
    assert "预览，尚未出具" in text
    assert "某信异受〔2026〕" in text
    assert "核验码" not in text
    assert everything(session) == before


def test_what_stands_in_the_way_is_told_as_when_the_step_is_taken(session, visit, number):
    before = everything(session)
    answer = previewed(visit("approver"), number, "refuse", reason="")
    assert answer.status_code == 422
    assert everything(session) == before


def test_nobody_previews_the_step_of_somebody_else(visit, number):
    client = visit("subject")
    path = f"/cases/{number}/steps/accept/preview"
    page = client.get(f"/cases/{number}")
    token = page.soup.select_one('input[name="csrf_token"]')["value"]
    assert client.open(path, method="POST", data={"csrf_token": token}).status_code == 403
