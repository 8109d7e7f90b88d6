"""The page on which a case says how its due dates came about."""

from app import clock
from tests.app.cases.states import case_in

STOP = {"ground": "inspection", "document": "检1", "reasons": "检验"}


def told(page, title):
    """The panel of a clock."""
    (panel,) = [one for one in page.all("main section") if one.h2.get_text(strip=True) == title]
    return panel


def test_a_case_leads_to_how_each_of_its_dates_came_about(city, visit):
    number = case_in(city, "objection", "submitted")
    browser = visit("subject")
    assert browser.get(f"/cases/{number}").has(f'a[href="/cases/{number}/deadlines"]')
    page = browser.get(f"/cases/{number}/deadlines")
    accept = told(page, "决定是否受理")
    assert "2个工作日" in accept.get_text()
    assert "广州市信用信息异议办理须知" in accept.get_text()
    (due,) = accept.select(".day-due .day-number")
    assert accept.select_one("time")["datetime"].endswith(f"-{int(due.get_text()):02d}")


def test_days_that_stand_still_are_drawn_as_such_and_a_stranger_sees_nothing(city, visit):
    number = case_in(city, "objection", "supplementing")
    page = visit("clerk").get(f"/cases/{number}/deadlines")
    assert "期限中止" in told(page, "决定是否受理").get_text()
    visit("provider2").get(f"/cases/{number}/deadlines", status=404)


def test_of_a_child_that_stops_the_clocks_the_subject_reads_no_number(city, visit):
    number = case_in(city, "objection", "verifying")
    child = city.children(number, "verification")[0]
    city.take(child, "stop_clock", "provider-approver", **STOP)
    with clock.at(clock.today().replace(day=5)):
        city.take(child, "restart_clock", "provider")
    with clock.at(clock.today().replace(day=6)):
        inside = visit("clerk").get(f"/cases/{number}/deadlines").text
        outside = visit("subject").get(f"/cases/{number}/deadlines").text
    assert f"案件{child}的期限中止" in inside
    assert child not in outside
    assert "不计，期限中止" in outside
