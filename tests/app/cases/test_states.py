"""Every state of every kind is reached by real steps."""

import pytest

from app import clock
from tests.app.cases.states import REPAIR, case_in
from tests.app.cases.telling import MONDAY
from workflows import WORKFLOWS


@pytest.mark.parametrize("state", [one.name for one in WORKFLOWS["repair"].states])
def test_a_repair_gets_into_every_state_by_real_steps(city, state):
    with clock.at(MONDAY):
        assert city.state(case_in(city, "repair", state)) == state


def test_no_state_of_a_repair_is_made_up():
    assert set(REPAIR) == {one.name for one in WORKFLOWS["repair"].states}
