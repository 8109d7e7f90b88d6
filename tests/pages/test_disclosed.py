"""The public list of what is disclosed, and on its own page how long a record is."""

import csv
import io
from datetime import date

import pytest

from app.clock import at
from app.db import db, transaction
from app.records.commands import end_record
from app.records.models import Record

CITIZEN = "441302198211212985"
PERSON = {"subject_kind": "自然人", "name": "买买提·㛃", "id_no": CITIZEN, "code": ""}
DAY = date(2026, 8, 1)


def row(record_id: int) -> Record:
    return db.session.get_one(Record, record_id)


def lines(page) -> list[str]:
    return [" ".join(line.get_text(" ").split()) for line in page.all("tbody tr")]


def test_anybody_finds_it_from_the_first_page_and_from_the_foot_of_every_page(client, city):
    for path in ("/", "/login"):
        assert client.get(path).has("footer a[href='/disclosed']")
    assert client.get("/").has("main a[href='/disclosed']")


def test_it_shows_what_is_disclosed_today(client, city):
    city.record(decision_no="惠测罚〔2026〕甲号")
    contested, ended = city.record(), city.record(decision_no="惠测罚〔2026〕丙号")
    number = city.objection(contested)
    city.take(number, "submit", "subject")
    city.take(number, "accept", "clerk")
    with transaction():
        end_record(row(ended), "delete", DAY, "删除决定")
    page = client.get("/disclosed")
    assert page.title == "信用信息公示"
    newer, older = lines(page)
    assert "异议处理中" in newer
    assert "异议处理中" not in older
    assert older == (
        "惠州市䶮测印染有限公司 91441300MA4W0CHM2Z 惠测罚〔2026〕甲号 惠州市市场监督管理局 "
        "罚款、吊销许可证件 2026年3月19日 严重 2029年3月19日"
    )
    assert "丙号" not in page.text


def test_at_the_end_of_the_longest_period_it_stops_by_itself(client, city):
    city.record(penalty_kind="罚款", disclosed_until="2031-01-01")
    with at(date(2027, 3, 19)):
        assert len(lines(client.get("/disclosed"))) == 1
    with at(date(2027, 3, 20)):
        assert "目前没有正在公示的信息" in client.get("/disclosed").text


def test_it_shows_nothing_by_which_a_natural_person_is_known(client, city):
    city.record(**PERSON)
    (line,) = lines(client.get("/disclosed"))
    assert line.startswith("买")
    assert "买买" not in line
    assert CITIZEN[:6] not in line
    for text in ("买买提", CITIZEN):
        assert "没有找到" in client.get(f"/disclosed?q={text}").text


def test_it_is_searched_and_what_was_searched_for_stays_in_the_form(client, city):
    city.record()
    city.record(subject="other", decision_no="惠测罚〔2026〕乙号")
    page = client.submit(client.get("/disclosed").form(), q="惠测罚[2026]乙号")
    assert len(lines(page)) == 1
    assert page.one("#q").get("value") == "惠测罚[2026]乙号"
    assert page.one("a.btn[href='/disclosed']").get_text() == "显示全部"


def test_a_long_list_goes_on_on_the_next_page(client, city):
    for _ in range(51):
        city.record()
    first = client.get("/disclosed?q=印染")
    assert len(lines(first)) == 50
    rest = client.get(str(first.one("a[rel=next]").get("href")))
    assert len(lines(rest)) == 1
    assert not rest.has("a[rel=next]")


@pytest.mark.parametrize("who", ["clerk", "approver", "supervisor"])
def test_the_office_takes_the_list_away_as_a_file(visit, city, who):
    city.record()
    city.record(subject="other")
    browser = visit(who)
    link = browser.get("/disclosed?q=印染").one("a[href^='/disclosed.csv']")
    answer = browser.open(str(link.get("href")))
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [one[0] for one in rows] == ["主体名称", "惠州市䶮测印染有限公司"]
    assert len(browser.open("/disclosed.csv").get_data().splitlines()) == 3


@pytest.mark.parametrize("who", ["subject", "provider", "executor", ""])
def test_nobody_else_does(visit, client, city, who):
    city.record()
    browser = visit(who) if who else client
    assert not browser.get("/disclosed").has("a[href^='/disclosed.csv']")
    assert browser.open("/disclosed.csv").status_code == (403 if who else 302)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"penalty_kind": "罚款", "disclosed_until": "2026-12-31"},
            ["失信程度 一般", "107号", "最短公示期满 2026年6月19日", "公示至 2026年12月31日",
             "最长公示期 至 2027年3月19日", "（未核实）"],
        ),
        (
            {"penalty_kind": "罚款", "disclosed_until": "2031-12-31"},
            ["公示至 2027年3月19日 （最长公示期届满，自动停止）"],
        ),
        (
            {"penalty_kind": "警告", "disclosed_until": ""},
            ["失信程度 轻微", "最短公示期满 没有最短公示期 （履行义务并且其他条件也符合的，可以申请修复）",
             "公示至 不向社会公示"],
        ),
        (
            {"decided_on": "2026-04-01", "authority": "惠州市生态环境局", "disclosed_until": ""},
            ["失信程度 严重", "36号", "最短公示期满 2027年4月1日", "公示至 2029年4月1日"],
        ),
        (
            {"decided_on": "2018-03-19", "disclosed_until": ""},
            ["失信程度 未定", "早于各项信用修复制度", "最短公示期满 期限未定", "公示至 不向社会公示"],
        ),
    ],
)  # fmt: skip
def test_the_page_of_a_record_tells_its_class_regime_and_days(visit, city, said, told):
    record_id = city.record(**said)
    page = visit("clerk").get(f"/records/{record_id}")
    section = " ".join(page.one("section.publication").get_text(" ").split())
    assert [
        text for text in told if text not in section.replace(" （", "（").replace("（", " （")
    ] == []
    assert page.has("svg.period") == ("未定" not in told[0])


def test_a_record_that_has_ended_says_that_it_is_no_longer_disclosed(visit, city):
    record_id = city.record()
    with transaction():
        end_record(row(record_id), "delete", DAY, "删除决定")
    section = visit("clerk").get(f"/records/{record_id}").one("section.publication")
    assert "本记录已删除，不再公示" in section.get_text()
