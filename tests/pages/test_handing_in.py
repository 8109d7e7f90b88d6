"""The pages on which a provider hands in a file of records."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.clock import now, today
from app.db import db, transaction
from app.exchange import handing_in, keeping
from app.exchange.commands import MOST_WAITING
from app.exchange.models import Import
from app.exchange.penalties import COLUMNS
from app.records.commands import turn_off, turn_on
from app.records.models import Record
from tests.app.exchange.exports import AUTHORITY, penalty, write
from tests.pages.test_cases_lists import counted

GIVERS = ("provider", "provider-approver")
OFFICE = ("clerk", "approver", "supervisor")
OTHERS = ("executor", "executor-approver", "subject", "stranger")
DAY = {"decided_on": "2026/06/21", "disclosed_until": "2027/06/21"}


@pytest.fixture
def give(visit, tmp_path):
    """`give(lines)` hands a file in as the provider and gives the page that follows."""

    def give(lines, *, who="provider", dry_run=False, name="处罚.csv", client=None):
        data = write(tmp_path / "one.csv", lines).read_bytes()
        return upload(client or visit(who), name, data, dry_run=dry_run)

    return give


def upload(client, name, data, *, dry_run=False, status=200):
    form = client.get("/imports/new").form("main form")
    return client.submit(
        form, file=(io.BytesIO(data), name), dry_run="y" if dry_run else None, status=status
    )


def work():
    db.session.rollback()
    return handing_in.run_all()


def records():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(Record.id)))


def imports():
    db.session.rollback()
    return db.session.scalars(sa.select(Import).order_by(Import.id)).all()


def rows(response):
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_a_file_waits_is_worked_and_tells_what_became_of_it(visit, give):
    client = visit("provider")
    lines = [penalty(1), penalty(2), penalty(2), penalty(3, decided_on="明天")]
    page = give(lines, client=client)
    assert "等待处理" in page.text
    assert page.one("meta[http-equiv=refresh]")["content"] == "3"
    assert work() == {"done": 1}
    page = client.get(page.path)
    assert not page.has("meta[http-equiv=refresh]")
    assert "处理完成" in page.text
    assert page.one(".fates svg")["aria-label"] == "新增2行，更新0行，跳过1行，拒绝1行"
    (line,) = page.all(".import-lines tbody tr")
    assert (
        "5 惠市监处罚〔2026〕3号 惠州第3号示例有限公司 拒绝 处罚决定日期：“明天”不是有效的日期"
        in " ".join(line.get_text(" ").split())
    )
    assert records() == 2


def test_the_list_tells_file_time_person_state_and_counts(visit, give):
    client = visit("provider")
    give([penalty(1), penalty(1, fine="x")], client=client)
    work()
    give([penalty(2)], client=client, name="第二份.csv", dry_run=True)
    first, second = client.get("/imports").all("tbody tr")
    assert "第二份.csv 试运行" in text(first)
    assert "等待处理 0 0 0 0" in text(first)
    assert "处罚.csv 2026年8月3日 09:00" in text(second)
    assert "处理完成 1 0 0 1" in text(second)


def text(element):
    return " ".join(element.get_text(" ").split())


def test_the_report_is_a_csv_that_excel_opens_in_chinese(visit, give):
    client = visit("provider")
    page = give([penalty(1), penalty(2, fine="=1")], client=client)
    work()
    link = client.get(page.path).one("a[href$='report.csv']")["href"]
    answer = client.open(link)
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    header, *lines = rows(answer)
    assert header == ["line", "fate", "why"]
    assert [line[:2] for line in lines] == [["2", "accept"], ["3", "reject"]]
    assert lines[1][2].startswith("罚款金额")


def test_there_is_no_report_before_the_end(visit, give):
    client = visit("provider")
    page = give([penalty(1)], client=client)
    client.get(f"{page.path}/report.csv", status=404)


def test_a_trial_writes_nothing_and_is_then_taken_in_earnest(visit, give):
    client = visit("provider")
    page = give([penalty(1), penalty(2)], client=client, dry_run=True)
    work()
    page = client.get(page.path)
    assert "试运行完成，未写入" in page.text
    assert page.one(".fates svg")["aria-label"].startswith("新增2行")
    assert records() == 0
    page = client.submit(page.form("main form[action$='/take']"))
    assert "试运行" in page.one(".earlier").text
    assert work() == {"done": 1}
    assert records() == 2
    assert "处理完成" in client.get(page.path).text


def test_asked_twice_the_file_of_a_trial_is_taken_once(visit, give):
    client = visit("provider")
    page = give([penalty(1)], client=client, dry_run=True)
    work()
    form = client.get(page.path).form("main form[action$='/take']")
    assert client.submit(form).path == client.submit(form).path
    assert len(imports()) == 2


def test_a_file_that_was_no_trial_is_not_taken_again(visit, give):
    client = visit("provider")
    page = give([penalty(1)], client=client)
    token = page.one("header input[name=csrf_token]")["value"]
    work()
    assert not client.get(page.path).has("form[action$='/take']")
    client.post(f"{page.path}/take", {"csrf_token": token}, status=409)


def test_the_same_file_is_taken_again_and_the_page_says_so(visit, give):
    client = visit("provider")
    first = give([penalty(1)], client=client)
    work()
    second = give([penalty(1)], client=client, name="又一次.csv")
    assert second.one(".earlier a")["href"] == first.path
    work()
    assert "跳过1行" in client.get(second.path).one(".fates svg")["aria-label"]
    assert not give([penalty(1)], who="provider2").has(".earlier")


def test_lines_of_another_unit_are_rejected(visit, give):
    client = visit("provider2")
    page = give([penalty(1)], client=client)
    work()
    page = client.get(page.path)
    assert "只能报送本单位认定的信息" in page.one(".import-lines").text
    assert not page.has(".import-lines a")
    assert records() == 0


def test_a_contested_record_is_named_with_its_page(visit, city, give):
    client = visit("provider")
    give([penalty(1)], client=client)
    work()
    with transaction():
        record = db.session.scalars(sa.select(Record)).one()
        turn_on(record, "annotation", today(), None, "异议", "YY-2026-000007")
    page = give([penalty(1, fine="1")], client=client)
    work()
    (row,) = client.get(page.path).all(".import-lines tbody tr")
    assert "跳过" in row.text
    assert "YY-2026-000007" in row.text
    assert [link["href"] for link in row.select("a")] == [f"/records/{record.id}"]
    with transaction():
        turn_off(record, "annotation", today(), "异议核实结束", "YY-2026-000007")


def test_what_the_source_has_revoked_leads_to_a_correction(visit, give):
    client = visit("provider")
    line = penalty(1)
    give([line], client=client)
    work()
    record = db.session.scalars(sa.select(Record.id)).one()
    titles = [column.title for column in COLUMNS]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*titles, "当前状态"])
    writer.writerow([*(line.get(column.name, "") for column in COLUMNS), "1"])
    page = upload(client, "撤销.csv", file.getvalue().encode())
    work()
    links = client.get(page.path).all(".import-lines a")
    assert [link["href"] for link in links] == [
        f"/records/{record}",
        f"/cases/new/correction?record={record}",
    ]
    assert "更正" in client.get(str(links[1]["href"])).title


@pytest.mark.parametrize(
    ("name", "data", "status", "said"),
    [
        ("空.csv", b"", 422, "文件是空的"),
        ("图.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 415, "不是表格"),
        ("图.png", b"\x89PNG\r\n\x1a\n", 415, "只接受 CSV、XLSX、XML"),
        ("旧.xls", b"\xd0\xcf\x11\xe0", 415, "另存为 .xlsx"),
        ("名单", b"a,b", 415, "只接受"),
    ],
)
def test_what_is_no_table_is_refused_at_the_door(visit, name, data, status, said):
    page = upload(visit("provider"), name, data, status=status)
    assert said in page.one("#summary").text
    assert imports() == []
    assert not list(keeping.path("x").parent.glob(".*"))


def test_no_file_is_said_at_the_field(visit):
    client = visit("provider")
    page = client.submit(client.get("/imports/new").form("main form"), status=422)
    assert "请选择要报送的文件" in page.one("#file-errors").text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("列.csv", "姓名,年龄\n张三,1\n".encode(), "例如“行政相对人名称”“行政处罚决定书文号”。"),
        ("只有表头.csv", ",".join(column.title for column in COLUMNS).encode(), "没有数据行"),
        ("坏.xlsx", b"PK\x03\x04nothing", "不是完好的 XLSX"),
        ("旧.csv", b"\xd0\xcf\x11\xe0 old", "旧版 Excel"),
    ],
)
def test_what_cannot_be_read_ends_with_the_reason_and_changes_nothing(visit, name, data, said):
    client = visit("provider")
    page = upload(client, name, data)
    assert work() == {"failed": 1}
    page = client.get(page.path)
    assert "没有完成" in page.text
    assert said in page.text
    assert "没有写入任何内容" in page.text
    assert records() == 0


def test_a_quotation_mark_that_is_never_closed_is_found_before_anything_is_written(visit, tmp_path):
    client = visit("provider")
    data = write(tmp_path / "one.csv", [penalty(1)]).read_bytes() + b'"open,\n'
    page = upload(client, "开口.csv", data)
    assert work() == {"failed": 1}
    assert "引号没有成对" in client.get(page.path).text
    assert records() == 0


def test_a_file_that_is_too_large_is_refused_with_a_page(visit, monkeypatch):
    client = visit("provider")
    monkeypatch.setattr(client.app.view_functions["imports.create"], "max_content_length", 2**20)
    page = upload(client, "大.csv", b"x" * 2**20, status=413)
    assert "不能超过1MB" in page.text
    assert "拆成几份" in page.text
    assert "附件" not in page.one("main").text
    monkeypatch.setattr(keeping, "LARGEST", 10)
    assert "拆分" in upload(client, "大.csv", b"12345678901", status=413).text
    assert imports() == []


@pytest.mark.parametrize("who", GIVERS)
def test_handlers_and_approvers_of_providers_hand_in(give, visit, who):
    page = give([penalty(1)], who=who)
    assert "等待处理" in page.text
    assert visit(who).get("/imports").has("a[href='/imports/new']")


@pytest.mark.parametrize("who", OFFICE)
def test_the_office_looks_at_all_and_hands_nothing_in(visit, give, who):
    path = give([penalty(1, fine="x")]).path
    work()
    client = visit(who)
    assert "惠州市市场监督管理局" in client.get("/imports").text
    assert not client.get("/imports").has("a[href='/imports/new']")
    page = client.get(path)
    assert not page.has("a[href='/imports/new']")
    assert rows(client.open(f"{path}/report.csv"))[1][1] == "reject"
    token = page.one("header input[name=csrf_token]")["value"]
    client.get("/imports/new", status=403)
    client.get("/imports/template.csv", status=403)
    client.post("/imports/new", {"csrf_token": token}, status=403)
    client.post(f"{path}/take", {"csrf_token": token}, status=403)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_has_any_business_here(visit, give, who):
    path = give([penalty(1)]).path
    client = visit(who)
    assert not client.get("/").has("a[href='/imports']")
    for address in ("/imports", "/imports/new", path, f"{path}/report.csv"):
        client.get(address, status=403)


def test_another_unit_s_import_answers_like_one_that_does_not_exist(visit, give):
    path = give([penalty(1)], dry_run=True).path
    work()
    client = visit("provider2")
    token = client.get("/imports").one("header input[name=csrf_token]")["value"]
    assert not client.get("/imports").has("tbody tr")
    for address in (path, "/imports/999999"):
        assert client.get(address, status=404).title == "没有找到"
        client.get(f"{address}/report.csv", status=404)
        client.post(f"{address}/take", {"csrf_token": token}, status=404)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, city):
    assert client.get("/imports").path == "/login"


def test_a_unit_cannot_fill_the_queue(visit, give):
    client = visit("provider")
    for _ in range(MOST_WAITING):
        give([penalty(1)], client=client)
    page = upload(client, "多.csv", b"x", status=409)
    assert "等其中一份完成后再报送" in page.one("#summary").text
    assert len(imports()) == MOST_WAITING


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_a_file_whose_example_is_never_taken(visit, kind):
    client = visit("provider")
    answer = client.open(f"/imports/template.{kind}")
    assert answer.status_code == 200
    page = upload(client, f"模板.{kind}", answer.data)
    assert work() == {"done": 1}
    page = client.get(page.path)
    assert "拒绝1行" in page.one(".fates svg")["aria-label"]
    assert AUTHORITY not in page.one(".import-lines").text
    client.get("/imports/template.exe", status=404)


def test_the_cells_of_the_workbook_are_text_so_that_long_numbers_stay(visit, tmp_path):
    file = tmp_path / "template.xlsx"
    file.write_bytes(visit("provider").open("/imports/template.xlsx").data)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert sheet.column_dimensions["M"].number_format == "@"


def test_handing_in_and_result_are_audited_without_what_the_file_says(visit, give):
    give([penalty(1), penalty(1, fine="x")])
    work()
    key = imports()[0].id
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.subject_ref == f"import:{key}")
    ).all()
    assert [entry.action for entry in entries] == ["data:file:handed_in", "data:file:imported"]
    assert entries[0].actor_id is not None
    assert (entries[1].data["accept"], entries[1].data["reject"]) == (1, 1)
    assert "示例" not in str([entry.data for entry in entries])


def test_while_it_runs_the_page_shows_how_far_it_is(visit, give):
    client = visit("provider")
    page = give([penalty(1), penalty(2)], client=client)
    with transaction():
        row = db.session.scalars(sa.select(Import)).one()
        row.started_at, row.total, row.accepted = now(), 2000, 1200
    page = client.get(page.path)
    assert (page.one("progress")["value"], page.one("progress")["max"]) == ("1200", "2000")
    assert "已处理 1,200 / 2,000 行" in page.text
    assert "处理曾经中断" in page.text


def test_whoever_wants_to_read_in_peace_stops_the_page_from_loading_itself_anew(visit, give):
    client = visit("provider")
    page = give([penalty(1)], client=client)
    still = client.get(str(page.one("main a[href$='still=1']")["href"]))
    assert not still.has("meta[http-equiv=refresh]")
    assert client.get(str(still.one(".standing a")["href"])).has("meta[http-equiv=refresh]")


def test_many_lines_have_a_next_page(visit, give):
    client = visit("provider")
    page = give([penalty(n, fine="x") for n in range(1, 54)], client=client)
    work()
    page = client.get(page.path)
    assert len(page.all(".import-lines tbody tr")) == 50
    rest = client.get(str(page.one("a[rel=next]")["href"]))
    assert [text(row).split()[0] for row in rest.all(".import-lines tbody tr")] == [
        "52",
        "53",
        "54",
    ]


def test_many_imports_have_a_next_page(visit, city):
    with transaction():
        db.session.add_all([an_import(city) for _ in range(55)])
    client = visit("provider")
    first = client.get("/imports")
    second = client.get(str(first.one("a[rel=next]")["href"]))
    assert [len(page.all("tbody tr")) for page in (first, second)] == [50, 5]


def an_import(city):
    return Import(
        unit_id=city.unit["provider"],
        by_id=city.actor["provider"].person_id,
        filename="a.csv",
        sha256="0" * 64,
        size=1,
        dry_run=False,
    )


def queries(client, address):
    with counted() as statements:
        client.get(address)
    return len(statements)


def test_pages_ask_the_database_as_often_however_much_they_show(visit, city, give):
    client = visit("provider")
    page = give([penalty(1, fine="x"), penalty(2, decision_no="x")], client=client)
    work()
    few = queries(client, page.path), queries(client, "/imports")
    more = give([penalty(n, fine="x") for n in range(1, 60)], client=client)
    work()
    with transaction():
        db.session.add_all([an_import(city) for _ in range(20)])
    many = queries(client, more.path), queries(client, "/imports")
    assert many[0] <= few[0]
    assert many[1] == few[1]


def test_a_name_is_shown_and_never_a_path(visit, tmp_path):
    client = visit("provider")
    data = write(tmp_path / "one.csv", [penalty(1)]).read_bytes()
    page = upload(client, "../../etc/<b>处罚.csv", data)
    assert page.title == "<b>处罚.csv"
    kept = keeping.path(imports()[0].sha256)
    assert kept.read_bytes() == data
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.name == "imports"
    assert Path(kept).parent.stat().st_mode & 0o777 == 0o700
