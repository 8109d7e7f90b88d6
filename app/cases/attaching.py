"""Adding a file to a case, and opening one."""

from __future__ import annotations

from typing import Final, TypeAlias

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app.audit.commands import Action, record as note
from app.cases import files
from app.cases.facts import CaseFacts
from app.cases.models import Attachment, Case
from app.cases.queries import attachment_for, case_for
from app.cases.roles import may_take
from app.clock import today
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed
from app.people.actor import Actor
from workflows import definition_of

MOST: Final = 20
LONGEST_TITLE: Final = 200
LONGEST_PROVES: Final = 60

Upload: TypeAlias = FileStorage | tuple[str, bytes]


def attach(actor: Actor, number: str, upload: Upload, title: str, proves: str = "") -> int:
    """Add a file to a case and give its key; outside of any transaction.

    For whoever may take a step in the present state. Raises NotFound for a case that is not
    there for this actor, NotAllowed for whoever only looks on, files.TooLarge, files.UnknownKind,
    Invalid for a title that is none, Conflict where the case has `MOST` files already.
    """
    title, proves = _said(title, proves)
    _case_open_to(actor, number)
    file = files.looked_through(*_filled(*_name_and_bytes(upload)))
    files.store(file)
    with transaction():
        case = _case_open_to(actor, number)
        _refuse_too_many(case)
        row = Attachment(
            case_id=case.id,
            title=title,
            proves=proves,
            filename=file.name,
            media_type=file.media_type,
            size=len(file.data),
            sha256=file.sha256,
            by_id=actor.person_id,
            after_seq=case.version,
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def remove(actor: Actor, key: int) -> str:
    """Take a file out of a draft, and give the number of its case; it is recorded.

    Raises NotFound for a file that the actor may not see, NotAllowed for whoever may not amend the
    draft, Conflict once it was handed in. What is stored stays: another case may have the same.
    """
    with transaction():
        row = attachment_for(actor, key)
        case = db.session.get_one(Case, row.case_id)
        db.session.refresh(case, with_for_update={"key_share": True})
        if case.state != "draft":
            message = "案件已经提交，已经上传的材料不能删除。"
            raise Conflict(message)
        if not may_take(definition_of(case).step("amend"), CaseFacts(case, today()), actor):
            message = "只有可以修改这份草稿的人才能删除附件。"
            raise NotAllowed(message)
        said = {"case": case.number, "sha256": row.sha256}
        note(Action.ATTACHMENT_REMOVED, actor, f"attachment:{key}", **said)
        db.session.delete(row)
        return case.number


def open_file(attachment: Attachment) -> bytes:
    """The content of a file, as it was handed in; raises files.Lost where it is not."""
    return files.read(attachment.sha256)


def may_attach(case: Case, actor: Actor) -> bool:
    """Whether the actor is one of those who take a step in the present state of the case."""
    facts = CaseFacts(case, today())
    steps = definition_of(case).steps
    sources = ((step, {state.name for state in step.sources}) for step in steps)
    return any(case.state in names and may_take(step, facts, actor) for step, names in sources)


def _case_open_to(actor: Actor, number: str) -> Case:
    case = case_for(actor, number)
    if actor.person_id is None or not may_attach(case, actor):
        message = "只有当前可以办理本案的人才能添加附件。"
        raise NotAllowed(message)
    return case


def _refuse_too_many(case: Case) -> None:
    """The case is locked, so that two that come at once are counted one after the other."""
    db.session.refresh(case, with_for_update={"key_share": True})
    chosen = sa.select(sa.func.count()).where(Attachment.case_id == case.id)
    if (db.session.scalar(chosen) or 0) >= MOST:
        message = f"每个案件最多添加{MOST}个附件。"
        raise Conflict(message)


def _said(title: str, proves: str) -> tuple[str, str]:
    title, proves = title.strip(), proves.strip()
    faults = {}
    if not title:
        faults["title"] = "请填写“附件名称”。"
    for name, text, longest in (
        ("title", title, LONGEST_TITLE),
        ("proves", proves, LONGEST_PROVES),
    ):
        if len(text) > longest or any(ord(sign) < 32 for sign in text):
            faults[name] = f"不能超过{longest}个字，也不能换行。"
    if faults:
        raise Invalid(faults)
    return title, proves


def _filled(name: str, data: bytes) -> tuple[str, bytes]:
    if not data:
        raise Invalid({"file": "文件是空的，请核对后重新选择。"})
    return name, data


def _name_and_bytes(upload: Upload) -> tuple[str, bytes]:
    """Not a byte more is read than tells that it is too many."""
    if isinstance(upload, tuple):
        return upload
    return upload.filename or "", upload.stream.read(files.LARGEST + 1)
