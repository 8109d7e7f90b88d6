"""What the steps of an objection take."""

from dataclasses import dataclass
from datetime import date

from workflows.grammar import From, Shape, _, entry


@dataclass(frozen=True)
class ItemInput:
    """One contested point; ``field`` is a field of the record, ``record`` the record as a whole."""

    record_id: int = entry(_("失信记录"))
    field: str = entry(_("有异议的内容"), choices=From.RECORD_FIELDS, default="")
    ground: str = entry(_("异议理由"), choices="objection.grounds", default="")
    claim: str = entry(_("认为正确的内容或者请求"), shape=Shape.TEXT, maximum=4000, default="")


@dataclass(frozen=True)
class Draft:
    """What is contested, and the statement."""

    statement: str = entry(_("事实与理由"), shape=Shape.TEXT, maximum=20000, default="")
    items: tuple[ItemInput, ...] = entry(_("异议事项"), default=())


@dataclass(frozen=True)
class Filing(Draft):
    """A draft and who files it for whom."""

    source: str = entry(_("来源"), choices="objection.sources", default="subject")
    on_behalf_of: str = entry(
        _("代谁提出"), hint=_("填写异议人的统一社会信用代码、身份证号或者姓名、名称"), default=""
    )


@dataclass(frozen=True)
class Refusal:
    """Why an objection is not accepted, and where to go instead."""

    reason_code: str = entry(_("不予受理的情形"), choices="objection.refusals")
    reason: str = entry(_("具体理由"), shape=Shape.TEXT)
    right_body: str = entry(_("应当向哪个机关提出"), default="")


@dataclass(frozen=True)
class OwnErrorItem:
    """The right value of one item, with the proof that the provider's own record has it."""

    item_id: int = entry(_("异议事项"), choices=From.ITEMS)
    value: str = entry(_("提供单位原始记录的内容"), shape=Shape.TEXT)
    proof: str = entry(_("证明"), shape=Shape.DOCUMENT)


@dataclass(frozen=True)
class OwnError:
    """What the platform itself recorded wrongly."""

    items: tuple[OwnErrorItem, ...] = entry(_("平台差错"))


@dataclass(frozen=True)
class Redirect:
    """Whose an item is; the same unit once more needs the proof that it is its own."""

    item_id: int = entry(_("异议事项"), choices=From.ITEMS)
    unit: str = entry(_("转交单位"), shape=Shape.UNIT, choices=From.PROVIDERS)
    proof: str = entry(_("属于该单位的证明"), shape=Shape.DOCUMENT, default="")


@dataclass(frozen=True)
class RedirectNowhere:
    """Why an item is no unit's."""

    item_id: int = entry(_("异议事项"), choices=From.ITEMS)
    reasons: str = entry(_("理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Extension:
    """A new date and the reason for it."""

    due_on: date = entry(_("延长至"))
    reason: str = entry(_("延期理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class AnotherRound:
    """Which findings do not convince."""

    items: tuple[int, ...] = entry(_("需要重新核实的事项"), choices=From.ITEMS)
    reasons: str = entry(_("理由"), shape=Shape.TEXT)
