"""The documentation of the kinds is that of their definitions."""

import pytest

from app.cases.describing import described
from config import ROOT
from workflows import WORKFLOWS


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_the_page_of_a_kind_is_fresh(kind: str) -> None:
    written = (ROOT / "docs" / "workflows" / f"{kind}.md").read_text(encoding="utf-8")
    assert written == described(kind), "run: flask --app wsgi workflows write"


def test_a_page_names_every_step_and_state() -> None:
    page = described("objection")
    for step in WORKFLOWS["objection"].steps:
        assert f"### `{step.name}`" in page
    for state in WORKFLOWS["objection"].states:
        assert f"| `{state.name}` |" in page
