"""The register of document numbers: whole, with what is void and what was put right."""

import csv

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from app.cases.service.ending import replace, void
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.notices.models import Counter, Notice
from app.notices.queries import notices_of
from app.notices.register import PAGE, entries, series_named
from tests.app.cases.states import case_in
from tests.pages.test_cases_lists import counted

ACCEPTANCES = "某信异受〔2026〕"
SAID = ("惠州市𠅤记商行", "惠州市䶮测印染有限公司", "受送达人的名称写错。")


def acceptance(city):
    number = case_in(city, "objection", "verifying")
    return next(one for one in notices_of([number]) if one.name == "acceptance")


def urging(city):
    """A notice on which no decision rests."""
    number = case_in(city, "objection", "verifying")
    city.take(number, "urge", "supervisor", note="请抓紧办理")
    return next(one for one in notices_of([number]) if one.name == "urging")


def set_counter(value):
    with transaction():
        mine = sa.update(Counter).where(Counter.series == ACCEPTANCES)
        db.session.execute(mine.values(value=value))


def again(row):
    return db.session.get_one(Notice, row.id, populate_existing=True)


def test_each_series_of_the_year_is_listed_whole(city, visit):
    for _ in range(3):
        acceptance(city)
    page = visit("supervisor").get("/register")
    (row,) = [one for one in page.all("tbody tr") if ACCEPTANCES in one.get_text()]
    told = row.get_text(" ", strip=True)
    assert "异议受理通知书" in told
    assert "1–3，无缺号" in told


def test_a_gap_is_seen(city, visit):
    acceptance(city)
    set_counter(3)
    page = visit("clerk").get("/register", query_string={"series": ACCEPTANCES})
    assert "1–3，缺2、3号" in page.text
    set_counter(1)


def test_a_void_number_stands_in_the_register_and_is_never_used_again(city, visit):
    first = urging(city)
    approver = visit("approver")
    page = approver.get(f"/notices/{first.id}/void")
    page = approver.submit(page.form(), status=422, reason=" ")
    assert "请填写" in page.one(".summary").get_text()
    approver.submit(page.form(), reason="误对已经办理的案件催办。")
    assert (again(first).status, again(first).status_by_id) == (
        "void",
        city.actor["approver"].person_id,
    )
    assert urging(city).ordinal == first.ordinal + 1
    page = approver.get("/register", query_string={"series": first.series})
    assert "1–2，无缺号" in page.text
    assert "作废1号" in page.text
    assert "误对已经办理的案件催办" in page.text


def test_a_decision_is_never_without_its_notice(city):
    number = case_in(city, "objection", "not_accepted")
    refusal = next(one for one in notices_of([number]) if one.name == "refusal")
    with pytest.raises(Conflict, match="处理决定"):
        void(city.actor["approver"], refusal.id, "写错了")
    assert again(refusal).status == "valid"


def test_only_an_approver_of_the_unit_that_issued_it_ends_a_notice(city, visit):
    row = urging(city)
    for who in ("clerk", "supervisor", "provider-approver"):
        with pytest.raises((NotAllowed, NotFound)):
            void(city.actor[who], row.id, "写错了")
        with pytest.raises((NotAllowed, NotFound)):
            replace(city.actor[who], row.id, *SAID)
    with pytest.raises(Invalid) as refused:
        replace(city.actor["approver"], row.id, "", " ", "x" * 501)
    assert set(refused.value.faults) == {"before", "after", "reason"}
    assert visit("clerk").open(f"/notices/{row.id}/void").status_code == 403


def test_a_correction_is_a_new_notice_that_names_the_old(city, visit):
    old = acceptance(city)
    approver = visit("approver")
    page = approver.get(f"/notices/{old.id}/replacement")
    page = approver.submit(
        page.form(), **dict(zip(("before", "after", "reason"), SAID, strict=True))
    )
    assert page.title == "更正通知书"
    new = db.session.scalars(sa.select(Notice).where(Notice.replaces_id == old.id)).one()
    assert (new.series, new.ordinal) == (old.series, old.ordinal + 1)
    assert new.addressee_subject_id == old.addressee_subject_id
    printed = " ".join(BeautifulSoup(new.html, "html.parser").get_text().split())
    assert all(one in printed for one in (old.number, *SAID))
    assert f"/notices/{old.id}" in str(page.one(".standing"))
    page = approver.get(f"/notices/{old.id}")
    assert "已更正" in page.text
    assert f"/notices/{new.id}" in str(page.one(".standing"))
    with pytest.raises(Conflict):
        replace(city.actor["approver"], old.id, *SAID)
    page = approver.get("/register", query_string={"series": old.series})
    assert "1–2，无缺号" in page.text


def test_the_replacement_of_a_decision_names_the_remedies_and_is_served_anew(city, visit):
    number = case_in(city, "objection", "not_accepted")
    refusal = next(one for one in notices_of([number]) if one.name == "refusal")
    key = replace(city.actor["approver"], refusal.id, *SAID)
    html = db.session.get_one(Notice, key).html
    assert "行政复议" in html
    page = visit("subject").get(f"/cases/{number}")
    assert "更正通知书尚未送达" in page.one(".finality").get_text()
    page = visit("subject").get("/")
    assert page.has(f"a[href='/notices/{key}.pdf']")
    assert not page.has(f"a[href='/notices/{refusal.id}.pdf']")


def test_the_register_is_for_the_office_alone(visit):
    for who in ("provider", "executor", "subject"):
        assert visit(who).open("/register").status_code == 403
        assert visit(who).open("/register.csv").status_code == 403
    assert visit("clerk").get("/register", status=200).title == "文号登记"
    for name in ("YY-2026", "某信异受", "没有〔2026〕"):
        assert visit("clerk").open("/register", query_string={"series": name}).status_code == 404


def test_the_file_has_every_number_once(city, visit):
    rows = [acceptance(city) for _ in range(3)]
    answer = visit("supervisor").open("/register.csv", query_string={"series": ACCEPTANCES})
    lines = list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))
    assert [one[0] for one in lines[1:]] == [one.number for one in reversed(rows)]
    whole = visit("supervisor").open("/register.csv", query_string={"year": "2026"})
    numbers = [one[0] for one in csv.reader(whole.data.decode("utf-8-sig").splitlines())][1:]
    known = set(db.session.scalars(sa.select(Notice.number)))
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == known


def test_a_long_series_is_read_part_by_part(city):
    for _ in range(4):
        acceptance(city)
    first = entries(ACCEPTANCES, limit=3)
    rest = entries(ACCEPTANCES, before=first[-1].row.ordinal, limit=PAGE)
    assert [one.row.ordinal for one in (*first, *rest)] == [4, 3, 2, 1]
    assert series_named(ACCEPTANCES).whole


def test_the_register_asks_as_often_for_many_as_for_few(city, visit):
    acceptance(city)
    clerk = visit("clerk")
    with counted() as few:
        clerk.get("/register", query_string={"series": ACCEPTANCES})
    for _ in range(3):
        acceptance(city)
    with counted() as many:
        clerk.get("/register", query_string={"series": ACCEPTANCES})
    assert len(many) == len(few)
