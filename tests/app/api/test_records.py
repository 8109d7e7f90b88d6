"""Records and what was sent about them, as far as each may see them."""

import pytest

from app.api import records
from app.audit.models import AuditEntry
from app.db import db
from app.records.fields import FIELDS
from tests.app.api.conftest import filing

ID = "441302198001010012"


@pytest.fixture
def record(city):
    """A record on which a sanction rests, with the number of a person."""
    key = city.record(legal_person_id=ID)
    city.sanction(key, mandatory=True)
    return key


def test_a_record_is_told_whole(city, record, program):
    told = program("subject").get(f"/records/{record}")
    assert told.keys() >= FIELDS.keys()
    assert (told["id"], told["decision_no"], told["fine"]) == (
        record,
        "惠测罚〔2026〕1号",
        "47700.00",
    )
    assert (told["severity"], told["regime"]) == ("serious", "SAMR107")
    assert told["repairable_from"] == "2027-03-19"
    switches = {name: now["on"] for name, now in told["switches"].items()}
    assert switches == {"annotation": False, "disclosure": True, "sharing": True, "sanctions": True}
    (sanction,) = told["sanctions"]
    assert (sanction["kind"], sanction["department"]) == ("mandatory", "惠州市财政局")
    assert (sanction["in_force"], sanction["holds"]) == (True, [])
    (version,) = told["versions"]
    assert (version["version"], version["origin"]) == (1, "import")
    assert version["fields"].keys() == FIELDS.keys()


def test_the_number_of_a_person_is_whole_for_who_needs_it_and_audited(record, program):
    seen = {
        who: program(who).get(f"/records/{record}")
        for who in ("clerk", "provider", "subject", "executor")
    }
    numbers = {who: told["legal_person_id"] for who, told in seen.items()}
    assert numbers["clerk"] == numbers["provider"] == ID
    assert numbers["subject"] == numbers["executor"] == "441***********0012"
    assert seen["subject"]["versions"][0]["fields"]["legal_person_id"] == "441***********0012"
    entries = db.session.query(AuditEntry).filter_by(subject_ref=f"record:{record}").all()
    assert [one.action for one in entries] == ["record:identity:unmasked"] * 2
    (listed,) = program("clerk").get("/records")["items"]
    assert listed["legal_person_id"] == "441***********0012"


def test_everybody_sees_their_own(city, record, program):
    city.record("provider2", "other")
    seen = {
        who: len(program(who).get("/records")["items"])
        for who in ("clerk", "provider", "provider2", "executor", "executor2", "subject")
    }
    assert seen == {
        "clerk": 2,
        "provider": 1,
        "provider2": 1,
        "executor": 1,
        "executor2": 0,
        "subject": 1,
    }
    there = program("stranger").get(f"/records/{record}", status=404)
    assert there == program("stranger").get("/records/9999", status=404)


def test_records_are_found_by_subject_and_by_decision(city, record, program):
    clerk = program("clerk")
    other = city.record("provider2", "other")
    assert [one["id"] for one in clerk.get("/records?subject=914413007023PDL2XU")["items"]] == [
        other
    ]
    assert clerk.get("/records?subject=nobody")["items"] == []
    found = clerk.get("/records?decision_no=惠测罚〔2026〕1号")["items"]
    assert [one["id"] for one in found] == [record]
    assert program("subject").get("/records?subject=914413007023PDL2XU")["items"] == []


def test_the_list_goes_on_where_it_stopped(city, program, monkeypatch):
    monkeypatch.setattr(records, "PAGE", 2)
    days = ["2026-03-01", "2026-03-05", "2026-03-05", "2026-03-05", "2026-01-01"]
    keys = [city.record(decided_on=day) for day in days]
    clerk = program("clerk")
    page = clerk.get("/records")
    seen = [one["id"] for one in page["items"]]
    while page["next"]:
        page = clerk.get(f"/records?cursor={page['next']}")
        seen += [one["id"] for one in page["items"]]
    assert seen == [keys[3], keys[2], keys[1], keys[0], keys[4]]


def test_a_notice_is_read_by_those_it_concerns(city, record, program):
    subject = program("subject")
    number = subject.post("/cases", filing(record), status=201)["number"]
    (brief,) = subject.take(number, "submit")["notices"]
    told = subject.get(f"/notices/{brief['id']}")
    assert told == brief | {"kind": "objection", "case": number, "issuer": "惠州市信用中心"}
    for who in ("stranger", "provider", "executor"):
        program(who).get(f"/notices/{brief['id']}", status=404)
        program(who).get(f"/notices/{brief['id']}.pdf", status=404)
    drawn = subject.ask("GET", f"/notices/{brief['id']}.pdf")
    assert drawn.data.startswith(b"%PDF-")
    assert drawn.content_type == "application/pdf"
    assert program("clerk").ask("GET", f"/notices/{brief['id']}.pdf").data == drawn.data
    assert len(subject.get(f"/notices/{brief['id']}")["sha256"]) == 64


def test_a_message_is_confirmed_by_whom_it_was_sent_to_and_once(city, record, program):
    provider, executor = program("provider"), program("executor")
    body = {"kind": "correction", "record_id": record, "basis": "录入有误"}
    number = provider.post("/cases", body, status=201)["number"]
    change = {"kind": "correct", "fields": [{"field": "violation", "value": "未批先建"}]}
    provider.take(number, "correct", change | {"basis": "原始案卷"})
    program("provider-approver").take(number, "approve")
    (message,) = executor.get("/messages")["items"]
    assert (message["record_id"], message["version"], message["case"]) == (record, 2, number)
    where = f"/messages/{message['id']}/receipt"
    for who in ("executor2", "clerk", "provider"):
        assert program(who).get("/messages")["items"] == []
        program(who).post(where, status=404)
    program("subject").post(where, status=403)
    assert executor.post(where, {"x": 1}, status=422)["errors"]
    first = executor.ask("POST", where).json
    assert first["receipted_at"] is not None
    assert executor.post(where) == first
    assert executor.get("/messages?open=1")["items"] == []
    assert executor.get("/messages?open=0")["items"] == [first]
