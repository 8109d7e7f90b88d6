"""The kind's name is the path: whoever knows one kind finds everything of another."""

import pytest

from config import ROOT
from workflows import WORKFLOWS

PLACES = (
    "workflows/{}.py",
    "app/cases/{}/__init__.py",
    "templates/cases/{}",
    "templates/notices/{}",
    "tests/workflows/test_{}.py",
    "docs/workflows/{}.md",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", WORKFLOWS)
def test_a_kind_has_its_place(kind, place):
    assert (ROOT / place.format(kind)).exists()


def test_a_kind_is_called_by_its_name():
    assert all(kind == workflow.kind for kind, workflow in WORKFLOWS.items())
    assert len(WORKFLOWS) >= 4
