"""A file may be taken out of a draft, and out of nothing else."""

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.cases.models import Attachment
from app.db import db
from tests.app.cases.states import case_in

REMOVAL = 'form[action="/attachments/{}/removal"]'


def files(city, number):
    db.session.expire_all()
    chosen = sa.select(Attachment.id).where(Attachment.case_id == city.case(number).id)
    return db.session.scalars(chosen).all()


def test_whoever_amends_a_draft_takes_a_file_out_of_it(city, visit):
    number = case_in(city, "repair", "draft")
    (key,) = files(city, number)
    subject = visit("subject")
    form = subject.get(f"/cases/{number}").form(REMOVAL.format(key))
    page = subject.submit(form)
    assert "附件已删除" in page.text
    assert "缺少证明" in page.text
    assert files(city, number) == []
    noted = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert noted.count("case:attachment:removed") == 1
    subject.submit(form, status=404)


def test_what_was_handed_in_stays(city, visit):
    number = case_in(city, "repair", "draft")
    (key,) = files(city, number)
    subject = visit("subject")
    form = subject.get(f"/cases/{number}").form(REMOVAL.format(key))
    city.take(number, "submit", "subject")
    assert not subject.get(f"/cases/{number}").has(REMOVAL.format(key))
    subject.submit(form, status=409)
    assert files(city, number) == [key]


def test_strangers_do_not_know_of_the_file(city, visit):
    number = case_in(city, "repair", "draft")
    (key,) = files(city, number)
    form = visit("subject").get(f"/cases/{number}").form(REMOVAL.format(key))
    visit("stranger").get(f"/attachments/{key}", status=404)
    stranger = visit("stranger")
    own = city.repair(city.repairable(subject="other"), "stranger")
    theirs = stranger.get(f"/cases/{own}").form(REMOVAL.format(files(city, own)[0]))
    theirs.action = form.action
    stranger.submit(theirs, status=404)
    assert files(city, number) == [key]
