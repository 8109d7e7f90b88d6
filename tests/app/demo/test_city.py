"""What somebody finds who opens the demonstration for the first time."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.audit.chain import sources, verify_chain
from app.audit.models import AuditEntry
from app.cases.attaching import open_file
from app.cases.models import Attachment, Case, StepTaken
from app.cases.possibilities import possible_steps
from app.cases.queries import Search, handled_beside, inbox, listed, visible_to
from app.clock import now, today
from app.db import db
from app.deadlines.calendar import national
from app.deadlines.models import Deadline
from app.delivery import serving
from app.delivery.models import Message, ServiceAttempt
from app.demo.accounts import PASSWORD
from app.notices.drawing import draw
from app.notices.models import Notice
from app.people import passwords
from app.people.models import Person, Unit
from app.people.queries import actor_of, person_by_username
from app.records.models import RecordVersion
from app.records.queries import visible_to as records_visible_to
from tests.app.cases.invariants import assert_invariants
from tests.app.demo.records import untouched
from workflows import WORKFLOWS
from workflows.grammar import Role
from workflows.rules import months_after
from workflows.service import CHANNELS, ServiceState

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


def test_the_subject_has_a_record_with_two_sanctions_that_nobody_has_contested(city):
    assert any(len(sanctions) >= 2 and all(sanctions) for sanctions in untouched("subject"))


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_there_are_cases_in_every_state(city, kind):
    found = set(db.session.scalars(sa.select(Case.state).where(Case.kind == kind)))
    assert found == {state.name for state in WORKFLOWS[kind].states}


def test_notices_were_served_in_every_way_with_all_that_may_come_of_it(city):
    found = set(db.session.scalars(sa.select(ServiceAttempt.state)))
    assert found == {one.value for one in ServiceState}
    assert set(db.session.scalars(sa.select(ServiceAttempt.channel))) == set(CHANNELS)
    assert len(serving.came_back(actor("clerk").unit_id, 10)) >= 2


def test_it_looks_like_an_office_with_half_a_year_of_work(city):
    cases = db.session.scalars(sa.select(Case).order_by(Case.id)).all()
    assert len(cases) >= 400
    days = sorted({case.filed_on for case in cases})
    assert days[0] <= months_after(today(), -5)
    assert len(days) >= 80
    assert today() - timedelta(days=12) < days[-1] < today()


def test_the_numbers_of_cases_go_with_the_days(city):
    for prefix in {case.prefix for case in WORKFLOWS.values()}:
        chosen = sa.select(Case.number, Case.filed_on).where(Case.number.startswith(prefix))
        rows = db.session.execute(chosen.order_by(Case.number)).all()
        days = [row.filed_on for row in rows]
        assert days == sorted(days), prefix


def test_nearly_every_step_has_been_taken(city):
    assert set(db.session.scalars(sa.select(StepTaken.step))) >= FOR_THE_FIRST_TIME


def test_much_was_in_time_and_some_was_late(city):
    ended = db.session.scalars(
        sa.select(Deadline).where(
            Deadline.clock == "objection.total", Deadline.ended_on.is_not(None)
        )
    ).all()
    late = [one for one in ended if one.due_on and one.ended_on and one.ended_on > one.due_on]
    assert 0 < len(late) < len(ended) / 2


def everybody():
    """All accounts of the contract that have to do with cases, and those of the other units."""
    units = [
        f"{desk}-{n}"
        for desk, most in (("provider", 8), ("executor", 7))
        for n in (*range(2, most + 1),)
    ]
    desks = ["provider", "executor", *units]
    return ["subject", "person", "agent", "clerk", "approver", *desks] + [
        f"{desk}-approver" for desk in desks if desk.startswith("provider")
    ]


@pytest.mark.parametrize("username", everybody())
def test_something_waits_for(city, username):
    assert 1 <= len(inbox(actor(username), limit=200)) <= 120


@pytest.mark.parametrize(
    "username", ["executor-approver", *(f"executor-{n}-approver" for n in range(2, 8))]
)
def test_the_approver_of_a_department_finds_what_its_colleague_handles(city, username):
    assert handled_beside(actor(username), limit=50)


def test_the_clerk_finds_much_that_is_not_due_yet_and_some_that_is_late(city):
    waiting = inbox(actor("clerk"), limit=200)
    assert any(case.due_on and case.due_on < today() for case in waiting)
    assert any(case.due_on and case.due_on > today() for case in waiting)


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
    told = sa.select(Case.number).where(Case.state.in_(["synchronising", "executing"]))
    assert waiting
    assert waiting <= set(db.session.scalars(told))


@pytest.mark.parametrize(
    "username", ["subject", "person", "agent", "subject-2", *CONTRACT], ids=str
)
def test_everybody_finds_the_way_to_a_case(city, visit, username):
    browser = visit(username)
    browser.get("/")
    cases = db.session.scalars(visible_to(actor(username)).order_by(Case.id.desc()).limit(3)).all()
    for number in [case.number for case in cases]:
        assert number in browser.get(f"/cases/{number}").text
