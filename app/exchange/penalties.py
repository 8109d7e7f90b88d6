"""The export of administrative penalties (2018 format): from cells to what a record says (pure)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from app.exchange import values
from app.exchange.columns import Cells, Column
from app.exchange.lines import Line
from app.exchange.parsing import Reader, parsed
from app.records.fields import SUBJECT_KINDS
from app.records.identity import Content
from app.tables import Table

COLUMNS: Final = (
    Column("name", "行政相对人名称", "CF_XDR_MC"),
    Column("subject_kind", "行政相对人类别", "CF_XDR_LB"),
    Column("code", "行政相对人代码_1(统一社会信用代码)", "CF_XDR_SHXYM"),
    Column("registration_no", "行政相对人代码_2(工商注册号)", "CF_XDR_GSZC", required=False),
    Column("organisation_code", "行政相对人代码_3(组织机构代码)", "CF_XDR_ZZJG", required=False),
    Column("tax_no", "行政相对人代码_4(税务登记号)", "CF_XDR_SWDJ", required=False),
    Column("institution_no", "行政相对人代码_5(事业单位证书号)", "CF_XDR_SYDW", required=False),
    Column("social_no", "行政相对人代码_6(社会组织登记证号)", "CF_XDR_SHZZ", required=False),
    Column("legal_person", "法定代表人", "CF_FRDB", required=False),
    Column("legal_person_id_kind", "法定代表人证件类型", "CF_FR_ZJLX", required=False),
    Column("legal_person_id", "法定代表人证件号码", "CF_FR_ZJHM", required=False),
    Column("id_kind", "证件类型", "CF_XDR_ZJLX", required=False),
    Column("id_no", "证件号码", "CF_XDR_ZJHM"),
    Column("decision_no", "行政处罚决定书文号", "CF_WSH"),
    Column("violation", "违法行为类型", "CF_WFXW", required=False),
    Column("facts", "违法事实", "CF_SY", required=False),
    Column("basis", "处罚依据", "CF_YJ", required=False),
    Column("penalty_kind", "处罚类别", "CF_CFLB"),
    Column("penalty", "处罚内容", "CF_NR", required=False),
    Column("fine", "罚款金额(万元)", "CF_NR_FK", required=False),
    Column("confiscated", "没收违法所得、没收非法财物的金额(万元)", "CF_NR_WFFF", required=False),
    Column("licence", "暂扣或吊销证照名称及编号", "CF_NR_ZKDX", required=False),
    Column("decided_on", "处罚决定日期", "CF_JDRQ"),
    Column("valid_until", "处罚有效期", "CF_YXQ", required=False),
    Column("disclosed_until", "公示截止期", "CF_GSJZQ", required=False),
    Column("authority", "处罚机关", "CF_CFJG"),
    Column("authority_code", "处罚机关统一社会信用代码", "CF_CFJGDM"),
    Column("source", "数据来源单位", "CF_SJLY", required=False),
    Column("source_code", "数据来源单位统一社会信用代码", "CF_SJLYDM", required=False),
    Column("note", "备注", "BZ", required=False),
)
TITLES: Final = {column.name: column.title for column in COLUMNS}
CITIZEN_ID: Final = "身份证"
LONGEST_NAME: Final = 200
LONGEST_FOLDED: Final = 400

_short = partial(values.text, longest=200)
_name = partial(values.text, longest=LONGEST_NAME)


def parse(table: Table, today: date) -> Iterator[Line[Content]]:
    """What each line says of a penalty, by all the names of `FIELDS`, or why it is rejected.

    A decision after `today` is rejected. Raises Unreadable where columns are missing.
    """
    return parsed(table, COLUMNS, partial(_content, today=today))


def _content(cells: Cells, *, today: date) -> Content:
    reader = Reader(cells, TITLES)
    subject = _subject(reader)
    decided_on = _decided_on(reader, today)
    said: dict[str, str | None] = {
        column.name: reader.get(column.name, _READERS.get(column.name, values.text))
        for column in COLUMNS
        if column.name not in _DAYS
    }
    said |= subject
    said |= {
        "decision_no": reader.need("decision_no", partial(values.text, longest=128)),
        "penalty_kind": reader.need("penalty_kind", _short),
        "authority": reader.need("authority", _short),
        "authority_code": reader.need("authority_code", values.code),
        "decided_on": decided_on.isoformat(),
        "valid_until": _iso(reader.get("valid_until", values.end_day)),
        "disclosed_until": _disclosed_until(reader, decided_on),
    }
    return {column.name: said[column.name] for column in COLUMNS}


def _subject(reader: Reader) -> dict[str, str | None]:
    """Name, kind and numbers of the subject, of which one must be there and right."""
    name = reader.need("name", _name, "请填写行政相对人的姓名或名称")
    if len(unicodedata.normalize("NFKC", name)) > LONGEST_FOLDED:
        reader.refuse("name", f"超过{LONGEST_NAME}字，请缩短后重报")
    kind = reader.need("subject_kind", values.text)
    if kind not in SUBJECT_KINDS:
        reader.refuse("subject_kind", f"应为{'、'.join(SUBJECT_KINDS)}之一")
    code = reader.get("code", values.unified)
    id_no = reader.get("id_no", _id_reader(reader))
    if SUBJECT_KINDS[kind] == "person" and id_no is None:
        reader.refuse("id_no", "自然人须填写证件号码，请补充后重报")
    if SUBJECT_KINDS[kind] == "organisation" and code is None:
        reader.refuse("code", "未填写，请补充18位统一社会信用代码后重报")
    if code is None and id_no is None:
        reader.refuse("code", "与证件号码均未填写，请至少补充一项后重报")
    return {"name": name, "subject_kind": kind, "code": code, "id_no": id_no}


def _id_reader(reader: Reader) -> values.ReadText:
    """A number is taken for a citizen ID unless another kind of document is named."""
    kind = reader.get("id_kind", values.text)
    return values.citizen_id if kind is None or CITIZEN_ID in kind else values.document_number


def _decided_on(reader: Reader, today: date) -> date:
    day = reader.need("decided_on", values.day)
    if day > today:
        reader.refuse("decided_on", f"{day}晚于今天，请核对后重报")
    if day.year <= 1949:
        reader.refuse("decided_on", f"{day}不是真实的决定日期，请核对后重报")
    return day


def _disclosed_until(reader: Reader, decided_on: date) -> str | None:
    day = reader.get("disclosed_until", values.end_day)
    if day is not None and day < decided_on:
        reader.refuse("disclosed_until", f"{day}早于处罚决定日期{decided_on}，请核对后重报")
    return _iso(day)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


_DAYS: Final = frozenset({"decided_on", "valid_until", "disclosed_until"})
_READERS: Final[dict[str, values.ReadText]] = {
    "fine": values.yuan,
    "confiscated": values.yuan,
    "legal_person": _short,
    "legal_person_id_kind": _short,
    "legal_person_id": values.code,
    "registration_no": values.code,
    "organisation_code": values.code,
    "tax_no": values.code,
    "id_no": values.code,
    "source_code": values.code,
}
