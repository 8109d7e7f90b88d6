"""Due dates on the pages of cases that lie across the National Day of 2026.

The 1st to the 7th of October are off; Saturday the 10th is worked for it, as was Sunday the 20th of
September (国办发明电: 2026 年部分节假日安排).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from app import clock
from tests.app.cases.city import City
from tests.stories.desks import Desks
from tests.stories.reading import CasePage

NUMBER, ASKED, STOP = "YY-2026-000001", "HS-2026-000001", "ZT-2026-000001"
VIOLATION = {"field": "violation", "ground": "O1", "claim": "没有此行为"}


def october(number: int) -> date:
    """A day of October 2026; the tenth is a Saturday."""
    return date(2026, 10, number)


@pytest.fixture(autouse=True)
def _before_the_holiday() -> Iterator[None]:
    with clock.at(date(2026, 9, 29)):
        yield


@pytest.fixture
def accepted(city: City, desk: Desks) -> CasePage:
    """An objection, submitted on the 29th of September and accepted on the 30th."""
    record = city.record()
    city.sanction(record)
    desk("subject").object_to([record], [VIOLATION])
    page = desk("subject").take(NUMBER, "submit")
    assert page.dues == {
        "决定是否受理": october(8),
        "转送信息提供单位": october(8),
        "办结异议": october(14),
        "最长办理期限": date(2026, 11, 2),
    }
    with clock.at(date(2026, 9, 30)):
        return desk("clerk").take(NUMBER, "accept")


def test_holidays_do_not_count_and_make_up_days_do(accepted: CasePage, desk: Desks) -> None:
    assert accepted.dues["办结异议"] == october(14)
    with clock.at(date(2026, 9, 30)):
        asked = desk("provider").case(ASKED)
        assert asked.dues == {
            "签收核实函": october(8),
            "反馈核实结果": october(10),
            "终结核实": october(27),
        }
        assert "2026年10月10日前逐项核实" in desk("provider").read(asked.letters[0].key)
        order = desk("executor").case(STOP)
        assert order.dues == {"反馈暂停执行情况": october(9)}
        assert "2026年10月9日前反馈" in desk("executor").read(order.letters[0].key)


def test_nobody_is_urged_before_the_days_are_over(
    accepted: CasePage, desk: Desks, run: Callable[..., str]
) -> None:
    with clock.at(october(8)):
        assert "共办理0步" in run("cases", "tick")
        said = {"executed_on": "2026-10-08", "note": "已停用"}
        desk("executor").take(STOP, "confirm", said)
        desk("provider").take(ASKED, "acknowledge")
        desk("provider").take(ASKED, "ask_for_time", {"reason": "放假期间档案馆不开放"})
        page = desk("provider-approver").take(ASKED, "grant_time")
        assert page.dues["反馈核实结果"] == october(14)
    with clock.at(october(14)):
        assert "共办理0步" in run("cases", "tick")
    with clock.at(october(15)):
        assert "urge 2" in run("cases", "tick")
        assert desk("provider").case(ASKED).letters[-1].number == "某信核催〔2026〕1号"
        assert "已超期 1 天" in desk("clerk").case(NUMBER).standing["办理期限"]


def test_a_due_date_is_explained_day_by_day(
    city: City, desk: Desks, run: Callable[..., str]
) -> None:
    desk("subject").object_to([city.record()], [VIOLATION])
    desk("subject").take(NUMBER, "submit")
    explained = run("deadlines", "explain", NUMBER)
    for said in ("2026-10-14", "国庆", "调休上班"):
        assert said in explained
    assert run("deadlines", "compute", "2026-09-29", "7", "working_day").split() == ["2026-10-14"]
    provisional = run("deadlines", "compute", "2026-12-30", "7", "working_day").split()
    assert provisional[1:] == ["provisional"]
