"""What the samples of a repair's notices tell beside the others, and what each must contain."""

from __future__ import annotations

from typing import Any, Final

Told = dict[str, Any]
NUMBER: Final = "XF-2026-000003"
OWN: Final = frozenset({"repair.application", "repair.commitment"})
"""What the applicant itself hands in."""
ADVERSE: Final = frozenset({"repair.not_accepted", "repair.refused", "repair.revoked"})
DECISION: Final = "《准予信用修复决定书》（某信修准〔2026〕3号）"
REVOCATION: Final = "《撤销信用修复决定书》（某信修撤〔2026〕1号）"
MEASURE: Final[Told] = {"kind_title": "推荐性", "of_another": False}
LIFTED: Final[list[Told]] = [
    MEASURE | {"measure": "限制享受财政性资金补助和优惠政策", "department": "惠州市财政局"},
    MEASURE
    | {
        "measure": "限制担任同类企业的高级管理人员",
        "department": "惠州市市场监督管理局",
        "kind_title": "强制性",
        "of_another": True,
    },
]
STANDING: Final[list[Told]] = [
    MEASURE | {"measure": "限制参加评先评优", "department": "惠州市信用建设办公室"},
]
CONDITIONS: Final = [
    ("最短公示期已满", "处罚决定书载明的决定日期为2026年5月18日，已满三个月"),
    ("失信行为已纠正，义务已全部履行", "非税收入缴款书；整改验收意见"),
    ("已公开作出信用承诺", "信用修复承诺书"),
    ("符合法律、行政法规和部门规章规定的其他条件", "经查没有其他规定的条件"),
]
TOLD: Final[Told] = {
    "reasons": "已于2026年5月20日缴清罚款。\n生产线已按整改通知书改造，经复查合格。",
    "natural": False,
    "agent": {"name": "阿卜杜拉·买买提", "document": "2026年8月20日授权委托书"},
    "duties": [
        {"title": "失信行为已经纠正", "proofs": ["整改验收意见"]},
        {"title": "罚款已经缴清", "proofs": ["非税收入缴款书", "银行回单"]},
        {"title": "没收款物已经上缴", "proofs": ["非税收入缴款书"]},
    ],
    "materials": [
        {
            "title": "非税收入缴款书",
            "filename": "缴款书—2026年5月20日（䶮㛃）.jpg",
            "sha256": "0a" * 32,
            "proves": "全部义务已经履行",
        },
        {
            "title": "授权委托书",
            "filename": "授权委托书.pdf",
            "sha256": "9f" * 32,
            "proves": "",
        },
    ],
    "conditions": [{"title": title, "met": True, "proof": proof} for title, proof in CONDITIONS],
    "unmet": "没收违法所得3500.50元尚未上缴，不符合“义务已全部履行”的条件。",
    "next_application_on": "2027-01-15",
    "barred_until": "2029-11-21",
    "bar_years": 3,
    "hearing": {
        "ground": "提供虚假材料",
        "facts": "所提交的缴款书票号在财政票据系统中不存在，经财政部门确认系伪造。",
        "evidence": "财政部门复函及票据查验记录",
        "answer": "缴款书由代办人员提供，本公司并不知情。",
        "answered_on": "2026-11-18",
    },
    "decision": DECISION,
    "revocation": REVOCATION,
    "ended": "已撤销",
    "disclosed_until": "2027-05-18",
    "recipients": 6,
    "unsettled": ["国家公共信用信息平台", "某征信有限公司"],
    "lifted": LIFTED,
    "standing": STANDING,
}
DEADLINES: Final = {
    "repair.accept": "2026-11-25",
    "repair.total": "2026-12-04",
    "repair.supplement": "2026-11-27",
    "repair.hearing": "2026-11-30",
}
TITLES: Final = {
    "reason_code": {"unrepairable": "法律、行政法规或者党中央、国务院政策文件规定不可修复"},
    "ground": {"false_materials": "提供虚假材料"},
}


def told(unit: Told, office: Told, subject: Told, human: Told, public: Told) -> dict[str, Any]:
    """By notice: title, series word, issuer, addressee, copies, input."""
    to_unit = {"kind": "unit"} | unit
    return {
        "repair.application": ("信用修复申请书", "某信修申", unit, to_unit, [], {}),
        "repair.commitment": ("信用修复承诺书", "某信修诺", unit, public, [], {}),
        "repair.receipt": ("收件凭证", "某信修收", office, subject, [], {}),
        "repair.supplement": (
            "补正通知书",
            "某信修补",
            unit,
            subject,
            [],
            {"gaps": ["整改验收意见未加盖公章", "授权委托书未载明委托期限"]},
        ),
        "repair.acceptance": ("信用修复受理通知书", "某信修受", unit, subject, [], {}),
        "repair.not_accepted": (
            "信用修复不予受理通知书",
            "某信修不受",
            unit,
            human,
            [],
            {
                "reason_code": "unrepairable",
                "reason": "所涉处罚属于不可修复的情形",
                "document": "《某某条例》（国务院令第999号）第九条",
                "right_body": "惠州市信用建设办公室",
            },
        ),
        "repair.extension": (
            "延期通知书",
            "某信修延",
            unit,
            subject,
            [],
            {"reason": "需要实地核查整改情况"},
        ),
        "repair.granted": ("准予信用修复决定书", "某信修准", unit, subject, [], {}),
        "repair.refused": (
            "不予信用修复决定书",
            "某信修不准",
            unit,
            human,
            [],
            {"reasons": "经复核，认定单位的意见属实"},
        ),
        "repair.termination": (
            "终止办理通知书",
            "某信修终",
            unit,
            subject,
            [],
            {"reason": "准备补充材料后再次申请"},
        ),
        "repair.hearing": (
            "拟撤销信用修复告知书",
            "某信修听",
            unit,
            subject,
            [],
            {
                "ground": "false_materials",
                "reasons": "所提交的缴款书票号在财政票据系统中不存在，经财政部门确认系伪造。",
                "evidence": "财政部门复函及票据查验记录",
            },
        ),
        "repair.revoked": (
            "撤销信用修复决定书",
            "某信修撤",
            unit,
            subject,
            [],
            {"reasons": "缴款书系伪造，申辩没有证据支持"},
        ),
        "repair.dropped": (
            "不予撤销信用修复告知书",
            "某信修不撤",
            unit,
            subject,
            [],
            {"reasons": "经补充核查，票据系统录入有误，罚款实际已经缴清"},
        ),
        "repair.restored": (
            "恢复信用修复决定书",
            "某信修复",
            unit,
            subject,
            [],
            {"document": "（2026）粤1302行初15号行政判决书"},
        ),
        "repair.urging": (
            "催办单",
            "某信修催",
            office,
            to_unit,
            [],
            {"note": "已电话催办两次，请指定专人负责"},
        ),
        "repair.clock_stopped": (
            "办理期限中止告知书",
            "某信修中",
            office,
            subject,
            [],
            {
                "ground": "inspection",
                "document": "检测委托单2026-77",
                "reasons": "整改后的设备正在检测",
            },
        ),
    }


EFFECTS: Final = (
    "1.终止公示。自2026年11月21日起",
    "2.停止共享和使用。自2026年11月21日起",
    "已通知接收该信息的6个单位",
    "3.解除失信惩戒措施。下列措施不再有有效的失信信息作为依据",
    "限制享受财政性资金补助和优惠政策推荐性惠州市财政局",
    "限制担任同类企业的高级管理人员（对有关责任人员实施）强制性",
    "同时以其他有效的失信信息为依据，不因本决定解除：",
    "限制参加评先评优推荐性",
    "本决定自2026年11月21日起生效",
)
ACCUSED: Final = (
    "撤销事由：提供虚假材料",
    "票号在财政票据系统中不存在",
    "证据：财政部门复函及票据查验记录。",
    DECISION,
)

# What each must contain beyond the elements that all have (law.md 6.2).
ELEMENTS: Final[dict[str, tuple[str, ...]]] = {
    # N20: applicant, agent, record, proof of each duty, reasons, commitment
    "repair.application": (
        "惠州市市场监督管理局：",
        "统一社会信用代码91441300MA4UK5XC8N",
        "委托代理人阿卜杜拉·买买提（2026年8月20日授权委托书）",
        "罚款、没收违法所得",
        "失信行为已经纠正整改验收意见",
        "罚款已经缴清非税收入缴款书；银行回单",
        "没收款物已经上缴非税收入缴款书",
        "已于2026年5月20日缴清罚款。",
        "经复查合格",
        "信用修复承诺书（某信修诺〔2026〕12号）自提交之日起向社会公开",
        "申请人（盖章）：惠州市䶮㛃精密机械制造有限公司",
        "法定代表人（签名）",
        NUMBER,
    ),
    # N02: true, liable, one per decision, sealed and signed
    "repair.commitment": (
        "材料真实、合法、有效",
        "愿意承担违背承诺的相应责任",
        "向社会公开",
        "仅就上述一项失信信息",
        "承诺人（盖章）：惠州市䶮㛃精密机械制造有限公司",
        "法定代表人（签名）",
        NUMBER,
    ),
    # N04: the materials, their count and what they prove, when they came, by when an answer comes
    "repair.receipt": (
        NUMBER,
        "2026年11月21日9时05分",
        "证明材料共2件",
        "非税收入缴款书全部义务已经履行",
        "9f" * 32,
        "2026年11月25日前决定是否受理",
        "2026年12月4日前书面告知",
        "申请已转惠州市市场监督管理局",
    ),
    # N05: all gaps at once, deadline, consequence
    "repair.supplement": (
        "1.整改验收意见未加盖公章",
        "2.授权委托书未载明委托期限",
        "2026年11月27日前",
        "停止计算，补正后继续计算",
        "逾期未补正的，本单位将终止办理本案",
        "可以重新申请",
    ),
    # N21: case number, until when it is decided; disclosure goes on
    "repair.acceptance": (
        NUMBER,
        "2026年12月4日前作出决定",
        "不停止上述信息的公示、共享和使用",
        "不暂停失信惩戒措施",
    ),
    # N21: reasons, what forbids it, the right body
    "repair.not_accepted": (
        "不予受理情形第5项：法律、行政法规或者党中央、国务院政策文件规定不可修复",
        "所涉处罚属于不可修复的情形。",
        "所依据的文件：《某某条例》（国务院令第999号）第九条。",
        "请向惠州市信用建设办公室提出",
    ),
    # N10: reason, who approved it, new date
    "repair.extension": (
        "需要实地核查整改情况",
        "批准人：阿卜杜拉·买买提，惠州市市场监督管理局",
        "由2026年11月18日延长至2026年12月4日",
        "一次为限",
    ),
    # N22: record, conditions with their proof, three effects, date of effect
    "repair.granted": (
        *(f"{title}符合{proof}" for title, proof in CONDITIONS),
        "决定准予信用修复",
        "罚款、没收违法所得",
        *EFFECTS,
    ),
    # N23: conditions unmet and reasons, earliest next application
    "repair.refused": (
        "没收违法所得3500.50元尚未上缴",
        "经复核，认定单位的意见属实。",
        "不予信用修复",
        "最早可于2027年1月15日再次申请",
    ),
    "repair.termination": (
        "申请人撤回申请。撤回理由：准备补充材料后再次申请。",
        "再次申请",
        "自2026年11月21日起终止",
    ),
    # what is held against the subject, what is intended, and until when it is heard
    "repair.hearing": (
        *ACCUSED,
        "恢复公示上述信息，至2027年5月18日止",
        "3年内不得申请信用修复",
        "不因撤销自行恢复",
        "有权陈述和申辩",
        "2026年11月30日前",
    ),
    # N24: false facts, answer, until when it is disclosed again, barred until, measures
    "repair.revoked": (
        *ACCUSED,
        "于2026年11月18日提出：缴款书由代办人员提供，本公司并不知情。",
        "缴款书系伪造，申辩没有证据支持。",
        "恢复公示上述信息，至2027年5月18日止",
        "已通知接收该信息的6个单位",
        "至2029年11月21日（含当日），你单位不得申请信用修复",
        "不因本决定恢复；是否重新实施，由有关部门依法另行决定",
    ),
    "repair.dropped": ("票据系统录入有误", f"{DECISION}继续有效", "不恢复公示"),
    # the document, the effects as in the grant, the bar falls
    "repair.restored": (
        "（2026）粤1302行初15号行政判决书",
        f"{REVOCATION}已被撤销",
        *EFFECTS,
        "不得申请信用修复的期间，自2026年11月21日起不再适用",
    ),
    "repair.urging": ("逾期", "3日", "2026年11月24日前", "逐项审查", "已电话催办两次"),
    "repair.clock_stopped": (
        "中止",
        "最迟自2026年12月22日",
        "检测委托单2026-77",
        "整改后的设备正在检测",
        "不改变上述信息现有的公示、共享和使用状态",
    ),
}
