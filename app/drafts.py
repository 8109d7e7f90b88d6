"""Files on their way: each is written under a hidden name beside its place, then renamed.

Whoever is killed meanwhile leaves the hidden one behind; nobody ever reads it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from app import clock

FOLDERS: Final = ("files", "imports", "notices")
"""Where files are published in DATA_DIR."""
OLD: Final = timedelta(days=1)
"""Longer than any file takes to be written."""


def clear(data_dir: Path) -> int:
    """Remove the drafts that have lain there for longer than `OLD`; gives how many."""
    before = (clock.now() - OLD).timestamp()
    found = (path for folder in FOLDERS for path in (data_dir / folder).glob(".*"))
    old = [path for path in found if _written(path) < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _written(path: Path) -> float:
    """When it was written last; one that has got its name meanwhile is as new as can be."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
