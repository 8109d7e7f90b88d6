"""What an operator asks of cases and their definitions on the command line."""

from __future__ import annotations

from config import ROOT
from workflows import WORKFLOWS


def test_the_due_dates_of_a_case_that_does_not_exist_cannot_be_explained(app, session):
    result = app.test_cli_runner().invoke(args=["deadlines", "explain", "YY-2026-999999"])
    assert result.exit_code == 1
    assert "没有案件YY-2026-999999" in result.output


def test_the_pages_about_the_kinds_are_written_where_one_wants_them(app, tmp_path):
    folder = tmp_path / "of" / "today"
    result = app.test_cli_runner().invoke(args=["workflows", "write", "--to", str(folder)])
    assert result.exit_code == 0, result.output
    pages = (ROOT / "docs" / "workflows").iterdir()
    ours = {page.name: page.read_bytes() for page in pages if page.stem in WORKFLOWS}
    assert {page.name: page.read_bytes() for page in folder.iterdir()} == ours
    assert sorted(result.output.split()) == sorted(str(folder / name) for name in ours)
