"""The page of each case in each state, as everybody sees it."""

import pytest

from tests.app.cases.states import case_in
from workflows import WORKFLOWS

STATES = [(kind, state.name) for kind, workflow in WORKFLOWS.items() for state in workflow.states]
EVERYBODY = [
    "clerk", "approver", "supervisor", "provider", "provider-approver",
    "executor", "executor-approver", "subject",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_a_case_is_shown_in_every_state_to_whoever_may_see_it(city, visit, kind, state):
    number = case_in(city, kind, state)
    assert city.state(number) == state
    title = WORKFLOWS[kind].state(state).title
    for name in EVERYBODY:
        response = visit(name).open(f"/cases/{number}")
        assert response.status_code in {200, 404}, name
        if response.status_code == 200:
            page = visit(name).get(f"/cases/{number}")
            assert number in page.title
            assert title in page.one(".standing").get_text()
