"""The fields of a record: their names, in the order of the exports, and their titles."""

from __future__ import annotations

from typing import Final

FIELDS: Final[dict[str, str]] = {
    "name": "行政相对人名称",
    "subject_kind": "行政相对人类别",
    "code": "统一社会信用代码",
    "registration_no": "工商注册号",
    "organisation_code": "组织机构代码",
    "tax_no": "税务登记号",
    "institution_no": "事业单位证书号",
    "social_no": "社会组织登记证号",
    "legal_person": "法定代表人",
    "legal_person_id_kind": "法定代表人证件类型",
    "legal_person_id": "法定代表人证件号码",
    "id_kind": "证件类型",
    "id_no": "证件号码",
    "decision_no": "行政处罚决定书文号",
    "violation": "违法行为类型",
    "facts": "违法事实",
    "basis": "处罚依据",
    "penalty_kind": "处罚类别",
    "penalty": "处罚内容",
    "fine": "罚款金额（元）",
    "confiscated": "没收违法所得、没收非法财物的金额（元）",
    "licence": "暂扣或吊销证照名称及编号",
    "decided_on": "处罚决定日期",
    "valid_until": "处罚有效期",
    "disclosed_until": "公示截止期",
    "authority": "处罚机关",
    "authority_code": "处罚机关统一社会信用代码",
    "source": "数据来源单位",
    "source_code": "数据来源单位统一社会信用代码",
    "note": "备注",
}
"""Name → title. The names are those of the contract and of `RecordVersion.content`."""

SUBJECT_KINDS: Final = {
    "法人及非法人组织": "organisation",
    "个体工商户": "sole_trader",
    "自然人": "person",
}
"""What a record says of the kind of its subject → the kind of `people.Subject`."""

PERSONAL: Final = frozenset({"legal_person_id", "id_no"})
"""Fields that are shown masked to whoever need not see them whole."""

DATES: Final = frozenset({"decided_on", "valid_until", "disclosed_until"})
AMOUNTS: Final = frozenset({"fine", "confiscated"})
