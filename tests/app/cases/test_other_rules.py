"""Two sets of rules compared: which of them differ, and which open cases would move."""

from datetime import date

import pytest

from app import clock
from tests.app.cases.states import case_in


@pytest.fixture(autouse=True)
def _on_a_monday():
    with clock.at(date(2026, 8, 3)):
        yield


@pytest.fixture
def run(app):
    def command(*arguments):
        return app.test_cli_runner().invoke(args=[str(one) for one in arguments])

    return command


def test_two_cities_are_compared_rule_by_rule_and_by_what_would_move(city, run):
    number = case_in(city, "objection", "submitted")
    answer = run("rules", "compare", "national", "shenzhen")
    assert answer.exit_code == 0, answer.output
    said = answer.output.splitlines()
    assert "objection.accept：2个工作日 → 1个工作日" in said
    assert "verification.extension" not in answer.output
    assert "basis.objection：（没有） → 《深圳经济特区社会信用条例》第四十八条至第五十一条" in said
    assert f"{number} objection.accept：2026-08-05 → 2026-08-04" in said
    assert said[-1].startswith("变动到期日1项")


def test_the_rules_of_two_days_are_compared_as_well(city, run):
    answer = run("rules", "compare", "national@2026-03-31", "national@2026-04-01")
    assert "basis.repair.granted：" in answer.output
    assert "objection.total" not in answer.output


def test_the_same_rules_do_not_differ_and_move_nothing(city, run):
    case_in(city, "objection", "submitted")
    (line,) = run("rules", "compare", "national", "national").output.splitlines()
    assert line.startswith("变动到期日0项")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("atlantis", "没有名为 atlantis 的规则集"),
        ("national@2024-12-31", "没有 2024-12-31 的规则"),
        ("national@morgen", "日期请写成"),
    ],
)
def test_rules_that_do_not_exist_are_told(city, run, name, said):
    answer = run("rules", "compare", "national", name)
    assert answer.exit_code == 1
    assert said in answer.output
