"""What the steps of a repair take."""

from dataclasses import dataclass

from workflows.grammar import Shape, _, entry

CONDITIONS = (
    ("period", _("最短公示期已满")),
    ("duties", _("失信行为已纠正，义务已全部履行")),
    ("commitment", _("已公开作出信用承诺")),
    ("other", _("符合法律、行政法规和部门规章规定的其他条件")),
)
"""The conditions of a repair (law.md 2.3), under the names by which the outside knows them."""

REVOCATION_GROUNDS = (
    ("false_materials", _("提供虚假材料")),
    ("broken_commitment", _("信用承诺严重不实或者故意违背承诺")),
)


@dataclass(frozen=True)
class Draft:
    """Why the record should be repaired, and whether the commitment is made."""

    reasons: str = entry(_("申请理由"), shape=Shape.TEXT, maximum=20000, default="")
    commitment: bool = entry(
        _("作出信用承诺"),
        hint=_(
            "承诺所提交的材料真实、合法、有效，并愿意承担违背承诺的相应责任；承诺书将向社会公开"
        ),
        default=False,
    )


@dataclass(frozen=True)
class Filing:
    """Which record is to be repaired, why, and whether the commitment is made."""

    record_id: int = entry(_("失信记录"), hint=_("从记录页面选择"))
    reasons: str = entry(_("申请理由"), shape=Shape.TEXT, maximum=20000, default="")
    commitment: bool = entry(
        _("作出信用承诺"),
        hint=_(
            "承诺所提交的材料真实、合法、有效，并愿意承担违背承诺的相应责任；承诺书将向社会公开"
        ),
        default=False,
    )


@dataclass(frozen=True)
class RefusalOfAcceptance:
    """Why a repair is not accepted; what cannot be repaired at all needs the document."""

    reason_code: str = entry(_("不予受理的情形"), choices="repair.refusals")
    reason: str = entry(_("具体理由"), shape=Shape.TEXT)
    document: str = entry(
        _("规定不可修复的文件"),
        shape=Shape.DOCUMENT,
        hint=_("仅限法律、行政法规和党中央、国务院政策文件，写明名称和条文"),
        default="",
    )
    right_body: str = entry(_("应当向哪个机关提出"), default="")


@dataclass(frozen=True)
class MoreTime:
    """Why the case takes longer."""

    reason: str = entry(_("延期理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Condition:
    """Whether a condition is met, and what shows it."""

    name: str = entry(_("修复条件"), choices=CONDITIONS)
    met: bool = entry(_("符合"))
    proof: str = entry(_("依据的证明"), shape=Shape.DOCUMENT, default="")


@dataclass(frozen=True)
class Grant:
    """The conditions one by one, each ticked with its proof."""

    conditions: tuple[Condition, ...] = entry(_("逐项审查"))


@dataclass(frozen=True)
class Refusal:
    """Which conditions are not met, and why."""

    reasons: str = entry(_("不符合的条件和理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Accusation:
    """Why a repair should be revoked, and what shows it."""

    ground: str = entry(_("撤销事由"), choices=REVOCATION_GROUNDS)
    reasons: str = entry(_("查明的事实"), shape=Shape.TEXT)
    evidence: str = entry(_("证据"), shape=Shape.DOCUMENT)


@dataclass(frozen=True)
class Answer:
    """What the subject says about it."""

    statement: str = entry(_("陈述和申辩"), shape=Shape.TEXT, maximum=20000)
