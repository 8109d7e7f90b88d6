"""How notices are served (送达): the channels, what each asks for, and what may become of it.

参照民事诉讼法第八十七条至第九十五条, to which administrative law refers (行政处罚法 61). Served is who
signed, who refused before witnesses, whose system got it with consent, whose receipt slip says so,
and, as the last resort, whoever was called in public for as long as the rule says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from workflows.grammar import Guard, Nothing, Source, _, guard
from workflows.inputs.service import (
    UNKNOWN,
    Announcing,
    CameBack,
    Handing,
    Left,
    Posting,
    Signed,
    Slip,
)
from workflows.sources import CIVIL_PROCEDURE

RECEIPT: Final = Source("参照《民事诉讼法》第八十七条至第八十九条")
ANNOUNCED: Final = "service.announcement"
"""The rule that says how long a public notice must stand before it serves."""


class ServiceState(StrEnum):
    """How far an attempt to serve a notice is."""

    CREATED = "created"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REFUSED = "refused"
    RETURNED = "returned"
    FAILED = "failed"


PROVEN: Final = frozenset({ServiceState.DELIVERED, ServiceState.READ})
CAME_BACK: Final = frozenset({ServiceState.REFUSED, ServiceState.RETURNED, ServiceState.FAILED})
UNDER_WAY: Final = frozenset({ServiceState.CREATED, ServiceState.SENT})

TITLES: Final = {
    ServiceState.CREATED: _("准备送达"),
    ServiceState.SENT: _("已发出"),
    ServiceState.DELIVERED: _("已送达"),
    ServiceState.READ: _("已送达并阅读"),
    ServiceState.REFUSED: _("拒绝签收"),
    ServiceState.RETURNED: _("被退回"),
    ServiceState.FAILED: _("没有送达"),
}


@dataclass(frozen=True)
class Occasion:
    """What is known when somebody sets out to serve a notice.

    `served`: it is proved served already. `valid`: it is in force. `public`: it is addressed to
    everybody. `under_way`: an attempt has not ended. `consented`: the addressee agreed to be
    served in this system. `refused`, `came_back`: an attempt ended so. `ground`: why it is announced.
    """

    served: bool = False
    valid: bool = True
    public: bool = False
    under_way: bool = False
    consented: bool = False
    refused: bool = False
    came_back: bool = False
    ground: str = ""


@dataclass(frozen=True)
class Channel:
    """A way of serving. `takes`: what is entered to set out, after which it stands at `first`.

    `becomes`: what may become of it, by its state, each with what is entered. `announces`: its proof
    is there when it begins, and the clock ends it.
    """

    name: str
    title: str
    does: str
    source: Source
    first: ServiceState
    takes: type
    becomes: Mapping[ServiceState, Mapping[ServiceState, type]]
    guards: tuple[Guard, ...]
    announces: bool = False


@guard(
    _("这份文书已经送达，以第一次送达之日为准，不能再次送达，期限也不重新计算。"),
    basis=CIVIL_PROCEDURE,
)
def not_served_yet(occasion: Any) -> bool:
    """The first proven day counts; sending again starts no period anew."""
    return not occasion.served


@guard(_("这份文书已经失效（作废、更正、撤回或者撤销），不能送达。"), basis=CIVIL_PROCEDURE)
def it_is_in_force(occasion: Any) -> bool:
    """What is not in force any more is served on nobody."""
    return bool(occasion.valid)


@guard(_("这份文书向社会公布，没有需要送达的受送达人。"), basis=CIVIL_PROCEDURE)
def somebody_is_addressed(occasion: Any) -> bool:
    """What is published has no addressee."""
    return not occasion.public


@guard(_("上一次送达还没有结果，请先登记上一次送达的结果。"), basis=RECEIPT)
def nothing_is_under_way(occasion: Any) -> bool:
    """One attempt after the other, so that each has its end on file."""
    return not occasion.under_way


@guard(
    _("受送达人没有同意以电子方式送达，请改用其他方式，或者先登记其同意。"), basis=CIVIL_PROCEDURE
)
def the_addressee_consented(occasion: Any) -> bool:
    """Electronic service only with consent."""
    return bool(occasion.consented)


@guard(_("留置送达以受送达人拒绝签收为前提，请先登记一次被拒绝签收的送达。"), basis=RECEIPT)
def it_was_refused(occasion: Any) -> bool:
    """A notice is left where its addressee refused to sign for it."""
    return bool(occasion.refused)


@guard(
    _("公告送达是最后的方式：除受送达人下落不明外，须先以其他方式送达而没有成功。"),
    basis=CIVIL_PROCEDURE,
)
def nothing_else_worked(occasion: Any) -> bool:
    """Nobody is called in public who could be reached."""
    return bool(occasion.ground == UNKNOWN or occasion.came_back)


ALWAYS: Final = (not_served_yet, it_is_in_force, somebody_is_addressed, nothing_is_under_way)
BACK: Final = dict.fromkeys(
    (ServiceState.REFUSED, ServiceState.RETURNED, ServiceState.FAILED), CameBack
)

PORTAL: Final = Channel(
    "portal",
    _("电子送达"),
    _("送达到受送达人在本系统的账户，到达即为送达"),
    CIVIL_PROCEDURE,
    ServiceState.DELIVERED,
    Nothing,
    {},
    (*ALWAYS, the_addressee_consented),
)
COUNTER: Final = Channel(
    "counter",
    _("直接送达"),
    _("当面交给受送达人，由其在送达回证上签收"),
    RECEIPT,
    ServiceState.CREATED,
    Handing,
    {
        ServiceState.CREATED: {
            ServiceState.DELIVERED: Signed,
            ServiceState.REFUSED: CameBack,
            ServiceState.FAILED: CameBack,
        }
    },
    ALWAYS,
)
POST: Final = Channel(
    "post",
    _("邮寄送达"),
    _("挂号或者专递寄出，以回执上注明的收件日期为送达日期"),
    CIVIL_PROCEDURE,
    ServiceState.SENT,
    Posting,
    {ServiceState.SENT: {ServiceState.DELIVERED: Slip, **BACK}},
    ALWAYS,
)
LEAVING: Final = Channel(
    "leaving",
    _("留置送达"),
    _("拒绝签收的，留在其住所，由见证人证明，或者拍照、录像"),
    RECEIPT,
    ServiceState.CREATED,
    Handing,
    {ServiceState.CREATED: {ServiceState.DELIVERED: Left, ServiceState.FAILED: CameBack}},
    (*ALWAYS, it_was_refused),
)
ANNOUNCEMENT: Final = Channel(
    "announcement",
    _("公告送达"),
    _("其他方式都不能送达的，公告满规定期间即视为送达，并记明原因和经过"),
    CIVIL_PROCEDURE,
    ServiceState.SENT,
    Announcing,
    {ServiceState.SENT: {ServiceState.FAILED: CameBack}},
    (*ALWAYS, nothing_else_worked),
    announces=True,
)
CHANNELS: Final = {one.name: one for one in (PORTAL, COUNTER, POST, LEAVING, ANNOUNCEMENT)}


def unmet(channel: Channel, occasion: Occasion) -> list[Guard]:
    """The conditions of a channel that do not hold, all of them."""
    return [one for one in channel.guards if not one.check(occasion)]
