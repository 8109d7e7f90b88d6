"""A repair through every hand, and taken back, as the systems of all who are concerned see it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from tests.app.api.conftest import Program
from tests.app.cases.city import City
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.samples import pdf
from tests.app.cases.telling import day
from tests.stories.reading import pdf_text
from tests.stories.test_objection_api import Story, august, dues

NUMBER, TOO_EARLY = "XF-2026-000001", "2026-08-06"
FIRST_STOP, SECOND_STOP = "ZT-2026-000001", "ZT-2026-000002"
OFF = {"annotation": False, "disclosure": False, "sharing": False, "sanctions": False}
USED = {"annotation": False, "disclosure": True, "sharing": True, "sanctions": True}
HEARD = date(2026, 9, 14)


@pytest.fixture
def story(city: City, program: Callable[[str], Program], run: Callable[..., str]) -> Story:
    """A record that may be repaired from the sixth of August on, and three sanctions."""
    wrong = city.repairable(decided_on="2026-05-06")
    right = city.repairable("provider2")
    story = Story(city, program, run)
    story.records = {"repaired": wrong, "other": right}
    story.sanctions = {
        "first": city.sanction(wrong, mandatory=True),
        "second": city.sanction(wrong, department="executor2"),
        "shared": city.sanction(wrong, right),
    }
    return story


def the_record(story: Story) -> Any:
    """The record as the company sees it."""
    return story("subject").get(f"/records/{story.records['repaired']}")


def on(story: Story) -> dict[str, bool]:
    """Its four switches."""
    return {name: one["on"] for name, one in the_record(story)["switches"].items()}


def in_force(story: Story) -> dict[str, bool]:
    """Its sanctions by name."""
    stands = story.stands("repaired")
    return {name: stands[key][0] for name, key in story.sanctions.items()}


def conditions(proof: Any) -> dict[str, Any]:
    """All four conditions met, the duties by this proof."""
    proofs = {
        "period": "自2026年5月6日起已满三个月",
        "duties": proof,
        "commitment": "已公开承诺",
        "other": "无其他条件",
    }
    return {
        "conditions": [
            {"name": name, "met": True, "proof": shown} for name, shown in proofs.items()
        ]
    }


def test_a_record_is_repaired_and_the_repair_taken_back(story: Story, session: Session) -> None:
    the_company_comes_too_early(story)
    with clock.at(day(6)):
        it_comes_in_time_with_proofs(story)
    with clock.at(day(7)):
        its_provider_examines_it(story)
    with clock.at(day(10)):
        the_office_returns_it_once(story)
    with clock.at(day(12)):
        it_is_granted(story)
        its_effects_are_there_at_once(story)
    with clock.at(day(13)):
        one_department_and_the_recipients_confirm(story)
    with clock.at(day(14)):
        the_other_confirms_and_it_is_repaired(story)
        assert_invariants(session)
    with clock.at(HEARD):
        it_turns_out_to_rest_on_false_materials(story)
    with clock.at(date(2026, 9, 16)):
        the_company_is_heard_and_it_is_revoked(story)
        what_comes_back_and_what_does_not(story)
        the_company_is_barred(story)
        assert_invariants(session)


def the_company_comes_too_early(story: Story) -> None:
    assert the_record(story)["repairable_from"] == TOO_EARLY
    filing = {
        "kind": "repair",
        "record_id": story.records["repaired"],
        "reasons": "超标排放已经整改，罚款已于2026年5月20日缴清。",
        "commitment": True,
    }
    once = {"headers": {"Idempotency-Key": "repair-1"}}
    case = story("subject").post("/cases", filing, status=201, **once)
    assert story("subject").post("/cases", filing, status=201, **once) == case
    assert (case["number"], case["state"], case["statement"]) == (
        NUMBER,
        "draft",
        filing["reasons"],
    )
    refused = story("subject").take(NUMBER, "submit", status=409)
    assert refused["type"] == "urn:redress:problem:step-refused"
    told = {one["code"]: one for one in refused["reasons"]}
    assert set(told) == {"the_minimum_period_is_over", "each_duty_is_proven"}
    assert told["the_minimum_period_is_over"]["holds_from"] == TOO_EARLY
    assert TOO_EARLY in told["the_minimum_period_is_over"]["text"]
    assert told["the_minimum_period_is_over"]["basis"]
    assert told["each_duty_is_proven"]["holds_from"] is None
    assert story("subject").get(f"/cases/{NUMBER}") == case
    assert (on(story), set(in_force(story).values())) == (USED, {True})
    story("provider").get(f"/cases/{NUMBER}", status=404)


def it_comes_in_time_with_proofs(story: Story) -> None:
    subject = story("subject")
    for title, proves in (("整改验收报告", "corrected"), ("罚没收入票据", "fine")):
        sent = {"file": (io.BytesIO(pdf()), f"{title}.pdf"), "title": title, "proves": proves}
        subject.ask("POST", f"/cases/{NUMBER}/attachments", data=sent, status=201)
    duties = subject.get(f"/cases/{NUMBER}")["details"]["duties"]
    assert {one["code"]: one["proven"] for one in duties} == {"corrected": True, "fine": True}
    case = subject.take(NUMBER, "submit", headers={"If-Match": "1"})
    assert (case["state"], dues(case)) == (
        "submitted",
        {"repair.accept": august(11), "repair.total": august(20)},
    )
    kinds = [one["type"] for one in case["notices"]]
    assert kinds == ["application", "commitment", "receipt"]
    assert case["details"]["committed_on"] == august(6)


def its_provider_examines_it(story: Story) -> None:
    provider, approver = story("provider"), story("provider-approver")
    (waiting,) = provider.get("/cases?inbox=1&kind=repair")["items"]
    assert (waiting["number"], waiting["due_on"]) == (NUMBER, august(11))
    case = provider.take(NUMBER, "accept")
    assert dues(case) == {"repair.decide": august(14), "repair.total": august(20)}
    key = next(one["id"] for one in case["attachments"] if one["proves"] == "fine")
    provider.take(NUMBER, "propose_grant", conditions(""), status=409)
    provider.take(NUMBER, "propose_grant", conditions(key))
    provider.take(NUMBER, "endorse", status=403)
    case = approver.take(NUMBER, "send_back", {"reasons": "请核对票据金额。"})
    assert (case["state"], dues(case)["repair.decide"]) == ("examining", august(14))
    provider.take(NUMBER, "propose_grant", conditions(key))
    assert approver.take(NUMBER, "endorse")["state"] == "approving"
    assert story("subject").get(f"/cases/{NUMBER}")["details"]["proposal"] is None


def the_office_returns_it_once(story: Story) -> None:
    story("clerk").take(NUMBER, "grant", status=403)
    refused = story("approver").take(NUMBER, "refuse", {"reasons": "不同意"}, status=409)
    assert [one["code"] for one in refused["reasons"]] == ["a_refusal_is_proposed"]
    case = story("approver").take(NUMBER, "return_proposal", {"reasons": "补充整改照片。"})
    assert dues(case) == {"repair.decide": august(17), "repair.total": august(20)}
    story("provider").take(NUMBER, "propose_grant", conditions("整改照片三张"))
    story("provider-approver").take(NUMBER, "endorse")


def it_is_granted(story: Story) -> None:
    case = story("approver").take(NUMBER, "grant")
    assert (case["state"], case["children"]) == ("executing", [FIRST_STOP, SECOND_STOP])
    assert dues(case) == {"case.execute": august(26), "correction.synchronise": august(17)}
    assert case["details"]["repaired_on"] == august(12)
    (notice,) = [one for one in case["notices"] if one["type"] == "granted"]
    answer = story("subject").ask("GET", f"/notices/{notice['id']}.pdf")
    assert "准予信用修复决定书" in pdf_text(answer.data)
    story("stranger").get(f"/notices/{notice['id']}", status=404)


def its_effects_are_there_at_once(story: Story) -> None:
    record = the_record(story)
    assert (record["ended_by"], record["ended_on"]) == ("repair", august(12))
    assert (record["repaired_on"], record["version"]) == (august(12), 1)
    assert on(story) == OFF
    assert in_force(story) == {"first": False, "second": False, "shared": True}
    for who, number in (("executor", FIRST_STOP), ("executor2", SECOND_STOP)):
        (waiting,) = story(who).get("/cases?inbox=1")["items"]
        told = (waiting["number"], waiting["state"], waiting["due_on"])
        assert told == (number, "lifting", august(14))
        (message,) = story(who).get("/messages?open=1")["items"]
        assert (message["case"], message["record_id"]) == (NUMBER, record["id"])
        assert "停止公示、共享和使用" in message["body"]


def receipted(story: Story, *departments: str) -> None:
    """These departments receipt all that waits, and so does the platform."""
    for who in departments:
        for message in story(who).get("/messages?open=1")["items"]:
            assert story(who).post(f"/messages/{message['id']}/receipt")["receipted_at"]
    story.run("outbox", "run")
    story.run("cases", "tick")


def one_department_and_the_recipients_confirm(story: Story) -> None:
    body = {"executed_on": august(13), "places": ["信用惠州网站"]}
    case = story("executor").take(FIRST_STOP, "confirm_lifted", body)
    assert (case["state"], case["parent"]) == ("lifted", NUMBER)
    receipted(story, "executor", "executor2")
    assert story.case(NUMBER)["state"] == "executing"


def the_other_confirms_and_it_is_repaired(story: Story) -> None:
    story("executor2").take(SECOND_STOP, "confirm_lifted", {"executed_on": august(14)})
    story.run("cases", "tick")
    case = story.case(NUMBER, "subject")
    assert (case["state"], case["owner"], case["deadlines"]) == ("repaired", None, [])
    assert [one["step"] for one in case["history"]] == [
        "file", "submit", "accept", "propose_grant", "send_back", "propose_grant", "endorse",
        "return_proposal", "propose_grant", "endorse", "grant", "finish",
    ]  # fmt: skip
    kinds = [one["type"] for one in case["notices"]]
    assert kinds == ["application", "commitment", "receipt", "acceptance", "granted"]


def it_turns_out_to_rest_on_false_materials(story: Story) -> None:
    said = {
        "ground": "false_materials",
        "reasons": "财政专户查无此笔缴款。",
        "evidence": "财政专户对账单",
    }
    answer = story("provider").take(
        NUMBER, "propose_revocation", said | {"ground": "rumour"}, status=422
    )
    assert "ground" in answer["errors"]
    case = story("provider").take(NUMBER, "propose_revocation", said)
    assert case["state"] == "revoking"
    assert set(dues(case)) == {"repair.hearing", "repair.revoke"}
    told = story("subject").get(f"/cases/{NUMBER}")
    assert told["details"]["accusation"] == said
    assert told["notices"][-1]["type"] == "hearing"
    refused = story("approver").take(NUMBER, "revoke", {"reasons": "查实"}, status=409)
    assert [one["code"] for one in refused["reasons"]] == ["the_subject_was_heard"]
    assert on(story) == OFF
    explained = story.run("deadlines", "explain", NUMBER)
    assert all(one in explained for one in ("repair.hearing", "repair.revoke"))


def the_company_is_heard_and_it_is_revoked(story: Story) -> None:
    story("subject").take(NUMBER, "answer", {"statement": "票据系代办人提供，本公司不知情。"})
    case = story("approver").take(NUMBER, "revoke", {"reasons": "缴款凭证系伪造。"})
    assert (case["state"], case["deadlines"]) == ("revoked", [])
    details = case["details"]
    assert (details["barred_until"], details["repaired_on"]) == ("2029-09-16", None)
    notice = case["notices"][-1]
    assert notice["type"] == "revoked"
    answer = story("subject").ask("GET", f"/notices/{notice['id']}.pdf")
    assert "撤销信用修复决定书" in pdf_text(answer.data)


def what_comes_back_and_what_does_not(story: Story) -> None:
    record = the_record(story)
    assert (record["ended_by"], record["ended_on"], record["repaired_on"]) == (None, None, None)
    assert on(story) == USED
    disclosure = record["switches"]["disclosure"]
    assert (disclosure["since"], disclosure["until"]) == ("2026-09-16", "2027-05-06")
    assert in_force(story) == {"first": False, "second": False, "shared": True}
    lifted = {one["id"]: one["lifted_on"] for one in record["sanctions"]}
    assert lifted[story.sanctions["first"]] == august(13)
    (message,) = story("executor").get("/messages?open=1")["items"]
    assert "恢复公示" in message["body"]
    receipted(story, "executor", "executor2")
    with clock.at(date(2027, 5, 7)):
        assert on(story) == USED | {"disclosure": False}


def the_company_is_barred(story: Story) -> None:
    for record in story.records.values():
        filing = {
            "kind": "repair",
            "record_id": record,
            "reasons": "再次申请。",
            "commitment": True,
        }
        number = story("subject").post("/cases", filing, status=201)["number"]
        reasons = story("subject").take(number, "submit", status=409)["reasons"]
        told = {one["code"]: one["holds_from"] for one in reasons}
        assert told["the_subject_is_not_barred"] == "2029-09-17"
    story.run("audit", "verify")
