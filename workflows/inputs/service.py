"""What whoever serves a notice enters: to set out, and when it is known what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.grammar import Shape, _, entry

UNKNOWN: Final = "unknown"
GROUNDS: Final = ((UNKNOWN, _("受送达人下落不明")), ("impossible", _("用其他方式无法送达")))
"""Why a notice may be announced in public."""
BY_AN_ADDRESS: Final = 300


@dataclass(frozen=True)
class Handing:
    """Where a notice is to be handed over, or left."""

    address: str = entry(
        _("送达地点"), maximum=BY_AN_ADDRESS, hint=_("例如：信用办服务窗口，或者受送达人住所地址")
    )


@dataclass(frozen=True)
class Posting:
    """To where and how it was sent."""

    address: str = entry(_("收件地址"), maximum=BY_AN_ADDRESS)
    sent_on: date = entry(_("交寄日期"))
    tracking_no: str = entry(_("邮件号"), maximum=60, hint=_("挂号信或者特快专递的邮件号码"))


@dataclass(frozen=True)
class Announcing:
    """Why nothing but a public notice is left, and where it stands."""

    ground: str = entry(_("公告的理由"), choices=GROUNDS)
    reasons: str = entry(
        _("原因和经过"),
        shape=Shape.TEXT,
        hint=_("写明曾以哪些方式送达、结果如何，或者下落不明的情况"),
    )
    address: str = entry(
        _("公告的载体"), maximum=BY_AN_ADDRESS, hint=_("例如：本机关公告栏、门户网站网址")
    )
    sent_on: date = entry(_("发出公告之日"))


@dataclass(frozen=True)
class Signed:
    """Who signed for it, and when."""

    on: date = entry(_("签收日期"))
    receiver: str = entry(
        _("签收人"), maximum=100, hint=_("代收的，写明与受送达人的关系，例如：本单位收发人员")
    )


@dataclass(frozen=True)
class Slip:
    """What the receipt slip of the post says."""

    on: date = entry(_("回执注明的收件日期"))
    receiver: str = entry(_("签收人"), maximum=100, default="")


@dataclass(frozen=True)
class Left:
    """How it is proved that it was left: by witnesses, or by photos or a video."""

    on: date = entry(_("留置日期"))
    witnesses: str = entry(
        _("见证人"),
        maximum=200,
        default="",
        hint=_("姓名和单位；没有见证人的，用拍照、录像记录送达过程"),
    )
    filmed: bool = entry(_("已经拍照、录像记录送达过程"), default=False)


@dataclass(frozen=True)
class CameBack:
    """Why it did not reach its addressee."""

    on: date = entry(_("日期"))
    reasons: str = entry(_("原因"), shape=Shape.TEXT, hint=_("拒绝签收的，写明拒收的理由"))
    witnesses: str = entry(_("见证人"), maximum=200, default="")
