"""Every export that occurs is taken: two formats, by title or code, as CSV, XLSX and XML."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.clock import at
from app.db import db
from app.exchange.columns import Column
from app.exchange.lines import Fate, Report
from app.exchange.penalties import COLUMNS
from app.exchange.penalties_2015 import COLUMNS as COLUMNS_2015, KINDS, WORDS
from app.exchange.running import import_records
from app.exchange.status import COLUMN as STATUS
from app.records.models import Record, RecordVersion
from app.records.queries import content, rules_today, versions
from tests.app.exchange.conftest import DAY
from tests.app.exchange.exports import (
    AUTHORITY,
    OFFICIAL,
    citizen_id,
    firm_code,
    labels,
    penalty,
    penalty_2015,
    person_penalty,
    write,
    write_xlsx,
    write_xml,
)
from workflows.rules import penalty_kinds

WRITERS: dict[str, Callable[..., Path]] = {"csv": write, "xlsx": write_xlsx, "xml": write_xml}
SHAPES = {"2018": (penalty, COLUMNS), "2015": (penalty_2015, COLUMNS_2015)}
PROVIDER = "11441300A20Y55BB21"


def the_record() -> Record:
    return db.session.execute(sa.select(Record)).scalar_one()


def one(path: Path, **cells: Any) -> Path:
    """A file in the format of 2015 with one line."""
    return write(path / "one.csv", [penalty_2015(**cells)], columns=COLUMNS_2015)


@pytest.mark.parametrize("codes", [True, False])
@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_taken_in_every_format(city, tmp_path, shape, ending, codes):
    make, columns = SHAPES[shape]
    path = tmp_path / f"some.{ending}"
    lines = [make(1), make(2), make(1), make(1, facts="另经复查属实。")]
    WRITERS[ending](path, lines, codes=codes, columns=columns)
    report = city("records", path)
    assert report.fates == {2: "accept", 3: "accept", 4: "skip", 5: "update"}
    first = db.session.scalars(sa.select(Record).order_by(Record.id)).first()
    assert first is not None
    assert [one.content["facts"] for one in versions(first)] == [
        "经查证属实。",
        "另经复查属实。",
    ]


def test_all_formats_say_the_same(city, tmp_path):
    lines = [person_penalty(1, name="阿卜杜拉·买买提"), penalty(2, name="䶮㛃𬭼𠅤<&>商行")]
    assert set(city("records", write(tmp_path / "a.csv", lines)).fates.values()) == {"accept"}
    for path in (
        write(tmp_path / "b.csv", lines, encoding="gb18030", codes=True),
        write(tmp_path / "c.csv", lines, encoding="utf-8-sig"),
        write_xlsx(tmp_path / "d.xlsx", lines),
        write_xml(tmp_path / "e.xml", lines),
        write_xml(tmp_path / "f.xml", lines, encoding="gb18030", codes=False),
        write_xml(tmp_path / "g.xml", lines, encoding="gb18030", declared="GBK"),
        write_xml(tmp_path / "h.xml", lines, encoding="gb18030", declared="gb2312"),
        write_xml(tmp_path / "i.xml", lines, encoding="utf-8-sig", declared="UTF-8"),
    ):
        assert set(city("records", path).fates.values()) == {"skip"}, path.name


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("行政相对人代码_1(统一社会信用代码)", "行政相对人代码_1 (统一社会信用代码)"),
        ("行政相对人代码_1(统一社会信用代码)", "行政相对人代码-1（统一社会信用代码）"),
        ("行政相对人代码_1(统一社会信用代码)", "行政相对人代码＿1"),
        ("行政相对人代码_1(统一社会信用代码)", "统一社会信用代码："),
        ("处罚决定日期", "处罚决定日期（格式为：YYYY/MM/DD）"),
        ("罚款金额(万元)", "罚款金额（万元）"),
        ("行政处罚决定书文号", "cf_wsh"),
        ("公示截止期", "公示截止日期"),
    ],
)
def test_a_label_may_differ_in_what_does_not_matter(city, tmp_path, title, label):
    path = write(tmp_path / "one.csv", [penalty(1)])
    text = path.read_text(encoding="utf-8").replace(title, label, 1)
    path.write_text(text, encoding="utf-8")
    assert city("records", path).fates == {2: "accept"}
    assert content(the_record())["code"] == firm_code(1)
    assert content(the_record())["fine"] == "69700"


def test_the_citizen_id_of_a_legal_person_may_have_a_column_of_its_own(city, tmp_path):
    number = citizen_id("44130219800101007")
    columns = (*COLUMNS, Column("own", "法定代表人身份证号", "CF_FR_SFZH"))
    city("records", write(tmp_path / "one.csv", [penalty(1, own=number)], columns=columns))
    said = content(the_record())
    assert (said["legal_person_id_kind"], said["legal_person_id"]) == ("身份证", number)


def test_an_amount_in_yuan_has_a_column_of_its_own(city, tmp_path):
    path = write(tmp_path / "one.csv", [penalty(1, fine="69700.5")])
    text = path.read_text(encoding="utf-8").replace("罚款金额(万元)", "罚款金额（元）", 1)
    path.write_text(text, encoding="utf-8")
    assert city("records", path).fates == {2: "accept"}
    assert content(the_record())["fine"] == "69700.5"


def test_an_amount_without_its_unit_is_not_guessed(city, tmp_path):
    path = write(tmp_path / "one.csv", [penalty(1)])
    text = path.read_text(encoding="utf-8").replace("罚款金额(万元)", "罚款金额", 1)
    path.write_text(text, encoding="utf-8")
    report = city("records", path)
    assert report.status == 2
    assert "没有写明单位" in report.output


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (("CF_CFJGDM",), "按2018年格式缺少：处罚机关统一社会信用代码"),
        (("CF_XDR_MC", "CF_JDRQ"), "按2018年格式缺少：行政相对人名称、处罚决定日期"),
    ],
)
def test_a_header_that_is_incomplete_is_told_what_is_missing(city, tmp_path, left_out, said):
    columns = [column for column in COLUMNS if column.code not in left_out]
    report = city("records", write(tmp_path / "one.csv", [penalty(1)], columns=columns))
    assert report.status == 2
    assert said in report.output
    assert "按2015年格式缺少：" in report.output


def test_a_file_about_persons_alone_need_not_name_the_code_of_firms(city, tmp_path):
    """Programs that write XML leave out what is empty in every row."""
    path = write_xml(tmp_path / "some.xml", [person_penalty(1), person_penalty(2)])
    assert set(city("records", path).fates.values()) == {"accept"}


def test_a_line_of_2015_is_kept_by_the_names_of_the_contract(city, tmp_path):
    cells = {"kind_2": "2", "organisation_code": "M000100Y-4", "registration_no": "441300000001"}
    city("records", one(tmp_path, **cells, note="无", valid_until="2026/12/31"))
    said = content(the_record())
    assert {name: value for name, value in said.items() if value is not None} == {
        "name": "惠州第1号示例有限公司",
        "subject_kind": "法人及非法人组织",
        "code": firm_code(1),
        "registration_no": "441300000001",
        "organisation_code": "M000100Y-4",
        "legal_person": "程嘉",
        "decision_no": "惠市监处罚〔2015〕1号",
        "violation": "虚假宣传案",
        "facts": "经查证属实。",
        "basis": "《中华人民共和国广告法》第三十七条",
        "penalty_kind": "罚款;没收违法所得;没收非法财物",
        "penalty": "处罚款人民币69700元",
        "decided_on": "2026-06-21",
        "valid_until": "2026-12-31",
        "authority": OFFICIAL["name"],
        "authority_code": AUTHORITY,
        "note": "无",
    }


def test_every_kind_of_2015_has_a_rule_of_its_own(session):
    rules = rules_today()
    words = [word for text in (*KINDS.values(), *WORDS.values()) for word in penalty_kinds(text)]
    assert [word for word in words if f"severity.{word}" not in rules] == []


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("0", "警告"),
        ("1.0", "罚款"),
        ("01", "罚款"),
        ("1=罚款", "罚款"),
        ("1、2", "罚款;没收违法所得;没收非法财物"),
        ("0;1", "警告;罚款"),
        ("没收违法所得、非法财物", "没收违法所得;没收非法财物"),
        ("罚款、没收违法所得、非法财物", "罚款;没收违法所得;没收非法财物"),
        ("4", "暂扣或吊销许可证/执照"),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", "暂扣或吊销许可证/执照"),
        ("6", "其他"),
        ("6其他（责令改正）", "其他"),
    ],
)
def test_a_kind_of_2015_is_read_by_code_and_by_word(city, tmp_path, cell, kinds):
    assert city("records", one(tmp_path, kind_1=cell)).fates == {2: "accept"}
    assert the_record().penalty_kind == kinds


@pytest.mark.parametrize("cell", ["7", "0、罚没", "1=警告", "面壁"])
def test_another_kind_of_2015_is_rejected(city, tmp_path, cell):
    report = city("records", one(tmp_path, kind_1=cell))
    assert report.fates == {2: "reject"}
    assert "处罚类别1" in report.lines[2][1]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({}, "法人及非法人组织"),
        ({"code": "92441300MA0000001X"}, "个体工商户"),
        ({"code": "", "id_no": citizen_id("44130219800101007")}, "自然人"),
        (
            {"code": "", "id_no": citizen_id("44130219800101007"), "registration_no": "44130001"},
            "个体工商户",
        ),
    ],
)
def test_the_kind_of_subject_is_told_by_its_numbers(city, tmp_path, cells, kind):
    report = city("records", one(tmp_path, **cells))
    assert report.fates == {2: "accept"}, report.lines
    assert content(the_record())["subject_kind"] == kind


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"code": ""}, "行政相对人代码_1"),
        ({"code": "", "id_no": "441302198001010011"}, "居民身份证号"),
        ({"organisation_code": "M000100Y-5"}, "组织机构代码"),
        ({"authority": "惠州市不存在局"}, "处罚机关"),
        ({"kind_1": ""}, "处罚类别1"),
        ({"status": "9"}, "当前状态"),
        ({"use": "1"}, "使用范围"),
        ({"disclosed_for": "很久"}, "公示期限"),
    ],
)
def test_a_line_of_2015_is_rejected_with_column_and_way_out(city, tmp_path, cells, column):
    report = city("records", one(tmp_path, **cells))
    assert report.fates == {2: "reject"}
    assert column in report.lines[2][1]
    assert "请" in report.lines[2][1]
    assert db.session.scalar(sa.select(sa.func.count(Record.id))) == 0


@pytest.mark.parametrize(
    ("cells", "until"),
    [
        ({"disclosed_until": "2027/01/31", "disclosed_for": "3"}, "2027-01-31"),
        ({"disclosed_for": "1"}, "2027-06-21"),
        ({"disclosed_for": "三年"}, "2029-06-21"),
        ({"disclosed_for": "6个月"}, "2026-12-21"),
        ({"disclosed_for": "2027/01/31"}, "2027-01-31"),
        ({"disclosed_for": "长期"}, None),
    ],
)
def test_the_end_of_disclosure_is_told_by_day_or_length(city, tmp_path, cells, until):
    assert city("records", one(tmp_path, **cells)).fates == {2: "accept"}
    assert content(the_record())["disclosed_until"] == until


def test_a_revoked_decision_is_not_imported(city, tmp_path):
    report = city("records", one(tmp_path, status="1"))
    assert report.lines == {2: ("skip", "已撤销的决定不再导入")}
    assert db.session.scalar(sa.select(sa.func.count(Record.id))) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_record_whose_source_revokes_it_is_named_and_not_changed(city, tmp_path, shape):
    make, columns = SHAPES[shape]
    columns = tuple(dict.fromkeys((*columns, STATUS)))
    city("records", write(tmp_path / "one.csv", [make(1)], columns=columns))
    line = make(1, status="撤销", facts="另有内容")
    report = city("records", write(tmp_path / "two.csv", [line], columns=columns))
    fate, why = report.lines[2]
    assert fate == "skip"
    assert f"记录{the_record().id}" in why
    assert "更正、撤销" in why
    assert "3个工作日内" in why
    assert the_record().version == 1
    assert the_record().ended_on is None


def test_a_contested_decision_is_taken_and_the_reason_says_so(city, tmp_path):
    assert city("records", one(tmp_path, status="2")).lines[2] == ("accept", "新增；来源标注有异议")
    assert city("records", one(tmp_path, status="2")).lines[2][0] == "skip"


def test_another_status_is_told_with_the_note(city, tmp_path):
    fate, why = city("records", one(tmp_path, status="3", note="案件移送")).lines[2]
    assert fate == "accept"
    assert "案件移送" in why


def test_a_unit_hands_in_only_what_it_decided(city, tmp_path):
    path = write(tmp_path / "some.csv", [penalty(1), penalty(2, authority_code=PROVIDER)])
    seen: list[tuple[int, float | None]] = []
    report = Report()
    db.session.rollback()
    with at(DAY):
        counts = import_records(
            path, only_unit=PROVIDER, tell=lambda *done: seen.append(done), report=report
        )
    assert counts == {Fate.ACCEPT: 1, Fate.REJECT: 1}
    assert seen == [(2, 1.0)]
    assert db.session.scalars(sa.select(RecordVersion.content)).one()["authority_code"] == PROVIDER


def test_a_workbook_has_days_as_days_numbers_or_texts(city, tmp_path):
    lines = [
        penalty(1) | {"decided_on": DAY, "disclosed_until": 46_500},
        penalty(2) | {"decided_on": 46_177, "disclosed_until": "二〇二七年六月四日"},
    ]
    assert set(city("records", write_xlsx(tmp_path / "a.xlsx", lines)).fates.values()) == {"accept"}
    said = db.session.scalars(sa.select(RecordVersion.content).order_by(RecordVersion.id)).all()
    assert [(one["decided_on"], one["disclosed_until"]) for one in said] == [
        ("2026-11-21", "2027-04-23"),
        ("2026-06-04", "2027-06-04"),
    ]


def test_columns_of_2015_may_stand_in_any_order_beside_others(city, tmp_path):
    path = tmp_path / "one.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", *labels(COLUMNS_2015[::-1], codes=True), "QT"])
        cells = penalty_2015(1)
        writer.writerow(["7", *(cells.get(column.name, "") for column in COLUMNS_2015[::-1]), ""])
    assert city("records", path).fates == {2: "accept"}
