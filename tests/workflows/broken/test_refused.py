"""Each broken definition is refused for what is wrong with it, and for nothing else."""

import pytest

from tests.workflows.broken.definitions import ALL
from tests.workflows.changing import with_effect
from tests.workflows.said import NATIONAL
from workflows import WORKFLOWS
from workflows.check import faults
from workflows.rules import Rules


def test_the_kinds_as_they_are_have_no_fault():
    assert not faults(WORKFLOWS, [NATIONAL])


@pytest.mark.parametrize("wrong", ALL)
def test_it_is_refused_for_what_is_wrong_with_it(wrong):
    kinds, expected = ALL[wrong]
    found = faults(kinds, [NATIONAL])
    assert {(one.code, one.kind, one.place) for one in found} == expected, found


@pytest.mark.parametrize("wrong", ALL)
def test_each_fault_is_one_chinese_line_that_names_the_place_and_what_to_do(wrong):
    for one in faults(ALL[wrong][0], [NATIONAL]):
        line = str(one)
        assert line.startswith(f"{one.kind} {one.place}：")
        assert line.endswith(f"[{one.code}]")
        assert "\n" not in line
        assert any("一" <= sign <= "鿿" for sign in one.text)


def test_an_order_to_a_department_may_outlive_whoever_gave_it():
    lifting = (("suspension", "open_to_lift"),)
    kinds = with_effect("correction", "carry_out", "put_the_record_right", opens=lifting)
    assert not faults(kinds, [NATIONAL])


def test_every_rule_set_is_asked():
    missing = Rules("city", tuple(row for row in NATIONAL if row.name != "case.execute"))
    found = faults(WORKFLOWS, [NATIONAL, missing])
    assert {(one.code, one.kind, one.place) for one in found} == {
        ("no_length", "objection", "case.execute"),
        ("no_length", "repair", "case.execute"),
    }
    assert all("city" in one.text for one in found)


def test_there_are_enough_of_them():
    assert len(ALL) >= 60
