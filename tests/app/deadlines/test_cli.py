"""The command line on due dates."""

import pytest


@pytest.fixture
def run(app, session):
    def invoke(*arguments: str):
        return app.test_cli_runner().invoke(args=["deadlines", "compute", *arguments])

    return invoke


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("2026-09-24", "7", "working_day"), "2026-10-12\n"),
        (("2026-01-31", "1", "month"), "2026-02-28\n"),
        (("2026-01-31", "60", "calendar_day"), "2026-04-01\n"),
        (("2024-02-29", "1", "year"), "2025-02-28\n"),
        (("2026-12-31", "3", "working_day"), "2027-01-06 provisional\n"),
        (("2026-12-31", "3", "month"), "2027-03-31\n"),
    ],
)
def test_it_prints_the_due_date_and_whether_it_is_provisional(run, arguments, printed):
    answer = run(*arguments)
    assert (answer.exit_code, answer.output) == (0, printed)


@pytest.mark.parametrize(
    "arguments",
    [
        ("2026-02-30", "1", "month"),
        ("2026-02-28", "1", "week"),
        ("2026-02-28", "-1", "month"),
        ("2026-02-28", "1000000", "working_day"),
        ("2012-02-28", "1", "working_day"),
    ],
)
def test_it_refuses_what_it_cannot_compute(run, arguments):
    answer = run(*arguments)
    assert answer.exit_code != 0
    assert answer.exception is None or isinstance(answer.exception, SystemExit)


def test_it_computes_before_there_is_a_database(make_app):
    app = make_app(migrated=False)
    answer = app.test_cli_runner().invoke(
        args=["deadlines", "compute", "2026-09-24", "7", "working_day"]
    )
    assert answer.output == "2026-10-12\n"
