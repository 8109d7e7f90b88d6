"""Who may import whom: the contracts of `pyproject.toml` hold, and what breaks them is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT


def linted(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def test_the_import_contracts_are_kept():
    found = linted(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


@pytest.mark.parametrize(
    ("page", "line", "contract"),
    [
        ("objection.py", "from app.clock import today", "The law knows neither the office"),
        ("superseded/objection_1.py", "from app.db import db", "The law knows neither the office"),
        ("repair.py", "import sqlalchemy", "The law knows neither the office"),
        (
            "superseded/repair_1.py",
            "from workflows.repair import STATES",
            "does not import another",
        ),
    ],
)
def test_a_definition_that_imports_what_it_must_not_is_refused(tmp_path, page, line, contract):
    for name in ("app", "workflows"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    definition = tmp_path / "workflows" / page
    text = definition.read_text(encoding="utf-8") if definition.exists() else '"""Old."""\n'
    definition.write_text(f"{text}\n{line}\n", encoding="utf-8")
    found = linted(tmp_path)
    assert found.returncode == 1
    broken = [said for said in found.stdout.splitlines() if said.endswith("BROKEN")]
    assert len(broken) == 1, found.stdout
    assert contract in broken[0]
