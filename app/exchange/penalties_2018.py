"""The export of administrative penalties in the format of 2018 (law.md 9.2; pure)."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.exchange import values
from app.exchange.columns import Column, Shape
from app.exchange.parsing import Reader
from app.exchange.penalty import CITIZEN_ID, decision_of, said, short, subject_of
from app.exchange.status import COLUMN as STATUS
from app.records.identity import Content

COLUMNS: Final = (
    Column("name", "行政相对人名称", "CF_XDR_MC"),
    Column("subject_kind", "行政相对人类别", "CF_XDR_LB"),
    Column(
        "code",
        "行政相对人代码_1(统一社会信用代码)",
        "CF_XDR_SHXYM",
        also=("统一社会信用代码", "行政相对人统一社会信用代码"),
        unless="id_no",
    ),
    Column(
        "registration_no",
        "行政相对人代码_2(工商注册号)",
        "CF_XDR_GSZC",
        required=False,
        also=("工商注册号", "CF_XDR_GSDJ"),
    ),
    Column(
        "organisation_code",
        "行政相对人代码_3(组织机构代码)",
        "CF_XDR_ZZJG",
        required=False,
        also=("组织机构代码", "CF_XDR_ZDM"),
    ),
    Column(
        "tax_no",
        "行政相对人代码_4(税务登记号)",
        "CF_XDR_SWDJ",
        required=False,
        also=("税务登记号",),
    ),
    Column(
        "institution_no",
        "行政相对人代码_5(事业单位证书号)",
        "CF_XDR_SYDW",
        required=False,
        also=("事业单位证书号",),
    ),
    Column(
        "social_no",
        "行政相对人代码_6(社会组织登记证号)",
        "CF_XDR_SHZZ",
        required=False,
        also=("社会组织登记证号",),
    ),
    Column(
        "legal_person",
        "法定代表人",
        "CF_FRDB",
        required=False,
        also=("法定代表人姓名", "法定代表人(负责人)", "CF_FR"),
    ),
    Column("legal_person_id_kind", "法定代表人证件类型", "CF_FR_ZJLX", required=False),
    Column("legal_person_id", "法定代表人证件号码", "CF_FR_ZJHM", required=False),
    Column(
        "legal_person_citizen_id",
        "法定代表人身份证号",
        "CF_FR_SFZH",
        required=False,
        also=("法定代表人身份证号码", "法定代表人身份证件号码"),
    ),
    Column("id_kind", "证件类型", "CF_XDR_ZJLX", required=False, also=("行政相对人证件类型",)),
    Column("id_no", "证件号码", "CF_XDR_ZJHM", required=False, also=("行政相对人证件号码",)),
    Column(
        "decision_no",
        "行政处罚决定书文号",
        "CF_WSH",
        also=("行政处罚决定文书号", "处罚决定书文号", "CF_CFWSH"),
    ),
    Column("violation", "违法行为类型", "CF_WFXW", required=False),
    Column("facts", "违法事实", "CF_SY", required=False),
    Column("basis", "处罚依据", "CF_YJ", required=False),
    Column("penalty_kind", "处罚类别", "CF_CFLB", also=("处罚种类", "行政处罚类别")),
    Column("penalty", "处罚内容", "CF_NR", required=False),
    Column("fine", "罚款金额(万元)", "CF_NR_FK", required=False, unit=True),
    Column("fine_in_yuan", "罚款金额(元)", required=False, unit=True),
    Column(
        "confiscated",
        "没收违法所得、没收非法财物的金额(万元)",
        "CF_NR_WFFF",
        required=False,
        unit=True,
    ),
    Column(
        "confiscated_in_yuan", "没收违法所得、没收非法财物的金额(元)", required=False, unit=True
    ),
    Column("licence", "暂扣或吊销证照名称及编号", "CF_NR_ZKDX", required=False),
    Column("decided_on", "处罚决定日期", "CF_JDRQ", also=("作出处罚决定日期",)),
    Column("valid_until", "处罚有效期", "CF_YXQ", required=False, also=("处罚有效期至",)),
    Column(
        "disclosed_until",
        "公示截止期",
        "CF_GSJZQ",
        required=False,
        also=("公示截止日期", "GSJZQ"),
    ),
    Column("authority", "处罚机关", "CF_CFJG", also=("处罚决定机关", "行政处罚机关")),
    Column("authority_code", "处罚机关统一社会信用代码", "CF_CFJGDM", also=("处罚机关代码",)),
    Column("source", "数据来源单位", "CF_SJLY", required=False),
    Column(
        "source_code",
        "数据来源单位统一社会信用代码",
        "CF_SJLYDM",
        required=False,
        also=("数据来源单位代码",),
    ),
    Column("note", "备注", "BZ", required=False),
    STATUS,
)
SHAPE: Final = Shape("2018年格式", COLUMNS)

_READERS: Final[dict[str, values.ReadText]] = {
    "registration_no": values.code,
    "organisation_code": values.organisation,
    "tax_no": values.code,
    "institution_no": values.text,
    "social_no": values.text,
    "legal_person": short,
    "id_kind": values.common_text,
    "violation": values.common_text,
    "facts": values.text,
    "basis": values.common_text,
    "penalty": values.common_text,
    "licence": values.text,
    "source": values.common_text,
    "source_code": values.common_code,
    "note": values.text,
}


def said_by(reader: Reader, today: date) -> Content:
    """What a line says; raises Refused where it cannot be taken."""
    kind = reader.need("subject_kind", values.common_text)
    subject = subject_of(reader, kind, reader.get("id_no", _id_reader(reader)))
    content = reader.all(_READERS)
    content |= subject | decision_of(reader, today) | _legal_person_id(reader)
    content |= {
        "penalty_kind": reader.need("penalty_kind", short),
        "authority": reader.need("authority", short),
        "authority_code": reader.need("authority_code", values.common_code),
        "fine": _amount(reader, "fine"),
        "confiscated": _amount(reader, "confiscated"),
    }
    return said(reader, content)


def _id_reader(reader: Reader) -> values.ReadText:
    """A number is taken for a citizen ID unless another kind of document is named."""
    kind = reader.get("id_kind", values.text)
    return values.citizen_id if kind is None or CITIZEN_ID in kind else values.document_number


def _legal_person_id(reader: Reader) -> dict[str, str | None]:
    """The number with its kind, or that of the column which has citizen IDs alone."""
    number = reader.get("legal_person_id", values.code)
    kind = reader.get("legal_person_id_kind", short)
    if number is None and (number := reader.get("legal_person_citizen_id", values.code)):
        kind = kind or CITIZEN_ID
    return {"legal_person_id": number, "legal_person_id_kind": kind}


def _amount(reader: Reader, name: str) -> str | None:
    """An amount from the column in 万元, else from the one in 元."""
    amount = reader.get(name, values.yuan)
    return amount if amount is not None else reader.get(f"{name}_in_yuan", values.plain_yuan)
