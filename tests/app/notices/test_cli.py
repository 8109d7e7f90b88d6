"""The commands on notices say what is so, by their words and by their exit status."""

from __future__ import annotations

import pytest

from app.db import db, transaction
from app.notices import commands, files
from app.notices.drawing import draw
from app.notices.models import Notice


@pytest.fixture
def notice(session, drafts) -> Notice:
    with transaction():
        (key,) = commands.issue(drafts("objection.refusal"))
    return db.session.get_one(Notice, key)


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def test_a_genuine_file_is_told_from_a_changed_one(run, notice, tmp_path):
    file = tmp_path / "notice.pdf"
    file.write_bytes(draw(notice))
    done = run(args=["notices", "verify", str(file)])
    assert (done.exit_code, notice.number in done.output) == (0, True)
    assert done.output.startswith("genuine")
    file.write_bytes(file.read_bytes() + b"\n")
    done = run(args=["notices", "verify", str(file)])
    assert (done.exit_code, done.output.startswith("changed")) == (1, True)
    file.write_bytes(b"nothing")
    done = run(args=["notices", "verify", str(file)])
    assert (done.exit_code, done.output.startswith("unknown")) == (1, True)


def test_what_is_drawn_again_is_the_same_without_its_file(run, notice):
    draw(notice)
    files.path(notice.id).unlink()
    assert "1 same, 0 other fonts or renderer, 0 differ" in run(args=["notices", "redraw"]).output
    done = run(args=["notices", "missing"])
    assert (done.exit_code, f"missing or changed: {notice.number}" in done.output) == (1, True)
    draw(notice)
    assert run(args=["notices", "missing"]).exit_code == 0


def test_the_fonts_are_named_with_whose_they_are(run):
    told = run(args=["notices", "fonts"]).output
    assert "仿宋: FandolFang (an open font; the licensed one is missing)" in told
