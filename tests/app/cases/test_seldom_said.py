"""What the pages and notices of a case say seldom: of values, of files, of records and filers."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases import particulars
from app.cases.applying import checks
from app.cases.commands import serve
from app.cases.facts import CaseFacts
from app.cases.models import Case
from app.cases.occasions import _fate
from app.cases.overview import overview
from app.cases.particulars import EMPTY, value_shown
from app.cases.parties import _filer
from app.cases.possibilities import possible_steps
from app.cases.prefill import _period
from app.clock import today
from app.db import transaction
from app.notices.models import Notice
from app.records.models import Record
from tests.app.cases.states import case_in
from tests.app.cases.telling import accepted, answered, open_children, submitted
from workflows.office import CaseFact


def facts_of(city, number: str) -> CaseFacts:
    return CaseFacts(city.case(number), today())


@pytest.mark.parametrize(
    ("field", "value", "whole", "shown"),
    [
        ("penalty", "", True, EMPTY),
        ("id_no", "441302199001011234", False, "441***********1234"),
        ("id_no", "441302199001011234", True, "441302199001011234"),
        ("valid_until", "2099-12-31", True, "长期"),
        ("decided_on", "2026-03-19", True, "2026年3月19日"),
        ("penalty", "警告", True, "警告"),
    ],
)
def test_a_value_reads_as_people_write_it(field, value, whole, shown):
    assert value_shown(field, value, whole=whole) == shown


def test_a_record_that_went_to_somebody_else_does_not_support_the_sanction(city):
    facts = facts_of(city, case_in(city, "suspension", "ordered"))
    (record,) = facts.records()
    assert _fate(record, facts) == ""
    assert _fate(replace(record, subject=-1), facts) == "已不再属于该信用主体"


def filed(city, **said: Any) -> CaseFact:
    """A case without a subject of its own, whose filer is told."""
    facts = facts_of(city, submitted(city, city.record()))
    usual: dict[str, Any] = {
        "subject": None,
        "filer_unit": None,
        "filer_person": None,
        "details": {},
    }
    return replace(facts.case(), **(usual | said))


def test_whoever_filed_without_saying_a_name_is_addressed_by_its_own(city):
    person = city.actor["subject"].person_id
    addressee = _filer(filed(city, filer_person=person))
    assert (addressee.kind, addressee.id) == ("person", person)
    assert addressee.natural


def test_where_nobody_filed_the_unit_of_the_case_is_addressed(city):
    root = filed(city)
    addressee = _filer(root)
    assert (addressee.kind, addressee.id) == ("unit", root.unit)


def test_a_minimum_period_that_nobody_knows_is_not_filled_in(city, session):
    number = case_in(city, "repair", "examining")
    assert _period(facts_of(city, number))["met"]
    with transaction():
        session.execute(sa.update(Record).values(severity=None))
    assert _period(facts_of(city, number)) == {}


def test_who_may_not_hand_an_application_in_is_told_no_conditions(city):
    number = case_in(city, "repair", "draft")
    case, facts = city.case(number), facts_of(city, number)
    assert checks(possible_steps(case, city.actor["subject"], facts))
    assert checks(possible_steps(case, city.actor["provider"], facts)) == []


def test_a_case_whose_history_does_not_fit_it_takes_no_step(city, session):
    number = submitted(city, city.record())
    with transaction():
        session.execute(sa.update(Case).values(version=Case.version + 1))
    with pytest.raises(RuntimeError, match="its history at"):
        city.take(number, "accept", "clerk")
    with transaction():
        session.execute(sa.update(Case).values(version=Case.version - 1))


def test_the_evidence_of_a_finding_is_named_by_its_title(city):
    number = accepted(city, city.record())
    (child,) = open_children(city, number, "verification")
    key = city.attach(child, "provider")
    answered(city, child, "accurate", evidence=[key])
    (item,) = particulars.items(facts_of(city, child), whole=True)
    assert item["evidence"] == ["罚没收入票据"]


def test_that_a_notice_reached_somebody_else_is_told_to_those_who_may_read_it_alone(city, session):
    number = case_in(city, "suspension", "ordered")
    to_the_department = sa.select(Notice.id).where(
        Notice.case_number == number, Notice.addressee_unit_id == city.unit["executor"]
    )
    serve(session.scalars(to_the_department).one(), city.actor["executor"], "在本系统确认收到")
    assert served_in(city, number, "executor")
    assert not served_in(city, number, "subject")


def served_in(city, number: str, who: str) -> list[str]:
    """What the history on somebody's page says of notices that reached their addressee."""
    entries = overview(city.case(number), city.actor[who])["timeline"]
    return [one["title"] for one in entries if "已送达" in one["title"]]
