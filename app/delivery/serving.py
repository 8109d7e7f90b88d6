"""Serving notices: who agreed to be served here, each attempt, and what became of it.

Rows only: that a case learns of it, and that the periods run, is the business of whoever calls.
Everything happens inside a transaction in which the case of the notice is locked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app import clock
from app.db import db
from app.deadlines.queries import calendar
from app.delivery.models import Consent, ServiceAttempt
from app.errors import Conflict, Invalid, NotFound, Reason, StepRefused
from app.notices.models import Notice
from app.records.queries import rules_today
from workflows.service import (
    ANNOUNCED,
    CAME_BACK,
    CHANNELS,
    PROVEN,
    UNDER_WAY,
    Channel,
    Occasion,
    ServiceState,
    unmet,
)

NO_PROOF: Final = (
    "请上传证明文件（签收的送达回证、邮件回执、照片或者公告的影印件），没有证明不能登记。"
)
OTHERWISE: Final = "公告期满前，文书已经以其他方式送达，或者已经失效。"
NEITHER: Final = "写明见证人，或者勾选已经拍照、录像。"
_OF_NOTICES: Final = (
    sa.select(ServiceAttempt)
    .where(ServiceAttempt.notice_id.in_(sa.bindparam("notices", expanding=True)))
    .order_by(ServiceAttempt.id)
)


@dataclass(frozen=True)
class Proof:
    """A file that is kept, and proves what became of an attempt."""

    name: str
    media_type: str
    sha256: str


def attempts_of(notice_ids: Collection[int]) -> dict[int, list[ServiceAttempt]]:
    """The attempts to serve each of these notices, oldest first, in one query."""
    found: dict[int, list[ServiceAttempt]] = {one: [] for one in notice_ids}
    for row in db.session.scalars(_OF_NOTICES, {"notices": list(found)}) if found else ():
        found[row.notice_id].append(row)
    return found


def attempt(key: int) -> ServiceAttempt:
    """An attempt by its key; raises NotFound."""
    found = db.session.get(ServiceAttempt, key)
    if found is None:
        message = "没有这次送达。"
        raise NotFound(message)
    return found


def consent_of(*, subject_id: int | None = None, person_id: int | None = None) -> Consent | None:
    """The consent of a subject or a person that stands."""
    mine = (
        Consent.subject_id == subject_id
        if subject_id is not None
        else Consent.person_id == person_id
    )
    return db.session.scalars(
        sa.select(Consent).where(mine, Consent.withdrawn_on.is_(None))
    ).one_or_none()


def consent_to(notice: Notice) -> Consent | None:
    """The consent of whoever a notice is addressed to; authorities and the public give none."""
    if notice.addressee_subject_id is not None:
        return consent_of(subject_id=notice.addressee_subject_id)
    if notice.addressee_person_id is not None:
        return consent_of(person_id=notice.addressee_person_id)
    return None


def agree(
    by: int, document: str, *, subject_id: int | None = None, person_id: int | None = None
) -> Consent:
    """A subject or a person agrees to be served in this system from today on; once.

    `by`: the person who records it. Raises Invalid without a document that says so.
    """
    document = document.strip()
    if not document or len(document) > 200:
        raise Invalid(
            {"document": "请写明以什么方式表示同意，不超过200个字，例如：电子送达确认书。"}
        )
    if consent_of(subject_id=subject_id, person_id=person_id) is not None:
        message = "已经登记过同意电子送达，不必重复登记。"
        raise Conflict(message)
    row = Consent(
        subject_id=subject_id,
        person_id=person_id,
        given_on=clock.today(),
        document=document,
        recorded_by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def withdraw(consent: Consent, by: int) -> None:
    """The consent ends today; what was served under it stays served. A second time: nothing."""
    if consent.withdrawn_on is None:
        consent.withdrawn_on, consent.withdrawn_by_id = clock.today(), by


def occasion_of(
    notice: Notice,
    attempts: Sequence[ServiceAttempt],
    consent: Consent | None,
    ground: str = "",
) -> Occasion:
    """What the law wants to know before a notice is served."""
    states = {ServiceState(one.state) for one in attempts}
    return Occasion(
        served=notice.served_on is not None,
        valid=notice.status == "valid",
        public=notice.addressee_kind == "public",
        under_way=bool(states & UNDER_WAY),
        consented=consent is not None,
        refused=ServiceState.REFUSED in states,
        came_back=bool(states & CAME_BACK),
        ground=ground,
    )


def reasons_of(channel: Channel, occasion: Occasion) -> list[Reason]:
    """Why a channel cannot be taken now; empty where it can."""
    return [
        Reason(one.code, str(one.refusal), one.basis.citation) for one in unmet(channel, occasion)
    ]


def set_out(
    notice: Notice, channel: Channel, by: int, given: Any, proof: Proof | None = None
) -> ServiceAttempt:
    """Begin to serve a notice, `given` being what the channel takes.

    Through this system it is served at once. Raises StepRefused with all that stands in the way,
    Invalid for days that cannot be, and where a public notice has no proof.
    """
    known = attempts_of([notice.id])[notice.id]
    consent = consent_to(notice)
    said = asdict(given)
    if found := reasons_of(channel, occasion_of(notice, known, consent, said.get("ground", ""))):
        raise StepRefused(found)
    _check_days(notice, said, "sent_on", notice.issued_on)
    if channel.announces and proof is None:
        raise Invalid({"proof": NO_PROOF})
    row = ServiceAttempt(
        notice_id=notice.id,
        unit_id=notice.issuer_id,
        channel=channel.name,
        state=channel.first.value,
        by_id=by,
        created_at=clock.now(),
        **said,
        **_kept(proof),
    )
    if channel.announces:
        length = rules_today().length(ANNOUNCED)
        row.deemed_on = calendar().add(said["sent_on"], length).due_on
    if channel.first in PROVEN:
        row.served_on = clock.today()
        row.consent_id = consent.id if consent else None
    db.session.add(row)
    _settle(known)
    db.session.flush()
    return row


def conclude(
    row: ServiceAttempt,
    notice: Notice,
    state: ServiceState,
    given: Any,
    proof: Proof | None = None,
) -> date | None:
    """Record what became of an attempt; gives the day that proves the notice served, if it does.

    Raises Conflict where that cannot become of it any more, Invalid for a day that cannot be, or
    where the proof is missing.
    """
    _may_become(row, notice, state)
    said = asdict(given)
    day = said.pop("on")
    _check_days(notice, {"on": day}, "on", row.sent_on or notice.issued_on)
    if state in PROVEN:
        _check_proof(row, said, proof)
        row.served_on = day
    else:
        row.came_back_on = day
        row.settled_at = clock.now() if notice.served_on else None
    row.state = state.value
    for name, value in said.items():
        setattr(row, name, _noted(row, name, value))
    for name, value in _kept(proof).items():
        setattr(row, name, value)
    db.session.flush()
    return row.served_on


def deem(row: ServiceAttempt, notice: Notice) -> date | None:
    """A public notice has stood long enough: it is served; nothing before that. Gives the day.

    One that serves nothing any more, for the notice was served otherwise, has failed.
    """
    over = row.deemed_on is not None and row.deemed_on < clock.today()
    if row.state != ServiceState.SENT or not over:
        return None
    if notice.served_on is not None or notice.status != "valid":
        row.state, row.came_back_on = ServiceState.FAILED.value, clock.today()
        row.reasons = f"{row.reasons}\n{OTHERWISE}"
        row.settled_at = clock.now()
    else:
        row.state, row.served_on = ServiceState.DELIVERED.value, row.deemed_on
    db.session.flush()
    return row.served_on


def confirm(notice: Notice, by: int) -> ServiceAttempt:
    """The addressee itself says that it has the notice: served today, in this system."""
    known = attempts_of([notice.id])[notice.id]
    now = clock.now()
    row = ServiceAttempt(
        notice_id=notice.id,
        unit_id=notice.issuer_id,
        channel="portal",
        state=ServiceState.READ.value,
        by_id=by,
        created_at=now,
        served_on=clock.today(),
        read_at=now,
    )
    db.session.add(row)
    _settle(known)
    db.session.flush()
    return row


def note_reading(notice: Notice) -> None:
    """The addressee opened what reached it in this system before; a second time: nothing."""
    if notice.served_on is None:
        return
    reached = sa.update(ServiceAttempt).where(
        ServiceAttempt.notice_id == notice.id,
        ServiceAttempt.channel == "portal",
        ServiceAttempt.state == ServiceState.DELIVERED.value,
    )
    db.session.execute(reached.values(state=ServiceState.READ.value, read_at=clock.now()))


def came_back(unit_id: int, limit: int) -> Sequence[tuple[ServiceAttempt, Notice]]:
    """What came back to a unit and still has to be served otherwise, the oldest first."""
    chosen = (
        sa.select(ServiceAttempt, Notice)
        .join(Notice, Notice.id == ServiceAttempt.notice_id)
        .where(
            ServiceAttempt.unit_id == unit_id,
            ServiceAttempt.came_back_on.is_not(None),
            ServiceAttempt.settled_at.is_(None),
        )
    )
    rows = db.session.execute(chosen.order_by(ServiceAttempt.id).limit(limit))
    return [(row.ServiceAttempt, row.Notice) for row in rows]


def settle(notice: Notice) -> None:
    """Nobody has to serve a notice any more that is not in force; what was under way has failed."""
    _settle(attempts_of([notice.id])[notice.id])


def channel_named(name: str) -> Channel:
    """A channel by its name; raises NotFound."""
    if name not in CHANNELS:
        message = "没有这种送达方式。"
        raise NotFound(message)
    return CHANNELS[name]


def _settle(known: Sequence[ServiceAttempt]) -> None:
    """What came back before is dealt with."""
    for one in known:
        if one.came_back_on is not None and one.settled_at is None:
            one.settled_at = clock.now()


def _may_become(row: ServiceAttempt, notice: Notice, state: ServiceState) -> None:
    if state in PROVEN and notice.served_on is not None:
        day = notice.served_on
        message = (
            f"这份文书已于{day.year}年{day.month}月{day.day}日送达，以第一次送达之日为准，"
            "不能再登记一次送达；这次寄送没有送到的，登记为退回或者没有送达。"
        )
        raise Conflict(message)
    if state in PROVEN and notice.status != "valid":
        message = "这份文书已经失效，不能再登记送达。"
        raise Conflict(message)
    if state not in CHANNELS[row.channel].becomes.get(ServiceState(row.state), {}):
        message = "这次送达的结果已经登记，不能更改；请刷新后查看。"
        raise Conflict(message)


def _check_days(notice: Notice, said: Mapping[str, Any], field: str, earliest: date) -> None:
    """No day before the notice or its sending, none that is yet to come."""
    day = said.get(field)
    if day is None:
        return
    if day > clock.today():
        raise Invalid({field: "日期不能晚于今天。"})
    if day < earliest:
        what = "出具" if earliest == notice.issued_on else "发出"
        raise Invalid({field: f"日期不能早于文书{what}的{earliest.isoformat()}。"})


def _check_proof(row: ServiceAttempt, said: Mapping[str, Any], proof: Proof | None) -> None:
    faults = {}
    if proof is None:
        faults["proof"] = NO_PROOF
    if row.channel == "leaving" and not (said["witnesses"] or said["filmed"]):
        faults["witnesses"] = NEITHER
    if faults:
        raise Invalid(faults)


def _noted(row: ServiceAttempt, name: str, value: Any) -> Any:
    """What is said of the end; the reasons for a public notice stay on file beside it."""
    if name == "reasons" and row.reasons:
        return f"{row.reasons}\n{value}"
    return None if value == "" else value


def _kept(proof: Proof | None) -> dict[str, str]:
    if proof is None:
        return {}
    return {
        "proof_name": proof.name,
        "proof_type": proof.media_type,
        "proof_sha256": proof.sha256,
    }
