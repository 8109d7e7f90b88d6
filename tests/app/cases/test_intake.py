"""How an objection comes in, and how it may end before anybody decides it."""

from collections.abc import Iterator

import pytest

from app import clock
from app.cases import commands
from app.cases.attaching import attach
from app.cases.due import tick
from app.cases.queries import inbox
from app.db import transaction
from app.errors import Invalid, NotAllowed, NotFound, StepRefused
from app.people.actor import SYSTEM
from app.people.models import Representation
from app.people.queries import actor_of
from tests.app.cases.city import City
from tests.app.cases.samples import pdf
from tests.app.cases.telling import (
    CONTESTED,
    MONDAY,
    REASONS,
    USED,
    accepted,
    answered,
    day,
    due,
    holders,
    items,
    last_notice,
    marked,
    on,
    open_children,
    owner,
    receipted,
    received,
    reported,
    running,
    submitted,
    taken,
    titles,
)
from workflows.inputs.correction import Opening


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def waits_for(city: City, who: str) -> list[str]:
    return [case.number for case in inbox(city.actor[who])]


def test_a_draft_waits_for_its_filer_and_is_discarded_when_it_was_kept_long_enough(city):
    number = city.objection(city.record())
    assert owner(city, number) == ("filer", None, day(3).replace(month=9, day=2))
    assert waits_for(city, "subject") == [number]
    with clock.at(day(3).replace(month=9, day=2)):
        assert not tick()
    with clock.at(day(3).replace(month=9, day=3)):
        assert tick() == {"discard": 1}
        assert city.state(number) == "withdrawn"
    assert titles(number) == []


def test_its_filer_may_discard_a_draft_at_once_and_nobody_else(city):
    number = city.objection(city.record())
    with pytest.raises(NotFound):
        city.take(number, "discard", "stranger")
    city.take(number, "discard", "subject")
    assert (city.state(number), waits_for(city, "subject")) == ("withdrawn", [])


def test_a_draft_may_be_amended_until_it_is_complete(city):
    record = city.record()
    number = city.objection(record, items=())
    with pytest.raises(StepRefused) as refused:
        city.take(number, "submit", "subject")
    assert codes(refused) == ["it_has_an_item"]
    item = {"record_id": record, "field": "penalty", "ground": "O1", "claim": ""}
    city.take(number, "amend", "subject", statement="处罚已撤销", items=[item])
    with pytest.raises(StepRefused) as refused:
        city.take(number, "submit", "subject")
    assert codes(refused) == ["each_item_is_complete"]
    item["claim"] = "没有这项处罚"
    city.take(number, "amend", "subject", statement="处罚已撤销", items=[item])
    city.take(number, "submit", "subject")
    assert titles(number) == ["收件凭证"]
    assert owner(city, number) == ("office.clerk", "office", day(5))
    assert due(city, number, "objection.total") == day(12)
    assert due(city, number, "objection.longest") == day(31)


def test_only_who_is_concerned_may_object(city):
    record = city.record()
    with pytest.raises(Invalid):
        submitted(city, record, who="stranger")
    own = submitted(city, record, who="provider", source="own_finding")
    assert city.state(own) == "submitted"
    with pytest.raises(Invalid):
        submitted(city, record, who="provider2", source="own_finding")
    city.sanction(record, department="executor2")
    theirs = submitted(city, record, who="executor2", source="own_finding", ground="O2")
    assert city.state(theirs) == "submitted"
    with pytest.raises(NotAllowed):
        submitted(city, record, who="executor", source="subject", ground="O3")


def test_a_person_punished_on_the_record_of_another_may_object_at_the_counter(city):
    record = city.record()
    of_other = {"source": "subject", "on_behalf_of": "914413007023PDL2XU"}
    with pytest.raises(StepRefused) as refused:
        submitted(city, record, who="clerk", **of_other)
    assert codes(refused) == ["filer_is_entitled"]
    city.sanction(record, subject="other")
    assert submitted(city, record, who="clerk2", **of_other)


def test_complaints_and_referrals_come_in_through_the_office_alone(city):
    record = city.record()
    complaint = submitted(city, record, who="clerk", source="complaint", on_behalf_of="热心市民")
    assert last_notice(complaint).context["notice"]["addressee"]["name"] == "热心市民"
    assert submitted(city, record, who="clerk", source="referral", ground="O2")
    with pytest.raises(NotAllowed):
        submitted(city, record, source="referral", ground="O3")


def test_the_same_record_and_ground_is_objected_to_once_at_a_time(city):
    record = city.record()
    first = submitted(city, record)
    with pytest.raises(StepRefused) as refused:
        submitted(city, record)
    assert codes(refused) == ["no_open_objection_on_the_same"]
    assert submitted(city, record, ground="O2")
    city.take(first, "withdraw", "subject")
    assert submitted(city, record)


def test_what_was_dismissed_comes_back_only_with_new_evidence(city):
    record = city.record()
    first = accepted(city, record)
    answered(city, city.children(first, "verification")[0], "accurate")
    tick()
    city.take(first, "dismiss", "approver", reasons="属实。")
    tick()
    assert city.state(first) == "closed"
    again = city.objection(record)
    with pytest.raises(StepRefused) as refused:
        city.take(again, "submit", "subject")
    assert codes(refused) == ["nothing_dismissed_or_new_evidence"]
    attach(city.actor["subject"], again, ("新证据.pdf", pdf()), "新的判决书")
    city.take(again, "submit", "subject")
    assert city.state(again) == "submitted"


def test_what_is_revoked_is_not_contested_any_more(city):
    record = city.record()
    number = commands.open_correction(city.actor["provider"], Opening(record, "已撤销"))
    city.take(number, "correct", "provider", kind="revoke", basis="撤销决定书")
    city.take(number, "approve", "provider-approver")
    with pytest.raises(StepRefused) as refused:
        submitted(city, record)
    assert codes(refused) == ["no_record_is_revoked"]
    receipted(number)


def test_it_is_refused_with_reasons_and_remedies_and_may_be_reopened_by_a_court(city):
    number = submitted(city, city.record())
    refusal = {
        "reason_code": "other_body",
        "reason": "属法院管辖",
        "right_body": "惠州市中级人民法院",
    }
    with pytest.raises(NotAllowed):
        city.take(number, "refuse", "clerk", **refusal)
    city.take(number, "refuse", "approver", **refusal)
    assert (city.state(number), titles(number)) == ("not_accepted", ["收件凭证", "不予受理通知书"])
    notice = last_notice(number)
    assert {one["title"] for one in notice.context["remedies"]} == {"行政复议", "行政诉讼"}
    assert "惠州市中级人民法院" in notice.html
    assert due(city, number, "objection.total") is None
    with clock.at(day(24)):
        city.take(number, "reopen_acceptance", "approver", document="（2026）粤13行终8号")
        assert owner(city, number) == ("office.clerk", "office", day(26))
        assert due(city, number, "objection.total") == day(24).replace(month=9, day=2)
        with pytest.raises(StepRefused) as refused:
            city.take(number, "refuse", "approver", **refusal)
        assert codes(refused) == ["did_not_take_the_annulled_decision"]
        city.take(number, "accept", "clerk")
        (child,) = city.children(number, "verification")
        answered(city, child, "accurate")
        tick()
        city.take(number, "dismiss", "approver", reasons="属实。")


def test_who_filed_at_the_counter_does_not_refuse(city):
    city.promote("clerk", "office.approver")
    number = submitted(city, city.record(), who="clerk", on_behalf_of="91441300MA4W0CHM2Z")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "refuse", "clerk", reason_code="other_body", reason="不属于本办")
    assert codes(refused) == ["another_person_handled_it"]
    city.take(number, "refuse", "approver", reason_code="other_body", reason="不属于本办")


def test_all_gaps_are_told_at_once_and_the_clocks_stand_still_meanwhile(city):
    number = submitted(city, city.record())
    with clock.at(day(4)):
        city.take(number, "request_supplement", "clerk", gaps=["身份证明", "证据"])
        assert owner(city, number) == ("filer", None, day(18))
        assert due(city, number, "objection.accept") is None
        assert due(city, number, "objection.total") is None
        assert waits_for(city, "subject") == [number]
    with clock.at(day(18)):
        assert not tick()
        city.take(number, "supplement", "subject", statement="附上全部材料")
        assert due(city, number, "objection.accept") == day(19)
        assert due(city, number, "objection.total") == day(26)
        assert owner(city, number) == ("office.clerk", "office", day(19))
    assert titles(number) == ["收件凭证", "补正通知书"]


def test_what_is_not_supplemented_in_time_lapses(city):
    number = submitted(city, city.record())
    city.take(number, "request_supplement", "clerk", gaps=["身份证明"])
    received(city, number, "supplement")
    with clock.at(day(17)):
        assert not tick()
    with clock.at(day(18)):
        assert tick() == {"lapse": 1}
        assert not tick()
    assert city.state(number) == "withdrawn"
    assert titles(number)[-1] == "终止办理通知书"
    assert last_notice(number).addressee_subject_id == city.subject["company"]


def test_the_time_to_supplement_runs_from_the_day_the_request_was_served(city):
    number = submitted(city, city.record())
    city.take(number, "request_supplement", "clerk", gaps=["身份证明"])
    assert due(city, number, "objection.supplement") == day(17)
    received(city, number, "receipt")
    assert due(city, number, "objection.supplement") == day(17)
    with clock.at(day(5)):
        received(city, number, "supplement")
    assert due(city, number, "objection.supplement") == day(19)
    assert owner(city, number)[2] == day(19)


def test_nobody_is_late_who_was_never_told(city):
    number = submitted(city, city.record())
    city.take(number, "request_supplement", "clerk", gaps=["身份证明"])
    with clock.at(day(28)):
        assert not tick()
        with pytest.raises(StepRefused) as refused:
            commands.take_step(number, "lapse", SYSTEM)
        assert [one.code for one in refused.value.reasons] == ["the_request_was_served"]
    assert city.state(number) == "supplementing"


def test_it_is_withdrawn_while_a_suspension_is_still_unconfirmed(city):
    record = city.record()
    sanction = city.sanction(record)
    number = accepted(city, record)
    (suspension,) = city.children(number, "suspension")
    (verification,) = city.children(number, "verification")
    assert (on(record), marked(record), holders(sanction)) == (CONTESTED, (number,), {number})
    with clock.at(day(4)):
        city.take(number, "withdraw", "subject", reason="已与行政机关和解")
        assert city.state(verification) == "cancelled"
        assert city.state(suspension) == "resuming"
        assert (on(record), marked(record), holders(sanction)) == (USED, (), set())
        assert not running(sanction)
        assert owner(city, suspension) == ("executor.handler", "executor", day(6))
        assert waits_for(city, "executor") == [suspension]
        resume = last_notice(suspension)
        assert (resume.title, resume.addressee_unit_id) == (
            "恢复执行失信惩戒措施通知书",
            city.unit["executor"],
        )
        assert resume.context["notice"]["copies"] == ["惠州市䶮测印染有限公司"]
    with clock.at(day(6)):
        city.take(suspension, "confirm_resumed", "executor", executed_on="2026-08-05")
        assert (city.state(suspension), running(sanction)) == ("resumed", True)
    assert titles(number) == ["收件凭证", "异议受理通知书", "终止办理通知书"]


def test_it_is_not_withdrawn_once_a_provider_endorsed_that_it_is_wrong(city):
    number = accepted(city, city.record(), city.record("provider2"))
    first, second = city.children(number, "verification")
    reported(city, first, "wrong_revoke")
    reported(city, second, "accurate")
    city.take(first, "endorse", "provider-approver")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "withdraw", "subject")
    assert codes(refused) == ["no_item_was_found_wrong"]
    city.take(second, "endorse", "provider2-approver")


def test_what_is_wrong_without_approval_does_not_keep_from_withdrawing(city):
    number = accepted(city, city.record(), city.record("provider2"))
    first, second = city.children(number, "verification")
    city.take(
        second,
        "stop_clock",
        "provider2-approver",
        ground="inspection",
        document="检1",
        reasons="检验",
    )
    reported(city, first, "wrong_revoke")
    with clock.at(day(27)):
        assert tick()["expire"] == 1
        assert open_children(city, number, "verification") == [second]
        city.take(number, "withdraw", "subject")
        assert taken(city, number)[-2:] == ["withdraw", "restart_clock"]


def test_a_clerk_withdraws_for_somebody_only_with_the_signed_wish(city):
    number = submitted(city, city.record(), who="clerk", on_behalf_of="91441300MA4W0CHM2Z")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "withdraw", "clerk")
    assert codes(refused) == ["the_filer_wishes_it"]
    attach(city.actor["clerk"], number, ("申请.pdf", pdf()), "签名的撤回申请", proves="withdrawal")
    city.take(number, "withdraw", "clerk", reason="当事人申请")
    assert city.state(number) == "withdrawn"


def test_nor_for_a_complainant_with_a_name_only(city):
    number = submitted(city, city.record(), who="clerk", source="complaint", on_behalf_of="市民")
    with pytest.raises(StepRefused) as refused:
        city.take(number, "withdraw", "clerk")
    assert codes(refused) == ["the_filer_wishes_it"]


def test_who_was_an_agent_may_do_nothing_more(city):
    number = submitted(city, city.record())
    with transaction() as session:
        own = city.actor["subject"].person_id
        session.query(Representation).filter_by(person_id=own).delete()
    city.actor["former"] = actor_of(city.actor["subject"].person_id)
    with pytest.raises((NotAllowed, NotFound)):
        city.take(number, "withdraw", "former")
    assert items(city, number)
    assert REASONS
