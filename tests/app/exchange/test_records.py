"""Records are imported line by line, each with its fate."""

import csv
import os
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.clock import at
from app.db import db, transaction
from app.exchange import lines as batches
from app.exchange.penalties import COLUMNS
from app.people.models import Subject
from app.records.commands import end_record, new_version, turn_off, turn_on
from app.records.fields import FIELDS
from app.records.models import Record, RecordVersion, Switch
from app.records.queries import content, switches, versions
from config import ROOT
from tests.app.exchange.conftest import CITY, DAY
from tests.app.exchange.exports import AUTHORITY, firm_code, penalty, person_penalty, write

DATA = ROOT / "tests" / "data"


def the_record() -> Record:
    return db.session.execute(sa.select(Record)).scalar_one()


def said() -> list[dict[str, str | None]]:
    chosen = sa.select(RecordVersion.content).order_by(RecordVersion.key, RecordVersion.version)
    return list(db.session.scalars(chosen))


def test_the_dirty_file_has_the_fates_of_its_answers(city):
    with (DATA / "penalties-dirty-answers.csv").open(encoding="utf-8") as file:
        answers = {int(row["line"]): row["fate"] for row in csv.DictReader(file)}
    report = city("records", DATA / "penalties-dirty.csv")
    assert report.fates == answers
    assert report.status == 1
    assert all(why for _, why in report.lines.values())


def test_the_dirty_file_a_second_time_changes_nothing(city):
    first = city("records", DATA / "penalties-dirty.csv")
    before = said()
    again = city("records", DATA / "penalties-dirty.csv")
    assert said() == before
    assert [fate for fate in again.fates.values() if fate != "reject"] == ["skip"] * 9
    assert {line for line, fate in again.fates.items() if fate == "reject"} == {
        line for line, fate in first.fates.items() if fate == "reject"
    }


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (3, "行政相对人代码_1"),
        (4, "文号"),
        (5, "处罚决定日期"),
        (8, "处罚决定日期"),
        (9, "罚款金额"),
        (10, "罚款金额"),
        (13, "行政相对人名称"),
        (14, "统一社会信用代码"),
        (15, "证件号码"),
        (18, "公示截止期"),
        (19, "处罚机关统一社会信用代码"),
    ],
)
def test_a_rejection_names_the_column_and_the_way_out(city, line, column):
    _, why = city("records", DATA / "penalties-dirty.csv").lines[line]
    assert column in why
    assert "请" in why or "应" in why


def test_no_reason_tells_a_number_of_a_person(city, tmp_path):
    wrong = person_penalty(1) | {"id_no": "441302198001010011"}
    report = city("records", write(tmp_path / "one.csv", [wrong]))
    assert report.fates == {2: "reject"}
    assert "4413021980" not in report.lines[2][1] + report.output


def test_titles_and_codes_utf8_and_gb18030_say_the_same(city, tmp_path):
    city("records", CITY / "penalties-v2.csv")
    report = city("records", CITY / "penalties-v2-codes-gb18030.csv")
    assert report.status == 0
    assert set(report.fates.values()) == {"skip"}


def test_the_whole_export_of_the_city_is_taken_and_a_second_time_skipped(city):
    assert set(city("records", CITY / "penalties-v2.csv").fates.values()) == {"accept"}
    assert set(city("records", CITY / "penalties-v2.csv").fates.values()) == {"skip"}
    assert db.session.scalar(sa.select(sa.func.count(Record.id))) == 400


def test_what_a_line_says_is_kept_by_the_names_of_the_contract(city, tmp_path):
    line = person_penalty(
        7, name="阿卜杜拉·买买提", valid_until="无处罚期限", facts="第一行\n第二行"
    )
    city("records", write(tmp_path / "one.csv", [line], encoding="gb18030", codes=True))
    (kept,) = said()
    assert list(kept) == list(FIELDS)
    assert kept["name"] == "阿卜杜拉·买买提"
    assert (kept["fine"], kept["confiscated"]) == ("69700", "0")
    assert (kept["decided_on"], kept["valid_until"]) == ("2026-06-21", None)
    assert kept["facts"] == "第一行\n第二行"
    assert the_record().subject_code == line["id_no"]
    assert db.session.scalars(sa.select(Subject.kind)).one() == "person"


def test_a_workbook_is_taken_like_a_csv_file(city, tmp_path):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([column.title for column in COLUMNS])
    line = penalty(1) | {"decided_on": date(2026, 6, 21), "fine": 6.97}
    book.active.append([line.get(column.name) for column in COLUMNS])
    book.save(tmp_path / "one.xlsx")
    assert city("records", tmp_path / "one.xlsx").fates == {2: "accept"}
    assert city("records", write(tmp_path / "one.csv", [penalty(1)])).fates == {2: "skip"}


def test_a_line_with_other_content_is_a_new_version_and_the_old_one_is_kept(city, tmp_path):
    lines = [penalty(1), penalty(1, fine="1"), penalty(1, fine="2")]
    report = city("records", write(tmp_path / "some.csv", lines))
    assert list(report.fates.values()) == ["accept", "update", "update"]
    assert [version.content["fine"] for version in versions(the_record())] == [
        "69700",
        "10000",
        "20000",
    ]
    assert the_record().version == 3


def test_a_new_version_moves_the_end_of_disclosure(city, tmp_path):
    lines = [penalty(1), penalty(1, disclosed_until="2026-12-31")]
    city("records", write(tmp_path / "some.csv", lines))
    now = switches([the_record().id], DAY)[the_record().id][Switch.DISCLOSURE]
    assert now.until == date(2026, 12, 31)


def test_a_contested_record_is_not_overwritten_until_the_case_has_ended(city, tmp_path):
    city("records", write(tmp_path / "one.csv", [penalty(1)]))
    other = write(tmp_path / "other.csv", [penalty(1, fine="1")])
    with transaction():
        turn_on(the_record(), "annotation", DAY, None, "异议", "YY-2026-000007")
    report = city("records", other)
    assert report.fates == {2: "skip"}
    assert "正在办理异议（YY-2026-000007）" in report.lines[2][1]
    assert content(the_record())["fine"] == "69700"
    with transaction():
        turn_off(the_record(), "annotation", DAY, "异议核实结束", "YY-2026-000007")
    assert city("records", other).fates == {2: "update"}


def test_a_record_that_has_ended_is_neither_overwritten_nor_revived(city, tmp_path):
    city("records", write(tmp_path / "one.csv", [penalty(1)]))
    with transaction():
        end_record(the_record(), "revoke", DAY, "撤销决定")
    report = city("records", write(tmp_path / "other.csv", [penalty(1, fine="1")]))
    assert report.fates == {2: "skip"}
    assert "已撤销" in report.lines[2][1]


def test_an_export_that_was_never_put_right_does_not_undo_a_correction(city, tmp_path):
    first = write(tmp_path / "one.csv", [penalty(1)])
    city("records", first)
    with transaction():
        right = content(the_record()) | {"fine": "500"}
        new_version(the_record(), right, "correction", "更正依据", "GZ-2026-000001")
    assert city("records", first).fates == {2: "skip"}
    assert content(the_record())["fine"] == "500"
    assert city("records", write(tmp_path / "two.csv", [penalty(1, fine="3")])).fates == {
        2: "update"
    }


def test_nor_does_it_bring_back_what_was_corrected_to_another_subject(city, tmp_path):
    first = write(tmp_path / "one.csv", [penalty(1)])
    city("records", first)
    with transaction():
        right = content(the_record()) | {"name": "惠州第2号示例有限公司", "code": firm_code(2)}
        new_version(the_record(), right, "correction", "更正依据", "GZ-2026-000001")
    report = city("records", first)
    assert report.fates == {2: "skip"}
    assert "更正" in report.lines[2][1]
    assert the_record().subject_code == firm_code(2)


def test_a_unit_that_provides_nothing_provides_no_records(city, tmp_path):
    line = penalty(1, authority_code="11441300XUNEJMFDX0")
    report = city("records", write(tmp_path / "one.csv", [line]))
    assert report.fates == {2: "reject"}
    assert "未登记为信息提供单位" in report.lines[2][1]


def test_a_dry_run_says_the_same_and_changes_nothing(city, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    lines = [penalty(1), penalty(2), penalty(1), penalty(1, fine="1"), penalty(3, fine="x")]
    path = write(tmp_path / "some.csv", lines)
    trial = city("records", path, "--dry-run")
    assert db.session.scalar(sa.select(sa.func.count(Record.id))) == 0
    real = city("records", path)
    assert trial.lines == real.lines
    assert list(real.fates.values()) == ["accept", "accept", "skip", "update", "reject"]


def test_columns_may_stand_in_any_order_beside_others(city, tmp_path):
    line = penalty(1)
    path = tmp_path / "one.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["序号", *(column.title for column in COLUMNS[::-1])])
        writer.writerow(["1", *(line.get(column.name, "") for column in COLUMNS[::-1])])
    assert city("records", path).fates == {2: "accept"}


@pytest.mark.parametrize("cells", [["甲"], ["甲"] * 31])
def test_a_line_with_too_few_or_too_many_cells_is_rejected_alone(city, tmp_path, cells):
    path = write(tmp_path / "some.csv", [penalty(1)])
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(cells)
        csv.writer(file).writerow([penalty(2).get(column.name, "") for column in COLUMNS])
    report = city("records", path)
    assert list(report.fates.values()) == ["accept", "reject", "accept"]
    assert "应有30列" in report.lines[3][1]


@pytest.mark.parametrize("data", ["", "列一,列二\n1,2\n", "行政相对人名称,行政相对人名称\n"])
def test_a_file_without_the_columns_cannot_be_read(run, tmp_path, data):
    path = tmp_path / "other.csv"
    path.write_text(data, encoding="utf-8")
    report = run("records", path)
    assert report.status == 2
    assert report.lines == {}


def test_a_file_that_is_not_there_cannot_be_read(run, tmp_path):
    assert run("records", tmp_path / "nowhere.csv").status == 2


def test_an_import_is_recorded_with_counts_and_without_names(city, tmp_path):
    city("records", write(tmp_path / "some.csv", [penalty(1), penalty(1), penalty(2, fine="x")]))
    chosen = sa.select(AuditEntry.data).where(AuditEntry.subject_ref == "import:records")
    entry = db.session.scalars(chosen).one()
    assert {fate: entry[fate] for fate in ("accept", "update", "skip", "reject")} == {
        "accept": 1,
        "update": 0,
        "skip": 1,
        "reject": 1,
    }
    assert "示例" not in str(entry)


def test_a_formula_in_a_cell_stays_text_and_is_none_in_the_report(city, tmp_path):
    line = penalty(1, name='=HYPERLINK("http://127.0.0.1/x","惠州公司")', authority_code="=1+1")
    report = city(
        "records", write(tmp_path / "one.csv", [line, line | {"authority_code": AUTHORITY}])
    )
    assert list(report.fates.values()) == ["reject", "accept"]
    assert said()[0]["name"] == line["name"]
    assert not report.lines[2][1].startswith("=")


def test_twenty_thousand_lines_take_no_more_memory_than_a_few(make_app, tmp_path):
    """Measured on a database of its own, since an undone transaction would keep its rows."""
    path = write(tmp_path / "many.csv", (penalty(number) for number in range(1, 20_001)))
    app = make_app()
    invoke = app.test_cli_runner().invoke
    assert invoke(args=["units", "import", str(CITY / "units.csv")]).exit_code == 0
    report = str(tmp_path / "report.csv")
    before = resident()
    with at(DAY):
        result = invoke(args=["records", "import", str(path), "--report", report])
    grown = resident() - before
    assert result.exit_code == 0
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Record.id))) == 20_000
    assert grown < 60 * 2**20


def resident() -> int:
    """Bytes of memory that this process holds."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def test_an_import_that_was_killed_is_finished_by_the_next(make_app, tmp_path, monkeypatch):
    """Batches that were committed stay, the rest comes with the next import."""
    path = write(tmp_path / "some.csv", (penalty(number) for number in range(1, 1_201)))
    app = make_app()
    invoke = app.test_cli_runner().invoke
    invoke(args=["units", "import", str(CITY / "units.csv")])
    whole = batches._try

    def dies_at_the_third(sound, take):
        if sound[0][0] > 1_000:
            raise KeyboardInterrupt
        return whole(sound, take)

    with at(DAY):
        monkeypatch.setattr(batches, "_try", dies_at_the_third)
        invoke(args=["records", "import", str(path)])
        monkeypatch.setattr(batches, "_try", whole)
        second = invoke(args=["records", "import", str(path)])
        third = invoke(args=["records", "import", str(path)])
    assert second.stdout.count("\tskip\t") == 1_000
    assert second.stdout.count("\taccept\t") == 200
    assert third.stdout.count("\tskip\t") == 1_200
