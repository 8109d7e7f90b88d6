"""What would be if other rules were in force: which of them differ, which open cases would move."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.deadlines.models import Deadline
from tests.app.cases.states import case_in
from workflows import rules as law

NATIONAL = Path(law.__file__).parent / "national.toml"


@pytest.fixture(autouse=True)
def _on_a_monday():
    with clock.at(date(2026, 8, 3)):
        yield


@pytest.fixture
def run(app):
    def command(*arguments):
        return app.test_cli_runner().invoke(args=[str(one) for one in arguments])

    return command


@pytest.fixture
def stricter(tmp_path):
    """The state's rules with one day for acceptance."""
    file = tmp_path / "stricter.toml"
    rule = 'name = "objection.accept"\nvalue = '
    text = NATIONAL.read_text(encoding="utf-8")
    assert text.count(f"{rule}2") == 1
    file.write_text(text.replace(f"{rule}2", f"{rule}1"), encoding="utf-8")
    return file


def stored():
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Deadline))
    return {(row.case_number, row.clock): row.due_on for row in rows}


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


def test_a_change_of_law_is_tried_on_open_cases_before_it_is_made(city, run, stricter):
    number = case_in(city, "objection", "submitted")
    before = stored()
    answer = run("cases", "what-if", "--rules", stricter)
    assert f"{number} objection.accept：2026-08-05 → 2026-08-04" in answer.output
    assert stored() == before


def test_it_may_be_tried_on_some_cases_alone(city, run, stricter):
    first, second = (case_in(city, "objection", "submitted") for _ in range(2))
    answer = run("cases", "what-if", "--rules", stricter, second)
    assert second in answer.output
    assert first not in answer.output


def test_a_closed_case_and_one_that_does_not_exist_are_refused(city, run, stricter):
    closed = case_in(city, "objection", "not_accepted")
    answer = run("cases", "what-if", "--rules", stricter, closed)
    assert (answer.exit_code, "已经办结" in answer.output) == (1, True)
    answer = run("cases", "what-if", "--rules", stricter, "YY-2026-999999")
    assert (answer.exit_code, "没有案件" in answer.output) == (1, True)


def test_rules_that_lack_one_are_refused_with_file_and_line(city, run, tmp_path):
    file = tmp_path / "city.toml"
    file.write_text('title = "本市"\ninherits = "national"\n', encoding="utf-8")
    answer = run("cases", "what-if", "--rules", file)
    assert answer.exit_code == 1
    assert "city.toml:1: 没有规则" in answer.output


def test_a_city_may_inherit_from_the_rules_of_the_program(city, run, tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(
        'title = "本市"\ninherits = "national"\n\n[[rule]]\nname = "objection.accept"\nvalue = 3\n'
        'unit = "working_day"\nsource = "本市条例第一条"\neffective_from = 2025-01-01\n'
        "verified = true\n",
        encoding="utf-8",
    )
    number = case_in(city, "objection", "submitted")
    answer = run("cases", "what-if", "--rules", file)
    assert f"{number} objection.accept：2026-08-05 → 2026-08-06" in answer.output
