"""What a form offers: for whom one files, which records a draft may name, what was said before."""

from __future__ import annotations

from app.db import db, transaction
from app.people.actor import Actor
from app.people.commands import represent
from app.people.models import Person, Subject
from app.people.queries import actor_of
from tests.app.cases.city import COMPANY, OTHER, City
from tests.app.cases.states import REASONS, case_in

NEW = "/cases/new/objection"


def agent_of_both(city: City) -> Actor:
    with transaction():
        person = db.session.get_one(Person, city.actor["subject"].person_id)
        represent(person, db.session.get_one(Subject, city.subject["other"]), "self")
    return actor_of(person.id)


def offered(page, name):
    return [str(one["value"]) for one in page.all(f'select[name="{name}"] option[value]')]


def test_an_agent_of_two_says_for_which_of_them_it_objects(city, visit):
    record = city.record()
    agent_of_both(city)
    page = visit("subject").get(f"{NEW}?record={record}")
    assert {COMPANY[1], OTHER[1]} <= set(offered(page, "on_behalf_of"))
    assert page.form("main form").values["on_behalf_of"] == COMPANY[1]


def test_of_records_of_two_subjects_neither_is_taken_for_the_filer(city, visit):
    records = city.record(), city.record(subject="other")
    page = visit("clerk").get(f"{NEW}?record={records[0]}&record={records[1]}")
    assert page.form("main form").values["on_behalf_of"] == ""


def test_a_unit_that_objects_names_the_records_that_it_has_named(city, visit):
    record, other = city.record(), city.record()
    for one in (record, other):
        city.sanction(one, department="executor2")
    number = city.objection(record, subject="executor2", source="own_finding", ground="O2")
    page = visit("executor2").get(f"/cases/{number}/steps/amend")
    assert [one for one in offered(page, "items-0-record_id") if one] == [str(record)]


def test_findings_that_were_sent_back_are_there_to_be_put_right(city, visit):
    number = case_in(city, "verification", "reported")
    city.take(number, "send_back", "provider-approver", reasons="请补充案卷页码。")
    form = visit("provider").get(f"/cases/{number}/steps/report").form("main form")
    assert form.values["findings-0-finding"] == "accurate"
    assert form.values["findings-0-reasons"] == REASONS


def test_a_form_of_a_case_that_was_handed_in_meanwhile_leads_to_the_case(city, visit):
    record = city.record()
    browser = visit("subject")
    opened = browser.get(f"{NEW}?record={record}")
    address = opened.response.request.full_path
    number = browser.submit(opened.form("main form")).path.rpartition("/")[2]
    again = browser.get(address)
    assert again.path == f"/cases/{number}/steps/amend"
    with_words = {"field": "violation", "ground": "O1", "claim": "没有此行为", "record_id": record}
    city.take(number, "amend", "subject", statement="没有该行为。", items=[with_words])
    city.take(number, "submit", "subject")
    again = browser.get(address)
    assert again.path == f"/cases/{number}"
    assert "这份表单已经保存过" in again.text
