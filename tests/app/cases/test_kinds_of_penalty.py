"""An objection to the kinds of a penalty: people read them as people write them."""

from __future__ import annotations

from app.cases import commands
from app.cases.due import tick
from tests.app.cases.telling import answered, last_notice
from workflows.inputs.objection import Filing, ItemInput


def test_kinds_of_penalty_are_named_one_after_the_other_in_what_is_decided(city):
    record = city.record(penalty_kind="罚款;吊销许可证件")
    item = ItemInput(record, "penalty_kind", "O2", "没有吊销许可证件。")
    given = Filing(statement="没有吊销许可证件。", items=(item,))
    number = commands.file_objection(city.actor["subject"], given)
    city.take(number, "submit", "subject")
    city.take(number, "accept", "clerk")
    (asked,) = city.children(number, "verification")
    answered(city, asked, "wrong_correct", value="罚款;警告")
    tick()
    city.take(number, "uphold", "approver", reasons="记录有误。")
    html = last_notice(number).html
    assert "罚款、警告" in html
    assert "罚款;" not in html
