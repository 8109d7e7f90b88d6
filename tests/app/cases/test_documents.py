"""Documents named by the number of a file: only by one that the case has; read by their titles."""

from collections.abc import Iterator

import pytest

from app import clock
from app.cases.documents import as_read
from app.errors import Invalid
from tests.app.cases.city import City
from tests.app.cases.states import MET, repair_in
from tests.app.cases.telling import MONDAY, accepted, facts, items, last_notice, submitted

UNKNOWN = "999999"


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def proven_by(proof: str) -> list[dict[str, object]]:
    """All conditions met, the second by this proof."""
    first, second, *others = MET["conditions"]
    return [first, second | {"proof": proof}, *others]


def faults(city: City, number: str, step: str, who: str, **said: object) -> dict[str, str]:
    """Which fields of a step are refused, and that nothing has changed."""
    before = city.state(number)
    with pytest.raises(Invalid) as refused:
        city.take(number, step, who, **said)
    assert city.state(number) == before
    return refused.value.faults


@pytest.mark.parametrize(
    "proof", [UNKNOWN, f"附件{UNKNOWN}", f"附件 {UNKNOWN}号", f"见附件{UNKNOWN}", f"附件{'9' * 20}"]
)
def test_a_file_that_the_case_does_not_have_proves_nothing(city, proof):
    number = repair_in(city, city.repairable(), "examining")
    refused = faults(city, number, "propose_grant", "provider", conditions=proven_by(proof))
    assert set(refused) == {"conditions.1.proof"}
    assert "第2项“依据的证明”" in refused["conditions.1.proof"]
    assert "本案没有这个编号的附件" in refused["conditions.1.proof"]


def test_of_several_files_those_that_are_not_there_are_named(city):
    number = repair_in(city, city.repairable(), "examining")
    key = city.attach(number, "provider")
    elsewhere = repair_in(city, city.repairable(), "examining")
    said = proven_by(f"附件{key}、附件{UNKNOWN}")
    refused = faults(city, number, "propose_grant", "provider", conditions=said)
    assert f"附件{UNKNOWN}，" in refused["conditions.1.proof"]
    assert f"附件{key}" not in refused["conditions.1.proof"]
    said = proven_by(str(key))
    assert faults(city, elsewhere, "propose_grant", "provider", conditions=said)


@pytest.mark.parametrize(
    "proof", ["案卷第3页", "处罚决定书附件2", "4403002024000123", "粤财票字2026第99号"]
)
def test_a_proof_in_words_is_taken_and_printed_as_it_is(city, proof):
    number = repair_in(city, city.repairable(), "examining")
    city.take(number, "propose_grant", "provider", conditions=proven_by(proof))
    city.take(number, "endorse", "provider-approver")
    city.take(number, "grant", "approver")
    assert proof in last_notice(number).html


def test_a_decision_names_files_by_their_titles(city):
    number = repair_in(city, city.repairable(), "examining")
    one, other = city.attach(number, "provider"), city.attach(number, "provider")
    said = proven_by(f"附件{one}、附件{other}")
    city.take(number, "propose_grant", "provider", conditions=said)
    city.take(number, "endorse", "provider-approver")
    city.take(number, "grant", "approver")
    assert "罚没收入票据、罚没收入票据" in last_notice(number).html
    assert f"附件{one}" not in last_notice(number).html


def test_each_way_of_writing_a_number_is_read(city):
    number = repair_in(city, city.repairable(), "examining")
    key, case = city.attach(number, "provider"), facts(city, number)
    for written in (f"{key}", f"附件{key}", f"附件{key}：罚没收入票据", f"附件第{key}号"):
        assert as_read(case, written) == "罚没收入票据"
    assert as_read(case, f"{key}，{key}") == "罚没收入票据，罚没收入票据"
    assert as_read(case, f"缴款凭证（附件{key}）") == "缴款凭证（罚没收入票据）"
    assert as_read(case, f"决定书附件{key}") == f"决定书附件{key}"


@pytest.mark.parametrize(
    ("state", "step", "who", "said", "field"),
    [
        ("examining", "stop_clock", "provider-approver", {"ground": "court"}, "document"),
        ("repaired", "propose_revocation", "provider", {"ground": "false_materials"}, "evidence"),
        (
            "submitted",
            "refuse_acceptance",
            "provider-approver",
            {"reason_code": "not_ours"},
            "document",
        ),
        ("examining", "note_review", "clerk", {"path": "review"}, "document"),
    ],
)
def test_every_document_of_a_step_is_looked_for(city, state, step, who, said, field):
    number = repair_in(city, city.repairable(), state)
    more = {"begun_on": "2026-08-03"} if step == "note_review" else {"reasons": "已经查明"}
    if step == "refuse_acceptance":
        more = {"reason": "不属于本单位"}
    assert set(faults(city, number, step, who, **said, **more, **{field: UNKNOWN})) == {field}


def test_an_own_error_is_shown_by_a_file_and_told_by_its_title(city):
    number = submitted(city, city.record())
    key, (item,) = city.attach(number, "clerk"), items(city, number)
    said = {"item_id": item, "value": "警告"}
    wrong = {"items": [said | {"proof": UNKNOWN}]}
    assert set(faults(city, number, "correct_own_error", "clerk", **wrong)) == {"items.0.proof"}
    city.take(number, "correct_own_error", "clerk", items=[said | {"proof": f"附件{key}"}])
    city.take(number, "uphold", "approver", reasons="平台差错。")
    assert "罚没收入票据" in last_notice(number).html
    assert f"附件{key}" not in last_notice(number).html


def test_a_child_may_name_a_file_of_its_objection(city):
    number = accepted(city, city.record())
    key = city.attach(number, "clerk")
    (child,) = city.children(number, "verification")
    stop = {"ground": "court", "reasons": "法院裁定停止"}
    assert faults(city, child, "stop_clock", "provider-approver", **stop, document=UNKNOWN)
    city.take(child, "stop_clock", "provider-approver", **stop, document=str(key))
    assert "罚没收入票据" in last_notice(child).html
