"""What the steps of a suspension take."""

from dataclasses import dataclass
from datetime import date

from workflows.grammar import Shape, _, entry


@dataclass(frozen=True)
class Confirmation:
    """What the department did, and when."""

    executed_on: date = entry(_("暂停执行日期"))
    note: str = entry(_("执行情况及凭证"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Declining:
    """The provision that forbids the suspension."""

    provision: str = entry(
        _("不得暂停的法律规定"), shape=Shape.TEXT, hint=_("写明法律、法规名称和条款")
    )


@dataclass(frozen=True)
class Resumed:
    """When the measure was executed again."""

    executed_on: date = entry(_("恢复执行日期"))
    receipt: str = entry(_("回执、检查依据"), shape=Shape.DOCUMENT, default="")


@dataclass(frozen=True)
class Lifted:
    """When the measure was lifted, and where it had been passed on."""

    executed_on: date = entry(_("解除日期"))
    places: tuple[str, ...] = entry(
        _("曾经转送、公布的地方"), shape=Shape.LINES, hint=_("每行一处"), default=()
    )
    receipt: str = entry(_("回执、检查依据"), shape=Shape.DOCUMENT, default="")
