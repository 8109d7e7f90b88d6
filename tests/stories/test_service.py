"""An objection and a repair in which every notice to the company is served, each in another way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from app import clock
from app.cases.commands import serve
from app.cases.due import tick
from app.cases.facts import CaseFacts
from app.cases.models import StepTaken
from app.cases.service.commands import agree, conclude, set_out
from app.cases.service.telling import standing
from app.clock import today
from app.db import db
from app.deadlines.models import Deadline
from app.notices.models import Notice
from app.notices.queries import notices_of
from tests.app.cases.city import City, city_again
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.samples import pdf
from tests.app.cases.states import case_in
from workflows.grammar import Nothing
from workflows.inputs.service import Announcing, CameBack, Handing, Left, Posting, Signed, Slip
from workflows.service import ServiceState

PROOF = ("回证.pdf", pdf())


@pytest.fixture
def city(session) -> Iterator[City]:
    """The small city, on a Monday; whatever is done, the law holds."""
    with clock.at(date(2026, 8, 3)):
        yield city_again()
    with clock.at(date(2026, 12, 1)):
        assert_invariants(session)


def last(number: str, name: str) -> Notice:
    return [one for one in notices_of([number]) if one.name == name][-1]


def by_hand(city, number, name, who="clerk"):
    key = set_out(city.actor[who], last(number, name).id, "counter", Handing("服务窗口"))
    conclude(city.actor[who], key, ServiceState.DELIVERED, Signed(today(), "本人"), PROOF)


def by_post(city, number, name, on, who="clerk"):
    said = Posting("江北街道1号", today(), "EX1")
    key = set_out(city.actor[who], last(number, name).id, "post", said)
    with clock.at(on):
        conclude(city.actor[who], key, ServiceState.DELIVERED, Slip(on), PROOF)


def left_at_the_door(city, number, name, who="clerk"):
    actor, key = city.actor[who], last(number, name).id
    refused = CameBack(today(), "拒绝签收")
    conclude(actor, set_out(actor, key, "counter", Handing("住所")), ServiceState.REFUSED, refused)
    left = set_out(actor, key, "leaving", Handing("住所"))
    conclude(actor, left, ServiceState.DELIVERED, Left(today(), "居委会 宋清和"), PROOF)


def announced(city, number, name, who="clerk"):
    said = Announcing("unknown", "下落不明", "公告栏", today())
    set_out(city.actor[who], last(number, name).id, "announcement", said, PROOF)


def here(city, number, name):
    set_out(city.actor["clerk"], last(number, name).id, "portal", Nothing())


def due(number, name):
    chosen = sa.select(Deadline).where(Deadline.case_number == number, Deadline.clock == name)
    return db.session.scalars(chosen).one().due_on


def proofs(city, number):
    """On which day each notice of the case was proved served, as its history says."""
    steps = sa.select(StepTaken).where(StepTaken.case_id == city.case(number).id)
    taken = db.session.scalars(steps.where(StepTaken.step == "served").order_by(StepTaken.seq))
    names = {one.id: one.name for one in notices_of([number])}
    return {names[one.data["input"]["notice_id"]]: one.data["input"]["served_on"] for one in taken}


def final_from(city, number):
    with clock.at(date(2026, 12, 1)):
        facts = CaseFacts(city.case(number), today())
        return standing(facts, notices_of([number]))


def test_an_objection_in_which_each_notice_is_served_in_another_way(city):
    number = case_in(city, "objection", "submitted")
    by_hand(city, number, "receipt")
    city.take(number, "request_supplement", "clerk", gaps=["营业执照"])
    by_post(city, number, "supplement", date(2026, 8, 6))
    assert due(number, "objection.supplement") == date(2026, 8, 20)
    with clock.at(date(2026, 8, 10)):
        city.take(number, "supplement", "subject", statement="已补正")
        said = {"reason_code": "other_body", "reason": "不属于本办职责", "right_body": "省信用办"}
        city.take(number, "refuse", "approver", **said)
        assert final_from(city, number).unserved == ("不予受理通知书",)
        announced(city, number, "refusal")
    with clock.at(date(2026, 9, 10)):
        assert tick()["served"] == 1
    assert proofs(city, number) == {
        "receipt": "2026-08-03",
        "supplement": "2026-08-06",
        "refusal": "2026-09-09",
    }
    found = final_from(city, number)  # six months: 9 March 2027, a Tuesday
    assert (found.final_from, found.provisional) == (date(2027, 3, 10), True)


def test_a_decision_that_is_left_at_the_door_and_contested(city):
    number = case_in(city, "objection", "closed")
    agree(city.actor["subject"], city.subject["company"], "在线确认")
    here(city, number, "acceptance")
    decision = next(one.name for one in notices_of([number]) if one.context["remedies"])
    left_at_the_door(city, number, decision)
    city.take(
        number, "note_review", "clerk", path="review", begun_on="2026-08-03", document="受理通知书"
    )
    assert final_from(city, number).contested
    said = {"ended_on": "2026-08-03", "document": "复议决定书", "outcome": "维持"}
    city.take(number, "note_review_ended", "clerk", **said)
    assert final_from(city, number).final_from == date(2027, 2, 4)


def test_a_repair_whose_refusal_is_served_by_the_unit_that_refused(city):
    number = case_in(city, "repair", "refused")
    by_hand(city, number, "receipt")
    by_post(city, number, "acceptance", date(2026, 8, 5), who="provider")
    serve(last(number, "refused").id, city.actor["subject"], "在本系统确认收到")
    assert proofs(city, number) == {
        "receipt": "2026-08-03",
        "acceptance": "2026-08-05",
        "refused": "2026-08-03",
    }
    assert final_from(city, number).final_from == date(2027, 2, 4)


def test_a_repair_that_is_granted_has_nothing_to_contest(city):
    number = case_in(city, "repair", "repaired")
    serve(last(number, "granted").id, city.actor["subject"], "在本系统确认收到")
    assert final_from(city, number) is None
