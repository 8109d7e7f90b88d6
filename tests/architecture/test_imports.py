"""Who may import whom: the contracts of `pyproject.toml` hold."""

import subprocess
import sys
from pathlib import Path

from config import ROOT


def test_the_import_contracts_are_kept():
    command = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout
