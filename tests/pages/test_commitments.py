"""What everybody reads of the commitments of those who apply for repair, and on the first page."""

import pytest

from app.db import db, transaction
from app.people.models import Subject
from tests.app.cases.states import case_in, repair_in, revoke_record
from tests.pages import PageClient
from tests.pages.test_cases_lists import counted

PAGE = "app.cases.routes.PAGE"


@pytest.fixture
def anybody(app, session, city):
    """The browser of somebody who has not signed in."""
    return PageClient(app, session)


def rows(page):
    return [[cell.get_text().strip() for cell in row.select("td")] for row in page.all("tbody tr")]


def test_a_commitment_is_public_from_the_day_of_the_application(city, anybody):
    case_in(city, "repair", "draft")
    assert "还没有公开的信用修复承诺" in anybody.get("/commitments").text
    record = city.repairable()
    repair_in(city, record, "submitted")
    page = anybody.get("/commitments")
    (row,) = rows(page)
    assert row[0] == "惠州市䶮测印染有限公司"
    assert row[2:] == ["惠州市市场监督管理局", "2026年8月3日"]
    assert "提交的信用修复申请材料真实、合法、有效" in page.text
    assert "91441300MA4W0CHM2Z" not in page.text


def test_of_a_person_no_whole_name_and_no_number_is_told(city, anybody):
    with transaction():
        person = Subject(kind="person", name="买买提·㛃", code="441302199001011234")
        db.session.add(person)
        db.session.flush()
        city.subject["person"] = person.id
    record = city.repairable(subject="person", subject_kind="自然人", code="")
    number = city.repair(record, "clerk")
    city.take(number, "submit", "clerk")
    page = anybody.get("/commitments")
    assert rows(page)[0][0] == "买****"
    assert "㛃" not in page.text
    assert "441302199001011234" not in page.text


def test_what_was_given_up_or_taken_back_is_not_shown(city, anybody):
    case_in(city, "repair", "withdrawn")
    record = city.repairable()
    repair_in(city, record, "repaired")
    assert len(rows(anybody.get("/commitments"))) == 1
    revoke_record(city, record)
    assert rows(anybody.get("/commitments")) == []


def test_the_newest_come_first_and_part_by_part(city, anybody, monkeypatch):
    monkeypatch.setattr(PAGE, 2)
    records = [city.repairable() for _ in range(3)]
    for record in records:
        repair_in(city, record, "submitted")
    page = anybody.get("/commitments")
    with counted() as first:
        page = anybody.get("/commitments")
    shown = [row[1] for row in rows(page)]
    rest = anybody.get(str(page.one(".pager a")["href"]))
    assert not rest.has(".pager a")
    shown += [row[1] for row in rows(rest)]
    assert shown == sorted(shown, key=lambda said: int(said.partition("〕")[2][:-1]), reverse=True)
    assert len(set(shown)) == 3
    monkeypatch.setattr(PAGE, 50)
    with counted() as whole:
        anybody.get("/commitments")
    assert len(whole) == len(first)
    assert len(rows(anybody.get("/commitments?before=nonsense"))) == 3


def test_the_first_page_says_what_a_repair_takes(anybody):
    text = anybody.get("/").text
    for part in (
        "不收取任何费用",
        "3个工作日内决定是否受理",
        "10个工作日内答复",
        "满3个月",
        "满1年",
    ):
        assert part in text
    assert anybody.get("/").has("main a[href='/commitments']")
