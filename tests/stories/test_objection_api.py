"""An objection through every hand, as the systems of a subject and of authorities see it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.records.fields import FIELDS
from tests.app.api.conftest import Program
from tests.app.cases.city import City
from tests.app.cases.invariants import assert_invariants
from tests.app.cases.samples import pdf
from tests.app.cases.telling import day
from tests.stories.reading import pdf_text

OTHER, NUMBER = "YY-2026-000001", "YY-2026-000002"
ASKED, ASKED_TOO = "HS-2026-000002", "HS-2026-000003"
SHARED_STOP, LOST_STOP, KEPT_STOP = "ZT-2026-000001", "ZT-2026-000002", "ZT-2026-000003"
FIX = "GZ-2026-000001"
CASE = {
    "number", "kind", "state", "version", "parent", "children", "statement", "attachments",
    "items", "deadlines", "notices", "history",
}  # fmt: skip
ITEM = {"id", "record_id", "field", "ground", "claim", "finding", "value", "outcome"}


@dataclass
class Story:
    """Programs by the names of their people, and what the story is about."""

    city: City
    issue: Callable[[str], Program]
    run: Callable[..., str]
    records: dict[str, int] = field(default_factory=dict)
    sanctions: dict[str, int] = field(default_factory=dict)
    known: dict[str, Program] = field(default_factory=dict)

    def __call__(self, name: str) -> Program:
        """The program of somebody."""
        if name not in self.known:
            self.known[name] = self.issue(name)
        return self.known[name]

    def case(self, number: str = NUMBER, who: str = "clerk") -> Any:
        return self(who).get(f"/cases/{number}")

    def stands(self, record: str, who: str = "subject") -> dict[int, tuple[bool, list[str]]]:
        """Each sanction that rests on a record: whether in force, and who holds it."""
        told = self(who).get(f"/records/{self.records[record]}")["sanctions"]
        return {one["id"]: (one["in_force"], one["holds"]) for one in told}


@pytest.fixture
def story(city: City, program: Callable[[str], Program], run: Callable[..., str]) -> Story:
    """Records of two providers, and three sanctions of two departments."""
    wrong, right, third = city.record(), city.record("provider2"), city.record("provider2")
    story = Story(city, program, run)
    story.records = {"wrong": wrong, "right": right, "third": third}
    story.sanctions = {
        "lost": city.sanction(wrong, mandatory=True),
        "kept": city.sanction(right, department="executor2"),
        "shared": city.sanction(wrong, third),
    }
    return story


def dues(case: Any) -> dict[str, str]:
    """The clocks that run; each with the four fields of the contract."""
    assert all(
        one.keys() == {"name", "due_on", "provisional", "overdue"} for one in case["deadlines"]
    )
    assert not any(one["provisional"] or one["overdue"] for one in case["deadlines"])
    return {one["name"]: one["due_on"] for one in case["deadlines"]}


def august(number: int) -> str:
    """A day of August as the API writes it."""
    return day(number).isoformat()


def filing(*items: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "objection",
        "source": "subject",
        "statement": "没有该行为。",
        "items": list(items),
    }


def item(record: int, ground: str = "O1") -> dict[str, Any]:
    return {"record_id": record, "field": "violation", "ground": ground, "claim": "没有此行为"}


def test_an_objection_goes_through_every_hand(story: Story, session: Session) -> None:
    another_objection_holds_the_shared_one(story)
    the_company_objects(story)
    with clock.at(day(4)):
        the_office_accepts(story)
        every_sanction_is_out_of_force(story)
    with clock.at(day(5)):
        the_departments_confirm(story)
        one_provider_finds_its_record_groundless(story)
        the_other_gets_more_time(story)
    with clock.at(day(10)):
        the_other_finds_its_record_accurate(story)
        it_is_upheld_in_part(story)
    with clock.at(day(11)):
        the_record_is_revoked(story)
    with clock.at(day(12)):
        the_departments_answer(story)
        it_is_restored_and_closed(story)
        assert_invariants(session)


def another_objection_holds_the_shared_one(story: Story) -> None:
    body = filing(item(story.records["third"]))
    assert story("subject").post("/cases", body, status=201)["number"] == OTHER
    story("subject").take(OTHER, "submit")
    assert SHARED_STOP in story("clerk").take(OTHER, "accept")["children"]
    story("executor").take(SHARED_STOP, "confirm", {"executed_on": august(3), "note": "已停用"})


def the_company_objects(story: Story) -> None:
    subject, once = story("subject"), {"headers": {"Idempotency-Key": "filing-1"}}
    body = filing(item(story.records["wrong"]), item(story.records["right"], "O4"))
    answer = subject.ask("POST", "/cases", json=body, status=201, **once)
    assert subject.post("/cases", body, status=201, **once) == answer.json
    case = answer.json
    assert case.keys() >= CASE
    assert (case["number"], case["kind"], case["state"]) == (NUMBER, "objection", "draft")
    assert (case["version"], case["parent"], case["children"]) == (1, None, [])
    assert [{name: one[name] for name in ITEM - {"id"}} for one in case["items"]] == [
        given | {"finding": None, "value": None, "outcome": None} for given in body["items"]
    ]
    assert dues(case) == {"draft.keep": "2026-09-02"}
    the_company_attaches(story, answer.headers["Location"].removeprefix("/api/v1"))
    submitted = subject.take(NUMBER, "submit", headers={"If-Match": "1", "Idempotency-Key": "s"})
    again = subject.take(NUMBER, "submit", headers={"If-Match": "1", "Idempotency-Key": "s"})
    assert again == submitted
    assert dues(submitted) == {
        "objection.accept": august(5),
        "objection.forward": august(5),
        "objection.total": august(12),
        "objection.longest": august(31),
    }
    (receipt,) = submitted["notices"]
    told = {name: receipt[name] for name in ("type", "number", "sha256", "status")}
    number = "某信异收〔2026〕2号"
    assert told == {"type": "receipt", "number": number, "sha256": None, "status": "valid"}


def the_company_attaches(story: Story, where: str) -> None:
    sent = {"file": (io.BytesIO(pdf()), "监测报告.pdf"), "title": "监测报告"}
    answer = story("subject").ask("POST", f"{where}/attachments", data=sent, status=201)
    (listed,) = story("subject").get(where)["attachments"]
    assert listed == answer.json
    assert {"id", "title", "sha256"} <= listed.keys()
    got = story("subject").ask("GET", f"/attachments/{listed['id']}")
    assert got.data == pdf()


def the_office_accepts(story: Story) -> None:
    steps = {one["name"]: one for one in story("clerk").get(f"/cases/{NUMBER}/steps")["items"]}
    accept = steps["accept"]
    told = {name: accept[name] for name in ("title", "by", "allowed", "reasons", "fields")}
    by = ["office.clerk"]
    assert told == {"title": "受理", "by": by, "allowed": True, "reasons": [], "fields": []}
    version = story.case()["version"]
    case = story("clerk").take(NUMBER, "accept", headers={"If-Match": str(version)})
    story("clerk").take(NUMBER, "accept", status=409, headers={"If-Match": str(version)})
    assert (case["state"], case["version"]) == ("verifying", version + 1)
    assert set(case["children"]) == {ASKED, ASKED_TOO, SHARED_STOP, LOST_STOP, KEPT_STOP}
    last = case["history"][-1]
    assert {name: last[name] for name in ("seq", "step", "from", "to", "on", "actor")} == {
        "seq": version + 1,
        "step": "accept",
        "from": "submitted",
        "to": "verifying",
        "on": august(4),
        "actor": "clerk甲",
    }
    assert last["at"].startswith("2026-08-04T")


def every_sanction_is_out_of_force(story: Story) -> None:
    holds = {"lost": [NUMBER], "kept": [NUMBER], "shared": [OTHER, NUMBER]}
    for record, resting in (("wrong", ["lost", "shared"]), ("right", ["kept"])):
        expected = {story.sanctions[one]: (False, holds[one]) for one in resting}
        assert story.stands(record) == expected
    record = story("subject").get(f"/records/{story.records['wrong']}")
    assert set(FIELDS) <= record.keys()
    assert (record["fine"], record["decided_on"]) == ("47700.00", "2026-03-19")
    assert (record["severity"], record["name"]) == ("serious", "惠州市䶮测印染有限公司")
    on = {name: one["on"] for name, one in record["switches"].items()}
    assert on == {"annotation": True, "disclosure": True, "sharing": True, "sanctions": False}
    sanction = record["sanctions"][0]
    assert (sanction["kind"], sanction["department"]) == ("mandatory", "惠州市财政局")


def the_departments_confirm(story: Story) -> None:
    for who, number in (("executor", LOST_STOP), ("executor2", KEPT_STOP)):
        (waiting,) = story(who).get("/cases?inbox=1")["items"]
        told = {name: waiting[name] for name in ("number", "kind", "state", "due_on")}
        expected = {"number": number, "kind": "suspension", "state": "ordered", "due_on": august(6)}
        assert told == expected
        said = {"executed_on": august(5), "note": "已停用"}
        case = story(who).take(number, "confirm", said)
        assert (case["state"], case["parent"]) == ("suspended", NUMBER)
        assert [one["type"] for one in case["notices"]] == ["order", "feedback"]
        assert story(who).get("/cases?inbox=1") == {"items": [], "next": None}


def one_provider_finds_its_record_groundless(story: Story) -> None:
    provider = story("provider")
    case = provider.take(ASKED, "acknowledge")
    assert case["statement"] == "没有该行为。"
    key = case["items"][0]["id"]
    found = {"item_id": key, "finding": "wrong_revoke", "reasons": "决定已被撤销。", "evidence": []}
    body = {"findings": [found], "officer": "核实员"}
    bare = body | {"findings": [found | {"reasons": ""}]}
    assert provider.take(ASKED, "report", bare, status=409)["reasons"]
    assert provider.take(ASKED, "report", body)["state"] == "reported"
    provider.take(ASKED, "endorse", status=403)
    assert story("provider-approver").take(ASKED, "endorse")["state"] == "closed"
    items = {one["id"]: one for one in story.case()["items"]}
    assert (items[key]["finding"], items[key]["outcome"]) == ("wrong_revoke", None)


def the_other_gets_more_time(story: Story) -> None:
    story("provider2").take(ASKED_TOO, "acknowledge")
    story("provider2").take(ASKED_TOO, "ask_for_time", {"reason": "案卷在档案馆"})
    case = story("provider2-approver").take(ASKED_TOO, "grant_time")
    expected = {"verification.report": august(12), "verification.hard_stop": august(25)}
    assert dues(case) == expected


def the_other_finds_its_record_accurate(story: Story) -> None:
    key = story.case(ASKED_TOO, "provider2")["items"][0]["id"]
    found = {"item_id": key, "finding": "accurate", "reasons": "案卷第3页。"}
    story("provider2").take(ASKED_TOO, "report", {"findings": [found], "officer": "核实员"})
    story("provider2-approver").take(ASKED_TOO, "endorse")
    assert story.case()["state"] == "verifying"
    story.run("cases", "tick", "--now", "2026-08-10T10:00:00")
    assert story.case()["state"] == "deciding"


def it_is_upheld_in_part(story: Story) -> None:
    refused = story("approver").take(NUMBER, "dismiss", {"reasons": "理由"}, status=409)
    assert refused["type"] == "urn:redress:problem:step-refused"
    assert [one["code"] for one in refused["reasons"]] == ["no_item_is_wrong"]
    assert all(one["text"] and one["basis"] for one in refused["reasons"])
    case = story("approver").take(NUMBER, "uphold", {"reasons": "一条有误，一条属实。"})
    assert [one["outcome"] for one in case["items"]] == ["upheld", "dismissed"]
    assert dues(case) == {"case.execute": august(24)}
    assert FIX in case["children"]
    (notice,) = [one for one in case["notices"] if one["type"] == "upheld"]
    assert notice["number"] == "某信异成〔2026〕1号"
    answer = story("subject").ask("GET", f"/notices/{notice['id']}.pdf")
    assert answer.content_type == "application/pdf"
    assert "异议成立，撤销该条信息" in pdf_text(answer.data)
    drawn = story("subject").get(f"/notices/{notice['id']}")
    assert drawn["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert {"id", "type", "number", "sha256", "status"} <= drawn.keys()
    story("stranger").get(f"/notices/{notice['id']}", status=404)
    story.run("cases", "tick")
    assert story.case(KEPT_STOP, "executor2")["state"] == "resuming"


def the_record_is_revoked(story: Story) -> None:
    case = story.case(FIX, "provider")
    assert (case["parent"], dues(case)) == (NUMBER, {"correction.correct": august(12)})
    body = {"kind": "revoke", "fields": [], "basis": "撤销行政处罚决定书"}
    story("provider").take(FIX, "correct", body)
    case = story("provider-approver").take(FIX, "approve")
    assert (case["state"], dues(case)) == ("synchronising", {"correction.synchronise": august(14)})
    record = story("subject").get(f"/records/{story.records['wrong']}")
    assert (record["version"], record["ended_by"]) == (2, "revoke")
    assert record["ended_on"] == august(11)
    assert not any(one["on"] for one in record["switches"].values())
    versions = [(one["version"], one["origin"], one["case"]) for one in record["versions"]]
    assert versions == [(1, "import", None), (2, "correction", FIX)]
    (message,) = story("executor").get("/messages?open=1")["items"]
    assert (message["case"], message["record_id"]) == (FIX, record["id"])
    story("executor2").post(f"/messages/{message['id']}/receipt", status=404)
    assert story("executor").post(f"/messages/{message['id']}/receipt")["receipted_at"]
    story.run("outbox", "run")
    story.run("cases", "tick")
    assert story.case(FIX)["state"] == "restoring"


def the_departments_answer(story: Story) -> None:
    body = {"executed_on": august(12), "places": ["信用惠州网站"]}
    case = story("executor").take(LOST_STOP, "confirm_lifted", body)
    assert (case["state"], case["details"]["places"]) == ("lifted", ["信用惠州网站"])
    case = story("executor2").take(KEPT_STOP, "confirm_resumed", {"executed_on": august(12)})
    assert case["state"] == "resumed"
    lost, kept, shared = (story.sanctions[name] for name in ("lost", "kept", "shared"))
    assert story.stands("wrong") == {lost: (False, []), shared: (False, [OTHER])}
    assert story.stands("right") == {kept: (True, [])}


def it_is_restored_and_closed(story: Story) -> None:
    body = {"statement": "该记录已撤销，特此澄清。", "places": ["信用惠州网站"]}
    assert story("clerk").take(FIX, "restore", body)["state"] == "done"
    story.run("cases", "tick")
    case = story.case(who="subject")
    assert (case["state"], case["deadlines"]) == ("closed", [])
    assert [one["step"] for one in case["history"]] == [
        "file", "submit", "accept", "findings_complete", "uphold", "close",
    ]  # fmt: skip
    assert story.case(OTHER)["state"] == "verifying"
    assert (
        story("subject").get("/cases?kind=objection&state=closed")["items"][0]["number"] == NUMBER
    )
    assert {one["status"] for one in case["notices"]} == {"valid"}
    story.run("audit", "verify")
