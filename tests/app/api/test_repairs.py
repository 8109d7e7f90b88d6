"""Repairs by the API: filing, proofs, what is told to whom, and what a refusal says."""

import io

import pytest

from app import clock
from tests.app.api.conftest import Program
from tests.app.cases.samples import pdf
from tests.app.cases.states import ACCUSED, MET, repair_in
from tests.app.cases.telling import MONDAY

CODE = "91441300MA4W0CHM2Z"


@pytest.fixture(autouse=True)
def _on_a_monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def record(city):
    """A record that may be repaired, with a sanction on it."""
    key = city.repairable()
    city.sanction(key)
    return key


def body(record, **said):
    return {
        "kind": "repair",
        "record_id": record,
        "reasons": "罚款已经缴清。",
        "commitment": True,
    } | said


def attached(program: Program, number: str, proves: str, *, status: int = 201):
    """What is answered to a file that proves something."""
    sent = {"file": (io.BytesIO(pdf()), "票据.pdf"), "title": "票据", "proves": proves}
    return program.ask("POST", f"/cases/{number}/attachments", data=sent, status=status).json


@pytest.fixture
def draft(record, program):
    """The draft of the company, without any proof."""
    return program("subject").post("/cases", body(record), status=201)["number"]


# --- filing


@pytest.mark.parametrize("who", ["subject", "clerk"])
def test_a_repair_is_filed_as_a_draft_and_found_at_its_location(city, record, program, who):
    someone = program(who)
    answer = someone.ask("POST", "/cases", json=body(record), status=201)
    case = answer.json
    assert answer.headers["Location"] == f"/api/v1/cases/{case['number']}"
    assert case["number"] == "XF-2026-000001"
    assert (case["kind"], case["state"], case["version"]) == ("repair", "draft", 1)
    assert (case["statement"], case["items"]) == ("罚款已经缴清。", [])
    assert someone.get(f"/cases/{case['number']}") == case
    assert program("subject").get(f"/cases/{case['number']}")["details"] == case["details"]
    assert [one["name"] for one in case["deadlines"]] == ["draft.keep"]


def test_a_repeat_under_its_key_gives_the_same_case(record, program):
    subject, once = program("subject"), {"headers": {"Idempotency-Key": "r-1"}}
    first = subject.post("/cases", body(record), status=201, **once)
    assert subject.post("/cases", body(record), status=201, **once) == first
    subject.post("/cases", body(record, reasons="另一份"), status=409, **once)
    assert len(subject.get("/cases?kind=repair")["items"]) == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"record_id": None}, "record_id"),
        ({"record_id": "1"}, "record_id"),
        ({"record_id": 999}, "record_id"),
        ({"reasons": None}, "reasons"),
        ({"reasons": 7}, "reasons"),
        ({"reasons": "长" * 20_001}, "reasons"),
        ({"commitment": None}, "commitment"),
        ({"commitment": "yes"}, "commitment"),
        ({"commitment": 1}, "commitment"),
        ({"state": "repaired"}, "state"),
        ({"statement": "x"}, "statement"),
        ({"items": []}, "items"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_filed(record, program, change, path):
    subject = program("subject")
    assert path in subject.post("/cases", body(record) | change, status=422)["errors"]
    assert subject.get("/cases")["items"] == []


def test_nobody_else_files_one(city, record, program):
    city.hire("admin", "office", "admin.system")
    for who in ("provider", "executor", "supervisor"):
        program(who).post("/cases", body(record), status=403)
    for who in ("stranger", "provider2", "executor2", "admin"):
        assert "record_id" in program(who).post("/cases", body(record), status=422)["errors"]


def test_a_draft_without_the_commitment_is_kept_but_not_handed_in(record, program):
    subject = program("subject")
    number = subject.post("/cases", body(record, commitment=False), status=201)["number"]
    attached(subject, number, "duties")
    reasons = subject.take(number, "submit", status=409)["reasons"]
    assert [one["code"] for one in reasons] == ["the_commitment_is_made"]
    subject.take(number, "amend", {"reasons": "罚款已经缴清。", "commitment": True})
    assert subject.take(number, "submit")["details"]["committed_on"] == "2026-08-03"


# --- proofs


def test_each_duty_is_told_with_whether_it_is_proven(draft, program):
    subject = program("subject")

    def proven():
        told = subject.get(f"/cases/{draft}")["details"]["duties"]
        assert [one["title"] for one in told] == ["失信行为已经纠正", "罚款已经缴清"]
        return {one["code"]: one["proven"] for one in told}

    assert proven() == {"corrected": False, "fine": False}
    assert attached(subject, draft, "fine")["proves"] == "fine"
    assert proven() == {"corrected": False, "fine": True}
    attached(subject, draft, "period")
    attached(subject, draft, "nonsense")
    assert proven() == {"corrected": False, "fine": True}
    (reason,) = subject.take(draft, "submit", status=409)["reasons"]
    assert reason["code"] == "each_duty_is_proven"
    assert "失信行为已经纠正" in reason["text"]
    attached(subject, draft, "duties")
    assert proven() == {"corrected": True, "fine": True}
    assert subject.take(draft, "submit")["state"] == "submitted"


def test_the_signed_wish_lets_the_counter_withdraw(record, program):
    clerk = program("clerk")
    number = clerk.post("/cases", body(record), status=201)["number"]
    attached(clerk, number, "duties")
    clerk.take(number, "submit")
    reasons = clerk.take(number, "withdraw", {"reason": "不再申请"}, status=409)["reasons"]
    assert [one["code"] for one in reasons] == ["the_filer_wishes_it"]
    attached(clerk, number, "withdrawal")
    assert clerk.take(number, "withdraw", {"reason": "不再申请"})["state"] == "withdrawn"


# --- what is told


def test_what_is_too_early_says_from_which_day_it_will_do(city, program):
    subject = program("subject")
    number = subject.post("/cases", body(city.record()), status=201)["number"]
    (submit,) = [
        one for one in subject.get(f"/cases/{number}/steps")["items"] if one["name"] == "submit"
    ]
    assert not submit["allowed"]
    days = {one["code"]: one["holds_from"] for one in submit["reasons"]}
    assert days == {"the_minimum_period_is_over": "2027-03-19", "each_duty_is_proven": None}
    refused = subject.take(number, "submit", status=409)
    assert refused["type"] == "urn:redress:problem:step-refused"
    assert refused["reasons"] == submit["reasons"]
    assert "2027-03-19" in refused["detail"]
    assert subject.get(f"/cases/{number}")["version"] == 1


def test_what_is_proposed_is_not_told_to_the_company_before_it_is_decided(city, record, program):
    number = repair_in(city, record, "approving")
    seen = {
        who: program(who).get(f"/cases/{number}")["details"]
        for who in ("provider", "provider-approver", "approver", "clerk", "subject")
    }
    for who in ("provider", "provider-approver", "approver", "clerk"):
        assert (seen[who]["proposal"], seen[who]["unmet"]) == ("grant", "")
        assert seen[who]["conditions"] == MET["conditions"]
    told = {name: seen["subject"][name] for name in ("proposal", "conditions", "unmet")}
    assert told == {"proposal": None, "conditions": [], "unmet": ""}
    assert history(program("subject"), number)[3:] == ["propose", "endorse"]
    assert history(program("provider"), number)[3:] == ["propose_grant", "endorse"]
    steps = program("subject").get(f"/cases/{number}/steps")["items"]
    others = {one["name"]: [reason["code"] for reason in one["reasons"]] for one in steps}
    assert others["grant"] == others["refuse"] == ["role"]
    assert next(one["allowed"] for one in steps if one["name"] == "withdraw")
    program("approver").take(number, "grant")
    assert history(program("subject"), number)[3:] == ["propose_grant", "endorse", "grant"]
    told = program("subject").get(f"/cases/{number}")["details"]
    assert (told["proposal"], told["repaired_on"]) == ("grant", "2026-08-03")
    assert told["conditions"] == MET["conditions"]


def history(program: Program, number: str) -> list[str]:
    """The steps of a case by name."""
    return [one["step"] for one in program.get(f"/cases/{number}")["history"]]


def test_a_refusal_tells_what_is_unmet_and_when_to_come_again(city, record, program):
    number = repair_in(city, record, "refused")
    told = program("subject").get(f"/cases/{number}")["details"]
    assert told["record_id"] == record
    assert (told["proposal"], told["unmet"]) == ("refuse", "罚款尚未缴清。")
    assert told["next_application_on"] == "2026-08-03"
    assert (told["repaired_on"], told["barred_until"]) == (None, None)


def test_who_is_accused_reads_of_what_and_the_bar_is_told(city, record, program):
    number = repair_in(city, record, "revoking")
    told = program("subject").get(f"/cases/{number}")["details"]
    assert (told["accusation"], told["answer"]) == (ACCUSED, "")
    program("subject").take(number, "answer", {"statement": "不知情。"})
    case = program("approver").take(number, "revoke", {"reasons": "事实清楚。"})
    assert (case["state"], case["details"]["answer"]) == ("revoked", "不知情。")
    assert case["details"]["barred_until"] == "2029-08-03"


def test_the_record_tells_that_it_is_repaired_and_since_when(city, record, program):
    subject = program("subject")
    before = subject.get(f"/records/{record}")
    assert (before["ended_by"], before["repaired_on"]) == (None, None)
    repair_in(city, record, "executing")
    after = subject.get(f"/records/{record}")
    assert (after["ended_by"], after["ended_on"]) == ("repair", "2026-08-03")
    assert after["repaired_on"] == "2026-08-03"
    assert after["version"] == before["version"]
    assert not any(one["on"] for one in after["switches"].values())
    assert [one["in_force"] for one in after["sanctions"]] == [False]


def test_everybody_sees_their_own_repairs_and_nobody_else_any(city, record, draft, program):
    others = ("provider2", "executor", "stranger")
    for who in (*others, "provider", "clerk"):
        program(who).get(f"/cases/{draft}", status=404)
    attached(program("subject"), draft, "duties")
    program("subject").take(draft, "submit")
    for who in others:
        program(who).get(f"/cases/{draft}", status=404)
        program(who).get(f"/cases/{draft}/steps", status=404)
        program(who).take(draft, "accept", status=404)
    for who in ("provider", "provider-approver", "clerk", "approver"):
        assert program(who).get(f"/cases/{draft}")["number"] == draft
    (waiting,) = program("provider").get("/cases?kind=repair&inbox=1")["items"]
    assert (waiting["number"], waiting["due_on"]) == (draft, "2026-08-06")
    assert program("provider-approver").get("/cases?kind=repair&inbox=1")["items"] == []


def test_its_notices_are_read_by_the_company_and_its_provider(city, record, program):
    number = repair_in(city, record, "executing")
    kinds = ["application", "commitment", "receipt", "acceptance", "granted"]
    for who in ("subject", "provider", "clerk"):
        case = program(who).get(f"/cases/{number}")
        assert [one["type"] for one in case["notices"]] == kinds
        for one in case["notices"]:
            program(who).ask("GET", f"/notices/{one['id']}.pdf")
            program("executor").get(f"/notices/{one['id']}", status=404)


# --- inputs


def without(name):
    return [one for one in MET["conditions"] if one["name"] != name]


@pytest.mark.parametrize(
    ("conditions", "path"),
    [
        (None, "conditions"),
        ([], "conditions"),
        ("period", "conditions"),
        ([*without("other"), {"name": "weather", "met": True, "proof": "x"}], "conditions.3.name"),
        ([*without("other"), {"name": "other", "met": "yes", "proof": "x"}], "conditions.3.met"),
        ([*without("other"), {"name": "other", "proof": "x"}], "conditions.3.met"),
        ([*without("other"), {"name": "other", "met": True, "basis": "x"}], "conditions.3.basis"),
        ([*without("other"), {"name": "other", "met": True, "proof": []}], "conditions.3.proof"),
    ],
)
def test_a_condition_that_is_wrong_is_named(city, record, program, conditions, path):
    number = repair_in(city, record, "examining")
    said = {"conditions": conditions}
    answer = program("provider").take(number, "propose_grant", said, status=422)
    assert path in answer["errors"]
    assert city.state(number) == "examining"


def test_a_condition_is_proven_by_words_or_by_the_number_of_a_file(city, record, program):
    number = repair_in(city, record, "examining")
    provider = program("provider")
    key = attached(provider, number, "other")["id"]
    missing = {"conditions": [*without("other"), {"name": "other", "met": True}]}
    reasons = provider.take(number, "propose_grant", missing, status=409)["reasons"]
    assert [one["code"] for one in reasons] == ["every_condition_is_met_with_proof"]
    said = {"conditions": [*without("other"), {"name": "other", "met": True, "proof": key}]}
    case = provider.take(number, "propose_grant", said)
    assert case["details"]["conditions"][-1] == {"name": "other", "met": True, "proof": str(key)}


def test_a_file_that_the_case_does_not_have_is_named_with_its_field(city, record, program):
    number = repair_in(city, record, "examining")
    said = {"conditions": [*without("other"), {"name": "other", "met": True, "proof": 999999}]}
    answer = program("provider").take(number, "propose_grant", said, status=422)
    assert "附件999999" in answer["errors"]["conditions.3.proof"]
    assert city.state(number) == "examining"


def test_the_steps_of_a_repair_tell_their_fields(city, record, program):
    number = repair_in(city, record, "examining")
    steps = {one["name"]: one for one in program("provider").get(f"/cases/{number}/steps")["items"]}
    (conditions,) = steps["propose_grant"]["fields"]
    assert [one["name"] for one in conditions["fields"]] == ["name", "met", "proof"]
    named = [one["value"] for one in conditions["fields"][0]["choices"]]
    assert named == ["period", "duties", "commitment", "other"]
    assert steps["propose_grant"]["by"] == ["provider.handler"]
    assert not steps["extend"]["allowed"]


def test_the_document_describes_how_a_repair_is_filed(nobody):
    document = nobody.get("/openapi.json")
    schemas = document["components"]["schemas"]
    filing = schemas["filing.repair"]
    assert filing["required"] == ["kind", "record_id", "reasons", "commitment"]
    assert filing["properties"]["kind"] == {"const": "repair"}
    assert filing["properties"]["commitment"]["type"] == "boolean"
    operation = document["paths"]["/api/v1/cases"]["post"]["requestBody"]
    named = operation["content"]["application/json"]["schema"]["anyOf"]
    assert {"$ref": "#/components/schemas/filing.repair"} in named
    assert schemas["Reason"]["properties"]["holds_from"]["format"] == "date"
    assert {"step.repair.submit", "step.repair.propose_grant"} <= schemas.keys()
