"""What would become of open cases under another version of the law or other rules; nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app import clock
from app.db import db
from tests.app.cases.city import City
from tests.app.cases.states import case_in
from tests.workflows.versions import first_objection, older, supersede
from workflows import WORKFLOWS, rules as law
from workflows.grammar import Role, Workflow

NATIONAL = Path(law.__file__).parent / "national.toml"


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.at(date(2026, 8, 3)):
        yield


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Asks, and proves that nothing was written by asking."""

    def command(*arguments: object) -> Result:
        before = everything()
        words = ["cases", "what-if", *map(str, arguments)]
        answer = app.test_cli_runner().invoke(args=words)
        assert everything() == before
        return answer

    return command


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    db.session.rollback()
    tables = db.metadata.sorted_tables
    return {one.name: list(map(tuple, db.session.execute(sa.select(one)))) for one in tables}


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """The state's rules with another value in one of them: `changed("objection.accept", 2, 1)`."""

    def write(name: str, before: object, after: object) -> Path:
        text = NATIONAL.read_text(encoding="utf-8")
        start = text.index("value = ", text.index(f'name = "{name}"'))
        at = text.index(f"{before}", start)
        assert text.find("[[rule]]", start) > at
        file = tmp_path / "changed.toml"
        file.write_text(text[:at] + str(after) + text[at + len(str(before)) :], encoding="utf-8")
        return file

    return write


@pytest.fixture
def superseded(monkeypatch: pytest.MonkeyPatch) -> Callable[[Workflow], None]:
    """Makes a definition one that was replaced, as version 1."""
    return lambda old: supersede(monkeypatch, old)


def lines(answer: Result) -> list[str]:
    """What it says of cases, without the last line, which counts."""
    assert answer.exit_code == 0, answer.output
    return answer.output.splitlines()[:-1]


def test_the_version_that_a_case_is_on_already_changes_nothing(
    city: City, run: Callable[..., Result]
) -> None:
    case_in(city, "objection", "deciding")
    case_in(city, "repair", "approving")
    answer = run("--workflow", 1)
    assert lines(answer) == []
    assert "其中0件会有不同" in answer.output


def test_rules_that_say_the_same_change_nothing(city: City, run: Callable[..., Result]) -> None:
    case_in(city, "objection", "deciding")
    case_in(city, "repair", "revoking")
    assert lines(run("--rules", NATIONAL)) == []


def test_steps_that_are_gone_or_lead_elsewhere_are_told(
    monkeypatch: pytest.MonkeyPatch, city: City, run: Callable[..., Result]
) -> None:
    first = first_objection()
    with monkeypatch.context() as then:
        then.setitem(WORKFLOWS, "objection", first)
        asked, waiting = (case_in(city, "objection", one) for one in ("verifying", "supplementing"))
    supersede(monkeypatch, first)
    assert lines(run("--workflow", 2)) == [
        f"{asked} 结果：步骤“提醒提供单位”（hasten）不再有",
        f"{waiting} 结果：步骤“逾期未补正终止”（lapse）转为“不予受理” → 转为“已终止”",
    ]


def test_steps_that_there_would_be_besides_are_told(
    superseded: Callable[[Workflow], None], city: City, run: Callable[..., Result]
) -> None:
    superseded(first_objection())
    number = case_in(city, "objection", "verifying")
    assert lines(run("--workflow", 1, number)) == [
        f"{number} 结果：多出步骤“提醒提供单位”（hasten）"
    ]


def test_a_step_that_was_taken_and_has_no_counterpart_is_told(
    monkeypatch: pytest.MonkeyPatch, city: City, run: Callable[..., Result]
) -> None:
    first = first_objection()
    with monkeypatch.context() as then:
        then.setitem(WORKFLOWS, "objection", first)
        number = case_in(city, "objection", "verifying")
        city.take(number, "hasten", "supervisor")
    supersede(monkeypatch, first)
    assert f"{number} 没有对应：办过的步骤“提醒提供单位”（hasten）" in lines(
        run("--workflow", 2, number)
    )


def test_a_state_that_has_no_counterpart_stalls_the_case_or_cannot_be_told(
    superseded: Callable[[Workflow], None], city: City, run: Callable[..., Result]
) -> None:
    flow = WORKFLOWS["objection"]
    left = tuple(one for one in flow.states if one.name != "verifying")
    steps = tuple(one for one in flow.steps if {*one.sources, one.to} <= {*left, None})
    superseded(older("objection", states=left, steps=steps))
    there, beyond = (case_in(city, "objection", one) for one in ("verifying", "deciding"))
    told = lines(run("--workflow", 1, there, beyond))
    assert f"{there} 停滞：现在的状态“核实中”（verifying）在第1版中没有对应" in told
    assert f"{beyond} 没有对应：经过的状态“核实中”（verifying）" in told


def test_a_kind_that_there_was_not_yet_stalls(
    monkeypatch: pytest.MonkeyPatch, city: City, run: Callable[..., Result]
) -> None:
    supersede(monkeypatch, first_objection())
    monkeypatch.setitem(WORKFLOWS, "repair", replace(WORKFLOWS["repair"], version=2))
    number = case_in(city, "repair", "examining")
    assert lines(run("--workflow", 1, number)) == [
        f"{number} 停滞：现在的状态“审查中”（examining）在第1版中没有对应"
    ]


def test_where_nothing_leads_on_or_nobody_is_waited_for_it_stalls(
    superseded: Callable[[Workflow], None], city: City, run: Callable[..., Result]
) -> None:
    flow = WORKFLOWS["objection"]
    staying = tuple(one for one in flow.steps if one.to is None or not leaves(one, "deciding"))
    nobody = tuple(replace(o, owner=None) if o.name == "deciding" else o for o in flow.states)
    superseded(older("objection", steps=staying, states=nobody))
    number = case_in(city, "objection", "deciding")
    told = lines(run("--workflow", 1, number))
    assert f"{number} 停滞：从现在的状态“待决定”（deciding）没有出路" in told
    assert f"{number} 停滞：现在的状态“待决定”（deciding）没有人负责" in told
    assert any("（uphold）不再有" in one for one in told)


def leaves(step: Any, state: str) -> bool:
    return state in {one.name for one in step.sources}


def test_another_owner_and_other_clocks_are_told(
    superseded: Callable[[Workflow], None], city: City, run: Callable[..., Result]
) -> None:
    flow = WORKFLOWS["objection"]
    states = tuple(
        replace(one, owner=Role.OFFICE_APPROVER) if one.name == "submitted" else one
        for one in flow.states
    )
    clocks = tuple(one for one in flow.clocks if one.name != "objection.forward")
    superseded(older("objection", states=states, clocks=clocks))
    number = case_in(city, "objection", "submitted")
    assert lines(run("--workflow", 1, number)) == [
        f"{number} 期限：objection.forward 2026-08-05 → （没有）",
        f"{number} 结果：由信用办经办办理 → 由信用办审批办理",
    ]


def test_a_change_of_law_is_tried_on_open_cases_before_it_is_made(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    number = case_in(city, "objection", "submitted")
    answer = run("--rules", changed("objection.accept", 2, 1))
    assert lines(answer) == [f"{number} 期限：objection.accept 2026-08-05 → 2026-08-04"]
    assert "共1件，其中1件会有不同" in answer.output


def test_it_may_be_tried_on_some_cases_alone(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    first, second = (case_in(city, "objection", "submitted") for _ in range(2))
    answer = run("--rules", changed("objection.accept", 2, 1), second)
    assert second in answer.output
    assert first not in answer.output


def test_a_condition_that_would_no_longer_be_met_is_told_with_its_reason(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    number = city.repair(city.repairable("provider2"))
    (line,) = lines(run("--rules", changed("publicity.36.ordinary.minimum", 3, 12), number))
    assert line.startswith(f"{number} 结果：步骤“提交修复申请”（submit）不能办理：最短公示期未满")
    assert "2027-04-01" in line


def test_a_condition_that_would_be_met_then_is_told(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    early = city.repair(city.repairable("provider2", decided_on="2026-06-01"))
    (line,) = lines(run("--rules", changed("publicity.36.ordinary.minimum", 3, 1), early))
    assert line.startswith(f"{early} 结果：步骤“提交修复申请”（submit）不再受阻：最短公示期未满")


def test_a_condition_that_would_not_be_met_for_another_reason_is_told(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    early = city.repair(city.repairable("provider2", decided_on="2026-07-01"))
    (line,) = lines(run("--rules", changed("publicity.36.ordinary.minimum", 3, 2), early))
    assert line.startswith(f"{early} 结果：步骤“提交修复申请”（submit）受阻的理由改变：")
    assert line.index("2026-10-01") < line.index(" → ") < line.index("2026-09-01")


def test_another_class_of_its_record_is_told_and_what_follows(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    number = city.repair(city.repairable("provider2"))
    told = lines(run("--rules", changed("severity.罚款", '"ordinary"', '"serious"'), number))
    assert any("：一般，制度36 → 严重，制度36" in one for one in told)
    assert any("（submit）不能办理：最短公示期未满" in one for one in told)


def test_a_ground_that_is_no_longer_one_and_one_that_is_called_otherwise_are_told(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    number = case_in(city, "objection", "submitted")
    first = '{ code = "O1", title = "信息有错误" },'
    assert lines(run("--rules", changed("objection.grounds", first, ""), number)) == [
        f"{number} 结果：已经选定的“信息有错误”（objection.grounds O1） → （没有）"
    ]
    told = lines(run("--rules", changed("objection.grounds", "信息有错误", "信息错误"), number))
    assert told == [f"{number} 结果：已经选定的“信息有错误”（objection.grounds O1） → “信息错误”"]


def test_switches_of_policy_and_the_bar_are_told_of_the_kinds_they_concern(
    city: City, run: Callable[..., Result], changed: Callable[..., Path]
) -> None:
    objection, repair = case_in(city, "objection", "deciding"), case_in(city, "repair", "revoking")
    bar = run("--rules", changed("repair.bar_years", 3, 5))
    assert lines(bar) == [f"{repair} 结果：repair.bar_years：3年 → 5年"]
    other = run("--rules", changed("suspension.counts", '"no"', '"yes"'), objection, repair)
    (line,) = lines(other)
    assert line.startswith(f"{objection} 结果：suspension.counts：")


@pytest.mark.parametrize("asked", [["--workflow", 1], ["--rules", NATIONAL]])
def test_a_closed_case_and_one_that_does_not_exist_are_refused(
    city: City, run: Callable[..., Result], asked: list[object]
) -> None:
    closed = case_in(city, "objection", "not_accepted")
    answer = run(*asked, closed)
    assert (answer.exit_code, f"案件{closed}已经办结" in answer.output) == (1, True)
    answer = run(*asked, "YY-2026-999999")
    assert (answer.exit_code, "没有案件YY-2026-999999" in answer.output) == (1, True)


def test_a_version_that_there_is_not_is_refused(city: City, run: Callable[..., Result]) -> None:
    answer = run("--workflow", 7)
    assert (answer.exit_code, "流程定义没有第7版，只有：1。" in answer.output) == (1, True)


@pytest.mark.parametrize("asked", [[], ["--workflow", 1, "--rules", NATIONAL]])
def test_one_of_both_is_asked_for(
    city: City, run: Callable[..., Result], asked: list[object]
) -> None:
    answer = run(*asked)
    assert (answer.exit_code, "二者取一" in answer.output) == (2, True)


def test_rules_with_two_values_for_one_day_are_refused_with_file_and_line(
    city: City, run: Callable[..., Result], tmp_path: Path
) -> None:
    text = NATIONAL.read_text(encoding="utf-8")
    one = text[text.index("[[rule]]") : text.index("[[rule]]", text.index("[[rule]]") + 1)]
    file = tmp_path / "twice.toml"
    file.write_text(f"{text}\n{one}", encoding="utf-8")
    answer = run("--rules", file)
    assert answer.exit_code == 1
    assert "twice.toml:" in answer.output
    assert "在时间上重叠" in answer.output


def test_rules_that_lack_one_are_refused_with_file_and_line(
    city: City, run: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "city.toml"
    file.write_text('title = "本市"\ninherits = "national"\n', encoding="utf-8")
    answer = run("--rules", file)
    assert answer.exit_code == 1
    assert "city.toml:1: 没有规则" in answer.output


def test_a_city_may_inherit_from_the_rules_of_the_program(
    city: City, run: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "city.toml"
    file.write_text(
        'title = "本市"\ninherits = "national"\n\n[[rule]]\nname = "objection.accept"\nvalue = 3\n'
        'unit = "working_day"\nsource = "本市条例第一条"\neffective_from = 2025-01-01\n'
        "verified = true\n",
        encoding="utf-8",
    )
    number = case_in(city, "objection", "submitted")
    answer = run("--rules", file)
    assert f"{number} 期限：objection.accept 2026-08-05 → 2026-08-06" in answer.output
