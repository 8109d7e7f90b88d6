"""The export of administrative penalties in the format of 2015 (law.md 9.1; pure)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.exchange import values
from app.exchange.columns import Column, Shape
from app.exchange.parsing import Reader
from app.exchange.penalty import CITIZEN_ID, decision_of, said, short, subject_of
from app.exchange.status import COLUMN as STATUS
from app.records.identity import Content
from workflows.rules import penalty_kinds
from workflows.rules.spans import months_after

COLUMNS: Final = (
    Column(
        "decision_no", "行政处罚决定书文号", "CF_WSH", also=("处罚决定书文号", "行政处罚决定文书号")
    ),
    Column("violation", "处罚名称", "CF_CFMC", required=False),
    Column("case_name", "案件名称", "CF_AJMC", required=False),
    Column("kind_1", "处罚类别1", "CF_CFLB1"),
    Column("kind_2", "处罚类别2", "CF_CFLB2", required=False),
    Column("facts", "处罚事由", "CF_SY", required=False, also=("违法事实",)),
    Column("basis", "处罚依据", "CF_YJ", required=False),
    Column("name", "行政相对人名称", "CF_XDR_MC", also=("CF_XDR",)),
    Column("subject_kind", "行政相对人类别", "CF_XDR_LB", required=False),
    Column(
        "code",
        "行政相对人代码_1(统一社会信用代码)",
        "CF_XDR_SHXYM",
        also=("统一社会信用代码", "行政相对人统一社会信用代码"),
        unless="id_no",
    ),
    Column(
        "organisation_code",
        "行政相对人代码_2(组织机构代码)",
        "CF_XDR_ZDM",
        required=False,
        also=("组织机构代码",),
    ),
    Column(
        "registration_no",
        "行政相对人代码_3(工商登记码)",
        "CF_XDR_GSDJ",
        required=False,
        also=("工商登记码",),
    ),
    Column(
        "tax_no",
        "行政相对人代码_4(税务登记号)",
        "CF_XDR_SWDJ",
        required=False,
        also=("税务登记号",),
    ),
    Column(
        "id_no",
        "行政相对人代码_5(居民身份证号)",
        "CF_XDR_SFZ",
        required=False,
        also=("居民身份证号", "居民身份证号码"),
    ),
    Column(
        "legal_person",
        "法定代表人姓名",
        "CF_FR",
        required=False,
        also=("法定代表人", "CF_FRDB"),
    ),
    Column("penalty", "处罚结果", "CF_JG", required=False, also=("处罚内容",)),
    Column("decided_on", "处罚决定日期", "CF_JDRQ", also=("处罚生效期",)),
    Column("valid_until", "处罚截止期", "CF_JZRQ", required=False, also=("处罚截止日期",)),
    Column("authority", "处罚机关", "CF_XZJG", also=("处罚机构",)),
    Column("authority_code", "处罚机关统一社会信用代码", "CF_CFJGDM", required=False),
    STATUS,
    Column("place", "地方编码", "DFBM", required=False),
    Column("stamp", "数据更新时间戳", "SJC", required=False),
    Column(
        "disclosed_until",
        "公示截止期",
        "GSJZQ",
        required=False,
        also=("公示截止日期", "CF_GSJZQ"),
    ),
    Column("disclosed_for", "公示期限", "GSQX", required=False, also=("CF_GSQX",)),
    Column("use", "使用范围", "SYFW", required=False, also=("信息使用范围", "CF_SYFW")),
    Column("note", "备注", "BZ", required=False),
)
SHAPE: Final = Shape("2015年格式", COLUMNS)

KINDS: Final = {
    "0": "警告",
    "1": "罚款",
    "2": "没收违法所得;没收非法财物",
    "3": "责令停产停业",
    "4": "暂扣或吊销许可证/执照",
    "5": "行政拘留",
    "6": "其他",
}
"""What the codes of 处罚类别 mean, in words that have a rule `severity.*`."""
WORDS: Final = {
    "没收违法所得、非法财物": KINDS["2"],
    "没收违法所得、没收非法财物": KINDS["2"],
    "没收违法所得": "没收违法所得",
    "没收非法财物": "没收非法财物",
    "非法财物": "没收非法财物",
    "暂扣或者吊销许可证、暂扣或者吊销执照": KINDS["4"],
    "暂扣或者吊销许可证": KINDS["4"],
    "暂扣或者吊销执照": KINDS["4"],
    "暂扣或吊销许可证": KINDS["4"],
    "暂扣或吊销执照": KINDS["4"],
    "暂扣或吊销许可证、执照": KINDS["4"],
    "吊销营业执照": "吊销营业执照",
    "通报批评": "通报批评",
    "暂扣许可证件": "暂扣许可证件",
    "吊销许可证件": "吊销许可证件",
    "降低资质等级": "降低资质等级",
    "限制开展生产经营活动": "限制开展生产经营活动",
    "责令关闭": "责令关闭",
    "限制从业": "限制从业",
} | {word: word for code, word in KINDS.items() if code != "2"}
"""The words that occur instead of the codes."""

_CODE: Final = re.compile(r"0?([0-6])(?:\.0)?[=:.、-]?(.*)", re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,2}|[一二三五])(年|个?月)?")
_YEARS: Final = {"一": 1, "二": 2, "三": 3, "五": 5}

_READERS: Final[dict[str, values.ReadText]] = {
    "registration_no": values.code,
    "organisation_code": values.organisation,
    "tax_no": values.code,
    "legal_person": short,
    "facts": values.text,
    "basis": values.common_text,
    "penalty": values.common_text,
    "note": values.text,
    "authority_code": values.common_code,
}


def said_by(reader: Reader, today: date) -> Content:
    """What a line says, without the code of the authority; raises Refused where it cannot be taken.

    Place and time stamp are passed over, as is a name of the penalty beside that of the case.
    """
    id_no = reader.get("id_no", values.citizen_id)
    content = reader.all(_READERS)
    content |= subject_of(reader, _subject_kind(reader, id_no), id_no)
    content |= decision_of(reader, today)
    content |= {
        "id_kind": CITIZEN_ID if id_no else None,
        "violation": reader.get("case_name", values.text) or reader.get("violation", values.text),
        "penalty_kind": _penalty_kind(reader),
        "authority": reader.need("authority", short),
    }
    content["disclosed_until"] = content["disclosed_until"] or _span(reader, content["decided_on"])
    reader.get("use", _disclosable)
    return said(reader, content)


def _subject_kind(reader: Reader, id_no: str | None) -> str:
    """The kind of subject, by the numbers that are there where it is not named."""
    if named := reader.get("subject_kind", values.text):
        return named
    code = reader.get("code", values.unified)
    if code is not None:
        return "个体工商户" if code.startswith("92") else "法人及非法人组织"
    organisation = reader.get("organisation_code", values.organisation)
    if id_no is None or organisation is not None:
        return "法人及非法人组织"
    return "个体工商户" if reader.get("registration_no", values.code) else "自然人"


def _penalty_kind(reader: Reader) -> str:
    first = reader.need("kind_1", _words)
    second = reader.get("kind_2", _words) or ""
    return ";".join(dict.fromkeys(penalty_kinds(f"{first};{second}")))


def _words(raw: str) -> str | None:
    """The kinds of penalty that a cell names, by codes or words."""
    value = values.narrow(raw)
    if not value or value in values.NOTHING:
        return None
    if whole := _word(value):
        return whole
    words = [_word(part) for part in penalty_kinds(value)]
    if not words or None in words:
        message = f"“{value[:40]}”不是规定的处罚类别，请填写0至6的代码，如1（罚款）"
        raise values.Refused(message)
    return ";".join(word for word in words if word)


def _word(value: str) -> str | None:
    """The words for a code, for a code with its meaning (1=罚款), or for a word."""
    found = _CODE.fullmatch(value)
    if found is None:
        return WORDS.get(value)
    code, meaning = found.groups()
    known = not meaning or WORDS.get(meaning) == KINDS[code] or meaning.startswith(KINDS["6"])
    return KINDS[code] if known else None


def _span(reader: Reader, decided_on: str | None) -> str | None:
    """The end of disclosure from its length, which is years where it names no unit."""

    def end(raw: str) -> str | None:
        value = values.narrow(raw)
        if not value or value in values.NOTHING | values.NO_END:
            return None
        found = _SPAN.fullmatch(value)
        if found is None:
            return _iso(values.end_day(raw))
        count = _YEARS.get(found[1]) or int(found[1])
        months = count if (found[2] or "").endswith("月") else count * 12
        return months_after(date.fromisoformat(decided_on or ""), months).isoformat()

    return reader.get("disclosed_for", end)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _disclosable(raw: str) -> str | None:
    """What the source keeps from the public is not imported: a record of ours is disclosed."""
    value = values.narrow(raw)
    if value and not value.startswith(("0", "公示")):
        message = "来源标注为不公示，本系统只接收可以公示的信息，请核对使用范围后重报"
        raise values.Refused(message)
    return value or None
