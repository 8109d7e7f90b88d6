"""A notice is not in force any more once its decision is annulled, revoked or put right."""

from __future__ import annotations

import pytest

from app.cases.service.commands import set_out
from app.cases.service.ending import void
from app.errors import Conflict, StepRefused
from app.notices.queries import notices_of
from tests.app.cases.states import case_in
from workflows.inputs.service import Handing


def statuses(number):
    """How each notice of a case stands, by its name; of several the last."""
    return {one.name: one.status for one in notices_of([number])}


def test_the_decision_that_a_court_annulled_is_revoked_with_the_document(city):
    number = case_in(city, "objection", "closed")
    assert set(statuses(number).values()) == {"valid"}
    decided = statuses(number).keys() & {"upheld", "dismissed"}
    city.take(number, "reopen", "approver2", document="（2026）粤13行终9号")
    gone = [one for one in notices_of([number]) if one.status == "revoked"]
    assert {one.name for one in gone} == decided
    assert all("（2026）粤13行终9号" in (one.status_reason or "") for one in gone)
    assert statuses(number)["receipt"] == "valid"


def test_a_refusal_that_was_annulled_is_revoked_and_a_second_one_stands(city):
    number = case_in(city, "objection", "not_accepted")
    city.take(number, "reopen_acceptance", "approver", document="判决书")
    assert statuses(number)["refusal"] == "revoked"
    said = {"reason_code": "other_body", "reason": "不属于本办", "right_body": "省信用办"}
    city.take(number, "refuse", "approver2", **said)
    refusals = [one.status for one in notices_of([number]) if one.name == "refusal"]
    assert refusals == ["revoked", "valid"]


def test_a_repair_that_is_revoked_and_restored(city):
    number = case_in(city, "repair", "revoked")
    assert (statuses(number)["granted"], statuses(number)["revoked"]) == ("revoked", "valid")
    city.take(number, "restore_repair", "approver2", document="行政判决书")
    told = statuses(number)
    assert (told["granted"], told["revoked"], told["restored"]) == ("valid", "revoked", "valid")


def test_what_is_not_in_force_is_neither_served_nor_confirmed_nor_void(city):
    number = case_in(city, "objection", "not_accepted")
    city.take(number, "reopen_acceptance", "approver", document="判决书")
    refusal = next(one for one in notices_of([number]) if one.name == "refusal")
    with pytest.raises(StepRefused) as refused:
        set_out(city.actor["clerk"], refusal.id, "counter", Handing("服务窗口"))
    assert [one.code for one in refused.value.reasons] == ["it_is_in_force"]
    with pytest.raises(Conflict):
        void(city.actor["approver"], refusal.id, "写错了")
