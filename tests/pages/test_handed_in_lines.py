"""What the page of an import tells of its lines: what they are about, what they wrote, and of whom."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.db import db
from app.exchange import handing_in
from app.records.models import Record
from tests.app.exchange.exports import penalty, person_penalty, write

CITIZEN = "441302198001010019"


@pytest.fixture
def client_of_provider(visit):
    return visit("provider")


@pytest.fixture
def handed_in(client_of_provider, tmp_path):
    """`handed_in(lines)` hands a file in as the provider and gives the page of the result."""
    client = client_of_provider

    def handed_in(lines, *, dry_run=False):
        data = write(tmp_path / "one.csv", lines).read_bytes()
        form = client.get("/imports/new").form("main form")
        given = {"file": (io.BytesIO(data), "处罚.csv"), "dry_run": "y" if dry_run else None}
        page = client.submit(form, **given)
        db.session.rollback()
        handing_in.run_all()
        return client.get(page.path)

    return handed_in


def text(element):
    return " ".join(element.get_text(" ").split())


def test_what_was_added_is_listed_with_links(handed_in):
    page = handed_in([penalty(1), penalty(2)])
    first, second = page.all(".written-lines tbody tr")
    assert text(first) == "2 惠市监处罚〔2026〕1号 惠州第1号示例有限公司"
    keys = db.session.scalars(sa.select(Record.id).order_by(Record.id)).all()
    assert [one.select_one("a")["href"] for one in (first, second)] == [
        f"/records/{key}" for key in keys
    ]


def test_of_many_the_first_fifty_are_listed_and_the_rest_counted(handed_in):
    page = handed_in([penalty(n) for n in range(1, 54)])
    assert len(page.all(".written-lines tbody tr")) == 50
    assert "前 50 行，另有 3 行" in text(page.one("main"))


def test_an_update_tells_each_field_before_and_after(handed_in):
    handed_in([penalty(1)])
    page = handed_in([penalty(1, fine="7", facts="")])
    (line,) = page.all(".written-lines tbody tr")
    assert "罚款金额（元）：69,700 → 70,000" in text(line)
    assert "违法事实：经查证属实。 → （空）" in text(line)
    assert "处罚类别" not in text(line)


def test_two_updates_of_one_record_tell_each_its_own_changes(handed_in):
    page = handed_in([penalty(1), penalty(1, fine="7"), penalty(1, fine="8")])
    told = [text(one) for one in page.all(".written-lines tbody tr")]
    assert "69,700 → 70,000" in told[1]
    assert "70,000 → 80,000" in told[2]


def test_a_trial_names_the_lines_and_links_nothing(handed_in):
    page = handed_in([penalty(1)], dry_run=True)
    (line,) = page.all(".written-lines tbody tr")
    assert "惠州第1号示例有限公司" in text(line)
    assert not line.select("a")


def test_the_page_says_what_the_words_of_the_report_mean(handed_in):
    page = handed_in([penalty(1)])
    assert "accept 是新增，update 是更新，skip 是跳过，reject 是拒绝。" in text(page.one("main"))


@pytest.mark.parametrize(
    "cells",
    [
        {"fine": "x"},
        {"id_no": CITIZEN[:-1] + "0"},
        {"code": CITIZEN},
        {"decided_on": CITIZEN},
        {"disclosed_until": CITIZEN},
        {"fine": CITIZEN},
        {"penalty_kind": CITIZEN},
        {"name": f"程嘉{CITIZEN}", "fine": "x"},
        {"decision_no": CITIZEN, "fine": "x"},
        {"subject_kind": CITIZEN},
        {"id_kind": CITIZEN, "fine": "x"},
        {"authority_code": CITIZEN},
        {"authority": CITIZEN},
        {"subject_kind": "法人及非法人组织", "name": CITIZEN},
    ],
)
def test_no_number_of_a_person_is_told_of_a_rejected_line(handed_in, client_of_provider, cells):
    page = handed_in([person_penalty(1, **{"id_no": CITIZEN} | cells)])
    report = client_of_provider.open(page.one("a[href$='report.csv']")["href"]).data.decode()
    for told in (page.one("main").text, report):
        assert CITIZEN[4:14] not in told
        assert "程嘉" not in told


def test_an_updated_person_is_named_by_the_first_character(handed_in):
    handed_in([person_penalty(1)])
    page = handed_in([person_penalty(1, name="程小嘉", fine="7")])
    (line,) = page.all(".written-lines tbody tr")
    assert "程**" in text(line)
    assert "程小嘉" not in page.text
    assert "69,700 → 70,000" in text(line)
