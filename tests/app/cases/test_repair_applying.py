"""Applying for a repair: who may, what must be there, and how long everybody has."""

from collections.abc import Iterator
from datetime import date

import pytest

from app import clock
from app.cases.due import tick
from app.cases.queries import case_for
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.people.commands import create_person, represent
from app.people.models import Person, Subject
from app.people.queries import actor_of
from app.records.models import Record
from tests.app.cases.city import COMPANY, City
from tests.app.cases.states import change_record, repair_in
from tests.app.cases.telling import (
    MONDAY,
    day,
    due,
    facts,
    last_notice,
    on,
    owner,
    received,
    refusal,
    taken,
    titles,
)

APPLIED = ["信用修复申请书", "信用修复承诺书", "收件凭证"]


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def draft(city):
    """A complete draft of the company."""
    return city.repair(city.repairable())


def applied(city: City, record: int) -> str:
    """A repair that waits for its provider."""
    return repair_in(city, record, "submitted")


# --- handing in


def test_an_application_is_receipted_and_its_commitment_published(city, draft):
    assert titles(draft) == []
    city.take(draft, "submit", "subject")
    assert titles(draft) == APPLIED
    assert owner(city, draft) == ("provider.handler", "provider", day(6))
    assert due(city, draft, "repair.total") == day(17)
    assert due(city, draft, "draft.keep") is None
    assert facts(city, draft).case().details["committed_on"] == MONDAY
    assert last_notice(draft).addressee_subject_id == city.subject["company"]


def test_everything_that_is_missing_is_told_at_once(city):
    number = city.repair(city.record(), proves=(), reasons=" ", commitment=False)
    reasons = refusal(city, number, "submit", "subject")
    assert set(reasons) == {
        "the_minimum_period_is_over",
        "the_reasons_are_given",
        "each_duty_is_proven",
        "the_commitment_is_made",
    }
    days = {code: one.holds_from for code, one in reasons.items() if one.holds_from}
    assert days == {"the_minimum_period_is_over": date(2027, 3, 19)}
    assert "2027-03-19" in reasons["the_minimum_period_is_over"].text
    duties = reasons["each_duty_is_proven"].text
    assert all(one in duties for one in ("失信行为已经纠正", "罚款已经缴清", "暂扣、吊销证照"))
    assert (city.state(number), titles(number)) == ("draft", [])
    assert facts(city, number).case().details["committed_on"] is None


@pytest.mark.parametrize(
    ("kind", "decided_on", "first"),
    [
        ("罚款", "2026-05-31", date(2026, 8, 31)),
        ("罚款", "2026-11-30", date(2027, 2, 28)),
        ("罚款;吊销许可证件", "2026-04-01", date(2027, 4, 1)),
    ],
)
def test_it_is_too_early_until_the_day_that_is_told(city, kind, decided_on, first):
    with clock.at(date.fromisoformat(decided_on)):
        record = city.record(penalty_kind=kind, decided_on=decided_on)
        number = city.repair(record)
    with clock.at(first.fromordinal(first.toordinal() - 1)):
        reasons = refusal(city, number, "submit", "subject")
        assert [one.holds_from for one in reasons.values()] == [first]
    with clock.at(first):
        city.take(number, "submit", "subject")
        assert city.state(number) == "submitted"


def test_a_minor_breach_is_repaired_at_once_though_only_shared(city):
    record = city.record("provider2", penalty_kind="警告", decided_on="2026-08-03", fine="")
    with transaction():
        db.session.get_one(Record, record).disclosed_until = None
    number = city.repair(record, proves=("corrected",))
    city.take(number, "submit", "subject")
    assert city.state(number) == "submitted"


def test_what_is_older_than_all_regimes_has_no_class_to_go_by(city):
    number = city.repair(city.record("provider2", decided_on="2015-06-01"))
    assert set(refusal(city, number, "submit", "subject")) == {"class_and_regime_are_known"}


@pytest.mark.parametrize("kind", ["end_disclosure", "remove_from_list", "revoke"])
def test_what_is_out_of_use_already_needs_no_repair(city, kind):
    record = city.repairable()
    number = city.repair(record)
    change_record(city, record, kind)
    assert set(refusal(city, number, "submit", "subject")) == {"it_is_still_disclosed_or_shared"}


def test_what_is_shared_though_no_longer_disclosed_may_still_be_repaired(city):
    record = city.repairable(disclosed_until="2026-08-02")
    assert "disclosure" not in on(record)
    assert city.state(applied(city, record)) == "submitted"


def test_each_duty_may_have_a_file_of_its_own(city):
    number = city.repair(city.repairable(), proves=("corrected", "period"))
    (reason,) = refusal(city, number, "submit", "subject").values()
    assert "罚款已经缴清" in reason.text
    assert "失信行为已经纠正" not in reason.text
    city.attach(number, "subject", "fine")
    city.take(number, "submit", "subject")
    assert titles(number) == APPLIED


def test_a_second_repair_waits_until_the_first_has_ended(city):
    record = city.repairable()
    first, second = city.repair(record), city.repair(record)
    city.take(first, "submit", "subject")
    assert set(refusal(city, second, "submit", "subject")) == {"no_other_repair_is_open"}
    city.take(first, "withdraw", "subject")
    city.take(second, "submit", "subject")
    other = city.repair(city.repairable())
    city.take(other, "submit", "subject")
    assert {city.state(one) for one in (second, other)} == {"submitted"}


def test_who_was_refused_may_apply_again(city):
    record = city.repairable()
    refused = repair_in(city, record, "refused")
    assert facts(city, refused).case().details["next_application_on"] == MONDAY
    assert city.state(applied(city, record)) == "submitted"


def test_a_record_that_came_to_name_somebody_else_is_not_repaired_for_the_first(city):
    record = city.repairable()
    number = city.repair(record)
    with transaction():
        db.session.get_one(Record, record).subject_id = city.subject["other"]
    assert set(refusal(city, number, "submit", "subject")) == {"the_applicant_is_its_subject"}


# --- for whom, by whom


def test_an_agent_and_the_counter_apply_for_the_company_and_nobody_else_does(city):
    record = city.repairable()
    city.sanction(record)
    with transaction():
        person = create_person("agent", "马代办", "Redress-2026!")
        company = db.session.get_one(Subject, city.subject["company"])
        represent(person, company, "agent", "授权委托书", date(2026, 8, 31))
        key = person.id
    city.actor["agent"] = actor_of(key)
    for who in ("agent", "clerk"):
        number = city.repair(record, who)
        city.take(number, "submit", who)
        assert city.state(number) == "submitted"
        city.take(number, "withdraw", "subject")
    for who in ("provider", "executor", "supervisor"):
        with pytest.raises(NotAllowed):
            city.repair(record, who)
    for who in ("stranger", "provider2", "executor2"):
        with pytest.raises(Invalid):
            city.repair(record, who)
    with clock.at(date(2026, 9, 1)):
        city.actor["agent"] = actor_of(key)
        with pytest.raises(Invalid):
            city.repair(record, "agent")


def test_who_works_for_a_unit_as_well_applies_as_the_subject_alone(city):
    with transaction():
        person = db.session.get_one(Person, city.actor["provider"].person_id)
        represent(person, db.session.get_one(Subject, city.subject["company"]), "self")
    city.actor["provider"] = actor_of(city.actor["provider"].person_id)
    number = city.repair(city.repairable("provider2"), "provider")
    city.hire("colleague", "provider", "provider.handler")
    with pytest.raises(NotFound):
        case_for(city.actor["colleague"], number)


def test_the_counter_withdraws_only_with_the_signed_wish(city):
    number = city.repair(city.repairable(), "clerk")
    city.take(number, "submit", "clerk")
    assert set(refusal(city, number, "withdraw", "clerk")) == {"the_filer_wishes_it"}
    city.attach(number, "clerk", "withdrawal")
    city.take(number, "withdraw", "clerk")
    assert (city.state(number), titles(number)[-1]) == ("withdrawn", "终止办理通知书")


def sees(city: City, number: str, who: str) -> bool:
    """Whether somebody may see a case at all."""
    try:
        return case_for(city.actor[who], number).number == number
    except NotFound:
        return False


EVERYBODY = ("subject", "clerk", "approver", "supervisor", "provider", "provider-approver")
NOBODY = ("stranger", "provider2", "executor", "executor-approver")


def test_a_draft_is_its_filers_and_a_case_is_theirs_who_handle_it(city):
    record = city.repairable()
    city.sanction(record)
    own, counter = city.repair(record), city.repair(record, "clerk")
    city.hire("admin", "office", "admin.system")
    assert [who for who in (*EVERYBODY, *NOBODY, "admin") if sees(city, own, who)] == ["subject"]
    seeing = ("subject", "clerk", "approver", "supervisor")
    assert tuple(who for who in (*EVERYBODY, *NOBODY) if sees(city, counter, who)) == seeing
    city.take(own, "submit", "subject")
    assert tuple(who for who in (*EVERYBODY, *NOBODY, "admin") if sees(city, own, who)) == EVERYBODY
    for who in NOBODY:
        with pytest.raises(NotFound):
            city.take(own, "accept", who)


# --- drafts


def test_a_draft_is_kept_for_a_month_and_amended_meanwhile(city):
    number = city.repair(city.repairable(), reasons="", commitment=False)
    assert owner(city, number) == ("filer", None, date(2026, 9, 2))
    city.take(number, "amend", "subject", reasons="已经整改", commitment=True)
    said = facts(city, number).case().details
    assert (said["statement"], said["commitment"]) == ("已经整改", True)
    assert owner(city, number)[2] == date(2026, 9, 2)
    with clock.at(date(2026, 9, 2)):
        assert not tick()
    with clock.at(date(2026, 9, 3)):
        assert tick() == {"discard": 1}
    assert (city.state(number), titles(number)) == ("withdrawn", [])


def test_its_filer_may_discard_a_draft_at_once_and_nobody_else(city, draft):
    with pytest.raises(NotFound):
        city.take(draft, "discard", "stranger")
    with pytest.raises(NotFound):
        city.take(draft, "discard", "provider")
    city.take(draft, "discard", "subject")
    assert (city.state(draft), owner(city, draft)) == ("withdrawn", (None, None, None))


# --- gaps


def test_what_is_missing_is_asked_for_once_and_the_clocks_stand_still(city):
    number = applied(city, city.repairable())
    with clock.at(day(4)):
        city.take(number, "request_supplement", "provider", gaps=["授权委托书", "营业执照"])
        assert owner(city, number) == ("filer", None, day(11))
        assert titles(number) == [*APPLIED, "补正通知书"]
        assert due(city, number, "repair.accept") is None
        assert due(city, number, "repair.total") is None
    with clock.at(day(10)):
        with pytest.raises(NotAllowed):
            city.take(number, "supplement", "provider", statement="已补正")
        city.attach(number, "subject")
        city.take(number, "supplement", "subject", statement="已补正")
        assert owner(city, number) == ("provider.handler", "provider", day(12))
        assert due(city, number, "repair.total") == day(21)


def test_what_does_not_come_in_time_ends_the_case(city):
    number = repair_in(city, city.repairable(), "supplementing")
    assert owner(city, number)[2] == day(10)
    received(city, number, "supplement")
    with clock.at(day(10)):
        assert not tick()
    with clock.at(day(11)):
        assert tick() == {"lapse": 1}
        assert titles(number)[-1] == "终止办理通知书"
    assert city.state(number) == "withdrawn"
    assert city.state(applied(city, facts(city, number).record_ids()[0])) == "submitted"


# --- acceptance


def test_its_provider_accepts_it_and_nobody_else(city):
    number = applied(city, city.repairable())
    for who in ("provider-approver", "clerk", "subject"):
        with pytest.raises(NotAllowed):
            city.take(number, "accept", who)
    with clock.at(day(5)):
        city.take(number, "accept", "provider")
        assert owner(city, number) == ("provider.handler", "provider", day(12))
    notice = last_notice(number)
    assert (notice.title, notice.issuer_id) == ("信用修复受理通知书", city.unit["provider"])
    assert due(city, number, "repair.total") == day(17)
    assert due(city, number, "repair.accept") is None


def test_a_silent_provider_is_urged_and_urged_again(city):
    number = applied(city, city.repairable())
    with clock.at(day(6)):
        assert not tick()
    with clock.at(day(7)):
        assert tick() == {"urge": 1}
        assert not tick()
        notice = last_notice(number)
        assert (notice.title, notice.addressee_unit_id) == ("催办单", city.unit["provider"])
    with clock.at(day(11)):
        assert tick() == {"urge": 1}
    assert (city.state(number), taken(city, number)[-2:]) == ("submitted", ["urge", "urge"])


REFUSING = {"reason_code": "incomplete", "reason": "材料不全"}


def test_not_accepting_tells_the_way_out(city):
    number = applied(city, city.repairable())
    with pytest.raises(NotAllowed):
        city.take(number, "refuse_acceptance", "approver", **REFUSING)
    city.take(number, "refuse_acceptance", "provider-approver", **REFUSING)
    assert (city.state(number), owner(city, number)) == ("not_accepted", (None, None, None))
    notice = last_notice(number)
    assert notice.title == "信用修复不予受理通知书"
    assert [one["kind"] for one in notice.context["remedies"]] == ["review", "litigation"]
    assert facts(city, number).case().details["next_application_on"] == MONDAY
    assert titles(number) == [*APPLIED, notice.title]


def test_who_asked_for_more_does_not_refuse_to_accept(city):
    number = applied(city, city.repairable())
    city.promote("provider", "provider.approver")
    city.take(number, "request_supplement", "provider", gaps=["授权委托书"])
    city.take(number, "supplement", "subject", statement="已补正")
    codes = refusal(city, number, "refuse_acceptance", "provider", **REFUSING)
    assert set(codes) == {"another_person_handled_it"}


def test_nobody_is_turned_away_as_unrepairable_without_the_document(city):
    number = applied(city, city.repairable())
    said = {"reason_code": "unrepairable", "reason": "不可修复"}
    codes = refusal(city, number, "refuse_acceptance", "provider-approver", **said)
    assert set(codes) == {"what_forbids_it_is_cited"}
    city.take(number, "refuse_acceptance", "provider-approver", **said, document="《某法》第一条")
    assert city.state(number) == "not_accepted"


def test_an_annulled_refusal_to_accept_is_taken_up_anew_by_another(city):
    number = repair_in(city, city.repairable(), "not_accepted")
    with clock.at(day(10)):
        with pytest.raises(NotAllowed):
            city.take(number, "reopen_acceptance", "provider", document="行政判决书")
        city.take(number, "reopen_acceptance", "approver", document="行政判决书")
        assert owner(city, number) == ("provider.handler", "provider", day(13))
        assert due(city, number, "repair.total") == day(24)
        codes = refusal(city, number, "refuse_acceptance", "provider-approver", **REFUSING)
        assert set(codes) == {"did_not_take_the_annulled_decision"}
        city.take(number, "accept", "provider")
    assert city.state(number) == "examining"


# --- giving up


@pytest.mark.parametrize(
    "state", ["submitted", "supplementing", "examining", "proposed", "approving"]
)
def test_the_company_may_withdraw_until_it_is_decided(city, state):
    record = city.repairable()
    number = repair_in(city, record, state)
    city.take(number, "withdraw", "subject", reason="自行撤回")
    assert (city.state(number), titles(number)[-1]) == ("withdrawn", "终止办理通知书")
    assert on(record) == {"disclosure", "sharing", "sanctions"}
    assert COMPANY[0] in last_notice(number).html


def test_what_is_granted_is_not_withdrawn(city):
    number = repair_in(city, city.repairable(), "executing")
    assert set(refusal(city, number, "withdraw", "subject")) == {"state"}
