"""A notice is issued whole or not at all, and its file is the same whenever it is drawn."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import jinja2
import pytest
import sqlalchemy as sa

from app.clock import at
from app.db import db, transaction
from app.errors import Invalid, RedressError
from app.notices import commands, drawing, files
from app.notices.models import Counter, Notice
from app.notices.queries import notice_numbered, notices_of

NEW_YEARS_EVE_IN_LONDON = date(2027, 1, 1)


def issued(drafts) -> list[Notice]:
    with transaction():
        keys = commands.issue(drafts)
    return [db.session.get_one(Notice, key) for key in keys]


def test_notices_of_one_step_are_numbered_in_their_series(session, drafts):
    with at(date(2026, 11, 21)):
        notices = issued(
            drafts("objection.acceptance", "objection.receipt", "objection.acceptance")
        )
    assert [one.number for one in notices] == [
        "某信异受〔2026〕1号",
        "某信异收〔2026〕1号",
        "某信异受〔2026〕2号",
    ]
    assert [one.ordinal for one in notices] == [1, 1, 2]


def test_what_was_issued_is_frozen_with_its_number_and_day(session, drafts):
    with at(date(2026, 11, 21)):
        (notice,) = issued(drafts("objection.acceptance"))
    assert notice.context["notice"]["number"] == "某信异受〔2026〕1号"
    assert notice.context["notice"]["issued_on"] == "2026-11-21"
    assert "某信异受〔2026〕1号" in notice.html
    assert "2026年11月21日" in notice.html
    assert (notice.status, notice.sha256, notice.drawn_at) == ("valid", None, None)


def test_the_year_is_that_of_shanghai(session, drafts):
    with at(NEW_YEARS_EVE_IN_LONDON):
        (notice,) = issued(drafts("objection.receipt"))
    assert notice.number == "某信异收〔2027〕1号"


def test_a_broken_context_stops_the_step_and_gives_the_number_back(session, drafts):
    broken = drafts("objection.acceptance")
    del broken[0].context["case"]["filed_on"]
    with pytest.raises(jinja2.UndefinedError):
        issued(broken)
    assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Counter)) == 0


def test_what_was_issued_does_not_change(session, drafts):
    (notice,) = issued(drafts("objection.acceptance"))
    for change in (
        sa.update(Notice).values(html="anders"),
        sa.update(Notice).values(number="某信异受〔2026〕9号"),
        sa.delete(Notice),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="does not change"), transaction():
            db.session.execute(change.where(Notice.id == notice.id))


def test_they_are_found_by_case_and_by_number(session, drafts):
    first, second = issued(drafts("objection.receipt", "objection.acceptance"))
    assert [one.id for one in notices_of(["YY-2026-000042"])] == [first.id, second.id]
    assert notices_of(["YY-2026-000043"]) == []
    assert notice_numbered(second.number) is second
    assert notice_numbered("某信异受〔2020〕1号") is None


def test_drawing_stores_the_hash_once_and_gives_the_same_bytes_again(session, drafts):
    (notice,) = issued(drafts("objection.acceptance"))
    first = drawing.draw(notice)
    assert notice.sha256 == hashlib.sha256(first).hexdigest()
    drawn_at = notice.drawn_at
    assert drawing.draw(notice) == first
    assert files.path(notice.id).read_bytes() == first
    assert notice.drawn_at == drawn_at


def test_a_file_that_is_lost_or_spoilt_is_drawn_again(session, drafts):
    (notice,) = issued(drafts("objection.acceptance"))
    first = drawing.draw(notice)
    files.path(notice.id).unlink()
    assert drawing.draw(notice) == first
    files.path(notice.id).write_bytes(b"%PDF forged")
    assert drawing.draw(notice) == first
    assert files.path(notice.id).read_bytes() == first


def test_a_file_that_cannot_be_made_again_is_not_passed_off_as_the_old_one(session, drafts):
    (notice,) = issued(drafts("objection.acceptance"))
    with transaction():
        drawing.keep(notice.id, replace(drawing.made(notice), data=b"drawn with other fonts"))
    with pytest.raises(drawing.DrawnDifferently):
        drawing.draw(notice)
    with pytest.raises(drawing.DrawnDifferently), transaction():
        drawing.keep(notice.id, drawing.made(notice))


def test_publishing_leaves_nothing_else_behind(session, drafts):
    (notice,) = issued(drafts("objection.acceptance"))
    drawing.draw(notice)
    folder = files.path(notice.id).parent
    assert [one for one in folder.iterdir() if one.name.startswith(".")] == []


def test_a_notice_for_somebody_without_account_and_one_for_the_public(session, drafts):
    (draft,) = drafts("objection.receipt")
    for kind in ("person", "public"):
        changed = vars(draft) | {"addressee_kind": kind, "addressee_id": None}
        (notice,) = issued([type(draft)(**changed)])
        assert notice.addressee_kind == kind
        assert notice.addressee_subject_id is None


def test_a_character_that_no_font_has_stops_the_notice_and_names_its_field(session, drafts):
    (draft,) = drafts("objection.refusal")
    entered = draft.context["input"] | {"reason": "见附件\U0001f680说明"}
    spoilt = replace(draft, context={**draft.context, "input": entered})
    with pytest.raises(Invalid) as refused, transaction():
        commands.issue([spoilt])
    assert list(refused.value.faults) == ["reason"]
    assert "“\U0001f680”（U+1F680）" in refused.value.faults["reason"]
    assert session.scalars(sa.select(Counter)).all() == []


def test_somebody_who_asks_for_a_file_that_cannot_be_made_again_is_told_the_way_out(
    session, drafts
):
    (notice,) = issued(drafts("objection.acceptance"))
    with transaction():
        drawing.keep(notice.id, replace(drawing.made(notice), data=b"drawn with other fonts"))
    with pytest.raises(RedressError, match="从备份中恢复"):
        drawing.draw(notice)
