"""What the page of a suspension tells, above all where nobody asked to suspend anything."""

from app.cases.due import tick
from tests.app.cases.city import City
from tests.app.cases.states import case_in, repair_in


def lifted_after_repair(city: City) -> tuple[str, str]:
    """A repair that is granted, and the case in which the department lifts the measure."""
    record = city.repairable()
    city.sanction(record)
    number = repair_in(city, record, "executing")
    tick()
    (child,) = city.children(number, "suspension")
    return number, child


def test_a_case_that_only_lifts_says_so(city, visit):
    number, child = lifted_after_repair(city)
    page = visit("executor").get(f"/cases/{child}").one("body").get_text(" ")
    assert f"解除惩戒措施 {child}" in " ".join(page.split())
    assert "据以解除的案件" in page
    assert number in page
    assert "要求暂停" not in page
    assert "暂停执行情况" not in page


def test_a_suspension_still_tells_who_asked_for_it(city, visit):
    number = case_in(city, "suspension", "lifting")
    page = visit("executor").get(f"/cases/{number}").one("body").get_text(" ")
    assert f"暂停执行惩戒措施 {number}" in " ".join(page.split())
    assert "要求暂停的案件" in page
    assert "已不再要求暂停" in page
