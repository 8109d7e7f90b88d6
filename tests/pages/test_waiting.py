"""What the first page says of hearings to answer and notices to confirm."""

from datetime import date

from app import clock
from app.notices.queries import notices_of
from tests.app.cases.states import case_in
from tests.pages.test_cases_lists import counted

CONFIRM = "section[aria-labelledby=to-confirm]"


def now(page):
    """The numbers of what waits for the reader, each with its line."""
    rows = page.all("section[aria-labelledby=now] tbody tr")
    return {row.select_one(".case-number").get_text(): row.get_text(" ") for row in rows}


def test_whoever_may_be_heard_finds_the_case_on_the_first_page(city, visit):
    number = case_in(city, "repair", "revoking")
    (line,) = now(visit("subject").get("/")).values()
    assert "陈述和申辩" in line
    assert "2026年8月10日" in line
    assert now(visit("stranger").get("/")) == {}
    assert "陈述和申辩" not in now(visit("approver").get("/"))[number]


def test_who_answered_or_let_the_time_pass_is_not_waited_for(city, visit):
    number = case_in(city, "repair", "revoking")
    with clock.at(date(2026, 8, 11)):
        assert now(visit("subject").get("/")) == {}
    city.take(number, "answer", "subject", statement="本公司不知情。")
    assert now(visit("subject").get("/")) == {}


def test_a_notice_waits_on_the_first_page_until_its_receipt_is_confirmed(city, visit):
    number = case_in(city, "repair", "revoking")
    subject = visit("subject")
    page = subject.get("/")
    titles = [one.get_text() for one in page.one(CONFIRM).select("td a[href$='.pdf']")]
    assert titles[0] == "拟撤销信用修复告知书"
    assert page.has(f"{CONFIRM} a[href='/cases/{number}#notices']")
    page = subject.submit(page.form(f"{CONFIRM} tr:first-child form"))
    assert page.path == "/"
    told = page.one(CONFIRM).get_text() if page.has(CONFIRM) else ""
    assert "拟撤销信用修复告知书" not in told
    served = {one.name for one in notices_of([number]) if one.served_on}
    assert served == {"hearing"}


def test_others_are_not_told_of_notices_to_somebody_else(city, visit):
    case_in(city, "repair", "revoking")
    for who in ("stranger", "supervisor"):
        page = visit(who).get("/")
        assert "拟撤销信用修复告知书" not in page.text


def test_a_unit_is_told_of_its_notices_and_at_most_ten(city, visit):
    for _ in range(12):
        case_in(city, "verification", "issued")
    with counted() as few:
        page = visit("provider").get("/")
    assert len(page.all(f"{CONFIRM} tbody tr")) == 10
    assert len([one for one in few if "FROM notices" in one]) == 1
