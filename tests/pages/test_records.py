"""The list of records and the page of each."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.db import db, transaction
from app.people.commands import add_membership, create_person, create_unit, represent
from app.people.queries import unit_by
from app.records.commands import end_record, new_version, turn_on
from app.records.models import Hold, Record, Sanction
from app.records.queries import content
from tests.app.records.register import (
    FIRM,
    OTHER_FIRM,
    add_record,
    add_sanction,
    firm,
)

PASSWORD = "Redress-2026!"
ID = "441302198211212985"


@pytest.fixture
def register(session):
    """A record with a sanction, and another firm's record."""
    with transaction():
        record = add_record(1)
        other = add_record(2, name="惠州市启明丰湖印染有限公司", code=OTHER_FIRM)
        add_sanction([record], ends_on=None)
        create_unit("惠州市信用中心", "12441300GFJFMT0T6N", is_office=True)
        return record.id, other.id


ROLES = {
    "clerk": ("惠州市信用中心", "office.clerk"),
    "provider": ("惠州市市场监督管理局", "provider.handler"),
    "executor": ("惠州市财政局", "executor.handler"),
    "auditor": ("惠州市信用中心", "admin.audit"),
}


def sign_in(client, username):
    """The client of somebody who was not there before: a password costs time."""
    with transaction():
        person = create_person(username, username, PASSWORD)
        if username == "subject":
            represent(person, firm(), "self")
        else:
            name, role = ROLES[username]
            unit = unit_by(name)
            assert unit is not None
            add_membership(person, unit, role)
    client.submit(client.get("/login").form(), username=username, password=PASSWORD)
    return client


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, register):
    assert client.get("/records").path == "/login"


def test_an_administrator_has_no_business_here(client, register):
    sign_in(client, "auditor").get("/records", status=403)


def test_the_office_finds_a_record_by_part_of_a_name(client, register):
    _, other = register
    page = sign_in(client, "clerk").get("/records")
    assert "永利" in page.text
    found = client.submit(page.form("form[role=search]"), q="启明")
    assert "永利" not in found.text
    assert [link["href"] for link in found.all("td a")] == [f"/records/{other}"]


def test_what_is_not_found_is_said(client, register):
    assert "没有找到" in sign_in(client, "clerk").get("/records?q=不存在的公司").text


def test_a_long_list_has_a_next_page(client, register):
    with transaction():
        for number in range(10, 65):
            add_record(number)
    first = sign_in(client, "clerk").get("/records")
    second = client.get(str(first.one("a[rel=next]")["href"]))
    links = [page.all("td a") for page in (first, second)]
    assert [len(found) for found in links] == [50, 7]
    assert len({link["href"] for found in links for link in found}) == 57


def test_a_subject_sees_its_record_and_may_object_to_it(client, register):
    mine, other = register
    page = sign_in(client, "subject").get(f"/records/{mine}")
    assert page.has(f'a[href="/cases/new/objection?record={mine}"]')
    client.get(f"/records/{other}", status=404)
    client.get("/records/999999", status=404)


def test_a_department_is_not_offered_to_object(client, register):
    mine, _ = register
    assert not sign_in(client, "executor").get(f"/records/{mine}").has("a[href*='/cases/new']")


@pytest.mark.parametrize("who", ["subject", "executor", "clerk", "provider"])
def test_numbers_of_documents_are_masked_at_first(client, register, who):
    mine, _ = register
    page = sign_in(client, who).get(f"/records/{mine}")
    assert ID not in page.response.text
    assert "4413**********2985" in page.text
    assert FIRM in page.text


@pytest.mark.parametrize("who", ["clerk", "provider"])
def test_office_and_provider_may_see_them_whole_and_that_is_recorded(client, register, who):
    mine, _ = register
    page = sign_in(client, who).get(f"/records/{mine}")
    whole = client.submit(page.form(f'main form[action="/records/{mine}"]'))
    assert ID in whole.text
    chosen = sa.select(AuditEntry.subject_ref).where(
        AuditEntry.action == "record:identity:unmasked"
    )
    assert list(db.session.scalars(chosen)) == [f"record:{mine}"]


def test_nobody_else_may(client, register):
    mine, _ = register
    page = sign_in(client, "subject").get(f"/records/{mine}")
    token = page.one("header input[name=csrf_token]")["value"]
    client.post(f"/records/{mine}", {"csrf_token": token}, status=403)


def test_the_four_switches_are_told_each_with_its_reason(client, register):
    mine, _ = register
    record = row(mine)
    with transaction():
        turn_on(record, "annotation", date(2026, 7, 1), None, "异议", "YY-2026-000001")
    page = sign_in(client, "clerk").get(f"/records/{mine}")
    assert "YY-2026-000001" in page.text
    assert "异议处理中" in page.text
    assert "公示中" in page.text
    assert "2027年6月21日" in page.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda *_: None, "执行中"),
        (lambda _, sanction: hold(sanction), "已要求暂停执行"),
        (lambda _, sanction: lift(sanction), "已解除"),
        (lambda record, _: revoke(record), "没有有效信用记录支持"),
    ],
)
def test_it_says_whether_a_sanction_is_in_force_and_if_not_why(client, register, change, said):
    mine, _ = register
    with transaction():
        record = row(mine)
        change(record, the_sanction())
    page = sign_in(client, "subject").get(f"/records/{mine}")
    assert said in page.text


def test_a_version_shows_what_it_changed(client, register):
    mine, _ = register
    record = row(mine)
    with transaction():
        said = content(record) | {"fine": "1234567.5", "facts": "第一行\n第二行<script>"}
        new_version(record, said, "correction", "惠市监更正〔2026〕3号", "GZ-2026-000001")
    page = sign_in(client, "subject").get(f"/records/{mine}")
    assert "69,700" in page.text
    assert "1,234,567.5" in page.text
    assert "惠市监更正〔2026〕3号" in page.text
    assert not page.has("main script")


def test_a_record_that_was_revoked_says_so_in_list_and_page(client, register):
    mine, _ = register
    with transaction():
        revoke(row(mine))
    assert "已撤销" in sign_in(client, "subject").get("/records").text
    assert "已撤销" in client.get(f"/records/{mine}").text


def row(record_id):
    return db.session.get_one(Record, record_id)


def the_sanction():
    return db.session.execute(sa.select(Sanction)).scalar_one()


def hold(sanction):
    day = date(2026, 6, 21)
    db.session.add(Hold(sanction_id=sanction.id, case_number="YY-2026-000001", since=day))


def lift(sanction):
    sanction.lifted_on = date(2026, 7, 1)


def revoke(record):
    end_record(record, "revoke", date(2026, 7, 1), "撤销决定")
