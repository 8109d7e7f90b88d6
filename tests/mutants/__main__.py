"""Lets checker and tests look for mutants, `script/mutate`; tells which nobody caught.

A mutant that `workflows check` lets pass meets the tests of its kind, then the worlds of several
cases. What only compares a copy of the definitions with them (the pages in `docs/workflows`) is
left out: a copy catches everything and proves nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter

import pytest

from tests.mutants.mutants import mutants
from tests.workflows.said import NATIONAL
from workflows.check import faults

SHARED = (
    "tests/workflows/test_definitions.py",
    "tests/workflows/test_declarations.py::test_what_decides_endorses_or_burdens_is_what_the_law_says",
    "tests/workflows/test_declarations.py::test_only_what_waits_for_others_borrows_and_only_an_order_to_a_department_outlives",
    "tests/workflows/test_every_guard.py",
)
TABLES = "tests/workflows/test_what_steps_do.py"
WORLDS = "tests/composition/test_whatever_is_done.py"
REPAIRS, OBJECTIONS = "a_repair_alone or a_record_and_its_repair", "an_objection_alone"


def main() -> int:
    """Every mutant, or every so many; 1 where more than one in twenty lives."""
    parser = argparse.ArgumentParser(prog="script/mutate", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only each n-th of them")
    parser.add_argument("--first", type=int, default=0, help="which of the n")
    told = parser.parse_args()
    chosen = list(mutants().items())[told.first :: told.every]
    fates: Counter[str] = Counter()
    for name, make in chosen:
        fate = "refused" if faults(make(), [NATIONAL]) else _tested(name)
        fates[fate] += 1
        sys.stdout.write(f"{fate:8} {name}\n")
        sys.stdout.flush()
    lives = fates["lives"]
    caught = len(chosen) - lives
    sys.stdout.write(f"{caught} of {len(chosen)} caught ({caught / len(chosen):.1%}): {fates}\n")
    return int(lives * 20 > len(chosen))


def _tested(name: str) -> str:
    kind = name.partition(" ")[0]
    if _fails(name, f"tests/workflows/test_{kind}.py", TABLES) or _fails(name, *SHARED):
        return "tests"
    scenes = REPAIRS if kind == "repair" else OBJECTIONS
    return "worlds" if _fails(name, WORLDS, "-k", scenes) else "lives"


def _fails(name: str, *arguments: str) -> bool:
    """Whether a test fails with the mutant; in a process of its own, without the office."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.environ |= {"MUTANT": name, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        options = [
            "-x",
            "-q",
            "--noconftest",
            "-p",
            "no:cacheprovider",
            "-p",
            "tests.mutants.plugin",
        ]
        os._exit(int(pytest.main([*options, *arguments])))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != pytest.ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
