"""Whom a clerk files for, what may be handed in, and who confirms what was served."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cases import commands
from app.cases.inputs import LONGEST_LIST
from app.cases.models import Case, StepTaken
from app.db import db
from app.errors import Invalid, NotAllowed
from app.notices.queries import notices_of
from tests.app.cases.city import COMPANY
from tests.app.cases.states import case_in
from tests.app.cases.telling import submitted


def number_of_cases():
    return db.session.scalar(sa.select(sa.func.count(Case.id)))


def test_a_subject_is_named_by_its_full_name(city):
    number = submitted(city, city.record(), who="clerk", on_behalf_of=f" {COMPANY[0]} ")
    assert city.case(number).subject_id == city.subject["company"]


@pytest.mark.parametrize("name", ["", "惠州", "惠州市䶮测印染", "惠州市无此企业有限公司"])
def test_a_name_that_is_not_the_full_name_of_one_subject_is_asked_for_again(city, name):
    record = city.record()
    with pytest.raises(Invalid) as refused:
        city.objection(record, subject="clerk", on_behalf_of=name)
    assert set(refused.value.faults) == {"on_behalf_of"}
    assert "全称" in refused.value.faults["on_behalf_of"]
    assert number_of_cases() == 0


def test_a_list_longer_than_anybody_fills_in_is_refused_by_its_name(city):
    number = case_in(city, "objection", "submitted")
    with pytest.raises(Invalid) as refused:
        city.take(number, "request_supplement", "clerk", gaps=["营业执照"] * (LONGEST_LIST + 1))
    assert str(LONGEST_LIST) in refused.value.faults["gaps"]
    assert city.state(number) == "submitted"


@pytest.mark.parametrize(
    "day", ["2026-13-01", "昨天", "", None, 20260803, "1899-12-31", "2201-01-01"]
)
def test_what_is_no_day_is_refused_by_its_name(city, day):
    number = case_in(city, "suspension", "ordered")
    with pytest.raises(Invalid) as refused:
        city.take(number, "confirm", "executor", executed_on=day, note="已暂停")
    assert set(refused.value.faults) == {"executed_on"}
    assert city.state(number) == "ordered"


def notice_to_the_company(number):
    (found,) = [one for one in notices_of([number]) if one.addressee_kind == "subject"][:1]
    return found.id


def test_nobody_but_the_addressee_confirms_that_a_notice_came(city):
    number = case_in(city, "objection", "verifying")
    key = notice_to_the_company(number)
    with pytest.raises(NotAllowed):
        commands.serve(key, city.actor["clerk"], "电子送达")
    steps = sa.select(StepTaken.step).where(StepTaken.case_id == city.case(number).id)
    assert "served" not in db.session.scalars(steps).all()


def test_a_notice_is_served_once_however_often_that_is_confirmed(city):
    number = case_in(city, "objection", "verifying")
    key = notice_to_the_company(number)
    for _ in range(2):
        commands.serve(key, city.actor["subject"], "电子送达")
    steps = sa.select(StepTaken.step).where(StepTaken.case_id == city.case(number).id)
    assert db.session.scalars(steps).all().count("served") == 1
