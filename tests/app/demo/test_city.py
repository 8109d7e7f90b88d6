"""What somebody finds who opens the demonstration for the first time."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.audit.chain import sources, verify_chain
from app.audit.models import AuditEntry
from app.cases.attaching import open_file
from app.cases.models import Attachment, Case, StepTaken
from app.cases.possibilities import possible_steps
from app.cases.queries import Search, inbox, listed, visible_to
from app.clock import now, today
from app.db import db
from app.deadlines.calendar import national
from app.delivery.models import Message
from app.demo.accounts import PASSWORD
from app.demo.choosing import Stock
from app.notices.commands import draw
from app.notices.models import Notice
from app.people import passwords
from app.people.models import Person, Unit
from app.people.queries import actor_of, person_by_username
from app.records.models import RecordVersion, Switch
from app.records.queries import in_force, sanctions_on, switches, visible_to as records_visible_to
from tests.app.cases.invariants import assert_invariants
from workflows.grammar import Role

MARKET, FINANCE = "惠州市市场监督管理局", "惠州市财政局"
CONTRACT = {
    "clerk": (Role.OFFICE_CLERK, "惠州市信用中心"),
    "approver": (Role.OFFICE_APPROVER, "惠州市信用中心"),
    "supervisor": (Role.OFFICE_SUPERVISOR, "惠州市信用中心"),
    "provider": (Role.PROVIDER_HANDLER, MARKET),
    "provider-approver": (Role.PROVIDER_APPROVER, MARKET),
    "executor": (Role.EXECUTOR_HANDLER, FINANCE),
    "executor-approver": (Role.EXECUTOR_APPROVER, FINANCE),
    "sysadmin": (Role.ADMIN_SYSTEM, "惠州市信用中心"),
    "secadmin": (Role.ADMIN_SECURITY, "惠州市信用中心"),
    "auditor": (Role.ADMIN_AUDIT, "惠州市信用中心"),
    "provider-2": (Role.PROVIDER_HANDLER, "惠州市生态环境局"),
    "provider-8-approver": (Role.PROVIDER_APPROVER, "惠州市卫生健康局"),
    "executor-2": (Role.EXECUTOR_HANDLER, MARKET),
    "executor-3-approver": (Role.EXECUTOR_APPROVER, "中国人民银行惠州市分行"),
    "executor-7": (Role.EXECUTOR_HANDLER, "惠州市自然资源局"),
}
STATES = {
    "objection": "draft submitted supplementing verifying deciding executing closed withdrawn "
    "not_accepted",
    "verification": "issued verifying reported closed cancelled",
    "suspension": "ordered suspended resuming resumed lifting lifted declined",
    "correction": "ordered corrected synchronising restoring done",
}
FOR_THE_FIRST_TIME = {
    *("accept", "refuse", "extend", "redirect", "correct_own_error", "return_for_verification"),
    *("uphold", "dismiss", "withdraw", "lapse", "urge", "stop_clock", "ask_for_time"),
    *("grant_time", "expire", "decline", "carry_out", "withdraw_publication", "restore", "served"),
}


def actor(username):
    person = person_by_username(username)
    assert person, username
    return actor_of(person.id)


@pytest.mark.parametrize(("username", "role", "unit"), [(u, *said) for u, said in CONTRACT.items()])
def test_the_accounts_are_those_of_the_contract(city, username, role, unit):
    found = actor(username)
    assert found.roles == {role}
    assert found.unit_name == unit


def test_every_unit_has_its_accounts_and_all_have_the_password(city):
    for unit in db.session.scalars(sa.select(Unit)):
        assert all((unit.address, unit.phone, unit.review_body, unit.court)), unit.name
    names = set(db.session.scalars(sa.select(Person.username)))
    assert {f"provider-{n}" for n in range(2, 9)} | {f"executor-{n}" for n in range(2, 8)} <= names
    desks = {name for name in names if name.startswith(("provider", "executor"))}
    assert {f"{name.removesuffix('-approver')}-approver" for name in desks} <= names
    hashes = set(db.session.scalars(sa.select(Person.password_hash)))
    assert [passwords.matches(one, PASSWORD) for one in hashes] == [True]


def test_the_agent_acts_for_the_subject_and_the_person_for_itself(city):
    assert actor("agent").subjects == actor("subject").subjects
    assert len(actor("subject").subjects) == len(actor("person").subjects) == 1
    assert db.session.scalars(records_visible_to(actor("person"))).all()


def untouched(username):
    """Records of a subject with their sanctions in force, about which there has been no case."""
    records = db.session.scalars(records_visible_to(actor(username))).all()
    ids = [record.id for record in records]
    shown, resting = switches(ids, today()), sanctions_on(ids)
    fine = in_force({one.id for several in resting.values() for one in several}, today())
    return [
        [fine[one.id] for one in resting[record_id]]
        for record_id in ids
        if shown[record_id][Switch.DISCLOSURE].on
        and shown[record_id][Switch.ANNOTATION].since is None
    ]


def test_the_subject_has_a_record_with_two_sanctions_that_nobody_has_contested(city):
    assert any(len(sanctions) >= 2 and all(sanctions) for sanctions in untouched("subject"))


@pytest.mark.parametrize("day", [date(2027, 3, 1), date(2027, 11, 1), date(2028, 9, 1)])
def test_there_is_such_a_record_on_a_later_day_too(city, day):
    left_alone, _ = Stock(day).take_for_subject()
    assert left_alone.lasts > day


@pytest.mark.parametrize("kind", STATES)
def test_there_are_cases_in_every_state(city, kind):
    found = set(db.session.scalars(sa.select(Case.state).where(Case.kind == kind)))
    assert found >= set(STATES[kind].split())


def test_nearly_every_step_has_been_taken(city):
    assert set(db.session.scalars(sa.select(StepTaken.step))) >= FOR_THE_FIRST_TIME
    objections = sa.select(Case).where(Case.kind == "objection")
    assert len(db.session.scalars(objections).all()) >= 12


@pytest.mark.parametrize(
    "username", ["clerk", "approver", "provider", "provider-approver", "executor", "subject"]
)
def test_something_waits_for(city, username):
    assert inbox(actor(username))


def test_the_approver_of_a_department_may_decline(city):
    someone = actor("executor-approver")
    ordered = visible_to(someone).where(Case.kind == "suspension", Case.state == "ordered")
    possible = [
        one.step.name
        for case in db.session.scalars(ordered).all()
        for one in possible_steps(case, someone)
        if one.allowed
    ]
    assert "decline" in possible


def test_the_supervisor_finds_what_is_overdue_and_was_urged(city):
    late = listed(actor("supervisor"), Search(overdue_on=today()))
    assert {"objection", "verification"} <= {case.kind for case in late}
    urged = sa.select(StepTaken.actor_id).where(StepTaken.step == "urge")
    by = set(db.session.scalars(urged.where(StepTaken.case_id.in_([one.id for one in late]))))
    assert {None, actor("supervisor").person_id} <= by


def test_what_is_true_of_all_cases_is_true_of_these(city):
    assert_invariants(db.session())


def test_every_chain_is_whole(city):
    assert {name: verify_chain(links) for name, links in sources()} == {
        "audit": None,
        "steps": None,
    }


def test_every_series_of_notices_goes_with_the_days(city):
    series = defaultdict(list)
    for notice in db.session.scalars(sa.select(Notice).order_by(Notice.id)):
        series[notice.series].append((notice.ordinal, notice.issued_on))
    for name, numbered in series.items():
        assert [ordinal for ordinal, _ in numbered] == list(range(1, len(numbered) + 1)), name
        days = [day for _, day in numbered]
        assert days == sorted(days), name


def test_one_notice_of_each_kind_can_be_drawn(city):
    newest = sa.select(sa.func.max(Notice.id)).group_by(Notice.kind)
    for notice in db.session.scalars(sa.select(Notice).where(Notice.id.in_(newest))).all():
        assert draw(notice).startswith(b"%PDF-")


MOMENTS = (
    AuditEntry.at,
    StepTaken.at,
    Attachment.at,
    Person.created_at,
    RecordVersion.made_at,
    Message.receipted_at,
)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_nothing_lies_in_the_future(city, moment):
    latest = db.session.scalar(sa.select(sa.func.max(moment)))
    assert isinstance(latest, datetime)
    assert latest <= now() + timedelta(seconds=1)


def test_no_case_goes_back_in_time_and_people_work_on_working_days(city):
    before: dict[int, datetime] = {}
    for step in db.session.scalars(sa.select(StepTaken).order_by(StepTaken.case_id, StepTaken.seq)):
        assert before.get(step.case_id, step.at) <= step.at <= now()
        before[step.case_id] = step.at
        assert step.actor_id is None or national().is_working_day(step.on), step.on


def test_the_papers_are_there(city):
    attachments = db.session.scalars(sa.select(Attachment)).all()
    assert {one.media_type for one in attachments} == {"application/pdf", "image/png"}
    for one in attachments:
        assert len(open_file(one)) == one.size


def test_the_recipients_have_confirmed_all_but_what_was_sent_last(city):
    waiting = set(
        db.session.scalars(sa.select(Message.case_number).where(Message.receipted_at.is_(None)))
    )
    synchronising = sa.select(Case.number).where(Case.state == "synchronising")
    assert waiting == set(db.session.scalars(synchronising))


@pytest.mark.parametrize(
    "username", ["subject", "person", "agent", "subject-2", *CONTRACT], ids=str
)
def test_everybody_finds_the_way_to_a_case(city, visit, username):
    browser = visit(username)
    browser.get("/")
    cases = db.session.scalars(visible_to(actor(username)).order_by(Case.id.desc()).limit(3)).all()
    for number in [case.number for case in cases]:
        assert number in browser.get(f"/cases/{number}").text
