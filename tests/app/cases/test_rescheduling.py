"""The notice for a year arrives while cases are open: their due dates are computed anew."""

from datetime import date

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.commands import Action
from app.audit.models import AuditEntry
from app.cases.facts import CaseFacts
from app.cases.models import Case
from app.cases.rescheduling import moved_under
from app.db import db
from app.deadlines.arrangements import read
from app.deadlines.models import CalendarYear, Deadline
from app.deadlines.queries import calendar
from tests.app.deadlines.arranged import OF_2027

NEW_YEARS_EVE = date(2026, 12, 30)
"""A Wednesday. After it, by the known holidays 31st, 4th, 5th … are worked; by the notice 4th not."""


@pytest.fixture
def notice(tmp_path):
    file = tmp_path / "2027.toml"
    file.write_text(OF_2027, encoding="utf-8")
    return file


@pytest.fixture
def run(app):
    def command(*arguments, **options):
        return app.test_cli_runner().invoke(args=["calendar", *map(str, arguments)], **options)

    return command


@pytest.fixture
def late(city):
    """The city between the years, with an accepted objection and a draft."""
    with clock.at(NEW_YEARS_EVE):
        record = city.record()
        city.sanction(record)
        number = city.objection(record)
        city.take(number, "submit", "subject")
        city.take(number, "accept", "clerk")
        city.objection(city.record())
        yield number


def stored():
    db.session.expire_all()
    return {
        (row.case_number, row.clock): (row.due_on, row.provisional)
        for row in db.session.scalars(sa.select(Deadline))
    }


def derived():
    """Every clock as its history gives it today."""
    db.session.expire_all()
    return {
        (case.number, due.clock): (due.due_on, due.provisional)
        for case in db.session.scalars(sa.select(Case))
        for due in CaseFacts(case, clock.today()).dues()
    }


def shown(number):
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    return case.due_on, case.provisional


def test_before_it_is_applied_it_says_which_dates_would_move_and_changes_nothing(run, late, notice):
    before = stored()
    answer = run("import", notice, input="n\n")
    assert answer.exit_code == 1
    assert f"{late} objection.total：2027-01-11 → 2027-01-12" in answer.output
    assert "应用以上变动" in answer.output
    assert stored() == before
    assert db.session.get(CalendarYear, 2027) is None


def test_applied_every_open_date_is_what_its_history_gives_and_no_longer_provisional(
    city, run, late, notice
):
    assert shown(late) == (date(2027, 1, 11), True)
    answer = run("import", notice, "--yes")
    assert answer.exit_code == 0, answer.output
    assert stored() == derived()
    assert shown(late) == (date(2027, 1, 12), False)
    running = [one for one in stored().values() if one[0] and one[0].year == 2027]
    assert running
    assert not any(provisional for _, provisional in running)
    (entry,) = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == Action.CALENDAR_IMPORTED.value)
    )
    assert entry.subject_ref == "calendar:2027"


def test_what_waits_for_a_case_that_moved_is_due_with_it(city, run, late, notice):
    (child,) = city.children(late, "suspension")
    with clock.at(NEW_YEARS_EVE):
        city.take(child, "confirm", "executor", executed_on="2026-12-30", note="已暂停")
    assert shown(child)[0] == date(2027, 1, 11)
    run("import", notice, "--yes")
    db.session.expire_all()
    assert shown(child)[0] == date(2027, 1, 12)


def test_what_is_done_afterwards_counts_by_the_notice(city, run, late, notice):
    run("import", notice, "--yes")
    with clock.at(NEW_YEARS_EVE):
        number = city.objection(city.record("provider2"))
        city.take(number, "submit", "subject")
    assert stored()[number, "objection.accept"] == (date(2027, 1, 5), False)


def test_the_same_notice_again_changes_nothing(run, late, notice):
    run("import", notice, "--yes")
    before = stored()
    answer = run("import", notice, "--yes")
    assert "没有要变动的" in answer.output
    assert stored() == before


def test_a_corrected_notice_takes_the_place_of_the_first(run, late, notice):
    run("import", notice, "--yes")
    notice.write_text(OF_2027.replace("to = 2027-01-04", "to = 2027-01-03"), encoding="utf-8")
    answer = run("import", notice, "--yes")
    assert f"{late} objection.total：2027-01-12 → 2027-01-11" in answer.output
    assert stored() == derived()


def test_begun_again_after_it_was_interrupted_it_writes_the_rest(city, run, late, notice):
    run("import", notice, "--yes")
    wrong = {"due_on": date(2027, 1, 11), "provisional": True}
    chosen = sa.update(Deadline).where(Deadline.clock == "objection.total").values(wrong)
    db.session.execute(chosen)
    db.session.commit()
    answer = run("import", notice, "--yes")
    assert answer.exit_code == 0
    assert stored() == derived()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OF_2027.replace("year = 2027", "year = 2025"), "year：2025年的放假安排程序已有"),
        ("year = ", "不是有效的 TOML"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(run, late, notice, text, said):
    notice.write_text(text, encoding="utf-8")
    before = stored()
    answer = run("import", notice, "--yes")
    assert answer.exit_code == 1
    assert said in answer.output
    assert stored() == before


def test_a_file_that_is_no_text_is_refused(run, city, notice):
    notice.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in run("import", notice, "--yes").output


def test_a_year_is_shown_with_the_notice_it_came_from(run, city, notice):
    assert "尚未公布" in run("show", 2027).output
    assert "程序自带" in run("show", 2026).output
    run("import", notice, "--yes")
    printed = run("show", 2027).output
    assert "关于2027年部分节假日安排的通知（示例）" in printed
    assert "2027-02-14 上班 调休" in printed
    assert "2027-02-11 放假 春节" in printed
    assert run("show", 3027).exit_code == 1


def test_cases_that_are_due_before_the_year_are_not_looked_at(city):
    with clock.at(date(2026, 8, 3)):
        number = city.objection(city.record())
        city.take(number, "submit", "subject")
    slices = list(moved_under(calendar().with_years([read(OF_2027).year]), 2027))
    assert [one for part in slices for one in part] == []
