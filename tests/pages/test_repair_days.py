"""From which day on a repair may be applied for, wherever a page says so."""

from datetime import date

import pytest

from app import clock
from tests.app.cases.states import case_in
from tests.pages.test_cases_lists import counted
from tests.pages.test_cases_repair import NEW, part

TODAY = {
    # decided on: what the draft is good for
    "2026-05-20": "您可以先保存草稿，自2026年8月20日起提交；现在保存的草稿保留到2026年9月2日。",
    "2026-06-19": "请自2026年9月19日起再来申请；现在保存的草稿只保留到2026年9月2日，等不到那一天。",
}


def test_who_is_barred_is_told_so_beside_every_record_it_may_choose(city, visit):
    case_in(city, "repair", "revoked")
    city.record(penalty_kind="罚款", decided_on="2029-07-20", disclosed_until="2030-07-20")
    page = visit("subject").get(NEW)
    over, barred = "2029年8月3日以前（含当日）不得申请", "最早可于2029年8月4日申请修复"
    for one in page.all(".choice"):
        assert over in one.get_text()
    (late, early) = [one.get_text() for one in page.all(".choice")]
    assert barred in early
    assert "最早可于2029年10月20日申请修复" in late


def test_the_bars_of_all_records_are_asked_for_once(city, visit):
    subject = visit("subject")
    few: list[str] = []
    many: list[str] = []
    for found in (few, many):
        for _ in range(3):
            city.repairable()
        with counted() as found[:]:
            subject.get(NEW)
    assert len(few) == len(many)


def test_the_page_of_a_barred_record_does_not_promise_its_minimum_period(city, visit):
    case_in(city, "repair", "revoked")
    record = city.repairable()
    page = visit("subject").get(f"/records/{record}")
    assert "可以申请修复 2026" not in page.one("section.publication").get_text()
    assert "2029年8月4日" in part(page, "repairing")


def test_what_is_repaired_says_nothing_of_its_minimum_period(city, visit):
    number = case_in(city, "repair", "repaired")
    subject = visit("subject")
    key = str(subject.get(f"/cases/{number}").one("a[href^='/records/']")["href"])
    told = subject.get(key).one("section.publication dl").get_text()
    assert "最短公示期满" not in told
    assert "申请修复" not in told


@pytest.mark.parametrize("decided_on", TODAY)
def test_a_draft_is_advised_only_where_it_lives_long_enough(city, visit, decided_on):
    record = city.record(penalty_kind="罚款", decided_on=decided_on)
    page = visit("subject").get(f"{NEW}?record_id={record}")
    assert TODAY[decided_on] in page.text
    assert page.text.count("草稿保留到") + page.text.count("只保留到") == 1


def test_no_draft_is_advised_where_time_alone_does_not_help(city, visit):
    record = city.record(decided_on="2018-03-19")
    page = visit("subject").get(f"{NEW}?record_id={record}")
    assert "不能按规则确定" in page.one("main .reasons").get_text()
    assert "您可以先保存草稿" not in page.text


def test_who_chose_nothing_is_asked_for_one_record_or_for_several(city, visit):
    city.repairable()
    subject = visit("subject")
    assert "请选择一条记录。" in subject.get(f"{NEW}?chosen=1").one(".summary").get_text()
    page = subject.get("/cases/new/objection?chosen=1")
    assert "请至少勾选一条记录。" in page.one(".summary").get_text()


def test_days_in_refusals_are_written_in_words(city, visit):
    record = city.record(penalty_kind="罚款", decided_on="2026-06-01")
    with clock.at(date(2026, 8, 3)):
        told = part(visit("subject").get(f"/records/{record}"), "repairing")
    assert "2026年9月1日" in told
    assert "2026-" not in told
