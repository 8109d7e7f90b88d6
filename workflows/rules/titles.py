"""What rules and the values of switches are called in Chinese, for whoever reads them on a page."""

from __future__ import annotations

from typing import Final

TITLES: Final[dict[str, str]] = {
    "objection.accept": "异议：决定是否受理",
    "objection.forward": "异议：转送信息提供单位核实",
    "objection.total": "异议：作出处理决定",
    "objection.longest": "异议：含延期的最长期限",
    "objection.supplement": "异议：申请人补正材料",
    "draft.keep": "草稿保留",
    "verification.acknowledge": "核实：签收核实函",
    "verification.report": "核实：反馈结果",
    "verification.extension": "核实：延长反馈期限",
    "verification.hard_stop": "核实：逾期不复的终结",
    "verification.rounds": "核实：同一事项的轮次上限",
    "suspension.confirm": "暂停措施：反馈执行情况",
    "suspension.resume": "恢复措施：反馈执行情况",
    "suspension.lift": "解除措施：反馈执行情况",
    "correction.correct": "更正、撤销：提供单位办理",
    "correction.annulled": "认定依据被撤销后：撤回公示",
    "correction.synchronise": "更正、修复后：使用单位同步并回执",
    "correction.restore": "消除影响",
    "repair.accept": "修复：决定是否受理",
    "repair.decide": "修复：审查并提出处理意见",
    "repair.total": "修复：答复申请人",
    "repair.extension": "修复：延长期限",
    "repair.supplement": "修复：申请人补正材料",
    "repair.hearing": "撤销修复：听取信用主体意见",
    "repair.revoke": "撤销修复：作出决定",
    "repair.bar_years": "弄虚作假、违背承诺后不得申请修复",
    "case.execute": "执行处理结果",
    "clock.stopped": "期限中止的最长时间",
    "urge.every": "逾期后再次催办的间隔",
    "clock.amber": "临近到期时提前醒目显示",
    "complaint.reply": "投诉：答复",
    "service.announcement": "公告送达：视为送达的期间",
    "suspension.mandatory": "强制性措施如何暂停",
    "suspension.shared": "另有依据的措施是否暂停",
    "suspension.counts": "暂停的时间是否计入措施期限",
    "record.past_maximum": "超过最长公示期的信息",
    "objection.unverifiable": "无法核实的信息",
    "disclosure.minor": "轻微失信信息的公示",
    "disclosure.earlier": "早于各修复制度的信息的公示",
    "verification.informs": "由谁告知信息提供单位核实",
    "repair.decides": "修复由谁决定",
    "repair.public_service": "以社会公益服务修复",
    "repair.transition": "旧信息适用的公示期限",
    "objection.grounds": "异议理由",
    "objection.sources": "异议来源",
    "objection.refusals": "异议不予受理的情形",
    "verification.findings": "核实结论",
    "correction.kinds": "更正的方式",
    "repair.duties": "修复前须履行的义务",
    "repair.refusals": "修复不予受理的情形",
    "remedy.review.period": "行政复议：申请期限",
    "remedy.review.body": "行政复议：复议机关",
    "remedy.review.channel": "行政复议：线上渠道",
    "remedy.litigation.period": "行政诉讼：起诉期限",
    "remedy.litigation.after_review": "行政诉讼：复议后的起诉期限",
    "remedy.litigation.court": "行政诉讼：管辖法院",
}
CHOICES: Final[dict[str, dict[str, str]]] = {
    "suspension.mandatory": {
        "held_until_declined": "通知即暂停，实施部门依法不能暂停的可以不予暂停",
        "held_when_confirmed": "实施部门确认后才暂停",
    },
    "suspension.shared": {
        "hold": "也暂停",
        "only_if_all_contested": "全部依据均有异议才暂停",
    },
    "suspension.counts": {"no": "不计入", "yes": "计入"},
    "record.past_maximum": {"supports": "仍可作为措施的依据", "ends": "不再作为措施的依据"},
    "objection.unverifiable": {
        "end_disclosure": "终止公示",
        "keep_with_note": "保留并注明异议",
    },
    "disclosure.minor": {
        "until_said": "提供单位写明截止日的才公示，不超过最长公示期",
        "to_maximum": "公示至最长公示期届满",
        "never": "不公示",
    },
    "disclosure.earlier": {
        "until_said": "提供单位写明截止日的才公示",
        "never": "不公示",
    },
    "verification.informs": {
        "office": "信用办告知",
        "filing_department": "自己发现的，由提出异议的实施部门告知",
    },
    "repair.decides": {
        "unit_with_office_approval": "认定单位提出，信用办审核",
        "unit_alone": "认定单位决定，信用办执行",
    },
    "repair.public_service": {"nobody": "不采用", "natural_persons": "自然人可以采用"},
    "repair.transition": {
        "current": "申请或者收录之日施行的制度",
        "own_regime": "认定之日施行的制度",
    },
    "severity": {"minor": "轻微", "ordinary": "一般", "serious": "严重"},
}
REGIMES: Final[dict[str, str]] = {
    "2019": "2019年的修复办法",
    "58": "58号令",
    "36": "36号令",
    "SAMR21": "市场监管2021年的办法",
    "SAMR107": "市场监管107号令",
}
_BOUNDS: Final = {"minimum": "最短", "maximum": "最长"}


def title_of(name: str) -> str:
    """What a rule is called; of a name made of something else, with that. Notices are not known."""
    if name in TITLES:
        return TITLES[name]
    family, _, rest = name.partition(".")
    if family == "publicity":
        regime, severity, bound = rest.split(".")
        return f"{REGIMES.get(regime, regime)}：{CHOICES['severity'][severity]}，{_BOUNDS[bound]}"
    if family == "regime":
        return f"{REGIMES.get(rest, rest)}的起始日"
    if family == "disclosure":
        return f"{REGIMES.get(rest.split('.')[0], rest)}：不公示的处罚种类"
    return rest


def choice_title(name: str, value: str) -> str:
    """What a value of a switch, or the class of a penalty kind, is called."""
    family = "severity" if name.startswith("severity.") else name
    return CHOICES[family][value]
