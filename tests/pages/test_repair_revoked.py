"""That a repair was revoked is told wherever somebody would still rely on it."""

from tests.app.cases.states import case_in


def record_page(browser, number):
    key = str(browser.get(f"/cases/{number}").one("a[href^='/records/']")["href"])
    return browser.get(key)


def decisions(page):
    """What stands beside the title of each decision."""
    rows = [
        row.select_one("td").get_text(" ").split()
        for row in page.all("#notices ~ table tr")
        if row.td
    ]
    return {words[0]: words[2] if len(words) > 2 else "" for words in rows}


def test_the_record_says_that_its_repair_was_revoked_and_by_which_case(city, visit):
    number = case_in(city, "repair", "revoked")
    for who in ("subject", "approver", "provider"):
        page = record_page(visit(who), number)
        assert "本记录曾经修复，该修复已于2026年8月3日撤销" in page.text
        assert page.has(f'main p a[href="/cases/{number}"]')
        assert f"撤销信用修复 {number}" in page.text
        assert f"{number} {number}" not in page.text


def test_the_decision_is_marked_as_revoked_and_then_as_restored(city, visit):
    number = case_in(city, "repair", "revoked")
    told = decisions(visit("subject").get(f"/cases/{number}"))
    assert told["准予信用修复决定书"] == "已撤销"
    assert told["撤销信用修复决定书"] == ""
    city.take(number, "restore_repair", "approver2", document="行政判决书")
    subject = visit("subject")
    told = decisions(subject.get(f"/cases/{number}"))
    assert told["准予信用修复决定书"] == "已恢复"
    assert told["撤销信用修复决定书"] == "已被撤销"
    assert told["恢复信用修复决定书"] == ""
    assert "该修复已于" not in record_page(subject, number).text


def test_receipts_say_to_which_sending_they_belong(city, visit):
    number = case_in(city, "repair", "revoked")
    rows = [
        row.get_text(" ")
        for row in visit("approver").get(f"/cases/{number}").all("#recipients ~ table tbody tr")
    ]
    assert [" 撤销信用修复 " in row.replace("\n", " ") for row in rows] == [False] * (
        len(rows) // 2
    ) + [True] * (len(rows) // 2)


def test_a_commitment_that_was_broken_is_not_published_any_more(city, visit, client):
    number = case_in(city, "repair", "repaired")
    record = visit("subject").get(f"/cases/{number}").one("article.item h3").get_text().strip()
    assert record in client.get("/commitments").text
    other = case_in(city, "repair", "revoked")
    record = visit("subject").get(f"/cases/{other}").one("article.item h3").get_text().strip()
    assert record not in client.get("/commitments").text


def test_a_lifted_sanction_says_when_it_was_lifted(city, visit):
    number = case_in(city, "repair", "repaired")
    browser = visit("approver")
    assert "已解除 2026年8月3日解除" in browser.get(f"/cases/{number}").text
    assert "已解除 2026年8月3日解除" in record_page(browser, number).text


def test_a_record_that_nobody_contests_any_more_shows_no_day_for_it(city, visit):
    number = case_in(city, "objection", "withdrawn")
    page = record_page(visit("clerk"), number)
    row = page.all("table.cards")[0].select("tbody tr")[0]
    assert [cell.get_text().strip() for cell in row.select("td")[1:4]] == ["未标注", "—", "—"]
