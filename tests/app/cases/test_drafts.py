"""A draft belongs to whoever prepares it, even where others may look at it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cases.attaching import attach, remove
from app.cases.models import Attachment
from app.cases.objection.models import Item
from app.db import db
from app.errors import NotAllowed
from tests.app.cases.city import COMPANY
from tests.app.cases.samples import pdf


def items_of(city, number):
    chosen = sa.select(Item).where(Item.case_id == city.case(number).id).order_by(Item.position)
    return [(row.record_id, row.claim) for row in db.session.scalars(chosen)]


def test_who_only_sees_a_draft_of_the_counter_takes_no_file_out_of_it(city):
    number = city.objection(city.record(), subject="clerk", on_behalf_of=COMPANY[0])
    key = attach(city.actor["clerk"], number, ("凭证.pdf", pdf()), "罚没收入票据")
    with pytest.raises(NotAllowed):
        remove(city.actor["approver"], key)
    assert db.session.get(Attachment, key) is not None
    db.session.rollback()
    assert remove(city.actor["clerk2"], key) == number


def test_what_is_taken_out_of_a_draft_is_not_objected_to(city):
    one, other = city.record(), city.record()
    number = city.objection(one, other)
    left = {"record_id": other, "field": "fine", "ground": "O2", "claim": "罚款金额有误"}
    city.take(number, "amend", "subject", statement="只对一条提出异议。", items=[left])
    assert items_of(city, number) == [(other, "罚款金额有误")]
    assert city.case(number).state == "draft"
