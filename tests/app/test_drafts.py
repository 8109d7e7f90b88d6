"""What somebody who was killed was writing goes away; whatever else is there stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from app import drafts
from app.clock import now


def written(path: Path, *, days: float = 0.0) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF-")
    moment = (now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_drafts_of_the_dead_are_cleared_after_a_day(tmp_path):
    old = [written(tmp_path / name / ".1.pdf.ab12", days=1.1) for name in drafts.FOLDERS]
    new = written(tmp_path / "files" / ".2.pdf.cd34", days=0.9)
    published = written(tmp_path / "notices" / "1.pdf", days=400)
    key = written(tmp_path / ".hidden.key", days=400)
    assert drafts.clear(tmp_path) == len(old)
    assert not [path for path in old if path.exists()]
    assert new.exists()
    assert published.exists()
    assert key.exists()


def test_an_installation_without_files_has_nothing_to_clear(tmp_path):
    assert drafts.clear(tmp_path) == 0
