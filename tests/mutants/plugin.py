"""Makes a mutant the law before any test is collected; `MUTANT` names it. Only for `script/mutate`."""

from __future__ import annotations

import os

from tests.mutants.mutants import mutants
from workflows import WORKFLOWS


def pytest_configure() -> None:
    """The kinds that all tests see are those of the mutant."""
    name = os.environ.get("MUTANT")
    if name:
        WORKFLOWS.update(mutants()[name]())
