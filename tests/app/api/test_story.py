"""An objection through every hand, told by programs alone."""

from datetime import date

import pytest

from app import clock
from app.cases import due
from tests.app.api.conftest import filing

MONDAY = date(2026, 8, 3)
REASONS = "经查原始案卷，证据在案卷第3页。"


@pytest.fixture(autouse=True)
def _on_a_monday():
    with clock.at(MONDAY):
        yield


def test_an_objection_goes_through_every_hand(city, program):
    record = city.record()
    sanction = city.sanction(record)
    subject, clerk, provider = program("subject"), program("clerk"), program("provider")

    case = subject.post("/cases", filing(record), status=201)
    number = case["number"]
    assert case["state"] == "draft"
    assert case["version"] == 1
    assert subject.take(number, "submit")["state"] == "submitted"

    accepted = clerk.take(number, "accept", headers={"If-Match": "2"})
    assert accepted["state"] == "verifying"
    assert [one["step"] for one in accepted["history"]] == ["file", "submit", "accept"]
    assert {one["type"] for one in accepted["notices"]} == {"receipt", "acceptance"}
    verification, suspension = sorted(accepted["children"])
    assert (verification[:3], suspension[:3]) == ("HS-", "ZT-")
    held = subject.get(f"/records/{record}")["sanctions"]
    assert [(one["id"], one["in_force"], one["holds"]) for one in held] == [
        (sanction, False, [number])
    ]

    asked = provider.get("/cases?inbox=1")["items"]
    assert [one["number"] for one in asked] == [verification]
    provider.take(verification, "acknowledge")
    item = provider.get(f"/cases/{verification}")["items"][0]
    assert item["id"] == accepted["items"][0]["id"]
    said = {"item_id": item["id"], "finding": "wrong_revoke", "reasons": REASONS, "evidence": []}
    provider.take(verification, "report", {"findings": [said], "officer": "核实员"})
    endorsed = program("provider-approver").take(verification, "endorse")
    assert (endorsed["state"], endorsed["parent"]) == ("closed", number)
    due.tick()

    upheld = program("approver").take(number, "uphold", {"reasons": "处罚决定已被撤销。"})
    assert upheld["items"][0]["finding"] == "wrong_revoke"
    assert upheld["items"][0]["outcome"] == "upheld"
    (correction,) = [one for one in upheld["children"] if one.startswith("GZ-")]
    provider.take(correction, "correct", {"kind": "revoke", "basis": "撤销决定书", "fields": []})
    approved = program("provider-approver").take(correction, "approve")
    assert approved["state"] == "synchronising"
    assert subject.get(f"/records/{record}")["ended_by"] == "revoke"

    executor = program("executor")
    (message,) = executor.get("/messages?open=1")["items"]
    assert (message["record_id"], message["case"]) == (record, correction)
    assert executor.post(f"/messages/{message['id']}/receipt")["receipted_at"]
    assert executor.get("/messages?open=1")["items"] == []
