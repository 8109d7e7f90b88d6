"""A context for every notice, as `app.cases.letters` builds it, with names that are hard to print."""

from __future__ import annotations

import copy
from typing import Any

from tests.notices import repair_samples

COMPANY = "惠州市䶮㛃精密机械制造有限公司"
PERSON = "𬭼𠅤"
UYGHUR = "阿卜杜拉·买买提"
OFFICE = {
    "name": "某市信用建设办公室",
    "code": "11441300MB2C000012",
    "address": "某市文华一路9号行政服务中心三楼302室",
    "phone": "0752-2800001",
}
PROVIDER = {
    "name": "惠州市市场监督管理局",
    "code": "11441300MB2C00003X",
    "address": "惠州市江北三新北路31号",
    "phone": "0752-2800002",
}
DEPARTMENT = {
    "name": "惠州市财政局",
    "code": "114413000072100000",
    "address": "惠州市江北文昌一路5号",
    "phone": "0752-2800003",
}
FILER = {
    "kind": "subject",
    "name": COMPANY,
    "code": "91441300MA4UK5XC8N",
    "code_title": "统一社会信用代码",
    "you": "你单位",
}
A_PERSON = {
    "kind": "subject",
    "name": PERSON,
    "code": "110***********002X",
    "code_title": "证件号码",
    "you": "你",
}
PUBLIC = {"kind": "public", "name": "社会公众", "code": "", "code_title": "", "you": "你单位"}
RECORD: dict[str, Any] = {
    "decision_no": "惠市监处罚〔2026〕118号",
    "authority": "惠州市市场监督管理局",
    "decided_on": "2026-05-18",
    "penalty_kind": "罚款、没收违法所得",
    "penalty": "罚款人民币20000元，没收违法所得3500.50元",
    "version": 1,
    "disclosed_until": "2027-05-18",
    "subject_name": COMPANY,
}
ANOTHER_RECORD = RECORD | {
    "decision_no": "惠市监处罚〔2026〕97号",
    "decided_on": "2026-04-07",
    "penalty_kind": "警告",
    "penalty": "警告",
}
ITEM: dict[str, Any] = {
    "position": 1,
    "decision_no": RECORD["decision_no"],
    "authority": RECORD["authority"],
    "decided_on": RECORD["decided_on"],
    "field": "fine",
    "field_title": "罚款金额（元）",
    "ground_title": "信息有错误",
    "claim": "处罚决定书载明罚款人民币2000元，公示信息误录为20000元，请予更正",
    "before": "20,000元",
    "finding": "wrong_correct",
    "finding_title": "记录有误，应当更正",
    "value": "2,000元",
    "reasons": "经查阅处罚决定书原件及缴款书存根，罚款金额为2000元，录入时多录一位",
    "evidence": ["处罚决定书原件扫描件", "非税收入缴款书"],
    "unit_name": PROVIDER["name"],
    "rightful_unit": "",
    "unreviewed": False,
    "outcome": "upheld",
}
ANOTHER_ITEM = ITEM | {
    "position": 2,
    "decision_no": ANOTHER_RECORD["decision_no"],
    "decided_on": ANOTHER_RECORD["decided_on"],
    "field": "violation",
    "field_title": "违法行为类型",
    "ground_title": "与认定单位的记录不一致",
    "claim": f"当事人为{UYGHUR}，并非本公司",
    "before": "未按规定公示应当公示的信息",
    "finding": "accurate",
    "finding_title": "记录无误",
    "value": "",
    "reasons": "处罚决定书载明的当事人为该公司，送达回证由其工作人员签收，公示内容与决定书一致",
    "evidence": [],
    "outcome": "dismissed",
}
SANCTION: dict[str, Any] = {
    "measure": "限制参与政府采购活动",
    "kind_title": "强制性",
    "mandatory": True,
    "basis": "《中华人民共和国政府采购法》第二十二条",
    "department": DEPARTMENT["name"],
    "starts_on": "2026-06-01",
    "ends_on": "2027-06-01",
    "runs_until": "2027-06-15",
    "added_days": 14,
    "held": True,
}
ANOTHER_SANCTION = SANCTION | {
    "measure": "限制享受财政性资金补助和优惠政策",
    "kind_title": "推荐性",
    "mandatory": False,
    "basis": "国发〔2016〕33号",
    "ends_on": None,
    "runs_until": None,
    "added_days": 0,
}
REVIEW = {
    "kind": "review",
    "title": "行政复议",
    "body": "惠州市人民政府",
    "verb": "申请行政复议",
    "period": "60日",
    "channel": "全国行政复议服务平台",
    "note": "",
}
LITIGATION = {
    "kind": "litigation",
    "title": "行政诉讼",
    "body": "惠州市惠城区人民法院",
    "verb": "提起行政诉讼",
    "period": "6个月",
    "channel": "",
    "note": "先申请行政复议、对复议决定不服的，自收到复议决定书之日起15日内提起",
}
STATEMENT = (
    "我公司已于2026年5月20日缴清罚款。\n公示的罚款金额多了一位，已影响我公司参加政府采购投标。"
)
SUPPLEMENT = "现补充提交加盖公章的缴款书，载明的缴款金额为2000元"
FINDINGS = {
    "accurate": "记录无误",
    "wrong_correct": "记录有误，应当更正",
    "wrong_revoke": "记录有误，应当撤销",
    "unverifiable": "无法核实",
    "not_ours": "非本单位信息",
}
URGED = [
    {
        "clock": "objection.total",
        "title": "办结异议",
        "due_on": "2026-11-18",
        "provisional": False,
        "days_late": 3,
    }
]

ADVERSE = {
    "objection.refusal",
    "objection.upheld",
    "objection.dismissed",
    "suspension.declined",
} | repair_samples.ADVERSE

_BASE: dict[str, Any] = {
    "case": {
        "number": "YY-2026-000042",
        "kind": "objection",
        "kind_title": "异议",
        "filed_on": "2026-11-09",
        "source_title": "信用主体提出异议",
        "statement": STATEMENT,
        "supplements": [{"on": "2026-11-16", "statement": SUPPLEMENT}],
        "parent": None,
        "filer_name": COMPANY,
        "unit_name": OFFICE["name"],
        "subject": FILER,
        "holders": ["YY-2026-000042"],
        "former_holders": ["YY-2026-000042", "YY-2026-000051"],
    },
    "step": {"name": "", "title": "", "actor_name": UYGHUR, "unit_name": OFFICE["name"]},
    "records": [RECORD, ANOTHER_RECORD],
    "items": [ITEM, ANOTHER_ITEM],
    "sanctions": [SANCTION, ANOTHER_SANCTION],
    "deadlines": {
        name: {"due_on": due_on, "provisional": False}
        for name, due_on in {
            "objection.accept": "2026-11-11",
            "objection.total": "2026-11-18",
            "objection.supplement": "2026-11-25",
            "verification.acknowledge": "2026-11-12",
            "verification.report": "2026-11-16",
            "verification.hard_stop": "2026-12-02",
            "suspension.confirm": "2026-11-13",
            "suspension.resume": "2026-11-20",
            "suspension.lift": "2026-11-20",
            "correction.correct": "2026-11-20",
            "correction.annulled": "2026-11-23",
            "clock.stopped": "2026-12-22",
            **repair_samples.DEADLINES,
        }.items()
    },
    "previous_due_on": "2026-11-18",
    "input": {},
    "titles": {},
    "policy": {"suspension_counts": "no"},
    "basis": [
        "《中华人民共和国民法典》第一千零二十九条",
        "参照《中华人民共和国行政许可法》第三十二条",
    ],
    "remedies": [],
    "attachments": [
        {
            "title": "处罚决定书复印件",
            "filename": "处罚决定书.pdf",
            "sha256": "9f" * 32,
            "proves": "",
        },
        {
            "title": "缴款书",
            "filename": "缴款书—2026年5月20日（䶮㛃）.jpg",
            "sha256": "0a" * 32,
            "proves": "",
        },
    ],
    "findings": FINDINGS | {"titles": list(FINDINGS.values())},
    "bases": [RECORD | {"fate": "", "repair": ""}],
    "cited": {repair_samples.NUMBER: "某信修准〔2026〕3号"},
    "request": {"round": 1, "reasons": "", "number": "某信核函〔2026〕7号"},
    "feedback": {"officer": UYGHUR},
    "extension": {"reason": "原件存放在异地档案库，需要调阅"},
    "urging": {
        "overdue": True,
        "state": "verifying",
        "state_title": "核实中",
        "clocks": URGED,
        "finish_by": {"due_on": "2026-11-24", "provisional": False},
    },
    "unsettled": ["国家公共信用信息平台", "某征信有限公司"],
    "lifting": {"period_over": False},
    "repair": repair_samples.TOLD,
    "correction": {
        "kind": "correct",
        "kind_title": "更正",
        "annulled": False,
        "basis": "异议案件YY-2026-000042的处理决定",
        "synchronise_within": "3个工作日",
        "changes": [{"field_title": "罚款金额（元）", "before": "20,000元", "after": "2,000元"}],
    },
}

# name → title, series word, issuer, addressee, copies, step, input, titles of chosen values
_TOLD: dict[str, tuple[str, str, dict[str, Any], dict[str, Any], list[str], dict[str, Any]]] = {
    "objection.receipt": ("收件凭证", "某信异收", OFFICE, FILER, [], {}),
    "objection.supplement": (
        "补正通知书",
        "某信异补",
        OFFICE,
        FILER,
        [],
        {
            "gaps": [
                "法定代表人身份证明书未加盖公章",
                "授权委托书未载明委托期限",
                "罚款缴纳凭证缺少第二页",
            ]
        },
    ),
    "objection.acceptance": ("异议受理通知书", "某信异受", OFFICE, FILER, [], {}),
    "objection.refusal": (
        "不予受理通知书",
        "某信异不受",
        OFFICE,
        A_PERSON,
        [],
        {
            "reason_code": "other_body",
            "reason": "所涉信息由人民法院认定和公布，异议应当向作出决定的执行法院提出",
            "right_body": "惠州市惠城区人民法院",
        },
    ),
    "objection.extension": (
        "延期通知书",
        "某信异延",
        OFFICE,
        FILER,
        [],
        {"due_on": "2026-11-27", "reason": "案情复杂，需要向两个单位调阅原始案卷"},
    ),
    "objection.upheld": (
        "异议处理结果告知书",
        "某信异成",
        OFFICE,
        FILER,
        [COMPANY],
        {"reasons": "第1项经核实录入有误，应予更正；第2项经核实与处罚决定书一致，不予支持"},
    ),
    "objection.dismissed": (
        "异议处理结果告知书",
        "某信异驳",
        OFFICE,
        A_PERSON,
        [],
        {"reasons": "所涉信息与处罚决定书一致，异议人没有提出相反证据"},
    ),
    "objection.termination": (
        "终止办理通知书",
        "某信异终",
        OFFICE,
        FILER,
        [],
        {"reason": "双方已就缴款事项核对清楚"},
    ),
    "objection.urging": ("催办单", "某信异催", OFFICE, {"kind": "unit"} | OFFICE, [], {"note": ""}),
    "objection.clock_stopped": (
        "办理期限中止告知书",
        "某信异中",
        OFFICE,
        FILER,
        [],
        {
            "ground": "appraisal",
            "document": "鉴定委托书惠市监鉴〔2026〕3号",
            "reasons": "产品质量须经鉴定",
        },
    ),
    "verification.request": (
        "核实函",
        "某信核函",
        OFFICE,
        {"kind": "unit"} | PROVIDER,
        [],
        {},
    ),
    "verification.feedback": (
        "核实结果反馈函",
        "某信核复",
        PROVIDER,
        {"kind": "unit"} | OFFICE,
        [],
        {},
    ),
    "verification.more_time": ("核实延期告知书", "某信核延", OFFICE, FILER, [], {}),
    "verification.urging": (
        "催办单",
        "某信核催",
        OFFICE,
        {"kind": "unit"} | PROVIDER,
        [],
        {"note": "已电话催办两次，请指定专人负责"},
    ),
    "verification.clock_stopped": (
        "办理期限中止告知书",
        "某信核中",
        OFFICE,
        FILER,
        [],
        {"ground": "court", "document": "（2026）粤1302行初15号", "reasons": "法院正在审理原决定"},
    ),
    "suspension.order": (
        "暂停执行失信惩戒措施通知书",
        "某信惩停",
        OFFICE,
        {"kind": "unit"} | DEPARTMENT,
        [],
        {},
    ),
    "suspension.feedback": (
        "暂停执行情况反馈单",
        "某信惩馈",
        DEPARTMENT,
        {"kind": "unit"} | OFFICE,
        [],
        {"executed_on": "2026-11-12", "note": "已在政府采购系统中暂停限制标识，截图附卷"},
    ),
    "suspension.declined": (
        "不予暂停告知书",
        "某信惩不停",
        DEPARTMENT,
        FILER,
        [],
        {"provision": "《中华人民共和国政府采购法》第二十二条"},
    ),
    "suspension.resume": (
        "恢复执行失信惩戒措施通知书",
        "某信惩复",
        OFFICE,
        {"kind": "unit"} | DEPARTMENT,
        [COMPANY],
        {},
    ),
    "suspension.lift": (
        "解除失信惩戒措施通知书",
        "某信惩解",
        OFFICE,
        {"kind": "unit"} | DEPARTMENT,
        [COMPANY],
        {},
    ),
    "suspension.urging": (
        "催办单",
        "某信惩催",
        OFFICE,
        {"kind": "unit"} | DEPARTMENT,
        [],
        {"note": ""},
    ),
    "suspension.clock_stopped": (
        "办理期限中止告知书",
        "某信惩中",
        OFFICE,
        FILER,
        [],
        {"ground": "inspection", "document": "检测委托单2026-77", "reasons": "设备正在检测"},
    ),
    "correction.order": (
        "信息更正（撤销）通知书",
        "某信更",
        OFFICE,
        {"kind": "unit"} | PROVIDER,
        [],
        {},
    ),
    "correction.supervision": (
        "督办函",
        "某信更督",
        OFFICE,
        {"kind": "unit"} | PROVIDER,
        [],
        {"reasons": "更正期限届满后三日内仍未更正"},
    ),
    "correction.withdrawal": (
        "公示撤回及理由说明",
        "某信更撤",
        PROVIDER,
        PUBLIC,
        [],
        {
            "document": "惠府行复〔2026〕21号行政复议决定书",
            "reasons": "行政复议机关认定原处罚决定主要事实不清、证据不足，决定予以撤销",
        },
    ),
    "correction.restoration": (
        "消除影响公告",
        "某信更消",
        OFFICE,
        PUBLIC,
        [COMPANY],
        {
            "statement": f"本平台曾公布{COMPANY}被处罚款20000元，该金额系录入错误，实际为2000元。"
            "由此给该公司造成的不良影响，现予消除。",
            "places": ["信用中国（广东惠州）网站首页", "惠州市政府采购网", "惠州市财政局公示栏"],
        },
    ),
    "correction.urging": (
        "催办单",
        "某信更催",
        OFFICE,
        {"kind": "unit"} | PROVIDER,
        [],
        {"note": ""},
    ),
    "correction.clock_stopped": (
        "办理期限中止告知书",
        "某信更中",
        OFFICE,
        FILER,
        [],
        {"ground": "appraisal", "document": "评审通知2026-5", "reasons": "等待专家评审意见"},
    ),
}
_TOLD |= repair_samples.told(PROVIDER, OFFICE, FILER, A_PERSON, PUBLIC)
_CASES: dict[str, dict[str, Any]] = {
    "verification": {"number": "HS-2026-000017", "kind_title": "核实", "unit": PROVIDER},
    "suspension": {
        "number": "ZT-2026-000008",
        "kind_title": "暂停执行惩戒措施",
        "unit": DEPARTMENT,
    },
    "correction": {"number": "GZ-2026-000005", "kind_title": "更正", "unit": PROVIDER},
    "repair": {"number": repair_samples.NUMBER, "kind_title": "信用修复", "unit": PROVIDER},
}
_TITLES = {
    "reason_code": {"other_body": "应当由其他单位处理"} | repair_samples.TITLES["reason_code"],
    "ground": {
        "inspection": "检验、检测、检疫",
        "appraisal": "鉴定、专家评审",
        "court": "法院、复议机关裁定停止",
    }
    | repair_samples.TITLES["ground"],
}
NOTICES = tuple(_TOLD)


def sample(notice: str) -> dict[str, Any]:
    """The context of the notice `kind.name`, complete with a number."""
    title, word, issuer, addressee, copies, said = _TOLD[notice]
    kind, name = notice.split(".")
    context = copy.deepcopy(_BASE)
    context["notice"] = {
        "kind": kind,
        "name": name,
        "title": title,
        "number": f"{word}〔2026〕12号",
        "issued_on": "2026-11-21",
        "issued_at": "2026-11-21T09:05",
        "issuer": dict(issuer),
        "addressee": {"code": "", "code_title": ""} | addressee if "kind" in addressee else {},
        "copies": copies,
        "code": "7K2M-QX0D-4RSE-9HBT",
        "draft": False,
        "verify_at": "https://credit.example/verify/7K2M-QX0D-4RSE-9HBT",
    }
    if addressee["kind"] == "unit":
        context["notice"]["addressee"] |= {"code": "", "code_title": "", "you": "你单位"}
    context["input"] = said
    context["titles"] = {
        field: titles[said[field]] for field, titles in _TITLES.items() if field in said
    }
    context["ordinals"] = {"reason_code": 5}
    context["remedies"] = [REVIEW, LITIGATION] if notice in ADVERSE else []
    context["step"]["name"] = "withdraw" if name == "termination" else name
    if kind in _CASES:
        of = _CASES[kind]
        context["case"] |= {
            "number": of["number"],
            "kind": kind,
            "kind_title": of["kind_title"],
            "parent": None if kind == "repair" else "YY-2026-000042",
            "unit_name": of["unit"]["name"],
        }
    if kind == "repair":
        context["urging"]["state"] = "examining"
        context["step"]["unit_name"] = PROVIDER["name"]
    if notice == "repair.application":
        context["cited"] = {repair_samples.NUMBER: "某信修诺〔2026〕12号"}
    if kind in {"suspension", "correction", "repair"}:
        context["records"] = [RECORD]
        context["sanctions"] = [SANCTION]
    if name in {"resume", "lift"}:
        context["records"] = [RECORD, ANOTHER_RECORD]
        fallen = RECORD | {"fate": "已于2026年11月20日撤销", "repair": ""}
        context["bases"] = [fallen, ANOTHER_RECORD | {"fate": "", "repair": ""}]
    if name == "lift":
        repaired = {"fate": "已于2026年11月21日修复", "repair": repair_samples.NUMBER}
        context["bases"][1] |= repaired
    if name == "dismissed":
        same = {key: RECORD[key] for key in ("decision_no", "authority", "decided_on")}
        context["items"] = [ANOTHER_ITEM | same | {"position": 1}]
    return copy.deepcopy(context)
