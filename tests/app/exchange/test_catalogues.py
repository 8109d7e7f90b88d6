"""Units, measures and sanctions are imported line by line, each with its fate."""

import csv
from datetime import date

import pytest
import sqlalchemy as sa

from app.clock import at
from app.db import db, transaction
from app.exchange.sanctions import COLUMNS
from app.people.models import Unit
from app.people.queries import unit_by
from app.records.commands import end_record
from app.records.models import Measure, Recipient, Record, Sanction, SanctionBasis, Share
from tests.app.exchange.conftest import CITY
from tests.app.exchange.exports import AUTHORITY, firm_code, penalty, write


def table(path, header, *lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def sanction_line(**cells):
    usual = {
        "decision_no": penalty(1)["decision_no"],
        "authority_code": AUTHORITY,
        "subject_code": firm_code(1),
        "measure": "M02",
        "department": "惠州市财政局",
        "starts_on": "2026/06/21",
        "ends_on": "2027/06/21",
    }
    return [(usual | cells)[column.name] for column in COLUMNS]


def sanction_file(path, *lines):
    return table(path / "sanctions.csv", [column.title for column in COLUMNS], *lines)


@pytest.fixture
def sanctioned(city, tmp_path):
    """The city, in which one firm has two records."""
    second = penalty(2, name=penalty(1)["name"], code=firm_code(1))
    assert city("records", write(tmp_path / "two.csv", [penalty(1), second])).status == 0
    return city


SECOND = {"decision_no": penalty(2)["decision_no"]}


def the_sanction() -> Sanction:
    return db.session.execute(sa.select(Sanction)).scalar_one()


def test_units_are_what_their_roles_say(run):
    assert set(run("units", CITY / "units.csv").fates.values()) == {"accept"}
    both, office = unit_by("惠州市市场监督管理局"), unit_by("惠州市信用中心")
    assert both is not None
    assert office is not None
    assert (both.provides, both.executes, both.is_office) == (True, True, False)
    assert (office.provides, office.executes, office.is_office) == (False, False, True)
    assert set(run("units", CITY / "units.csv").fates.values()) == {"skip"}


def test_further_columns_of_a_unit_are_kept_and_an_empty_cell_takes_nothing_away(run, tmp_path):
    header = [
        "单位名称",
        "统一社会信用代码",
        "角色",
        "地址",
        "联系电话",
        "行政复议机关",
        "管辖法院",
    ]
    line = ["惠州市财政局", "11441300XUNEJMFDX0", "实施部门"]
    first = table(
        tmp_path / "a.csv", header, [*line, "三新北路1号", "0752-1", "惠州市人民政府", ""]
    )
    assert run("units", first).fates == {2: "accept"}
    second = table(tmp_path / "b.csv", header, [*line, "三新北路2号", "", "", "惠城区人民法院"])
    assert run("units", second).fates == {2: "update"}
    unit = unit_by("惠州市财政局")
    assert unit is not None
    assert (unit.address, unit.phone) == ("三新北路2号", "0752-1")
    assert (unit.review_body, unit.court) == ("惠州市人民政府", "惠城区人民法院")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (["惠州市财政局", "11441300XUNEJMFDX1", "实施部门"], "统一社会信用代码"),
        (["惠州市财政局", "11441300XUNEJMFDX0", "旁观者"], "角色"),
        (["惠州市财政局", "11441300XUNEJMFDX0", " ; "], "角色"),
        (["", "11441300XUNEJMFDX0", "实施部门"], "单位名称"),
        (["惠州市信用中心", "11441300XUNEJMFDX0", "实施部门"], "单位名称"),
    ],
)
def test_a_unit_with_a_fault_is_rejected_with_its_column(city, tmp_path, line, column):
    report = city(
        "units", table(tmp_path / "a.csv", ["单位名称", "统一社会信用代码", "角色"], line)
    )
    assert (report.status, report.fates) == (1, {2: "reject"})
    assert report.lines[2][1].startswith(column)


def test_a_unit_that_is_renamed_stays_the_same_unit(city, tmp_path):
    line = ["惠州市财政和国资局", "11441300XUNEJMFDX0", "实施部门"]
    path = table(tmp_path / "a.csv", ["单位名称", "统一社会信用代码", "角色"], line)
    assert city("units", path).fates == {2: "update"}
    assert db.session.scalar(sa.select(sa.func.count(Unit.id))) == 15


def test_measures_are_mandatory_or_recommended_and_a_second_import_changes_nothing(city):
    assert set(city("measures", CITY / "measures.csv").fates.values()) == {"skip"}
    mandatory = sa.select(Measure.code).where(Measure.mandatory).order_by(Measure.code)
    assert list(db.session.scalars(mandatory)) == ["M02", "M03"]


def test_a_measure_needs_a_department_that_executes(city, tmp_path):
    header = ["措施编码", "措施名称", "措施类别", "法律依据", "实施部门"]
    lines = [
        ["M09", "限制出境", "强制性", "依据法律法规", "惠州市公安局"],
        ["M10", "限制出境", "强制性", "依据法律法规", "惠州市信用中心"],
        ["M11", "限制出境", "随意", "依据法律法规", "惠州市财政局"],
        ["M02", "限制参与政府采购活动", "推荐性", "依据法律法规", "惠州市财政局"],
    ]
    report = city("measures", table(tmp_path / "a.csv", header, *lines))
    assert list(report.fates.values()) == ["reject", "reject", "reject", "update"]


def test_the_sanctions_of_the_city_are_taken_once(city):
    city("records", CITY / "penalties-v2.csv")
    first = city("sanctions", CITY / "sanctions.csv")
    assert first.status == 0
    count = db.session.scalar(sa.select(sa.func.count(Sanction.id)))
    assert count == list(first.fates.values()).count("accept")
    assert set(city("sanctions", CITY / "sanctions.csv").fates.values()) == {"skip"}
    assert db.session.scalar(sa.select(sa.func.count(Sanction.id))) == count


def test_a_line_for_another_record_lets_the_sanction_rest_on_both(sanctioned, tmp_path):
    lines = [sanction_line(), sanction_line(**SECOND, ends_on="2028/01/01"), sanction_line()]
    report = sanctioned("sanctions", sanction_file(tmp_path, *lines))
    assert list(report.fates.values()) == ["accept", "update", "skip"]
    sanction = the_sanction()
    assert (sanction.starts_on, sanction.ends_on) == (date(2026, 6, 21), date(2028, 1, 1))
    assert db.session.scalar(sa.select(sa.func.count(SanctionBasis.record_id))) == 2


def test_a_sanction_that_was_lifted_is_imposed_anew_and_not_by_its_old_line(sanctioned, tmp_path):
    sanctioned("sanctions", sanction_file(tmp_path, sanction_line()))
    with transaction():
        the_sanction().lifted_on = date(2026, 11, 1)
    anew = sanction_line(starts_on="2026/11/10", ends_on="2027/11/10")
    report = sanctioned("sanctions", sanction_file(tmp_path, sanction_line(), anew))
    assert list(report.fates.values()) == ["skip", "accept"]


def test_a_sanction_whose_period_is_over_is_imposed_anew(sanctioned, tmp_path):
    over = sanction_line(starts_on="2025/06/21", ends_on="2026/06/21")
    path = sanction_file(tmp_path, over, sanction_line())
    assert list(sanctioned("sanctions", path).fates.values()) == ["accept", "accept"]
    assert list(sanctioned("sanctions", path).fates.values()) == ["skip", "skip"]


def test_a_department_gets_the_records_on_which_its_sanctions_rest(sanctioned, tmp_path):
    sanctioned("sanctions", sanction_file(tmp_path, sanction_line(), sanction_line(**SECOND)))
    recipient = db.session.execute(sa.select(Recipient)).scalar_one()
    assert (recipient.name, recipient.kind) == ("惠州市财政局", "unit")
    shared = set(db.session.scalars(sa.select(Share.record_id)))
    assert shared == set(db.session.scalars(sa.select(Record.id)))


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"decision_no": "惠市监处罚〔2026〕99号"}, "行政处罚决定书文号"),
        ({"subject_code": firm_code(9)}, "行政处罚决定书文号"),
        ({"measure": "M99"}, "措施编码"),
        ({"department": "惠州市信用中心"}, "实施部门"),
        ({"department": "没有这个局"}, "实施部门"),
        ({"starts_on": ""}, "开始日期"),
        ({"ends_on": "2026/06/20"}, "截止日期"),
        ({"ends_on": "2026/02/30"}, "截止日期"),
    ],
)
def test_a_sanction_with_a_fault_is_rejected_with_its_column(sanctioned, tmp_path, cells, column):
    path = sanction_file(tmp_path, sanction_line(**cells), sanction_line())
    report = sanctioned("sanctions", path)
    assert report.fates == {2: "reject", 3: "accept"}
    assert report.lines[2][1].startswith(column)


def test_a_sanction_without_end_is_one(sanctioned, tmp_path):
    sanctioned("sanctions", sanction_file(tmp_path, sanction_line(ends_on="无处罚期限")))
    assert the_sanction().ends_on is None


def test_no_sanction_rests_on_a_record_that_has_ended(sanctioned, tmp_path):
    with at(date(2026, 11, 21)), transaction():
        for record in db.session.scalars(sa.select(Record)):
            end_record(record, "revoke", date(2026, 11, 1), "撤销决定")
    report = sanctioned("sanctions", sanction_file(tmp_path, sanction_line()))
    assert report.fates == {2: "reject"}
