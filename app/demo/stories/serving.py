"""How notices reach people: over the counter, by post, left at the door, announced, or here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from app.cases.service.commands import agree, conclude, note_reading, set_out
from app.db import db, transaction
from app.demo.papers import paper
from app.demo.town import Town
from app.notices.models import Notice
from app.people.models import Unit
from workflows.grammar import Nothing, Role
from workflows.inputs.service import (
    Announcing,
    CameBack,
    Handing,
    Left,
    Posting,
    Signed,
    Slip,
)
from workflows.service import ServiceState

COUNTER: Final = "惠州市信用中心服务窗口"
ADDRESS: Final = "惠州市惠城区江北街道云山西路（登记的住所）"
WITNESS: Final = "江北街道云山社区居民委员会 宋清和"
MOVED: Final = "邮件以“迁移新址不明”退回。"
NOBODY: Final = "按登记的住所和电话均联系不上，邻近单位称已经搬离。"
CLOSED: Final = "上门时大门关闭，无人应答，改日再送。"
REFUSED: Final = "收发人员称须由负责人决定是否签收，负责人拒绝签收。"


def received(town: Town, number: str, name: str) -> None:
    """The last notice of a name in a case is handed over and signed for, by whoever issued it."""
    chosen = sa.select(Notice).where(Notice.case_number == number, Notice.name == name)
    notice = db.session.scalars(chosen.order_by(Notice.id.desc())).first()
    if notice is None or notice.served_on is not None:
        return
    role = Role.OFFICE_CLERK if _is_office(notice.issuer_id) else Role.PROVIDER_HANDLER
    who = town.staff[role, notice.issuer_id]
    key = _set_out(town, notice.id, "counter", Handing("服务窗口"), who)
    _conclude(town, key, ServiceState.DELIVERED, Signed(town.day, "本人"), who)


def rounds(town: Town) -> Iterator[int]:
    """What the clerk serves within a week: each way once, and what came of it."""
    waiting = _unserved(town, 9)
    keys = [_set_out(town, notice, *_first(town, place)) for place, notice in enumerate(waiting)]
    _consent_of_the_subject(town)
    yield 3
    for place, key in enumerate(keys):
        _first_end(town, place, key)
    yield 1
    for place, notice in enumerate(waiting):
        _second(town, place, notice)


def _first(town: Town, place: int) -> tuple[str, Any]:
    """By post where it is far, else over the counter."""
    if place in {1, 2, 5, 7}:
        return "post", Posting(ADDRESS, town.day, f"EX{202600100 + place}CN")
    return "counter", Handing(COUNTER if place in {0, 8} else ADDRESS)


def _first_end(town: Town, place: int, key: int) -> None:
    """The last two are still under way."""
    ends: dict[int, tuple[ServiceState, Any]] = {
        0: (ServiceState.DELIVERED, Signed(town.day, "本单位收发人员 姚知夏")),
        1: (ServiceState.DELIVERED, Slip(town.day, "本单位收发室")),
        2: (ServiceState.RETURNED, CameBack(town.day, MOVED)),
        3: (ServiceState.REFUSED, CameBack(town.day, REFUSED)),
        4: (ServiceState.REFUSED, CameBack(town.day, REFUSED)),
        5: (ServiceState.RETURNED, CameBack(town.day, MOVED)),
        6: (ServiceState.FAILED, CameBack(town.day, CLOSED)),
    }
    if place in ends:
        _conclude(town, key, *ends[place])


def _second(town: Town, place: int, notice: int) -> None:
    """What was refused is left, who cannot be found is called in public; two wait for the clerk."""
    if place == 3:
        key = _set_out(town, notice, "leaving", Handing(ADDRESS))
        _conclude(town, key, ServiceState.DELIVERED, Left(town.day, WITNESS, filmed=True))
    if place == 5:
        said = Announcing("impossible", f"{MOVED}{NOBODY}", "本中心公告栏和门户网站", town.day)
        _set_out(town, notice, "announcement", said)


def _consent_of_the_subject(town: Town) -> None:
    """It agrees to be served here; of what reaches it, it has read one."""
    company = town.subject[0].subject_id
    with town.acting():
        agree(town.actor("subject"), company, "信用主体在本系统在线确认")
    chosen = sa.select(Notice.id).where(
        Notice.addressee_subject_id == company,
        Notice.issuer_id == town.actor("clerk").unit_id,
        Notice.served_on.is_(None),
        Notice.status == "valid",
    )
    keys = db.session.scalars(chosen.order_by(Notice.id).limit(2)).all()
    for place, key in enumerate(keys):
        _set_out(town, key, "portal", Nothing())
        if place == 0:
            with town.acting(), transaction():
                note_reading(town.actor("subject"), db.session.get_one(Notice, key))


def _unserved(town: Town, most: int) -> Sequence[int]:
    """The newest notices of the office to companies without an account."""
    known = {town.subject[0].subject_id, town.person.subject_id, town.neighbour.subject_id}
    chosen = sa.select(Notice.id).where(
        Notice.issuer_id == town.actor("clerk").unit_id,
        Notice.addressee_subject_id.not_in(known),
        Notice.served_on.is_(None),
        Notice.status == "valid",
    )
    return db.session.scalars(chosen.order_by(Notice.id.desc()).limit(most)).all()


def _set_out(town: Town, notice: int, channel: str, given: Any, who: str = "clerk") -> int:
    proof = _proof("公告", ADDRESS) if channel == "announcement" else None
    with town.acting():
        return set_out(town.actor(who), notice, channel, given, proof)


def _conclude(town: Town, key: int, state: ServiceState, given: Any, who: str = "clerk") -> None:
    proof = _proof("送达回证", "送达日期和签收人见本页。") if state == "delivered" else None
    with town.acting():
        conclude(town.actor(who), key, state, given, proof)


def _proof(title: str, *lines: str) -> tuple[str, bytes]:
    return paper(f"{title}.pdf", title, *lines)


def _is_office(unit: int) -> bool:
    return db.session.get_one(Unit, unit).is_office
