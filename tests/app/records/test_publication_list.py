"""The list of what is disclosed today: who is on it, what it says, and how it is found."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.clock import at
from app.db import db, transaction
from app.records import commands, disclosed as public
from app.records.models import Switch
from tests.app.records.register import FIRM, OTHER_FIRM, add_record

DAY = date(2026, 7, 1)
CITIZEN = "441302198211212985"
PERSON = {"name": "廖静兰", "subject_kind": "自然人", "code": None, "id_no": CITIZEN}


@pytest.fixture(autouse=True)
def _on_a_day():
    with at(DAY):
        yield


def listed(text: str = "", cursor: str = "", limit: int = 50) -> list[str]:
    return [one.decision_no for one in public.disclosed(text, cursor, limit).items]


def number(n: int) -> str:
    return f"惠市监处罚〔2026〕{n}号"


def test_it_lists_what_is_disclosed_on_the_day_the_latest_decision_first(session):
    with transaction():
        add_record(1, decided_on="2026-01-05", disclosed_until="2026-06-30")
        add_record(2, decided_on="2026-01-06", disclosed_until="2026-07-01")
        add_record(3, decided_on="2026-03-01", disclosed_until=None)
        add_record(4, penalty_kind="通报批评", disclosed_until=None)
        commands.end_record(add_record(5), "repair", DAY, "修复决定")
    assert listed() == [number(3), number(2)]
    with at(date(2026, 7, 2)):
        assert listed() == [number(3)]


def test_a_disclosure_that_begins_anew_keeps_its_place_by_the_day_of_the_decision(session):
    with transaction():
        older = add_record(1, decided_on="2026-04-01")
        add_record(2, decided_on="2026-04-19")
        add_record(3, decided_on="2026-04-19")
        commands.end_record(older, "repair", date(2026, 6, 1), "修复决定")
        commands.undo_repair(older, date(2026, 6, 20), "撤销修复", "XF-2026-000001")
    assert listed() == [number(3), number(2), number(1)]
    cursor = public.disclosed("", "", 2).next
    assert cursor.startswith("2026-04-19.")
    assert listed(cursor=cursor) == [number(1)]


def test_a_record_is_disclosed_until_the_day_on_which_it_is_ended(session):
    with transaction():
        commands.end_record(add_record(1), "repair", date(2026, 7, 2), "修复决定")
    assert listed() == [number(1)]
    with at(date(2026, 7, 2)):
        assert not listed()


def test_it_says_what_the_public_may_know_of_an_organisation(session):
    with transaction():
        commands.turn_on(add_record(1), Switch.ANNOTATION, DAY, None, "异议", "YY-2026-000001")
    (one,) = public.disclosed().items
    assert one == public.Disclosed(
        subject="惠州市永利石材有限公司",
        code=FIRM,
        decision_no=number(1),
        authority="惠州市市场监督管理局",
        penalty_kind="罚款",
        decided_on=date(2026, 6, 21),
        severity="一般",
        disclosed_until=date(2027, 6, 21),
        contested=True,
    )


def test_the_name_of_a_natural_person_is_masked_and_its_number_never_shown(session):
    with transaction():
        add_record(1, **PERSON)
    (one,) = public.disclosed().items
    assert (one.subject, one.code) == ("廖**", "")


def test_a_sole_trader_known_by_its_owners_number_is_shown_without_it(session):
    owner = {"subject_kind": "个体工商户", "name": "博罗县小蓉饭店", "id_no": CITIZEN}
    with transaction():
        add_record(1, **owner | {"code": None})
        add_record(2, **owner | {"code": "92441302MA5ABCDE0Y"})
    assert [one.code for one in public.disclosed().items] == ["92441302MA5ABCDE0Y", ""]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("石材", [1]),
        (FIRM, [1]),
        (OTHER_FIRM, [2]),
        ("惠州市", [2, 1]),
        ("惠市监处罚〔2026〕3号", [3]),
        ("惠市监处罚[2026]2号", [2]),
        (" 石材 ", [1]),
        ("廖静兰", []),
        ("静兰", []),
        (CITIZEN, []),
        ("没有这家公司", []),
        ("", [3, 2, 1]),
    ],
)
def test_it_is_searched_by_name_code_and_decision_but_not_by_a_natural_person(session, text, found):
    with transaction():
        add_record(1, decided_on="2026-06-01")
        add_record(2, decided_on="2026-06-02", name="惠州市启明丰湖印染有限公司", code=OTHER_FIRM)
        add_record(3, decided_on="2026-06-03", **PERSON)
    assert listed(text) == [number(n) for n in found]


def test_the_number_of_an_owner_does_not_lead_to_its_business(session):
    with transaction():
        add_record(1, subject_kind="个体工商户", name="博罗县小蓉饭店", id_no=CITIZEN, code=None)
    assert listed("小蓉饭店") == [number(1)]
    assert not listed(CITIZEN)


def test_it_is_read_part_by_part_without_gaps_or_repeats(session):
    with transaction():
        for n in range(1, 8):
            add_record(n, decided_on=f"2026-06-0{1 + n // 3}")
    seen, cursor = [], ""
    for _ in range(4):
        page = public.disclosed("", cursor, 2)
        seen += [one.decision_no for one in page.items]
        cursor = page.next
    assert cursor == ""
    assert seen == [number(n) for n in range(7, 0, -1)]


@pytest.mark.parametrize("cursor", ["x", "2026-02-30.1", "2026-06-01", "1.2026-06-01", "²."])
def test_a_cursor_that_is_none_begins_anew(session, cursor):
    with transaction():
        add_record(1)
    assert listed(cursor=cursor) == [number(1)]


def test_however_many_are_listed_it_asks_as_often(session, count_queries):
    with transaction():
        for n in range(1, 12):
            add_record(n)
    db.session.expunge_all()
    with count_queries() as count:
        assert len(listed()) == 11
    assert count.number == 2
    with count_queries() as count:
        assert len(listed("石材")) == 11
    assert count.number == 4


def test_the_file_holds_every_part_and_no_formula(session, monkeypatch):
    monkeypatch.setattr(public, "CHUNK", 2)
    with transaction():
        for n in range(1, 5):
            add_record(n)
        add_record(5, name="=HYPERLINK(1)", code=OTHER_FIRM)
    text = b"".join(public.as_csv()).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["主体名称", "统一社会信用代码", "行政处罚决定书文号"]
    assert [row[2] for row in rows[1:]] == [number(n) for n in range(5, 0, -1)]
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert rows[2] == [
        "惠州市永利石材有限公司", FIRM, number(4), "惠州市市场监督管理局", "罚款",
        "2026-06-21", "一般", "2027-06-21", "否",
    ]  # fmt: skip


TABLES = ("records", "switch_periods", "subjects")
SCANS = {
    "sqlite": [f"SCAN {table}" for table in TABLES],
    "postgresql": [f"Seq Scan on {table}" for table in TABLES],
}


def plan_of(chosen: sa.Select[*tuple[Any, ...]]) -> str:
    """How the database goes about a query, as it says itself."""
    dialect = db.engine.dialect
    text = chosen.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    prefix = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"
    rows = db.session.execute(sa.text(f"{prefix} {str(text).replace(':', chr(92) + ':')}"))
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("text", ["", "石材", "惠市监处罚〔2026〕3号"])
@pytest.mark.parametrize("cursor", ["", "2026-06-21.3"])
def test_no_part_of_the_list_scans_a_table(session, text, cursor):
    with transaction():
        for n in range(1, 30):
            add_record(n)
    if db.engine.dialect.name == "postgresql":
        # With so few rows it would rather read them all.
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        db.session.execute(sa.text("SET LOCAL enable_sort = off"))
    plan = plan_of(public.chosen(text, cursor, 51))
    assert not [scan for scan in SCANS[db.engine.dialect.name] if scan in plan], plan
    assert text or "ix_records_d" in plan, plan
